"""What a portfolio holds that has no trusted time yet: the leaves of the next tree."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from typing import Final

from ocguard.keys import SecretKey
from ocguard.portfolio import Leaf, Store, TimeKind
from ocguard.portfolio.records import utc_text
from ocguard.workflows.home.workspace import Workspace

__all__ = ["new_leaves"]

RENEWED_DAYS_BEFORE: Final = 180
"""A time is stamped anew when its certificates end within so many days."""

_UNTOLD: Final = frozenset({"began", "stamped"})
"""Entries of the journal that alone are no reason for a trusted time."""


def new_leaves(workspace: Workspace, store: Store, by: TimeKind) -> tuple[Leaf, ...]:
    """Give what has no trusted time of a kind: works, drafts, the key's commitment, the journal.

    Parameters
    ----------
    workspace : Workspace
        Where the creator works.
    store : Store
        Its portfolio, open.
    by : {"rfc3161", "opentimestamps"}
        Who is going to say when; each of both is for everything by itself.
    """
    key = workspace.home.load_key() if workspace.home.key_file.exists() else None
    with store.snapshot():
        return tuple(_new(store, key, by))


def _new(store: Store, key: SecretKey | None, by: TimeKind) -> Iterator[Leaf]:
    yield from store.stamps.new_works(by)
    yield from store.drafts.new(by)
    yield from _renewed(store)
    if key and not _has_time(store, key, by):
        identity = key.signer().identity.key.hex()
        said = {"key_id": key.key_id, "commitment": key.commitment, "identity": identity}
        yield Leaf.of("key", key.commitment, said)
    for head in store.journal.chains():
        stamped = store.stamps.stamped_to(head.chain_id, by)
        later = (row for row in store.journal.rows(head.chain_id) if row.number > stamped)
        if any(row.event not in _UNTOLD for row in later):
            chain, number = head.chain_id, head.number
            facts = {"chain": chain, "number": number, "entry_sha256": head.entry_sha256}
            yield Leaf.of("journal", f"{chain}:{number}", facts)


def _has_time(store: Store, key: SecretKey, by: TimeKind) -> bool:
    """Tell whether the commitment to a key has a time of a kind."""
    stamps = store.stamps.stamps_of("key", key.commitment)
    return any(time.kind == by and not time.is_pending for one in stamps for time in one.times)


def _renewed(store: Store) -> Iterator[Leaf]:
    """Yield the times whose certificates end soon, and that were not stamped themselves."""
    now = datetime.datetime.now(datetime.UTC)
    soon = utc_text(now + datetime.timedelta(days=RENEWED_DAYS_BEFORE))
    for one in store.stamps.stamps():
        for time in one.times:
            is_due = time.kind == "rfc3161" and time.until_utc < soon
            if is_due and not store.stamps.stamps_of("token", time.token_sha256):
                facts = {"token_sha256": time.token_sha256, "root_sha256": time.root_sha256}
                yield Leaf.of("token", time.token_sha256, {**facts, "at": time.at_utc})
