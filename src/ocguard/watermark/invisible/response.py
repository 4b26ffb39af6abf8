"""Responses: how much of each wavelength a picture was left with, and giving a plane as much of it.

Blurring, sharpening and resizing multiply the waves of a picture by something that depends on
little but their length. A response says by what, in `BANDS` equal bands of frequency.

References
----------
.. [1] J. Bendat, A. Piersol, "Random Data: Analysis and Measurement Procedures", 4th ed., Wiley,
   2010, ch. 6 (estimates of frequency response), https://doi.org/10.1002/9781118032428
.. [2] D. Field, "Relations between the Statistics of Natural Images and the Response Properties of
   Cortical Cells", J. Opt. Soc. Am. A 4 (12), 1987, https://doi.org/10.1364/JOSAA.4.002379
"""

from __future__ import annotations

from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

__all__ = ["apply_response", "measure_response", "sharpening_response"]

BANDS: Final = 40
"""Bands from 0 to half a cycle a pixel."""
EDGE_PX: Final = 8
"""Border of what is shown that is not measured, pixels."""
TAPER_PX: Final = 6.0
"""Softness of the window that is measured (Gaussian), pixels."""
PAD_PX: Final = 32
"""What a plane is extended by, pixels, so that its opposite sides do not meet."""
COARSE_BANDS: Final = slice(2, 5)
"""Bands, wavelengths of 16 to 40 px, that tell how strong the finer ones of a sharp picture are."""
SHARP_SLOPE: Final = 3.0
"""Power of the frequency that the power of a sharp picture falls with: 2 in photographs [2]_."""
NOISE_BANDS: Final = slice(32, 40)
"""Bands in which a soft picture has only noise."""
ROUNDING_POWER: Final = 1 / 12
"""Power of the rounding to grey levels, in each coefficient."""
OVER_NOISE: Final = 4.0
"""Power, in multiples of the noise, down to which waves are worth strengthening."""
LARGEST_GAIN: Final = 8.0
SOFT_GAIN: Final = 2.0
"""A picture none of whose waves has lost that much is not soft."""

_MIDDLES: Final = (np.arange(BANDS) + 0.5) / (2 * BANDS)
_SHARP: Final = _MIDDLES**SHARP_SLOPE

_Plane = NDArray[np.float32]
_Float = NDArray[np.float64]


def measure_response(suspect: _Plane, reference: _Plane, shown: _Plane) -> _Float:
    """Measure what became of the waves of a reference in a suspect that lies aligned on it.

    Parameters
    ----------
    suspect, reference : (H, W) float32 array
        Two planes.
    shown : (H, W) float32 array
        1 where the suspect shows the reference, 0 elsewhere.

    Returns
    -------
    (40,) float array
        The least-squares factor in each band [1]_: 1 for what was left alone, 0 for what was lost,
        below 0 in a negative. About 0.1 s a megapixel.
    """
    core = cv2.erode(shown, np.ones((2 * EDGE_PX + 1,) * 2), borderValue=0)
    window = cv2.GaussianBlur(core, (0, 0), TAPER_PX, borderType=cv2.BORDER_CONSTANT)
    seen, expected = (
        np.fft.rfft2((plane - np.average(plane, weights=window + 1e-9)) * window)
        for plane in (suspect, reference)
    )
    band = _bands(window.shape)
    common = np.bincount(band, (seen * expected.conj()).real.ravel(), BANDS)
    power = np.bincount(band, np.square(np.abs(expected)).ravel(), BANDS)
    return np.asarray(common / np.maximum(power, 1e-9), np.float64)


def apply_response(plane: _Plane, response: _Float) -> _Plane:
    """Multiply the waves of a (H, W) plane by a response; about 0.1 s a megapixel."""
    height, width = plane.shape
    below, beside = (
        cv2.getOptimalDFTSize(side + 2 * PAD_PX) - side - PAD_PX for side in plane.shape
    )
    padded = cv2.copyMakeBorder(plane, PAD_PX, below, PAD_PX, beside, cv2.BORDER_REPLICATE)
    gain = np.interp(_frequencies(padded.shape), _MIDDLES, response)
    treated = np.fft.irfft2(np.fft.rfft2(padded) * gain, padded.shape)
    return treated[PAD_PX : PAD_PX + height, PAD_PX : PAD_PX + width].astype(np.float32)


def sharpening_response(luma: _Plane) -> _Float | None:
    """Return what would sharpen a picture that was blurred, ``None`` for one that was not.

    The power of natural pictures falls with a power of the frequency [2]_. Waves that fell short
    of that and still stand out of the noise are brought back to it; the first that do not end it.

    Parameters
    ----------
    luma : (H, W) float32 array
        Grey levels.

    Returns
    -------
    (40,) float array or None
        Factors from 1 to 8, to be applied by `apply_response`; about 0.05 s a megapixel.
    """
    height, width = luma.shape
    window = np.outer(np.hanning(height), np.hanning(width)).astype(np.float32)
    waves = np.fft.rfft2((luma - luma.mean()) * window) / np.linalg.norm(window)
    band = _bands(luma.shape)
    logs = np.bincount(band, np.log(np.square(np.abs(waves)) + 1e-9).ravel(), BANDS)
    power = np.exp(logs / np.maximum(np.bincount(band, minlength=BANDS), 1))
    level = np.exp(np.log(power * _SHARP)[COARSE_BANDS].mean())
    noise = max(ROUNDING_POWER, float(np.median(power[NOISE_BANDS])))
    lost = np.flatnonzero(power < OVER_NOISE * noise)
    gain = np.clip(np.sqrt(level / _SHARP / power), 1, LARGEST_GAIN)
    gain[: COARSE_BANDS.start] = 1
    gain[lost[0] if len(lost) else BANDS :] = 1
    return gain if gain.max() >= SOFT_GAIN else None


def _bands(shape: tuple[int, ...]) -> NDArray[np.intp]:
    """Return the band of each coefficient of the transform of a plane, in one row."""
    return np.minimum(_frequencies(shape) * (2 * BANDS), BANDS - 1).astype(np.intp).ravel()


def _frequencies(shape: tuple[int, ...]) -> _Float:
    """Return the frequency of each coefficient of the transform of a plane, cycles a pixel."""
    height, width = shape
    across, along = np.fft.fftfreq(height), np.fft.rfftfreq(width)
    return np.asarray(np.hypot(across[:, None], along), np.float64)
