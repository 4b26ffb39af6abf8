"""Promises of ocguard.watermark.visible.template."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ocguard.watermark.visible.template import FIELDS, fields_of, filled

VALUES = {name: name.upper() for name in FIELDS}


def test_every_field_is_filled_in() -> None:
    """The six that there are, in any order, any number of times."""
    template = " ".join(f"{{{name}}}" for name in FIELDS)
    assert filled(template, VALUES) == " ".join(VALUES.values())
    assert fields_of(template + template) == set(FIELDS)


@given(st.text(st.characters(exclude_characters="{}", exclude_categories=["Cs"])))
def test_other_text_stays(text: str) -> None:
    """Percent signs, dollars, backslashes: nothing is special but braces."""
    assert filled(text, VALUES) == text
    assert fields_of(text) == frozenset()


def test_braces_are_doubled() -> None:
    """As everywhere in Python."""
    assert filled("{{ {creator} }}", VALUES) == "{ CREATOR }"


@pytest.mark.parametrize("template", ["{name}", "{", "a } b", "{creator.__class__}", "{0}", "{}"])
def test_what_is_no_field_is_refused_by_name(template: str) -> None:
    """The message lists the fields that there are; nothing is ever evaluated."""
    for refuse in (fields_of, lambda text: filled(text, VALUES)):
        with pytest.raises(ValueError, match="short_id"):
            refuse(template)


def test_an_empty_field_is_refused_with_the_option_that_fills_it() -> None:
    """A mark that says "for ." would be worse than an error."""
    with pytest.raises(ValueError, match="--recipient"):
        filled("for {recipient}", {"recipient": " "})


def test_what_is_filled_in_is_one_line_and_never_a_template() -> None:
    """A file name with braces or line breaks changes nothing but itself."""
    assert filled("{title}", {"title": "{creator}\n\r evil"}) == "{creator} evil"
