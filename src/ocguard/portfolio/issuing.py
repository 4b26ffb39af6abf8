"""Issue marks: their record comes before the files that carry them."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator

from ocguard.portfolio.records import Entry
from ocguard.portfolio.store import Store

__all__ = ["issuing"]


@contextlib.contextmanager
def issuing(store: Store, entry: Entry) -> Iterator[None]:
    """Record an entry, let the block publish its files, and withdraw the marks if that fails.

    The record is on the disk before the block runs. So a process that dies at any moment leaves
    no published file without its record; at worst a record whose file never appeared. For the
    same reason an interruption (``KeyboardInterrupt``) keeps the record: the file may be there.

    Parameters
    ----------
    store : Store
        Where to record.
    entry : Entry
        The work and the marks that are about to be published.
    """
    store.record([entry])
    try:
        yield
    except Exception:
        for mark in entry.marks:
            store.withdraw(mark.issue_id)
        raise
