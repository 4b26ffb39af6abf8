"""Residuals: what is left of a suspect when its aligned reference is subtracted.

Both lie on the working raster of the mark. Light and dark of the reference follow the suspect
locally first, by a linear fit in a sliding window, as a guided filter does [1]_.

References
----------
.. [1] K. He, J. Sun, X. Tang, "Guided Image Filtering", IEEE Trans. Pattern Anal. Mach. Intell.
   35 (6), 2013, https://doi.org/10.1109/TPAMI.2012.213
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from ocguard.imaging.pixel_grid import corners_of, scaling
from ocguard.watermark.invisible.carrier import raster_size
from ocguard.watermark.invisible.codebook import KnownMark
from ocguard.watermark.invisible.response import apply_response, measure_response

__all__ = ["MARK_BANDS", "Laying", "subtract"]

TONE_SPAN_PX: Final = 33
"""Side of the window in which tones are fitted, working pixels: wider than the longest wave."""
TONE_FLOOR: Final = 4.0
"""Variance, squared grey levels, below which a window is fitted by its mean alone."""
MARK_BANDS: Final = slice(2, 11)
"""Bands of a response (see `response`) in which the mark lies: wavelengths of 7 to 40 px."""
MILD_SHRINK: Final = 0.8
"""Milder shrinking aliases less than bicubic interpolation blurs."""
WHOLE_WITHIN: Final = 0.01
"""Share of the longer side by which the corners of a suspect may miss those of the reference, for
it to be taken for the whole picture: matchers are no better."""
WHOLE_WITHIN_PX: Final = 2.0
"""The same for small suspects, pixels."""

_Plane = NDArray[np.float32]


@dataclass(frozen=True)
class Laying:
    """How a suspect and its reference lie on the working raster of a mark.

    Attributes
    ----------
    to_reference : (3, 3) float array
        Pixels of the suspect to those of the reference.
    reference_px : (int, int)
        Width and height of the reference.
    raster_px : (int, int)
        Width and height of the working raster, which shows all of the reference.
    """

    to_reference: NDArray[np.float64]
    reference_px: tuple[int, int]
    raster_px: tuple[int, int]

    @classmethod
    def of(cls, transform: NDArray[np.floating], reference: _Plane, mark: KnownMark) -> Laying:
        """Lay the raster of a mark on a (H, W) reference, and a suspect by its transform."""
        height, width = reference.shape
        raster = raster_size(mark.size_px, mark.cell_px)
        return cls(np.asarray(transform, np.float64), (width, height), raster)

    @property
    def is_mirrored(self) -> bool:
        """Whether the suspect shows the reference mirrored."""
        return bool(np.linalg.det(self.to_reference[:2, :2]) < 0)

    def suspect(self, plane: _Plane) -> _Plane:
        """Bring a plane of the suspect to the raster."""
        return _warp(plane, self._to_raster(), self.raster_px)

    def reference(self, plane: _Plane) -> _Plane:
        """Bring a plane of the reference to the raster."""
        return _resize(plane, self.raster_px)

    def shown(self, plane: _Plane) -> _Plane:
        """Return 1 where a suspect, of which a plane is given, shows the raster, 0 elsewhere."""
        whole = np.ones_like(plane)
        return np.asarray(
            cv2.warpPerspective(whole, self._to_raster(), self.raster_px, flags=cv2.INTER_NEAREST),
            np.float32,
        )

    def as_suspect(self, plane: _Plane, size_px: tuple[int, int]) -> _Plane:
        """Bring a plane of the reference to the pixels of the suspect.

        One that shows the whole picture is resized, as programs do that save it: where each pixel
        comes from is then known better than the matcher knows it.
        """
        to_suspect = np.asarray(np.linalg.inv(self.to_reference), np.float64)
        placed = cv2.perspectiveTransform(corners_of(self.reference_px)[None], to_suspect)[0]
        apart = placed - corners_of(size_px)
        if np.abs(apart).max() < max(WHOLE_WITHIN_PX, WHOLE_WITHIN * max(size_px)):
            return _resize(plane, size_px)
        return _warp(plane, to_suspect, size_px)

    def _to_raster(self) -> NDArray[np.float64]:
        steps = (
            ours / theirs for ours, theirs in zip(self.raster_px, self.reference_px, strict=True)
        )
        return np.asarray(scaling(*steps) @ self.to_reference, np.float64)


def subtract(suspect: _Plane, expected: _Plane, shown: _Plane) -> tuple[_Plane, bool]:
    """Subtract what is expected from a suspect, with as much of each wavelength as it has.

    Parameters
    ----------
    suspect, expected : (H, W) float32 array
        On the working raster.
    shown : (H, W) float32 array
        1 where the suspect shows the work.

    Returns
    -------
    residual : (H, W) float32 array
        0 where the work is not shown; with the mark the right way round.
    is_negative : bool
        Whether waves as long as the mark's were turned over, alone or with all others.
    """
    response = measure_response(suspect, expected, shown)
    residual = _fit_tones(suspect, apply_response(expected, response)) * shown
    is_negative = bool(response[MARK_BANDS].sum() < 0)
    return -residual if is_negative else residual, is_negative


def _fit_tones(suspect: _Plane, reference: _Plane) -> _Plane:
    """Return the suspect less the reference whose tones follow it locally."""
    span = (TONE_SPAN_PX, TONE_SPAN_PX)
    mean_suspect, mean_reference = cv2.blur(suspect, span), cv2.blur(reference, span)
    covariance = cv2.blur(suspect * reference, span) - mean_suspect * mean_reference
    variance = cv2.blur(reference * reference, span) - mean_reference * mean_reference
    gain = covariance / (np.maximum(variance, 0) + TONE_FLOOR)
    return np.asarray(suspect - mean_suspect - gain * (reference - mean_reference), np.float32)


def _resize(plane: _Plane, size_px: tuple[int, int]) -> _Plane:
    flags = cv2.INTER_AREA if size_px[0] < plane.shape[1] else cv2.INTER_CUBIC
    return np.asarray(cv2.resize(plane, size_px, interpolation=flags), np.float32)


def _warp(plane: _Plane, transform: NDArray[np.float64], size_px: tuple[int, int]) -> _Plane:
    """Lay a plane by a transform, without aliasing."""
    return np.asarray(
        cv2.warpPerspective(
            _antialias(plane, transform),
            transform,
            size_px,
            flags=cv2.INTER_CUBIC,
            borderMode=cv2.BORDER_REPLICATE,
        ),
        np.float32,
    )


def _antialias(plane: _Plane, transform: NDArray[np.float64]) -> _Plane:
    """Blur a plane that a transform shrinks, so that it does not alias."""
    shrink = float(np.sqrt(abs(np.linalg.det(transform[:2, :2] / transform[2, 2]))))
    if shrink >= MILD_SHRINK:
        return plane
    return np.asarray(cv2.GaussianBlur(plane, (0, 0), 0.4 / shrink), np.float32)
