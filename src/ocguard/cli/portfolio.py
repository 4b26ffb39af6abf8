"""``ocguard portfolio``: the registered works."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from ocguard.cli.batch import report
from ocguard.cli.copying import copy, spread
from ocguard.cli.engine import engine_options
from ocguard.cli.export import export
from ocguard.cli.journal import journal
from ocguard.cli.options import (
    found_pictures,
    input_bytes,
    json_option,
    pictures_argument,
    wrong_usage,
)
from ocguard.cli.permit import permit, permitted, withdraw
from ocguard.cli.restore import restore
from ocguard.cli.session import SOME_FAILED, Session
from ocguard.cli.terminal import (
    complain,
    emit,
    input_name,
    note,
    printable,
    said,
    say,
    say_line,
    status_word,
)
from ocguard.cli.width import padded
from ocguard.cli.work_lines import (
    drafts_of,
    issued_times,
    marks_of,
    say_row,
    show_line,
    show_whole,
    tell_damage,
)
from ocguard.language.message import Message, translatable

if TYPE_CHECKING:
    from ocguard.imaging.files import Location, PassedOver
    from ocguard.portfolio import Posted
    from ocguard.workflows.engine.engine import Engine
    from ocguard.workflows.home.catalog import Portfolio
    from ocguard.workflows.home.drafts import DraftResult

__all__ = ["command"]

_FILE = click.Path(path_type=Path, dir_okay=False)


@click.group("portfolio")
def command() -> None:
    """The works that are registered, and the marks issued for them."""


@command.command("add")
@pictures_argument
@click.option("--draft-of", metavar="WORK", help="Add what led to this work, and register nothing.")
@click.option(
    "--posted", metavar="URL", help="Also write down where they were first shown, with --on."
)
@click.option("--on", "on_date", metavar="DATE", help="The day of --posted, as 2026-05-01.")
@engine_options
@json_option
@click.pass_obj
def add(
    session: Session,
    /,
    paths: tuple[Location, ...],
    draft_of: str | None,
    posted: str | None,
    on_date: str | None,
    engine: Engine,
    as_json: bool,
) -> int:
    """Register works without marking them.

    PATH is a picture, or a folder with all its subfolders; '-' alone is standard input. With
    --draft-of they are no works of their own but what led to one: sketches, line art, layered
    files, recordings of the drawing as animations. WORK is its id, or the beginning of it.

    With --posted and --on it is written down where and when they were first shown, also of works
    that are registered already. That is your word: it is shown as a claim everywhere.
    """
    shown = _posted(posted, on_date)
    if draft_of is not None:
        if shown:
            raise click.UsageError(said("--posted is for works: leave --draft-of out"))
        return _add_drafts(session, draft_of, paths, engine, as_json=as_json)
    from ocguard.workflows.home.adding import add_files
    from ocguard.workflows.home.catalog import add_one

    workspace = session.workspace()
    passed_over: Sequence[PassedOver] = ()
    if (data := input_bytes(paths)) is not None:
        results, total = iter([add_one(workspace, data, "-", posted=shown)]), 1
    else:
        found = found_pictures(paths)
        passed_over = found.passed_over
        results, total = add_files(workspace, found, engine, shown), len(found.pictures)
    tally = report(
        results, total, show_line, places=paths, passed_over=passed_over, as_json=as_json
    )
    return tally.exit_code()


def _posted(url: str | None, on_date: str | None) -> Posted | None:
    """Read what the person says of where and when works were shown."""
    from ocguard.workflows.home.postings import posted_on

    if (url is None) is not (on_date is None):
        raise click.UsageError(said("--posted URL and --on DATE go together"))
    with wrong_usage():
        return posted_on(url, on_date) if url is not None and on_date is not None else None


def _add_drafts(
    session: Session, work: str, paths: tuple[Location, ...], engine: Engine, *, as_json: bool
) -> int:
    """Add what led to a work."""
    from ocguard.workflows.home.drafts import add_draft, add_drafts

    workspace = session.workspace()
    passed_over: Sequence[PassedOver] = ()
    if (data := input_bytes(paths)) is not None:
        results, total = iter([add_draft(workspace, work, data, "-")]), 1
    else:
        found = found_pictures(paths)
        passed_over = found.passed_over
        results, total = add_drafts(workspace, work, found, engine), len(found.pictures)
    tally = report(
        results, total, _show_drafts, places=paths, passed_over=passed_over, as_json=as_json
    )
    return tally.exit_code()


def _show_drafts(result: DraftResult) -> None:
    """Print what was added for one file."""
    frames = len(result.drafts)
    what = said("draft") if frames == 1 else said("{frames} frames", frames=frames)
    verdicts = " ".join(sorted({status_word(draft.verdict) for draft in result.drafts}))
    columns = f"{padded(what, 11)} {padded(verdicts, 18)}"
    say_line(f"{result.work_id}  {columns} {input_name(result.input)}")


@command.command("list")
@json_option
@click.pass_obj
def list_(session: Session, /, as_json: bool) -> None:
    """List the registered works, oldest first."""
    for work in session.open_portfolio().works():
        if as_json:
            emit(work.to_dict())
        else:
            show_line(work)


@command.command("show", short_help="Show one work with its marks.")
@click.argument("work")
@json_option
@click.pass_obj
def show(session: Session, /, work: str, as_json: bool) -> None:
    """Show one work with its marks; WORK is its id, or the beginning of it."""
    found = session.open_portfolio().show(work)
    if as_json:
        emit(found.to_dict())
    else:
        show_whole(found, verbose=session.verbose)


@command.command("take-back", short_help="Take back that a work was shown somewhere.")
@click.argument("work")
@click.argument("url")
@json_option
@click.pass_obj
def take_back(session: Session, /, work: str, url: str, as_json: bool) -> None:
    """Take back that WORK was shown at URL, where --posted was wrong.

    WORK is its id, or the beginning of it. The journal keeps that it was said, and that it was
    taken back.
    """
    from ocguard.workflows.home import postings

    gone = postings.take_back(session.workspace(), work, url)
    if as_json:
        emit(session.open_portfolio().show(gone.work_id).to_dict())
    else:
        say("taken back: shown {day} at {url}", day=gone.on_date, url=gone.url)


@command.command("rename", short_help="Give one work a title.")
@click.argument("work")
@click.argument("title")
@json_option
@click.pass_obj
def rename(session: Session, /, work: str, title: str, as_json: bool) -> None:
    """Call WORK by TITLE in lists, on the page and in verdicts.

    WORK is its id, or the beginning of it; it stays, and no file is renamed. An empty TITLE ('')
    takes the title away: the work is called by the name of its file again.
    """
    with wrong_usage():
        named = session.open_portfolio().rename(work, title)
    if as_json:
        emit(named.to_dict())
    else:
        say("{work_id} is called {name}", work_id=named.work_id, name=named.name)


@command.command("remove", short_help="Forget one work and its marks.")
@click.argument("work")
@click.pass_obj
def remove(session: Session, /, work: str) -> None:
    """Forget one work with its marks and drafts; WORK is its id, or the beginning of it.

    Files stay where they are. Copies of the work are no longer recognized, and its marks no longer
    lead to it.
    """
    gone = session.open_portfolio().remove(work)
    with_marks = translatable("removed {work_id} with {marks}: {source}")
    with_drafts = translatable("removed {work_id} with {marks} and {drafts}: {source}")
    say(
        with_drafts if gone.drafts else with_marks,
        work_id=gone.work_id,
        marks=marks_of(gone),
        drafts=drafts_of(gone),
        source=gone.title or gone.source,
    )


for _more in (copy, export, journal, permit, permitted, restore, spread, withdraw):
    command.add_command(_more)


@command.command("stats")
@click.option(
    "--variants", is_flag=True, help="Also list works that share a picture or a part of one."
)
@click.pass_obj
def stats(session: Session, /, *, variants: bool) -> None:
    """Say how much is registered, and what works have in common.

    With --variants every work is compared with those that resemble it, which takes about half a
    second a work. A suspect that shows only what several works share is not pinned on one of them.
    """
    portfolio = session.open_portfolio()
    held = portfolio.stats()
    say_row(said("Portfolio"), printable(portfolio.location))
    works, imported = held.works, held.imported
    of_files = said("{works}, {imported} of them known from imported files alone",
                    works=works, imported=imported)  # fmt: skip
    say_row(said("Works"), of_files if imported else str(works))
    say_row(said("Marks"), said(issued_times(held.marks, held.recipients)))
    say_row(said("Size"), f"{held.size_bytes / 2**20:.1f} MiB")
    if variants:
        _show_common_parts(session, portfolio)
    elif held.works > 1:
        note("note: --variants lists works that have something in common")


@command.command("import", short_help="Take over all works and marks of FILE.")
@click.argument("file", type=_FILE)
@click.pass_obj
def import_(session: Session, /, file: Path) -> int:
    """Take over all works and marks of FILE; what is known already stays.

    What FILE says is kept as a claim, its dates too. Of a damaged FILE all is taken that is whole.
    """
    refused: list[str] = []
    works = session.open_portfolio().merge(file, on_refused=refused.append)
    for sentence in refused:
        complain(sentence)
    say(
        Message.counted(
            "{number} work read from {path}", "{number} works read from {path}", works, path=file
        )
    )
    return SOME_FAILED if refused else 0


@command.command("check", short_help="See whether everything is as it was stored.")
@click.pass_obj
def check(session: Session, /) -> int:
    """See whether everything is as it was stored, and name the works that are damaged.

    The exit code is 0 when all is whole, 1 when damage was found, and 4 when the portfolio cannot
    be read.
    """
    return tell_damage(session.open_portfolio().damage())


@command.command("backup", short_help="Copy the portfolio, also while it is used.")
@click.argument("file", type=_FILE, required=False)
@click.pass_obj
def backup(session: Session, /, file: Path | None) -> None:
    """Copy the portfolio to FILE, also while it is used; the key is not in it.

    Without FILE the copy goes to the folder 'backups' beside the portfolio.
    """
    say("copied to {path}", path=session.open_portfolio().back_up(file))
    note("It holds small pictures of your art without the invisible mark: keep it private.")


@command.command("repair", short_help="Mend what is damaged from copies or original pictures.")
@click.argument("sources", type=click.Path(path_type=Path, exists=True), nargs=-1, required=True)
@click.pass_obj
def repair(session: Session, /, sources: tuple[Path, ...]) -> int:
    """Mend what is damaged; what is whole stays.

    SOURCES are backups, exports, original pictures, or folders of these pictures, the best first.
    A portfolio that cannot be opened is put aside, and the first backup takes its place.
    """
    return tell_damage(session.open_portfolio().repair(sources))


def _show_common_parts(session: Session, portfolio: Portfolio) -> None:
    """Print every pair of works that have something in common on one line."""
    from ocguard.workflows.home.common_parts import find_common_parts

    pair = None
    names = {work.work_id: work.name for work in portfolio.works()}
    for pair in find_common_parts(session.workspace()):
        first, second = (
            f"{work_id} ({printable(names.get(work_id, ''))})"
            for work_id in (pair.work_id, pair.other_id)
        )
        share = said("{first} and {second}: {percent:.0f} % of the area",
                     first=first, second=second, percent=100 * pair.common_area)  # fmt: skip
        say_row(said("Variants") if pair.is_variant else said("Common part"), share)
    if pair is None:
        say_row(said("In common"), said("nothing"))
