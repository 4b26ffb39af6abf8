"""The catalogs belong to the code: nothing is missing from them, and nothing in them is broken."""

from __future__ import annotations

import gettext
import io
import string
from collections.abc import Iterator
from typing import BinaryIO

import pytest
from babel.messages.catalog import Catalog, Message

import make_catalogs
from ocguard.language.catalogs import DOMAIN, FOLDER, phrase, plural_phrase
from ocguard.language.choice import LANGUAGES, speaking

TRANSLATED = make_catalogs.TRANSLATED

Key = tuple[object, object]


@pytest.fixture(scope="module")
def current() -> Catalog:
    """Collect what the code says today."""
    return make_catalogs.template()


def entries(catalog: Catalog) -> dict[Key, Message]:
    """Return the entries of a catalog by context and sentence; its header left out."""
    return {(one.context, one.id): one for one in catalog if one.id}


def said(texts: object) -> tuple[str, ...]:
    """Return the one text of an entry, or its forms."""
    return (texts,) if isinstance(texts, str) else tuple(texts)  # type: ignore[arg-type]


def fields(text: str, *, is_percent: bool) -> set[str]:
    """Name the values of a text, with their formats."""
    if is_percent:
        return set(make_catalogs.PERCENT_FIELD.findall(text))
    return set(_brace_fields(text))


def held(stream: BinaryIO) -> dict[object, str]:
    """Read what a compiled catalog holds, but for its header, which names versions of tools."""
    sentences: dict[object, str] = gettext.GNUTranslations(stream)._catalog  # type: ignore[arg-type, attr-defined]
    return {key: text for key, text in sentences.items() if key}


def _brace_fields(text: str) -> Iterator[str]:
    for _, name, form, conversion in string.Formatter().parse(text):
        if name is not None:
            yield f"{name}!{conversion or ''}:{form}"


def test_the_template_is_what_the_code_says(current) -> None:
    """`make catalogs` brings it up to date."""
    kept = make_catalogs.read_catalog(FOLDER / f"{DOMAIN}.pot")
    assert entries(kept).keys() == entries(current).keys()


@pytest.mark.parametrize("language", TRANSLATED)
def test_every_sentence_has_its_entry(current, language) -> None:
    """And no entry is left of sentences that nobody says any more."""
    catalog = make_catalogs.read_catalog(make_catalogs.po_path(language), language)
    assert entries(catalog).keys() == entries(current).keys()


@pytest.mark.parametrize("domain", [DOMAIN, make_catalogs.CLICK])
@pytest.mark.parametrize("language", TRANSLATED)
def test_what_is_used_is_what_was_translated(language, domain) -> None:
    """The compiled catalog is made of the one that people read."""
    path = make_catalogs.po_path(language, domain)
    catalog = make_catalogs.read_catalog(path, language)
    with path.with_suffix(".mo").open("rb") as stream:
        assert held(stream) == held(io.BytesIO(make_catalogs.compiled(catalog)))


@pytest.mark.parametrize("domain", [DOMAIN, make_catalogs.CLICK])
@pytest.mark.parametrize("language", TRANSLATED)
def test_a_translation_names_the_same_values(language, domain) -> None:
    """In the same forms; a missing one would be lost, an unknown one would fail when it is said."""
    catalog = make_catalogs.read_catalog(make_catalogs.po_path(language, domain), language)
    for one in entries(catalog).values():
        is_percent = make_catalogs.is_percent(one)
        wanted = fields(said(one.id)[-1], is_percent=is_percent)
        for text in filter(None, said(one.string)):
            assert fields(text, is_percent=is_percent) == wanted, one.id


@pytest.mark.parametrize("language", TRANSLATED)
def test_help_keeps_what_stands_as_it_is(language) -> None:
    """Paragraphs with examples are marked for click, and begin with its sign."""
    catalog = make_catalogs.read_catalog(make_catalogs.po_path(language), language)
    for one in catalog:
        if isinstance(one.string, str) and one.string:
            assert one.string.count("\b\n") == said(one.id)[0].count("\b\n"), one.id


def test_what_no_catalog_holds_is_said_in_english() -> None:
    """A sentence of tomorrow, and every sentence for who reads English."""
    for language in LANGUAGES:
        with speaking(language):
            assert phrase("no sentence of ours") == "no sentence of ours"
            assert phrase("", "a context") == ""
            assert plural_phrase("{number} pen", "{number} pens", 2) == "{number} pens"
