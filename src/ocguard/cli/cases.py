"""``ocguard cases``: copies that were found, and what became of them."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from ocguard.choices import CASE_OUTCOMES, CASE_STATES, CaseOutcome, CaseState
from ocguard.cli.options import json_option, wrong_usage
from ocguard.cli.permit import permission_lines
from ocguard.cli.session import Session
from ocguard.cli.terminal import emit, note, printable, said, say, say_line, status_word
from ocguard.cli.width import padded
from ocguard.cli.work_lines import say_row
from ocguard.language.catalogs import phrase
from ocguard.language.message import Message, in_context
from ocguard.wording import platform_word

if TYPE_CHECKING:
    from ocguard.portfolio import Case

__all__ = ["command"]

_FILE: Final = click.Path(path_type=Path, dir_okay=False)

_STATES: Final = {
    "open": in_context("case", "open"),
    "sent": in_context("case", "sent"),
    "answered": in_context("case", "answered"),
    "closed": in_context("case", "closed"),
    "overdue": in_context("case", "overdue"),
    "removed": in_context("case", "removed"),
    "permitted": in_context("case", "permitted"),
    "not-mine": in_context("case", "not-mine"),
    "refused": in_context("case", "refused"),
    "dropped": in_context("case", "dropped"),
}
"""States and outcomes, as records name them."""


@click.group("cases")
def command() -> None:
    """Copies that were found, and what became of them."""


@command.command("open", short_help="Open a case about a suspect or a report.")
@click.argument("found", metavar="SUSPECT|REPORT", type=click.Path(path_type=Path, exists=True))
@click.option("--url", metavar="URL", default="", help="Address of the page where it was found.")
@click.option("--account", metavar="NAME", default="", help="Who shows it; best as x:name.")
@click.option("--note", "text", metavar="TEXT", default="", help="Anything to remember.")
@click.pass_obj
def open_(session: Session, /, found: Path, url: str, account: str, text: str) -> None:
    """Open a case about SUSPECT, a picture, which is checked; or about REPORT, a report's folder.

    Where a case about the same file at the same place is open, that one goes on. Cases stay in this
    portfolio: exports do not carry them, backups do.
    """
    from ocguard.workflows.cases.opening import open_case
    from ocguard.workflows.report.captures import capture_of

    with wrong_usage():
        capture = capture_of(url, account, note=text)
    opened = open_case(session.workspace(), found, capture)
    _tell(said("opened") if opened.is_new else said("goes on"), opened.case)
    if opened.case.verdict == "no-match":
        note("None of your works was found in it. Look at both before you write to anybody.")
    for line in permission_lines(opened.permitted):
        note(line)


@command.command("list")
@click.option("--state", type=click.Choice(CASE_STATES), help="Only those in this state.")
@json_option
@click.pass_obj
def list_(session: Session, /, state: CaseState | None, as_json: bool) -> None:
    """List cases, the oldest first."""
    from ocguard.workflows.cases.book import list_cases

    for case in list_cases(session.workspace(), state):
        if as_json:
            emit(case.to_dict())
        else:
            say_line(_line(case))


@command.command("show", short_help="Show one case.")
@click.argument("case")
@json_option
@click.pass_obj
def show(session: Session, /, case: str, as_json: bool) -> None:
    """Show one case; CASE is its id, or the beginning of it."""
    from ocguard.workflows.cases.book import find_case

    found = find_case(session.workspace(), case)
    if as_json:
        emit(found.to_dict())
    else:
        _show(found)


@command.command("note", short_help="Add a note to a case.")
@click.argument("case")
@click.argument("text")
@click.pass_obj
def note_(session: Session, /, case: str, text: str) -> None:
    """Add TEXT to the notes of CASE."""
    from ocguard.workflows.cases import book

    _tell(said("noted"), book.note(session.workspace(), case, text))


@command.command("sent", short_help="Write down that a notice was sent.")
@click.argument("case")
@click.option(
    "--on", metavar="DATE", default=None, help="The day, as 2026-05-01  [default: today]."
)
@click.option("--to", metavar="NAME", default="", help="To whom, such as the platform's name.")
@click.option("--deadline", metavar="DATE", default="", help="Until when you await an answer.")
@click.pass_obj
def sent(session: Session, /, case: str, on: str | None, to: str, deadline: str) -> None:
    """Write down that you sent a notice about CASE. ocguard sends nothing."""
    from ocguard.workflows.cases import book

    workspace = session.workspace()
    with wrong_usage():
        changed = book.sent(workspace, case, on or _today(), to, deadline)
    _tell(said("written down as sent"), changed)


@command.command("answered", short_help="Write down what was answered.")
@click.argument("case")
@click.argument("answer")
@click.option(
    "--on", metavar="DATE", default=None, help="The day, as 2026-05-01  [default: today]."
)
@click.pass_obj
def answered(session: Session, /, case: str, answer: str, on: str | None) -> None:
    """Write down ANSWER, what was answered to the notice about CASE."""
    from ocguard.workflows.cases import book

    workspace = session.workspace()
    with wrong_usage():
        changed = book.answered(workspace, case, on or _today(), answer)
    _tell(said("written down as answered"), changed)


@command.command("close", short_help="Write down how a case ended.")
@click.argument("case")
@click.option("--as", "outcome", type=click.Choice(CASE_OUTCOMES), required=True, help="How.")
@click.option("--note", "text", metavar="TEXT", default="", help="Anything to remember.")
@click.pass_obj
def close(session: Session, /, case: str, outcome: CaseOutcome, text: str) -> None:
    """Write down how CASE ended; a later 'sent' or 'answered' opens it again.

    The copy was removed; it is permitted; it is not yours (not-mine); removing it was refused; or
    you let it be (dropped).
    """
    from ocguard.workflows.cases import book

    closed = book.close(session.workspace(), case, outcome, text)
    _tell(said("written down as closed"), closed)


@command.command("export", short_help="Write all cases to FILE, a table (CSV).")
@click.argument("file", type=_FILE)
@click.option("--overwrite", is_flag=True, help="Exchange an existing FILE.")
@click.pass_obj
def export(session: Session, /, file: Path, overwrite: bool) -> None:
    """Write all cases to FILE, a table (CSV) that spreadsheet programs open.

    What strangers wrote runs nothing there: a cell that begins like a formula gets an apostrophe.
    """
    from ocguard.workflows.cases.book import list_cases
    from ocguard.workflows.cases.table import write_table

    cases = list_cases(session.workspace())
    write_table(cases, file, overwrite=overwrite)
    say(
        Message.counted(
            "{number} case written to {path}",
            "{number} cases written to {path}",
            len(cases),
            path=file,
        )
    )


def _tell(became: str, case: Case) -> None:
    """Say what became of a case."""
    say_line(f"{became}  {_line(case)}")


def _today() -> str:
    from ocguard.portfolio import today

    return today()


def _line(case: Case) -> str:
    """Tell a case on one line."""
    state = case.outcome or ("overdue" if case.is_overdue(_today()) else case.state)
    where = printable(case.url or case.account or case.suspect)
    columns = f"{padded(_state_word(state), 9)} {padded(status_word(case.verdict), 17)}"
    return f"{case.case_id}  {columns} {where}"


def _state_word(state: str) -> str:
    """Say a state or an outcome in the chosen language."""
    return phrase(_STATES[state], "case")


def _show(case: Case) -> None:
    """Print all about a case."""
    ended = said("{state}: {outcome}", state=_state_word(case.state),
                 outcome=_state_word(case.outcome) if case.outcome else "")  # fmt: skip
    overdue = said("{day}, overdue", day=case.deadline)
    rows = {
        said("Case"): case.case_id,
        said("State"): ended if case.outcome else _state_word(case.state),
        said("Verdict"): status_word(case.verdict),
        said("Work"): case.work_id,
        said("Suspect"): case.suspect,
        "SHA-256": case.suspect_sha256,
        said("Address"): case.url,
        said("Account"): case.account,
        said("Report"): case.report,
        said("Sent"): f"{case.sent_on} {printable(platform_word(case.sent_to))}".strip(),
        said("Deadline"): overdue if case.is_overdue(_today()) else case.deadline,
        said("Answered"): f"{case.answered_on} {case.answer}".strip(),
        said("Opened"): f"{case.created_utc[:19]} UTC",
    }
    for name, text in rows.items():
        if text:
            say_row(name, printable(text))
    for line in case.local_notes:
        say_row(said("Note"), printable(line))
