"""Set one block of a mark: a text broken into lines, or a logo, drawn as pieces."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ocguard.choices import LayoutName
from ocguard.language.message import Message
from ocguard.watermark.visible.fonts import FontPath, Run
from ocguard.watermark.visible.layout import LAYOUTS, angle_degrees, room
from ocguard.watermark.visible.pieces import Piece, logo_piece, text_piece
from ocguard.watermark.visible.typesetting import Block, fit_text, parts_of
from ocguard.watermark.visible.variation import STEADY, Variation

__all__ = [
    "Place",
    "SetBlock",
    "checked_logo",
    "drawn_text",
    "font_names",
    "scaled_logo",
    "set_logo",
    "set_text",
]

_MIN_LOGO_PX = 8.0
"""Shorter side below which a logo shows nothing, in pixels."""

_PART_EM = 4.0
"""Longest part of a band that shares one ink, in em: about two words."""


@dataclass(frozen=True)
class Place:
    """The picture as the layout sees it.

    Attributes
    ----------
    layout : {"corner", "band", "tile"}
        How the mark lies.
    size_px : (int, int)
        Width and height of the picture.
    margin_px : float
        As in :class:`ocguard.watermark.visible.layout.Look`.
    varied : Variation
        How this mark differs from others.
    """

    layout: LayoutName
    size_px: tuple[int, int]
    margin_px: float
    varied: Variation = STEADY

    @property
    def angle_degrees(self) -> float:
        """Angle of the blocks, counterclockwise."""
        return angle_degrees(self.layout, self.size_px, self.varied.angle_degrees)

    @property
    def room_px(self) -> tuple[float, float]:
        """Width and height that one block may take, before it is turned."""
        return room(self.layout, self.size_px, self.margin_px)


@dataclass(frozen=True)
class SetBlock:
    """One block of a mark.

    Attributes
    ----------
    size_px : (float, float)
        Width and height before it is turned.
    em_px : float
        Size of its letters, or side of the square that has the area of its logo.
    groups : tuple of tuple of Piece
        Pieces around the block's center, grouped by shared ink.
    fonts : tuple of str
        Files of the fonts that it is set in; on another machine it may be set in others.
    """

    size_px: tuple[float, float]
    em_px: float
    groups: tuple[tuple[Piece, ...], ...]
    fonts: tuple[str, ...] = ()

    @property
    def area_px(self) -> int:
        """Pixels of all its pieces, with the room around them."""
        return sum(piece.mask.size for group in self.groups for piece in group)


def set_text(
    text: str,
    size_px: float,
    place: Place,
    font_path: FontPath | None = None,
    *,
    drawing: int = 0,
) -> SetBlock | None:
    """Fit a text into its room and draw it.

    Parameters
    ----------
    text : str
        Tidied.
    size_px : float
        Wanted em, in pixels.
    place : Place
        Where it lies.
    font_path : str or PathLike, optional
        Font file.
    drawing : int
        Which of several drawings of the same block; each is bent in its own way.

    Returns
    -------
    SetBlock or None
        None where the picture is too small.

    Raises
    ------
    FontError
        If no font draws the text.
    """
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
    return drawn_text(
        block,
        angle_degrees=place.angle_degrees,
        align=layout.align,
        part_em=_PART_EM if place.layout == "band" else math.inf,
        varied=place.varied,
        drawing=drawing,
    )


def drawn_text(
    block: Block,
    *,
    angle_degrees: float = 0.0,
    align: float = 0.0,
    part_em: float = math.inf,
    varied: Variation = STEADY,
    drawing: int = 0,
) -> SetBlock:
    """Draw a block of lines.

    Parameters
    ----------
    block : Block
        Broken into lines.
    angle_degrees : float
        Turn around its center, counterclockwise.
    align : float
        Where lines start: 0 left, 0.5 centered, 1 right.
    part_em : float
        Longest part that shares one ink, in em; by default the whole block does.
    varied : Variation
        How it is bent and grained.
    drawing : int
        Which of several drawings of the same block.

    Returns
    -------
    SetBlock
        Around its center.
    """
    drawn = tuple(_drawn(block, angle_degrees, align, part_em, varied, drawing))
    groups = (drawn,) if part_em == math.inf else tuple((piece,) for piece in drawn)
    fonts = font_names(run for line in block.lines for run in line.runs)
    return SetBlock((block.width_px, block.height_px), block.size_px, groups, fonts)


def font_names(runs: Iterable[Run]) -> tuple[str, ...]:
    """Name the font files of some runs, each once, in the order of the text."""
    return tuple(dict.fromkeys(face.file_name for face, _ in runs))


def _drawn(
    block: Block,
    angle_degrees: float,
    align: float,
    part_em: float,
    varied: Variation,
    drawing: int,
) -> Iterator[Piece]:
    """Draw the lines of a block, cut into parts, around the block's center."""
    for i, line in enumerate(block.lines):
        free = block.width_px - line.width_em * block.size_px
        left = align * free - block.width_px / 2
        base = block.baseline_px(i) - block.height_px / 2
        for j, (runs, x_em) in enumerate(parts_of(line, part_em)):
            yield text_piece(
                runs,
                block.size_px,
                (left + x_em * block.size_px, base),
                angle_degrees,
                varied=varied,
                name=f"{drawing}/{i}/{j}",
            )


def checked_logo(logo: NDArray[np.uint8] | None) -> NDArray[np.uint8]:
    """Return a logo that can be laid.

    Raises
    ------
    TypeError, ValueError
        It is no (h, w, 4) uint8 array, or wholly transparent.
    """
    if not isinstance(logo, np.ndarray) or logo.dtype != np.uint8:
        raise TypeError(f"a logo must be a uint8 array, not {type(logo).__name__}")
    if logo.ndim != 3 or logo.shape[2] != 4 or not logo.size:
        raise ValueError(f"a logo must have the shape (h, w, 4), not {logo.shape}")
    if not logo[..., 3].any():
        raise ValueError(Message("the logo is wholly transparent"))
    return logo


def set_logo(
    logo: NDArray[np.uint8], size_px: float, place: Place, *, drawing: int = 0
) -> SetBlock | None:
    """Scale a logo to the area of a square of ``size_px``, or less to fit its room.

    Parameters
    ----------
    logo : (h, w, 4) uint8 array
        Not premultiplied.
    size_px : float
        Side of that square, in pixels.
    place, drawing
        As for :func:`set_text`.

    Returns
    -------
    SetBlock or None
        None where the picture is too small.
    """
    aspect = math.sqrt(logo.shape[1] / logo.shape[0])
    wanted = (size_px * aspect, size_px / aspect)
    fit = (space / side for space, side in zip(place.room_px, wanted, strict=True))
    scale = min(1.0, *fit)
    width, height = wanted[0] * scale, wanted[1] * scale
    if min(width, height) < _MIN_LOGO_PX:
        return None
    return scaled_logo(
        logo, (width, height), place.angle_degrees, varied=place.varied, drawing=drawing
    )


def scaled_logo(
    logo: NDArray[np.uint8],
    size_px: tuple[float, float],
    angle_degrees: float = 0.0,
    *,
    varied: Variation = STEADY,
    drawing: int = 0,
) -> SetBlock:
    """Draw a logo at a given size, in pixels; the rest as for :func:`drawn_text`."""
    piece = logo_piece(logo, size_px, angle_degrees, varied=varied, name=f"{drawing}")
    return SetBlock(size_px, math.sqrt(size_px[0] * size_px[1]), ((piece,),))
