"""The front of everything that is a picture file: find them, read them, publish new ones safely.

Searching lives in :mod:`.folders`, writing in :mod:`.publishing` and :mod:`.formats`; their
functions are given here again, so that other rooms need this one module for files.
"""

from __future__ import annotations

import os
import stat
import unicodedata
from collections.abc import Iterable

from ocguard.errors import ImageReadError
from ocguard.imaging.folders import (
    DANGLING,
    Found,
    FoundPicture,
    PassedOver,
    find_pictures,
    open_at_once,
)
from ocguard.imaging.formats import Encoded, decode, encode_picture, written_format
from ocguard.imaging.picture import Picture
from ocguard.imaging.publishing import PreparedOutput, prepared, publish
from ocguard.imaging.remote import Location, Remote, location_of

__all__ = [
    "Encoded",
    "Found",
    "FoundPicture",
    "Location",
    "PassedOver",
    "PreparedOutput",
    "Remote",
    "clashing_names",
    "encode_picture",
    "find_pictures",
    "is_there",
    "location_of",
    "prepared",
    "publish",
    "read_bytes",
    "read_picture",
    "written_format",
]

MAX_FILE_BYTES = 4 << 30
"""Largest input file; an uncompressed 16-bit TIFF of the pixel limit stays below."""


def read_bytes(path: str | os.PathLike[str]) -> bytes:
    """Read a picture file whole.

    Raises
    ------
    ImageReadError
        If it is no regular file, empty, or larger than :data:`MAX_FILE_BYTES`.
    OSError
        If it cannot be opened.
    RemoteError
        If its store cannot be asked.
    """
    data = _object_bytes(path) if isinstance(path, Remote) else _file_bytes(path)
    if not data:
        raise ImageReadError("{path} is empty; export it again", path=path)
    return data


def _file_bytes(path: str | os.PathLike[str]) -> bytes:
    try:
        opened = open(path, "rb", opener=open_at_once)  # noqa: SIM115
    except FileNotFoundError as error:
        if os.path.islink(path):  # noqa: PTH114
            raise ImageReadError("{path} is {kind}", path=path, kind=DANGLING) from error
        raise
    with opened as file:
        state = os.fstat(file.fileno())
        if not stat.S_ISREG(state.st_mode):
            raise ImageReadError(
                "{path} is not a regular file; pipe its bytes to '-' instead", path=path
            )
        _require_size(path, state.st_size)
        return file.read()


def _object_bytes(path: Remote) -> bytes:
    _require_size(path, path.size_bytes())
    return path.read()


def _require_size(path: str | os.PathLike[str], size_bytes: int) -> None:
    if size_bytes > MAX_FILE_BYTES:
        raise ImageReadError(
            "{path} is larger than {limit:,} bytes; make it smaller",
            path=path,
            limit=MAX_FILE_BYTES,
        )


def is_there(path: Location) -> bool:
    """Tell whether a name is taken, be it by a link that leads nowhere.

    Raises
    ------
    RemoteError
        If a store cannot be asked.
    """
    return path.exists() if isinstance(path, Remote) else os.path.lexists(path)


def read_picture(source: str | os.PathLike[str] | bytes, name: str | None = None) -> Picture:
    """Read a picture from a path or from the bytes of a file.

    Parameters
    ----------
    source : path or bytes
        Of a format in :data:`ocguard.imaging.kinds.SUFFIXES`; HEIC needs the extra ``heic``, JPEG
        XL the extra ``jxl``.
    name : str, optional
        What to call it in error messages; by default the path.

    Returns
    -------
    Picture
        Upright, with everything that the file carried.

    Raises
    ------
    ImageReadError
        If it is not such a picture, damaged, truncated, or over the pixel limit.
    MissingExtraError
        For HEIC and JPEG XL without their extra.
    OSError
        If a path cannot be opened.
    """
    if isinstance(source, bytes):
        return decode(source, name or "the picture")
    return decode(read_bytes(source), name or os.fspath(source))


def clashing_names(outputs: Iterable[Location]) -> list[tuple[Location, ...]]:
    """Find outputs that would be one file where case or Unicode form does not count.

    Windows and macOS fold case; macOS composes accents. What differs only in that would be
    overwritten there, so it is refused everywhere.

    Parameters
    ----------
    outputs : iterable of Path or Remote
        All outputs of one run.

    Returns
    -------
    list of tuple of Path
        Groups of at least two, in the order given; empty if all names are apart.
    """
    groups: dict[str, list[Location]] = {}
    for path in outputs:
        folded = unicodedata.normalize("NFC", str(path).casefold())
        groups.setdefault(unicodedata.normalize("NFC", folded.casefold()), []).append(path)
    return [tuple(group) for group in groups.values() if len(group) > 1]
