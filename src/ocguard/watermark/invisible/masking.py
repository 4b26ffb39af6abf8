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

from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from ocguard.imaging.visibility import Host

__all__ = ["activity", "amplitude"]

STILL_ACTIVITY: Final = 0.7
"""Local standard deviation, grey levels, up to which a region is still and stays as it is."""
WAKING_ACTIVITY: Final = 2.0
"""Above that, grey levels by which a mark comes to half of what could be hidden."""
ACTIVITY_SIGMA_PX: Final = 3.0

_Plane = NDArray[np.float32]


def amplitude(host: Host, luma: _Plane) -> _Plane:
    """Return the relative amplitude of a mark at every pixel.

    Parameters
    ----------
    host : Host
        The picture on the working raster.
    luma : (H, W) float32 array
        Its luma, grey levels.

    Returns
    -------
    (H, W) float32 array
        Grey levels that show as much as one level of light at full contrast would; only their
        proportions are of use. 0 where the picture is still. About 0.03 s a megapixel.
    """
    height, width = luma.shape
    hiding = cv2.resize(host.hiding, (width, height), interpolation=cv2.INTER_LINEAR)
    above = np.maximum(activity(luma, ACTIVITY_SIGMA_PX) - STILL_ACTIVITY, 0)
    return np.asarray(hiding / host.slope * (above / (above + WAKING_ACTIVITY)), np.float32)


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
