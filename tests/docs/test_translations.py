"""Pages in other languages do not fall behind: commands, names, pictures and links are the same."""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest

import docs_tables
from docs_words import language_of, templates, unsaid, words_of
from page_blocks import ROOT, code, pages, prose, translations

DOCS = ROOT / "docs"
READMES = {ROOT / "README.md", *DOCS.glob("README.*.md")}
LINK = re.compile(r"(?P<picture>!?)\[[^\]]*\]\((?P<target>[^)#\s]+)(?:#[^)\s]*)?\)")
TABLE = re.compile(r"^<!-- table: ([\w-]+) -->\n.*?^<!-- /table -->$", re.MULTILINE | re.DOTALL)
LANGUAGES = sorted({language_of(page) for page in translations()})
each_translation = pytest.mark.parametrize(
    "page", translations(), ids=lambda page: str(page.relative_to(DOCS))
)


def english(page: Path) -> Path:
    """Return the English page of any page."""
    if page in READMES:
        return ROOT / "README.md"
    language = DOCS / language_of(page)
    return DOCS / page.relative_to(language) if language in page.parents else page


def in_language(page: Path, language: str) -> Path:
    """Return where an English page lies in a language, whether it is there or not."""
    if page in READMES:
        return DOCS / f"README.{language}.md"
    return DOCS / language / page.relative_to(DOCS) if DOCS in page.parents else page


def written(page: Path) -> str:
    """Return what people wrote on a page: neither code nor generated tables."""
    return TABLE.sub("", prose(page))


def tables(page: Path) -> list[str]:
    """List the generated tables of a page."""
    return TABLE.findall(prose(page))


def links(page: Path, picture: str = "") -> list[str]:
    """List where a page leads beside to itself, each page of the project by its English name."""
    found = []
    for link in LINK.finditer(written(page)):
        target = led_to(page, link["target"])
        if link["picture"] != picture or english(target) == english(page):
            continue
        is_web = "://" in link["target"]
        found.append(link["target"] if is_web else str(english(target).relative_to(ROOT)))
    return sorted(found)


def names(page: Path) -> set[str]:
    """Collect what stands in the text of a page as code."""
    return {" ".join(name.split()) for name in re.findall(r"`([^`]+)`", written(page))}


def led_to(page: Path, target: str) -> Path:
    """Return the file that a link on a page leads to."""
    return Path(os.path.normpath(page.parent / target))


@each_translation
def test_a_translation_holds_the_same_code(page: Path) -> None:
    """Commands and what they print are those of the English page; comments may be translated."""
    assert code(page) == code(english(page))


@each_translation
def test_a_translation_has_the_same_headings(page: Path) -> None:
    """As many of each level, in the same order: no part is left out."""
    level = re.compile(r"^#+(?= )", re.MULTILINE)
    assert level.findall(prose(page)) == level.findall(prose(english(page)))


@each_translation
def test_a_translation_names_the_same_things(page: Path) -> None:
    """Every command, option, file and message in the text stands on both pages."""
    assert names(page) == names(english(page))


@each_translation
def test_a_translation_shows_the_same_pictures_and_tables(page: Path) -> None:
    """The files are shared, and generated tables stand under the same names."""
    assert links(page, picture="!") == links(english(page), picture="!")
    assert tables(page) == tables(english(page))


@each_translation
def test_a_translation_leads_to_the_same_pages(page: Path) -> None:
    """Each link of the English page is there, and no other."""
    assert links(page) == links(english(page))


@each_translation
def test_links_stay_in_the_language(page: Path) -> None:
    """A link leads to the page in the reader's language where there is one, and to a file."""
    targets = [link["target"] for link in LINK.finditer(written(page))]
    files = [led_to(page, target) for target in targets if "://" not in target]
    assert [file for file in files if not file.exists()] == []
    others = [file for file in files if english(file) != english(page)]
    own = [in_language(english(file), language_of(page)) for file in others]
    assert [file for file in own if file.exists() and file not in others] == []


@each_translation
def test_a_paragraph_is_one_line(page: Path) -> None:
    """A line break is shown as a space, and neither Chinese nor Japanese has spaces there."""
    broken = re.compile(r"[^\x00-\x7f]\n(?![-*>|#:!\s]|\d+\.|<!--).+")
    assert broken.findall(written(page)) == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_page_for_readers_is_there(language: str) -> None:
    """README, index, glossary, the tutorial and each how-to page."""
    folders = (DOCS / "tutorial", DOCS / "how-to")
    wanted = [ROOT / "README.md", DOCS / "index.md", DOCS / "glossary.md"]
    wanted += [page for page in pages() if any(folder in page.parents for folder in folders)]
    assert [page for page in wanted if not in_language(page, language).exists()] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_tables_are_said_in_the_language(language: str) -> None:
    """No cell of a generated table stays English, and no word is kept that no table uses."""
    words = words_of(language)
    shown = [
        name for page in translations() if language_of(page) == language for name in tables(page)
    ]
    lines = [line for name in shown for line in docs_tables.table(name)]
    assert unsaid(lines, words) == []
    assert words.keys() <= set(templates(lines))
