"""The one interface of a portfolio that is open; workflows know nothing else of how it is kept.

Its queries are in :mod:`ocguard.portfolio.sql`, once for every kind of database.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any, Protocol, Self

from ocguard.portfolio.cases import Case
from ocguard.portfolio.drafts import Draft
from ocguard.portfolio.journal import JournalRow
from ocguard.portfolio.permissions import Permission
from ocguard.portfolio.postings import Posting
from ocguard.portfolio.reader import Reader
from ocguard.portfolio.records import Damage, Entry, Mark, Stats
from ocguard.portfolio.sql.removal import Removed
from ocguard.portfolio.stamps import Leaf, Stamp, TimeKind, TrustedTime
from ocguard.portfolio.titles import Title

__all__ = ["Drafts", "Journal", "SharedIndex", "Stamps", "Store", "credentials_of"]


class Journal(Protocol):
    """The journal of a portfolio that is open; see :mod:`ocguard.portfolio.journal`."""

    def note(self, event: str, facts: Mapping[str, Any]) -> None:
        """Add an entry; without an author there is none."""

    def chains(self) -> list[JournalRow]:
        """Give the last entry of every chain, in the order of their ids."""

    def rows(self, chain_id: str) -> Iterator[JournalRow]:
        """Give the entries of a chain in their order."""

    def agrees(self, rows: Sequence[JournalRow]) -> bool:
        """Tell whether no entry of a chain differs from the one of that number here."""


class Stamps(Protocol):
    """The trusted times of a portfolio that is open; see :mod:`ocguard.portfolio.stamps`."""

    def keep(self, leaves: Sequence[Leaf]) -> None:
        """Store a tree that waits for its time."""

    def roots(self) -> list[str]:
        """Give the roots of all trees, also of those that wait for their time."""

    def leaves(self, root_sha256: str) -> tuple[Leaf, ...]:
        """Give the leaves of a tree; `PortfolioError` where they are not those of its root."""

    def times(self, root_sha256: str) -> tuple[TrustedTime, ...]:
        """Give the times of a root, the oldest first, pending ones last."""

    def record(self, leaves: Sequence[Leaf], time: TrustedTime) -> None:
        """Store a tree and a time of its root, and tell the journal; it replaces a pending one."""

    def stamps(self) -> list[Stamp]:
        """Give all trees with their times, the first stamped first; those out of files last."""

    def stamps_of(self, kind: str, subject: str) -> list[Stamp]:
        """Give the trees with a time that hold something as a leaf, in the order of `stamps`."""

    def first_time(self, work_id: str) -> str:
        """Give the earliest trusted time of a work, UTC; empty where there is none."""

    def stamped_to(self, chain_id: str, by: TimeKind) -> int:
        """Give the number of the last entry of a chain that has a time of a kind; 0 without one."""

    def new_works(self, by: TimeKind) -> list[Leaf]:
        """List works that were registered here and have no time of a kind, as leaves."""


class Drafts(Protocol):
    """The drafts of a portfolio that is open; see :mod:`ocguard.portfolio.drafts`."""

    def record(self, drafts: Iterable[tuple[Draft, bytes]]) -> None:
        """Store drafts with their renditions in one transaction, and tell the journal.

        A draft that is known stays as it is; `PortfolioError` when a work is unknown.
        """

    def mend(self, drafts: Iterable[tuple[Draft, bytes]]) -> None:
        """Put drafts in the place of those that are damaged or missing here."""

    def of_work(self, work_id: str) -> tuple[Draft, ...]:
        """Give the drafts of a work, the first added first."""

    def new(self, by: TimeKind) -> list[Leaf]:
        """List drafts that were added here and have no time of a kind, as leaves."""


class Postings(Protocol):
    """Where the works of a portfolio were shown, as their creator says."""

    def record(self, postings: Iterable[Posting]) -> None:
        """Store postings in one transaction, and tell the journal.

        Of two of one address the one that comes later stays; `PortfolioError` when a work is
        unknown.
        """

    def take_back(self, work_id: str, url: str) -> Posting:
        """Forget that a work was shown at an address, tell the journal, and give what was said.

        `PortfolioError` when nobody said so.
        """

    def of_work(self, work_id: str) -> tuple[Posting, ...]:
        """Give the postings of a work, the earliest first."""


class Titles(Protocol):
    """What the works of a portfolio are called; see :mod:`ocguard.portfolio.titles`."""

    def record(self, title: Title) -> None:
        """Store a title in the place of the former one, and tell the journal of a new one.

        `PortfolioError` when the work is unknown.
        """

    def drop(self, work_id: str) -> None:
        """Forget the title of a work, and tell the journal; `PortfolioError` as above."""

    def of_work(self, work_id: str) -> Title | None:
        """Give the title of a work; None without one."""

    def all(self) -> dict[str, str]:
        """Give the titles of all works that have one, by their ids."""


class Permissions(Protocol):
    """Who may show the works of a portfolio; see :mod:`ocguard.portfolio.permissions`."""

    def record(self, permission: Permission) -> None:
        """Store a permission; `PortfolioError` when its work is unknown."""

    def withdraw(self, permission_id: str) -> None:
        """Forget a permission; `PortfolioError` when it is unknown."""

    def all(self) -> list[Permission]:
        """Give all permissions, the oldest first."""

    def mend(self, permissions: Iterable[Permission]) -> None:
        """Put permissions of a copy in the place of those that are damaged here."""


class Cases(Protocol):
    """Copies that were found; see :mod:`ocguard.portfolio.cases`."""

    def open(self, case: Case) -> None:
        """Store a new case."""

    def change(self, case_id: str, change: Callable[[Case], Case]) -> Case:
        """Exchange a case for what a function makes of it, in one transaction, and give that.

        `PortfolioError` when it is unknown.
        """

    def all(self) -> list[Case]:
        """Give all cases, the oldest first."""

    def of_suspect(self, suspect_sha256: str) -> list[Case]:
        """Give the cases about a file, the oldest first."""

    def mend(self, cases: Iterable[Case]) -> None:
        """Put cases of a copy in the place of those that are damaged here."""


class SharedIndex(Protocol):
    """What keeps search indexes of a portfolio up to date, and the one that it holds itself."""

    def changed_since(self, state: str) -> dict[str, bool] | None:
        """Tell which fingerprints were added, changed or removed since a state, by their ids.

        Each with whether it is there now. None when the portfolio never had that state.
        """

    def manifest(self) -> str:
        """Give the manifest of the shared index; empty where there is none."""

    def read(self, name: str) -> Iterator[bytes]:
        """Give a file of the shared index, part by part; nothing when it is unknown."""

    def publish(self, manifest: str, files: Mapping[str, Path]) -> None:
        """Put an index in the place of the shared one; files that are there are not sent again.

        Whoever is overtaken by another one changes nothing.
        """


class Store(Reader, Protocol):
    """A portfolio that is open, to be read and written.

    Every method may raise `PortfolioError`: damaged, locked for too long, or full. Writes are
    whole: all of a call is stored, or nothing. Every blob has its digest checked when it is read.
    """

    def __enter__(self) -> Self:
        """Use the store in a ``with`` block that closes it."""

    def __exit__(self, *error: object) -> None:
        """Close the store."""

    def close(self) -> None:
        """Give the store back; it cannot be used afterwards."""

    @property
    def journal(self) -> Journal:
        """What happened; every change of works and marks adds to it by itself."""

    @property
    def stamps(self) -> Stamps:
        """The trusted times of works, drafts, keys and journal."""

    @property
    def drafts(self) -> Drafts:
        """What led to the works."""

    @property
    def postings(self) -> Postings:
        """Where the works were shown."""

    @property
    def titles(self) -> Titles:
        """What they are called."""

    @property
    def permissions(self) -> Permissions:
        """Who may show them."""

    @property
    def cases(self) -> Cases:
        """Copies that were found."""

    @property
    def index(self) -> SharedIndex:
        """What the search is kept up to date with."""

    def record(self, entries: Iterable[Entry]) -> int:
        """Store works with their marks, in one transaction, and count them.

        A work that is known keeps its first date, the first path that it had, and all its marks;
        of its description the younger one stays, so that the order of recording does not matter.
        A mark that is known by its issue id stays as it is.
        """

    def take_over(
        self,
        entries: Iterable[Entry],
        chains: Iterable[Sequence[JournalRow]] = (),
        stamps: Iterable[Stamp] = (),
        drafts: Iterable[tuple[Draft, bytes]] = (),
    ) -> int:
        """Store what a file says of works and marks, in one transaction, and count the works.

        The chains of its journal, which must be whole and agree with those here, are added as those
        of other devices, and so are its trusted times, and the drafts of works that are known then.

        All of it is a claim and noted as one. A work that was registered here stays as it is, but
        for marks that are added to it; of others the younger description and the older date stay,
        so that the order of files does not matter. What is registered here later counts more.
        """

    def withdraw(self, issue_id: str) -> None:
        """Take back an issued mark, and its work if that came with this issue alone."""

    def remove(self, work_id: str, keep: Callable[[Removed], None] = ...) -> Removed:
        """Forget a work and its marks, and give what puts them back.

        `keep` is given it before it is gone; where that fails, it stays. `PortfolioError` when it
        is unknown.
        """

    def put_back(self, removed: Removed) -> None:
        """Store a removed work with all that belonged to it as it was; the journal keeps both.

        Marks that were issued meanwhile stay.
        """

    def credentials(self, issue_id: str) -> bytes | None:
        """Give the manifest store of the Content Credentials in the file of an issue.

        None where that file was not signed.
        """

    def key_ids(self) -> tuple[str, ...]:
        """Name the keys that the marks were issued with, in the order of their ids."""

    def fingerprint_digests(self) -> dict[str, str]:
        """Give the SHA-256 of every fingerprint by the id of its work or view.

        The fingerprints themselves are not read.
        """

    def learned_codes(self, descriptor_id: str) -> Iterator[tuple[str, bytes]]:
        """Give the codes that a learned descriptor has made, by work id, ascending."""

    def without_code(self, descriptor_id: str) -> list[tuple[str, str]]:
        """List the works that a learned descriptor has not seen as they are, with their reference.

        Of each, the work id and the digest of its reference rendition.
        """

    def record_codes(self, descriptor_id: str, codes: Iterable[tuple[str, str, bytes]]) -> None:
        """Store codes: work id, digest of the reference they were made of, code.

        Works that are gone meanwhile are passed over.
        """

    def damage(self) -> Iterator[Damage]:
        """Look at everything that is stored, and name what is not as it was stored.

        Every record, blob and index is read; 1,000 works take about half a second.
        """

    def mend_journal(self, rows: Sequence[JournalRow]) -> None:
        """Put a whole chain of a copy in the place of one that is broken or short here."""

    def mend(self, entry: Entry) -> None:
        """Put an entry's parts in the place of those that are damaged or missing here.

        What is whole here stays. Parts of an entry with `imported_utc` are noted as claims.
        """

    def back_up(self, target: Path) -> None:
        """Write a copy as of one moment to a new file, while others may write.

        `OutputExistsError` when the name is taken.
        """

    def state(self) -> str:
        """Name the present set of fingerprints: a token that changes whenever the set does."""

    def stats(self) -> Stats:
        """Count what is stored."""

    def recipients(self) -> set[str]:
        """Name everybody who got a copy."""

    def snapshot(self) -> AbstractContextManager[None]:
        """Read several things as of one moment, whatever other processes write meanwhile."""


def credentials_of(store: Store, marks: Iterable[Mark]) -> dict[str, bytes]:
    """Give the Content Credentials of marked files by issue, without those that have none."""
    kept = ((mark.issue_id, store.credentials(mark.issue_id)) for mark in marks)
    return {issue_id: manifest for issue_id, manifest in kept if manifest is not None}
