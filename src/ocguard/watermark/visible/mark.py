"""Make the visible mark of one picture: a text or a logo in a corner, a band, or tiles.

The mark is a handful of small stamps with their places, whatever the size of the picture: a tiled
mark is one stamp laid many times. Each place gets light or dark ink by what lies beneath it.

Pure: nothing is drawn into the picture here, see :func:`ocguard.imaging.blending.compose`. The only
files read are the machine's fonts, so the same text may be set in another face on another machine.
"""

from __future__ import annotations

import math
import os
from collections.abc import Iterator
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from ocguard.imaging.blending import Stamp
from ocguard.watermark.visible.ground import Ground, choose_ink, is_light
from ocguard.watermark.visible.ink import Ink, Piece, logo_piece, paint, text_piece
from ocguard.watermark.visible.layout import LAYOUTS, LayoutName, angle_degrees, points, room
from ocguard.watermark.visible.typesetting import Block, fit_text, parts_of, tidy_text

__all__ = ["VisibleMark", "visible_mark"]

_LEGIBLE_PX = 12.0
"""Em below which a text is set only where it would not fit otherwise, in pixels."""

_MIN_LOGO_PX = 8.0
"""Shorter side below which a logo shows nothing, in pixels."""

_PART_EM = 4.0
"""Longest part of a band that shares one ink, in em: about two words."""

_MIN_OPACITY = 0.02
"""Opacity of the picture under a block, 0..1, below which bands and tiles leave it out: there is
no art to protect, and clear ground should stay clear."""


@dataclass(frozen=True, eq=False)
class VisibleMark:
    """A visible mark, ready to be composed.

    Parameters
    ----------
    stamps : tuple of Stamp
        In pixels of the upright full-size picture; many share one array. Empty without a mark.
    box_px : (int, int, int, int)
        Left, top, right and bottom around all stamps, within the picture; zeros without a mark.
    reason : str
        Why there is no mark; empty when there is one.
    """

    stamps: tuple[Stamp, ...]
    box_px: tuple[int, int, int, int]
    reason: str = ""


def visible_mark(
    rgb: NDArray[np.uint8],
    size_px: tuple[int, int],
    *,
    layout: LayoutName,
    alpha: NDArray[np.uint8] | None = None,
    text: str | None = None,
    logo_rgba: NDArray[np.uint8] | None = None,
    opacity_percent: float | None = None,
    size_percent: float | None = None,
    margin_percent: float | None = None,
    font_path: str | os.PathLike[str] | None = None,
) -> VisibleMark:
    """Make the visible mark of a picture.

    Promised: a corner mark lies inside its margins, a band crosses the center, tiles cover the
    picture; a text is broken into lines and shrunk until it fits; equal input gives equal stamps
    on one machine. Not promised: that nobody can paint it over.

    Parameters
    ----------
    rgb : (h, w, 3) uint8 array
        A rendition of the picture; a long side of 512 to 1,024 pixels is plenty.
    size_px : (int, int)
        Width and height of the full-size picture.
    layout : {"corner", "band", "tile"}
        Bottom right corner, row along the rising diagonal, or rows over the whole picture.
    alpha : (h, w) uint8 array, optional
        Opacity of the rendition.
    text : str, optional
        What to write, up to 300 characters; line breaks are kept. Either this or a logo.
    logo_rgba : (h, w, 4) uint8 array, optional
        A logo, not premultiplied; it keeps its colors.
    opacity_percent : float, optional
        Of the mark, above 0 and up to 100.
    size_percent : float, optional
        Em of the text, or side of the square that has the area of the logo, in percent of the
        picture's shorter side. Text is set below 12 pixels only where it would not fit otherwise.
    margin_percent : float, optional
        Corner: from the border. Band and tile: between repetitions. In percent of the shorter
        side.
    font_path : str or PathLike, optional
        Font file for the text; by default the best that the machine has.

    Returns
    -------
    VisibleMark
        Without stamps, and with a reason, when the picture is too small for the mark or wholly
        transparent where it would lie.

    Raises
    ------
    TypeError
        If the logo is not an (h, w, 4) uint8 array.
    ValueError
        If there is neither or both of text and logo, or a value is out of range.
    FontError
        If no font draws the text.

    Notes
    -----
    Defaults are in :data:`ocguard.watermark.visible.layout.LAYOUTS`. At most 0.1 CPU-seconds for a
    1-megapixel picture. Memory grows with the area of one block, not of the picture.
    """
    if layout not in LAYOUTS:
        raise ValueError(f"layout must be one of {', '.join(LAYOUTS)}, not {layout!r}")
    if (text is None) == (logo_rgba is None):
        raise ValueError("a visible mark needs either a text or a logo")
    look = LAYOUTS[layout].look
    usual_size = look.size_percent if logo_rgba is None else look.logo_percent
    size = _share("size_percent", size_percent, usual_size) * min(size_px)
    margin = _share("margin_percent", margin_percent, look.margin_percent) * min(size_px)
    if text is not None and layout != "corner":
        margin *= max(1.0, _LEGIBLE_PX / size)  # letters kept legible keep their distance too
    place = _Place(layout, size_px, margin)
    if text is not None:
        block = _set_text(tidy_text(text), max(size, _LEGIBLE_PX), place, font_path)
    else:
        block = _set_logo(_checked_logo(logo_rgba), size, place)
    if block is None:
        return VisibleMark((), (0, 0, 0, 0), f"{size_px[0]} x {size_px[1]} px are too small for it")
    opacity = _share("opacity_percent", opacity_percent, look.opacity_percent)
    stamps = tuple(_laid(block, place, Ground.of(rgb, alpha, size_px), opacity))
    return VisibleMark(
        stamps, _box(stamps, size_px), "" if stamps else "there is only clear ground"
    )


@dataclass(frozen=True)
class _Place:
    """The picture as the layout sees it."""

    layout: LayoutName
    size_px: tuple[int, int]
    margin_px: float

    @property
    def angle_degrees(self) -> float:
        return angle_degrees(self.layout, self.size_px)

    @property
    def room_px(self) -> tuple[float, float]:
        return room(self.layout, self.size_px, self.margin_px)


@dataclass(frozen=True)
class _SetBlock:
    """One block of a mark: its size before it is turned, and pieces grouped by shared ink."""

    size_px: tuple[float, float]
    groups: tuple[tuple[Piece, ...], ...]


def _share(name: str, percent: float | None, usual: float) -> float:
    """Return a percentage as a share, the usual one where none is given."""
    value = usual if percent is None else percent
    lowest_ok = value >= 0 if name == "margin_percent" else value > 0
    if not (lowest_ok and value <= 100):
        raise ValueError(f"{name} must lie between 0 and 100, not {value}")
    return value / 100


def _checked_logo(logo: NDArray[np.uint8] | None) -> NDArray[np.uint8]:
    if not isinstance(logo, np.ndarray) or logo.dtype != np.uint8:
        raise TypeError(f"a logo must be a uint8 array, not {type(logo).__name__}")
    if logo.ndim != 3 or logo.shape[2] != 4 or not logo.size:
        raise ValueError(f"a logo must have the shape (h, w, 4), not {logo.shape}")
    if not logo[..., 3].any():
        raise ValueError("the logo is wholly transparent")
    return logo


def _set_text(
    text: str, size_px: float, place: _Place, font_path: str | os.PathLike[str] | None
) -> _SetBlock | None:
    """Fit a text into its room and draw it."""
    layout = LAYOUTS[place.layout]
    block = fit_text(
        text,
        size_px,
        place.room_px,
        max_lines=layout.max_lines,
        is_bold=layout.is_bold,
        font_path=font_path,
    )
    if block is None:
        return None
    part_em = _PART_EM if place.layout == "band" else math.inf
    drawn = tuple(_drawn(block, layout.align, part_em, place.angle_degrees))
    groups = tuple((piece,) for piece in drawn) if place.layout == "band" else (drawn,)
    return _SetBlock((block.width_px, block.height_px), groups)


def _drawn(block: Block, align: float, part_em: float, angle: float) -> Iterator[Piece]:
    """Draw the lines of a block, cut into parts, around the block's center."""
    for i, line in enumerate(block.lines):
        free = block.width_px - line.width_em * block.size_px
        left = align * free - block.width_px / 2
        base = block.baseline_px(i) - block.height_px / 2
        for runs, x_em in parts_of(line, part_em):
            yield text_piece(runs, block.size_px, (left + x_em * block.size_px, base), angle)


def _set_logo(logo: NDArray[np.uint8], size_px: float, place: _Place) -> _SetBlock | None:
    """Scale a logo to the area of a square of ``size_px``, or less to fit its room."""
    aspect = math.sqrt(logo.shape[1] / logo.shape[0])
    scale = min(
        1.0,
        *(
            space / side
            for space, side in zip(place.room_px, (size_px * aspect, size_px / aspect), strict=True)
        ),
    )
    width, height = size_px * aspect * scale, size_px / aspect * scale
    if min(width, height) < _MIN_LOGO_PX:
        return None
    return _SetBlock((width, height), ((logo_piece(logo, (width, height), place.angle_degrees),),))


def _laid(block: _SetBlock, place: _Place, ground: Ground, opacity: float) -> Iterator[Stamp]:
    """Lay the block at all its places, each group in the ink that its ground asks for."""
    is_corner = place.layout == "corner"
    spots = (
        _corner(block, place)
        if is_corner
        else points(place.layout, place.size_px, block.size_px, place.margin_px)
    )
    groups = [[(piece, ground.footprint(piece)) for piece in group] for group in block.groups]
    fill_is_light = is_light(block.groups[0][0])
    painted: dict[tuple[int, Ink], tuple[Stamp, ...]] = {}
    for x, y in spots:
        beneath = [ground.beneath(group, (x, y)) for group in groups]
        if not is_corner and max(b.opacity for b in beneath) < _MIN_OPACITY:
            continue
        for group, ground_there in zip(block.groups, beneath, strict=True):
            ink = choose_ink(ground_there, fill_is_light)
            for piece in group:
                key = (id(piece), ink)
                if key not in painted:
                    painted[key] = paint(piece, ink, opacity)
                yield from _moved(painted[key], x, y, place.size_px)


def _corner(block: _SetBlock, place: _Place) -> tuple[tuple[int, int], ...]:
    """Where the block's ink ends at the margins of the bottom right corner."""
    right = bottom = -math.inf
    for piece in block.groups[0]:
        x, y, width, height = cv2.boundingRect(piece.mask)
        right = max(right, piece.left + x + width)
        bottom = max(bottom, piece.top + y + height)
    width, height = place.size_px
    margin = place.margin_px
    return ((math.floor(width - margin - right), math.floor(height - margin - bottom)),)


def _moved(stamps: tuple[Stamp, ...], x: int, y: int, size_px: tuple[int, int]) -> Iterator[Stamp]:
    """Shift stamps, without those that lie outside the picture."""
    for stamp in stamps:
        left, top = stamp.left + x, stamp.top + y
        height, width = stamp.rgba.shape[:2]
        if -width < left < size_px[0] and -height < top < size_px[1]:
            yield Stamp(left, top, stamp.rgba)


def _box(stamps: tuple[Stamp, ...], size_px: tuple[int, int]) -> tuple[int, int, int, int]:
    """Return the box around all stamps, within the picture."""
    if not stamps:
        return 0, 0, 0, 0
    right = max(s.left + s.rgba.shape[1] for s in stamps)
    bottom = max(s.top + s.rgba.shape[0] for s in stamps)
    left, top = min(s.left for s in stamps), min(s.top for s in stamps)
    return max(0, left), max(0, top), min(size_px[0], right), min(size_px[1], bottom)
