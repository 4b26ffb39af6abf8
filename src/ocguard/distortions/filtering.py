"""Noise and the filters that people run over pictures: median, blur, sharpening, denoisers.

References
----------
.. [1] A. Buades, B. Coll, J.-M. Morel, "Non-local means denoising", IPOL 2011,
   doi:10.5201/ipol.2011.bcm_nlm.
.. [2] C. Tomasi, R. Manduchi, "Bilateral filtering for gray and color images", ICCV 1998,
   doi:10.1109/ICCV.1998.710815.
.. [3] E. S. L. Gastal, M. M. Oliveira, "Domain transform for edge-aware image and video
   processing", SIGGRAPH 2011, doi:10.1145/2010324.1964964.
"""

from __future__ import annotations

import cv2
import numpy as np

from ocguard.distortions.kind import Kind, Rgb, as_rgb, to_uint8

BILATERAL = (9, 40.0, 5.0)  # window in pixels, sigma in grey levels, sigma in pixels
EDGE_PRESERVING = (40.0, 0.3)  # sigma in pixels, sigma of levels (0-1)
DENOISE_WINDOWS_PX = (5, 15)  # template and search window of non-local means [1]_
SHARPEN_SIGMA_PX, SHARPEN_AMOUNT = 1.5, 1.0  # unsharp mask, as image editors preset it


def noise(rgb: Rgb, sigma: int, generator: np.random.Generator) -> Rgb:
    """Return the picture with Gaussian noise of ``sigma`` grey levels."""
    grain = generator.standard_normal(rgb.shape, dtype=np.float32)
    return to_uint8(rgb + sigma * grain)


def median(rgb: Rgb, window_px: int, _: np.random.Generator) -> Rgb:
    """Return the picture through a median of ``window_px`` (the next odd number)."""
    return as_rgb(cv2.medianBlur(rgb, window_px | 1))


def blur(rgb: Rgb, sigma_px: float) -> Rgb:
    """Return the picture blurred by a Gaussian."""
    return as_rgb(cv2.GaussianBlur(rgb, (0, 0), sigma_px))


def sharpen(rgb: Rgb, sigma_px: float = SHARPEN_SIGMA_PX, amount: float = SHARPEN_AMOUNT) -> Rgb:
    """Return the picture through an unsharp mask."""
    return as_rgb(cv2.addWeighted(rgb, 1 + amount, blur(rgb, sigma_px), -amount, 0))


def denoise(rgb: Rgb, strength: int) -> Rgb:
    """Return the picture through non-local means [1]_ of ``strength`` grey levels."""
    return as_rgb(
        cv2.fastNlMeansDenoisingColored(rgb, None, strength, strength, *DENOISE_WINDOWS_PX)
    )


def inverted_residue(rgb: Rgb, strength: int) -> Rgb:
    """Return the picture with what a denoiser takes off it turned over, and the mark with it."""
    return as_rgb(cv2.addWeighted(denoise(rgb, strength), 2, rgb, -1, 0))


def bilateral(rgb: Rgb) -> Rgb:
    """Return the picture through a bilateral filter [2]_."""
    return as_rgb(cv2.bilateralFilter(rgb, *BILATERAL))


def edge_preserving(rgb: Rgb) -> Rgb:
    """Return the picture through the recursive domain transform [3]_."""
    return as_rgb(cv2.edgePreservingFilter(rgb, None, cv2.RECURS_FILTER, *EDGE_PRESERVING))


KINDS = (
    Kind("noise", "noise", noise, (5, 10, 20)),
    Kind("median", "filter", median, (3, 5), (1, 31)),
    Kind("blur", "filter", lambda rgb, sigma_px, _: blur(rgb, sigma_px), (1, 2, 3), (1, 100)),
    Kind("sharpen", "filter", lambda rgb, _value, _: sharpen(rgb)),
    Kind("denoise", "filter", lambda rgb, strength, _: denoise(rgb, strength), (6,), (1, 50)),
    Kind(
        "inverted-residue",
        "filter",
        lambda rgb, strength, _: inverted_residue(rgb, strength),
        (4,),
        (1, 50),
    ),
    Kind("bilateral", "filter", lambda rgb, _value, _: bilateral(rgb)),
    Kind("edge-preserving", "filter", lambda rgb, _value, _: edge_preserving(rgb)),
)
