"""What led to a work: sketches, line art, layered files, frames of a recording of the drawing.

A draft is kept as its digests and a small rendition. It is never looked for in suspects; only works
are.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Final

from ocguard.portfolio.records import rendition_id
from ocguard.portfolio.values import (
    ID,
    MAX_SIDE_PX,
    SHA256,
    UTC,
    UTC_OR_NONE,
    require,
    require_size,
    require_texts,
)

__all__ = ["Draft", "draft_id"]

_DRAFT: Final = re.compile(r"[0-9a-f]{32}")
_VERDICT: Final = re.compile(r"[a-z-]{1,40}")


@dataclass(frozen=True)
class Draft:
    """A picture that led to a work, or one frame of a recording of its drawing.

    Attributes
    ----------
    draft_id : str
        See :func:`draft_id`.
    work_id : str
        The work.
    source : str
        Where the file lay when it was added, for the person to read.
    file_sha256, pixel_sha256 : str
        Digests of the whole file, and of the upright pixels of this frame: of a layered file, of
        its merged picture.
    frame : int
        Which frame or page of the file, from 0.
    width, height : int
        Size in pixels, upright.
    verdict : str
        What a check against the work alone says of it, such as "near-copy" or "no-match".
    created_utc : str
        When it was added.
    reference_sha256 : str
        Names its small rendition, see :meth:`Store.rendition`.
    imported_utc : str
        When the record came out of an imported file: all of it is then what that file says. Empty
        when the draft was added here. Does not count when drafts are compared.

    Raises
    ------
    ValueError
        A value cannot be one of a draft.
    """

    draft_id: str
    work_id: str
    source: str
    file_sha256: str
    pixel_sha256: str
    frame: int
    width: int
    height: int
    verdict: str
    created_utc: str
    reference_sha256: str
    imported_utc: str = field(default="", compare=False)

    def __post_init__(self) -> None:
        require(ID, "work_id", self.work_id)
        for name in ("file_sha256", "pixel_sha256", "reference_sha256"):
            require(SHA256, name, getattr(self, name))
        if type(self.frame) is not int or not 0 <= self.frame <= MAX_SIDE_PX:
            raise ValueError(f"frames are numbered from 0, got {self.frame!r:.80}")
        require(_DRAFT, "draft_id", self.draft_id)
        if self.draft_id != draft_id(self.work_id, self.file_sha256, self.frame):
            raise ValueError(f"draft_id {self.draft_id} is another draft's")
        require(_VERDICT, "verdict", self.verdict)
        require(UTC, "created_utc", self.created_utc)
        require(UTC_OR_NONE, "imported_utc", self.imported_utc)
        require_size(self.width, self.height)
        require_texts({"source": self.source})


def draft_id(work_id: str, file_sha256: str, frame: int) -> str:
    """Name a draft by what it is of: a frame of a file, for a work; 32 hexadecimal digits.

    Adding the same file twice gives the same draft.
    """
    return rendition_id(f"{work_id} {file_sha256} {frame}".encode())[:32]
