"""PBM, PGM and PPM, which are read and not written: plain rows of 1, 8 and 16 bits.

Pillow reads them but reduces 16-bit color to 8 bits without a word, so the binary forms of full
range are decoded here, and Pillow has the rest.

References
----------
J. Poskanzer and B. Henderson, "Netpbm formats", netpbm.sourceforge.net, 2024.
"""

from __future__ import annotations

import re
from io import BytesIO
from typing import Final

import numpy as np
from PIL import PpmImagePlugin

from ocguard.errors import ImageReadError
from ocguard.imaging.picture import Carried, Frame, Picture
from ocguard.imaging.pillow_arrays import array_of, color_of, plain_mode, require_size

__all__ = ["read"]

_GAP: Final = rb"(?:\s+|#[^\n]*\n)+"
_BINARY: Final = re.compile(
    rb"P([56])" + _GAP + rb"(\d{1,9})" + _GAP + rb"(\d{1,9})" + _GAP + rb"(\d{1,5})\s"
)
_FULL_RANGES: Final[dict[int, str]] = {255: "u1", 65_535: ">u2"}
_CARRIED: Final = Carried(file_format="PNM")


def read(data: bytes) -> Picture:
    """Read the first picture of a PBM, PGM or PPM."""
    match = _BINARY.match(data)
    if match is None or int(match[4]) not in _FULL_RANGES:
        return _through_pillow(data)
    width, height = int(match[2]), int(match[3])
    require_size((width, height))
    mode = "L" if match[1] == b"5" else "RGB"
    samples = np.dtype(_FULL_RANGES[int(match[4])])
    count = width * height * len(mode)
    if len(data) - match.end() < count * samples.itemsize:
        raise ImageReadError("is truncated: it has fewer rows than it says; export it again")
    rows = np.frombuffer(data, samples, count, match.end()).reshape(height, width, len(mode))
    return Picture((Frame(rows.astype(samples.newbyteorder("="))),), *color_of(mode), _CARRIED)


def _through_pillow(data: bytes) -> Picture:
    """Read bits, texts and odd ranges at 8 bits."""
    with PpmImagePlugin.PpmImageFile(BytesIO(data)) as image:
        require_size(image.size)
        mode = "L" if image.mode == "I" else plain_mode(image)
        if image.mode == "I":
            deep = np.asarray(image).clip(0, 65_535).astype(np.uint16)[..., None]
            return Picture((Frame(deep),), *color_of("L"), _CARRIED)
        return Picture((Frame(array_of(image, mode)),), *color_of(mode), _CARRIED)
