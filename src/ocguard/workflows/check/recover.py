"""Find the Content Credentials of a copy that lost them, by the mark in its pixels.

What a platform strips from a file stays in the portfolio, by the issue of the mark. So a mark that
is read leads back to what the protected file was signed with. The signature binds that file, byte
by byte, and not the copy: a validator says of the copy that its data does not match.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from ocguard.atomic import whole_file
from ocguard.errors import ImageReadError
from ocguard.imaging.files import read_bytes
from ocguard.portfolio import Mark, Store
from ocguard.workflows.check.run import Checker, prepare_check
from ocguard.workflows.home.workspace import Workspace
from ocguard.workflows.sources import source_name

__all__ = ["Recovered", "recover"]


@dataclass(frozen=True)
class Recovered:
    """Credentials that were found again.

    Attributes
    ----------
    mark : Mark
        The issue whose file they were written into.
    manifest : bytes
        The manifest store.
    is_same_file : bool
        Whether the suspect is that very file, so that they hold for it.
    """

    mark: Mark
    manifest: bytes
    is_same_file: bool


def recover(workspace: Workspace, suspect: Path, sidecar: Path) -> Recovered | None:
    """Find the credentials that belong to a suspect, and write them as a file beside it.

    Parameters
    ----------
    workspace : Workspace
        Where the creator works.
    suspect : Path
        The picture.
    sidecar : Path
        New file for the manifest store (``application/c2pa``).

    Returns
    -------
    Recovered or None
        The youngest, where several files carry the same mark. None where no mark of the portfolio
        is read from the picture that shows its work, or where its file was not signed.

    Raises
    ------
    ImageReadError, PortfolioError, ProfileError, OutputExistsError, OSError
        Something cannot be read or written.
    """
    data = read_bytes(suspect)
    with workspace.open_store() as store:
        same = store.marks_of_file(hashlib.sha256(data).hexdigest())
        found = _kept(store, same, is_same_file=True)
        if found is None:
            marks = _read_marks(workspace, data, source_name(suspect))
            issues = [one for mark_id in marks for one in store.marks_with_id(mark_id)]
            found = _kept(store, issues, is_same_file=False)
    if found is not None:
        with whole_file(sidecar) as stream:
            stream.write(found.manifest)
    return found


def _read_marks(workspace: Workspace, data: bytes, name: str) -> Iterator[str]:
    """Read the marks in a picture that lie on the work that they were made for."""
    result = Checker(prepare_check(workspace)[0]).check(data, name)
    if result.error is not None:
        raise ImageReadError(result.error)
    return (one.mark_id for one in result.marks if not one.copied)


def _kept(store: Store, issues: Iterable[Mark], *, is_same_file: bool) -> Recovered | None:
    """Return what is kept of the youngest of some issues that was signed."""
    for mark in sorted(issues, key=lambda one: one.created_utc, reverse=True):
        manifest = store.credentials(mark.issue_id)
        if manifest is not None:
            return Recovered(mark, manifest, is_same_file)
    return None
