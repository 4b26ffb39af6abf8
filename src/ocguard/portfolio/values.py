"""What a value of a record may be: records also come out of files that somebody else wrote."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from typing import Final

__all__ = [
    "ID",
    "ISSUE",
    "MAX_SIDE_PX",
    "MAX_TEXT_CHARACTERS",
    "SHA256",
    "UTC",
    "UTC_OR_NONE",
    "is_whole",
    "require",
    "require_size",
    "require_texts",
    "row_digest",
]

MAX_SIDE_PX: Final = 1_000_000
"""No picture format that ocguard reads has a longer side."""

MAX_TEXT_CHARACTERS: Final = 8192
"""Longest path or name that a record keeps; Linux paths end at 4096 bytes."""

ID: Final = re.compile(r"[0-9a-f]{16}")
ISSUE: Final = re.compile(r"[0-9a-f]{32}")
SHA256: Final = re.compile(r"[0-9a-f]{64}")
UTC: Final = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z")
UTC_OR_NONE: Final = re.compile(rf"(?:{UTC.pattern})?")


def require(pattern: re.Pattern[str], name: str, value: object) -> None:
    """Refuse what is no text of a pattern; `ValueError` names the value."""
    if not isinstance(value, str) or not pattern.fullmatch(value):
        raise ValueError(f"{name} must look like {pattern.pattern}, got {value!r:.80}")


def require_size(width: int, height: int) -> None:
    """Refuse what is no size of a picture in pixels; `ValueError`."""
    for side in (width, height):
        if type(side) is not int or not 1 <= side <= MAX_SIDE_PX:
            raise ValueError(f"a side has 1 to {MAX_SIDE_PX} pixels, got {side!r:.80}")


def require_texts(texts: Mapping[str, str]) -> None:
    """Refuse what are no named texts of bounded length; `ValueError`."""
    if not isinstance(texts, Mapping):
        raise ValueError(f"expected named texts, got {texts!r:.80}")
    for text in (*texts, *texts.values()):
        if not isinstance(text, str) or len(text) > MAX_TEXT_CHARACTERS:
            raise ValueError(f"expected text of at most {MAX_TEXT_CHARACTERS} characters")


def is_whole(data: object, sha256: str) -> bool:
    """Tell whether a blob is what was stored under its digest."""
    return isinstance(data, bytes) and hashlib.sha256(data).hexdigest() == sha256


def row_digest(*values: object) -> str:
    """Digest the values of a row, in their order: SHA-256, 64 hexadecimal digits."""
    return hashlib.sha256(json.dumps(values, default=repr).encode()).hexdigest()
