"""Find the Content Credentials of a copy that lost them, by the mark in its pixels.

What a platform strips from a file stays in the portfolio, by the issue of the mark. So a mark that
is read leads back to what the protected file was signed with. Where a copy is too small or too
coarse for that, the work is still recognized, and leads to the files that were made of it. The
signature binds such a file, byte by byte, and not the copy: a validator says of the copy that its
data does not match.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal

from ocguard.atomic import whole_file
from ocguard.errors import ImageReadError
from ocguard.imaging.files import read_bytes
from ocguard.portfolio import Mark, Store, credentials_of
from ocguard.workflows.check.results import CheckResult
from ocguard.workflows.check.run import Checker, prepare_check
from ocguard.workflows.home.workspace import Workspace
from ocguard.workflows.sources import source_name

__all__ = ["Recovered", "recover"]

Trace = Literal["file", "mark", "picture"]

_SHOW_A_WORK: Final = ("identical", "near-copy", "likely-derivative")
"""Verdicts that lead to one work: a small and coarse copy may pass for a repaint of it."""


@dataclass(frozen=True)
class Recovered:
    """Credentials that were found again.

    Attributes
    ----------
    mark : Mark
        The issue whose file they were written into.
    manifest : bytes
        The manifest store.
    by : {"file", "mark", "picture"}
        What led to them: the suspect is that very file, so that they hold for it; your mark in its
        pixels; or the work alone, which it shows.
    verdict : str
        What the check says of suspect and work, where nothing but the work led to them; else empty.
    others : int
        How many more signed files there are that it may have been made from as well.
    """

    mark: Mark
    manifest: bytes
    by: Trace
    verdict: str
    others: int


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
        Of several that may be meant: what was signed here goes before what an imported file claims,
        a file for everybody before one for somebody, the youngest before others. None where neither
        a mark nor a work of the portfolio is in the picture, or no file of it was signed.

    Raises
    ------
    ImageReadError, PortfolioError, ProfileError, OutputExistsError, OSError
        Something cannot be read or written.
    """
    data = read_bytes(suspect)
    with workspace.open_store() as store:
        same = store.marks_of_file(hashlib.sha256(data).hexdigest())
        found = _kept(store, same, "file") or _found(
            store, _checked(workspace, data, source_name(suspect))
        )
    if found is not None:
        with whole_file(sidecar) as stream:
            stream.write(found.manifest)
    return found


def _checked(workspace: Workspace, data: bytes, name: str) -> CheckResult:
    """Look for marks and works in a picture."""
    result = Checker(prepare_check(workspace)).check(data, name)
    if result.error is not None:
        raise ImageReadError(result.error)
    return result


def _found(store: Store, result: CheckResult) -> Recovered | None:
    """Follow the marks that lie on the work they were made for, else the works themselves."""
    for mark_id in dict.fromkeys(one.mark_id for one in result.marks if not one.copied):
        if kept := _kept(store, store.marks_with_id(mark_id), "mark"):
            return kept
    for one in result.found:
        if one.verdict in _SHOW_A_WORK and (
            kept := _kept(store, store.marks(one.work_id), "picture", one.verdict)
        ):
            return kept
    return None


def _kept(store: Store, issues: Iterable[Mark], by: Trace, verdict: str = "") -> Recovered | None:
    """Return what is kept of some issues."""
    known = {issue.issue_id: issue for issue in issues}
    manifests = credentials_of(store, known.values())
    if not manifests:
        return None
    signed = (known[issue_id] for issue_id in manifests)
    mark = max(signed, key=lambda one: (not one.imported_utc, not one.recipient, one.created_utc))
    return Recovered(mark, manifests[mark.issue_id], by, verdict, len(manifests) - 1)
