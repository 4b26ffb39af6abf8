"""OpenTimestamps: write what the creator stamps with a client of her own, and take its proof in.

ocguard asks no calendar and no chain. The statement is a file of 81 bytes with the root of a tree
over everything that is new. Her client sends its digest to calendars, and writes a proof; a later
``ots upgrade`` completes it. The header of the block comes from a source that she names.
"""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Final

from ocguard.atomic import whole_file
from ocguard.errors import TimestampError
from ocguard.portfolio import Leaf, TrustedTime, root_of_leaves, stamped_text
from ocguard.provenance.block_header import BlockHeader, headers_of
from ocguard.provenance.open_timestamps import OpenTimestamp, follow, read_ots
from ocguard.workflows.home.workspace import Workspace
from ocguard.workflows.timestamp.leaves import new_leaves
from ocguard.workflows.timestamp.making import Stamped
from ocguard.workflows.timestamp.verifying import block_time

__all__ = ["state", "take_in"]

MAX_CALENDARS_CHARACTERS: Final = 1000
"""How much of the addresses of calendars is kept, to tell where a proof waits."""


def state(workspace: Workspace, file: Path) -> tuple[Leaf, ...]:
    """Write a statement about everything that no block of a proof is for yet.

    What it is about is kept in the portfolio, so that the proof can be taken in later; a statement
    that was never stamped does no harm.

    Parameters
    ----------
    workspace : Workspace
        Where the creator works.
    file : Path
        The new file.

    Returns
    -------
    tuple of Leaf
        What the statement is about; nothing is written where there is nothing new.

    Raises
    ------
    OutputExistsError
        The file exists already.
    PortfolioError, ProfileError
        Something that is needed cannot be used.
    """
    with workspace.open_store() as store:
        leaves = new_leaves(workspace, store, "opentimestamps")
        if leaves:
            store.stamps.keep(leaves)
            with whole_file(file) as stream:
                stream.write(stamped_text(root_of_leaves(leaves)))
    return leaves


def take_in(workspace: Workspace, proof: bytes, headers: str = "") -> Stamped:
    """Keep a proof of a statement, with its time where the header of its block is given.

    Parameters
    ----------
    workspace : Workspace
        Where the statement was written.
    proof : bytes
        The ``.ots`` file; untrusted.
    headers : str
        Headers of blocks; see :func:`ocguard.provenance.block_header.headers_of`.

    Raises
    ------
    TimestampError
        It is no proof, is of no statement of this portfolio, or does not lead to a block as its
        header has it; nothing is stored then.
    PortfolioError, MissingExtraError
        Something that is needed cannot be used.
    """
    said = read_ots(proof)
    given = headers_of(headers) if headers else {}
    with workspace.open_store() as store:
        roots = {_file_sha256(root): root for root in store.stamps.roots()}
        root = roots.get(said.file_sha256)
        if root is None:
            raise TimestampError(
                "the proof is of no statement of this portfolio: 'ocguard timestamp statement FILE'"
                " writes one"
            )
        leaves = store.stamps.leaves(root)
        time = _time(root, proof, said, follow(proof, stamped_text(root), given))
        known = [one for one in store.stamps.times(root) if one.kind == time.kind]
        better = [one for one in known if one == time or (time.is_pending and not one.is_pending)]
        if not better:
            store.stamps.record(leaves, time)
    return Stamped((better or [time])[0], leaves)


def _file_sha256(root: str) -> str:
    """Give the digest of a statement."""
    return hashlib.sha256(stamped_text(root)).hexdigest()


def _time(root: str, proof: bytes, said: OpenTimestamp, header: BlockHeader | None) -> TrustedTime:
    """Make the record of a proof; pending without a header."""
    digest = hashlib.sha256(proof).hexdigest()
    where = str(said.blocks[0][0]) if said.blocks else ", ".join(said.calendars)
    where, at, kept = where[:MAX_CALENDARS_CHARACTERS], "", ""
    if header:
        where, at, kept = str(header.height), block_time(header).at_utc, header.line
    return TrustedTime(root, where, at, "", kept, proof, digest, kind="opentimestamps")
