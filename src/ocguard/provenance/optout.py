"""The values of an opt-out: who made a picture, and what may not be done with it.

The vocabulary for data mining is PLUS LDF 2.0.1, the one for the source of a picture is IPTC's.
An opt-out in metadata is a request that most platforms strip; the marks in the pixels carry the
claim where it is gone.

References
----------
PLUS Coalition, "PLUS License Data Format", vocabulary "Data Mining",
http://ns.useplus.org/LDF/ldf-XMPSpecification.
IPTC, "Digital Source Type NewsCodes", http://cv.iptc.org/newscodes/digitalsourcetype/.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, fields
from typing import Final

from ocguard.choices import DIGITAL_SOURCES
from ocguard.language.message import Message

__all__ = ["DATA_MINING_CODES", "Merged", "OptOut"]

DATA_MINING_CODES = (
    "DMI-UNSPECIFIED",
    "DMI-ALLOWED",
    "DMI-PROHIBITED-GENAIMLTRAINING",
    "DMI-PROHIBITED-AIMLTRAINING",
    "DMI-PROHIBITED-EXCEPTSEARCHENGINEINDEXING",
    "DMI-PROHIBITED",
    "DMI-PROHIBITED-SEECONSTRAINT",
    "DMI-PROHIBITED-SEEEMBEDDEDRIGHTSEXPR",
    "DMI-PROHIBITED-SEELINKEDRIGHTSEXPR",
)
"""PLUS codes; the first six from least to most prohibited."""

_MAX_CHARS = 2000
"""Longest value, in characters: a JPEG has room for 65,502 bytes of XMP in all."""

_NOT_IN_XML: Final = "[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]"
_EMAIL: Final = r"[^\s@<>()]+@[^\s@<>()]+\.[^\s@<>().]+"
_URL: Final = r"(?i)https?://[^\s<>\"]+"


@dataclass(frozen=True, kw_only=True)
class OptOut:
    """What is written into a protected file. Empty values leave what the file has.

    White space around a value is taken off.

    Attributes
    ----------
    creator : str
        The artist's name, in any script.
    notice : str
        Copyright notice, for example ``"© 2026 Mira Vale"``.
    contact : str
        Where a license can be asked for: an e-mail address or a web address (http or https).
    terms_url : str
        Web page with the terms of use.
    usage_terms : str
        The terms in a few words.
    constraints : str
        What else is not allowed, in the artist's words.
    data_mining : str
        One of ``DATA_MINING_CODES``.
    digital_source : str
        One of ``DIGITAL_SOURCES``, which only the artist knows: where it is empty, or the file
        declares one, nothing is written.
    credit : str
        Credit line; the creator where empty.

    Raises
    ------
    ValueError
        If a value is not of its kind, is too long, or holds characters that XML cannot.
    """

    creator: str
    notice: str = ""
    contact: str = ""
    terms_url: str = ""
    usage_terms: str = ""
    constraints: str = ""
    data_mining: str = "DMI-PROHIBITED-AIMLTRAINING"
    digital_source: str = ""
    credit: str = ""

    def __post_init__(self) -> None:
        for field in fields(self):
            value = getattr(self, field.name).strip()
            object.__setattr__(self, field.name, value)
            _require_plain(field.name, value)
        if not self.creator:
            raise ValueError(Message("an opt-out needs the creator's name"))
        if self.data_mining not in DATA_MINING_CODES:
            raise ValueError(_not_one_of("data_mining", self.data_mining, DATA_MINING_CODES))
        if self.digital_source and self.digital_source not in DIGITAL_SOURCES:
            raise ValueError(_not_one_of("digital_source", self.digital_source, DIGITAL_SOURCES))
        if self.data_mining == "DMI-PROHIBITED-SEECONSTRAINT" and not self.constraints:
            raise ValueError(Message("DMI-PROHIBITED-SEECONSTRAINT needs constraints to be seen"))
        if self.contact and not (self.email or self.url):
            raise ValueError(
                Message(
                    "contact must be an e-mail address or a web address with https://, not "
                    "{contact!r}",
                    contact=self.contact[:80],
                )
            )
        if self.terms_url and not re.fullmatch(_URL, self.terms_url):
            raise ValueError(
                Message(
                    "terms_url must start with https://, not {terms_url!r}",
                    terms_url=self.terms_url[:80],
                )
            )

    @property
    def email(self) -> str:
        """The contact if it is an e-mail address, else empty."""
        address = self.contact.removeprefix("mailto:")
        return address if re.fullmatch(_EMAIL, address) else ""

    @property
    def url(self) -> str:
        """The contact if it is a web address, else empty."""
        return self.contact if re.fullmatch(_URL, self.contact) else ""


@dataclass(frozen=True)
class Merged:
    """Metadata ready to be put into a file.

    Attributes
    ----------
    data : bytes
        The packet; empty where there is nothing to write.
    warnings : tuple of str
        What could not be kept or was not written, one sentence each.
    """

    data: bytes
    warnings: tuple[str, ...] = ()


def _require_plain(name: str, text: str) -> None:
    """Refuse a text that no metadata can hold."""
    if len(text) > _MAX_CHARS:
        too_long = Message(
            "{name} has {count} characters, over {limit}",
            name=name,
            count=len(text),
            limit=_MAX_CHARS,
        )
        raise ValueError(too_long)
    if re.search(_NOT_IN_XML, text):
        shown = text[:80]
        raise ValueError(
            Message("{name} holds control characters: {text!r}", name=name, text=shown)
        )


def _not_one_of(name: str, value: str, allowed: tuple[str, ...]) -> str:
    return Message(
        "{name} must be one of {allowed}, not {value!r}",
        name=name,
        allowed=allowed,
        value=value[:80],
    )
