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
from ocguard.portfolio.sql.rows import insert_new
from ocguard.portfolio.stamps import Leaf, Stamp, TrustedTime
from ocguard.portfolio.values import row_digest

__all__ = ["SqlStamps"]

_RFC3161: Final = "rfc3161"
_COLUMNS: Final = (
    "root_sha256, authority, at_utc, until_utc, certificates, token, token_sha256, imported_utc"
)
_INSERT_TIME: Final = insert_new("trusted_times", f"{_COLUMNS}, kind, row_sha256")
_INSERT_LEAF: Final = insert_new("stamped", "root_sha256, position, kind, subject, leaf")
_FIRST: Final = "ORDER BY min(imported_utc), min(at_utc)"
_WORKS: Final = (
    "SELECT work_id, file_sha256, pixel_sha256, created_utc FROM works WHERE imported_utc = ''"
    " AND NOT EXISTS (SELECT 1 FROM stamped WHERE kind = 'work' AND subject = work_id)"
    " ORDER BY created_utc, work_id"
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

    def record(self, leaves: Sequence[Leaf], time: TrustedTime) -> None:
        """Store a tree and a time of its root, and tell the journal."""
        with self._journal.changing():
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
        """Give the trees that something is a leaf of, in the order of :meth:`stamps`."""
        sql = (
            "SELECT root_sha256 FROM stamped JOIN trusted_times USING (root_sha256)"
            f" WHERE stamped.kind = ? AND subject = ? GROUP BY root_sha256 {_FIRST}"
        )
        return [self._stamp(root) for (root,) in list(self._database.rows(sql, kind, subject))]

    def first_time(self, work_id: str) -> str:
        """Give the earliest trusted time of a work, UTC; empty where there is none."""
        sql = (
            "SELECT min(at_utc) FROM stamped JOIN trusted_times USING (root_sha256)"
            " WHERE stamped.kind = 'work' AND subject = ? AND imported_utc = ''"
        )
        return str(next(self._database.rows(sql, work_id))[0] or "")

    def stamped_to(self, chain_id: str) -> int:
        """Give the number of the last entry of a chain that has a trusted time; 0 without one."""
        sql = (
            "SELECT subject FROM stamped WHERE kind = 'journal' AND subject > ? || ':'"
            " AND subject < ? || ';'"
        )
        numbers = (row[0].partition(":")[2] for row in self._database.rows(sql, chain_id, chain_id))
        return max((int(number) for number in numbers if number.isdecimal()), default=0)

    def new_works(self) -> list[Leaf]:
        """List works that were registered here and have no trusted time, as leaves."""
        names = ("work", "file_sha256", "pixel_sha256", "registered")
        rows = self._database.rows(_WORKS)
        return [Leaf.of("work", row[0], dict(zip(names, row, strict=True))) for row in rows]

    def damage(self) -> Iterator[Damage]:
        """Make every digest of trusted times again, and the roots of their trees."""
        for (root,) in list(self._database.rows("SELECT DISTINCT root_sha256 FROM trusted_times")):
            try:
                self._stamp(root)
            except PortfolioError:
                yield Damage(
                    "", Message("the trusted time of the tree {root}", root=str(root)[:16])
                )
        sql = f"SELECT {_COLUMNS}, row_sha256 FROM trusted_times"
        for *values, digest in self._database.rows(sql):
            if row_digest(*values) != digest:
                yield Damage(
                    "",
                    Message("the record of the trusted time {digest}", digest=str(values[6])[:16]),
                )

    def _write(self, stamp: Stamp) -> None:
        (root,) = {time.root_sha256 for time in stamp.times}
        rows = [(root, number, *astuple(leaf)) for number, leaf in enumerate(stamp.leaves)]
        self._database.run_many(_INSERT_LEAF, rows)
        for time in stamp.times:
            self._database.run(_INSERT_TIME, *astuple(time), _RFC3161, row_digest(*astuple(time)))

    def _stamp(self, root_sha256: str) -> Stamp:
        leaves = "SELECT kind, subject, leaf FROM stamped WHERE root_sha256 = ? ORDER BY position"
        times = f"SELECT {_COLUMNS} FROM trusted_times WHERE root_sha256 = ?"
        times += " ORDER BY imported_utc, at_utc"
        try:
            return Stamp(
                tuple(Leaf(*row) for row in self._database.rows(leaves, root_sha256)),
                tuple(TrustedTime(*row) for row in self._database.rows(times, root_sha256)),
            )
        except (TypeError, ValueError) as error:
            raise damaged(self._database, "a trusted time ({reason})", reason=error) from error
