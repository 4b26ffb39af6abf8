"""``ocguard watch``: protect what is dropped into a folder, or check it."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from ocguard.cli.batch import report
from ocguard.cli.check import show as show_check
from ocguard.cli.options import NamedPath, Number, exit_zero_option, jobs_option, json_option
from ocguard.cli.protect import prepared_job, said_options
from ocguard.cli.protect import show as show_protected
from ocguard.cli.protect_choices import watch_choices
from ocguard.cli.session import Session
from ocguard.cli.terminal import complain, note, said

if TYPE_CHECKING:
    from ocguard.workflows.engine.pool import Jobs
    from ocguard.workflows.watch.run import Watch

__all__ = ["command"]

_FOLDER = NamedPath(file_okay=False, path_type=Path)
_INBOX = click.Path(file_okay=False, exists=True, path_type=Path)


@click.command("watch", short_help="Protect what is dropped into a folder, or check it.")
@click.argument("inbox", type=_INBOX)
@click.option("--out", type=_FOLDER, required=True, metavar="DIR",
              help="Folder for the outputs; mirrors the tree.")  # fmt: skip
@click.option("--check", "is_check", is_flag=True,
              help="Check finds instead, and append results to checks.jsonl in --out.")  # fmt: skip
@click.option("--once", "is_once", is_flag=True, help="Work off what is there, and end.")
@click.option("--settle", type=Number(0, 3600), default=2.0, show_default=True,
              metavar="SECONDS", help="How long a file must stand still to be whole.")  # fmt: skip
@watch_choices
@jobs_option
@json_option
@exit_zero_option
@click.pass_obj
def command(
    session: Session,
    /,
    *,
    inbox: Path,
    out: Path,
    is_check: bool,
    is_once: bool,
    settle: float,
    jobs: Jobs,
    as_json: bool,
    exit_zero: bool,
    **choices: Any,
) -> int:
    """Protect every picture that is dropped into INBOX, each once, until it is stopped.

    What was dropped while nobody watched is worked off first. Pictures stay in INBOX; one that
    cannot be protected is moved to INBOX/failed, with the reason beside it. SIGTERM or Ctrl-C lets
    what is at work be finished.
    """
    from ocguard.workflows.watch.run import Watch, journal_of, rounds

    if os.path.realpath(inbox) == os.path.realpath(out):
        raise click.UsageError(
            said("{folder} is the input itself; choose another --out", folder=out)
        )
    inbox, out = inbox.absolute(), out.absolute()
    home = session.workspace().home
    verbose = session.verbose
    if is_check:
        watch = Watch(inbox, out, journal_of(home, inbox, out, _results(out)), settle)
        work: Callable[[], Iterator[Any]] = _checking(session, watch, jobs)
        show: Callable[[Any], None] = partial(show_check, verbose=verbose, explain=False)
    else:
        watch = Watch(inbox, out, journal_of(home, inbox, out), settle)
        work = _protecting(session, watch, jobs, choices)
        show = partial(show_protected, verbose=verbose)
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    results = _told(rounds(watch, work, complain, is_once=is_once))
    if not is_once:
        note("Watching {folder}; end it with Ctrl-C.", folder=inbox)
        results = _until_stopped(results)
    tally = report(
        results, 1, show, as_json=as_json, is_finding=lambda one: is_check and one.is_finding
    )
    return tally.exit_code(exit_zero=exit_zero) if is_once else 0


def _results(out: Path) -> Path:
    from ocguard.workflows.watch.run import RESULTS

    return out / RESULTS


def _checking(session: Session, watch: Watch, jobs: Jobs) -> Callable[[], Iterator[Any]]:
    """Return what checks the files of one round, once there is a portfolio to check against."""
    from ocguard.workflows.watch.run import check_round

    session.workspace().open_store().close()
    return partial(check_round, watch, session.workspace(), jobs)


def _protecting(
    session: Session, watch: Watch, jobs: Jobs, choices: dict[str, Any]
) -> Callable[[], Iterator[Any]]:
    """Return what protects the files of one round, once all choices are checked."""
    from ocguard.workflows.watch.run import protect_round

    prepare = partial(prepared_job, session, said_options(choices))
    prepare()
    return partial(protect_round, watch, prepare, jobs)


def _told(results: Iterator[Any]) -> Iterator[Any]:
    """Name art that is not read as it comes."""
    for result in results:
        if result.status == "passed-over":
            note("passed over: {name}: it is {kind}", name=result.input, kind=result.passed_over)
        yield result


def _until_stopped(results: Iterator[Any]) -> Iterator[Any]:
    """End where somebody stops the watcher: that is how it ends."""
    try:
        yield from results
    except KeyboardInterrupt:
        note("stopped; nothing is half done")
