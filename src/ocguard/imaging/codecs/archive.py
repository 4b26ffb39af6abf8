"""Files in a ZIP archive that holds pictures, unpacked within bounds that are checked before."""

from __future__ import annotations

import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from typing import Final

from ocguard.errors import ImageReadError

__all__ = ["is_archive", "opened", "unpacked"]

_ARCHIVE: Final = b"PK\3\4"
_LIST_END: Final = b"PK\5\6"
_LIST_END_BYTES: Final = 22 + (1 << 16)  # with the longest comment
_MAX_LIST_BYTES: Final = 4 << 20
"""Longest list of contents; a painting of a thousand layers stays below half a million."""

_MAX_FILE_BYTES: Final = 2 << 30
"""Largest picture that is unpacked; the pixel limit as PNG with alpha stays near it."""

_MAX_RATIO: Final = 20
"""Unpacked against packed size: PNG hardly packs any further, a bomb does a thousandfold."""

_SLACK_BYTES: Final = 1 << 20  # small pictures of one color may be packed tighter


def is_archive(data: bytes) -> bool:
    """Tell whether a file is a ZIP archive."""
    return data.startswith(_ARCHIVE)


@contextmanager
def opened(data: bytes) -> Iterator[zipfile.ZipFile]:
    """Open an archive whose list of contents is there and has an honest length.

    Raises
    ------
    ImageReadError
        It is truncated, holds too many files, or is damaged; also of what fails in the block.
    """
    end = data.rfind(_LIST_END, max(0, len(data) - _LIST_END_BYTES))
    if end < 0:
        raise ImageReadError("is truncated: the list of its contents is missing; save it again")
    if int.from_bytes(data[end + 12 : end + 16], "little") > _MAX_LIST_BYTES:
        raise ImageReadError("holds too many files; export it as PNG")
    try:
        with zipfile.ZipFile(BytesIO(data)) as archive:
            yield archive
    except (zipfile.BadZipFile, zlib.error, RuntimeError, NotImplementedError) as error:
        raise ImageReadError(
            "is damaged: its picture cannot be unpacked ({reason}); save it again", reason=error
        ) from error


def unpacked(archive: zipfile.ZipFile, name: str) -> bytes:
    """Unpack one file of an archive.

    Raises
    ------
    ImageReadError
        It claims an impossible size.
    KeyError
        There is no such file.
    """
    info = archive.getinfo(name)
    if info.file_size > min(_MAX_FILE_BYTES, _MAX_RATIO * info.compress_size + _SLACK_BYTES):
        raise ImageReadError("claims an impossible size for its picture; export it as PNG")
    with archive.open(info) as file:
        return file.read(info.file_size)
