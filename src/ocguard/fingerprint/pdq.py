"""PDQ, the hash that platforms exchange through ThreatExchange: 256 bits of a picture's outlines.

Luma is smoothed by two passes of a box filter, sampled at 64 x 64 points, and transformed by the
discrete cosine transform. Each of its 16 x 16 lowest frequencies (without the constant ones) is a
bit: above the median or not. This is the published algorithm, so that others find the same bits;
:mod:`~ocguard.fingerprint.codes` uses the idea on resampling of our own.

References
----------
Facebook, The TMK+PDQF video-hashing algorithm and the PDQ image-hashing algorithm, 2019.
Reference implementation: github.com/facebook/ThreatExchange, folder ``pdq`` (BSD license).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

__all__ = ["MIN_QUALITY", "Pdq", "pdq"]

MIN_QUALITY: Final = 50
"""Pictures below hold too little to be told apart; ThreatExchange takes none of their hashes."""

SAMPLES: Final = 64
FREQUENCIES: Final = 16
PASSES: Final = 2
"""A box filter twice, across and down, is a tent filter."""

QUALITY_DIVISOR: Final = 90
"""Sum of gradients, in percent of the range of luma, that is one step of quality (reference)."""

_LUMA: Final = np.array([0.299, 0.587, 0.114], np.float32)
_COSINES: Final = np.cos(
    np.pi / 2 / SAMPLES * np.outer(np.arange(1, FREQUENCIES + 1), 2 * np.arange(SAMPLES) + 1)
)


@dataclass(frozen=True)
class Pdq:
    """A PDQ hash.

    Attributes
    ----------
    text : str
        64 hexadecimal digits. Of two copies of one picture at most 31 bits differ as a rule.
    quality : int
        How much there is to hash, 0 to 100; see :data:`MIN_QUALITY`.
    """

    text: str
    quality: int


def pdq(rgb: NDArray[np.uint8]) -> Pdq:
    """Compute the PDQ hash of an opaque picture.

    Parameters
    ----------
    rgb : (H, W, 3) uint8 array
        RGB. The reference shrinks large pictures first; a rendition of some 1,000 px hashes alike.

    Returns
    -------
    Pdq
        The hash and its quality.

    Notes
    -----
    About 0.02 CPU-seconds for a megapixel.
    """
    luma = rgb.astype(np.float32) @ _LUMA
    for _ in range(PASSES):
        luma = _boxed(luma)
    rows, columns = (
        ((np.arange(SAMPLES) + 0.5) * side / SAMPLES).astype(int) for side in luma.shape
    )
    samples = luma[np.ix_(rows, columns)].astype(np.float64)
    low = (_COSINES @ samples @ _COSINES.T).ravel()
    median = np.partition(low, low.size // 2 - 1)[low.size // 2 - 1]
    bits = np.packbits((low > median)[::-1])  # the last frequency comes first
    return Pdq(bits.tobytes().hex(), _quality(samples))


def _boxed(luma: NDArray[np.float32]) -> NDArray[np.float32]:
    """Average over a window of half a sample's share, and at borders over what is there of it."""
    size = [-(-side // (2 * SAMPLES)) for side in luma.shape[::-1]]
    anchor = [(side - 1) // 2 for side in size]

    def summed(values: NDArray[np.float32]) -> NDArray[np.float32]:
        done = cv2.boxFilter(
            values, -1, size, anchor=anchor, normalize=False, borderType=cv2.BORDER_CONSTANT
        )
        return np.asarray(done, np.float32)

    return summed(luma) / summed(np.ones_like(luma))


def _quality(samples: NDArray[np.float64]) -> int:
    """Add up the gradients that are seen."""
    steps = [np.diff(samples, axis=axis) * 100 / 255 for axis in (0, 1)]
    total = sum(int(np.abs(np.trunc(step)).sum()) for step in steps)
    return min(100, total // QUALITY_DIVISOR)
