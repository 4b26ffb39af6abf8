"""Which registered works are variants of each other: one picture in the main.

Each work is looked for among the others once, and what was found is kept beside the index of the
portfolio. That is a cache: it may be deleted at any time, and is never trusted to be whole.
"""

from __future__ import annotations

import json
import time
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from ocguard.atomic import whole_file
from ocguard.matching.decision.bounds_id import shipped_bounds_id
from ocguard.matching.identification.relatives import find_relatives
from ocguard.matching.search.index import Index
from ocguard.portfolio import Store, Work
from ocguard.workflows.home.index_cache import caches_of, ready_index, writable_folder
from ocguard.workflows.home.work_result import work_name
from ocguard.workflows.home.works import StoredWorks, find_work
from ocguard.workflows.home.workspace import Workspace
from ocguard.workflows.threads import one_thread

__all__ = ["VariantSearch", "Variants", "find_variants", "known_variants", "look_for_variants"]

_FILE: Final = "variants.json"


@dataclass(frozen=True)
class Variants:
    """What is known of the variants in a portfolio.

    Attributes
    ----------
    found : Mapping[str, tuple[str, ...]]
        Of each work that was looked for among the others its variants, most alike first.
    """

    found: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def groups(self, work_ids: Iterable[str]) -> list[list[str]]:
        """Put works together that are variants of each other, or of a third one among them.

        Each group comes where its first work stands, and keeps the order of its works. A work
        without variants is a group of its own.
        """
        among = dict.fromkeys(work_ids)
        beside: dict[str, set[str]] = defaultdict(set)
        for one, variants in self.found.items():
            for other in variants:
                if one in among and other in among:
                    beside[one].add(other)
                    beside[other].add(one)
        group_of: dict[str, list[str]] = {}
        groups: list[list[str]] = []
        for work_id in among:
            if work_id not in group_of:
                groups.append([])
                group_of |= dict.fromkeys(_connected(work_id, beside), groups[-1])
            group_of[work_id].append(work_id)
        return groups


@dataclass(frozen=True)
class VariantSearch:
    """How far the search for variants has come.

    Attributes
    ----------
    done, all : int
        Works that were looked for among the others, and how many there are.
    new : int
        Works of these that turned out now to have variants.
    """

    done: int
    all: int
    new: int


def known_variants(workspace: Workspace) -> Variants:
    """Read what was found in a portfolio so far.

    Notes
    -----
    5 CPU-milliseconds for 5,000 works.
    """
    kept = _read(_folder(workspace))
    return Variants({work_id: tuple(one["variants"]) for work_id, one in kept.items()})


@one_thread()
def look_for_variants(workspace: Workspace, seconds: float) -> VariantSearch:
    """Look for the variants of works that were not looked at yet, the newest first, for some time.

    Parameters
    ----------
    workspace : Workspace
        Where the portfolio lies.
    seconds : float
        After that no further work is begun.

    Returns
    -------
    VariantSearch
        All is done where nothing can be kept, as beside a home that cannot be written.

    Raises
    ------
    PortfolioError
        There is no portfolio, or it cannot be read.

    Notes
    -----
    0.2 to 0.5 CPU-seconds a work, and those of `ready_index`.
    """
    ends = time.monotonic() + seconds
    folder = workspace.home.cache_folder
    with workspace.open_store() as store:
        index = _index(store, workspace)
        searched = index.work_ids
        works = [one.work_id for one in store.works() if one.work_id in searched]
        if writable_folder(folder) != folder:
            return VariantSearch(len(works), len(works), 0)
        digests = store.fingerprint_digests()
        before = _read(_folder(workspace))
        kept = _still_valid(before, digests)
        waiting = [one for one in works if one not in kept]
        new = 0
        try:
            while waiting and time.monotonic() < ends:
                work_id = waiting.pop()
                kept[work_id] = _entry(digests[work_id], _variants_of(work_id, index, store))
                new += bool(kept[work_id]["variants"])
        finally:
            if kept != before:
                _keep(_folder(workspace), kept)
    return VariantSearch(len(works) - len(waiting), len(works), new)


@one_thread()
def find_variants(workspace: Workspace, work_id: str) -> list[tuple[Work, str]]:
    """Find the works that are variants of one work.

    Parameters
    ----------
    workspace : Workspace
        Where the portfolio lies.
    work_id : str
        The work.

    Returns
    -------
    list of (Work, str)
        Those that a search for the work brings up, most alike first, with what they are called;
        empty without any.

    Raises
    ------
    PortfolioError
        There is no portfolio, or no such work in it.

    Notes
    -----
    0.2 to 0.5 CPU-seconds, and those of `ready_index`.
    """
    with workspace.open_store() as store:
        work = find_work(store, work_id)
        variants = _variants_of(work.work_id, _index(store, workspace), store)
        return [(found, work_name(store, found)) for one in variants for found in store.works(one)]


def _variants_of(work_id: str, index: Index, store: Store) -> list[str]:
    """Search for a work among the others."""
    relatives = find_relatives(work_id, index, StoredWorks(store))
    return [one.work_id for one in relatives if one.is_variant]


def _index(store: Store, workspace: Workspace) -> Index:
    return ready_index(store, workspace.location, workspace.home.cache_folder).index


def _connected(work_id: str, beside: Mapping[str, set[str]]) -> set[str]:
    """Give a work with all that it is connected to, over others as well."""
    seen, reached = {work_id}, [work_id]
    while reached:
        further = beside.get(reached.pop(), set()) - seen
        seen |= further
        reached += further
    return seen


def _folder(workspace: Workspace) -> Path:
    return caches_of(workspace.location, workspace.home.cache_folder)


def _entry(fingerprint_sha256: str, variants: list[str]) -> dict[str, Any]:
    return {"fingerprint_sha256": fingerprint_sha256, "variants": variants}


def _still_valid(
    kept: Mapping[str, dict[str, Any]], digests: Mapping[str, str]
) -> dict[str, dict[str, Any]]:
    """Drop works that are gone, and those that are recognized by something else now."""
    return {
        work_id: one
        for work_id, one in kept.items()
        if one["fingerprint_sha256"] == digests.get(work_id)
    }


def _read(folder: Path) -> dict[str, dict[str, Any]]:
    """Read what was kept; nothing of other bounds, or of a file that is damaged."""
    try:
        kept = json.loads((folder / _FILE).read_text(encoding="utf-8"))
        if kept["bounds_id"] != shipped_bounds_id():
            return {}
        return {
            str(work_id): _entry(str(one["fingerprint_sha256"]), [*map(str, one["variants"])])
            for work_id, one in kept["works"].items()
        }
    except (OSError, ValueError, TypeError, KeyError, AttributeError):
        return {}


def _keep(folder: Path, works: Mapping[str, dict[str, Any]]) -> None:
    """Keep what was found; of two processes that do so at once the later one's stays."""
    folder.mkdir(parents=True, exist_ok=True)
    kept = json.dumps({"bounds_id": shipped_bounds_id(), "works": works})
    with whole_file(folder / _FILE, overwrite=True) as file:
        file.write(kept.encode())
