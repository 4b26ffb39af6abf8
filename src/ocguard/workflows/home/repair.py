"""Mend a damaged portfolio from what else there is: backups, exports, the original pictures.

What is whole stays. A portfolio that cannot be opened at all is put aside, never deleted, and the
first backup takes its place.
"""

from __future__ import annotations

import datetime
from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Final

from ocguard.errors import OcguardError, PortfolioError
from ocguard.imaging.files import find_pictures
from ocguard.portfolio import (
    Damage,
    Draft,
    Entry,
    Store,
    credentials_of,
    open_store,
    portfolio_path,
    read_drafts,
    read_entries,
    renditions_of,
    server_address,
    utc_now,
)
from ocguard.workflows.home.claims import require_honest, require_honest_draft
from ocguard.workflows.home.works import describe_work, small_view
from ocguard.workflows.home.workspace import Workspace
from ocguard.workflows.sources import load

__all__ = ["make_readable", "repair"]

_SQLITE: Final = b"SQLite format 3\0"
_ZIP: Final = b"PK\x03\x04"


def repair(workspace: Workspace, sources: Sequence[Path]) -> list[Damage]:
    """Mend what is damaged.

    Parameters
    ----------
    workspace : Workspace
        Whose portfolio.
    sources : sequence of Path
        Backups, exports, original pictures, or folders of these, the best first. Parts out of an
        export are noted as claims.

    Returns
    -------
    list of Damage
        What is still damaged; empty when all is whole.

    Raises
    ------
    PortfolioError
        The portfolio cannot be opened and no backup is among the sources, or a source cannot be
        read.
    """
    if server_address(workspace.location) is None:
        make_readable(portfolio_path(workspace.location), sources)
    with workspace.open_store() as store:
        for source in sources:
            if _begins(source, _SQLITE):
                with open_store(source) as backup:
                    _mend_from_backup(store, backup)
            elif damaged := _damaged_works(store):
                is_export = _begins(source, _ZIP)
                for entry in (_of_export if is_export else _of_originals)(source, damaged):
                    store.mend(entry)
                if is_export:
                    store.drafts.mend(_drafts_of_export(source, damaged))
        return list(store.damage())


def make_readable(path: Path, sources: Sequence[Path]) -> Path | None:
    """Put a portfolio that cannot be opened aside, for the first backup to take its place.

    Parameters
    ----------
    path : Path
        The portfolio.
    sources : sequence of Path
        Among them a backup.

    Returns
    -------
    Path or None
        Where the portfolio was put; None where it could be opened, or was not there.

    Raises
    ------
    PortfolioError
        It cannot be opened and no backup is among the sources.
    """
    try:
        with open_store(path):
            return None
    except PortfolioError:
        backup = next((one for one in sources if _begins(one, _SQLITE)), None)
        if backup is None:
            raise
    aside = None
    with open_store(backup) as store:
        if path.exists():
            now = datetime.datetime.now(datetime.UTC).strftime("%Y%m%dT%H%M%SZ")
            aside = path.rename(path.with_name(f"{path.name}.damaged-{now}"))
        for beside in ("-wal", "-shm"):  # of the file that is gone
            path.with_name(path.name + beside).unlink(missing_ok=True)
        store.back_up(path)
    return aside


def _damaged_works(store: Store) -> set[str]:
    """Name the works of which something is damaged."""
    return {one.work_id for one in store.damage() if one.work_id}


def _mend_from_backup(store: Store, backup: Store) -> None:
    """Mend the journal and works; permissions and cases, too, from a copy that is whole."""
    for head in backup.journal.chains():
        store.mend_journal(list(backup.journal.rows(head.chain_id)))
    lost = list(backup.damage())
    if not lost:
        store.permissions.mend(backup.permissions.all())
        store.cases.mend(backup.cases.all())
    if damaged := sorted(_damaged_works(store) - {one.work_id for one in lost}):
        for entry in _of_backup(backup, damaged):
            store.mend(entry)
        store.drafts.mend(_drafts_of_backup(backup, damaged))


def _of_backup(backup: Store, damaged: Sequence[str]) -> Iterator[Entry]:
    """Read works from a copy."""
    for work_id in damaged:
        for work in backup.works(work_id):
            marks, views = backup.marks(work_id), backup.views(work_id)
            names = renditions_of(work, marks, views)
            renditions = {name: backup.rendition(name) for name in names}
            prints = {one.fingerprint_sha256: backup.fingerprint(one.view_id) for one in views}
            whole = backup.fingerprint(work_id)
            credentials = credentials_of(backup, marks)
            said = backup.postings.of_work(work_id), backup.titles.of_work(work_id)
            yield Entry(work, whole, renditions, marks, views, prints, credentials, *said)


def _drafts_of_backup(backup: Store, damaged: Sequence[str]) -> Iterator[tuple[Draft, bytes]]:
    """Read the drafts of works from a copy."""
    for work_id in damaged:
        for draft in backup.drafts.of_work(work_id):
            yield draft, backup.rendition(draft.reference_sha256)


def _of_export(source: Path, damaged: Collection[str]) -> Iterator[Entry]:
    """Give what an export holds of damaged works, as claims."""
    now = utc_now()
    for entry in read_entries(source, on_refused=lambda _: None):
        if entry.work.work_id in damaged:
            require_honest(entry, None)
            marks = tuple(replace(mark, imported_utc=now) for mark in entry.marks)
            postings = tuple(replace(one, imported_utc=now) for one in entry.postings)
            work = replace(entry.work, imported_utc=now)
            title = entry.title and replace(entry.title, imported_utc=now)
            yield replace(entry, work=work, marks=marks, postings=postings, title=title)


def _drafts_of_export(source: Path, damaged: Collection[str]) -> Iterator[tuple[Draft, bytes]]:
    """Give what an export holds of the drafts of damaged works, as claims."""
    now = utc_now()
    for draft, jpeg in read_drafts(source, verify=require_honest_draft, on_refused=lambda _: None):
        if draft.work_id in damaged:
            yield replace(draft, imported_utc=now), jpeg


def _of_originals(source: Path, damaged: Collection[str]) -> Iterator[Entry]:
    """Describe those of the pictures anew that are damaged works."""
    for found in find_pictures([source]).pictures:
        try:
            loaded = load(found.path, str(found.path))
        except (OcguardError, OSError):
            continue  # some other file of the folder
        if loaded.pixel_sha256[:16] in damaged:
            yield describe_work(loaded, small_view(loaded.picture))


def _begins(path: Path, signature: bytes) -> bool:
    """Tell a kind of file by its first bytes."""
    if not path.is_file():
        return False
    with path.open("rb") as stream:
        return stream.read(len(signature)) == signature
