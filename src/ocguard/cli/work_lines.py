"""How a registered work, or what is damaged, is told to a person."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from ocguard.cli.session import FINDING
from ocguard.cli.terminal import input_name, note, printable, said, say, say_line, status_word
from ocguard.cli.width import padded
from ocguard.language.message import Message

if TYPE_CHECKING:
    from ocguard.portfolio import Damage, Draft, Mark, Posting
    from ocguard.workflows.home.work_result import WorkResult

__all__ = [
    "drafts_of",
    "issued_times",
    "marks_of",
    "say_row",
    "show_line",
    "show_whole",
    "tell_damage",
]


def show_line(result: WorkResult) -> None:
    """Print one work on one line, by the name of the file that was added where there is one."""
    size = f"{result.width}x{result.height}"
    marks = printable(marks_of(result))
    name = input_name(result.input or result.title or result.source)
    if result.drafts:
        name = said("{name} with {drafts}", name=name, drafts=drafts_of(result))
    if result.postings:
        name = said("{name}, shown {day} as said", name=name, day=result.postings[0].on_date)
    say_line(f"{result.work_id}  {size:<11} {padded(marks, 9)} {name}")
    _note_warnings(result)


def _note_warnings(result: WorkResult) -> None:
    """Print what to know of a work."""
    name = input_name(result.input or result.title or result.source)
    for warning in result.warnings:
        note("note: {name}: {warning}", name=name, warning=warning)


def marks_of(result: WorkResult) -> Message:
    """Count the marks by their ids: the same mark may be issued into many files."""
    number = len({mark.mark_id for mark in result.marks})
    return Message.counted("{number} mark", "{number} marks", number)


def drafts_of(result: WorkResult) -> Message:
    """Count the drafts."""
    return Message.counted("{number} draft", "{number} drafts", len(result.drafts))


def issued_times(marks: int, recipients: int) -> Message:
    """Say how often marks were issued, and to how many."""
    times = Message.counted("{number} time", "{number} times", marks)
    people = Message.counted("{number} recipient", "{number} recipients", recipients)
    return Message(
        "issued {times}, to {recipients} beside the public", times=times, recipients=people
    )


def say_row(name: str, text: str) -> None:
    """Print a fact behind its name; a fact without one belongs to the line above."""
    say_line(f"{padded(name, 11)} {text}")


def show_whole(result: WorkResult, *, verbose: bool) -> None:
    """Print all about one work."""
    say_row(said("Work"), printable(result.work_id))
    if result.title:
        say_row(said("Title"), printable(result.title))
    say_row(said("Source"), printable(result.source))
    say_row(said("Size"), f"{result.width} x {result.height}")
    say_row("SHA-256", printable(result.sha256))
    say_row(said("Registered"), _date(result))
    if result.trusted_time:
        at = result.trusted_time[:19]
        say_row(
            said("Trusted"),
            said("{time} UTC, known by a time stamp authority or a Bitcoin block", time=at),
        )
    if result.views:
        say_row(said("Views"), said(_views(result)))
    for posting in result.postings:
        say_row(said("Shown"), f"{posting.on_date} {printable(posting.url)}")
        say_row("", said(_word_on(posting)))
    for draft in result.drafts:
        of_frame = said("{source}, frame {frame}", source=draft.source, frame=draft.frame)
        say_row(said("Draft"), of_frame if draft.frame else printable(draft.source))
        verdict, date = status_word(draft.verdict), _date(draft)
        say_row("", said("{verdict}, added {date}", verdict=verdict, date=date))
    for name, value in result.hashes.items() if verbose else ():
        say_row(said("Hash"), f"{name} {value}")
    for mark in result.marks:
        recipient = mark.recipient or Message("the public")
        about = {"mark_id": mark.mark_id, "recipient": recipient, "date": _date(mark)}
        say_row(said("Mark"), said("{mark_id} for {recipient}, {date}", **about))
        say_row("", printable(mark.output or Message("not written to a file")))
        if mark.visible and verbose:
            made = ", ".join(f"{name} {value}" for name, value in mark.visible.items())
            say_row("", said("visible: {look}", look=made))
    _note_warnings(result)


def _views(result: WorkResult) -> Message:
    """Count the parts and frames of a work that are recognized by themselves."""
    parts = sum(view.frame == 0 for view in result.views)
    frames = len({view.frame for view in result.views} - {0})
    return Message(
        "{parts} and {frames} of it",
        parts=Message.counted("{number} part", "{number} parts", parts),
        frames=Message.counted("{number} further frame", "{number} further frames", frames),
    )


def _word_on(posting: Posting) -> Message:
    """Say whose word a posting is."""
    if posting.imported_utc:
        imported = f"{posting.imported_utc[:19]} UTC"
        return Message("says a file that was imported {imported}", imported=imported)
    return Message("you say so, since {since}", since=f"{posting.created_utc[:19]} UTC")


def _date(record: WorkResult | Mark | Draft) -> str:
    """Tell a date, and whether only a file says so."""
    date = f"{record.created_utc[:19]} UTC"
    if not record.imported_utc:
        return date
    imported = f"{record.imported_utc[:19]} UTC"
    return said("{date} says a file that was imported {imported}", date=date, imported=imported)


def tell_damage(damage: Sequence[Damage]) -> int:
    """Name what is damaged and what to do, and give the exit code."""
    for one in damage:
        of_work = Message("work {work_id}: {what}", work_id=one.work_id, what=one.what)
        say_row(said("damaged"), printable(of_work if one.work_id else one.what))
    if not damage:
        say("The portfolio is whole.")
        return 0
    note(
        "To mend it: 'ocguard portfolio repair SOURCES' with a backup, an export, or the original"
        " pictures of these works."
    )
    return FINDING
