"""Picture in, fingerprint out: the one entry to this room.

A suspect and a work are described alike, so that either can be compared with either.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from ocguard.fingerprint.codes import detail, global_codes
from ocguard.fingerprint.edge_layout import content_thumbnail, layout_code
from ocguard.fingerprint.fingerprint import FINGERPRINT_VERSION, Fingerprint
from ocguard.fingerprint.local import local_features
from ocguard.fingerprint.normalize import NormalPicture, normalize
from ocguard.fingerprint.standard import standard_hashes

__all__ = ["describe"]


def describe(
    rgb: NDArray[np.uint8],
    alpha: NDArray[np.uint8] | None = None,
    *,
    with_standard_hashes: bool = False,
) -> Fingerprint:
    """Describe a picture for recognition.

    The result depends on the pixels only: the same rendition gives the same fingerprint on every
    machine with the same OpenCV, and nearly the same one with another.

    Parameters
    ----------
    rgb : (H, W, 3) uint8 array
        RGB rendition; a long side of 1024 pixels is enough.
    alpha : (H, W) uint8 array or None
        Its transparency, 255 opaque.
    with_standard_hashes : bool
        Also compute imagehash's hashes, for works that are registered. They are not used for
        matching.

    Returns
    -------
    Fingerprint
        Also of a flat picture, which then has no keypoints and ``detail`` 0.

    Raises
    ------
    ValueError
        If the arrays are not of the shapes and types above.

    Notes
    -----
    0.1 to 0.2 CPU-seconds; about 0.05 more with the standard hashes.
    """
    picture = normalize(rgb, alpha)
    codes, mirrored_codes = global_codes(picture)
    thumbnail = content_thumbnail(picture)
    layout = layout_code(thumbnail)
    hashes = {
        f"ocguard-code@{FINGERPRINT_VERSION}": codes[1].tobytes().hex(),
        f"ocguard-layout@{FINGERPRINT_VERSION}": layout.tobytes().hex(),
    }
    if with_standard_hashes:
        hashes |= standard_hashes(rgb, alpha)
    return Fingerprint(
        width=rgb.shape[1],
        height=rgb.shape[0],
        content=_content(picture),
        detail=float(np.float32(detail(thumbnail.astype(np.float32)))),
        codes=codes,
        mirrored_codes=mirrored_codes,
        layout=layout,
        thumbnail=thumbnail,
        local=local_features(picture),
        hashes=hashes,
    )


def _content(picture: NormalPicture) -> tuple[float, float, float, float]:
    """Return the content box in pixels of the rendition, as exactly as it is stored."""
    box, scale = picture.content, picture.scale
    edges = np.array([box.left, box.top, box.right, box.bottom], np.float32) * np.float32(scale)
    left, top, right, bottom = edges.tolist()
    return (left, top, right, bottom)
