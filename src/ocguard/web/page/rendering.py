"""The templates of the page; every sentence stands in them whole, marked for translation."""

from __future__ import annotations

import datetime
from functools import cache
from typing import Any

import jinja2

from ocguard.imaging.kinds import SUFFIXES
from ocguard.language.catalogs import phrase, plural_phrase
from ocguard.language.choice import LANGUAGE_NAMES, chosen_language
from ocguard.language.message import translated
from ocguard.metadata.untrusted import neutralized

__all__ = ["render"]

MAX_CHARACTERS = 300
"""Longest text of a stranger that is shown."""


def render(template: str, **values: Any) -> str:
    """Return a page, or a part of one, as HTML.

    Parameters
    ----------
    template : str
        Name of the template.
    **values
        What it shows; every text is escaped.
    """
    return _environment().get_template(template).render(**values)


def _plain(text: object) -> str:
    """Say a text in the chosen language, with nothing in it that could steer anything."""
    return neutralized(translated(text) if isinstance(text, str) else str(text), MAX_CHARACTERS)


def _local(utc: str) -> str:
    """Tell a time of a record by the clock of this computer, which the reader sees too."""
    return datetime.datetime.fromisoformat(utc).astimezone().strftime("%Y-%m-%d %H:%M")


@cache
def _environment() -> jinja2.Environment:
    environment = jinja2.Environment(
        loader=jinja2.PackageLoader("ocguard.web.page"),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        extensions=["jinja2.ext.i18n"],
    )
    environment.install_gettext_callables(  # type: ignore[attr-defined]
        phrase, plural_phrase, newstyle=True
    )
    environment.globals["language"] = chosen_language
    environment.globals["languages"] = LANGUAGE_NAMES
    environment.globals["suffixes"] = " ".join(one for known in SUFFIXES.values() for one in known)
    environment.filters["local"] = _local
    environment.filters["plain"] = _plain
    return environment
