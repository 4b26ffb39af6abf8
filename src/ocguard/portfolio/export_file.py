"""The ZIP file that a portfolio moves in, as such: opening it, and reading its parts with bounds.

A file is treated as hostile: no name in it is ever used as a path, and sizes are bounded before and
while reading.
"""

from __future__ import annotations

import contextlib
import datetime
import json
import zipfile
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import IO, Final

from ocguard.errors import PortfolioError
from ocguard.language.message import Message
from ocguard.portfolio.records import utc_text

__all__ = ["BAD_FILE", "FORMAT", "bounded", "open_export", "read_blob", "refuse", "require_past"]

FORMAT: Final = "ocguard.portfolio/1"

BLOB_LIMIT_BYTES: Final = 16 * 2**20
"""A rendition of 1024 x 1024 px as JPEG q95 4:4:4 has 1.5 MB on pure noise."""

MAX_EXPANSION: Final = 8
"""What a file's parts have together at most, in sizes of the file: pictures hardly compress."""

_ROOM_BYTES: Final = 16 * 2**20
"""What any file may hold, however small."""

_CLOCKS_APART: Final = datetime.timedelta(days=1)
"""How far the clocks of two machines may differ; a later date is a false one."""

_MANIFEST_LIMIT_BYTES: Final = 65_536

BAD_FILE: Final = (
    zipfile.BadZipFile,
    zlib.error,
    EOFError,
    KeyError,
    RuntimeError,  # encrypted members, unknown compression, deeply nested JSON
    TypeError,
    ValueError,
)
"""What reading a file can raise when it is not what it says."""


@contextlib.contextmanager
def open_export(path: Path) -> Iterator[zipfile.ZipFile]:
    """Open an exported file, with errors that name it."""
    try:
        with zipfile.ZipFile(path) as archive:
            _require_size(archive, path.stat().st_size)
            _require_format(archive)
            yield archive
    except (*BAD_FILE, OSError) as error:
        if isinstance(error, OSError) and error.filename is not None:
            raise  # the file cannot be opened; others come of places in it that are none
        raise PortfolioError(
            "{path} was not imported: it is damaged or no portfolio export ({reason})",
            path=path,
            reason=error,
        ) from error


def refuse(sentence: str, on_refused: Callable[[str], None] | None) -> None:
    """Tell why a part is left out, or end the import with it: `PortfolioError`."""
    if on_refused is None:
        raise PortfolioError(sentence)
    on_refused(sentence)


def _require_size(archive: zipfile.ZipFile, file_bytes: int) -> None:
    """Refuse a small file that claims to hold much, before any of it is unpacked."""
    claimed = sum(member.file_size for member in archive.infolist())
    if claimed > _ROOM_BYTES + MAX_EXPANSION * file_bytes:
        raise ValueError(
            Message(
                "it claims to hold {claimed:,} bytes, more than a file of its size can",
                claimed=claimed,
            )
        )


def _require_format(archive: zipfile.ZipFile) -> None:
    """Refuse other files and newer formats before anything else is read."""
    with archive.open("manifest.json") as stream:
        manifest = json.loads(bounded(stream, _MANIFEST_LIMIT_BYTES))
    found = manifest.get("format") if isinstance(manifest, dict) else None
    if found != FORMAT:
        raise ValueError(
            Message(
                "its format is {found!r:.80}, this version of ocguard reads {known}",
                found=found,
                known=FORMAT,
            )
        )


def require_past(*times: str) -> None:
    """Refuse times that no clock can have shown yet; `ValueError`."""
    if max(times) > utc_text(datetime.datetime.now(datetime.UTC) + _CLOCKS_APART):
        raise ValueError(Message("it is dated in the future"))


def read_blob(archive: zipfile.ZipFile, name: str) -> bytes:
    """Read a rendition or a fingerprint; `ValueError` when it is larger than any of ocguard's."""
    with archive.open(name) as stream:
        return bounded(stream, BLOB_LIMIT_BYTES)


def bounded(stream: IO[bytes], limit: int) -> bytes:
    """Read a whole stream, but no more than `limit` bytes; `ValueError` beyond."""
    content = stream.read(limit + 1)
    if len(content) > limit:
        raise ValueError(Message("a part of it has more than {limit} bytes", limit=limit))
    return content
