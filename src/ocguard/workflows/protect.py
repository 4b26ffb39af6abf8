"""Protect pictures: both marks, the declaration, the record, the file.

One picture goes through: read, visible mark, reference rendition, invisible mark, declaration,
encode, read back and detect, record, publish. The record is on the disk before the file has its
name, and is taken back when the file cannot get it; so a process that dies at any moment leaves no
protected file without its record, and no half file.
"""

from __future__ import annotations

import hashlib
import math
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, fields, replace
from pathlib import Path
from typing import Any, Final, Literal

from ocguard.errors import OutputExistsError
from ocguard.imaging.files import prepared
from ocguard.imaging.rendition import flatten
from ocguard.keys import SecretKey
from ocguard.portfolio import Entry, Mark, issuing, new_issue_id, open_store, utc_now
from ocguard.provenance.optout import OptOut
from ocguard.watermark.invisible import Strength
from ocguard.workflows.describing import describe_work, small_view
from ocguard.workflows.failures import explain
from ocguard.workflows.marking import (
    Marked,
    VisibleLook,
    declare,
    encode_checked,
    mark_invisibly,
    mark_visibly,
)
from ocguard.workflows.plan import Planned
from ocguard.workflows.pool import Jobs, WorkerDiedError, map_ordered
from ocguard.workflows.sources import Loaded, PictureSource, load, source_name

__all__ = ["OnExists", "Protection", "ProtectionJob", "mark_id_of", "protect_files", "protect_one"]

OnExists = Literal["error", "skip", "overwrite"]
Status = Literal["protected", "skipped", "failed"]

PSNR_DIGITS: Final = 2
SSIM_DIGITS: Final = 5


@dataclass(frozen=True)
class ProtectionJob:
    """Everything that protecting one picture after the other needs; travels to workers.

    Parameters
    ----------
    location : str
        Path or URL of the portfolio.
    secret : bytes
        The creator's key, from :meth:`SecretKey.to_bytes`.
    look : VisibleLook
        The visible mark.
    opt_out : OptOut
        The declaration.
    strength : {"quiet", "normal", "strong"}
        Of the invisible mark.
    recipient : str
        Who gets these copies; empty for the public.
    file_format : {"keep", "png", "jpeg", "webp", "avif"}
        What to write.
    quality : int or None
        1 to 100 for lossy formats.
    on_exists : {"error", "skip", "overwrite"}
        What to do when an output exists.
    is_dry_run : bool
        Do everything but record and write.
    """

    location: str
    secret: bytes = field(repr=False)
    look: VisibleLook
    opt_out: OptOut
    strength: Strength = "normal"
    recipient: str = ""
    file_format: str = "keep"
    quality: int | None = None
    on_exists: OnExists = "error"
    is_dry_run: bool = False

    @property
    def key(self) -> SecretKey:
        """The creator's key."""
        return SecretKey.from_bytes(self.secret)

    @property
    def shown_options(self) -> dict[str, str]:
        """The options for the record, as text."""
        shown = {
            "visible": self.look.layout,
            "text": "" if self.look.logo_rgba is not None else self.look.text,
            "strength": self.strength,
            "format": self.file_format,
            "quality": "" if self.quality is None else str(self.quality),
        }
        return {name: text for name, text in shown.items() if text}


@dataclass(frozen=True)
class Protection:
    """What became of one picture.

    Parameters
    ----------
    input, output : str
        Paths as given; for data without a file what kind of thing it was.
    status : {"protected", "skipped", "failed"}
        A dry run skips.
    work_id, mark_id : str or None
        16 hexadecimal digits each; None for a picture that was not marked.
    recipient : str
        As asked for.
    psnr_db, ssim : float or None
        What the invisible mark changed; an infinite ratio (nothing) is None.
    bytes_in, bytes_out : int or None
        File sizes.
    warnings : tuple of str
        What could not be kept or done, one sentence each.
    error : str or None
        Why it failed.
    seconds : float
        Time taken.
    data : bytes
        The protected file, when it was not written anywhere.
    """

    input: str
    output: str | None
    status: Status
    recipient: str
    work_id: str | None = None
    mark_id: str | None = None
    psnr_db: float | None = None
    ssim: float | None = None
    bytes_in: int | None = None
    bytes_out: int | None = None
    warnings: tuple[str, ...] = ()
    error: str | None = None
    seconds: float = 0.0
    data: bytes = field(default=b"", repr=False)

    def to_dict(self) -> dict[str, Any]:
        """Give the JSON record ``ocguard.protect/1``."""
        names = (
            *("input", "output", "status", "work_id", "mark_id", "recipient", "psnr_db", "ssim"),
            *("bytes_in", "bytes_out", "warnings", "error", "seconds"),
        )
        record = {name: getattr(self, name) for name in names}
        return {"schema": "ocguard.protect/1", **record, "warnings": list(self.warnings)}
