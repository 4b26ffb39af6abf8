"""Hashes that other tools can read, computed by the imagehash package.

They stand beside ours so that a portfolio can be compared with what others have. Each is named with
the version of the package and, because imagehash resamples with Pillow, is computed from a small
rendition of our own making. The crop-resistant hash is segmented at 128 pixels instead of 300,
which takes a fifth of the time; its name says so.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from ocguard.fingerprint.normalize import flatten_on, resize_area
from ocguard.imaging.ground import showing_ground

__all__ = ["standard_hashes"]

RENDITION_PX = 256
"""Long side of the rendition that the hashes are computed from."""

SEGMENTATION_PX = 128
"""Side of the raster that the crop-resistant hash is segmented at (default of imagehash: 300)."""

MIN_SEGMENT_PX = 91
"""Smallest segment at that size, the same share of the picture as the default of imagehash."""


def standard_hashes(
    rgb: NDArray[np.uint8], alpha: NDArray[np.uint8] | None = None
) -> dict[str, str]:
    """Return imagehash's phash, dhash, whash and crop-resistant hash, on the ground that shows it.

    Parameters
    ----------
    rgb : (H, W, 3) uint8 array
        RGB picture.
    alpha : (H, W) uint8 array or None
        Its transparency.

    Returns
    -------
    dict of str to str
        ``"imagehash-phash@4.3.2"`` to hexadecimal text, readable by ``imagehash.hex_to_hash``
        (the crop-resistant one by ``imagehash.hex_to_multihash``).

    Notes
    -----
    About 0.05 CPU-seconds; the first call imports SciPy and PyWavelets (0.3 CPU-seconds).
    """
    import imagehash
    from PIL import Image

    flat = rgb if alpha is None else flatten_on(rgb, alpha, showing_ground(rgb, alpha))
    factor = min(1.0, RENDITION_PX / max(flat.shape[:2]))
    size = (max(1, round(flat.shape[1] * factor)), max(1, round(flat.shape[0] * factor)))
    picture = Image.fromarray(resize_area(flat, size))
    cropped = imagehash.crop_resistant_hash(
        picture, min_segment_size=MIN_SEGMENT_PX, segmentation_image_size=SEGMENTATION_PX
    )
    version = imagehash.__version__
    return {
        f"imagehash-phash@{version}": str(imagehash.phash(picture)),
        f"imagehash-dhash@{version}": str(imagehash.dhash(picture)),
        f"imagehash-whash@{version}": str(imagehash.whash(picture)),
        f"imagehash-crop-resistant-{SEGMENTATION_PX}px@{version}": str(cropped),
    }
