"""Lossy compression as platforms do it: JPEG 4:2:0, WebP and AVIF through Pillow, in memory."""

from __future__ import annotations

from io import BytesIO

import numpy as np
from PIL import Image

from ocguard.distortions.kind import Kind, Rgb

AVIF_SPEED = 8  # libavif's 0-10; platforms encode fast
JPEG_CHROMA = 2  # Pillow's name for 4:2:0, what platforms write
WEBP_METHOD = 4  # libwebp's default effort


def jpeg(rgb: Rgb, quality: int) -> Rgb:
    """Return the picture after JPEG at ``quality`` with 4:2:0 chroma."""
    return _through(rgb, "JPEG", quality=quality, subsampling=JPEG_CHROMA)


def webp(rgb: Rgb, quality: int) -> Rgb:
    """Return the picture after lossy WebP at ``quality``."""
    return _through(rgb, "WEBP", quality=quality, method=WEBP_METHOD)


def avif(rgb: Rgb, quality: int) -> Rgb:
    """Return the picture after AVIF at ``quality``."""
    return _through(rgb, "AVIF", quality=quality, speed=AVIF_SPEED)


def _through(rgb: Rgb, file_format: str, **options: int) -> Rgb:
    """Encode and decode."""
    stream = BytesIO()
    Image.fromarray(rgb).save(stream, file_format, **options)
    with Image.open(stream) as image:
        return np.asarray(image.convert("RGB"))


KINDS = (
    Kind("jpeg", "codec", lambda rgb, quality, _: jpeg(rgb, quality), (90, 75, 50, 30, 25, 15)),
    Kind("webp", "codec", lambda rgb, quality, _: webp(rgb, quality), (80, 50, 30)),
    Kind("avif", "codec", lambda rgb, quality, _: avif(rgb, quality), (50,)),
)
