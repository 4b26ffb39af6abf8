"""Make a portfolio ready to be searched: its index and the codes of learned descriptors."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from ocguard.matching.search.files import open_segments
from ocguard.matching.search.index import Index
from ocguard.portfolio import Store
from ocguard.workflows.check.descriptors import OWN, find_descriptor
from ocguard.workflows.check.look_alikes import LookAlikeSearch, ready_codes
from ocguard.workflows.home.index_cache import IndexCache, ready_index
from ocguard.workflows.home.workspace import Workspace

__all__ = ["ReadyWorks", "ready_works"]


@dataclass(frozen=True)
class ReadyWorks:
    """Works that suspects can be compared with; travels to workers.

    Attributes
    ----------
    cache : IndexCache
        Their index, complete on the disk.
    proposing : LookAlikeSearch
        The learned descriptor that comes with ocguard.
    look_alikes : LookAlikeSearch or None
        The learned descriptor to use beside it.
    """

    cache: IndexCache
    proposing: LookAlikeSearch
    look_alikes: LookAlikeSearch | None = None

    def open_index(self) -> Index:
        """Open the index of all of them."""
        return Index(open_segments(self.cache.folder))


def ready_works(
    store: Store,
    workspace: Workspace,
    announce: Callable[[int], None],
    descriptor: str | None,
    announce_learned: Callable[[int], None],
) -> ReadyWorks:
    """Bring index and codes of a portfolio up to date.

    Parameters
    ----------
    store : Store
        The portfolio, open.
    workspace : Workspace
        Where the creator works.
    announce : callable
        Told how many works have to be indexed first, before that begins; called once at most.
    descriptor : str or None
        A learned descriptor to use beside everything else; see :func:`find_descriptor`.
    announce_learned : callable
        Told how many works the descriptor has to see first, before that begins.

    Raises
    ------
    PortfolioError
        It cannot be read.
    DescriptorError, MissingExtraError
        The descriptor cannot be used.
    """
    found = find_descriptor(descriptor) if descriptor else None
    announce_once = _first_only(announce)
    cache = ready_index(store, workspace.location, workspace.home.cache_folder, announce_once)
    search = None
    if found:
        found.load()  # before any wait: what is wrong with it is wrong for every suspect
        codes = ready_codes(store, found, cache.folder, announce_learned)
        search = LookAlikeSearch(found, codes)
    own = find_descriptor(OWN)
    codes = ready_codes(store, own, cache.folder, announce_once)
    return ReadyWorks(cache, LookAlikeSearch(own, codes, with_mirror=True), search)


def _first_only(announce: Callable[[int], None]) -> Callable[[int], None]:
    """Announce one wait, though several things are made ready in it."""
    waits: list[int] = []

    def announce_first(works: int) -> None:
        waits.append(works)
        if len(waits) == 1:
            announce(works)

    return announce_first
