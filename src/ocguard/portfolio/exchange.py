"""Move a portfolio between machines: one ZIP file that holds everything but the secret key.

Layout: ``manifest.json`` (format and counts), ``works.jsonl`` (one work with its marks a line),
``fingerprints/<work_id>`` and ``renditions/<sha256>.jpg``. Importing merges: importing a file
twice, or two files in either order, gives the same portfolio.

A file to import is treated as hostile: no name in it is ever used as a path, sizes are bounded
before and while reading, every record checks itself, every rendition is compared with its digest,
and one transaction takes all or nothing.
"""

from __future__ import annotations

import json
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import IO, Any, Final

from ocguard.atomic import PRIVATE, whole_file
from ocguard.errors import PortfolioError
from ocguard.portfolio.records import Entry, Mark, Work
from ocguard.portfolio.store import Store

__all__ = ["export_entries", "import_entries"]

FORMAT: Final = "ocguard.portfolio/1"

LINE_LIMIT_BYTES: Final = 16 * 2**20
"""A work with some 20,000 marks; a usual line has 1 kB."""

BLOB_LIMIT_BYTES: Final = 16 * 2**20
"""A rendition of 1024 x 1024 px as JPEG q95 4:4:4 has 1.5 MB on pure noise."""

_MANIFEST_LIMIT_BYTES: Final = 65_536

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
        The store cannot be read.
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
                lines.write(_line(work, store.marks(work.work_id)))
        for work_id in store.fingerprint_digests():
            archive.writestr(f"fingerprints/{work_id}", store.fingerprint(work_id))
        for digest in _rendition_ids(store):
            archive.writestr(f"renditions/{digest}.jpg", store.rendition(digest))
    return stats.works


def import_entries(store: Store, path: Path) -> int:
    """Merge an exported file into a store, all of it or nothing.

    Parameters
    ----------
    store : Store
        Where the works go; its own works and marks stay.
    path : Path
        A file that :func:`export_entries` wrote.

    Returns
    -------
    int
        Number of works read, known ones included.

    Raises
    ------
    PortfolioError
        Not an export, from a newer version, damaged, or over a size limit; nothing was imported.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            _require_format(archive)
            return store.record(_entries(archive))
    except _BAD_FILE as error:
        raise PortfolioError(
            f"{path} was not imported: it is damaged or no portfolio export ({error})"
        ) from error


def _rendition_ids(store: Store) -> list[str]:
    """Name every rendition once."""
    digests = set()
    for work in store.works():
        digests.add(work.reference_sha256)
        digests.update(mark.reference_sha256 for mark in store.marks(work.work_id))
    return sorted(digests)


def _line(work: Work, marks: tuple[Mark, ...]) -> bytes:
    record = {"work": asdict(work), "marks": [asdict(mark) for mark in marks]}
    return json.dumps(record, ensure_ascii=False).encode("utf-8") + b"\n"


def _require_format(archive: zipfile.ZipFile) -> None:
    """Refuse other files and newer formats before anything else is read."""
    with archive.open("manifest.json") as stream:
        manifest = json.loads(_bounded(stream, _MANIFEST_LIMIT_BYTES))
    found = manifest.get("format") if isinstance(manifest, dict) else None
    if found != FORMAT:
        raise ValueError(f"its format is {found!r:.80}, this version of ocguard reads {FORMAT}")


def _entries(archive: zipfile.ZipFile) -> Iterator[Entry]:
    """Read the works one after another."""
    with archive.open("works.jsonl") as lines:
        while line := lines.readline(LINE_LIMIT_BYTES + 1):
            if len(line) > LINE_LIMIT_BYTES:
                raise ValueError(f"a work takes more than {LINE_LIMIT_BYTES} bytes")
            yield _entry(archive, json.loads(line))


def _entry(archive: zipfile.ZipFile, record: dict[str, Any]) -> Entry:
    """Read one work with its blobs; the records check themselves."""
    work = Work(**record["work"])
    marks = tuple(Mark(**mark) for mark in record["marks"])
    digests = {work.reference_sha256, *(mark.reference_sha256 for mark in marks)}
    renditions = {digest: _blob(archive, f"renditions/{digest}.jpg") for digest in digests}
    return Entry(work, _blob(archive, f"fingerprints/{work.work_id}"), renditions, marks)


def _blob(archive: zipfile.ZipFile, name: str) -> bytes:
    with archive.open(name) as stream:
        return _bounded(stream, BLOB_LIMIT_BYTES)


def _bounded(stream: IO[bytes], limit: int) -> bytes:
    """Read a whole stream, but no more than `limit` bytes."""
    content = stream.read(limit + 1)
    if len(content) > limit:
        raise ValueError(f"a part of it has more than {limit} bytes")
    return content
