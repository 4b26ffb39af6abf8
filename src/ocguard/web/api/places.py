"""Where files lie is for whom protects them; a token that may only check gets their names."""

from __future__ import annotations

from typing import Any, Final

from fastapi import Request

from ocguard.web.gate import TOKEN
from ocguard.workflows.sources import bare_name

__all__ = ["shown_to", "without_folders"]

_PLACES: Final = (
    ("source",),
    ("marks", "output"),
    ("drafts", "source"),
    ("candidates", "source"),
    ("found", "source"),
    ("learned", "nearest", "source"),
)
"""The members of the records of works and checks that say where a file lies, or lay."""


def shown_to(request: Request, record: dict[str, Any]) -> dict[str, Any]:
    """Return a record as the token of a request may see it."""
    return record if "protect" in request.scope[TOKEN].scopes else without_folders(record)


def without_folders(record: dict[str, Any]) -> dict[str, Any]:
    """Return a record of a work or a check with names of files in place of their paths."""
    for place in _PLACES:
        record = _named(record, place)
    return record


def _named(value: Any, place: tuple[str, ...]) -> Any:
    """Return a value with the name in place of the path that lies at a place in it."""
    if isinstance(value, list):
        return [_named(one, place) for one in value]
    if not place:
        return bare_name(value) if isinstance(value, str) else value
    if isinstance(value, dict) and place[0] in value:
        return {**value, place[0]: _named(value[place[0]], place[1:])}
    return value
