"""Kinds of pictures that many make alike, drawn by code: which there are, and who draws them.

Two pictures of one kind and number have a template in common; what two owners add is their own.
Every second kind, and every cousin, may be looked at when a rule is chosen ("fitted"); figures are
about the others ("reported").
"""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Final, Literal

import numpy as np
from numpy.typing import NDArray

import template_cousins
import template_drawings
import template_sheets

__all__ = ["COPY", "FITTED_KINDS", "KINDS", "SEED", "digest", "drawn", "half_of"]

SEED: Final = 2031
COPY: Final = "resize-60+jpeg-75"
KINDS: Final = template_sheets.SHEETS | template_drawings.DRAWINGS | template_cousins.COUSINS


def half_of(kind: str) -> Literal["fitted", "reported"]:
    """Return which half of the kinds one belongs to."""
    is_reported = kind not in template_cousins.COUSINS and list(KINDS).index(kind) % 2
    return "reported" if is_reported else "fitted"


FITTED_KINDS: Final = tuple(kind for kind in KINDS if half_of(kind) == "fitted")


def drawn(kind: str, number: int, owner: int) -> NDArray[np.uint8]:
    """Draw a picture of a kind: what its template decides is common to all owners."""
    seed = [SEED, list(KINDS).index(kind), number]
    return KINDS[kind](np.random.default_rng(seed), np.random.default_rng([*seed, owner]))


def digest() -> str:
    """Return the digest of the code that draws the pictures."""
    drawn_by = (template_sheets, template_drawings, template_cousins)
    return hashlib.sha256(
        b"".join(Path(str(m.__file__)).read_bytes() for m in drawn_by)
    ).hexdigest()
