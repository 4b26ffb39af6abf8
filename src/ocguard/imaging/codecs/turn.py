"""The eight EXIF orientations: pixels as stored in the file <-> pixels as a person sees them.

All are exchanges of rows and columns, so both directions are exact and undo each other. Numbers
are those of the EXIF orientation tag (CIPA DC-008, tag 0x0112): 1 upright, 2 mirrored, 3 turned by
180 degrees, 4 flipped, 5 transposed, 6 to be turned clockwise, 7 transversed, 8 counterclockwise.
"""

from __future__ import annotations

import numpy as np

from ocguard.imaging.picture import Pixels

__all__ = ["stored", "upright"]

_INVERSE = {6: 8, 8: 6}


def upright(pixels: Pixels, orientation: int) -> Pixels:
    """Turn stored (H, W, C) pixels as the orientation tag asks; unknown values turn nothing."""
    turned = pixels
    if orientation in {5, 6, 7, 8}:
        turned = turned.transpose(1, 0, 2)
    if orientation in {2, 3, 6, 7}:
        turned = turned[:, ::-1]
    if orientation in {3, 4, 7, 8}:
        turned = turned[::-1]
    return np.ascontiguousarray(turned)


def stored(pixels: Pixels, orientation: int) -> Pixels:
    """Turn upright pixels back to how a file with that orientation tag stores them."""
    return upright(pixels, _INVERSE.get(orientation, orientation))
