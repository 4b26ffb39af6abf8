"""Make a coarse map exact: move a suspect by little until its light and dark lie on the work's.

The layout of edges is matched on a small raster, which leaves a map that is off by a few percent.
Lines that lie beside each other by that much seem to differ, all over the picture. So the suspect,
laid on the work by the coarse map, is moved by an affine map that correlates both best (enhanced
correlation coefficient): first blurred much, then little. Nothing says that the result is better,
least of all where both are different pictures: whoever asks compares before and after.

References
----------
G. D. Evangelidis, E. Z. Psarakis, Parametric image alignment using enhanced correlation coefficient
maximization, PAMI 2008, doi:10.1109/TPAMI.2008.113.
"""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from ocguard.matching.alignment.bending import Laid

__all__ = ["refined_map"]

BLURS_PX = (3.0, 1.0)
"""Blur of both pictures (Gaussian, standard deviation), in raster pixels, one after the other."""

STOP = (cv2.TERM_CRITERIA_COUNT | cv2.TERM_CRITERIA_EPS, 40, 1e-4)
"""Most steps of the search at each blur, and the gain of the correlation below which it ends."""

OWN_BLUR_PX = 3
"""Width of the blur that OpenCV adds to both pictures, in raster pixels."""


def refined_map(
    laid: Laid, work_size: tuple[int, int], transform: NDArray[np.float64]
) -> NDArray[np.float64] | None:
    """Return the map that lays a suspect's light and dark best on the work's.

    Parameters
    ----------
    laid : Laid
        The suspect on the work's raster, by the coarse map.
    work_size : (int, int)
        Width and height of the work's rendition in pixels.
    transform : (3, 3) float64 array
        The coarse map: suspect pixels to work pixels.

    Returns
    -------
    (3, 3) float64 array or None
        The finer map; None where the search finds none, as on one color.

    Notes
    -----
    10 to 40 CPU-milliseconds.
    """
    ours, theirs = (_luma(rgb) for rgb in (laid.suspect_rgb, laid.work_rgb))
    reached = (laid.cover > 0.5).astype(np.uint8)
    back: NDArray[np.float32] = np.eye(2, 3, dtype=np.float32)
    for blur in BLURS_PX:
        work, suspect = (cv2.GaussianBlur(luma, (0, 0), blur) for luma in (theirs, ours))
        try:
            _, found = cv2.findTransformECC(
                work, suspect, back, cv2.MOTION_AFFINE, STOP, reached, OWN_BLUR_PX
            )
        except cv2.error:  # it does not converge, or nothing varies
            return None
        back = np.asarray(found, np.float32)
    onto = np.linalg.inv(np.vstack([back.astype(np.float64), (0.0, 0.0, 1.0)]))
    height, width = laid.work_rgb.shape[:2]
    shrink = np.diag([width / work_size[0], height / work_size[1], 1.0])
    return np.asarray(np.linalg.inv(shrink) @ onto @ shrink @ transform)


def _luma(rgb: NDArray[np.uint8]) -> NDArray[np.float32]:
    return np.asarray(cv2.cvtColor(rgb, cv2.COLOR_RGB2GRAY), np.float32)
