"""Portfolios of very many works, in a file or on a server: real works among made-up ones.

A made-up work has rows like a real one's: it shows that one's rendition and, since a million
fingerprints would fill 50 GB, that one's fingerprint too (`SizedWorkspace`). Its codes in the index
are made up, see `matching_size`; its code of the learned descriptor is random.
"""

from __future__ import annotations

import hashlib
import os
import shutil
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np

from matching_size import Registered
from matching_suspects import SEED
from ocguard.home import Home
from ocguard.matching.search.files import open_segments
from ocguard.portfolio import Store, copy_portfolio, open_store
from ocguard.portfolio.sql.store import SqlStore
from ocguard.workflows.check.descriptors import OWN, find_descriptor
from ocguard.workflows.home.index_cache import caches_of
from ocguard.workflows.home.workspace import Workspace

__all__ = ["SizedWorkspace", "filled", "made_up_ids", "seeded_cache"]

PAGE_ROWS = 20_000


class _SizedStore(SqlStore):
    """A store in which a made-up work shows the fingerprint of a real one."""

    def fingerprint(self, view_id: str) -> bytes:
        """Give a fingerprint; a made-up one holds the id of the real work."""
        data = super().fingerprint(view_id)
        return super().fingerprint(data.decode()) if len(data) < 100 else data


@dataclass(frozen=True)
class SizedWorkspace(Workspace):
    """A workspace whose portfolio is from `filled`."""

    def open_store(self, *, create: bool = False) -> Store:
        """Open the portfolio."""
        store = open_store(self.location, create=create)
        assert isinstance(store, SqlStore)
        return _SizedStore(store._database)


def made_up_ids(index_folder: Path, registered: Registered) -> list[str]:
    """Name the made-up works of an index."""
    known = {*registered.ids.values()}
    ids = (one.decode() for s in open_segments(index_folder) for one in s.work_ids.tolist())
    return [work_id for work_id in ids if work_id not in known]


def filled(
    location: str, registered: Registered, real: Sequence[str], made_up: Sequence[str]
) -> None:
    """Copy the real works to a new portfolio, and add made-up ones that show some of them."""
    copy_portfolio(registered.location, location)
    with open_store(location) as store:
        assert isinstance(store, SqlStore)
        rows = list(_works(store, real))
        descriptor = find_descriptor(OWN)
        length = len(descriptor.load().describe(np.zeros((96, 96, 3), np.uint8)))
        random = np.random.default_rng(SEED)
        names = iter(made_up)
        while page := list(islice(names, PAGE_ROWS)):
            shown = random.integers(0, len(real), len(page)).tolist()
            codes = random.integers(-127, 128, (len(page), length), np.int8)
            works = [
                {**rows[n], "work_id": i, "pixel_sha256": 4 * i}
                for n, i in zip(shown, page, strict=True)
            ]
            prints = [
                (i, hashlib.sha256(real[n].encode()).hexdigest(), real[n].encode())
                for n, i in zip(shown, page, strict=True)
            ]
            _insert(store, works)
            with store._database.writing():
                store._database.run_many(_PRINT, prints)
            store.record_codes(
                descriptor.spec.descriptor_id,
                (
                    (w["work_id"], w["reference_sha256"], c.tobytes())
                    for w, c in zip(works, codes, strict=True)
                ),
            )


_PRINT = "INSERT INTO fingerprints (work_id, digest, data) VALUES (?, ?, ?)"


def _works(store: SqlStore, ids: Sequence[str]) -> Iterator[dict[str, Any]]:
    names = store._database.columns("works")
    for work_id in ids:
        sql = f"SELECT {', '.join(names)} FROM works WHERE work_id = ?"
        for row in store._database.rows(sql, work_id):
            yield dict(zip(names, row, strict=True))


def _insert(store: SqlStore, works: Sequence[dict[str, Any]]) -> None:
    slots = ", ".join("?" * len(works[0]))
    sql = f"INSERT INTO works ({', '.join(works[0])}) VALUES ({slots})"
    with store._database.writing():
        store._database.run_many(sql, [tuple(work.values()) for work in works])


def seeded_cache(home: Home, location: str, index_folder: Path) -> None:
    """Lay an index into the cache as that of a portfolio's present state."""
    with open_store(location) as store:
        folder = caches_of(location, home.cache_folder) / store.state()
    shutil.rmtree(folder.parent, ignore_errors=True)
    folder.parent.mkdir(parents=True)
    shutil.copytree(index_folder, folder, copy_function=os.link)
    (folder / "works.json").write_text('{"unreadable": []}', encoding="utf-8")
