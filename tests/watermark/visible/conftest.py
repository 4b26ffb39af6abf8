"""What the tests of the visible mark share: a notice, composing, contrast."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from ocguard.imaging.blending import compose
from ocguard.imaging.picture import Picture
from ocguard.imaging.rendition import rendition
from ocguard.watermark.visible.mark import VisibleMark, visible_mark

NOTICE = "© 2026 Mira Vale"
"""A usual notice; also the shortest that the claims about layouts are tested with."""


@pytest.fixture(autouse=True)
def _latin_font(needs_font: Callable[[str], None]) -> None:
    """Every test of this room draws at least Latin text."""
    needs_font(NOTICE)


@pytest.fixture(scope="session")
def marked() -> Callable[..., tuple[VisibleMark, NDArray[Any]]]:
    """Mark an array and return the mark and the marked pixels."""

    def run(pixels: NDArray[Any], **options: Any) -> tuple[VisibleMark, NDArray[Any]]:
        picture = Picture.from_array(pixels)
        view = rendition(picture, 1024)
        if "logo_rgba" not in options:
            options.setdefault("text", NOTICE)
        mark = visible_mark(view.rgb, picture.size, alpha=view.alpha, **options)
        return mark, compose(picture, mark.stamps).frames[0].pixels

    return run


def luminance(rgb: NDArray[Any]) -> NDArray[np.float64]:
    """Relative luminance of sRGB, 0..1 (WCAG 2.2)."""
    value = rgb[..., :3].astype(np.float64) / 255
    linear = np.where(value <= 0.04045, value / 12.92, ((value + 0.055) / 1.055) ** 2.4)
    return np.asarray(linear @ (0.2126, 0.7152, 0.0722))


def contrast(a: float, b: float) -> float:
    """Contrast ratio of two luminances, 1..21 (WCAG 2.2)."""
    return (max(a, b) + 0.05) / (min(a, b) + 0.05)


@pytest.fixture(scope="session")
def text_contrast() -> Callable[[NDArray[Any], NDArray[Any]], float]:
    """Return the contrast of the strongest strokes in marked pixels with what surrounds them.

    The hundredth that changed most, both ways, are the cores of strokes and of rims; the better of
    their contrasts with the old ground and with each other is what the eye reads by.
    """

    def measure(ground: NDArray[Any], result: NDArray[Any]) -> float:
        before, after = luminance(ground), luminance(result)
        changed = np.abs(after - before) > 0.004
        values = after[changed]
        light, dark = np.percentile(values, (98, 2))
        around = float(np.median(before[changed]))
        return max(contrast(light, around), contrast(dark, around), contrast(light, dark))

    return measure
