"""Look for marks of one key in a suspect, and say whose they are.

Blind detection needs the key alone. Informed detection needs the work that the suspect shows and
how it lies on it, which the matcher tells; it reads far weaker marks and costs less, so it goes
first, and the blind search is spared where it has the answer.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice, product
from typing import Final, Literal

import cv2
import numpy as np
from numpy.typing import NDArray

from ocguard.imaging.pixel_grid import corners_of, scaling
from ocguard.imaging.rendition import fitted_size
from ocguard.keys import SecretKey
from ocguard.matching.identification.comparison import Comparison
from ocguard.matching.identification.identify import is_worth_reading
from ocguard.portfolio import Mark, Reader, Work
from ocguard.watermark.invisible import (
    Codebook,
    Detection,
    KnownMark,
    detect_imitating,
    detect_informed,
    detect_with,
)
from ocguard.workflows.check.belonging import shows_its_work
from ocguard.workflows.home.works import REFERENCE_PX, StoredWorks, is_carried, known_mark

__all__ = [
    "FoundMark",
    "MarksToTry",
    "ReadBeside",
    "find_marks",
    "marks_to_try",
    "owner_of",
    "read_beside",
    "rounded_p",
]

MOST_REFERENCES: Final = 4
"""References of one size of a work that are tried, each 0.3 CPU-seconds, one after the other."""

IMITATED: Final = 2
"""Of these, how many what was done to the suspect is imitated on where none shows a mark, up to
2.5 CPU-seconds each."""

MIN_SHARPNESS: Final = 0.25
"""Least scale of a view in its work's reference, against that in its own, that a mark is sought at:
the reference of a long work shows too little of it."""

BESIDE: Final = 0.001, 0.05
"""Least and greatest distance between where the matcher puts the suspect's corners and the work's
own, as a share of the work's long side, at which the whole is laid on the whole as well. A repaint
keeps too few details to be placed to the pixel, and is as a rule all of the work."""


@dataclass(frozen=True)
class FoundMark:
    """A mark that is in a suspect beyond doubt.

    Attributes
    ----------
    mark_id : str
        16 hexadecimal digits.
    work_id, recipient : str or None
        Whom it was issued for; None when the portfolio does not know the mark.
    p_value : float
        Bound on the probability that a picture without this mark gives this answer.
    mode : {"blind", "informed"}
        Whether the original helped to find it.
    copied : bool
        Whether the suspect does not show the work that it was issued for.
    """

    mark_id: str
    work_id: str | None
    recipient: str | None
    p_value: float
    mode: Literal["blind", "informed"]
    copied: bool = False


def find_marks(
    rgb: NDArray[np.uint8],
    key: SecretKey,
    store: Reader,
    codebook: Callable[[], Codebook] | None,
    compared: Sequence[Comparison],
) -> tuple[FoundMark, ...]:
    """Look for marks, with the help of the works that a suspect resembles.

    Parameters
    ----------
    rgb : (h, w, 3) uint8 array
        The small view of the suspect that was compared, on white.
    key : SecretKey
        Whose marks.
    store : Reader
        Knows the issued marks and their reference renditions.
    codebook : callable or None
        Gives that of all marks issued with the key, when it is needed; None to read with the help
        of works alone.
    compared : sequence of Comparison
        Works that the suspect was compared with; those worth a try are used.

    Returns
    -------
    tuple of FoundMark
        Empty when there is none beyond doubt; several where copies were mixed.
    """
    beside = read_beside(rgb, key, store, compared)
    if beside is not None and beside.is_finding:
        return tuple(_named(mark, store, "informed") for mark in beside.detections)
    if codebook is None:
        return ()
    likeliest = detect_with(rgb, codebook())
    if likeliest.verdict != "found":
        return ()
    named = _named(likeliest, store, "blind")
    shows = shows_its_work(rgb, named.mark_id, likeliest.transform, store)
    return (replace(named, copied=shows is False),)


@dataclass(frozen=True)
class ReadBeside:
    """What was read in a suspect beside one of the references of a work that it resembles.

    Attributes
    ----------
    detections : tuple of Detection
        The marks that were found, the likeliest first; else the one answer why there is none.
    to_marked : (3, 3) float array
        Pixels of the suspect to those of the picture that was marked.
    size_px : (int, int)
        Width and height of that picture.
    """

    detections: tuple[Detection, ...]
    to_marked: NDArray[np.float64]
    size_px: tuple[int, int]

    @property
    def is_finding(self) -> bool:
        """Whether there is a mark beyond doubt."""
        return self.detections[0].verdict == "found"


def read_beside(
    rgb: NDArray[np.uint8],
    key: SecretKey,
    store: Reader,
    compared: Sequence[Comparison],
    ways: int = 1,
) -> ReadBeside | None:
    """Read marks with the help of the works that a suspect resembles.

    Parameters
    ----------
    rgb, key, store, compared
        As for `find_marks`.
    ways : int
        Ways in which marks are sought in the suspect, this one among them: by how much more
        p-values are corrected.

    Returns
    -------
    ReadBeside or None
        The first reading that found marks, else the likeliest; None where there is no work, or no
        mark of the key in any, to try.

    Notes
    -----
    0.3 CPU-seconds a reference, 0.6 where nothing is found, and then 1 to 2.5 more for each of the
    first two.
    """
    likely = [one for one in compared if is_worth_reading(one)]
    size = (rgb.shape[1], rgb.shape[0])
    tries = [one for each in likely for one in marks_to_try(each, size, store, key)]
    tries.sort(key=lambda one: one.rank)
    works, read = StoredWorks(store), list[ReadBeside]()
    careful = product((detect_informed,), tries)
    for detect, one in (*careful, *product((detect_imitating,), tries[:IMITATED])):
        reference = works.rendition(one.marked.reference_sha256)
        detections = detect(
            rgb,
            reference,
            one.transform,
            key=key,
            known=one.known,
            candidates=ways * len(tries),
            elsewhere=one.elsewhere,
        )
        marked = (one.marked.width, one.marked.height)
        enlarge = scaling(marked[0] / reference.shape[1], marked[1] / reference.shape[0])
        read.append(ReadBeside(tuple(detections), enlarge @ one.transform, marked))
        if read[-1].is_finding:
            return read[-1]
    return min(read, key=lambda one: one.detections[0].p_value, default=None)


def owner_of(mark_id: str, store: Reader) -> tuple[str | None, str | None]:
    """Give work and recipient of a mark id; None for one that the portfolio does not know."""
    issued = store.marks_with_id(mark_id)
    return (issued[-1].work_id, issued[-1].recipient) if issued else (None, None)


def rounded_p(p_value: float) -> float:
    """Round a bound upwards to two digits."""
    return float(f"{min(1.0, p_value * 1.05):.1e}")


@dataclass(frozen=True)
class MarksToTry:
    """A reference rendition, whose marks are sought together with all others of its size.

    Attributes
    ----------
    rank : (int, int)
        How the suspect is laid (0: as it was matched), and which reference of its size it is.
    transform : (3, 3) float array
        Pixels of the suspect to those of the reference.
    marked : Mark
        The newest mark with this reference.
    known : list of KnownMark
        All marks of this size, the newest first.
    elsewhere : list of KnownMark
        Those of other sizes.
    """

    rank: tuple[int, int]
    transform: NDArray[np.float64]
    marked: Mark
    known: list[KnownMark]
    elsewhere: list[KnownMark]


def marks_to_try(
    comparison: Comparison, suspect_size: tuple[int, int], store: Reader, key: SecretKey
) -> Iterator[MarksToTry]:
    """List a work's references for each size that it was marked in, the newest ones first.

    Copies for several recipients differ in little but a visible mark, so one reference tells them
    all apart as a rule; a few others are tried where it does not.
    """
    works = StoredWorks(store)
    onto_whole = _onto_whole(comparison, works)
    if onto_whole is None:
        return
    work_size = works.fingerprint(comparison.view_id).size
    laid = [onto_whole @ placed for placed in _placements(comparison, suspect_size, work_size)]
    issued = store.marks(comparison.work_id)
    ours = [mark for mark in issued if mark.key_id == key.key_id and is_carried(mark)]
    if not ours:
        return
    (work,) = store.works(comparison.work_id)
    by_size: dict[tuple[int, int], list[Mark]] = {}
    for mark in sorted(ours, key=lambda mark: mark.created_utc, reverse=True):
        by_size.setdefault((mark.width, mark.height), []).append(mark)
    known_by_size = {size: [known_mark(mark) for mark in marks] for size, marks in by_size.items()}
    for size, marks in by_size.items():
        known = known_by_size[size]
        elsewhere = [
            mark for other, of_it in known_by_size.items() if other != size for mark in of_it
        ]
        newest: dict[str, Mark] = {}
        for mark in marks:
            newest.setdefault(mark.reference_sha256, mark)
        for rank, mark in enumerate(islice(newest.values(), MOST_REFERENCES)):
            for way, transform in enumerate(laid):
                onto = _onto_reference(transform, work, mark)
                yield MarksToTry((way, rank), onto, mark, known, elsewhere)


def _placements(
    one: Comparison, size: tuple[int, int], work_size: tuple[int, int]
) -> list[NDArray[np.float64]]:
    """Return how a suspect may lie on a work: as it was matched, and maybe whole on whole."""
    whole = one.found.onto_whole(size, work_size, is_mirrored=one.found.is_mirrored).transform
    corners = corners_of(size)[None]
    matched, exact = (cv2.perspectiveTransform(corners, to) for to in (one.transform, whole))
    apart = float(np.abs(matched - exact).max()) / max(work_size)
    least, greatest = BESIDE
    return [one.transform, whole] if least < apart <= greatest else [one.transform]


def _onto_whole(one: Comparison, works: StoredWorks) -> NDArray[np.float64] | None:
    """Lead from the rendition of a view to that of its whole work, whose marks are known.

    None for another frame than the first, and for a view of which the whole's rendition has too
    little left.
    """
    if one.view_id == one.work_id:
        return np.eye(3)
    part, whole = works.part(one.view_id), works.part(one.work_id)
    up, down = (one.size[0] / fitted_size(one.size, REFERENCE_PX)[0] for one in (part, whole))
    if part.frame or up / down < MIN_SHARPNESS:
        return None
    place = np.array([[1, 0, part.box.left], [0, 1, part.box.top], [0, 0, 1]], np.float64)
    return np.asarray(np.linalg.inv(scaling(down, down)) @ place @ scaling(up, up), np.float64)


def _onto_reference(transform: NDArray[np.float64], work: Work, mark: Mark) -> NDArray[np.float64]:
    """Chain the way to a work's rendition with that to its mark's, whose art may lie in a frame.

    A frame lies below the art, so both have one top left corner and differ in scale alone.
    """
    work_px = fitted_size((work.width, work.height), REFERENCE_PX)[0] / work.width
    mark_px = fitted_size((mark.width, mark.height), REFERENCE_PX)[0] / mark.width
    scale = mark_px / work_px
    return np.asarray(scaling(scale, scale) @ transform, np.float64)


def _named(found: Detection, store: Reader, mode: Literal["blind", "informed"]) -> FoundMark:
    mark_id = f"{found.mark_id:016x}"
    work_id, recipient = owner_of(mark_id, store)
    return FoundMark(mark_id, work_id, recipient, rounded_p(found.p_value), mode)
