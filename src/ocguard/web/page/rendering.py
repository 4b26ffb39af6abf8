"""The templates of the page; every sentence stands in them whole, marked for translation."""

from __future__ import annotations

from functools import cache
from typing import Any

import jinja2

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
    environment.filters["plain"] = lambda text: neutralized(str(text), MAX_CHARACTERS)
    return environment
