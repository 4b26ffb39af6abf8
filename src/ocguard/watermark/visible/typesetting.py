"""Set a text: tidy it, break it into lines, find the size at which they fit.

Widths scale with the size, so a text is measured once at ``_MEASURE_PX`` and the best of all line
counts is picked by arithmetic, without trial rendering. Lines are balanced: for each count the
narrowest column that holds the text is taken. Lines break at spaces and between Han, kana and
hangul characters, except where East Asian rules forbid it.
"""

from __future__ import annotations

import math
import re
import unicodedata
from dataclasses import dataclass

from ocguard.errors import FontError
from ocguard.language.message import Message
from ocguard.watermark.visible.fonts import FontPath, Run, runs_of

__all__ = [
    "MAX_TEXT_CHARS",
    "WIDE",
    "Block",
    "Line",
    "fit_text",
    "on_lines",
    "parts_of",
    "tidy_text",
    "without_emoji",
]

MAX_TEXT_CHARS = 300
"""Longest text of a visible mark, in characters: about three lines of a full-width notice."""

_MEASURE_PX = 100.0
"""Em size at which widths are measured; large enough that rounding to 1/64 px does not show."""

_MIN_PX = 8.0
"""Smallest em in pixels: below it Latin is a blur (Han is hard to read below 10)."""

_LEADING = 1.32
"""Distance of base lines, in em."""

_EXTRA_LINE_PENALTY = 0.84
"""A text may shrink to this before another line is preferred."""

_WIDTH_STEPS = 24
"""Halvings when the narrowest column is sought: below a hundredth of a percent of the width."""

_EMOJI = re.compile("[\U0001f000-\U0001faff\U000e0020-\U000e007f\u20e3]")
"""Pictographs that fonts draw in color, and what joins them; older symbols (★ ♥ ♪) are text."""

_EMOJI_GROUP = re.compile(f"{_EMOJI.pattern}\ufe0f?(?:\u200d.\ufe0f?)*")
"""An emoji with the signs that are joined to it."""

_DROPPED = re.compile("[\ufe00-\ufe0f\u00ad\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff]")
"""Variation selectors, bidi overrides and invisible spaces: they could only mislead."""

WIDE = "\u2e80-\u303f\u3041-\u30ff\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af\uf900-\uff60"
"""Characters that stand upright in a column and need no space to be parted, as a regex class."""

_ONE_WIDE = f"[{WIDE}\U00020000-\U0003ffff]"

_PARTING = " ·•|/"
"""What parts the words of a line, and is left out where a new line does."""

_NO_LINE_START = "、。，．・：；？！）」』】〕〉》”’…ー々〜,.!?:;)]}%"
_NO_LINE_END = "（「『【〔〈《“‘([{"
_ATOM = re.compile(
    f"[{re.escape(_NO_LINE_END)}]*(?:{_ONE_WIDE}|[^\\s{WIDE}]+)"
    f"[{re.escape(_NO_LINE_START)}]*(?:\\s+[·•・|/~–—]+(?=\\s))?"
)
"""What is never broken: one wide character or one Latin word, with the punctuation or the lone
separator that follows it."""


@dataclass(frozen=True)
class Line:
    """One line of a block.

    Attributes
    ----------
    runs : tuple of (Face, str)
        The text with the faces that draw it.
    width_em : float
        Advance width, in em.
    """

    runs: tuple[Run, ...]
    width_em: float


@dataclass(frozen=True)
class Block:
    """A text broken into lines at a size.

    Attributes
    ----------
    lines : tuple of Line
        From top to bottom.
    size_px : float
        Em, in pixels.
    """

    lines: tuple[Line, ...]
    size_px: float

    @property
    def width_px(self) -> float:
        """Width of the longest line, in pixels."""
        return self.size_px * max(line.width_em for line in self.lines)

    @property
    def height_px(self) -> float:
        """Height of all lines, from ascent to descent, in pixels."""
        return self.size_px * (1 + _LEADING * (len(self.lines) - 1))

    def baseline_px(self, index: int) -> float:
        """Height of the base line of line ``index`` below the top of the block, in pixels."""
        return self.size_px * (0.8 + _LEADING * index)


def tidy_text(text: str) -> str:
    """Bring a text into the form that is drawn.

    Composed (NFC), runs of spaces made one, line breaks kept, invisible controls dropped.

    Parameters
    ----------
    text : str
        The artist's words.

    Returns
    -------
    str
        Up to ``MAX_TEXT_CHARS`` characters, at least one of them visible.

    Raises
    ------
    ValueError
        If nothing visible is left, or the text is too long.
    FontError
        If it holds emoji, which fonts draw in colors of their own.
    """
    plain = _DROPPED.sub("", unicodedata.normalize("NFC", text[: 8 * MAX_TEXT_CHARS]))
    lines = (" ".join(line.split()) for line in plain.splitlines())
    tidy = "\n".join(filter(None, (_without_controls(line) for line in lines)))
    if not tidy.replace("\u200c", "").replace("\u200d", ""):
        raise ValueError(
            Message("the text of a visible mark has nothing to draw: {text!r}", text=text[:40])
        )
    if len(tidy) > MAX_TEXT_CHARS:
        raise ValueError(
            Message(
                "the text of a visible mark has {count} characters; at most {limit} fit",
                count=len(text),
                limit=MAX_TEXT_CHARS,
            )
        )
    emoji = "".join(dict.fromkeys(_EMOJI.findall(tidy)))
    if emoji:
        raise FontError(
            "emoji cannot be drawn in a visible mark: {emoji}. Leave them out of the text "
            "(symbols such as ★ ♥ ♪ work), or give a logo.",
            scripts=("Emoji",),
            emoji=emoji[:12],
        )
    return tidy


def without_emoji(text: str) -> str:
    """Leave out of a name what fonts draw in colors of their own; a line of ink cannot show it."""
    if not _EMOJI.search(text):
        return text
    return " ".join(_EMOJI_GROUP.sub(" ", text).split())


def fit_text(
    text: str,
    size_px: float,
    room_px: tuple[float, float],
    *,
    max_lines: int,
    is_bold: bool = False,
    font_path: FontPath | None = None,
) -> Block | None:
    """Break ``text`` into lines at the largest size, up to ``size_px``, that fits the room.

    Parameters
    ----------
    text : str
        From :func:`tidy_text`. Its own line breaks are kept.
    size_px : float
        Wanted em, in pixels; never exceeded.
    room_px : (float, float)
        Width and height that the block may fill, in pixels.
    max_lines : int
        Most lines that may be made of each line of the text.
    is_bold : bool
        Prefer bold faces.
    font_path : str or PathLike, optional
        Use this font file only.

    Returns
    -------
    Block or None
        None when the text would have to be smaller than ``_MIN_PX`` to fit.

    Raises
    ------
    FontError
        If no font draws the text.

    Notes
    -----
    One more line is taken only when staying on fewer would shrink the text below
    ``_EXTRA_LINE_PENALTY`` of what it could be.
    """
    runs = runs_of(text, is_bold=is_bold, font_path=font_path)
    paragraphs = [_slice(runs, *found.span()) for found in re.finditer("[^\n]+", text)]
    best: Block | None = None
    best_score = 0.0
    for count in range(1, max_lines + 1):
        lines = tuple(line for paragraph in paragraphs for line in _balanced(paragraph, count))
        unit = Block(lines, 1.0)
        size = min(size_px, room_px[0] / unit.width_px, room_px[1] / unit.height_px)
        score = size * _EXTRA_LINE_PENALTY ** (count - 1)
        if size >= min(_MIN_PX, size_px) and score > best_score:
            best, best_score = Block(lines, size), score
    return best


def on_lines(text: str, lines: int) -> str:
    """Break one line of text into so many at most, as short as that allows, without any font.

    Parameters
    ----------
    text : str
        From :func:`tidy_text`, without line breaks.
    lines : int
        At least 1.

    Returns
    -------
    str
        With line breaks where :func:`fit_text` may break too, in place of what parts its words. A
        character of Han, kana or hangul counts as wide as two others.
    """
    spans = [match.span() for match in _ATOM.finditer(text)]
    edges = [(_columns(text[:start]), _columns(text[:stop])) for start, stop in spans]
    whole = math.ceil(edges[-1][1])
    columns = range(-(-whole // lines), whole + 1)
    filled = (_filled(edges, column) for column in columns)
    found = next(one for one in filled if len(one) <= lines)
    broken = (text[spans[first][0] : spans[last][1]].strip(_PARTING) for first, last in found)
    return "\n".join(filter(None, broken))


def _columns(text: str) -> float:
    """Return about how wide a text is, in letters of Latin."""
    return float(len(text) + len(re.findall(_ONE_WIDE, text)))


def parts_of(line: Line, max_em: float) -> list[tuple[tuple[Run, ...], float]]:
    """Cut a line where it may be broken, into parts of up to ``max_em`` or a single word.

    Parameters
    ----------
    line : Line
        Any line.
    max_em : float
        Longest part, in em.

    Returns
    -------
    list of (runs, float)
        Each part and how far from the start of the line it begins, in em.
    """
    spans, edges = _atoms(line.runs)
    return [
        (_slice(line.runs, spans[first][0], spans[last][1]), edges[first][0])
        for first, last in _filled(edges, max_em)
    ]


def _without_controls(text: str) -> str:
    return "".join(c for c in text if unicodedata.category(c) not in {"Cc", "Cs"})


def _balanced(runs: tuple[Run, ...], count: int) -> list[Line]:
    """Break one line of text into at most ``count`` lines of like width."""
    spans, edges = _atoms(runs)
    low, high = 0.0, edges[-1][1]
    broken = [(0, len(spans) - 1)]
    for _ in range(_WIDTH_STEPS if count > 1 else 0):
        middle = (low + high) / 2
        attempt = _filled(edges, middle)
        if len(attempt) <= count:
            broken, high = attempt, middle
        else:
            low = middle
    parts = (_slice(runs, spans[first][0], spans[last][1]) for first, last in broken)
    return [Line(part, _width_em(part)) for part in parts]


def _filled(edges: list[tuple[float, float]], column_em: float) -> list[tuple[int, int]]:
    """Fill lines one after another; an atom wider than the column has a line of its own."""
    lines = [(0, 0)]
    for i, (_, right) in enumerate(edges):
        first = lines[-1][0]
        if right - edges[first][0] > column_em and i > first:
            lines.append((i, i))
        else:
            lines[-1] = (first, i)
    return lines


def _atoms(runs: tuple[Run, ...]) -> tuple[list[tuple[int, int]], list[tuple[float, float]]]:
    """Find the atoms of a line: where each begins and ends, in characters and in em."""
    text = "".join(part for _, part in runs)
    spans = [match.span() for match in _ATOM.finditer(text)]
    edges, x, end = [], 0.0, 0
    for start, stop in spans:
        x += _width_em(_slice(runs, end, start))
        width = _width_em(_slice(runs, start, stop))
        edges.append((x, x + width))
        x, end = x + width, stop
    return spans, edges


def _slice(runs: tuple[Run, ...], start: int, stop: int) -> tuple[Run, ...]:
    """Cut the characters from ``start`` to ``stop`` out of a line, with their faces."""
    cut, offset = [], 0
    for face, text in runs:
        part = text[max(start - offset, 0) : max(stop - offset, 0)]
        if part:
            cut.append((face, part))
        offset += len(text)
    return tuple(cut)


def _width_em(runs: tuple[Run, ...]) -> float:
    return sum(face.at(_MEASURE_PX).getlength(text) for face, text in runs) / _MEASURE_PX
