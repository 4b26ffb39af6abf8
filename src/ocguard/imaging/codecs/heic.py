"""HEIC (extra ``heic``), which ocguard reads and does not write.

It is decoded by a process of its own (:mod:`.heic_process`): a damaged file ends no other.
"""

from __future__ import annotations

import importlib.util
from io import BytesIO
from typing import Final

import numpy as np

from ocguard.errors import ImageReadError, MissingExtraError
from ocguard.imaging.apart import DecoderError, decode_apart
from ocguard.imaging.codecs.cleaning import clean_exif, clean_xmp
from ocguard.imaging.picture import MAX_PIXELS, Carried, Frame, Picture
from ocguard.imaging.pillow_arrays import color_of, require_size
from ocguard.language.message import Message
from ocguard.metadata.exif import exif_dpi, with_orientation

__all__ = ["read"]

_PROGRAM: Final = "ocguard.imaging.codecs.heic_process"


def read(data: bytes) -> Picture:
    """Read the primary picture of a HEIC, 10 and 12 bits as 16.

    The decoder has turned it upright already, as the container asks; the EXIF tag then says 1.
    Starting the decoder's process takes about .15 CPU-s.

    Raises
    ------
    ImageReadError
        Damaged, or it takes too much time or memory.
    MissingExtraError
        Without the extra ``heic``.
    """
    if importlib.util.find_spec("pi_heif") is None:
        raise MissingExtraError("HEIC pictures", "heic")
    try:
        decoded = decode_apart(_PROGRAM, [MAX_PIXELS], data)
    except DecoderError as error:
        if not error.reason:
            raise ImageReadError("cannot be decoded as HEIC; export it as PNG") from error
        raise ImageReadError(
            "cannot be decoded as HEIC ({reason}); export it as PNG", reason=error.reason
        ) from error
    with np.load(BytesIO(decoded), allow_pickle=False) as arrays:
        width, height = map(int, arrays["size"])
        require_size((width, height))
        pixels = arrays["pixels"].reshape(height, width, -1)
        count = int(arrays["count"])
        held = {
            name: arrays[name].tobytes()
            for name in ("exif", "xmp", "icc_profile")
            if name in arrays
        }
    lost: list[str] = [Message("Further pictures in the HEIC were dropped.")] if count > 1 else []
    exif = clean_exif(held.get("exif"), lost)
    carried = Carried(
        file_format="HEIC",
        icc_profile=held.get("icc_profile"),
        exif=with_orientation(exif, 1) if exif else None,
        xmp=clean_xmp(held.get("xmp"), lost),
        dpi=exif_dpi(exif),
        is_lossless=False,
        lost=tuple(lost),
    )
    color, has_alpha = color_of(("L", "LA", "RGB", "RGBA")[pixels.shape[2] - 1])
    return Picture((Frame(pixels),), color, has_alpha, carried)
