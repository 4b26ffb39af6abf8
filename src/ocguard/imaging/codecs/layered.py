"""The merged picture inside a painting program's archive: Krita (KRA) and OpenRaster (ORA).

Both are ZIP archives that hold the whole picture, merged, as a PNG beside their layers.

References
----------
"OpenRaster file layout specification", openraster.org, 2023; docs.krita.org, ".kra", 2024.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from ocguard.errors import ImageReadError
from ocguard.imaging.codecs import png
from ocguard.imaging.codecs.archive import opened, unpacked
from ocguard.imaging.picture import Picture
from ocguard.language.message import Message

__all__ = ["read_kra", "read_ora"]

_MERGED: Final = "mergedimage.png"


def read_kra(data: bytes) -> Picture:
    """Read the merged picture of a KRA archive."""
    return _read(data, "KRA")


def read_ora(data: bytes) -> Picture:
    """Read the merged picture of an ORA archive."""
    return _read(data, "ORA")


def _read(data: bytes, file_format: str) -> Picture:
    picture = png.read(_merged(data))
    lost = (Message("The layers were flattened."), *picture.carried.lost)
    return replace(picture, carried=replace(picture.carried, file_format=file_format, lost=lost))


def _merged(data: bytes) -> bytes:
    """Unpack the merged picture."""
    with opened(data) as archive:
        try:
            return unpacked(archive, _MERGED)
        except KeyError as error:
            raise ImageReadError(
                "is an archive without a merged picture in it; export it as PNG"
            ) from error
