"""Trusted times in a portfolio's database: what is new, recording, looking up."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import astuple, replace
from typing import Final

from ocguard.errors import PortfolioError
from ocguard.language.message import Message
from ocguard.portfolio.records import Damage
from ocguard.portfolio.sql.database import Database, damaged
from ocguard.portfolio.sql.journal import SqlJournal
from ocguard.portfolio.sql.rows import insert_new, lacks_time
from ocguard.portfolio.stamps import Leaf, Stamp, TimeKind, TrustedTime, root_of_leaves
from ocguard.portfolio.values import row_digest

__all__ = ["SqlStamps"]

_COLUMNS: Final = (
    "root_sha256, authority, at_utc, until_utc, certificates, token, token_sha256, imported_utc,"
    " kind"
)
_INSERT_TIME: Final = insert_new("trusted_times", f"{_COLUMNS}, row_sha256")
_INSERT_LEAF: Final = insert_new("stamped", "root_sha256, position, kind, subject, leaf")
_FIRST: Final = "ORDER BY min(imported_utc), min(CASE at_utc WHEN '' THEN '~' ELSE at_utc END)"
_DROP_PENDING: Final = "DELETE FROM trusted_times WHERE root_sha256 = ? AND at_utc = ''"
_TIMED: Final = "stamped JOIN trusted_times USING (root_sha256)"
_WORKS: Final = (
    "SELECT work_id, file_sha256, pixel_sha256, created_utc FROM works WHERE imported_utc = ''"
    f" AND {lacks_time('work', 'work_id')} ORDER BY created_utc, work_id"
)


class SqlStamps:
    """Trusted times in a database.

    Parameters
    ----------
    database : Database
        Open.
    journal : SqlJournal
        Of the same portfolio.
    """

    def __init__(self, database: Database, journal: SqlJournal) -> None:
        self._database = database
        self._journal = journal

    def keep(self, leaves: Sequence[Leaf]) -> None:
        """Store a tree that waits for its time."""
        with self._database.writing():
            self._write_leaves(root_of_leaves(leaves), leaves)

    def roots(self) -> list[str]:
        """Give the roots of all trees, also of those that wait for their time."""
        rows = self._database.rows("SELECT DISTINCT root_sha256 FROM stamped ORDER BY root_sha256")
        return [str(root) for (root,) in rows]

    def record(self, leaves: Sequence[Leaf], time: TrustedTime) -> None:
        """Store a tree and a time of its root, and tell the journal; it replaces a pending one."""
        with self._journal.changing():
            self._database.run(_DROP_PENDING, time.root_sha256)
            self._write(Stamp(tuple(leaves), (time,)))
            facts = {"root": time.root_sha256, "leaves": len(leaves), "at": time.at_utc}
            self._journal.add("stamped", {**facts, "token_sha256": time.token_sha256})

    def take_over(self, stamp: Stamp, now: str) -> None:
        """Store what a file brought, in a transaction; what is known stays."""
        times = tuple(replace(time, imported_utc=now) for time in stamp.times)
        self._write(replace(stamp, times=times))

    def stamps(self) -> list[Stamp]:
        """Give all trees with their times, the first stamped first; those out of files last."""
        sql = f"SELECT root_sha256 FROM trusted_times GROUP BY root_sha256 {_FIRST}"
        return [self._stamp(root) for (root,) in list(self._database.rows(sql))]

    def stamps_of(self, kind: str, subject: str) -> list[Stamp]:
        """Give the trees with a time that hold something as a leaf, in the order of `stamps`."""
        sql = (
            f"SELECT root_sha256 FROM {_TIMED} WHERE stamped.kind = ? AND subject = ?"
            f" AND at_utc <> '' GROUP BY root_sha256 {_FIRST}"
        )
        return [self._stamp(root) for (root,) in list(self._database.rows(sql, kind, subject))]

    def first_time(self, work_id: str) -> str:
        """Give the earliest trusted time of a work, UTC; empty where there is none."""
        sql = (
            f"SELECT min(at_utc) FROM {_TIMED} WHERE stamped.kind = 'work' AND subject = ?"
            " AND imported_utc = '' AND at_utc <> ''"
        )
        return str(next(self._database.rows(sql, work_id))[0] or "")

    def stamped_to(self, chain_id: str, by: TimeKind) -> int:
        """Give the number of the last entry of a chain that has a time of a kind; 0 without one."""
        sql = (
            f"SELECT subject FROM {_TIMED} WHERE stamped.kind = 'journal' AND subject > ? || ':'"
            " AND subject < ? || ';' AND trusted_times.kind = ? AND at_utc <> ''"
        )
        rows = self._database.rows(sql, chain_id, chain_id, by)
        numbers = (row[0].partition(":")[2] for row in rows)
        return max((int(number) for number in numbers if number.isdecimal()), default=0)

    def new_works(self, by: TimeKind) -> list[Leaf]:
        """List works that were registered here and have no time of a kind, as leaves."""
        names = ("work", "file_sha256", "pixel_sha256", "registered")
        rows = self._database.rows(_WORKS, by)
        return [Leaf.of("work", row[0], dict(zip(names, row, strict=True))) for row in rows]

    def damage(self) -> Iterator[Damage]:
        """Make every digest of trusted times again, and the roots of their trees."""
        timed = self._database.rows("SELECT DISTINCT root_sha256 FROM trusted_times")
        for root in sorted({*self.roots(), *(str(root) for (root,) in timed)}):
            try:
                self.leaves(root)
                self.times(root)
            except PortfolioError:
                yield Damage("", Message("the trusted time of the tree {root}", root=root[:16]))
        sql = f"SELECT {_COLUMNS}, row_sha256 FROM trusted_times"
        for *values, _, digest in self._database.rows(sql):
            if row_digest(*values) != digest:
                yield Damage(
                    "",
                    Message("the record of the trusted time {digest}", digest=str(values[6])[:16]),
                )

    def leaves(self, root_sha256: str) -> tuple[Leaf, ...]:
        """Give the leaves of a tree; `PortfolioError` where they are not those of its root."""
        sql = "SELECT kind, subject, leaf FROM stamped WHERE root_sha256 = ? ORDER BY position"
        try:
            found = tuple(Leaf(*row) for row in self._database.rows(sql, root_sha256))
            if root_of_leaves(found) != root_sha256:
                raise ValueError("a tree does not have its root")
        except (TypeError, ValueError) as error:
            raise damaged(self._database, "a trusted time ({reason})", reason=error) from error
        return found

    def times(self, root_sha256: str) -> tuple[TrustedTime, ...]:
        """Give the times of a root, the oldest first, pending ones last."""
        sql = (
            f"SELECT {_COLUMNS} FROM trusted_times WHERE root_sha256 = ?"
            " ORDER BY at_utc = '', imported_utc, at_utc"
        )
        try:
            return tuple(TrustedTime(*row) for row in self._database.rows(sql, root_sha256))
        except (TypeError, ValueError) as error:
            raise damaged(self._database, "a trusted time ({reason})", reason=error) from error

    def _write(self, stamp: Stamp) -> None:
        (root,) = {time.root_sha256 for time in stamp.times}
        self._write_leaves(root, stamp.leaves)
        for time in stamp.times:
            values = astuple(time)
            self._database.run(_INSERT_TIME, *values, row_digest(*values[:-1]))

    def _write_leaves(self, root: str, leaves: Sequence[Leaf]) -> None:
        rows = [(root, number, *astuple(leaf)) for number, leaf in enumerate(leaves)]
        self._database.run_many(_INSERT_LEAF, rows)

    def _stamp(self, root_sha256: str) -> Stamp:
        leaves = self.leaves(root_sha256)
        return Stamp(leaves, self.times(root_sha256))
