"""The report as one HTML page that needs nothing else: no file beside it, no network, no account.

Every text is escaped by the template engine, and texts of strangers are neutralized before. The
page forbids itself everything but its own style, its own script and the pictures in it (Content
Security Policy), so nothing in a name, an address or metadata can run or call anybody. Addresses
are shown, never linked.

The sentences stand in the template, whole, marked for translation.
"""

from __future__ import annotations

import base64
import hashlib
import math
from collections.abc import Mapping
from functools import cache
from typing import TYPE_CHECKING, Any, Final

from ocguard.language.catalogs import phrase, plural_phrase
from ocguard.language.choice import Language, speaking
from ocguard.language.message import Message, power_of_ten, translated
from ocguard.metadata.untrusted import neutralized
from ocguard.report.evidence import Evidence
from ocguard.report.shipped import shipped_text

if TYPE_CHECKING:
    from jinja2 import Template

__all__ = ["chance_text", "declared_rows", "report_page"]

LEAST_CHANCE: Final = 1e-12
"""No smaller chance is told: a mistake of people or programs is likelier by far."""

MAX_CHARS: Final = 300
"""Longest text of a stranger in one cell, in characters."""

MAX_HASH_CHARS: Final = 65
"""Most characters of a hash on the page: 256 bits whole, longer ones cut."""

BETWEEN_SENTENCES: Final[Mapping[Language, str]] = {"en": " ", "zh": "", "ja": ""}
"""What stands between two sentences."""

MAX_LINES: Final = 40
"""Most lines of a note."""


def report_page(
    evidence: Evidence, pictures: Mapping[str, bytes], language: Language = "en"
) -> str:
    """Write the page.

    Parameters
    ----------
    evidence : Evidence
        What it shows.
    pictures : mapping of str to bytes
        JPEG files by what they show: ``suspect``, ``work``, ``laid``, ``points``, ``difference``;
        what is missing is left out of the page.
    language : {"en", "zh", "ja"}
        Of its sentences.

    Returns
    -------
    str
        HTML, to be written as UTF-8.
    """
    style, script = shipped_text("templates/report.css"), shipped_text("templates/report.js")
    with speaking(language):
        return _template().render(
            e=evidence,
            language=language,
            gap=BETWEEN_SENTENCES[language],
            pictures={name: _data_uri(jpeg) for name, jpeg in pictures.items()},
            declared=declared_rows(evidence.record.get("declared", {})),
            note=_lines(evidence.capture.note),
            style=style,
            script=script,
            style_digest=_csp_digest(style),
            script_digest=_csp_digest(script),
        )


@cache
def _template() -> Template:
    """Prepare the template; autoescape is on for everything."""
    import jinja2

    environment = jinja2.Environment(
        loader=jinja2.FunctionLoader(lambda name: shipped_text(f"templates/{name}")),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        extensions=["jinja2.ext.i18n"],
    )
    environment.install_gettext_callables(phrase, plural_phrase)  # type: ignore[attr-defined]
    environment.filters["plain"] = _plain
    environment.filters["start"] = lambda text: neutralized(str(text), MAX_HASH_CHARS)
    environment.filters["chance"] = lambda p_value: translated(chance_text(p_value))
    return environment.get_template("report.html")


def _plain(text: object) -> str:
    """Say a text in the chosen language, with nothing in it that could steer anything."""
    return neutralized(translated(text) if isinstance(text, str) else str(text), MAX_CHARS)


def _data_uri(jpeg: bytes) -> str:
    return f"data:image/jpeg;base64,{base64.b64encode(jpeg).decode()}"


def _csp_digest(text: str) -> str:
    """Name an inline style or script as a Content Security Policy does."""
    return base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()


def chance_text(p_value: float) -> Message:
    """Say a bound on a probability as once in so many pictures, rounded to the careful side."""
    exponent = math.floor(-math.log10(max(p_value, LEAST_CHANCE)))
    return (
        Message("once in {pictures} pictures", pictures=power_of_ten(exponent))
        if exponent > 3
        else Message("{p_value:.1%} of the time", p_value=p_value)
    )


def _lines(note: str) -> list[str]:
    """Split a person's note, each line neutralized."""
    return [neutralized(line, 4 * MAX_CHARS) for line in note.splitlines()[:MAX_LINES]]


def declared_rows(declared: Mapping[str, Any]) -> list[tuple[str, str]]:
    """List what a file says of itself as rows of name and text; deeper values are flattened."""
    return [(name, text) for name, value in declared.items() for text in _texts(value)]


def _texts(value: object) -> list[str]:
    """Show a value of what is declared: a text for each item of a list."""
    if isinstance(value, list):
        return [text for one in value for text in _texts(one)]
    if isinstance(value, Mapping):
        return ["; ".join(f"{key}: {', '.join(_texts(one))}" for key, one in value.items())]
    return [Message("yes") if value is True else str(value)]
