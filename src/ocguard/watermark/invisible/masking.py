"""Masking: how strong a mark may be at every pixel of a picture for the eye to miss it.

The amplitude follows two things. Where the picture has detail of its own, that detail hides the
mark (`imaging.visibility`), and every region gets what makes it show about as much as any other.
Where the picture is still, flat ground and smooth gradients, nothing hides anything: there the mark
fades out, so that the ground stays as clean as it was drawn, and its file as small.

References
----------
.. [1] R. Wolfgang, C. Podilchuk, E. Delp, "Perceptual Watermarks for Digital Images and Video",
   Proc. IEEE 87 (7), 1999, https://doi.org/10.1109/5.771067
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from ocguard.imaging.visibility import Host

__all__ = ["activity", "level", "liveliness"]

STILL_ACTIVITY: Final = 0.7
"""Local standard deviation, grey levels, up to which a region is still and stays as it is."""
WAKING_ACTIVITY: Final = 2.0
"""Grey levels above that at which a mark has half of the strength that could be hidden."""
ACTIVITY_SIGMA_PX: Final = 3.0

LEVEL_SIGMA_PX: Final = 4.0
"""Reach over which the distance of a change is evened out (Gaussian)."""
FAINTEST: Final = 1e-3
"""Distance that nothing is divided by less of."""

_Plane = NDArray[np.float32]


def level(hosts: Sequence[Host], change: _Plane) -> _Plane:
    """Make a change show equally everywhere.

    Parameters
    ----------
    hosts : sequence of Host
        The picture on each ground that it may be seen on; the one where most is seen counts.
    change : (H, W) float32 array
        Grey levels.

    Returns
    -------
    (H, W) float32 array
        The change, with a distance of about 1 around every pixel; about 0.03 s a megapixel.
    """
    height, width = change.shape
    squares = [np.square(host.distance(change)) for host in hosts]
    around = cv2.GaussianBlur(np.maximum.reduce(squares), (0, 0), LEVEL_SIGMA_PX / 2)
    seen = cv2.resize(np.sqrt(around), (width, height), interpolation=cv2.INTER_LINEAR)
    return np.asarray(change / (seen + FAINTEST), np.float32)


def liveliness(luma: _Plane) -> _Plane:
    """Return how lively a (H, W) luma plane is, from 0 where it is still towards 1."""
    above = np.maximum(activity(luma, ACTIVITY_SIGMA_PX) - STILL_ACTIVITY, 0)
    return np.asarray(above / (above + WAKING_ACTIVITY), np.float32)


def activity(luma: _Plane, sigma_px: float) -> _Plane:
    """Return the local standard deviation of a luma plane in grey levels, at half its detail.

    Parameters
    ----------
    luma : (H, W) float32 array
        Grey levels.
    sigma_px : float
        Reach of the surroundings (Gaussian).
    """
    height, width = luma.shape
    halved = (max(1, width // 2), max(1, height // 2))
    mean, square = (
        cv2.GaussianBlur(
            cv2.resize(plane, halved, interpolation=cv2.INTER_AREA), (0, 0), sigma_px / 2
        )
        for plane in (luma, luma * luma)
    )
    deviation = np.sqrt(np.maximum(square - mean * mean, 0))
    return np.asarray(cv2.resize(deviation, (width, height)), np.float32)
