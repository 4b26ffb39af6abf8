"""Make the caption strip of a frame: text and logo on a strip of paper below the art.

The art itself stays untouched; only the picture grows downwards. The paper is nearly white or
nearly black, whichever the art is nearer to, with a breath of the art's own color, like a
passe-partout. A strip can be cropped away: it is for pages that show a work with its credit, not
against theft.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from ocguard.imaging.blending import Stamp
from ocguard.language.message import Message
from ocguard.watermark.visible.block import SetBlock, drawn_text, scaled_logo
from ocguard.watermark.visible.fonts import FontPath
from ocguard.watermark.visible.ink import Ink, paint
from ocguard.watermark.visible.typesetting import fit_text, tidy_text

__all__ = ["Caption", "caption"]

_SIZE_PERCENT: Final = 2.4
"""Em of the text, in percent of the shorter side."""

_MIN_EM_PX: Final = 12.0
_STRIP_EM: Final = 2.6
"""Height of a strip of one line, in em."""

_MARGIN_EM: Final = 1.3
"""Room left and right, in em."""

_LOGO_EM: Final = 1.7
"""Height of a logo, in em; the strip grows for one that must be larger."""

_AIR_EM: Final = 0.45
"""Room above and below a logo, in em."""

_MAX_LINES: Final = 3
_DARK_ART: Final = 96.0
"""Mean luma, 0..255, below which art gets a dark strip: a white one would outshine it."""

_CUT_OUT: Final = 230.0
"""Mean alpha, 0..255, below which art is a figure on clear ground: most pages are light."""

_TINT: Final = 0.04
"""How much of the art's mean color is in the paper."""


@dataclass(frozen=True)
class Caption:
    """A strip, ready to be added and composed.

    Attributes
    ----------
    strip_px : int
        Height to add below the art; 0 without a caption.
    paper : (int, int, int)
        RGB of the strip.
    stamps : tuple of Stamp
        In pixels of the picture with its strip.
    reason : str
        Why there is no caption; empty when there is one.
    """

    strip_px: int
    paper: tuple[int, int, int]
    stamps: tuple[Stamp, ...]
    reason: str = ""


def caption(
    rgb: NDArray[np.uint8],
    alpha: NDArray[np.uint8] | None,
    size_px: tuple[int, int],
    *,
    text: str | None = None,
    logo_rgba: NDArray[np.uint8] | None = None,
    min_logo_px: float = 0.0,
    clear_right_px: float = 0.0,
    size_percent: float | None = None,
    opacity_percent: float | None = None,
    font_path: FontPath | None = None,
    color: tuple[int, int, int] | None = None,
) -> Caption:
    """Make the caption of a picture.

    Parameters
    ----------
    rgb, alpha : (h, w, 3) uint8 array, (h, w) uint8 array or None
        A small view of the picture.
    size_px : (int, int)
        Width and height of the picture.
    text : str, optional
        What to write, on the left.
    logo_rgba : (h, w, 4) uint8 array, optional
        A logo or a QR code, on the right.
    min_logo_px : float
        Smallest height of the logo, in pixels: a QR code needs it.
    clear_right_px : float
        Width that stays free at the right end of the strip, in pixels.
    size_percent : float, optional
        Em of the text, in percent of the shorter side, above 0 and up to 20.
    opacity_percent : float, optional
        Of text and logo, above 0 and up to 100.
    font_path : str or PathLike, optional
        Font file for the text.
    color : (int, int, int), optional
        RGB of the text; by default it suits the paper.

    Returns
    -------
    Caption
        Without stamps, and with a reason, where the picture is too small.

    Raises
    ------
    ValueError
        If there is neither text nor logo, or a value is out of range.
    FontError
        If no font draws the text.
    """
    if text is None and logo_rgba is None:
        raise ValueError(Message("a caption needs a text or a logo"))
    size = _SIZE_PERCENT if size_percent is None else size_percent
    opacity = 100.0 if opacity_percent is None else opacity_percent
    if not (0 < size <= 20 and 0 < opacity <= 100):
        raise ValueError(
            Message("a caption's size is above 0 and up to 20 percent, not {size}", size=size)
        )
    em = max(_MIN_EM_PX, size / 100 * min(size_px))
    margin = _MARGIN_EM * em
    logo = None if logo_rgba is None else _logo(logo_rgba, max(_LOGO_EM * em, min_logo_px))
    logo_width = 0.0 if logo is None else logo.size_px[0] + margin
    room = (size_px[0] - 2 * margin - logo_width - clear_right_px, 0.3 * size_px[1])
    words = None if text is None else _words(tidy_text(text), em, room, font_path)
    if room[0] < 0 or (text is not None and words is None):
        reason = Message(
            "{width} x {height} px are too small for this caption",
            width=size_px[0],
            height=size_px[1],
        )
        return Caption(0, (0, 0, 0), (), reason)
    strip = _height(em, words, logo)
    paper, ink = _colors(rgb, alpha)
    ink = ink if color is None else replace(ink, fill=color)
    middle = size_px[1] + strip / 2
    stamps: list[Stamp] = []
    if words is not None:
        stamps += _placed(words, (margin + words.size_px[0] / 2, middle), ink, opacity / 100)
    if logo is not None:
        x = size_px[0] - clear_right_px - margin - logo.size_px[0] / 2
        stamps += _placed(logo, (x, middle), ink, opacity / 100)
    return Caption(strip, paper, tuple(stamps))


def _words(
    text: str, em: float, room: tuple[float, float], font_path: FontPath | None
) -> SetBlock | None:
    """Set the text flush left; none where it has no room."""
    if room[0] <= 0:
        return None
    block = fit_text(text, em, room, max_lines=_MAX_LINES, font_path=font_path)
    return None if block is None else drawn_text(block)


def _logo(rgba: NDArray[np.uint8], height: float) -> SetBlock:
    return scaled_logo(rgba, (height * rgba.shape[1] / rgba.shape[0], height))


def _height(em: float, words: SetBlock | None, logo: SetBlock | None) -> int:
    """Height of the strip: one line's, or more for more lines or a tall logo."""
    tall = _STRIP_EM * em
    if words is not None:
        tall = max(tall, words.size_px[1] + (_STRIP_EM - 1) * em)
    if logo is not None:
        tall = max(tall, logo.size_px[1] + 2 * _AIR_EM * em)
    return round(tall)


def _colors(
    rgb: NDArray[np.uint8], alpha: NDArray[np.uint8] | None
) -> tuple[tuple[int, int, int], Ink]:
    """Choose paper and ink for the art."""
    shown = rgb.reshape(-1, 3) if alpha is None or not alpha.any() else rgb[alpha > 127]
    mean = shown.mean(axis=0) if len(shown) else np.array([255.0, 255.0, 255.0])
    is_cut_out = alpha is not None and float(alpha.mean()) < _CUT_OUT  # lies on a page of its own
    is_dark = float(mean @ (0.299, 0.587, 0.114)) < _DARK_ART and not is_cut_out
    base, letters = ((22, 22, 26), (222, 222, 226)) if is_dark else ((250, 250, 248), (58, 58, 64))
    red, green, blue = (int(v) for v in np.rint(np.array(base) + _TINT * (mean - mean.mean())))
    clipped = (min(255, max(0, red)), min(255, max(0, green)), min(255, max(0, blue)))
    return clipped, Ink(letters, clipped, 0.0, 1.0, "none")


def _placed(block: SetBlock, center: tuple[float, float], ink: Ink, opacity: float) -> list[Stamp]:
    """Paint a block and lay it around a point."""
    x, y = round(center[0]), round(center[1])
    return [
        Stamp(x + stamp.left, y + stamp.top, stamp.rgba)
        for group in block.groups
        for piece in group
        for stamp in paint(piece, ink, opacity)
    ]
