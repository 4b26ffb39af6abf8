"""Tell whether a mark lies on the work that it was made for, or was copied onto another picture.

Whoever has one marked picture can take the mark off it, with a denoiser for example, and lay it on
any other picture. The mark itself then tells how that picture would lie on the work. So the picture
is laid there and compared with the work, edge by edge; and where it does not agree, it is searched
for the work as any suspect is, before it is said to show something else.
"""

from __future__ import annotations

from collections.abc import Iterator
from math import isnan
from typing import Final

import numpy as np
from numpy.typing import NDArray

from ocguard.imaging.pixel_grid import scaling
from ocguard.imaging.rendition import fitted_size
from ocguard.matching.evidence.agreement import Alignment, compare_aligned
from ocguard.matching.identification.identify import Suspect, compare_all, is_worth_reading
from ocguard.portfolio import Mark, Reader
from ocguard.watermark.invisible import is_long
from ocguard.workflows.home.works import REFERENCE_PX, StoredWorks, known_mark

__all__ = ["shows_its_work"]

LEAST_AGREEMENT: Final = 0.25
"""Share of the compared structure that must agree under the mark's own map. Of copies of 14 works
after 23 distortions, half erased ones included, the least had 0.52; of pictures that a mark was
copied onto, the most 0.07."""
NEAR: Final = 0.3
"""Most that the middle of a panel may lie off that of a view of the work, in lengths of the view,
to be laid on it."""


def shows_its_work(
    view: NDArray[np.uint8], mark_id: str, transform: NDArray[np.float64] | None, store: Reader
) -> bool | None:
    """Tell whether a picture shows the work whose mark was read in it.

    Parameters
    ----------
    view : (h, w, 3) uint8 array
        The picture, or the part of it that carries the mark.
    mark_id : str
        16 hexadecimal digits.
    transform : (2, 3) float array or None
        Pixels of the view to pixels of the marked picture, from `detect_with`.
    store : Reader
        Knows the mark, and the work that it was issued for.

    Returns
    -------
    bool or None
        None where nothing can be compared: the portfolio does not know the mark, or what the
        picture shows of the work is plain.

    Notes
    -----
    About 0.05 s where the picture shows the work, 0.3 s more where it does not.
    """
    issued = store.marks_with_id(mark_id)
    if transform is None or not issued:
        return None
    works = StoredWorks(store)
    compared = 0
    for mark in issued:
        for laid in _laid(view, transform, mark, works):
            share = laid.agreement.agreeing_structure_share
            if share >= LEAST_AGREEMENT:
                return True
            compared += not isnan(share)
    if _is_found(view, [mark.work_id for mark in issued], works):
        return True
    return False if compared else None


def _laid(
    view: NDArray[np.uint8], transform: NDArray[np.float64], mark: Mark, works: StoredWorks
) -> Iterator[Alignment]:
    """Lay a picture where a mark lies, on the work, its further frames, and views of a long one.

    The carrier repeats along a long picture, so a panel could lie in several places of it.
    """
    onto_marked = np.vstack([transform, (0, 0, 1)])
    size = (mark.width, mark.height)
    scale = fitted_size(size, REFERENCE_PX)[0] / mark.width
    reference = works.rendition(mark.reference_sha256)
    yield compare_aligned(view, reference, scaling(scale, scale) @ onto_marked)
    for view_id, part in works.frames(mark.work_id):
        scale = fitted_size(part.size, REFERENCE_PX)[0] / mark.width
        yield compare_aligned(view, works.reference(view_id), scaling(scale, scale) @ onto_marked)
    if not is_long(size):
        return
    height, width = view.shape[:2]
    middle = (onto_marked @ (width / 2, height / 2, 1))[:2]
    period_px = known_mark(mark).period_px
    enlarge = mark.width / works.part(mark.work_id).box.width
    for view_id, part in works.regions(mark.work_id):
        corner = enlarge * np.array([part.box.left, part.box.top])
        center = corner + enlarge * np.array(part.size) / 2
        shift = period_px * np.round((center - middle) / period_px)
        if np.abs(middle + shift - center).max() <= NEAR * enlarge * max(part.size):
            move = np.eye(3)
            move[:2, 2] = shift - corner
            scale = fitted_size(part.size, REFERENCE_PX)[0] / part.box.width / enlarge
            onto_view = scaling(scale, scale) @ move @ onto_marked
            yield compare_aligned(view, works.reference(view_id), onto_view)


def _is_found(view: NDArray[np.uint8], work_ids: list[str], works: StoredWorks) -> bool:
    """Tell whether the matcher finds any of some works in a picture, wherever it lies."""
    distinct = list(dict.fromkeys(work_ids))
    compared = compare_all(Suspect.of(view), distinct, works, len(distinct))
    return any(is_worth_reading(one) for one in compared)
