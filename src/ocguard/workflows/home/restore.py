"""Bring a portfolio back to what a copy of it holds; what it was is kept as a copy too."""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from ocguard.atomic import draft_folder
from ocguard.errors import PortfolioError
from ocguard.portfolio import (
    HeldByCopy,
    Stats,
    backup_place,
    held_by,
    open_store,
    portfolio_path,
    restore_database,
)
from ocguard.workflows.home.places import free_path
from ocguard.workflows.home.repair import make_readable
from ocguard.workflows.home.workspace import Workspace

__all__ = ["PortfolioCopy", "Restored", "copies_of", "restore"]


@dataclass(frozen=True)
class PortfolioCopy:
    """A copy of a portfolio.

    Attributes
    ----------
    copy_id : str
        Names it: hexadecimal digits.
    path : Path
        Where it lies.
    held : HeldByCopy
        What is in it.
    """

    copy_id: str
    path: Path
    held: HeldByCopy


@dataclass(frozen=True)
class Restored:
    """A portfolio that was brought back.

    Attributes
    ----------
    kept : Path or None
        Where it lies as it was before; None where there was none.
    stats : Stats
        What it holds now.
    """

    kept: Path | None
    stats: Stats


def copies_of(workspace: Workspace, folders: Iterable[Path]) -> list[PortfolioCopy]:
    """List copies of a portfolio, the youngest file first.

    Parameters
    ----------
    workspace : Workspace
        Whose portfolio: copies in ``backups`` beside it are listed too.
    folders : iterable of Path
        Where else to look; they need not be there.
    """
    own = backup_place(portfolio_path(workspace.location)).parent
    files = {path for folder in (own, *folders) for path in folder.glob("*.sqlite3")}
    return [
        PortfolioCopy(hashlib.sha256(str(path).encode()).hexdigest()[:16], path, held)
        for path in sorted(files, key=lambda one: one.stat().st_mtime, reverse=True)
        if (held := held_by(path))
    ]


def restore(workspace: Workspace, copy: Path, *, overwrite: bool) -> Restored:
    """Make a portfolio what a copy of it holds.

    What it was is copied to ``backups`` beside it before; a portfolio that cannot be opened is put
    aside. So nothing is lost, and bringing that copy back undoes it. The journal says that it
    happened.

    Parameters
    ----------
    workspace : Workspace
        Whose portfolio: one in a file.
    copy : Path
        A copy of any layout; it stays as it is.
    overwrite : bool
        Whether a portfolio is exchanged that holds works, or cannot be read.

    Raises
    ------
    PortfolioError
        The copy is damaged, or no copy; the portfolio holds works and must not be exchanged, is
        kept locked, or lies in no file. The portfolio is as it was then.
    OSError
        The disk is full.
    """
    path = portfolio_path(workspace.location)
    if copy.exists() and held_by(copy) is None:
        raise PortfolioError(
            "{path} is no backup of a portfolio, or damaged: 'ocguard portfolio import' reads"
            " exports, and 'ocguard portfolio restore' lists the backups there are",
            path=copy,
        )
    if not overwrite:
        _require_nothing(workspace, path)
    # Opening brings a file to the newest layout: that happens to a draft, not to the copy.
    with draft_folder(path) as folder:
        draft = Path(shutil.copyfile(copy, folder / "draft.sqlite3"))
        with open_store(draft) as store:
            if damage := list(store.damage()):
                raise PortfolioError(
                    "{path} is damaged ({what}): choose another copy, or mend the portfolio with"
                    " 'ocguard portfolio repair'",
                    path=copy,
                    what=damage[0].what,
                )
        kept = make_readable(path, [draft]) if path.exists() else None
        if kept is None and path.exists():
            kept = free_path(backup_place(path, "-before-restore"))
            with workspace.open_store() as store:
                store.back_up(kept)
        with workspace.open_store(create=True) as store:
            restore_database(path, draft)
            stats = store.stats()
            store.journal.note("restored", {"works": stats.works, "marks": stats.marks})
    return Restored(kept, stats)


def _require_nothing(workspace: Workspace, path: Path) -> None:
    """Refuse where a portfolio holds works, or cannot be opened."""
    if not path.exists():
        return
    with suppress(PortfolioError), workspace.open_store() as store:
        if not store.stats().works:
            return
    raise PortfolioError(
        "there is a portfolio already, {path}: --overwrite exchanges it, and copies it before",
        path=path,
    )
