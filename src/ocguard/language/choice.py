"""Which language is spoken now: chosen by a person, or by what their system says.

The choice belongs to the context that runs, so that a server answers several people at once, each
in their own language.
"""

from __future__ import annotations

import locale
import sys
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Final, Literal, get_args

__all__ = [
    "LANGUAGES",
    "LANGUAGE_NAMES",
    "Language",
    "choose_language",
    "chosen_language",
    "known_language",
    "speaking",
    "system_language",
]

Language = Literal["en", "zh", "ja"]

LANGUAGES: Final[tuple[Language, ...]] = get_args(Language)
"""English, which stands in the code, and the languages with a catalog."""

LANGUAGE_NAMES: Final[Mapping[Language, str]] = {"en": "English", "zh": "中文", "ja": "日本語"}
"""What each is called by those who speak it."""

VARIABLES: Final = ("OCGUARD_LANG", "LC_ALL", "LC_MESSAGES", "LANG")
"""Environment variables that name a language, the firmest first."""

_chosen: ContextVar[Language] = ContextVar("language", default="en")


def chosen_language() -> Language:
    """Return the language that is spoken in this context; English where none was chosen."""
    return _chosen.get()


def choose_language(language: Language) -> None:
    """Speak a language from now on, in this context and those that begin in it."""
    _chosen.set(language)


@contextmanager
def speaking(language: Language) -> Iterator[None]:
    """Speak a language for a while."""
    token = _chosen.set(language)
    try:
        yield
    finally:
        _chosen.reset(token)


def known_language(tags: Iterable[str]) -> Language | None:
    """Return the first of some languages that ocguard speaks.

    Parameters
    ----------
    tags : iterable of str
        As locales (``zh_TW.UTF-8``) or in HTTP (``ja-JP``), the dearest first. Every Chinese is
        answered in simplified characters. ``C`` and ``POSIX`` name no language.

    Returns
    -------
    {"en", "zh", "ja"} or None
        None where no tag names one of them.
    """
    for tag in tags:
        primary = tag.replace("_", "-").partition("-")[0].partition(".")[0].strip().lower()
        if primary in LANGUAGES:
            return primary
    return None


def system_language(environ: Mapping[str, str]) -> Language:
    """Return the language that a person's system is set to; English where it is none of ours.

    Parameters
    ----------
    environ : mapping of str to str
        The environment. As everywhere, the first variable of `VARIABLES` that is set decides,
        whatever it says; Windows, which sets none, is asked for the language of its menus.
    """
    said = [environ[name] for name in VARIABLES if environ.get(name)]
    if not said and sys.platform == "win32":
        import ctypes

        menus = ctypes.windll.kernel32.GetUserDefaultUILanguage()
        said = [locale.windows_locale.get(menus, "")]
    return known_language(said[:1]) or "en"
