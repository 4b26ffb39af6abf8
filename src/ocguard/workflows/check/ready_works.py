"""Make portfolios ready to be searched: their indexes and the codes of learned descriptors.

The works of several portfolios are searched as those of one: their indexes are put side by side,
and scores do not depend on which work lies in which segment.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from ocguard.matching.search.index import Index
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
    caches : tuple of IndexCache
        Their index, complete on the disk, of each portfolio.
    proposing : LookAlikeSearch
        The learned descriptor that comes with ocguard.
    look_alikes : LookAlikeSearch or None
        The learned descriptor to use beside it.
    """

    caches: tuple[IndexCache, ...]
    proposing: LookAlikeSearch
    look_alikes: LookAlikeSearch | None = None

    def open_index(self) -> Index:
        """Open the index of all of them."""
        segments = [one for cache in self.caches for one in cache.index.segments]
        return Index(tuple(sorted(segments, key=len, reverse=True)))


def ready_works(
    portfolios: Sequence[Workspace],
    announce: Callable[[int], None] = lambda _: None,
    descriptor: str | None = None,
    announce_learned: Callable[[int], None] = lambda _: None,
) -> ReadyWorks:
    """Bring indexes and codes of portfolios up to date.

    Parameters
    ----------
    portfolios : sequence of Workspace
        Where the creator works; the portfolio of each is made ready.
    announce : callable
        Told how many works of a portfolio have to be indexed first, before that begins; called once
        at most for each.
    descriptor : str, optional
        A learned descriptor to use beside everything else; see :func:`find_descriptor`.
    announce_learned : callable
        Told how many works the descriptor has to see first, before that begins.

    Raises
    ------
    PortfolioError
        There is no portfolio at one of the places, or it cannot be read.
    DescriptorError, MissingExtraError
        The descriptor cannot be used.
    """
    own, found = find_descriptor(OWN), find_descriptor(descriptor) if descriptor else None
    if found:
        found.load()  # before any wait: what is wrong with it is wrong for every suspect
    caches, proposed, learned = [], [], []
    for one in portfolios:
        announce_once = _first_only(announce)
        with one.open_store() as store:
            cache = ready_index(store, one.location, one.home.cache_folder, announce_once)
            if found:
                learned.append(ready_codes(store, found, cache.folder, announce_learned))
            proposed.append(ready_codes(store, own, cache.folder, announce_once))
        caches.append(cache)
    return ReadyWorks(
        tuple(caches),
        LookAlikeSearch(own, tuple(proposed), with_mirror=True),
        LookAlikeSearch(found, tuple(learned)) if found else None,
    )


def _first_only(announce: Callable[[int], None]) -> Callable[[int], None]:
    """Announce one wait, though several things are made ready in it."""
    waits: list[int] = []

    def announce_first(works: int) -> None:
        waits.append(works)
        if len(waits) == 1:
            announce(works)

    return announce_first
