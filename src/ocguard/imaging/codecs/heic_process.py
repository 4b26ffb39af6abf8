"""Decode one HEIC: the program that :mod:`.heic` runs in a process of its own.

Damaged files of a few hundred bytes end the process of the decoder (libheif 1.20), so it must not
be ours. What comes out is an archive of arrays (NPZ): ``size``, and within the pixel limit
``pixels``, ``count`` and what the file carries.
"""

from __future__ import annotations

import sys
from io import BytesIO
from typing import Final

import numpy as np

from ocguard.imaging.apart import limit_process, serve_decoder

CPU_SECONDS: Final = 10
MEMORY_BYTES: Final = 3 << 29
"""For what is not itself huge."""

PIXELS_A_CPU_SECOND: Final = 1_000_000
MEMORY_BYTES_A_PIXEL: Final = 32
"""What a huge picture may take beside that, several times what an honest one takes."""


def main() -> int:
    """Decode standard input within the limits."""
    limit_process(CPU_SECONDS, MEMORY_BYTES)
    return serve_decoder(_decode)


def _decode(data: bytes) -> bytes:
    import pi_heif

    max_pixels = int(sys.argv[1])
    image = pi_heif.open_heif(BytesIO(data), convert_hdr_to_8bit=False, bgr_mode=False)
    width, height = image.size
    arrays = {"size": np.array([width, height])}
    if width * height <= max_pixels:
        limit_process(
            CPU_SECONDS + width * height // PIXELS_A_CPU_SECOND,
            MEMORY_BYTES + width * height * MEMORY_BYTES_A_PIXEL,
        )
        arrays["pixels"] = np.asarray(image)
        arrays["count"] = np.array(len(image))
        for name in ("exif", "xmp", "icc_profile"):
            if carried := image.info.get(name):
                arrays[name] = np.frombuffer(carried, np.uint8)
    out = BytesIO()
    np.savez(out, allow_pickle=False, **arrays)
    return out.getvalue()


if __name__ == "__main__":
    sys.exit(main())
