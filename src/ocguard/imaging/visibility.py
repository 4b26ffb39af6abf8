"""Visibility: how much of a change in light the eye sees, pixel by pixel and over a picture.

A fast relative of two reference meters, for changes that make a picture lighter and darker without
changing its colors. `Host.distance` follows Butteraugli [1]_: the change is split into three bands
of wavelengths, and the energy of each is divided by what hides it, the fine detail of the picture
around. Detail beside a flat does not hide what lies on the flat. `Host.judge` pools that map as
Butteraugli's 3-norm does, and adds a similarity after SSIMULACRA2 [2]_: the local energy of the
change over that of the picture, at several scales.

Both start from what the long and middle cones take in, so that a grey level counts as much as it
shows on dark, bright and saturated ground. Butteraugli then takes a logarithm of it over the glow
of a screen in a room, and SSIMULACRA2 the cube root; so does each of the two measures here.

References
----------
.. [1] J. Alakuijala, R. Obryk, O. Stoliarchuk, Z. Szabadka, L. Vandevenne, J. Wassenberg,
   "Guetzli: Perceptually Guided JPEG Encoder", 2017, https://doi.org/10.48550/arXiv.1703.04421
.. [2] J. Sneyers, "SSIMULACRA 2", 2023, https://github.com/cloudinary/ssimulacra2
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Final, Self

import cv2
import numpy as np
from numpy.typing import NDArray

__all__ = ["Host", "Visibility", "visibility"]

CONES: Final = (0.265, 0.657, 0.078)
"""Red, green and blue light that long and middle cones take in, on the mean (opsin of XYB)."""
CONE_BIAS: Final = 0.0037930733
"""What cones take in without any light; white is 1."""
GLOW: Final = 0.125
"""The same for a screen of 80 nits, as Butteraugli sees it."""
COARSE_SIGMA_PX: Final = 3.2
FINE_SIGMA_PX: Final = 1.56
WIDE_SIGMA_PX: Final = 7.2
"""Gaussians between which Butteraugli's bands of a change lie: fine, middle, coarse."""
BAND_WEIGHTS: Final = (903.0, 6104.0, 7054.0)
"""Weights of the energy in those bands; fitted to Butteraugli, as are the next two."""
HIDING_FLOOR: Final = 0.00247
HIDING_POWER: Final = 0.36
HIDING_REACH_PX: Final = 2.0
ENERGY_SIGMA_PX: Final = 2.0
"""Reach over which the energy of a change is gathered (Gaussian)."""
PEAK_LOSS: Final = 1.15
"""What the largest distance loses at half the resolution (fitted)."""
WINDOW_SIGMA_PX: Final = 1.5
STEADY: Final = 0.0009
"""What keeps the similarity of flats finite (SSIMULACRA2's constant)."""
MEAN_WEIGHTS: Final = (102.6, 0.0, 267.8, 846.2, 3195.9)
PEAK_WEIGHTS: Final = (18.1, 0.0, 73.3, 0.0, 0.0)
"""Weights of the mean and of the 4-norm of dissimilarity in the picture and each of its halvings,
fitted to SSIMULACRA2."""
TILE_PX: Final = 1024
TILE_MARGIN_PX: Final = 64
"""Pictures of any size are measured in tiles, which overlap by what a pixel sees around it."""
ORDERS: Final = (3, 6, 12)
"""Orders of the norms whose mean is Butteraugli's 3-norm."""

_NOTHING: Final = 1e-6

_Plane = NDArray[np.float32]
_Rgb = NDArray[np.uint8]
_Mask = NDArray[np.bool_]
_Part = tuple[slice, slice]


@dataclass(frozen=True)
class Visibility:
    """How much a change is seen.

    Attributes
    ----------
    largest : float
        Largest distance of a pixel, on Butteraugli's scale: about 1 is just noticed.
    norm : float
        Its 3-norm over what is visible. JPEG of quality 95 comes to about 0.4 on character art.
    similarity : float
        On SSIMULACRA2's scale: 100 for no change, 90 for none that is seen at normal distance.
    """

    largest: float
    norm: float
    similarity: float

    def room(self, most: Visibility) -> float:
        """Return by what a change may be multiplied before any measure passes its most.

        All three grow in proportion to a small change.
        """
        unlike = max(100 - self.similarity, _NOTHING)
        return min(
            most.largest / max(self.largest, _NOTHING),
            most.norm / max(self.norm, _NOTHING),
            (100 - most.similarity) / unlike,
        )

    def times(self, factor: float) -> Visibility:
        """Return what a change shows that is so many times as visible."""
        unlike = factor * (100 - self.similarity)
        return Visibility(self.largest * factor, self.norm * factor, 100 - unlike)

    def or_worse(self, other: Visibility) -> Visibility:
        """Return the worse of two in each measure."""
        return Visibility(
            max(self.largest, other.largest),
            max(self.norm, other.norm),
            min(self.similarity, other.similarity),
        )


@dataclass(frozen=True)
class _Pooled:
    """Sums over some pixels, which add up over tiles.

    Attributes
    ----------
    largest : float
        Largest distance.
    powers : (4,) float array
        Number of pixels, and sums of the powers of their distances.
    unlike : (5, 3) float array
        For each scale, number of pixels, and sums of dissimilarity and of its fourth power.
    """

    largest: float
    powers: NDArray[np.float64]
    unlike: NDArray[np.float64]

    def __add__(self, other: Self) -> Self:
        return type(self)(
            max(self.largest, other.largest),
            self.powers + other.powers,
            self.unlike + other.unlike,
        )

    def visibility(self) -> Visibility:
        """Return what the sums stand for; no change where nothing is visible."""
        means = self.powers[1:] / max(self.powers[0], 1)
        norm = float(np.mean(means ** (1 / np.array(ORDERS))))
        count, total, fourth = self.unlike.T
        mean, peak = total / np.maximum(count, 1), (fourth / np.maximum(count, 1)) ** 0.25
        unlike = float(mean @ MEAN_WEIGHTS + peak @ PEAK_WEIGHTS)
        return Visibility(self.largest * PEAK_LOSS, norm, 100 - 10 * float(np.sqrt(unlike)))


class Host:
    """A picture that a change is put into.

    Parameters
    ----------
    rgb : (H, W, 3) uint8 array
        The picture as it is seen, transparent parts on some ground.
    visible : (H, W) bool array or None
        Pixels that count; all without.

    Attributes
    ----------
    rgb
        As given.

    Notes
    -----
    About 0.01 CPU-seconds a megapixel, and 0.01 for each change that is judged.
    """

    def __init__(self, rgb: _Rgb, visible: _Mask | None = None) -> None:
        self.rgb = rgb
        self._cones = _cones(rgb)
        self._visible = np.ones(rgb.shape[:2], bool) if visible is None else visible

    @cached_property
    def _slope(self) -> _Plane:
        """What cones take in of one grey level more in every channel."""
        return _taken(self.rgb, _STEPS)

    @cached_property
    def _hiding(self) -> _Plane:
        """What the distances of changes are divided by, at half the resolution."""
        response = _response(self._cones)
        detail = np.abs(response - _coarse(response))
        around = _blurred(_halved(detail), HIDING_REACH_PX / 2)
        return np.asarray((HIDING_FLOOR + cv2.erode(around, np.ones((3, 3)))) ** HIDING_POWER)

    @cached_property
    def _scales(self) -> list[tuple[_Plane, _Mask]]:
        """For each scale, twice the local variance, and what is visible."""
        found = []
        plane, shown = _light(self._cones), self._visible.astype(np.float32)
        for _ in MEAN_WEIGHTS:
            found.append((2 * _variance(plane) + STEADY, shown > 0))
            plane, shown = _halved(plane), _halved(shown)
        return found

    def distance(self, levels: _Plane) -> _Plane:
        """Return the distance map of a (H, W) change in grey levels, at half the resolution."""
        return self._distance(levels * self._slope / (3 * (self._cones + GLOW)))

    def judge(self, levels: _Plane) -> Visibility:
        """Tell how much a small (H, W) change in grey levels is seen."""
        near = self.distance(levels)
        change = levels * self._slope / (3 * np.cbrt(np.square(self._cones)))
        return self._pooled(near, change, (slice(None), slice(None))).visibility()

    def compare(self, other: _Rgb, inner: _Part) -> _Pooled:
        """Compare with another picture over some rows and columns."""
        cones = _cones(other)
        near = self._distance(_response(cones) - _response(self._cones))
        return self._pooled(near, _light(cones) - _light(self._cones), inner)

    def _distance(self, change: _Plane) -> _Plane:
        """Return the distance map of a change of response."""
        detail = change - _coarse(change)
        middle = _blurred(detail, FINE_SIGMA_PX)
        halved = _halved(change)
        wide = _blurred(halved, COARSE_SIGMA_PX / 2) - _blurred(halved, WIDE_SIGMA_PX / 2)
        energies = (
            _halved(np.square(detail - middle)),
            _halved(np.square(middle)),
            np.square(wide),
        )
        total = sum(w * energy for w, energy in zip(BAND_WEIGHTS, energies, strict=True))
        gathered = np.maximum(_blurred(np.asarray(total), ENERGY_SIGMA_PX / 2), 0)
        return np.asarray(np.sqrt(gathered) / self._hiding, np.float32)

    def _pooled(self, near: _Plane, change: _Plane, inner: _Part) -> _Pooled:
        """Pool distances and the dissimilarity that a change of light makes."""
        halved = _coarser(inner, 1)
        counted = near[halved][self._scales[1][1][halved]].astype(np.float64)
        powers = [float(len(counted)), *(float(np.sum(counted**order)) for order in ORDERS)]
        unlike = np.zeros((len(MEAN_WEIGHTS), 3))
        for scale, (variance, shown) in enumerate(self._scales):
            if MEAN_WEIGHTS[scale] or PEAK_WEIGHTS[scale]:
                within = _coarser(inner, scale)
                found = (_variance(change) / variance)[within][shown[within]].astype(np.float64)
                unlike[scale] = len(found), found.sum(), np.sum(found**4)
            change = _halved(change)
        return _Pooled(float(counted.max(initial=0)), np.array(powers), unlike)


def visibility(before: _Rgb, after: _Rgb, visible: _Mask | None = None) -> Visibility:
    """Tell how much of the change from one picture to another is seen.

    Parameters
    ----------
    before, after : (H, W, 3) uint8 array
        Of one size. Changes of color alone are not seen by this measure.
    visible : (H, W) bool array or None
        Pixels that count; all without.

    Returns
    -------
    Visibility
        Pooled over the pixels that count.

    Raises
    ------
    ValueError
        The pictures differ in size.

    Notes
    -----
    About 0.04 CPU-seconds a megapixel, and 60 megabytes for a picture of any size.
    """
    if before.shape != after.shape:
        raise ValueError(f"pictures of {before.shape} and {after.shape} cannot be compared")
    pooled = [
        Host(before[tile], None if visible is None else visible[tile]).compare(after[tile], inner)
        for tile, inner in _tiles(*before.shape[:2])
    ]
    return sum(pooled[1:], pooled[0]).visibility()


def _cones(rgb: _Rgb) -> _Plane:
    """Return what cones take in of every pixel, from `CONE_BIAS` to a little over 1."""
    return _taken(rgb, _LINEAR) + np.float32(CONE_BIAS)


def _taken(rgb: _Rgb, light: NDArray[np.float32]) -> _Plane:
    """Return what cones take in of colors, given the light of each of the 256 levels.

    A look-up for each channel takes a sixth of the time of OpenCV's for all three.
    """
    red, green, blue = (
        (light * np.float32(share)).take(rgb[..., channel]) for channel, share in enumerate(CONES)
    )
    return np.asarray(red + green + blue, np.float32)


def _response(cones: _Plane) -> _Plane:
    return np.asarray(cv2.log(cones + np.float32(GLOW)) * np.float32(1 / 3), np.float32)


def _light(cones: _Plane) -> _Plane:
    return np.asarray(np.cbrt(cones), np.float32)


def _tiles(height: int, width: int) -> Iterator[tuple[_Part, _Part]]:
    """Yield tiles with a margin, and what of each counts."""
    for rows, inner_rows in _spans(height):
        for columns, inner_columns in _spans(width):
            yield (rows, columns), (inner_rows, inner_columns)


def _spans(length: int) -> Iterator[_Part]:
    """Yield spans of a length with margins, and what inside of each counts."""
    for start in range(0, length, TILE_PX):
        first, stop = max(0, start - TILE_MARGIN_PX), min(length, start + TILE_PX)
        last = min(length, stop + TILE_MARGIN_PX)
        yield slice(first, last), slice(start - first, stop - first)


def _coarser(part: _Part, halvings: int) -> _Part:
    """Return a part of a plane after some halvings; a whole plane stays whole."""
    rows, columns = (
        one if one == slice(None) else slice(one.start >> halvings, one.stop >> halvings)
        for one in part
    )
    return rows, columns


def _blurred(plane: _Plane, sigma_px: float) -> _Plane:
    return np.asarray(cv2.GaussianBlur(plane, (0, 0), sigma_px), np.float32)


def _coarse(plane: _Plane) -> _Plane:
    """Return a plane without its detail, which half of the resolution is enough for."""
    height, width = plane.shape
    blurred = _blurred(_halved(plane), COARSE_SIGMA_PX / 2)
    return np.asarray(cv2.resize(blurred, (width, height)), np.float32)


def _halved(plane: _Plane) -> _Plane:
    """Return a plane at half its resolution; a side of one pixel stays."""
    height, width = plane.shape
    size = (max(1, width // 2), max(1, height // 2))
    return np.asarray(cv2.resize(plane, size, interpolation=cv2.INTER_AREA), np.float32)


def _variance(plane: _Plane) -> _Plane:
    """Return the local variance around every pixel."""
    mean = _blurred(plane, WINDOW_SIGMA_PX)
    square = _blurred(np.square(plane), WINDOW_SIGMA_PX)
    return np.maximum(square - np.square(mean), 0)


def _linear_light() -> NDArray[np.float32]:
    """Return the linear light of the 256 levels of sRGB (IEC 61966-2-1)."""
    level = np.arange(256) / 255
    return np.where(level <= 0.04045, level / 12.92, ((level + 0.055) / 1.055) ** 2.4).astype(
        np.float32
    )


_LINEAR: Final = _linear_light()
_STEPS: Final = np.gradient(_LINEAR).astype(np.float32)
