"""Ask for one trusted time of all that is new: works, drafts, the key's commitment, the journal."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

from ocguard.errors import TimestampError
from ocguard.portfolio import Leaf, TrustedTime, root_of_leaves, stamped_text
from ocguard.provenance.trusted_time import ask, certificates_of, verify
from ocguard.workflows.home.workspace import Workspace
from ocguard.workflows.timestamp.authority import send
from ocguard.workflows.timestamp.leaves import new_leaves

__all__ = ["Stamped", "stamp"]


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
    with workspace.open_store() as store:
        leaves = new_leaves(workspace, store, "rfc3161")
        if not leaves:
            return None
        root = root_of_leaves(leaves)
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
            root,
            authority,
            verified.at_utc,
            verified.until_utc,
            pem,
            token,
            hashlib.sha256(token).hexdigest(),
        )
        store.stamps.record(leaves, time)
    return Stamped(time, leaves)
