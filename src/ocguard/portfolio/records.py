"""What a portfolio remembers: works, the marks issued for them, and what recognizes them again.

All records are plain values that check themselves when made, since they also come out of files
that somebody else wrote. Times are UTC in one fixed-width format, so that text order is time
order.
"""

from __future__ import annotations

import datetime
import hashlib
import re
import secrets
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Final

from ocguard.fingerprint.view_id import work_of
from ocguard.portfolio.postings import Posting
from ocguard.portfolio.titles import Title
from ocguard.portfolio.values import (
    ID,
    ISSUE,
    MAX_SIDE_PX,
    SHA256,
    UTC,
    UTC_OR_NONE,
    require,
    require_size,
    require_texts,
)

__all__ = [
    "Damage",
    "Entry",
    "Mark",
    "Stats",
    "View",
    "Work",
    "merged",
    "new_issue_id",
    "rendition_id",
    "renditions_of",
    "utc_now",
    "utc_text",
]

_VIEW: Final = re.compile(r"[0-9a-f]{16}#[1-9]\d{0,3}")


@dataclass(frozen=True)
class Work:
    """One original picture.

    Attributes
    ----------
    work_id : str
        First 16 hexadecimal digits of `pixel_sha256`: the same picture is the same work.
    source : str
        Where the original was first seen, for the person to read: a path; of a picture that never
        lay in a file a word for what it was.
    file_sha256, pixel_sha256 : str
        Digests of the original file and of its upright pixels.
    width, height : int
        Size in pixels, upright.
    created_utc : str
        When the work was first registered.
    described_utc : str
        When hashes, fingerprint and reference were last taken.
    reference_sha256 : str
        Names the reference rendition, see :meth:`Store.rendition`.
    hashes : Mapping[str, str]
        Perceptual hashes for other programs to read: ``algorithm@version`` to hexadecimal text.
    imported_utc : str
        Since when this portfolio knows the work out of an imported file; `created_utc` is then
        what that file says. Empty when it was registered here first. Does not count when works are
        compared: it is about the record, not about the work.

    Raises
    ------
    ValueError
        A value cannot be one of a work.
    """

    work_id: str
    source: str
    file_sha256: str
    pixel_sha256: str
    width: int
    height: int
    created_utc: str
    described_utc: str
    reference_sha256: str
    hashes: Mapping[str, str] = field(default_factory=dict)
    imported_utc: str = field(default="", compare=False)

    def __post_init__(self) -> None:
        for name in ("file_sha256", "pixel_sha256", "reference_sha256"):
            require(SHA256, name, getattr(self, name))
        if self.work_id != self.pixel_sha256[:16]:
            raise ValueError(f"work_id {self.work_id!r} does not begin {self.pixel_sha256!r}")
        require(UTC, "created_utc", self.created_utc)
        require(UTC, "described_utc", self.described_utc)
        require(UTC_OR_NONE, "imported_utc", self.imported_utc)
        require_size(self.width, self.height)
        require_texts({"source": self.source})
        require_texts(self.hashes)

    @property
    def has_place(self) -> bool:
        """Whether the source is a path, on whatever system, and not a word for what it was."""
        return "/" in self.source or "\\" in self.source


@dataclass(frozen=True)
class Mark:
    """One issued mark: a protected file that left the house.

    Protecting a work again for the same recipient gives the same mark id and another issue.

    Attributes
    ----------
    issue_id : str
        Random name of this issue, 32 hexadecimal digits.
    mark_id : str
        What the picture carries, 16 hexadecimal digits.
    work_id : str
        The work that was marked.
    key_id : str
        Public id of the key that made the mark.
    recipient : str
        Who got this copy; empty for the public.
    options : Mapping[str, str]
        How the mark was made, for the person to read, and what reading it needs to know.
    width, height : int
        Size of the marked picture in pixels, upright.
    origin_x_px, origin_y_px : int
        Where the mark lies on its carrier, in working pixels; informed detection needs it.
    output_sha256 : str
        Digest of the protected file.
    output : str
        Path of the protected file.
    reference_sha256 : str
        Names the rendition of the picture just before its invisible mark.
    created_utc : str
        When the mark was issued.
    visible : Mapping[str, str]
        How the visible mark that came with it was made: its layout, what the seed made of it, and
        the digest of that seed, which the key's owner alone can derive again. Empty without one.
    imported_utc : str
        When the record came out of an imported file: all of it is then what that file says. Empty
        when the mark was issued here. Does not count when marks are compared.

    Raises
    ------
    ValueError
        A value cannot be one of a mark.
    """

    issue_id: str
    mark_id: str
    work_id: str
    key_id: str
    recipient: str
    options: Mapping[str, str]
    width: int
    height: int
    origin_x_px: int
    origin_y_px: int
    output_sha256: str
    output: str
    reference_sha256: str
    created_utc: str
    visible: Mapping[str, str] = field(default_factory=dict)
    imported_utc: str = field(default="", compare=False)

    def __post_init__(self) -> None:
        require(ISSUE, "issue_id", self.issue_id)
        for name in ("mark_id", "work_id", "key_id"):
            require(ID, name, getattr(self, name))
        for name in ("output_sha256", "reference_sha256"):
            require(SHA256, name, getattr(self, name))
        require(UTC, "created_utc", self.created_utc)
        require(UTC_OR_NONE, "imported_utc", self.imported_utc)
        require_size(self.width, self.height)
        if not all(type(at) is int and abs(at) <= MAX_SIDE_PX for at in self._origin):
            raise ValueError(f"an origin has two numbers of pixels, got {self._origin!r:.80}")
        require_texts({"recipient": self.recipient, "output": self.output})
        require_texts(self.options)
        require_texts(self.visible)

    @property
    def _origin(self) -> tuple[int, int]:
        return self.origin_x_px, self.origin_y_px


@dataclass(frozen=True)
class View:
    """A part of a work that is recognized by itself: a region, or a frame of an animation.

    Attributes
    ----------
    view_id : str
        See :mod:`ocguard.fingerprint.view_id`.
    work_id : str
        The work that it is of.
    frame : int
        Which frame or page, from 0.
    left_px, top_px, width, height : int
        The region, in pixels of the upright original.
    reference_sha256 : str
        Names its reference rendition, see :meth:`Store.rendition`.
    fingerprint_sha256 : str
        Digest of what the matcher recognizes it by.

    Raises
    ------
    ValueError
        A value cannot be one of a view.
    """

    view_id: str
    work_id: str
    frame: int
    left_px: int
    top_px: int
    width: int
    height: int
    reference_sha256: str
    fingerprint_sha256: str

    def __post_init__(self) -> None:
        require(ID, "work_id", self.work_id)
        for name in ("reference_sha256", "fingerprint_sha256"):
            require(SHA256, name, getattr(self, name))
        require(_VIEW, "view_id", self.view_id)
        if work_of(self.view_id) != self.work_id:
            raise ValueError(f"{self.view_id} names no view of work {self.work_id}")
        require_size(self.width, self.height)
        for start in (self.frame, self.left_px, self.top_px):
            if type(start) is not int or not 0 <= start <= MAX_SIDE_PX:
                raise ValueError(f"a view begins at frame and pixel 0 or later, got {start!r:.80}")


@dataclass(frozen=True)
class Entry:
    """A work with all that belongs to it, as it is written in one transaction.

    Attributes
    ----------
    work : Work
        The work.
    fingerprint : bytes
        What the matcher recognizes it by as a whole, in the matcher's own versioned format.
    renditions : Mapping[str, bytes]
        Reference renditions (JPEG) by their SHA-256: the work's, its views' and its marks'.
    marks : tuple of Mark
        Marks issued for the work.
    views : tuple of View
        What it is recognized by beside the whole.
    view_fingerprints : Mapping[str, bytes]
        Their fingerprints by SHA-256.
    credentials : Mapping[str, bytes]
        Manifest stores of the Content Credentials in the marked files, by the issue of the mark;
        files that were not signed have none.
    postings : tuple of Posting
        Where it was shown.
    title : Title or None
        What it is called; None when that is the name of its file.

    Raises
    ------
    ValueError
        A mark, a view, a posting or the title is another work's, a rendition or a fingerprint is
        missing or does not have its digest, credentials have no mark.
    """

    work: Work
    fingerprint: bytes
    renditions: Mapping[str, bytes]
    marks: tuple[Mark, ...] = ()
    views: tuple[View, ...] = ()
    view_fingerprints: Mapping[str, bytes] = field(default_factory=dict)
    credentials: Mapping[str, bytes] = field(default_factory=dict)
    postings: tuple[Posting, ...] = ()
    title: Title | None = None

    def __post_init__(self) -> None:
        work_id = self.work.work_id
        belonging: list[Mark | View | Posting | Title] = [*self.marks, *self.views, *self.postings]
        belonging += [self.title] if self.title else []
        if not {one.work_id for one in belonging} <= {work_id}:
            raise ValueError(f"what belongs to another work came with work {work_id}")
        if renditions_of(self.work, self.marks, self.views) != self.renditions.keys():
            raise ValueError(f"work {work_id} must bring the renditions that it names")
        if {view.fingerprint_sha256 for view in self.views} != self.view_fingerprints.keys():
            raise ValueError(f"work {work_id} must bring the fingerprints of its views")
        if len({view.view_id for view in self.views}) < len(self.views):
            raise ValueError(f"two views of work {work_id} have one number")
        if not self.credentials.keys() <= {mark.issue_id for mark in self.marks}:
            raise ValueError(f"Content Credentials came without their mark with work {work_id}")
        for digest, blob in (*self.renditions.items(), *self.view_fingerprints.items()):
            if rendition_id(blob) != digest:
                raise ValueError(f"a rendition or fingerprint of work {work_id} is damaged")


@dataclass(frozen=True)
class Damage:
    """Something in a portfolio that is not as it was stored.

    Attributes
    ----------
    work_id : str
        The work that it belongs to; empty when it is the file as a whole.
    what : str
        What is damaged, in a few words.
    """

    work_id: str
    what: str


@dataclass(frozen=True)
class Stats:
    """How much a portfolio holds.

    Attributes
    ----------
    works, marks, recipients : int
        Counts; the public is no recipient.
    imported : int
        How many of the works are known from imported files alone.
    size_bytes : int
        Space on the disk.
    schema_version : int
        Version of the store's layout.
    """

    works: int
    marks: int
    recipients: int
    imported: int
    size_bytes: int
    schema_version: int


def merged(known: Work, work: Work) -> Work:
    """Return what two records of one work are together.

    The younger description, the older date of birth and the first place of a file stay.
    """
    younger = max(known, work, key=lambda one: one.described_utc)
    first = min(known, work, key=lambda one: (not one.has_place, one.created_utc))
    file = younger if younger.source == first.source else first
    return replace(
        younger,
        source=file.source,
        file_sha256=file.file_sha256,
        created_utc=min(known.created_utc, work.created_utc),
    )


def renditions_of(work: Work, marks: Iterable[Mark], views: Iterable[View]) -> set[str]:
    """Name the reference renditions of a work, its marks and its views."""
    others: list[Mark | View] = [*marks, *views]
    return {work.reference_sha256, *(one.reference_sha256 for one in others)}


def rendition_id(jpeg: bytes) -> str:
    """Name a rendition by its content: SHA-256, 64 hexadecimal digits."""
    return hashlib.sha256(jpeg).hexdigest()


def new_issue_id() -> str:
    """Make a random name for an issued mark."""
    return secrets.token_hex(16)


def utc_now() -> str:
    """Tell the time in the format of all records, for example ``2026-05-01T12:00:00.000000Z``."""
    return utc_text(datetime.datetime.now(datetime.UTC))


def utc_text(moment: datetime.datetime) -> str:
    """Write a UTC time in the format of all records."""
    return moment.strftime("%Y-%m-%dT%H:%M:%S.%fZ")
