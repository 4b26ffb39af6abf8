"""The merged picture inside a painting program's archive: Krita (KRA) and OpenRaster (ORA).

Both are ZIP archives that hold the whole picture, merged, as a PNG beside their layers.

References
----------
"OpenRaster file layout specification", openraster.org, 2023; docs.krita.org, ".kra", 2024.
"""

from __future__ import annotations

import zipfile
import zlib
from collections.abc import Callable
from dataclasses import replace
from io import BytesIO
from typing import Final

from ocguard.errors import ImageReadError
from ocguard.imaging.codecs import png
from ocguard.imaging.picture import Picture

__all__ = ["is_archive", "reader"]

_ARCHIVE: Final = b"PK\3\4"
_MERGED: Final = "mergedimage.png"
_LIST_END: Final = b"PK\5\6"
_LIST_END_BYTES: Final = 22 + (1 << 16)  # with the longest comment
_MAX_LIST_BYTES: Final = 4 << 20
"""Longest list of contents; a painting of a thousand layers stays below half a million."""

_MAX_MERGED_BYTES: Final = 2 << 30
"""Largest merged picture that is unpacked; the pixel limit as PNG with alpha stays near it."""

_MAX_RATIO: Final = 20
"""Unpacked against packed size: PNG hardly packs any further, a bomb does a thousandfold."""

_SLACK_BYTES: Final = 1 << 20  # small pictures of one color may be packed tighter


def is_archive(data: bytes) -> bool:
    """Tell whether a file is an archive that may hold a merged picture."""
    return data.startswith(_ARCHIVE)


def reader(file_format: str) -> Callable[[bytes], Picture]:
    """Return the function that reads the archives of one format, KRA or ORA."""

    def read(data: bytes) -> Picture:
        picture = png.read(_merged(data))
        lost = ("The layers were flattened.", *picture.carried.lost)
        return replace(
            picture, carried=replace(picture.carried, file_format=file_format, lost=lost)
        )

    return read


def _merged(data: bytes) -> bytes:
    """Unpack the merged picture, within bounds that are checked before anything is unpacked."""
    end = data.rfind(_LIST_END, max(0, len(data) - _LIST_END_BYTES))
    if end < 0:
        raise ImageReadError("is truncated: the list of its contents is missing; save it again")
    if int.from_bytes(data[end + 12 : end + 16], "little") > _MAX_LIST_BYTES:
        raise ImageReadError("holds too many files for a painting; export it as PNG")
    try:
        with zipfile.ZipFile(BytesIO(data)) as archive:
            info = archive.getinfo(_MERGED)
            if info.file_size > min(
                _MAX_MERGED_BYTES, _MAX_RATIO * info.compress_size + _SLACK_BYTES
            ):
                raise ImageReadError("claims an impossible size for its picture; export it as PNG")
            with archive.open(info) as file:
                return file.read(info.file_size)
    except KeyError as error:
        raise ImageReadError(
            "is an archive without a merged picture in it; export it as PNG"
        ) from error
    except (zipfile.BadZipFile, zlib.error, RuntimeError, NotImplementedError) as error:
        raise ImageReadError(
            f"is damaged: its picture cannot be unpacked ({error}); save it again"
        ) from error
