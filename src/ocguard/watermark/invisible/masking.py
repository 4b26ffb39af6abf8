"""Masking: how strong a mark may be at every pixel of a picture for the eye to miss it.

The amplitude follows two things. Where the picture has detail of its own, that detail hides the
mark (`imaging.visibility`), and a region gets the more the more is hidden there, but not so much
that it would show as much as any other: a reader has the same detail against it.
Where the picture is still, flat ground and smooth gradients, nothing hides anything: there the mark
fades out, so that the ground stays as clean as it was drawn, and its file as small.

References
----------
.. [1] R. Wolfgang, C. Podilchuk, E. Delp, "Perceptual Watermarks for Digital Images and Video",
   Proc. IEEE 87 (7), 1999, https://doi.org/10.1109/5.771067
"""

from __future__ import annotations

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

EVENNESS: Final = 0.5
"""1 for a mark that shows equally everywhere, 0 for one of equal amplitude. In the middle is where
most is read of a mark that may be seen so much in all."""
LEVEL_SIGMA_PX: Final = 4.0
"""Reach over which the distance of a change is evened out (Gaussian)."""
FAINTEST: Final = 1e-3
"""Distance that nothing is divided by less of."""

_Plane = NDArray[np.float32]


def level(host: Host, change: _Plane) -> _Plane:
    """Make a change show about equally everywhere; `EVENNESS` says how equally.

    Parameters
    ----------
    host : Host
        The picture.
    change : (H, W) float32 array
        Grey levels.

    Returns
    -------
    (H, W) float32 array
        The change, of a strength that is to be scaled; about 0.02 s a megapixel.
    """
    height, width = change.shape
    around = cv2.GaussianBlur(np.square(host.distance(change)), (0, 0), LEVEL_SIGMA_PX / 2)
    hidden = np.power(around + FAINTEST**2, -EVENNESS / 2)
    return np.asarray(change * cv2.resize(hidden, (width, height)), np.float32)


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
