"""Set a text in columns, from top to bottom and from right to left, as East Asian books are.

Wide characters stand upright, with the vertical forms of their punctuation; Latin words and
numbers lie on their side, their base line to the left, as typesetters turn them. Each line of the
text is one column. Shaping is raqm's.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from PIL import features

from ocguard.errors import FontError
from ocguard.watermark.visible.block import SetBlock, font_names
from ocguard.watermark.visible.fonts import FontPath, Run, runs_of
from ocguard.watermark.visible.pieces import Piece, column_piece, text_piece
from ocguard.watermark.visible.typesetting import WIDE
from ocguard.watermark.visible.variation import STEADY, Variation

__all__ = ["require_shaper", "set_columns"]

_COLUMN_EM: Final = 1.45
"""Distance of columns, in em."""

_GAP_EM: Final = 0.28
"""Room between upright and lying text, in em."""

_LYING_RISE_EM: Final = 0.36
"""Height of the middle of lying letters above their base line, in em: half a capital."""

_MIN_PX: Final = 9.0
"""Smallest em in pixels: below it Han is a blur."""

_SEGMENT: Final = re.compile(f"[{WIDE}]+|[^{WIDE}]+")


@dataclass(frozen=True)
class _Segment:
    """A stretch of a column that stands upright or lies on its side."""

    runs: tuple[Run, ...]
    is_upright: bool
    length_em: float


def require_shaper() -> None:
    """Refuse vertical text where Pillow's shaper (raqm) cannot work.

    Raises
    ------
    FontError
        Pillow's wheel brings raqm, but the system's FriBiDi, which raqm loads, is missing.
    """
    if not features.check("raqm"):
        raise FontError(
            "vertical text needs the FriBiDi library, which Pillow loads where it is: install it"
            " (Debian, Ubuntu: apt install libfribidi0; macOS: brew install fribidi), or leave"
            " --vertical out"
        )


def set_columns(
    text: str,
    size_px: float,
    room_px: tuple[float, float],
    *,
    font_path: FontPath | None = None,
    varied: Variation = STEADY,
) -> SetBlock | None:
    """Set a text in columns, at the largest size up to ``size_px`` that fits the room.

    Parameters
    ----------
    text : str
        Tidied; one column a line.
    size_px : float
        Wanted em, in pixels.
    room_px : (float, float)
        Width and height that the block may fill, in pixels.
    font_path : str or PathLike, optional
        Font file.
    varied : Variation
        How it is bent and grained.

    Returns
    -------
    SetBlock or None
        Around its center; None where the picture is too small.

    Raises
    ------
    FontError
        If no font draws the text, or FriBiDi is missing (:func:`require_shaper`).
    """
    require_shaper()
    columns = [_segments(line, font_path) for line in text.splitlines()]
    wide_em = 1 + _COLUMN_EM * (len(columns) - 1)
    high_em = max(map(_length_em, columns))
    em = min(size_px, room_px[0] / wide_em, room_px[1] / high_em)
    if em < _MIN_PX:
        return None
    width, height = wide_em * em, high_em * em
    pieces: list[Piece] = []
    for i, column in enumerate(columns):
        middle = width / 2 - em / 2 - i * _COLUMN_EM * em
        pieces += _drawn(column, em, (middle, -height / 2), varied, f"{i}")
    fonts = font_names(run for column in columns for segment in column for run in segment.runs)
    return SetBlock((width, height), em, (tuple(pieces),), fonts)


def _segments(line: str, font_path: FontPath | None) -> list[_Segment]:
    """Cut a line into upright and lying text."""
    found = []
    for match in _SEGMENT.finditer(line):
        part = match[0].strip()
        if not part:
            continue
        is_upright = re.match(f"[{WIDE}]", part) is not None
        runs = runs_of(part, font_path=font_path)
        direction = "ttb" if is_upright else None
        length = sum(face.at(100).getlength(text, direction=direction) for face, text in runs) / 100
        found.append(_Segment(runs, is_upright, length))
    return found


def _length_em(column: list[_Segment]) -> float:
    return sum(segment.length_em for segment in column) + _GAP_EM * (len(column) - 1)


def _drawn(
    column: list[_Segment], em: float, top_px: tuple[float, float], varied: Variation, name: str
) -> list[Piece]:
    """Draw one column downwards from the middle of its top."""
    x, y = top_px
    pieces = []
    for j, segment in enumerate(column):
        if segment.is_upright:
            made = column_piece(segment.runs, em, (x, y), varied=varied, name=f"{name}/{j}")
        else:
            origin = (y, _LYING_RISE_EM * em - x)  # before the quarter turn
            made = text_piece(segment.runs, em, origin, -90.0, varied=varied, name=f"{name}/{j}")
        pieces.append(made)
        y += (segment.length_em + _GAP_EM) * em
    return pieces
