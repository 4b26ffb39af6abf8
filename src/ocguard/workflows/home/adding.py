"""Register many pictures, by whoever does the work."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from ocguard.imaging.files import Found, Location
from ocguard.portfolio import Posted
from ocguard.workflows.engine.engine import Engine, WorkerDiedError
from ocguard.workflows.engine.parcel import Parcel
from ocguard.workflows.failures import explain
from ocguard.workflows.home.catalog import add_one
from ocguard.workflows.home.work_result import WorkResult
from ocguard.workflows.home.workspace import Workspace
from ocguard.workflows.sources import source_name

__all__ = ["add_files"]


def add_files(
    workspace: Workspace, found: Found, engine: Engine, posted: Posted | None = None
) -> Iterator[WorkResult]:
    """Register files, several at a time, and give the results in their order, passed over last.

    Parameters
    ----------
    workspace : Workspace
        Whose portfolio; made when missing.
    found : Found
        Pictures, and what is none.
    engine : Engine
        Does it.
    posted : Posted, optional
        Where and when all of them were shown.
    """

    def on_death(path: Location, error: WorkerDiedError) -> WorkResult:
        return WorkResult(source_name(path), error=explain(error))

    yield from engine.map(_adder, _Adding(workspace, posted), found.paths, on_death=on_death)
    for one in found.unread_art:
        yield WorkResult(source_name(one.path), passed_over=one.kind)


@dataclass(frozen=True)
class _Adding:
    """How pictures are registered; travels to workers."""

    workspace: Workspace
    posted: Posted | None = None

    def parcel(self) -> Parcel:
        """Pack it for workers of a cluster; registering needs no key."""
        make = partial(_Adding, posted=self.posted)
        return Parcel(self.workspace.location, str(Path.cwd()), None, make)


def _adder(adding: _Adding) -> Callable[[Location], WorkResult]:
    return lambda path: add_one(adding.workspace, path, posted=adding.posted)
