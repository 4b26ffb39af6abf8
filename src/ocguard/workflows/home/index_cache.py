"""Keep the matcher's index of a portfolio ready, and never trust it to be more than a cache.

Each state of a portfolio has its own folder, which appears complete or not at all and never
changes afterwards; so processes that build at the same time, or die in between, do no harm. A new
state starts from the index of the one before: only what changed is read and indexed.
"""

from __future__ import annotations

import atexit
import hashlib
import json
import os
import shutil
import tempfile
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Final
from uuid import uuid4

from ocguard.errors import PortfolioError
from ocguard.fingerprint.fingerprint import Fingerprint
from ocguard.fingerprint.view_id import work_of
from ocguard.matching.search.files import open_segments, save_segments
from ocguard.matching.search.index import Index
from ocguard.portfolio import Store

__all__ = ["IndexCache", "ready_index", "writable_folder"]

BATCH_WORKS: Final = 500
"""Works indexed at a time: about 30 MB of fingerprints in memory."""

_WORKS: Final = "works.json"
"""How many works the index holds, and which it lacks; makes a folder complete."""

_DIGESTS: Final = "digests.json"
"""Digest of every fingerprint, of works and views: large, and read to build the next state only."""


@dataclass(frozen=True)
class IndexCache:
    """A complete index on the disk.

    Attributes
    ----------
    folder : Path
        Give it to :func:`~ocguard.matching.search.files.open_segments`.
    unreadable : tuple of str
        Works whose fingerprints this version cannot read: the search does not see them.
    works : int
        How many works and views the search sees.
    """

    folder: Path
    unreadable: tuple[str, ...]
    works: int


def ready_index(
    store: Store,
    location: str,
    cache_folder: Path,
    announce: Callable[[int], None] = lambda _: None,
) -> IndexCache:
    """Give the index of a portfolio's present state, building what is missing.

    Parameters
    ----------
    store : Store
        The portfolio, open.
    location : str
        Its path or URL, which keeps the caches of several portfolios apart.
    cache_folder : Path
        Where caches lie; made if missing, may be deleted at any time.
    announce : callable
        Told how many works have to be indexed, before that begins.

    Returns
    -------
    IndexCache
        Of one moment's state, even while others write.

    Notes
    -----
    Nothing to build: milliseconds. A work costs about 5 CPU-milliseconds once.
    """
    name = hashlib.sha256(location.encode("utf-8", "surrogateescape")).hexdigest()[:16]
    with store.snapshot():
        folder = cache_folder / f"index-{name}" / store.state()
        opened = _open(folder)
        if opened is None:
            folder = writable_folder(cache_folder) / f"index-{name}" / store.state()
            shutil.rmtree(folder, ignore_errors=True)
            _build(store, folder, announce)
            opened = Index(open_segments(folder)), _read_works(folder)
    return IndexCache(folder, opened[1], len(opened[0]))


def writable_folder(folder: Path) -> Path:
    """Give a folder for caches, or a temporary one where a read-only home does not take them."""
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError:
        return _temporary_folder()
    return folder if os.access(folder, os.W_OK) else _temporary_folder()


def _temporary_folder() -> Path:
    """Make a folder that ends with this process."""
    folder = tempfile.mkdtemp(prefix="ocguard-")
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return Path(folder)


def _open(folder: Path) -> tuple[Index, tuple[str, ...]] | None:
    """Open one state's index with the works that it lacks; None if anything is wrong."""
    try:
        return Index(open_segments(folder)), _read_works(folder)
    except (PortfolioError, OSError, ValueError, KeyError):
        return None


def _build(store: Store, folder: Path, announce: Callable[[int], None]) -> None:
    """Build beside the final name, move into place, and drop the older states."""
    older = [state for state in folder.parent.glob("*") if (state / _WORKS).exists()]
    index, digests = _start(older)
    present = store.fingerprint_digests()
    index = index.without_works(digests.keys() - present.keys())
    changed = [work_id for work_id, digest in present.items() if digests.get(work_id) != digest]
    announce(len(set(map(work_of, changed))))
    unreadable: list[str] = []
    for batch in _batches(changed):
        index = index.with_works(_read_fingerprints(store, batch, unreadable))
    draft = folder.with_name(f"draft-{uuid4().hex}")
    save_segments(draft, index.segments)
    known = {work_id: present[work_id] for work_id in present.keys() - unreadable}
    (draft / _DIGESTS).write_text(json.dumps(known), encoding="utf-8")
    works = sorted(set(map(work_of, unreadable)))
    (draft / _WORKS).write_text(json.dumps({"unreadable": works}), encoding="utf-8")
    _move(draft, folder)
    for state in older:
        shutil.rmtree(state, ignore_errors=True)


def _start(older: list[Path]) -> tuple[Index, dict[str, str]]:
    """Open the newest older index, or begin with an empty one."""
    for state in sorted(older, key=lambda one: one.stat().st_mtime, reverse=True):
        try:
            digests = json.loads((state / _DIGESTS).read_text(encoding="utf-8"))
            return Index(open_segments(state)), dict(digests)
        except (PortfolioError, OSError, ValueError):
            continue
    return Index(), {}


def _read_fingerprints(
    store: Store, work_ids: Iterable[str], unreadable: list[str]
) -> Iterator[tuple[str, Fingerprint]]:
    """Read fingerprints; note the works of which this version cannot."""
    for work_id in work_ids:
        try:
            yield work_id, Fingerprint.from_bytes(store.fingerprint(work_id))
        except PortfolioError:
            unreadable.append(work_id)


def _batches(work_ids: Iterable[str]) -> Iterator[list[str]]:
    rest = iter(work_ids)
    while batch := list(islice(rest, BATCH_WORKS)):
        yield batch


def _move(draft: Path, folder: Path) -> None:
    """Give a finished index its name, unless another process was faster."""
    try:
        draft.rename(folder)
    except OSError:
        shutil.rmtree(draft, ignore_errors=True)
        if not (folder / _WORKS).exists():
            raise


def _read_works(folder: Path) -> tuple[str, ...]:
    return tuple(json.loads((folder / _WORKS).read_text(encoding="utf-8"))["unreadable"])
