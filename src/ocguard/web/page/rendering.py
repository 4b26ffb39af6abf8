"""The templates of the page; every sentence stands in them whole, marked for translation."""

from __future__ import annotations

import datetime
from functools import cache
from typing import Any

import jinja2

from ocguard.imaging.kinds import SUFFIXES
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
    environment.install_null_translations(newstyle=True)  # type: ignore[attr-defined]
    environment.globals["suffixes"] = " ".join(one for known in SUFFIXES.values() for one in known)
    environment.filters["local"] = _local
    environment.filters["plain"] = lambda text: neutralized(str(text), MAX_CHARACTERS)
    return environment
