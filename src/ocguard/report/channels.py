"""Where a notice goes: one data file per platform, with its source and the day it was looked up.

An address in these files is a lead, not a fact: platforms move their forms, and most of what is
written about them comes from people who sell reports. So the person is told to go there from the
platform's own pages.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Final, Literal, cast, get_args

from ocguard.choices import NOTICE_KINDS, NoticeKind
from ocguard.errors import PlatformError
from ocguard.language.message import Message
from ocguard.platforms.section import Section
from ocguard.report.shipped import shipped_names, shipped_text
from ocguard.toml import did_you_mean, parse_toml

__all__ = ["Channel", "Form", "Language", "channels", "find_channel"]

MAX_ASKS: Final = 12
MAX_FORMS: Final = 4

Language = Literal["en", "zh"]


@dataclass(frozen=True)
class Form:
    """Where one kind of notice goes.

    Attributes
    ----------
    kind : {"dmca", "article-14", "ai-feature"}
        Which notice.
    language : {"en", "zh"}
        Of the notice: that of its law, or of the platform's staff.
    where, address : str
        The way there in words, and its address; the address is empty where none is known.
    asks : tuple of str
        What it asks for, as far as known.
    """

    kind: NoticeKind
    language: Language
    where: str
    address: str
    asks: tuple[str, ...]


@dataclass(frozen=True)
class Channel:
    """Where the notices to one platform go.

    Attributes
    ----------
    name : str
        What it is called on the command line.
    title, operator : str
        The platform, and the company that runs it; empty where nothing is known.
    forms : tuple of Form
        The notices that suit it, the usual one first.
    source : str
        From where this is known.
    checked : str
        The day on which it was looked up, ISO 8601.
    """

    name: str
    title: str
    operator: str
    forms: tuple[Form, ...]
    source: str
    checked: str

    def form(self, kind: NoticeKind | None = None) -> Form:
        """Return the form of a kind of notice, or the usual one.

        Raises
        ------
        PlatformError
            There is none of this kind; names those that there are.
        """
        found = [one for one in self.forms if kind in (None, one.kind)]
        if not found:
            known = ", ".join(one.kind for one in self.forms)
            raise PlatformError(
                "there is no notice {kind!r} to {name}: it has {known}",
                kind=kind,
                name=self.name,
                known=known,
            )
        return found[0]


@cache
def channels() -> Mapping[str, Channel]:
    """Return every channel by its name."""
    names = shipped_names("notices", ".toml")
    found = [_channel(name, shipped_text(f"notices/{name}")) for name in names]
    return {one.name: one for one in found}


def find_channel(name: str) -> Channel:
    """Return one channel; `PlatformError` names those that are known."""
    known = channels()
    if name not in known:
        hint = did_you_mean(name, known, Message("known are {known}", known=known))
        raise PlatformError("there is no form of notice for {name!r}: {hint}", name=name, hint=hint)
    return known[name]


def _channel(place: str, text: str) -> Channel:
    top = Section(place, parse_toml(text))
    found = Channel(
        name=top.text("name"),
        title=top.text("title"),
        operator=top.text("operator"),
        forms=tuple(_form(one) for one in top.sections("forms", MAX_FORMS)),
        source=top.text("source"),
        checked=top.day("checked").isoformat(),
    )
    top.close()
    return found


def _form(section: Section) -> Form:
    form = Form(
        kind=cast(NoticeKind, section.choice("kind", NOTICE_KINDS)),
        language=cast(Language, section.choice("language", get_args(Language))),
        where=section.text("where"),
        address=section.text("address", ""),
        asks=section.texts("asks", MAX_ASKS),
    )
    section.close()
    return form
