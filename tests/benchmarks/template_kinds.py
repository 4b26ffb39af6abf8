"""Kinds of pictures that many make alike, drawn by code: which there are, and who draws them.

Two pictures of one kind and number have a template in common; what two owners add is their own.
Every second kind, every cousin and half of the forms that hold works may be looked at when a rule
is chosen ("fitted"); figures are about the others ("reported").
"""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Final, Literal

import numpy as np
from numpy.typing import NDArray

import template_cousins
import template_drawings
import template_posts
import template_sheets
from harness import art_folder, data_facts, pictures

__all__ = ["COPY", "FITTED_KINDS", "KINDS", "SEED", "digest", "drawn", "half_of"]

SEED: Final = 2031
COPY: Final = "resize-60+jpeg-75"
DRAWN_KINDS: Final = template_sheets.SHEETS | template_drawings.DRAWINGS | template_cousins.COUSINS
KINDS: Final = (*DRAWN_KINDS, *template_posts.FORMS)


def half_of(kind: str) -> Literal["fitted", "reported"]:
    """Return which half of the kinds one belongs to."""
    if kind in template_posts.FORMS:
        return "fitted" if kind in template_posts.FITTED_FORMS else "reported"
    is_reported = kind not in template_cousins.COUSINS and KINDS.index(kind) % 2
    return "reported" if is_reported else "fitted"


FITTED_KINDS: Final = tuple(kind for kind in KINDS if half_of(kind) == "fitted")


def drawn(kind: str, number: int, owner: int) -> NDArray[np.uint8]:
    """Draw a picture of a kind: what its template decides is common to all owners."""
    seed = [SEED, KINDS.index(kind), number]
    shared, own = np.random.default_rng(seed), np.random.default_rng([*seed, owner])
    if kind in template_posts.FORMS:
        works = template_posts.cast_of(half_of(kind), seed, owner)
        return template_posts.FORMS[kind](works, shared, own)
    return DRAWN_KINDS[kind](shared, own)


def digest() -> str:
    """Return the digest of the code that draws the pictures, and of the works in them."""
    drawn_by = (template_sheets, template_drawings, template_cousins, template_posts)
    code = b"".join(Path(str(m.__file__)).read_bytes() for m in drawn_by)
    art = data_facts(pictures(art_folder()), art_folder())["sha256"]
    return hashlib.sha256(code + str(art).encode()).hexdigest()
