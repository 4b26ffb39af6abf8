"""Where a mark lies: in the corner, in a band along the diagonal, or tiled over the picture.

Pure geometry. Sizes are in percent of the picture's shorter side, so that a mark looks alike on
upright and wide pictures and cannot outgrow a thin one. Each layout says how much room one block
of the mark may take, at which angle it lies, and the points around which it is repeated.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from ocguard.choices import LayoutName

__all__ = ["LAYOUTS", "Layout", "Look", "angle_degrees", "points", "room", "share_of"]


_TILE_ANGLE = 30.0
"""Slope of tiled marks, in degrees: crosses both upright and level lines of the drawing."""

_STRIP_LEAN = 25.0
"""Lean of the diagonal, in degrees, below which a picture is a strip: longer than 2.1 to one."""

_STRIP_FLATTER = 0.7
"""Lean of a band on a strip, as a share of the diagonal's."""

_MAX_TILES = 3000
"""Most blocks of a tiled mark; smaller or denser ones are set further apart."""

_BAND_PLAY = 0.125
"""How far a band may move off the center, as a share of the shorter side."""

_COLUMN_PX = 320.0
"""Width that a credit line may take in any case, in pixels; else three fifths of the picture."""


@dataclass(frozen=True)
class Look:
    """How a mark looks unless the caller says otherwise.

    Attributes
    ----------
    size_percent : float
        Em of a text, in percent of the shorter side.
    logo_percent : float
        Side of the square that has the area of a logo, in percent of the shorter side.
    margin_percent : float
        Corner: distance from the border. Band, tile: distance between blocks. In percent of the
        shorter side.
    opacity_percent : float
        Of fill and rim together.
    """

    size_percent: float
    logo_percent: float
    margin_percent: float
    opacity_percent: float


@dataclass(frozen=True)
class Layout:
    """One way to lay a mark: its look, and how its text may be broken.

    Attributes
    ----------
    look : Look
        Defaults, found by looking at painted portraits and scenes of 400 to 2,560 pixels.
    max_lines : int
        Most lines made of one line of text.
    align : float
        Where lines start: 0 left, 0.5 centered, 1 right.
    is_bold : bool
        Whether its text is set in bold: faint letters need it.
    """

    look: Look
    max_lines: int
    align: float
    is_bold: bool


LAYOUTS: dict[LayoutName, Layout] = {
    "corner": Layout(Look(2.6, 9.0, 2.6, 88.0), max_lines=4, align=1.0, is_bold=False),
    "band": Layout(Look(6.6, 18.0, 10.0, 34.0), max_lines=2, align=0.5, is_bold=True),
    "tile": Layout(Look(3.2, 11.0, 8.0, 20.0), max_lines=3, align=0.5, is_bold=True),
}


def angle_degrees(layout: LayoutName, size_px: tuple[int, int], turn_degrees: float = 0.0) -> float:
    """Angle of the blocks, counterclockwise, with a turn added to it.

    A band follows the picture's own rising diagonal. On a strip it lies flatter and turns less, so
    that no panel at the ends goes without.
    """
    if layout != "band":
        return turn_degrees + (_TILE_ANGLE if layout == "tile" else 0.0)
    lean = math.degrees(math.atan2(min(size_px), max(size_px)))
    freedom = min(1.0, lean / _STRIP_LEAN)
    if freedom < 1:
        lean *= _STRIP_FLATTER
    return (lean if size_px[0] >= size_px[1] else 90 - lean) + turn_degrees * freedom


def room(layout: LayoutName, size_px: tuple[int, int], margin_px: float) -> tuple[float, float]:
    """Width and height that one block may take before it is turned, in pixels."""
    width, height = size_px
    short = min(size_px)
    if layout == "corner":
        column = min(width - 2 * margin_px, max(0.6 * width, _COLUMN_PX))
        return column, min(0.35 * height, height - 2 * margin_px)
    if layout == "band":
        return 0.7 * math.hypot(width, height), 0.4 * short
    return 0.7 * short, 0.4 * short


def points(
    layout: LayoutName,
    size_px: tuple[int, int],
    block_px: tuple[float, float],
    margin_px: float,
    *,
    turn_degrees: float = 0.0,
    shift: tuple[float, float] = (0.0, 0.0),
) -> tuple[tuple[int, int], ...]:
    """Centers of the blocks of a band or of tiles.

    Parameters
    ----------
    layout : {"band", "tile"}
        How the mark lies.
    size_px : (int, int)
        Width and height of the picture.
    block_px : (float, float)
        Width and height of one block, before it is turned.
    margin_px : float
        As in :class:`Look`.
    turn_degrees : float
        Added to the layout's own angle.
    shift : (float, float)
        Moves the mark along its rows and across them, each -1..1: as far as halfway to the next
        block, but across a band by an eighth of the shorter side at most.

    Returns
    -------
    tuple of (int, int)
        In pixels, from the center of the picture outwards; some lie outside, where a block
        overhangs the border.
    """
    width, height = size_px
    angle = math.radians(angle_degrees(layout, size_px, turn_degrees))
    if layout == "band":
        step, rise = block_px[0] + margin_px, 0.0
        across, down = math.ceil((math.hypot(width, height) + block_px[0]) / 2 / step + 0.5), 0
        play = _BAND_PLAY * min(size_px)
    else:
        step, rise = _spaced(block_px, margin_px, width * height)
        reach = math.hypot(width, height) / 2
        across = math.ceil((reach + block_px[0] / 2) / step + 0.5)
        down = math.ceil((reach + block_px[1] / 2) / rise + 0.5)
        play = rise / 2
    grid = sorted(
        (
            (i + 0.5 * (j % 2), j)
            for j in range(-down, down + 1)
            for i in range(-across, across + 1)
        ),
        key=lambda cell: (abs(cell[1]), abs(cell[0]), cell),
    )
    along, aside = shift[0] * step / 2, shift[1] * play
    found = (_turn(i * step + along, j * rise + aside, angle) for i, j in grid)
    reach_px = math.hypot(*block_px) / 2
    return tuple(
        (round(width / 2 + x), round(height / 2 + y))
        for x, y in found
        if abs(x) < width / 2 + reach_px and abs(y) < height / 2 + reach_px
    )


def _spaced(block_px: tuple[float, float], margin_px: float, area_px: int) -> tuple[float, float]:
    """Distances of tiles along and across their rows, wide enough for ``_MAX_TILES``."""
    step, rise = block_px[0] + margin_px, block_px[1] + margin_px
    wider = max(1.0, math.sqrt(area_px / (step * rise) / _MAX_TILES))
    return step * wider, rise * wider


def _turn(x: float, y: float, angle: float) -> tuple[float, float]:
    """Turn a vector counterclockwise on a raster whose y runs down."""
    return (
        x * math.cos(angle) + y * math.sin(angle),
        y * math.cos(angle) - x * math.sin(angle),
    )


def share_of(name: str, percent: float | None, usual: float) -> float:
    """Return a percentage as a share, the usual one where none is given."""
    value = usual if percent is None else percent
    lowest_ok = value >= 0 if name == "margin_percent" else value > 0
    if not (lowest_ok and value <= 100):
        raise ValueError(f"{name} must lie between 0 and 100, not {value}")
    return value / 100
