"""Move a portfolio between machines: one ZIP file that holds everything but the secret key.

Layout: ``manifest.json`` (format and counts), ``works.jsonl`` (a line for each work with its views
and marks), ``fingerprints/<id of a work or view>``, ``renditions/<sha256>.jpg``,
``journal.jsonl`` (a line for each entry of every chain) and ``stamps.jsonl`` (a line for each
stamped tree with its trusted times). Importing merges: importing a file twice, or two files in
either order, gives the same portfolio.

A file to import is treated as hostile: no name in it is ever used as a path, sizes are bounded
before and while reading, every record checks itself and has its digest, every rendition is compared
with its digest, and what it says is stored as a claim (:meth:`~.store.Store.take_over`). One
transaction takes all or nothing, unless the caller wants what is whole of a damaged file.
"""

from __future__ import annotations

import contextlib
import copy
import datetime
import itertools
import json
import zipfile
import zlib
from collections.abc import Callable, Iterator
from dataclasses import asdict
from pathlib import Path
from typing import IO, Any, Final

from ocguard.atomic import PRIVATE, whole_file
from ocguard.errors import OcguardError, PortfolioError
from ocguard.portfolio.journal import MAX_ENTRY_CHARACTERS, JournalRow, first_broken
from ocguard.portfolio.records import Entry, Mark, View, Work, renditions_of, utc_text
from ocguard.portfolio.schema import row_digest
from ocguard.portfolio.stamps import Leaf, Stamp, TrustedTime
from ocguard.portfolio.store import Store

__all__ = ["export_entries", "import_entries", "read_entries", "read_journal"]

FORMAT: Final = "ocguard.portfolio/1"

LINE_LIMIT_BYTES: Final = 16 * 2**20
"""A work with some 20,000 marks; a usual line has 1 kB."""

BLOB_LIMIT_BYTES: Final = 16 * 2**20
"""A rendition of 1024 x 1024 px as JPEG q95 4:4:4 has 1.5 MB on pure noise."""

ENTRY_LIMIT_BYTES: Final = 256 * 2**20
"""All renditions of a work together: copies for a thousand recipients with marks of their own."""

MAX_EXPANSION: Final = 8
"""What a file's parts have together at most, in sizes of the file: pictures hardly compress."""

_ROOM_BYTES: Final = 16 * 2**20
"""What any file may hold, however small."""

_CLOCKS_APART: Final = datetime.timedelta(days=1)
"""How far the clocks of two machines may differ; a later date is a false one."""

_MANIFEST_LIMIT_BYTES: Final = 65_536

MAX_JOURNAL_ENTRIES: Final = 1_000_000
"""So many are held in memory: 1 GB, for hundreds of thousands of works."""

STAMPS_LIMIT_BYTES: Final = 256 * 2**20
"""Trusted times of half a million works."""

_STAMPS: Final = "stamps.jsonl"
_JOURNAL: Final = "journal.jsonl"
_JOURNAL_LINE_BYTES: Final = 8 * MAX_ENTRY_CHARACTERS

_BAD_FILE: Final = (
    zipfile.BadZipFile,
    zlib.error,
    EOFError,
    KeyError,
    RuntimeError,  # encrypted members, unknown compression, deeply nested JSON
    TypeError,
    ValueError,
)
"""What reading a file can raise when it is not what it says."""


def export_entries(store: Store, path: Path, *, overwrite: bool = False) -> int:
    """Write all works and marks to one file.

    Parameters
    ----------
    store : Store
        What to export, as of one moment; other processes may go on writing.
    path : Path
        File to make, private to its owner, since the renditions are of unmarked art.
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
                lines.write(_line(work, store.marks(work.work_id), store.views(work.work_id)))
        for view_id in store.fingerprint_digests():
            archive.writestr(f"fingerprints/{view_id}", store.fingerprint(view_id))
        for digest in _rendition_ids(store):
            archive.writestr(f"renditions/{digest}.jpg", store.rendition(digest))
        with archive.open(_JOURNAL, "w", force_zip64=True) as lines:
            for head in store.journal.chains():
                for row in store.journal.rows(head.chain_id):
                    lines.write(json.dumps(asdict(row)).encode() + b"\n")
        stamps = map(_stamp_line, store.stamps.stamps())
        archive.writestr(_STAMPS, b"".join(stamps))
    return stats.works


def import_entries(
    store: Store,
    path: Path,
    *,
    verify: Callable[[Entry], None] = lambda _: None,
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
            sentence = f"{path}: its journal {rows[0].chain_id} differs from the one of that name"
            _refuse(f"{sentence} here; it was left out", on_refused)
    stamps = _read_stamps(path, on_refused)
    entries = read_entries(path, verify=verify, on_refused=on_refused)
    return store.take_over(entries, agreeing, stamps)


def read_entries(
    path: Path,
    *,
    verify: Callable[[Entry], None] = lambda _: None,
    on_refused: Callable[[str], None] | None = None,
) -> Iterator[Entry]:
    """Read the entries of an exported file one after another; see :func:`import_entries`."""
    with _archive(path) as archive:
        yield from _entries(archive, verify, on_refused)


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
    with _archive(path) as archive:
        if _JOURNAL not in archive.namelist():
            return
        chains: dict[str, list[JournalRow]] = {}
        try:
            for line in _journal_lines(archive):
                row = JournalRow(**json.loads(line))
                chains.setdefault(row.chain_id, []).append(row)
        except _BAD_FILE as error:
            _refuse(f"{path}: its journal cannot be read ({error})", on_refused)
            return
    for chain_id, rows in chains.items():
        if broken := first_broken(rows):
            where = f"entry {broken[0]} of its journal {chain_id}"
            _refuse(f"{path}: {where}: {broken[1]}; that journal was left out", on_refused)
        else:
            yield rows


def _stamp_line(stamp: Stamp) -> bytes:
    """Write one tree with its times."""
    record = asdict(stamp)
    for time in record["times"]:
        time["token"] = time["token"].hex()
        del time["imported_utc"]
    return json.dumps(record).encode() + b"\n"


def _read_stamps(path: Path, on_refused: Callable[[str], None] | None) -> list[Stamp]:
    """Read the trusted times of an exported file; older files have none."""
    with _archive(path) as archive:
        if _STAMPS not in archive.namelist():
            return []
        try:
            with archive.open(_STAMPS) as stream:
                return [
                    _stamp(json.loads(line))
                    for line in _bounded(stream, STAMPS_LIMIT_BYTES).splitlines()
                ]
        except (*_BAD_FILE, AttributeError) as error:
            _refuse(f"{path}: its trusted times cannot be read ({error})", on_refused)
            return []


def _stamp(record: dict[str, Any]) -> Stamp:
    """Read one tree with its times; they check themselves."""
    leaves = tuple(Leaf(**one) for one in record["leaves"])
    times = [{**one, "token": bytes.fromhex(one["token"])} for one in record["times"]]
    return Stamp(leaves, tuple(TrustedTime(**one) for one in times))


def _refuse(sentence: str, on_refused: Callable[[str], None] | None) -> None:
    """Tell why a journal is left out, or end the import with it."""
    if on_refused is None:
        raise PortfolioError(sentence)
    on_refused(sentence)


@contextlib.contextmanager
def _archive(path: Path) -> Iterator[zipfile.ZipFile]:
    """Open an exported file, with errors that name it."""
    try:
        with zipfile.ZipFile(path) as archive:
            _require_size(archive, path.stat().st_size)
            _require_format(archive)
            yield archive
    except (*_BAD_FILE, OSError) as error:
        if isinstance(error, OSError) and error.filename is not None:
            raise  # the file cannot be opened; others come of places in it that are none
        raise PortfolioError(
            f"{path} was not imported: it is damaged or no portfolio export ({error})"
        ) from error


def _rendition_ids(store: Store) -> list[str]:
    """Name every rendition once."""
    digests = set[str]()
    for work in store.works():
        digests |= renditions_of(work, store.marks(work.work_id), store.views(work.work_id))
    return sorted(digests)


def _line(work: Work, marks: tuple[Mark, ...], views: tuple[View, ...]) -> bytes:
    """Write one work with its marks and views, but not when it was imported here: that is local.

    A work without views is written as it was before there were any.
    """
    record = {"work": _shared(work), "marks": [_shared(mark) for mark in marks]}
    if views:
        record["views"] = [_shared(view) for view in views]
    sealed = {**record, "sha256": row_digest(record)}
    return json.dumps(sealed, ensure_ascii=False).encode("utf-8") + b"\n"


def _shared(record: Work | Mark | View) -> dict[str, Any]:
    return {name: value for name, value in asdict(record).items() if name != "imported_utc"}


def _require_size(archive: zipfile.ZipFile, file_bytes: int) -> None:
    """Refuse a small file that claims to hold much, before any of it is unpacked."""
    claimed = sum(member.file_size for member in archive.infolist())
    if claimed > _ROOM_BYTES + MAX_EXPANSION * file_bytes:
        raise ValueError(f"it claims to hold {claimed:,} bytes, more than a file of its size can")


def _require_format(archive: zipfile.ZipFile) -> None:
    """Refuse other files and newer formats before anything else is read."""
    with archive.open("manifest.json") as stream:
        manifest = json.loads(_bounded(stream, _MANIFEST_LIMIT_BYTES))
    found = manifest.get("format") if isinstance(manifest, dict) else None
    if found != FORMAT:
        raise ValueError(f"its format is {found!r:.80}, this version of ocguard reads {FORMAT}")


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
        except (*_BAD_FILE, OcguardError) as error:
            if on_refused is None:
                raise ValueError(f"work {number}: {error}") from error
            on_refused(f"work {number} of it was left out: {error}")
            continue
        taken += 1
        yield entry
    if number and not taken:
        raise ValueError("none of its works is whole")


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
                raise ValueError(f"a work takes more than {LINE_LIMIT_BYTES} bytes")
            checksum = zlib.crc32(line, checksum)
            are_sealed = are_sealed and line.rstrip().endswith(b'"}')
            yield line
    if checksum != wanted and not are_sealed:
        raise ValueError("its list of works is damaged")


def _journal_lines(archive: zipfile.ZipFile) -> Iterator[bytes]:
    """Read the lines of the journal."""
    with archive.open(_JOURNAL) as lines:
        for number in itertools.count():
            line = lines.readline(_JOURNAL_LINE_BYTES + 1)
            if not line:
                return
            if len(line) > _JOURNAL_LINE_BYTES or number >= MAX_JOURNAL_ENTRIES:
                raise ValueError(f"it has more than {MAX_JOURNAL_ENTRIES:,} entries or a long one")
            yield line


def _entry(archive: zipfile.ZipFile, record: dict[str, Any]) -> Entry:
    """Read one work with its blobs; the records check themselves."""
    seal = record.pop("sha256", None)
    if seal is not None and seal != row_digest(record):
        raise ValueError("its record is damaged")
    work = Work(**record["work"])
    marks = tuple(Mark(**mark) for mark in record["marks"])
    views = tuple(View(**view) for view in record.get("views", ()))
    latest = utc_text(datetime.datetime.now(datetime.UTC) + _CLOCKS_APART)
    if max(work.created_utc, work.described_utc, *(m.created_utc for m in marks)) > latest:
        raise ValueError("it is dated in the future")
    digests = renditions_of(work, marks, views)
    names = [f"renditions/{digest}.jpg" for digest in digests]
    if sum(archive.getinfo(name).file_size for name in names) > ENTRY_LIMIT_BYTES:
        raise ValueError(f"its renditions have more than {ENTRY_LIMIT_BYTES:,} bytes")
    renditions = {digest: _blob(archive, f"renditions/{digest}.jpg") for digest in digests}
    fingerprints = {
        view.fingerprint_sha256: _blob(archive, f"fingerprints/{view.view_id}") for view in views
    }
    whole = _blob(archive, f"fingerprints/{work.work_id}")
    return Entry(work, whole, renditions, marks, views, fingerprints)


def _blob(archive: zipfile.ZipFile, name: str) -> bytes:
    with archive.open(name) as stream:
        return _bounded(stream, BLOB_LIMIT_BYTES)


def _bounded(stream: IO[bytes], limit: int) -> bytes:
    """Read a whole stream, but no more than `limit` bytes."""
    content = stream.read(limit + 1)
    if len(content) > limit:
        raise ValueError(f"a part of it has more than {limit} bytes")
    return content
