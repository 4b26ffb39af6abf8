"""How what a fingerprint is taken of is named: a whole work, or a view of it.

A work is described as a whole. A long work, a page of panels and an animation are described in
*views* as well: regions and frames, each like a picture of its own. The whole has the work's id. A
view's id is that id, a ``#`` and the view's number, from 1 on; so in the order of ids a work's
views follow it.
"""

from __future__ import annotations

from typing import Final

__all__ = ["view_id", "work_of"]

_SEPARATOR: Final = "#"


def view_id(work_id: str, number: int) -> str:
    """Name a view of a work by its number, from 1 on."""
    return f"{work_id}{_SEPARATOR}{number}"


def work_of(an_id: str) -> str:
    """Return the id of the work that a view, or the whole, is of."""
    return an_id.partition(_SEPARATOR)[0]
