"""Promises of ocguard.watermark.visible.typesetting."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ocguard.errors import FontError
from ocguard.watermark.visible.typesetting import (
    MAX_TEXT_CHARS,
    Block,
    fit_text,
    on_lines,
    parts_of,
    tidy_text,
    without_emoji,
)

LONG = "© 2026 Mira Vale. All rights reserved. Do not repost or use for AI training."
WORDS = st.lists(st.text("abcMW.", min_size=1, max_size=12), min_size=1, max_size=20).map(" ".join)


def lines_of(block: Block | None) -> list[str]:
    """The text of every line."""
    assert block is not None
    return ["".join(part for _, part in line.runs) for line in block.lines]


def test_spaces_are_tidied_and_line_breaks_kept() -> None:
    """Runs of spaces become one; empty lines go."""
    assert tidy_text("  Mira \t Vale \n\n mira.example ") == "Mira Vale\nmira.example"


@pytest.mark.parametrize(
    ("text", "lines", "broken"),
    [
        ("© Mira Vale · do not repost", 2, "© Mira Vale\ndo not repost"),
        ("林小雨作品禁止转载", 3, "林小雨\n作品禁\n止转载"),
        ("© 林小雨「春の狐」、転載禁止", 2, "© 林小雨「春の\n狐」、転載禁止"),
        ("春夏秋冬。", 2, "春夏秋\n冬。"),
        ("© 小狐工作室 Mira", 2, "© 小狐工\n作室 Mira"),
        ("Unbreakable", 3, "Unbreakable"),
    ],
)
def test_a_line_is_broken_where_its_script_allows(text: str, lines: int, broken: str) -> None:
    """Between words, and between characters of CJK, but not before a stop or behind a bracket."""
    assert on_lines(text, lines) == broken


@given(WORDS, st.integers(1, 5))
def test_no_letter_is_lost_between_lines(text: str, lines: int) -> None:
    """And there are no more of them than asked for."""
    broken = on_lines(text, lines)
    assert broken.split() == text.split()
    assert len(broken.splitlines()) <= lines


def test_invisible_controls_are_dropped() -> None:
    """Bidi overrides, variation selectors and escapes cannot mislead in a mark."""
    assert tidy_text("Mi\u202era\u200b \x1b\u2665\ufe0f") == "Mira \u2665"


def test_accents_are_composed() -> None:
    """A letter and its accent become the one character that fonts have."""
    assert tidy_text("Ze\u0301") == "Z\u00e9"


@pytest.mark.parametrize("text", ["", "  \n ", "\u200b\u202e", "\x00"])
def test_a_text_with_nothing_to_draw_is_refused(text: str) -> None:
    """An empty mark is a mistake of the caller."""
    with pytest.raises(ValueError, match="nothing to draw"):
        tidy_text(text)


def test_a_text_that_is_too_long_is_refused() -> None:
    """The bound is part of the message."""
    with pytest.raises(ValueError, match=str(MAX_TEXT_CHARS)):
        tidy_text("a" * (MAX_TEXT_CHARS + 1))


def test_emoji_are_left_out_of_names() -> None:
    """With all that is joined to them; other symbols stay, and so does a name without any."""
    assert without_emoji("Mira \U0001f98a") == "Mira"
    assert without_emoji("\U0001f469\U0001f3fd\u200d\U0001f3a8 Mo \u2665 K") == "Mo \u2665 K"
    assert without_emoji("two  spaces") == "two  spaces"


@pytest.mark.parametrize("text", ["fox \U0001f98a", "1\ufe0f\u20e3", "\U0001f1e8\U0001f1f3"])
def test_emoji_are_refused_by_name(text: str) -> None:
    """Fonts draw them in colors of their own; the error says to leave them out."""
    with pytest.raises(FontError, match="emoji") as caught:
        tidy_text(text)
    assert caught.value.scripts == ("Emoji",)


def test_a_text_that_fits_keeps_its_size_and_its_line() -> None:
    """Nothing is shrunk or broken without need."""
    block = fit_text("Mira Vale", 20.0, (400.0, 100.0), max_lines=4)
    assert lines_of(block) == ["Mira Vale"]
    assert block is not None
    assert block.size_px == 20.0


def test_a_long_text_is_broken_into_lines_of_like_width() -> None:
    """The longest line is at most a word longer than the shortest."""
    block = fit_text(LONG, 20.0, (300.0, 200.0), max_lines=4)
    assert " ".join(lines_of(block)) == LONG
    assert block is not None
    widths = [line.width_em for line in block.lines]
    assert len(widths) > 1
    assert max(widths) - min(widths) < 8


def test_han_text_breaks_between_characters_but_not_before_a_comma(
    needs_font: Callable[[str], None],
) -> None:
    """Lines of Han need no spaces to break, and never start with closing punctuation."""
    text = "小狐狸画室，禁止转载，禁止用于人工智能训练，谢谢"
    needs_font(text)
    lines = lines_of(fit_text(text, 20.0, (120.0, 200.0), max_lines=6))
    assert len(lines) > 2
    assert "".join(lines) == text
    assert not any(line.startswith("，") for line in lines)


def test_a_separator_stays_on_the_line_before_it() -> None:
    """A lone dot between two phrases does not start a line."""
    lines = lines_of(fit_text("Mira Vale · no AI", 20.0, (95.0, 100.0), max_lines=2))
    assert lines == ["Mira Vale ·", "no AI"]


def test_a_text_that_cannot_be_legible_is_not_set() -> None:
    """Below eight pixels there is no block."""
    assert fit_text(LONG, 20.0, (40.0, 20.0), max_lines=4) is None


@settings(max_examples=50, deadline=None)
@given(WORDS, st.floats(60, 900), st.floats(20, 400), st.integers(1, 4))
def test_a_block_never_outgrows_its_room(text: str, width: float, height: float, n: int) -> None:
    """Whatever the words and the room, the block fits, loses nothing, or is not set."""
    block = fit_text(text, 24.0, (width, height), max_lines=n)
    if block is not None:
        assert block.width_px <= width * 1.0001
        assert block.height_px <= height * 1.0001
        assert len(block.lines) <= n
        assert " ".join(lines_of(block)) == text


@settings(max_examples=30, deadline=None)
@given(WORDS, st.floats(1, 10))
def test_parts_keep_the_words_and_their_places(text: str, max_em: float) -> None:
    """Cutting a line into parts loses no word, and parts do not overlap."""
    block = fit_text(text, 10.0, (1e6, 1e6), max_lines=1)
    assert block is not None
    parts = parts_of(block.lines[0], max_em)
    assert " ".join("".join(t for _, t in runs) for runs, _ in parts) == text
    starts = [start for _, start in parts]
    assert starts == sorted(starts)
