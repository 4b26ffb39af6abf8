"""Work off a folder as files come: each file that is whole is protected, or checked, once.

What is done is told by the journal. A watcher that dies between a protected file and its line finds
at its next start that the output lies there intact, and only writes the line. Events of the system
make it quick; since they do not come from every kind of folder, it also looks by itself.
"""

from __future__ import annotations

import errno
import hashlib
import os
import shutil
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Final, TypeVar

from ocguard.errors import MissingExtraError, OcguardError
from ocguard.home import Home
from ocguard.imaging.files import Found, Location, PassedOver, find_pictures
from ocguard.language.message import Message, code_of
from ocguard.portfolio import open_store
from ocguard.workflows.check.results import CheckResult
from ocguard.workflows.check.run import check_files, prepare_check
from ocguard.workflows.engine.pool import Jobs, LocalPool
from ocguard.workflows.failures import explain
from ocguard.workflows.home.workspace import Workspace
from ocguard.workflows.protect.job import ProtectJob, ProtectResult
from ocguard.workflows.protect.outputs import Plan, plan_outputs
from ocguard.workflows.protect.run import protect_files
from ocguard.workflows.sources import source_name
from ocguard.workflows.watch.aside import FAILED, move_aside
from ocguard.workflows.watch.journal import Journal
from ocguard.workflows.watch.standing import FileState, Standing, state_of

__all__ = ["RESULTS", "Watch", "check_round", "journal_of", "protect_round", "rounds"]

Result = TypeVar("Result")

RESULTS: Final = "checks.jsonl"
"""Where results of checks are appended, in the folder for outputs."""

LOOK_SECONDS: Final = 10.0
"""How often a folder is looked through when no event comes."""

TICK_SECONDS: Final = 0.5
"""How often it is looked through while files are not done."""

PATIENCE: Final = 5.0
"""How many times longer a file must stand still that cannot be read: a copy may pause."""

ROUND: Final = 100
"""Most files of one round; then the folder is looked through again."""

LEAST_FREE_BYTES: Final = 64 << 20
"""Less room than this on the disk is trouble of the machine, and no file's fault."""


@dataclass
class Watch:
    """A folder that is watched.

    Attributes
    ----------
    inbox : Path
        The folder, absolute.
    out : Path
        Where outputs go; it may lie in the inbox.
    journal : Journal
        What is done.
    settle_seconds : float
        How long a file must stand still to be whole.
    pending : int
        How many files are there that are not done.
    """

    inbox: Path
    out: Path
    journal: Journal
    settle_seconds: float = 2.0
    pending: int = field(default=0, init=False)

    def __post_init__(self) -> None:
        self._standing = Standing(self.settle_seconds)
        self._failed_once: dict[Path, FileState] = {}
        self._named: set[Location] = set()

    @property
    def left_alone(self) -> list[Path]:
        """Folders of the inbox in which nothing is looked for."""
        return [self.inbox / FAILED, self.out]

    def ready(self, found: Sequence[Path]) -> dict[Path, FileState]:
        """Choose the files of one round, of all there are: whole, and not done yet."""
        states = {path: state for path in found if (state := state_of(path)) is not None}
        new = {path: state for path, state in states.items() if (path, state) not in self.journal}
        self.pending = len(new)
        self._standing.see(new, time.time())
        return {path: new[path] for path in self._standing.whole(time.time())[:ROUND]}

    def done(self) -> None:
        """Count one file off."""
        self.pending -= 1

    def is_lost(self, path: Path, state: FileState) -> bool:
        """Tell whether a file that failed is given up: it stands still, and failed before.

        The second try also finds the output of a watcher that died while its processes went on.
        """
        if state_of(path) != state or self._failed_once.get(path) != state:
            self._failed_once[path] = state
            return False
        return self._standing.still_seconds(path, time.time()) >= PATIENCE * self.settle_seconds

    def newly_passed_over(self, found: Sequence[PassedOver]) -> list[PassedOver]:
        """Return art in forms that are not read, each once."""
        new = [one for one in found if one.is_art and one.path not in self._named]
        self._named.update(one.path for one in new)
        return new


def journal_of(home: Home, inbox: Path, out: Path, results: Path | None = None) -> Journal:
    """Return the journal of a folder and its outputs, which lies in the home folder."""
    name = hashlib.sha256(os.fsencode(f"{inbox}\n{out}\n{results}")).hexdigest()[:16]
    return Journal(home.folder / "watch" / f"{name}.jsonl", results)


def protect_round(
    watch: Watch, prepare: Callable[[], ProtectJob], jobs: Jobs
) -> Iterator[ProtectResult]:
    """Protect the files of one round; what failed for good is moved aside.

    Parameters
    ----------
    watch : Watch
        The folder.
    prepare : callable
        Makes the job, anew for every round: the date in a text is the day's.
    jobs : int or "auto"
        Processes.
    """
    job = prepare()
    plan = plan_outputs([watch.inbox], watch.out, job.file_format, watch.left_alone)
    planned = {one.source: one for one in plan.outputs if isinstance(one.source, Path)}
    ready = watch.ready(list(planned))
    paths = {source_name(path): path for path in ready}
    for result in protect_files(job, Plan(tuple(planned[path] for path in ready)), LocalPool(jobs)):
        path = paths[result.input]
        if result.error is None:
            watch.journal.finish(path, ready[path])
            yield result
        elif watch.is_lost(path, ready[path]):
            _require_room(watch, job.location)
            moved = source_name(move_aside(path, watch.inbox, result.error))
            said = Message("{reason}; moved to {place}", reason=result.error, place=moved)
            yield replace(result, error=said.coded(code_of(result.error)))
        else:
            continue
        watch.done()
    for one in watch.newly_passed_over(plan.passed_over):
        name = source_name(one.path)
        yield ProtectResult(name, None, "passed-over", job.recipient, passed_over=one.kind)


def check_round(watch: Watch, workspace: Workspace, jobs: Jobs) -> Iterator[CheckResult]:
    """Check the files of one round, and append the results; finds stay where they are."""
    found = find_pictures([watch.inbox], watch.left_alone)
    by_path = {one.path: one for one in found.pictures}
    ready = watch.ready(found.files)
    paths = {source_name(path): path for path in ready}
    if ready:
        job = prepare_check(workspace)
        for result in check_files(
            job, Found(tuple(by_path[path] for path in ready)), LocalPool(jobs)
        ):
            path = paths[result.input]
            if result.error is None or watch.is_lost(path, ready[path]):
                watch.journal.finish(path, ready[path], result.to_dict())
                watch.done()
                yield result
    for one in watch.newly_passed_over(found.passed_over):
        yield CheckResult(source_name(one.path), passed_over=one.kind)


def rounds(
    watch: Watch,
    work: Callable[[], Iterator[Result]],
    announce: Callable[[str], None],
    *,
    is_once: bool = False,
) -> Iterator[Result]:
    """Do one round after the other, and give the results of all.

    Parameters
    ----------
    watch : Watch
        The folder.
    work : callable
        Does one round.
    announce : callable
        Told what keeps the watcher from its work: a full disk, a locked portfolio. It tries again.
    is_once : bool
        End when everything that is there is done; then trouble ends it too.

    Raises
    ------
    MissingExtraError
        The package that brings events is missing.
    """
    for _ in _times(watch, is_once=is_once):
        try:
            _require_inbox(watch)
            yield from work()
        except (OcguardError, OSError) as error:
            if is_once:
                raise
            announce(explain(error))
            time.sleep(LOOK_SECONDS)


def _times(watch: Watch, *, is_once: bool) -> Iterator[None]:
    """Say when to look: now, at every event, while files are pending, and once in a while."""
    if is_once:
        yield
        while watch.pending:
            time.sleep(TICK_SECONDS)
            yield
        return
    try:
        from watchfiles import watch as events
    except ImportError as error:
        raise MissingExtraError("watched folders", "watch") from error
    yield
    looked = time.monotonic()
    _require_inbox(watch)  # a folder that went since the start has no events
    for has_changed in _ticks(events, watch.inbox):
        if has_changed or watch.pending or time.monotonic() - looked >= LOOK_SECONDS:
            yield
            looked = time.monotonic()


def _ticks(events: Callable[..., Iterable[object]], inbox: Path) -> Iterator[bool]:
    """Say every half second, and at every event, whether something changed in a folder."""
    timeout_ms = round(1000 * TICK_SECONDS)
    while True:
        try:
            for changes in events(
                inbox, rust_timeout=timeout_ms, yield_on_timeout=True, raise_interrupt=True
            ):
                yield bool(changes)
        except RuntimeError:  # a name that is no Unicode, of which events cannot tell
            time.sleep(TICK_SECONDS)
            yield True


def _require_inbox(watch: Watch) -> None:
    """Refuse to look into a folder that was taken away: it would seem empty."""
    if not watch.inbox.is_dir():
        raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT), str(watch.inbox))


def _require_room(watch: Watch, location: str) -> None:
    """Refuse to blame a file for a full disk or a portfolio that cannot be opened."""
    open_store(location, create=True).close()
    watch.out.mkdir(parents=True, exist_ok=True)
    if shutil.disk_usage(watch.out).free < LEAST_FREE_BYTES:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(watch.out))
