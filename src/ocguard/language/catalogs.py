"""The catalogs of translations, each loaded when something is first said in its language.

They are gettext's: English in the code is the name of a sentence, and ``catalogs/zh/LC_MESSAGES``
holds the Chinese of all of them, as text (``.po``) and compiled (``.mo``). What a catalog lacks is
said in English.
"""

from __future__ import annotations

import gettext
from functools import cache
from pathlib import Path
from typing import Final

from ocguard.language.choice import Language, chosen_language

__all__ = ["DOMAIN", "FOLDER", "phrase", "plural_phrase"]

DOMAIN: Final = "ocguard"
"""What the files of the catalogs are called."""

FOLDER: Final = Path(__file__).parent / "catalogs"


@cache
def _catalog(language: Language) -> gettext.NullTranslations:
    if language == "en":
        return gettext.NullTranslations()
    return gettext.translation(DOMAIN, FOLDER, [language], fallback=True)


def phrase(english: str, context: str = "") -> str:
    """Return a phrase in the chosen language.

    Parameters
    ----------
    english : str
        As it stands in the code.
    context : str
        What tells short words apart that are equal in English alone.
    """
    catalog = _catalog(chosen_language())
    if context:
        return catalog.pgettext(context, english)
    return catalog.gettext(english) if english else ""


def plural_phrase(one: str, many: str, number: int) -> str:
    """Return the form of a phrase that goes with a number, in the chosen language."""
    return _catalog(chosen_language()).ngettext(one, many, number)
