"""Promises of the tables on translated pages."""

from __future__ import annotations

import pytest

from docs_words import DOCS, language_of, said, templates, unsaid, words_of

TABLE = [
    "| question | measured |",
    "| --- | ---: |",
    "| Is it found? | 3 of 1,200 |",
    "",
    "Looked up on 2026-11-29.",
]
WORDS = {
    "question": "问题",
    "Is it found?": "找得到吗?",
    "{0} of {1}": "{1} 张中 {0} 张",
    "Looked up on {0}.": "查于 {0}。",
}


def test_cells_are_said_with_their_own_numbers() -> None:
    """Numbers come from the table, in the order that the language needs; the rest stays."""
    assert said(TABLE, WORDS) == [
        "| 问题 | measured |",
        "| --- | ---: |",
        "| 找得到吗? | 1,200 张中 3 张 |",
        "",
        "查于 2026-11-29。",
    ]


def test_cells_without_words_are_named() -> None:
    """Rules between lines are no words, and said cells are not named."""
    assert unsaid(TABLE, WORDS) == ["measured"]


def test_names_and_chinese_need_no_words() -> None:
    """A list of programs stays as it is, and so does the way to a menu of a Chinese site."""
    names = "| `AI2Bot` (Ai2), `CCBot` (Common Crawl) | App 内：举报 | `x` |"
    assert unsaid([names], {}) == []


def test_numbers_inside_names_are_no_numbers() -> None:
    """SSIMULACRA2 and master1200 are names; 1.91:1 and 2026-11-22 are one number each."""
    cells = "| SSIMULACRA2 of 1.91:1 | master1200, 2026-11-22 |"
    assert templates([cells]) == ["SSIMULACRA2 of {0}", "master1200, {0}"]


@pytest.mark.parametrize(
    ("page", "language"),
    [
        ("README.zh.md", "zh"),
        ("ja/how-to/page.md", "ja"),
        ("how-to/page.md", "en"),
        ("index.md", "en"),
        ("../README.md", "en"),
    ],
)
def test_the_place_of_a_page_tells_its_language(page: str, language: str) -> None:
    """A folder for each language, and a README for each beside them."""
    assert language_of((DOCS / page).resolve()) == language


def test_english_needs_no_words() -> None:
    """It is the language in which tables are made."""
    assert words_of("en") == {}
