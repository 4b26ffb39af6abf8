"""Move a portfolio between machines: one ZIP file that holds everything but the secret key.

Layout: ``manifest.json`` (format and counts), ``works.jsonl`` (a line for each work with its views,
marks and postings), ``fingerprints/<id of a work or view>``, ``renditions/<sha256>.jpg``,
``credentials/<id of an issue>.c2pa``, and the files of
:mod:`~ocguard.portfolio.exchange_history`. Importing merges: importing a file twice, or two files
in either order, gives the same portfolio.

A file to import is treated as hostile: no name in it is ever used as a path, sizes are bounded
before and while reading, every record checks itself and has its digest, every rendition is compared
with its digest, and what it says is stored as a claim (:meth:`~.store.Store.take_over`). One
transaction takes all or nothing, unless the caller wants what is whole of a damaged file.
"""

from __future__ import annotations

import copy
import hashlib
import json
import zipfile
import zlib
from collections.abc import Callable, Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any, Final

from ocguard.atomic import PRIVATE, whole_file
from ocguard.errors import OcguardError
from ocguard.language.message import Message
from ocguard.portfolio.drafts import Draft
from ocguard.portfolio.exchange_history import (
    read_drafts,
    read_journal,
    read_stamps,
    write_history,
)
from ocguard.portfolio.export_file import (
    BAD_FILE,
    FORMAT,
    open_export,
    read_blob,
    refuse,
    require_past,
)
from ocguard.portfolio.postings import Posting
from ocguard.portfolio.records import Entry, Mark, View, Work, renditions_of
from ocguard.portfolio.store import Store, credentials_of
from ocguard.portfolio.titles import Title
from ocguard.portfolio.values import row_digest

__all__ = ["export_entries", "import_entries", "read_entries"]

LINE_LIMIT_BYTES: Final = 16 * 2**20
"""A work with some 20,000 marks; a usual line has 1 kB."""

ENTRY_LIMIT_BYTES: Final = 256 * 2**20
"""All renditions of a work together: copies for a thousand recipients with marks of their own."""


def export_entries(store: Store, path: Path, *, overwrite: bool = False) -> int:
    """Write all works and marks to one file.

    Parameters
    ----------
    store : Store
        What to export, as of one moment; other processes may go on writing.
    path : Path
        File to make, private to its owner: the renditions show art without its invisible mark.
    overwrite : bool
        Exchange an existing file.

    Returns
    -------
    int
        Number of works written.

    Raises
    ------
    OutputExistsError
        The file exists and `overwrite` is false.
    PortfolioError
        The store cannot be read, or a part of it is damaged; no file is made then.
    """
    with (
        whole_file(path, overwrite=overwrite, mode=PRIVATE) as stream,
        zipfile.ZipFile(stream, "w", zipfile.ZIP_STORED, allowZip64=True) as archive,
        store.snapshot(),
    ):
        stats = store.stats()
        manifest = {"format": FORMAT, "works": stats.works, "marks": stats.marks}
        archive.writestr("manifest.json", json.dumps(manifest))
        with archive.open("works.jsonl", "w", force_zip64=True) as lines:
            for work in store.works():
                lines.write(_line(store, work))
        for view_id in store.fingerprint_digests():
            archive.writestr(f"fingerprints/{view_id}", store.fingerprint(view_id))
        for digest in _rendition_ids(store):
            archive.writestr(f"renditions/{digest}.jpg", store.rendition(digest))
        for work in store.works():
            for issue_id, kept in credentials_of(store, store.marks(work.work_id)).items():
                archive.writestr(_place_of_credentials(issue_id), kept)
        write_history(store, archive)
    return stats.works


def import_entries(
    store: Store,
    path: Path,
    *,
    verify: Callable[[Entry], None] = lambda _: None,
    verify_draft: Callable[[Draft, bytes], None] = lambda _draft, _jpeg: None,
    on_refused: Callable[[str], None] | None = None,
) -> int:
    """Merge an exported file into a store, as what that file claims.

    Parameters
    ----------
    store : Store
        Where the works go; its own works and marks stay as they are.
    path : Path
        A file that :func:`export_entries` wrote.
    verify : callable
        Looks at each entry, and raises `ValueError` or an `OcguardError` to refuse it.
    verify_draft : callable
        The same of each draft and its rendition.
    on_refused : callable, optional
        Told why a work is left out; everything that is whole is imported then. Without it the
        first such work is an error, and nothing is imported.

    Returns
    -------
    int
        Number of works taken over, known ones included.

    Raises
    ------
    PortfolioError
        Not an export, from a newer version, damaged, or over a size limit; nothing was imported.
    """
    chains = list(read_journal(path, on_refused=on_refused))
    agreeing = []
    for rows in chains:
        if store.journal.agrees(rows):
            agreeing.append(rows)
        else:
            sentence = Message(
                "{path}: its journal {chain_id} differs from the one of that name here; it was"
                " left out",
                path=path,
                chain_id=rows[0].chain_id,
            )
            refuse(sentence, on_refused)
    stamps = read_stamps(path, on_refused)
    entries = read_entries(path, verify=verify, on_refused=on_refused)
    drafts = read_drafts(path, verify=verify_draft, on_refused=on_refused)
    return store.take_over(entries, agreeing, stamps, drafts)


def read_entries(
    path: Path,
    *,
    verify: Callable[[Entry], None] = lambda _: None,
    on_refused: Callable[[str], None] | None = None,
) -> Iterator[Entry]:
    """Read the entries of an exported file one after another; see :func:`import_entries`."""
    with open_export(path) as archive:
        yield from _entries(archive, verify, on_refused)


def _rendition_ids(store: Store) -> list[str]:
    """Name every rendition once."""
    digests = set[str]()
    for work in store.works():
        digests |= renditions_of(work, store.marks(work.work_id), store.views(work.work_id))
        digests |= {draft.reference_sha256 for draft in store.drafts.of_work(work.work_id)}
    return sorted(digests)


def _line(store: Store, work: Work) -> bytes:
    """Write one work with its marks and views, but not when it was imported here: that is local.

    A work without views, credentials, postings or a title is written as before there were any.
    """
    marks, views = store.marks(work.work_id), store.views(work.work_id)
    record: dict[str, Any] = {"work": _shared(work), "marks": [_shared(mark) for mark in marks]}
    if views:
        record["views"] = [_shared(view) for view in views]
    if credentials := credentials_of(store, marks):
        record["credentials"] = {issue: _sha256(one) for issue, one in credentials.items()}
    if postings := store.postings.of_work(work.work_id):
        record["postings"] = [_shared(posting) for posting in postings]
    if title := store.titles.of_work(work.work_id):
        record["title"] = _shared(title)
    sealed = {**record, "sha256": row_digest(record)}
    return json.dumps(sealed, ensure_ascii=False).encode("utf-8") + b"\n"


def _shared(record: Work | Mark | View | Posting | Title) -> dict[str, Any]:
    return {name: value for name, value in asdict(record).items() if name != "imported_utc"}


def _entries(
    archive: zipfile.ZipFile,
    verify: Callable[[Entry], None],
    on_refused: Callable[[str], None] | None,
) -> Iterator[Entry]:
    """Read the works one after another; leave out what is not whole where that is wanted."""
    taken = number = 0
    for number, line in enumerate(_lines(archive), 1):
        try:
            entry = _entry(archive, json.loads(line))
            verify(entry)
        except (*BAD_FILE, OcguardError) as error:
            if on_refused is None:
                raise ValueError(
                    Message("work {number}: {reason}", number=number, reason=error)
                ) from error
            on_refused(
                Message("work {number} of it was left out: {reason}", number=number, reason=error)
            )
            continue
        taken += 1
        yield entry
    if number and not taken:
        raise ValueError(Message("none of its works is whole"))


def _lines(archive: zipfile.ZipFile) -> Iterator[bytes]:
    """Read the lines of all works.

    Each has its own digest, so that one bad byte costs one work. Older files have one for all.
    """
    member = copy.copy(archive.getinfo("works.jsonl"))
    wanted, checksum, are_sealed = member.CRC, 0, True
    del member.CRC  # or the last lines would be lost with any other
    with archive.open(member) as lines:
        while line := lines.readline(LINE_LIMIT_BYTES + 1):
            if len(line) > LINE_LIMIT_BYTES:
                raise ValueError(
                    Message(
                        "a work takes more than {line_limit_bytes} bytes",
                        line_limit_bytes=LINE_LIMIT_BYTES,
                    )
                )
            checksum = zlib.crc32(line, checksum)
            are_sealed = are_sealed and line.rstrip().endswith(b'"}')
            yield line
    if checksum != wanted and not are_sealed:
        raise ValueError(Message("its list of works is damaged"))


def _entry(archive: zipfile.ZipFile, record: dict[str, Any]) -> Entry:
    """Read one work with its blobs; the records check themselves."""
    seal = record.pop("sha256", None)
    if seal is not None and seal != row_digest(record):
        raise ValueError(Message("its record is damaged"))
    work = Work(**record["work"])
    marks = tuple(Mark(**mark) for mark in record["marks"])
    views = tuple(View(**view) for view in record.get("views", ()))
    postings = tuple(Posting(**posting) for posting in record.get("postings", ()))
    shown = [time for posting in postings for time in (posting.on_date, posting.created_utc)]
    title = Title(**record["title"]) if "title" in record else None
    shown += [title.created_utc] if title else []
    issued = [mark.created_utc for mark in marks]
    require_past(work.created_utc, work.described_utc, *issued, *shown)
    digests = renditions_of(work, marks, views)
    stated = record.get("credentials", {})
    names = [f"renditions/{digest}.jpg" for digest in digests]
    names += [_place_of_credentials(issue_id) for issue_id in stated]
    if sum(archive.getinfo(name).file_size for name in names) > ENTRY_LIMIT_BYTES:
        raise ValueError(
            Message(
                "its renditions have more than {entry_limit_bytes:,} bytes",
                entry_limit_bytes=ENTRY_LIMIT_BYTES,
            )
        )
    renditions = {digest: read_blob(archive, f"renditions/{digest}.jpg") for digest in digests}
    fingerprints = {
        view.fingerprint_sha256: read_blob(archive, f"fingerprints/{view.view_id}")
        for view in views
    }
    whole = read_blob(archive, f"fingerprints/{work.work_id}")
    credentials = {issue: read_blob(archive, _place_of_credentials(issue)) for issue in stated}
    if {issue: _sha256(manifest) for issue, manifest in credentials.items()} != stated:
        raise ValueError(Message("its Content Credentials are damaged"))
    return Entry(work, whole, renditions, marks, views, fingerprints, credentials, postings, title)


def _place_of_credentials(issue_id: str) -> str:
    return f"credentials/{issue_id}.c2pa"


def _sha256(blob: bytes) -> str:
    return hashlib.sha256(blob).hexdigest()
