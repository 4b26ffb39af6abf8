"""Columns align and lines end where they should, also with characters of two columns."""

import pytest

from ocguard.cli.width import columns, cut, padded, wrapped


@pytest.mark.parametrize(
    ("text", "width"), [("work", 4), ("作品", 4), ("作品 ab", 7), ("ｶﾞ", 2), ("e\u0301", 1), ("", 0)]
)
def test_wide_characters_take_two_columns(text, width):
    """Half-width forms take one, combining marks none."""
    assert columns(text) == width


def test_columns_align():
    """Whatever stands in the cells before."""
    assert {columns(padded(text, 10)) for text in ("work", "作品", "作品 ab")} == {10}


def test_a_line_is_cut_before_a_character_that_does_not_fit():
    """Half a character is never drawn."""
    assert cut("作品", 3) == "作"
    assert cut("work", 9) == "work"


def test_chinese_is_wrapped_between_characters():
    """It has no spaces to wrap at."""
    text = "发图之前保护你的原创角色"
    lines = wrapped(text, 10, "  ").splitlines()
    assert all(columns(line) <= 10 and line.startswith("  ") for line in lines)
    assert "".join(line.strip() for line in lines) == text


def test_no_line_begins_with_punctuation():
    """As every Chinese and Japanese book is set."""
    lines = wrapped("保护作品，登记作品。保护作品，登记作品。", 8).splitlines()
    assert not any(line.startswith(("，", "。")) for line in lines)


def test_words_and_paths_stay_whole():
    """Also between Chinese, and also where they are longer than a line."""
    said = wrapped("写到 /home/a-long/path-of-a-picture.png 里，再看一遍", 20)
    assert "/home/a-long/path-of-a-picture.png" in said


def test_english_is_wrapped_at_spaces():
    """Nothing changes for it."""
    assert wrapped("a line of some words", 10) == "a line of\nsome words"
