"""Look for marks of one key in a suspect, and say whose they are.

Blind detection needs the key alone. Informed detection needs the work that the suspect shows and
how it lies on it, which the matcher tells; it reads far weaker marks and costs less, so it goes
first, and the blind search is spared where it has the answer.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from ocguard.imaging.pixel_grid import scaling
from ocguard.imaging.rendition import fitted_size
from ocguard.keys import SecretKey
from ocguard.matching.verdict import Comparison
from ocguard.portfolio import Mark, Store
from ocguard.watermark.invisible import Codebook, Detection, detect_informed, detect_with
from ocguard.workflows.describing import REFERENCE_PX, StoredWorks, known_mark

__all__ = ["FoundMark", "find_marks", "owner_of", "rounded_p"]


@dataclass(frozen=True)
class FoundMark:
    """A mark that is in a suspect beyond doubt.

    Parameters
    ----------
    mark_id : str
        16 hexadecimal digits.
    work_id, recipient : str or None
        Whom it was issued for; None when the portfolio does not know the mark.
    p_value : float
        Bound on the probability that a picture without this mark gives this answer.
    mode : {"blind", "informed"}
        Whether the original helped to find it.
    """

    mark_id: str
    work_id: str | None
    recipient: str | None
    p_value: float
    mode: Literal["blind", "informed"]


def find_marks(
    rgb: NDArray[np.uint8],
    key: SecretKey,
    store: Store,
    codebook: Callable[[], Codebook],
    compared: Sequence[Comparison],
) -> tuple[FoundMark, ...]:
    """Look for marks, with the help of the works that a suspect resembles.

    Parameters
    ----------
    rgb : (h, w, 3) uint8 array
        The small view of the suspect that was compared, on white.
    key : SecretKey
        Whose marks.
    store : Store
        Knows the issued marks and their reference renditions.
    codebook : callable
        Gives that of all marks issued with the key, when it is needed.
    compared : sequence of Comparison
        Works that the suspect was compared with; those worth a try are used.

    Returns
    -------
    tuple of FoundMark
        Empty when there is none beyond doubt.
    """
    likely = [one for one in compared if one.is_worth_reading]
    tries = [(one, issues) for one in likely for issues in _issues(store, one.work_id, key)]
    works = StoredWorks(store)
    for one, issues in tries:
        found = detect_informed(
            rgb,
            works.rendition(issues[0].reference_sha256),
            _onto_reference(one.transform, store, issues[0]),
            key=key,
            known=[known_mark(mark) for mark in issues],
            candidates=len(tries),
        )
        if found.verdict == "found":
            return (_named(found, store, "informed"),)
    found = detect_with(rgb, codebook())
    return (_named(found, store, "blind"),) if found.verdict == "found" else ()


def owner_of(mark_id: str, store: Store) -> tuple[str | None, str | None]:
    """Give work and recipient of a mark id; None for one that the portfolio does not know."""
    issued = store.marks_with_id(mark_id)
    return (issued[-1].work_id, issued[-1].recipient) if issued else (None, None)


def rounded_p(p_value: float) -> float:
    """Round a bound upwards to two digits."""
    return float(f"{min(1.0, p_value * 1.05):.1e}")


def _issues(store: Store, work_id: str, key: SecretKey) -> list[list[Mark]]:
    """Group a work's marks by the picture that they were put into, the newest group first."""

    def place(mark: Mark) -> tuple[int, int, str]:
        return mark.width, mark.height, mark.reference_sha256

    ours = [mark for mark in store.marks(work_id) if mark.key_id == key.key_id]
    groups = [list(group) for _, group in groupby(sorted(ours, key=place), key=place)]
    return sorted(groups, key=lambda group: group[-1].created_utc, reverse=True)


def _onto_reference(
    transform: NDArray[np.float64], store: Store, mark: Mark
) -> NDArray[np.float64]:
    """Chain the way to a work's rendition with that to its mark's, whose art may lie in a frame.

    A frame lies below the art, so both have one top left corner and differ in scale alone.
    """
    (work,) = store.works(mark.work_id)
    work_px = fitted_size((work.width, work.height), REFERENCE_PX)[0] / work.width
    mark_px = fitted_size((mark.width, mark.height), REFERENCE_PX)[0] / mark.width
    scale = mark_px / work_px
    return np.asarray(scaling(scale, scale) @ transform, np.float64)


def _named(found: Detection, store: Store, mode: Literal["blind", "informed"]) -> FoundMark:
    mark_id = f"{found.mark_id:016x}"
    work_id, recipient = owner_of(mark_id, store)
    return FoundMark(mark_id, work_id, recipient, rounded_p(found.p_value), mode)
