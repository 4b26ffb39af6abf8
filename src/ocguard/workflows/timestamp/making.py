"""Ask for one trusted time of all that is new: works, drafts, the key's commitment, the journal."""

from __future__ import annotations

import datetime
import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from ocguard.errors import TimestampError
from ocguard.keys import SecretKey
from ocguard.portfolio import Leaf, Store, TrustedTime, stamped_text
from ocguard.portfolio.records import utc_text
from ocguard.provenance.merkle import root_of
from ocguard.provenance.trusted_time import ask, certificates_of, verify
from ocguard.workflows.home.workspace import Workspace
from ocguard.workflows.timestamp.authority import send

__all__ = ["Stamped", "stamp"]

RENEWED_DAYS_BEFORE: Final = 180
"""A time is stamped anew when its certificates end within so many days."""

_UNTOLD: Final = frozenset({"began", "stamped"})
"""Entries of the journal that alone are no reason for a trusted time."""


@dataclass(frozen=True)
class Stamped:
    """What was given a trusted time.

    Attributes
    ----------
    time : TrustedTime
        The time.
    leaves : tuple of Leaf
        What it is for.
    """

    time: TrustedTime
    leaves: tuple[Leaf, ...]


def stamp(workspace: Workspace, authority: str, pem: str) -> Stamped | None:
    """Ask an authority for a trusted time of everything that has none.

    Parameters
    ----------
    workspace : Workspace
        Where the creator works.
    authority : str
        Its address.
    pem : str
        The root of its certificates; see :func:`ocguard.provenance.trusted_time.certificates_of`.

    Returns
    -------
    Stamped or None
        None when nothing is new; the authority is not asked then.

    Raises
    ------
    TimestampError
        The authority cannot be asked, or its answer does not hold; nothing is stored then.
    PortfolioError, ProfileError, MissingExtraError
        Something that is needed cannot be used.
    """
    certificates = certificates_of(pem)
    key = workspace.home.load_key() if workspace.home.key_file.exists() else None
    with workspace.open_store() as store:
        with store.snapshot():
            leaves = tuple(_new_leaves(store, key))
        if not leaves:
            return None
        root = root_of([leaf.text.encode() for leaf in leaves])
        data = stamped_text(root)
        question = ask(data)
        token = send(authority, question.der)
        try:
            verified = verify(token, data, certificates, question.nonce)
        except TimestampError as error:
            raise TimestampError(
                "{authority}: {reason}; nothing was stored", authority=authority, reason=error
            ) from error
        time = TrustedTime(
            root.hex(),
            authority,
            verified.at_utc,
            verified.until_utc,
            pem,
            token,
            hashlib.sha256(token).hexdigest(),
        )
        store.stamps.record(leaves, time)
    return Stamped(time, leaves)


def _new_leaves(store: Store, key: SecretKey | None) -> Iterator[Leaf]:
    """Yield what has no trusted time; the journal as far as it goes, where that is more."""
    yield from store.stamps.new_works()
    yield from store.drafts.new()
    yield from _renewed(store)
    if key and not store.stamps.stamps_of("key", key.commitment):
        identity = key.signer().identity.key.hex()
        said = {"key_id": key.key_id, "commitment": key.commitment, "identity": identity}
        yield Leaf.of("key", key.commitment, said)
    for head in store.journal.chains():
        stamped = store.stamps.stamped_to(head.chain_id)
        later = (row for row in store.journal.rows(head.chain_id) if row.number > stamped)
        if any(row.event not in _UNTOLD for row in later):
            chain, number = head.chain_id, head.number
            facts = {"chain": chain, "number": number, "entry_sha256": head.entry_sha256}
            yield Leaf.of("journal", f"{chain}:{number}", facts)


def _renewed(store: Store) -> Iterator[Leaf]:
    """Yield the times whose certificates end soon, and that were not stamped themselves."""
    now = datetime.datetime.now(datetime.UTC)
    soon = utc_text(now + datetime.timedelta(days=RENEWED_DAYS_BEFORE))
    for one in store.stamps.stamps():
        for time in one.times:
            is_due = time.until_utc < soon
            if is_due and not store.stamps.stamps_of("token", time.token_sha256):
                facts = {"token_sha256": time.token_sha256, "root_sha256": time.root_sha256}
                yield Leaf.of("token", time.token_sha256, {**facts, "at": time.at_utc})
