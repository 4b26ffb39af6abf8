"""Copy a portfolio as it is to another place: between files and servers, both ways.

Nothing becomes a claim, as it does by an import: works, marks, renditions, drafts, trusted times
and every chain of the journal come along to the last byte. A copy that was interrupted goes on
where it stopped.
"""

from __future__ import annotations

import contextlib
from collections.abc import Sequence
from pathlib import Path

from ocguard.errors import PortfolioError
from ocguard.portfolio.location import open_database
from ocguard.portfolio.records import Damage
from ocguard.portfolio.sql.copying import copy_rows, tables_apart, tables_beyond
from ocguard.portfolio.sql.store import SqlStore
from ocguard.portfolio.store import Store

__all__ = ["copy_portfolio", "keep_share", "share_of", "spread"]


def copy_portfolio(source: str | Path, target: str | Path) -> list[Damage]:
    """Copy a portfolio, and compare what arrived with what was sent.

    Parameters
    ----------
    source : str or Path
        Where it is, as of one moment; others may go on writing.
    target : str or Path
        Where it goes: a portfolio that is made, is empty, or holds a part of the same copy.

    Returns
    -------
    list of Damage
        What is not as it was stored, in the source already; empty when every row and blob has its
        digest and every chain of the journal holds.

    Raises
    ------
    PortfolioError
        The target holds something that the source does not, one of them cannot be used, or what
        arrived is not what was sent.

    Notes
    -----
    All of it is read twice on each side.
    """
    with (
        contextlib.closing(open_database(source)) as here,
        contextlib.closing(open_database(target, create=True)) as there,
        here.reading(),
    ):
        if here.name == there.name:
            raise PortfolioError(
                "{name} cannot be copied to itself: name another place", name=here.name
            )
        if others := tables_beyond(here, there):
            raise PortfolioError(
                "{target} holds {tables} that {source} does not: copy to a place without a"
                " portfolio, or bring two together with 'ocguard portfolio import'",
                target=there.name,
                tables=others,
                source=here.name,
            )
        copy_rows(here, there)
        if apart := tables_apart(here, there):
            raise PortfolioError(
                "{target} does not hold the same {tables} as {source}: one was changed since the"
                " copy began; copy to a place without a portfolio",
                target=there.name,
                tables=apart,
                source=here.name,
            )
        return list(SqlStore(there).damage())


def share_of(work_id: str, shares: int) -> int:
    """Return in which of so many shares a work lies, from 1: its id, a digest, says so alone."""
    return int(work_id, 16) % shares + 1


def keep_share(store: Store, share: int, shares: int) -> int:
    """Remove the works of other shares from a copy of a portfolio, and count them.

    Parameters
    ----------
    store : Store
        The copy, open; its journal notes each removal.
    share, shares : int
        Which one, from 1, of how many; see `share_of`.
    """
    others = [one.work_id for one in store.works() if share_of(one.work_id, shares) != share]
    for work_id in others:
        store.remove(work_id)
    return len(others)


def spread(stores: Sequence[Store]) -> int:
    """Bring every work to the portfolio of its share, and count those that were brought.

    Parameters
    ----------
    stores : sequence of Store
        The portfolios of all shares, open, in their order. The journals of both note every work
        that is brought. What was interrupted goes on when it is called again.
    """
    brought = 0
    for share, store in enumerate(stores, 1):
        shares = {one.work_id: share_of(one.work_id, len(stores)) for one in store.works()}
        for work_id, own in shares.items():
            if own != share:
                store.remove(work_id, stores[own - 1].put_back)
                brought += 1
    return brought
