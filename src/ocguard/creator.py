"""Who the creator is: the few lines of text that go into marks and metadata.

A profile is a flat TOML file, so that a person may edit it by hand. It names the key that belongs
to it by its public id, so that a lost or exchanged key file is noticed before anything is marked
with the wrong one. The secret itself is never in the profile.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Final

from ocguard.atomic import whole_file
from ocguard.choices import DIGITAL_SOURCES
from ocguard.errors import ProfileError
from ocguard.language.message import Message
from ocguard.toml import TomlError, did_you_mean, read_toml, toml

__all__ = ["Profile", "read_profile", "write_profile"]

MAX_TEXT_CHARACTERS: Final = 500
"""Longer text fits no visible mark and no metadata field that readers show."""

_NOT_PLAIN: Final = frozenset({"Cc", "Cs", "Zl", "Zp"})
"""Unicode categories: controls, lone surrogates, line and paragraph separators."""

_URL: Final = re.compile(r"https?://[^\s<>\"]+", re.IGNORECASE)
_MAIL: Final = re.compile(r"[^\s@<>()]+@[^\s@<>()]+\.[^\s@<>().]+")


@dataclass(frozen=True)
class Profile:
    """What a creator says of themself.

    Attributes
    ----------
    creator : str
        Name of the person or studio, in any script.
    notice : str
        Copyright notice; empty means ``© creator``, see :attr:`credit`.
    contact : str
        Where a license is asked for: a mail address, or a page with ``https://``.
    terms_url : str
        Page with the terms, ``http://`` or ``https://``.
    usage_terms : str
        The terms in one sentence.
    digital_source : str
        How the pictures come into being, one of :data:`ocguard.choices.DIGITAL_SOURCES`: what is
        declared of them. Empty declares nothing.
    key_id : str
        Public id of the secret key; kept by ocguard.

    Raises
    ------
    ValueError
        A text is too long, holds control characters, or an address or code is none; `creator` is
        empty.

    Examples
    --------
    >>> Profile("Lin Qiu 林秋").credit
    '© Lin Qiu 林秋'
    """

    creator: str
    notice: str = ""
    contact: str = ""
    terms_url: str = ""
    usage_terms: str = ""
    digital_source: str = ""
    key_id: str = ""

    def __post_init__(self) -> None:
        if not self.creator.strip():
            raise ValueError(Message("a profile needs the creator's name"))
        for name, text in asdict(self).items():
            _require_plain(name, text)
        if self.terms_url and not _URL.fullmatch(self.terms_url):
            raise ValueError(
                Message(
                    "terms_url must begin with https://, got {terms_url!r}",
                    terms_url=self.terms_url,
                )
            )
        if self.contact and not (_URL.fullmatch(self.contact) or _MAIL.fullmatch(self.contact)):
            raise ValueError(
                Message(
                    "contact must be a mail address or a page with https://, got {contact!r}",
                    contact=self.contact,
                )
            )
        if self.digital_source and self.digital_source not in DIGITAL_SOURCES:
            hint = did_you_mean(
                self.digital_source,
                DIGITAL_SOURCES,
                Message("known are {known}", known=list(DIGITAL_SOURCES)),
            )
            raise ValueError(
                Message(
                    "unknown digital_source {digital_source!r}; {hint}",
                    digital_source=self.digital_source,
                    hint=hint,
                )
            )
        if self.key_id and not re.fullmatch("[0-9a-f]{16}", self.key_id):
            raise ValueError(
                Message("key_id has 16 hexadecimal digits, got {key_id!r}", key_id=self.key_id)
            )

    @property
    def credit(self) -> str:
        """The notice, or the one made from the creator's name."""
        return self.notice or f"© {self.creator}"


def read_profile(path: Path) -> Profile:
    """Read a profile file.

    Parameters
    ----------
    path : Path
        TOML as :func:`write_profile` writes it, perhaps edited by hand.

    Raises
    ------
    ProfileError
        The file is missing, is not TOML, or holds an unknown name or an impossible value.
    """
    try:
        table = read_toml(path)
    except FileNotFoundError as error:
        raise ProfileError(
            "there is no profile at {path}: 'ocguard protect' makes one on first use, or "
            "run 'ocguard profile set --creator NAME'",
            path=path,
        ) from error
    except TomlError as error:
        raise ProfileError(
            "{path} is not a readable profile: {reason}", path=path, reason=error
        ) from error
    for name, value in table.items():
        _require_known(path, name, value)
    try:
        return Profile(**{"creator": "", **table})
    except ValueError as error:
        raise ProfileError("{path}: {reason}", path=path, reason=error) from error


def write_profile(path: Path, profile: Profile) -> None:
    """Write a profile file, exchanging an older one, whole or not at all."""
    said = {name: text for name, text in asdict(profile).items() if text}
    with whole_file(path, overwrite=True) as stream:
        stream.write(toml(said).encode("utf-8"))


def _require_known(path: Path, name: str, value: object) -> None:
    """Refuse a name that no profile has, naming the nearest one, and values that are not text."""
    known = [field.name for field in fields(Profile)]
    if name not in known:
        hint = did_you_mean(name, known, Message("known are {known}", known=known))
        raise ProfileError("{path}: unknown name {name!r}; {hint}", path=path, name=name, hint=hint)
    if not isinstance(value, str):
        raise ProfileError(
            "{path}: {name} must be text in quotes, got {value}",
            path=path,
            name=name,
            value=repr(value),
        )


def _require_plain(name: str, text: str) -> None:
    """Accept one line of encodable text."""
    if len(text) > MAX_TEXT_CHARACTERS:
        raise ValueError(
            Message(
                "{name} has {count} characters, at most {limit} fit",
                name=name,
                count=len(text),
                limit=MAX_TEXT_CHARACTERS,
            )
        )
    if any(unicodedata.category(character) in _NOT_PLAIN for character in text):
        raise ValueError(
            Message(
                "{name} must be one line without control characters, got {text!r}",
                name=name,
                text=text,
            )
        )
