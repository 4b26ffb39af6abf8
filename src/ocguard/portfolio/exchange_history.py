"""What moves with a portfolio beside its works: their drafts, the journal, the trusted times.

``drafts.jsonl`` has a line for each draft, ``journal.jsonl`` one for each entry of every chain,
``stamps.jsonl`` one for each stamped tree with its trusted times. Files of older versions have
none of these.
"""

from __future__ import annotations

import itertools
import json
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any, Final

from ocguard.errors import OcguardError
from ocguard.language.message import Message
from ocguard.portfolio.drafts import Draft
from ocguard.portfolio.export_file import (
    BAD_FILE,
    bounded,
    open_export,
    read_blob,
    refuse,
    require_past,
)
from ocguard.portfolio.journal import MAX_ENTRY_CHARACTERS, JournalRow, first_broken
from ocguard.portfolio.records import rendition_id
from ocguard.portfolio.stamps import Leaf, Stamp, TrustedTime
from ocguard.portfolio.store import Store
from ocguard.portfolio.values import row_digest

__all__ = ["read_drafts", "read_journal", "read_stamps", "write_history"]

MAX_JOURNAL_ENTRIES: Final = 1_000_000
"""So many are held in memory: 1 GB, for hundreds of thousands of works."""

STAMPS_LIMIT_BYTES: Final = 256 * 2**20
"""Trusted times of half a million works."""

DRAFTS_LIMIT_BYTES: Final = 256 * 2**20
"""Records of a quarter of a million drafts; their renditions are read one after another."""

_DRAFTS: Final = "drafts.jsonl"
_STAMPS: Final = "stamps.jsonl"
_JOURNAL: Final = "journal.jsonl"
_JOURNAL_LINE_BYTES: Final = 8 * MAX_ENTRY_CHARACTERS


def write_history(store: Store, archive: zipfile.ZipFile) -> None:
    """Write drafts, journal and trusted times into a file; the renditions stand beside them."""
    with archive.open(_DRAFTS, "w", force_zip64=True) as lines:
        for work in store.works():
            for draft in store.drafts.of_work(work.work_id):
                record = {**asdict(draft), "imported_utc": ""}
                sealed = {"draft": record, "sha256": row_digest(record)}
                lines.write(json.dumps(sealed, ensure_ascii=False).encode() + b"\n")
    with archive.open(_JOURNAL, "w", force_zip64=True) as lines:
        for head in store.journal.chains():
            for row in store.journal.rows(head.chain_id):
                lines.write(json.dumps(asdict(row)).encode() + b"\n")
    archive.writestr(_STAMPS, b"".join(map(_stamp_line, store.stamps.stamps())))


def read_drafts(
    path: Path,
    *,
    verify: Callable[[Draft, bytes], None] = lambda _draft, _jpeg: None,
    on_refused: Callable[[str], None] | None = None,
) -> Iterator[tuple[Draft, bytes]]:
    """Read the drafts of an exported file, each with its rendition.

    Parameters
    ----------
    path : Path
        A file that :func:`~ocguard.portfolio.exchange.export_entries` wrote.
    verify : callable
        Looks at each draft, and raises `ValueError` or an `OcguardError` to refuse it.
    on_refused : callable, optional
        Told why a draft is left out. Without it the first one that is damaged is an error.
    """
    with open_export(path) as archive:
        if _DRAFTS not in archive.namelist():
            return
        try:
            with archive.open(_DRAFTS) as stream:
                lines = bounded(stream, DRAFTS_LIMIT_BYTES).splitlines()
        except BAD_FILE as error:
            refuse(
                Message("{path}: its drafts cannot be read ({reason})", path=path, reason=error),
                on_refused,
            )
            return
        for number, line in enumerate(lines, 1):
            try:
                draft, jpeg = _draft(archive, line)
                verify(draft, jpeg)
            except (*BAD_FILE, OcguardError) as error:
                refuse(
                    Message(
                        "{path}: draft {number} of it was left out: {reason}",
                        path=path,
                        number=number,
                        reason=error,
                    ),
                    on_refused,
                )
                continue
            yield draft, jpeg


def _draft(archive: zipfile.ZipFile, line: bytes) -> tuple[Draft, bytes]:
    """Read one draft and its rendition; the record checks itself."""
    sealed = json.loads(line)
    if row_digest(sealed["draft"]) != sealed["sha256"]:
        raise ValueError(Message("its record is damaged"))
    draft = Draft(**sealed["draft"])
    require_past(draft.created_utc)
    jpeg = read_blob(archive, f"renditions/{draft.reference_sha256}.jpg")
    if rendition_id(jpeg) != draft.reference_sha256:
        raise ValueError(Message("its rendition is damaged"))
    return draft, jpeg


def read_journal(
    path: Path, *, on_refused: Callable[[str], None] | None = None
) -> Iterator[list[JournalRow]]:
    """Read the chains of an exported file's journal; those of older files have none.

    Parameters
    ----------
    path : Path
        A file that :func:`export_entries` wrote.
    on_refused : callable, optional
        Told why a chain is left out. Without it the first one that is broken is an error.
    """
    with open_export(path) as archive:
        if _JOURNAL not in archive.namelist():
            return
        chains: dict[str, list[JournalRow]] = {}
        try:
            for line in _journal_lines(archive):
                row = JournalRow(**json.loads(line))
                chains.setdefault(row.chain_id, []).append(row)
        except BAD_FILE as error:
            refuse(
                Message("{path}: its journal cannot be read ({reason})", path=path, reason=error),
                on_refused,
            )
            return
    for chain_id, rows in chains.items():
        if broken := first_broken(rows):
            number, reason = broken
            sentence = Message(
                "{path}: entry {number} of its journal {chain_id}: {reason}; that journal was left"
                " out",
                path=path,
                number=number,
                chain_id=chain_id,
                reason=reason,
            )
            refuse(sentence, on_refused)
        else:
            yield rows


def _stamp_line(stamp: Stamp) -> bytes:
    """Write one tree with its times."""
    record = asdict(stamp)
    for time in record["times"]:
        time["token"] = time["token"].hex()
        del time["imported_utc"]
    return json.dumps(record).encode() + b"\n"


def read_stamps(path: Path, on_refused: Callable[[str], None] | None) -> list[Stamp]:
    """Read the trusted times of an exported file; older files have none."""
    with open_export(path) as archive:
        if _STAMPS not in archive.namelist():
            return []
        try:
            with archive.open(_STAMPS) as stream:
                return [
                    _stamp(json.loads(line))
                    for line in bounded(stream, STAMPS_LIMIT_BYTES).splitlines()
                ]
        except (*BAD_FILE, AttributeError) as error:
            refuse(
                Message(
                    "{path}: its trusted times cannot be read ({reason})", path=path, reason=error
                ),
                on_refused,
            )
            return []


def _stamp(record: dict[str, Any]) -> Stamp:
    """Read one tree with its times; they check themselves."""
    leaves = tuple(Leaf(**one) for one in record["leaves"])
    times = [{**one, "token": bytes.fromhex(one["token"])} for one in record["times"]]
    return Stamp(leaves, tuple(TrustedTime(**one) for one in times))


def _journal_lines(archive: zipfile.ZipFile) -> Iterator[bytes]:
    """Read the lines of the journal."""
    with archive.open(_JOURNAL) as lines:
        for number in itertools.count():
            line = lines.readline(_JOURNAL_LINE_BYTES + 1)
            if not line:
                return
            if len(line) > _JOURNAL_LINE_BYTES or number >= MAX_JOURNAL_ENTRIES:
                raise ValueError(
                    Message(
                        "it has more than {limit:,} entries or a long one",
                        limit=MAX_JOURNAL_ENTRIES,
                    )
                )
            yield line
