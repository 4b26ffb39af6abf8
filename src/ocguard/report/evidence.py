"""What a report shows: plain values, gathered elsewhere, neutralized where they are shown."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final, Literal

from ocguard.language.message import Message
from ocguard.report.pictures import Swatch

__all__ = ["Capture", "Event", "Evidence", "Hash", "Rule", "Shown", "Source"]

MAX_URL_CHARACTERS: Final = 2000
MAX_ACCOUNT_CHARACTERS: Final = 200
MAX_NOTE_CHARACTERS: Final = 4000

_URL: Final = re.compile(r"https?://[^\s<>\"\x00-\x20]+", re.IGNORECASE)

Source = Literal["recorded", "signed", "anchored", "claimed"]


@dataclass(frozen=True)
class Capture:
    """Where a suspect was found, as the person who found it says.

    Attributes
    ----------
    url : str
        Address of the page, with ``https://`` or ``http://``.
    account : str
        Who showed it there.
    captured : str
        When the person saved it, a date, or date and time in UTC; see
        :func:`ocguard.workflows.report.captures.capture_of`.
    note : str
        Anything else.

    Raises
    ------
    ValueError
        A value is too long, or the address is none.
    """

    url: str = ""
    account: str = ""
    captured: str = ""
    note: str = ""

    def __post_init__(self) -> None:
        if self.url and not _URL.fullmatch(self.url):
            raise ValueError(
                Message("the address must begin with https://, got {url!r}", url=self.url[:80])
            )
        limits = {
            "address": (self.url, MAX_URL_CHARACTERS),
            "account": (self.account, MAX_ACCOUNT_CHARACTERS),
            "note": (self.note, MAX_NOTE_CHARACTERS),
        }
        for name, (text, limit) in limits.items():
            if len(text) > limit:
                raise ValueError(
                    Message(
                        "the {name} has {count} characters, at most {limit} fit",
                        name=name,
                        count=len(text),
                        limit=limit,
                    )
                )


@dataclass(frozen=True)
class Shown:
    """A picture that a report is about.

    Attributes
    ----------
    name : str
        Name of its file, without folders.
    file_format : str
        What it was read from.
    size_bytes : int or None
        Length of the file; None where only its digest is known.
    width, height : int
        In pixels, upright.
    file_sha256, pixel_sha256 : str
        Digests of the file and of the upright pixels.
    colors : tuple of Swatch
        What it is made of.
    """

    name: str
    file_format: str
    size_bytes: int | None
    width: int
    height: int
    file_sha256: str
    pixel_sha256: str
    colors: tuple[Swatch, ...] = ()


@dataclass(frozen=True)
class Event:
    """One row of the timeline.

    Attributes
    ----------
    when : str
        UTC text that sorts by time.
    what : str
        What happened.
    source : {"recorded", "signed", "anchored", "claimed"}
        Whether the clock of the computer that made the portfolio says so, a time stamp authority, a
        block of Bitcoin, or somebody.
    """

    when: str
    what: str
    source: Source


@dataclass(frozen=True)
class Hash:
    """One perceptual hash of both pictures.

    Attributes
    ----------
    name : str
        ``algorithm@version``.
    suspect, work : str
        Hexadecimal text.
    distance_bits, bits : int or None
        Number of differing bits, of how many; None where the hash is no plain row of bits.
    """

    name: str
    suspect: str
    work: str
    distance_bits: int | None
    bits: int | None


@dataclass(frozen=True)
class Rule:
    """One rule that was asked, and the bound that decided it.

    Attributes
    ----------
    name : str
        What it asks, in words.
    is_met : bool
        Whether it holds.
    measured : str
        What was measured; empty where nothing had to be.
    bound : str
        What it was compared with.
    """

    name: str
    is_met: bool
    measured: str
    bound: str


@dataclass(frozen=True)
class Evidence:
    """Everything that a report shows, but for its pictures.

    Attributes
    ----------
    made : str
        When the report was made, UTC.
    version : str
        Of ocguard.
    creator, fingerprint : str
        Who made it, and the identity that signs it.
    suspect : Shown
        The picture in question.
    work : Shown or None
        The registered work that the verdict is about.
    verdict, verdict_text, reason, ratio : str
        What was found, as a word, as a sentence, why, and how sure; `ratio` is empty without one.
    record : mapping
        The JSON record of the check, without the names of folders and recipients.
    is_mirrored : bool
        Whether the suspect shows the work mirrored.
    is_laid : bool
        Whether the suspect could be laid on the work.
    is_outlined : bool
        Whether the outline of the work is drawn into the suspect.
    is_cut : bool
        Whether the suspect is drawn by its part alone, or its frame, that shows the work.
    points : int
        Matched details.
    capture : Capture
        Where the suspect was found.
    pages : tuple of (str, str)
        Names in the bundle of saved pages, and their SHA-256.
    events : tuple of Event
        The timeline.
    hashes : tuple of Hash
        Fingerprints of both pictures that other programs can make too.
    rules : tuple of Rule
        How the verdict was reached.
    is_saved_too_early : bool
        Whether the suspect was saved, as is said, before the mark in it was made.
    """

    made: str
    version: str
    creator: str
    fingerprint: str
    suspect: Shown
    work: Shown | None
    verdict: str
    verdict_text: str
    reason: str
    ratio: str
    record: Mapping[str, Any]
    is_mirrored: bool = False
    is_laid: bool = False
    is_outlined: bool = False
    is_cut: bool = False
    points: int = 0
    capture: Capture = field(default_factory=Capture)
    pages: tuple[tuple[str, str], ...] = ()
    events: tuple[Event, ...] = ()
    hashes: tuple[Hash, ...] = ()
    rules: tuple[Rule, ...] = ()
    is_saved_too_early: bool = False

    @property
    def has_trusted_time(self) -> bool:
        """Whether an authority signed a row of the timeline, or a block holds its digest."""
        return any(event.source in {"signed", "anchored"} for event in self.events)

    @property
    def has_block(self) -> bool:
        """Whether a row of the timeline is known by a block of Bitcoin."""
        return any(event.source == "anchored" for event in self.events)
