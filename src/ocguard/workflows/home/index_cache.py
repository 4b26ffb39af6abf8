"""Keep the matcher's index of a portfolio ready, and never trust it to be more than a cache.

Each state of a portfolio has its own folder, which appears complete or not at all and never
changes afterwards; so processes that build at the same time, or die in between, do no harm. A new
state starts from the index of the one before, or from the one that a large portfolio holds itself:
only what changed is read and indexed, and segments that stay are linked, not written again. An
older state stays for a while: a picture that waits for its turn was given it, and opens it later.
"""

from __future__ import annotations

import atexit
import contextlib
import hashlib
import json
import os
import shutil
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import islice
from pathlib import Path
from typing import Any, Final
from uuid import uuid4

from ocguard.errors import PortfolioError
from ocguard.fingerprint.fingerprint import Fingerprint
from ocguard.fingerprint.view_id import work_of
from ocguard.matching.search.files import open_segments, save_segments
from ocguard.matching.search.index import Index
from ocguard.portfolio import Store
from ocguard.workflows.home.shared_index import (
    SHARED_WORKS,
    SharedState,
    fetch_index,
    share_index,
    shared_state,
)

__all__ = ["IndexCache", "caches_of", "ready_index", "writable_folder"]

BATCH_WORKS: Final = 500
"""Works indexed at a time: about 30 MB of fingerprints in memory."""

KEPT_SECONDS: Final = 600.0
"""How long an older state stays after it was last given to somebody, in seconds: longer than
pictures wait for their turn."""

KEPT_STATES: Final = 32
"""Most older states that stay. They share segments, but not what descriptors made of the works:
144 bytes a work, so that 32 states of a million works take 5 GB at most."""

_STARTS: Final = 3
"""From how many of the latest states the nearest is chosen as a start."""

_WORKS: Final = "works.json"
"""What the index lacks; makes a folder complete."""


@dataclass(frozen=True)
class IndexCache:
    """A complete index on the disk.

    Attributes
    ----------
    folder : Path
        Give it to :func:`~ocguard.matching.search.files.open_segments`.
    left_out : tuple of str
        Works and views whose fingerprints this version cannot read: the search does not see them.
    """

    folder: Path
    left_out: tuple[str, ...]

    @cached_property
    def index(self) -> Index:
        """The index, mapped; opened once in each process.

        `PortfolioError` when it is damaged.
        """
        return Index(open_segments(self.folder))

    @property
    def works(self) -> int:
        """How many works and views the search sees."""
        return len(self.index)

    @property
    def unreadable(self) -> tuple[str, ...]:
        """Works of which the search does not see all."""
        return tuple(sorted(set(map(work_of, self.left_out))))

    def __getstate__(self) -> dict[str, Any]:
        """Leave what is mapped behind: each process maps it anew."""
        return {"folder": self.folder, "left_out": self.left_out}


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
    is_shared = True
    with store.snapshot():
        folder = caches_of(location, cache_folder) / store.state()
        cache = _open(folder)
        if cache is None:
            folder = caches_of(location, writable_folder(cache_folder)) / store.state()
            shutil.rmtree(folder, ignore_errors=True)
            is_shared = _build(store, folder, announce)
            cache = IndexCache(folder, _read_left_out(folder))
        _note_use(folder)
    if not is_shared and cache.works >= SHARED_WORKS:
        share_index(store, folder, cache.left_out)
    return cache


def caches_of(location: str, cache_folder: Path) -> Path:
    """Give the folder for the caches of one portfolio, by its path or URL."""
    name = hashlib.sha256(location.encode("utf-8", "surrogateescape")).hexdigest()[:16]
    return cache_folder / f"index-{name}"


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


@dataclass(frozen=True)
class _Start:
    """What to begin with: an index, the fingerprints that it could not read, what changed since."""

    index: Index
    unreadable: Sequence[str]
    changed: Mapping[str, bool]


def _open(folder: Path) -> IndexCache | None:
    """Open one state's index with what it left out; None if anything is wrong."""
    try:
        cache = IndexCache(folder, _read_left_out(folder))
        _ = cache.index  # opened here, where it can be built again
    except (PortfolioError, OSError, ValueError, KeyError):
        return None
    return cache


def _build(store: Store, folder: Path, announce: Callable[[int], None]) -> bool:
    """Build beside the final name, move into place, and drop the older states.

    Tells whether the portfolio holds an index that is nearly this one.
    """
    older = _by_use(folder.parent)
    draft = folder.with_name(f"draft-{uuid4().hex}")
    start = _local_start(store, list(older)[:_STARTS])
    shared = shared_state(store)
    changed = store.index.changed_since(shared.state) if shared else None
    if shared and changed is not None and (start is None or len(changed) < len(start.changed)):
        start = _shared_start(store, shared, changed, draft) or start
    if start is None:
        changed = None
        start = _Start(Index(), (), dict.fromkeys(store.fingerprint_digests(), True))
    unreadable = _index_changes(store, start, draft, announce)
    del start  # files that are mapped cannot be moved everywhere
    (draft / _WORKS).write_text(json.dumps({"unreadable": unreadable}), encoding="utf-8")
    _move(draft, folder)
    for number, (state, used) in enumerate(older.items()):
        if number >= KEPT_STATES or abs(time.time() - used) > KEPT_SECONDS:
            shutil.rmtree(state, ignore_errors=True)
    return changed is not None and len(changed) < SHARED_WORKS


def _note_use(folder: Path) -> None:
    """Note by the time of a file that a state was given to somebody now."""
    with contextlib.suppress(OSError):  # a home that cannot be written drops nothing either
        os.utime(folder / _WORKS)


def _by_use(caches: Path) -> dict[Path, float]:
    """Return the states that lie there with when each was last given, in seconds, latest first."""
    used: dict[Path, float] = {}
    for state in caches.glob("*"):
        with contextlib.suppress(OSError):  # no state, or dropped by another process meanwhile
            used[state] = (state / _WORKS).stat().st_mtime
    return dict(sorted(used.items(), key=lambda one: one[1], reverse=True))


def _local_start(store: Store, older: Iterable[Path]) -> _Start | None:
    """Open the index here of the state since which least has changed."""
    changes = ((state, store.index.changed_since(state.name)) for state in older)
    known = ((state, changed) for state, changed in changes if changed is not None)
    for state, changed in sorted(known, key=lambda one: len(one[1])):
        if (opened := _open(state)) is not None:
            return _Start(opened.index, opened.left_out, changed)
    return None


def _shared_start(
    store: Store, shared: SharedState, changed: Mapping[str, bool], folder: Path
) -> _Start | None:
    """Fetch the index that the portfolio holds; None where that is damaged."""
    try:
        fetch_index(store, shared, folder)
        return _Start(Index(open_segments(folder)), shared.unreadable, changed)
    except PortfolioError:
        shutil.rmtree(folder, ignore_errors=True)
        return None


def _index_changes(
    store: Store, start: _Start, folder: Path, announce: Callable[[int], None]
) -> list[str]:
    """Save an index with the changes in it, batch by batch; name what could not be read."""
    changed = {**dict.fromkeys(start.unreadable, True), **start.changed}
    present = sorted(view_id for view_id, is_there in changed.items() if is_there)
    announce(len(set(map(work_of, present))))
    index = _saved(start.index.without_works(changed), folder)
    unreadable: list[str] = []
    for batch in _batches(present):
        index = _saved(index.with_works(_read_fingerprints(store, batch, unreadable)), folder)
    return unreadable


def _saved(index: Index, folder: Path) -> Index:
    """Save an index and map it: it need not fit into memory."""
    save_segments(folder, index.segments)
    return Index(open_segments(folder))


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


def _read_left_out(folder: Path) -> tuple[str, ...]:
    return tuple(json.loads((folder / _WORKS).read_text(encoding="utf-8"))["unreadable"])
