"""Make the visible mark of one picture: a text or a logo in a corner, a band, or tiles.

The mark is a handful of small stamps with their places, whatever the size of the picture: a tiled
mark is one stamp laid many times. Each place gets light or dark ink by what lies beneath it.

Pure: nothing is drawn into the picture here, see :func:`ocguard.imaging.blending.compose`. The only
files read are the machine's fonts, so the same text may be set in another face on another machine.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import partial

import cv2
import numpy as np
from numpy.typing import NDArray

from ocguard.choices import EDGES, Edge, LayoutName
from ocguard.imaging.blending import Stamp
from ocguard.language.message import Message, translatable
from ocguard.watermark.visible.block import Place, SetBlock, checked_logo, set_logo, set_text
from ocguard.watermark.visible.figure import Box, spot_on_figure
from ocguard.watermark.visible.fonts import FontPath
from ocguard.watermark.visible.ground import Beneath, Color, Ground, choose_ink, outline_color
from ocguard.watermark.visible.ink import Ink, edged, paint
from ocguard.watermark.visible.layout import LAYOUTS, points, share_of
from ocguard.watermark.visible.palette import tinted
from ocguard.watermark.visible.pieces import Piece
from ocguard.watermark.visible.typesetting import tidy_text
from ocguard.watermark.visible.variation import variation
from ocguard.watermark.visible.vertical import set_columns

__all__ = ["NO_ROOM", "VisibleMark", "visible_mark"]

_LEGIBLE_PX = 12.0
"""Em below which a text is set only where it would not fit otherwise, in pixels."""

_MIN_OPACITY = 0.02
"""Opacity of the picture under a block, 0..1, below which bands and tiles leave it out: there is
no art to protect, and clear ground should stay clear."""

_COLUMN_PX = 320.0
"""Height that columns may take in any case, in pixels; else three fifths of the picture."""

_PAINT_PX = 24 << 20
"""Pixels that all looks of a mark may have together: bounds time and memory on huge pictures."""

_LOOKS = 8
"""Looks, of color and lightness, that a drawing of a repeated block is painted in, about."""

_TRIES = 12
"""Places of a band or of tiles that are compared."""

_PLAY_EM = (0.7, 0.45)
"""How far inward a varied corner mark may lie, to the left and up, in em."""


@dataclass(frozen=True, eq=False)
class VisibleMark:
    """A visible mark, ready to be composed.

    Attributes
    ----------
    stamps : tuple of Stamp
        In pixels of the upright full-size picture; many share one array. Empty without a mark.
    box_px : (int, int, int, int)
        Left, top, right and bottom around all stamps, within the picture; zeros without a mark.
    reason : str
        Why there is no mark; empty when there is one.
    facts : Mapping[str, str]
        How the mark was varied, for the record; empty without a seed.
    """

    stamps: tuple[Stamp, ...]
    box_px: tuple[int, int, int, int]
    reason: str = ""
    facts: Mapping[str, str] = field(default_factory=dict)


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
    font_path: FontPath | None = None,
    color: tuple[int, int, int] | None = None,
    edge: Edge = "auto",
    is_vertical: bool = False,
    seed: bytes = b"",
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
    color : (int, int, int), optional
        RGB of the letters, which then get a rim only where they would vanish; by default they are
        light or dark, as the ground asks for, with some of the picture's own color.
    edge : {"auto", "none", "outline", "shadow"}
        What surrounds the letters: by default a soft rim as wide as the ground asks for.
    is_vertical : bool
        Set the text of a corner mark in columns, one a line, from right to left.
    seed : bytes
        Secret, and different for every picture: varies the mark, see
        :mod:`ocguard.watermark.visible.variation`, gives it the picture's colors, and places a
        band or tiles across lines and off the focus. Without it the mark is the same on every
        picture.

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
    _require_sense(layout, text, logo_rgba is not None, bool(color), edge, is_vertical)
    look, varied = LAYOUTS[layout].look, variation(layout, seed)
    usual_size = look.size_percent if logo_rgba is None else look.logo_percent
    size = share_of("size_percent", size_percent, usual_size) * min(size_px) * varied.size
    margin = share_of("margin_percent", margin_percent, look.margin_percent) * min(size_px)
    if layout != "corner":  # a repeated mark is varied as a whole
        margin *= varied.size
        margin *= max(1.0, _LEGIBLE_PX / size) if text is not None else 1.0  # keeps its distance
    place = Place(layout, size_px, margin, varied)
    if text is not None:
        words, em_px = tidy_text(text), max(size, _LEGIBLE_PX)
        draw = partial(_set_words, words, em_px, place, font_path, is_vertical)
    else:
        draw = partial(set_logo, checked_logo(logo_rgba), size, place)
    blocks = _drawings(draw, varied.drawings)
    if not blocks:
        what = Message("this logo") if text is None else Message("this text: a shorter one may fit")
        return _no_mark(Message(_TOO_SMALL, width=size_px[0], height=size_px[1], what=what))
    opacity = share_of("opacity_percent", opacity_percent, look.opacity_percent) * varied.ink
    ground = Ground.of(rgb, alpha, size_px)
    paints = _painter(
        ground.colors[:: _color_step(blocks, len(ground.colors))] if seed and not color else None,
        min(1.0, opacity),
        edge,
        fill=color,
        logo=outline_color(blocks[0].groups[0][0]),
        is_faint=layout != "corner",
    )
    spots = _spots(blocks[0], place, ground)
    stamps = tuple(_laid(blocks, spots, place, ground, paints))
    if not stamps:
        return _no_mark(Message("there is only clear ground") if spots else NO_ROOM)
    facts = _facts(place, blocks[0], spots[0]) if seed else {}
    return VisibleMark(stamps, _box(stamps, size_px), facts=facts)


def _require_sense(
    layout: str, text: str | None, has_logo: bool, has_color: bool, edge: str, is_vertical: bool
) -> None:
    """Refuse what does not go together."""
    if layout not in LAYOUTS:
        raise ValueError(f"layout must be one of {', '.join(LAYOUTS)}, not {layout!r}")
    if (text is None) != has_logo:
        raise ValueError("a visible mark needs either a text or a logo")
    if text is None and (has_color or is_vertical):
        raise ValueError("a logo keeps its colors, and is never vertical")
    if is_vertical and layout != "corner":
        raise ValueError("only the text of a corner mark can be vertical")
    if edge not in EDGES:
        raise ValueError(f"edge must be one of {', '.join(EDGES)}, not {edge!r}")


_TOO_SMALL = translatable("{width} x {height} px are too small for {what}")
NO_ROOM = Message(
    "the figure has no room for it, and its ground shall stay transparent: a shorter text, or a"
    " frame below, fits"
)


def _no_mark(reason: str) -> VisibleMark:
    return VisibleMark((), (0, 0, 0, 0), reason)


def _set_words(
    text: str,
    em_px: float,
    place: Place,
    font_path: FontPath | None,
    is_vertical: bool,
    *,
    drawing: int,
) -> SetBlock | None:
    """Set a text in lines or in columns."""
    if not is_vertical:
        return set_text(text, em_px, place, font_path, drawing=drawing)
    width, height = place.size_px
    room = 0.35 * width, min(height - 2 * place.margin_px, max(0.6 * height, _COLUMN_PX))
    return set_columns(text, em_px, room, font_path=font_path, varied=place.varied)


def _drawings(draw: Callable[..., SetBlock | None], wanted: int) -> list[SetBlock]:
    """Draw a block several times, each bent in its own way; large ones less often."""
    first = draw(drawing=0)
    if first is None:
        return []
    count = min(wanted, max(1, _PAINT_PX // (_LOOKS * first.area_px)))
    more = (draw(drawing=i) for i in range(1, count))
    return [first, *(block for block in more if block is not None)]


def _facts(place: Place, block: SetBlock, first: tuple[int, int]) -> dict[str, str]:
    """Tell what the seed made of the mark, and where its first block lies."""
    placed = {"em_px": f"{block.em_px:.3f}", "x_px": f"{first[0]}", "y_px": f"{first[1]}"}
    fonts = {"fonts": ", ".join(block.fonts)} if block.fonts else {}
    return place.varied.facts() | placed | fonts | {"angle_degrees": f"{place.angle_degrees:.3f}"}


def _laid(
    blocks: list[SetBlock],
    spots: tuple[tuple[int, int], ...],
    place: Place,
    ground: Ground,
    paints: Callable[[Piece, Beneath], tuple[Stamp, ...]],
) -> Iterator[Stamp]:
    """Lay the blocks in turn at all places, each group in the ink that its ground asks for."""
    order = place.varied.stream("order").integers(len(blocks), size=len(spots))
    groups = [
        [[(piece, ground.footprint(piece)) for piece in group] for group in block.groups]
        for block in blocks
    ]
    for (x, y), chosen in zip(spots, order, strict=True):
        beneath = [ground.beneath(group, (x, y)) for group in groups[chosen]]
        if place.layout != "corner" and max(b.opacity for b in beneath) < _MIN_OPACITY:
            continue
        for group, ground_there in zip(groups[chosen], beneath, strict=True):
            for piece, _ in group:
                yield from _moved(paints(piece, ground_there), x, y, place.size_px)


def _color_step(blocks: list[SetBlock], colors: int) -> int:
    """Tell how many colors of the palette to pass over, so that large blocks are painted less."""
    looks = _PAINT_PX // (2 * sum(block.area_px for block in blocks))
    return math.ceil(colors / looks) if looks and colors else max(1, colors)


def _painter(
    colors: NDArray[np.float32] | None,
    opacity: float,
    edge: Edge,
    *,
    fill: tuple[int, int, int] | None,
    logo: Color | None,
    is_faint: bool,
) -> Callable[[Piece, Beneath], tuple[Stamp, ...]]:
    """Make the function that paints a piece for its ground, each look once only."""
    painted: dict[tuple[int, Ink], tuple[Stamp, ...]] = {}

    def paints(piece: Piece, beneath: Beneath) -> tuple[Stamp, ...]:
        ink = edged(choose_ink(beneath, logo or fill, is_faint=is_faint), edge)
        ink = replace(ink, fill=fill or ink.fill)
        if colors is not None and beneath.opacity:
            ink = tinted(ink, beneath.color, colors)
        if (id(piece), ink) not in painted:
            painted[id(piece), ink] = paint(piece, ink, opacity)
        return painted[id(piece), ink]

    return paints


def _spots(block: SetBlock, place: Place, ground: Ground) -> tuple[tuple[int, int], ...]:
    """Where the blocks lie: of several places, the one that crosses most lines and no face."""
    if place.layout == "corner":
        return _corner(block, place, ground)
    if not place.varied.seed:
        return points(place.layout, place.size_px, block.size_px, place.margin_px)
    tries = place.varied.stream("place").uniform(-1, 1, (_TRIES, 2))
    found = (
        points(
            place.layout,
            place.size_px,
            block.size_px,
            place.margin_px,
            turn_degrees=place.varied.angle_degrees,
            shift=(float(along), float(across)),
        )
        for along, across in tries
    )
    return max(found, key=lambda spots: _worth(spots, block, place, ground))


def _worth(
    spots: tuple[tuple[int, int], ...], block: SetBlock, place: Place, ground: Ground
) -> float:
    """Mean worth of what the blocks would lie on."""
    worth = ground.focus.worth
    angle = math.radians(place.angle_degrees)
    turn = np.array([[math.cos(angle), math.sin(angle)], [-math.sin(angle), math.cos(angle)]])
    grid = np.stack(np.meshgrid(np.linspace(-0.5, 0.5, 15), (-0.3, 0.0, 0.3)), axis=-1)
    within = (grid.reshape(-1, 2) * block.size_px) @ turn.T
    at = np.array(spots, float)[:, None] + within
    scale = np.array([worth.shape[1], worth.shape[0]]) / place.size_px
    x, y = np.moveaxis(np.floor(at * scale).astype(int), -1, 0)
    is_inside = (x >= 0) & (y >= 0) & (x < worth.shape[1]) & (y < worth.shape[0])
    return float(worth[y[is_inside], x[is_inside]].mean()) if is_inside.any() else -1.0


def _corner(block: SetBlock, place: Place, ground: Ground) -> tuple[tuple[int, int], ...]:
    """Where the block's ink ends at the margins of the bottom right corner, or a little inside.

    On a cut-out, a place on the figure; nowhere, if that has no room.
    """
    left, top, right, bottom = _ink_box(block)
    width, height = place.size_px
    inward = [
        play * block.em_px * (1 + s) / 2
        for play, s in zip(_PLAY_EM, place.varied.shift, strict=True)
    ]
    if not place.varied.seed:
        inward = [0.0, 0.0]
    margin = place.margin_px
    usual = (
        math.floor(max(-left, width - margin - right - min(inward[0], margin))),
        math.floor(max(-top, height - margin - bottom - min(inward[1], margin))),
    )
    spot = spot_on_figure(ground, (left, top, right, bottom), usual)
    return () if spot is None else (spot,)


def _ink_box(block: SetBlock) -> Box:
    """Return what the block's ink covers around its center."""
    boxes = []
    for piece in block.groups[0]:
        x, y, width, height = cv2.boundingRect(piece.mask)
        left, top = piece.left + x, piece.top + y
        boxes.append((left, top, left + width, top + height))
    lefts, tops, rights, bottoms = zip(*boxes, strict=True)
    return min(lefts), min(tops), max(rights), max(bottoms)


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
