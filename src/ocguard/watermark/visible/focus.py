"""Find what a mark should cross, and what it should keep off.

Lines and texture are what makes a mark hard to repair: a mark across hair, cloth and outlines
cannot be painted over without redrawing them, one on plain ground can. Eyes and faces are what
people look at: small places where color and detail differ from all around them. Both are read
from a small view of the picture, without any model: lines as local gradient, the focus as the
contrast of a place with its surroundings, in luma and in color, at several sizes (center-surround
saliency [1]_, [2]_), together with compact fine detail, which is what drawn eyes are.

References
----------
.. [1] L. Itti, C. Koch, E. Niebur, "A model of saliency-based visual attention for rapid scene
   analysis", IEEE TPAMI 20(11), 1998, https://doi.org/10.1109/34.730558
.. [2] R. Achanta, S. Hemami, F. Estrada, S. Susstrunk, "Frequency-tuned salient region detection",
   CVPR 2009, https://doi.org/10.1109/CVPR.2009.5206596
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

__all__ = ["Focus", "focus_of"]

_VIEW_PX: Final = 128
"""Long side of the view that is searched: a face of a tenth of the picture has 13 pixels there."""

_FOCUS_SHARE: Final = 0.1
"""Share of the art that counts as its focus: about a face with its hair on a bust portrait."""

_STEPS: Final = 16
"""Steps of worth: whatever the last bits of a blur are on a machine, the mark lies the same."""

FLAT_GRADIENT: Final = 3.0
"""Mean gradient around a place, grey levels a pixel of the view, below which it is flat."""


@dataclass(frozen=True, eq=False)
class Focus:
    """Where a mark should lie, on a raster of at most 128 pixels that covers the whole picture.

    Attributes
    ----------
    worth : (h, w) float32 array
        -1 on eyes and faces, up to 1 on lines and texture, 0 on flat and on clear ground.
    is_flat : (h, w) bool array
        Where there is neither line nor texture.
    """

    worth: NDArray[np.float32]
    is_flat: NDArray[np.bool_]


def focus_of(rgb: NDArray[np.uint8], opacity: NDArray[np.uint8]) -> Focus:
    """Read a small view of a picture.

    Parameters
    ----------
    rgb : (h, w, 3) uint8 array
        RGB.
    opacity : (h, w) uint8 array
        What shows.

    Returns
    -------
    Focus
        On a raster of its own.

    Notes
    -----
    About 0.004 CPU-seconds.
    """
    scale = min(1.0, _VIEW_PX / max(opacity.shape))
    size = (max(1, round(opacity.shape[1] * scale)), max(1, round(opacity.shape[0] * scale)))
    small = cv2.resize(rgb, size, interpolation=cv2.INTER_AREA)
    shows = cv2.resize(opacity, size, interpolation=cv2.INTER_AREA).astype(np.float32) / 255
    lab = cv2.cvtColor(small.astype(np.float32) / 255, cv2.COLOR_RGB2Lab).astype(np.float32)
    mean = (lab * shows[..., None]).sum(axis=(0, 1)) / max(1.0, float(shows.sum()))
    shown = mean + (lab - mean) * shows[..., None]  # clear ground neither stands out nor has edges
    lab = shown.astype(np.float32)
    gradient = _gradient(lab[..., 0] * np.float32(2.55))
    around = cv2.blur(gradient, (5, 5))
    lines = np.clip(around / 24, 0, 1) * shows
    attention = np.rint(_standing_out(lab) * shows * 1000)
    inside = attention[shows > 0.5]
    limit = float(np.quantile(inside, 1 - _FOCUS_SHARE)) if inside.size else np.inf
    is_focus = (attention > limit).astype(np.float32)
    near = cv2.GaussianBlur(is_focus, (0, 0), 0.02 * _VIEW_PX)
    worth = np.where(near > 0.25, -np.clip(2 * near, 0, 1), lines)
    return Focus(
        np.rint(_STEPS * worth).astype(np.float32) / _STEPS,
        np.asarray(around < FLAT_GRADIENT, np.bool_),
    )


def _gradient(grey: NDArray[np.float32]) -> NDArray[np.float32]:
    across = cv2.Sobel(grey, cv2.CV_32F, 1, 0, scale=0.125)
    down = cv2.Sobel(grey, cv2.CV_32F, 0, 1, scale=0.125)
    return np.asarray(cv2.magnitude(across, down), np.float32)


def _standing_out(lab: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return how much each place differs from its surroundings, at sizes of eyes and of faces."""
    found = np.zeros(lab.shape[:2], np.float32)
    for inner, outer in ((1.0, 4.0), (3.0, 12.0), (6.0, 24.0)):
        center = cv2.GaussianBlur(lab, (0, 0), inner)
        surround = cv2.GaussianBlur(lab, (0, 0), outer)
        contrast = np.linalg.norm(center - surround, axis=2)
        found += contrast / max(1e-3, float(contrast.max()))
    detail = cv2.GaussianBlur(_gradient(np.ascontiguousarray(lab[..., 0])), (0, 0), 3.0)
    middle = _toward_middle(lab.shape[:2])
    return np.asarray((found + detail / max(1e-3, float(detail.max()))) * middle, np.float32)


def _toward_middle(shape: tuple[int, ...]) -> NDArray[np.float32]:
    """Weigh places by how often a face is there: rarely at the border or low in the picture."""
    y = np.linspace(-1, 1, shape[0], dtype=np.float32)[:, None]
    x = np.linspace(-1, 1, shape[1], dtype=np.float32)[None, :]
    low = np.clip(y, 0, 1)
    return np.asarray((1 - 0.5 * np.maximum(np.abs(x), np.abs(y)) ** 3) * (1 - 0.4 * low))
