"""Portfolio records made of nothing but a seed."""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Literal

import pytest

from ocguard.fingerprint.view_id import view_id
from ocguard.portfolio import (
    Case,
    Draft,
    Entry,
    Mark,
    Permission,
    Posting,
    Store,
    View,
    Work,
    draft_id,
    open_store,
    rendition_id,
)

MakeEntry = Callable[..., Entry]


def digest(*parts: object) -> str:
    """Make a SHA-256 of anything."""
    return hashlib.sha256(repr(parts).encode()).hexdigest()


def utc(second: int) -> str:
    """Make a time; later seconds are later times."""
    return f"2026-05-01T12:{second // 60:02d}:{second % 60:02d}.000000Z"


def build_entry(
    seed: int = 0,
    *,
    second: int = 0,
    marks: int = 0,
    recipient: str = "",
    text: str = "",
    views: int = 0,
    is_signed: bool = False,
) -> Entry:
    """Make the work of a seed as described at a second, with views, and marks issued then.

    With `is_signed` the files of all its marks carry Content Credentials.
    """
    pixels, jpeg = digest("pixels", seed), f"jpeg {seed} {second} {text}".encode()
    work = Work(
        work_id=pixels[:16],
        source=f"art/{seed}{text}.png",
        file_sha256=digest("file", seed),
        pixel_sha256=pixels,
        width=640,
        height=480,
        created_utc=utc(second),
        described_utc=utc(second),
        reference_sha256=rendition_id(jpeg),
        hashes={"phash@1": digest("hash", seed)[:16]},
    )
    issued = tuple(
        Mark(
            issue_id=f"{number:02x}" + digest("issue", seed, second, recipient)[:30],
            mark_id=digest("mark", seed, recipient)[:16],
            work_id=work.work_id,
            key_id="0123456789abcdef",
            recipient=recipient,
            options={"strength": "normal"},
            width=640,
            height=480,
            origin_x_px=-3,
            origin_y_px=117,
            output_sha256=digest("output", seed, second, recipient, number),
            output=f"protected/{seed}.png",
            reference_sha256=work.reference_sha256,
            created_utc=utc(second),
            visible={"layout": "band", "seed_sha256": digest("seed", seed), "size": "1.0312"},
        )
        for number in range(marks)
    )
    fingerprint = f"fingerprint {seed} {second}".encode()
    blobs = {n: f"view {n} of {seed} {second} {text}".encode() for n in range(1, views + 1)}
    parts = tuple(
        View(
            view_id=view_id(work.work_id, number),
            work_id=work.work_id,
            frame=0,
            left_px=0,
            top_px=10 * number,
            width=640,
            height=48,
            reference_sha256=rendition_id(blob),
            fingerprint_sha256=rendition_id(blob[::-1]),
        )
        for number, blob in blobs.items()
    )
    return Entry(
        work,
        fingerprint,
        {work.reference_sha256: jpeg, **{rendition_id(blob): blob for blob in blobs.values()}},
        issued,
        parts,
        {rendition_id(blob[::-1]): blob[::-1] for blob in blobs.values()},
        {one.issue_id: f"manifest {one.issue_id}".encode() for one in issued if is_signed},
    )


LATER_TABLES = (
    *("views", "learned_codes", "journal", "trusted_times", "stamped", "drafts"),
    *("postings", "permitted", "cases", "credentials", "changes", "shared_index", "index_files"),
    "titles",
)
"""What versions 5 to 9 brought."""

TRIGGERS = (
    ("added", "INSERT ON fingerprints"),
    ("changed", "UPDATE ON fingerprints WHEN old.digest <> new.digest"),
    ("removed", "DELETE ON fingerprints"),
)
"""Triggers of the third layout, each with its event."""


def turn_back(db: sqlite3.Connection) -> None:
    """Undo all steps of the layout after the third."""
    for table in LATER_TABLES:
        db.execute(f"DROP TABLE {table}")
    for name, event in TRIGGERS:
        db.execute(f"DROP TRIGGER fingerprint_{name}")
        db.execute(
            f"CREATE TRIGGER fingerprint_{name} AFTER {event}"
            " BEGIN UPDATE state SET token = hex(randomblob(16)); END;"
        )
    for table in ("works", "marks"):
        for column in ("imported_utc", "row_sha256"):
            db.execute(f"ALTER TABLE {table} DROP COLUMN {column}")
    db.execute("PRAGMA user_version = 3")


@pytest.fixture(scope="session")
def turned_back() -> Callable[[sqlite3.Connection], None]:
    """Give the way back to the third layout, without its table of learned codes."""
    return turn_back


@pytest.fixture(scope="session")
def make_entry() -> MakeEntry:
    """Give the builder of entries."""
    return build_entry


@pytest.fixture
def draft(make_entry: MakeEntry) -> tuple[Draft, bytes]:
    """Give a draft of the work of seed 1, with its rendition."""
    work_id, file, jpeg = make_entry(1).work.work_id, digest("draft"), b"a draft as jpeg"
    values = ("art/sketch.psd", file, digest("sketch"), 0, 640, 480, "no-match", utc(5))
    drawn = Draft(draft_id(work_id, file, 0), work_id, *values, rendition_id(jpeg))
    return drawn, jpeg


@pytest.fixture(scope="session")
def make_posting() -> Callable[..., Posting]:
    """Give the builder of postings: a work of a seed, shown on a day of May 2026."""

    def build(seed: int, day: int = 1, url: str = "https://x.com/me/status/1") -> Posting:
        work_id = digest("pixels", seed)[:16]
        return Posting(work_id, url, f"2026-05-{day:02d}", utc(day))

    return build


@pytest.fixture(scope="session")
def make_permission() -> Callable[..., Permission]:
    """Give the builder of permissions."""

    def build(
        work_id: str | None = None, place: str = "x:friend", until: str = "", number: int = 1
    ) -> Permission:
        kind: Literal["account", "url"] = "url" if "//" in place else "account"
        return Permission(f"{number:016x}", work_id, kind, place, until, "a gift", utc(number))

    return build


@pytest.fixture(scope="session")
def case() -> Case:
    """Give a case that was just opened."""
    suspect = ("finds/a.jpg", digest("suspect"), "near-copy", "https://x.com/p/1", "x:thief", "")
    return Case("c" * 16, "a" * 16, *suspect, utc(1), utc(1))


@pytest.fixture
def location(tmp_path: Path) -> Path:
    """Name a portfolio that does not exist yet."""
    return tmp_path / "home" / "portfolio.sqlite3"


@pytest.fixture
def store(location: Path) -> Iterator[Store]:
    """Open a new portfolio."""
    with open_store(location, create=True) as opened:
        yield opened
