"""How much a picture holds that it could be recognized by, whatever it is compared with."""

from __future__ import annotations

from dataclasses import dataclass

from ocguard.fingerprint.fingerprint import Fingerprint

__all__ = ["Contents", "measure_contents"]


@dataclass(frozen=True)
class Contents:
    """What a picture holds.

    Attributes
    ----------
    width_px, height_px : int
        Size of its rendition.
    detail_share : float
        Share of visible structure, 0 to 1; next to nothing in flat and blurred pictures.
    keypoints : int
        Distinct points.
    """

    width_px: int
    height_px: int
    detail_share: float
    keypoints: int

    @property
    def side_px(self) -> int:
        """The shorter side in pixels."""
        return min(self.width_px, self.height_px)


def measure_contents(fingerprint: Fingerprint) -> Contents:
    """Measure what a picture holds, by its fingerprint."""
    return Contents(*fingerprint.size, fingerprint.detail, len(fingerprint.local))
