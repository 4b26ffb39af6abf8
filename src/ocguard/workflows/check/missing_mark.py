"""Hint at a mark that seems to have been taken out of a near copy, or never was in it.

Asked only where a suspect is a near copy of a work that was marked, and no mark was read in it.
What an ordinary copy would show is computed (see `ocguard.watermark.missing`). This is a hint: a
copy of the picture as it was before it was marked shows no mark either, and the two cannot be told
apart unless a trace of the mark is left.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, cast

import numpy as np
from numpy.typing import NDArray

from ocguard.choices import Strength
from ocguard.keys import SecretKey
from ocguard.matching.identification.comparison import Comparison
from ocguard.portfolio import Reader
from ocguard.watermark.missing import ExpectedReading, expected_reading
from ocguard.wording import hint_text
from ocguard.workflows.check.mark_search import marks_to_try, rounded_p
from ocguard.workflows.home.works import StoredWorks

__all__ = ["MissingMark", "missing_mark"]

SURE_BELOW: Final = 1e-60
"""Expected p-value from which on it is strange that no mark is read. Where ordinary processing had
taken a mark, 1e-15 was the least that was expected."""
TRACE_BELOW: Final = 0.01
"""P-value below which there is a trace of the mark; in unmarked copies one in a hundred has it."""


@dataclass(frozen=True)
class MissingMark:
    """A mark that should be in a near copy, and is not.

    Attributes
    ----------
    work_id : str
        The work.
    reason : str
        What that may mean, in a sentence.
    reason_code : {"mark-weakened", "no-trace-of-mark"}
        The same for programs.
    reason_values : Mapping of str to number
        The bounds for the suspect (`p_value`), and for an ordinary copy (`expected_p_value`).
    """

    work_id: str
    reason: str
    reason_code: str
    reason_values: Mapping[str, float]


def missing_mark(
    rgb: NDArray[np.uint8], key: SecretKey, store: Reader, copied: Comparison
) -> MissingMark | None:
    """Tell whether a mark is missing in a near copy in which none was read.

    Parameters
    ----------
    rgb : (h, w, 3) uint8 array
        The small view of the suspect that was compared, on white.
    key : SecretKey
        Whose marks.
    store : Reader
        Knows the issued marks and their reference renditions.
    copied : Comparison
        The work that it is a near copy of.

    Returns
    -------
    MissingMark or None
        None where the work was not marked, or ordinary processing could have taken its mark.

    Notes
    -----
    About 1.5 CPU-seconds for each size that the work was marked in.
    """
    works = StoredWorks(store)
    readings = [
        expected_reading(
            rgb,
            works.rendition(one.marked.reference_sha256),
            one.transform,
            key=key,
            known=one.known,
            strength=cast(Strength, one.marked.options["strength"]),
        )
        for one in marks_to_try(copied, (rgb.shape[1], rgb.shape[0]), store, key)
        if one.rank == (0, 0)
    ]
    # Which of several sizes was copied is not known: the mark must be missing whichever it was.
    missing = [one for one in readings if one is not None and is_missing(one)]
    if not readings or len(missing) < len(readings):
        return None
    return _hint(copied.work_id, min(missing, key=lambda one: one.p_value))


def is_missing(reading: ExpectedReading) -> bool:
    """Tell whether it is strange that no mark was read."""
    return reading.expected_p_value < SURE_BELOW


def _hint(work_id: str, reading: ExpectedReading) -> MissingMark:
    """Say what the least of the readings means."""
    code = "mark-weakened" if reading.p_value < TRACE_BELOW else "no-trace-of-mark"
    values = {
        "p_value": rounded_p(reading.p_value),
        "expected_p_value": rounded_p(reading.expected_p_value),
    }
    return MissingMark(work_id, hint_text(code, values), code, values)
