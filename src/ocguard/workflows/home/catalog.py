"""Look after a portfolio: add works without marking them, list, show, remove."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

from ocguard.imaging.files import read_bytes
from ocguard.portfolio import (
    Damage,
    JournalRow,
    Posted,
    Removed,
    Stats,
    Store,
    Title,
    Work,
    export_entries,
    import_entries,
    utc_now,
)
from ocguard.workflows.failures import explain
from ocguard.workflows.home.claims import require_honest, require_honest_draft
from ocguard.workflows.home.drafts import DraftResult, add_draft
from ocguard.workflows.home.parts import work_parts
from ocguard.workflows.home.postings import posting_of
from ocguard.workflows.home.repair import repair
from ocguard.workflows.home.work_result import WorkResult, examined_result, work_result
from ocguard.workflows.home.works import (
    describe_work,
    find_work,
    left_out_warnings,
    small_view,
)
from ocguard.workflows.home.workspace import StrPath, Workspace
from ocguard.workflows.sources import (
    Loaded,
    PictureSource,
    load,
    required_source,
    source_name,
    source_place,
)
from ocguard.workflows.threads import one_thread

__all__ = ["Portfolio", "add_one"]


class Portfolio:
    """Registered works and issued marks, opened for every call and closed after it.

    Parameters
    ----------
    portfolio : str or Path, optional
        Path or URL; else ``OCGUARD_PORTFOLIO``, else the portfolio in the home folder.
    home : str or Path, optional
        Home folder; else ``OCGUARD_HOME``, else the system's folder for application data.

    Raises
    ------
    PortfolioError
        By every method: missing (but for :meth:`add` and :meth:`merge`), damaged, locked, or
        written by a newer version.
    """

    def __init__(self, portfolio: StrPath | None = None, *, home: StrPath | None = None) -> None:
        self.workspace = Workspace.at(home, portfolio)
        self.location = self.workspace.location

    def add(self, source: PictureSource) -> WorkResult:
        """Register one picture without marking it; see :func:`add_one`, and `TypeError`."""
        return add_one(self.workspace, required_source(source))

    def add_draft(self, work_id: str, source: PictureSource) -> DraftResult:
        """Add one picture that led to a work; see :func:`add_draft`, and `TypeError`."""
        return add_draft(self.workspace, work_id, required_source(source))

    def works(self) -> list[WorkResult]:
        """List all works with their marks, oldest first."""
        with self.workspace.open_store() as store:
            return [work_result(store, work) for work in store.works()]

    def page(self, after: str, limit: int) -> list[WorkResult]:
        """List some works with their marks, oldest first, from behind a work on.

        An empty `after` begins with the oldest; `PortfolioError` when that work is unknown.
        """
        with self.workspace.open_store() as store:
            works = list(store.works())
            first = works.index(find_work(store, after)) + 1 if after else 0
            return [work_result(store, work) for work in works[first : first + limit]]

    def show(self, work_id: str) -> WorkResult:
        """Show one work; its id may be cut short as long as it is the only one."""
        with self.workspace.open_store() as store:
            return examined_result(store, find_work(store, work_id), work_id)

    def rename(self, work_id: str, title: str) -> WorkResult:
        """Call one work by a title; an empty one takes it away. `ValueError` when it is none."""
        with self.workspace.open_store() as store:
            work = find_work(store, work_id)
            if title := title.strip():
                store.titles.record(Title(work.work_id, title, utc_now()))
            else:
                store.titles.drop(work.work_id)
            return work_result(store, work, work_id)

    def remove(self, work_id: str) -> WorkResult:
        """Forget one work and its marks, and say which it was."""
        with self.workspace.open_store() as store:
            gone = work_result(store, find_work(store, work_id), work_id)
            store.remove(find_work(store, work_id).work_id)
            return gone

    def take_out(self, work_id: str) -> Removed:
        """Forget one work and its marks, and give what puts them back as long as it is kept."""
        with self.workspace.open_store() as store:
            return store.remove(find_work(store, work_id).work_id)

    def put_back(self, removed: Removed) -> None:
        """Bring a work back as it was when it was taken out."""
        with self.workspace.open_store(create=True) as store:
            store.put_back(removed)

    def stats(self) -> Stats:
        """Count works, marks and recipients."""
        with self.workspace.open_store() as store:
            return store.stats()

    def export(self, path: StrPath, *, overwrite: bool = False) -> int:
        """Write everything but the secret key to one file, and count the works.

        The file is private: it holds small renditions of art without its invisible mark.
        """
        with self.workspace.open_store() as store:
            return export_entries(store, Path(path), overwrite=overwrite)

    def merge(self, path: StrPath, *, on_refused: Callable[[str], None] | None = None) -> int:
        """Take over an exported file as what it claims, and count its works.

        What was registered here stays as it is. Every description is compared with its picture.
        The first work that is damaged or false is an error, and nothing is taken over; with
        `on_refused` that is told of each such work, and the others are taken over.
        """
        home = self.workspace.home
        key = home.load_key() if home.key_file.exists() else None
        with self.workspace.open_store(create=True) as store:
            return import_entries(
                store,
                Path(path),
                verify=lambda entry: require_honest(entry, key),
                verify_draft=require_honest_draft,
                on_refused=on_refused,
            )

    def journal(self) -> list[JournalRow]:
        """List what happened, one chain after the other."""
        with self.workspace.open_store() as store:
            chains = [store.journal.rows(head.chain_id) for head in store.journal.chains()]
            return [row for rows in chains for row in rows]

    def damage(self) -> list[Damage]:
        """Look at everything that is stored, and list what is not as it was stored."""
        with self.workspace.open_store() as store:
            return list(store.damage())

    def back_up(self, path: StrPath | None = None) -> Path:
        """Copy the portfolio as of one moment to a new file, by default in a folder ``backups``.

        That lies beside the portfolio's file, or in the home folder where it is on a server.
        `OutputExistsError` when the file exists. The copy is private: it holds renditions of
        art without its invisible mark.
        """
        with self.workspace.open_store() as store:
            target = self.workspace.backup_place() if path is None else Path(path)
            store.back_up(target)
        return target

    def repair(self, sources: Sequence[StrPath]) -> list[Damage]:
        """Mend what is damaged from backups, exports or original pictures; see :func:`repair`."""
        return repair(self.workspace, [Path(source) for source in sources])


@one_thread()
def add_one(
    workspace: Workspace,
    source: PictureSource,
    name: str = "",
    place: str = "",
    posted: Posted | None = None,
) -> WorkResult:
    """Register one picture without marking it.

    A file that is a protected copy of a registered work is that work, not a new one.

    Parameters
    ----------
    workspace : Workspace
        Whose portfolio; made when missing.
    source : path, bytes, Pillow image, or array
        The original.
    name : str
        What to call it.
    place : str
        Where it lies; by default the path, or what kind of thing it is.
    posted : Posted, optional
        Where and when it was shown, as its creator says.

    Returns
    -------
    WorkResult
        Also of a picture that failed; the error is in it.
    """
    name = name or source_name(source)
    try:
        place = place or source_place(source)
        data = read_bytes(source) if isinstance(source, str | os.PathLike) else source
        with workspace.open_store(create=True) as store:
            if work := _protected_work(store, data):
                if posted:
                    store.postings.record([posting_of(work.work_id, posted)])
                return examined_result(store, work, name)
            return _registered(store, load(data, name, place), posted)
    except Exception as error:  # one bad picture must not stop the others
        return WorkResult(name, error=explain(error))


def _protected_work(store: Store, source: PictureSource) -> Work | None:
    """Find the work of which a file is a protected copy."""
    if not isinstance(source, bytes):
        return None
    for mark in store.marks_of_file(hashlib.sha256(source).hexdigest()):
        return find_work(store, mark.work_id)
    return None


def _registered(store: Store, loaded: Loaded, posted: Posted | None) -> WorkResult:
    """Describe and record a picture."""
    parts = work_parts(loaded.picture)
    entry = describe_work(loaded, small_view(loaded.picture), parts=parts)
    if posted:
        entry = replace(entry, postings=(posting_of(entry.work.work_id, posted),))
    store.record([entry])
    done = examined_result(store, find_work(store, entry.work.work_id), loaded.name)
    return replace(done, warnings=(*done.warnings, *left_out_warnings(parts)))
