"""What an ordinary copy would have left of a mark: the yardstick for one that seems taken out.

Where the matcher says that a picture is a near copy of a marked work, and no mark is read beside
the original, the copy itself tells how much it went through: which waves it lost, and how far it
is from the original beside that. So the work is marked once more, loses the same waves, is laid as
the copy lies, and is saved as JPEG and as WebP of the qualities that bring it as far from the
original. What is read of the mark in the worse of both is what ordinary processing would have left
of it. An attack that takes a mark and leaves the picture lets much be expected where nothing is
found; one that the picture suffers from does not.

That is a hint, no proof: a copy of the picture before it was marked looks the same.

References
----------
.. [1] I. Cox, M. Miller, J. Bloom, J. Fridrich, T. Kalker, "Digital Watermarking and
   Steganography", 2nd ed., Morgan Kaufmann, 2008, ch. 9 (unauthorized removal),
   https://doi.org/10.1016/B978-0-12-372585-1.X5001-3
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from ocguard.choices import Strength
from ocguard.errors import HostTooSmallError
from ocguard.keys import SecretKey
from ocguard.watermark.invisible import KnownMark, detect_informed, embed
from ocguard.watermark.invisible.carrier import to_luma
from ocguard.watermark.invisible.residual import MARK_BANDS
from ocguard.watermark.invisible.response import apply_response, measure_response

__all__ = ["ExpectedReading", "expected_reading"]

QUALITIES: Final = (95, 90, 85, 80, 70, 60, 50, 40, 30, 25, 20, 15, 10)
"""That are tried, from the best."""
CODECS: Final = ((".jpg", cv2.IMWRITE_JPEG_QUALITY), (".webp", cv2.IMWRITE_WEBP_QUALITY))
EDGE_PX: Final = 24
"""Margin inside of what a copy shows of the work that is not compared."""

_Rgb = NDArray[np.uint8]
_Plane = NDArray[np.float32]


@dataclass(frozen=True)
class ExpectedReading:
    """How a mark reads in a copy, and how it would after ordinary processing that costs as much.

    Attributes
    ----------
    p_value : float
        Of the likeliest mark in the copy.
    expected_p_value : float
        Of the mark in an ordinary copy, by the codec that leaves less of it.
    """

    p_value: float
    expected_p_value: float


def expected_reading(
    rgb: _Rgb,
    reference: _Rgb,
    transform: NDArray[np.floating],
    *,
    key: SecretKey,
    known: list[KnownMark],
    strength: Strength,
) -> ExpectedReading | None:
    """Tell how a mark reads in a copy, and how it should.

    Parameters
    ----------
    rgb : (H, W, 3) uint8 array
        The copy.
    reference : (h, w, 3) uint8 array
        The work as it stood before the invisible mark.
    transform : (3, 3) float array
        Copy pixels to reference pixels.
    key : SecretKey
        The key of the marks.
    known : list of KnownMark
        The marks issued for this work, of one picture size; not empty.
    strength : {"quiet", "normal", "strong"}
        Of the first of them.

    Returns
    -------
    ExpectedReading or None
        None where the work has no room for a mark, or the copy lost more than JPEG can cost.

    Notes
    -----
    About 2 CPU-seconds for a copy of 1024 px.
    """
    try:
        made = embed(
            reference,
            None,
            mark_id=known[0].mark_id,
            key=key,
            size_px=known[0].size_px,
            strength=strength,
        )
    except HostTooSmallError:
        return None
    aligned = _Aligned(reference, np.asarray(transform, np.float64))
    response, lost = aligned.loss(rgb)
    copied = aligned.copied(made.delta, response, rgb)
    ordinary = [aligned.saved_with_loss(copied, lost, *codec) for codec in CODECS]
    if not all(one is not None for one in ordinary):
        return None
    mark = replace(known[0], origin_px=made.origin_px, cell_px=made.cell_px)
    found, *expected = (
        detect_informed(one, reference, transform, key=key, known=marks)[0].p_value
        for one, marks in ((rgb, known), *((one, [mark]) for one in ordinary if one is not None))
    )
    return ExpectedReading(found, max(expected))


@dataclass(frozen=True)
class _Aligned:
    """A work, and how a copy lies on it."""

    reference: _Rgb
    transform: NDArray[np.float64]

    def loss(self, rgb: _Rgb) -> tuple[NDArray[np.float64], float]:
        """Return which waves a copy kept, and the deviation of what else differs, grey levels.

        Only waves as long as the mark's are counted: nothing else is in its way.
        """
        height, width = self.reference.shape[:2]
        luma, original = to_luma(rgb), to_luma(self.reference)
        laid = _laid(luma, self.transform, (width, height), cv2.INTER_CUBIC)
        shown = _laid(np.ones_like(luma), self.transform, (width, height), cv2.INTER_NEAREST)
        response = measure_response(laid, original, shown)
        inner = cv2.erode(shown, np.ones((2 * EDGE_PX + 1,) * 2), borderValue=0) > 0
        heard = np.zeros_like(response)
        heard[MARK_BANDS] = 1
        left = apply_response(laid - apply_response(original, response), heard)[inner]
        return np.abs(response), float(left.std()) if left.size else np.inf

    def copied(self, delta: _Plane, response: NDArray[np.float64], rgb: _Rgb) -> _Rgb:
        """Return the marked work as a copy shows it that kept such waves."""
        height, width = self.reference.shape[:2]
        change = cv2.resize(delta, (width, height), interpolation=cv2.INTER_CUBIC)
        marked = [
            apply_response(channel + change, response)
            for channel in np.moveaxis(self.reference.astype(np.float32), -1, 0)
        ]
        back, size = np.linalg.inv(self.transform), (rgb.shape[1], rgb.shape[0])
        laid = _laid(np.stack(marked, -1), back, size, cv2.INTER_AREA)
        shown = _laid(np.ones((height, width), np.float32), back, size, cv2.INTER_NEAREST)
        copied = np.clip(np.rint(laid), 0, 255).astype(np.uint8)
        return np.where(shown[..., None] > 0, copied, rgb)

    def saved_with_loss(self, rgb: _Rgb, lost: float, suffix: str, option: int) -> _Rgb | None:
        """Return a copy after the best quality that costs at least so much; None without one."""
        first, last = 0, len(QUALITIES)
        saved = {}
        while first < last:
            middle = (first + last) // 2
            saved[middle] = _saved(rgb, suffix, (option, QUALITIES[middle]))
            if self.loss(saved[middle])[1] >= lost:
                last = middle
            else:
                first = middle + 1
        return saved.get(first)


def _laid(
    plane: _Plane, transform: NDArray[np.floating], size: tuple[int, int], flags: int
) -> _Plane:
    """Return what lies where a transform leads, at a size."""
    return np.asarray(cv2.warpPerspective(plane, transform, size, flags=flags), np.float32)


def _saved(rgb: _Rgb, suffix: str, options: tuple[int, int]) -> _Rgb:
    """Return a picture after a codec."""
    _, data = cv2.imencode(suffix, rgb[..., ::-1], options)
    return np.asarray(cv2.imdecode(data, cv2.IMREAD_COLOR), np.uint8)[..., ::-1].copy()
