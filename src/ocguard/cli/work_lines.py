"""How a registered work is told to a person: on one line, or whole."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ocguard.cli.terminal import count, input_name, note, printable, say

if TYPE_CHECKING:
    from ocguard.portfolio import Draft, Mark, Posting
    from ocguard.workflows.home.catalog import WorkResult

__all__ = ["counted_marks", "show_line", "show_whole"]


def show_line(result: WorkResult) -> None:
    """Print one work on one line, by the name of the file that was added where there is one."""
    size = f"{result.width}x{result.height}"
    marks = counted_marks(result)
    drafts = f" with {count(len(result.drafts), 'draft')}" if result.drafts else ""
    name = input_name(result.input or result.source)
    shown = f", shown {result.postings[0].on_date} as said" if result.postings else ""
    say(f"{result.work_id}  {size:<11} {marks:<9} {name}{drafts}{shown}")
    _note_warnings(result)


def _note_warnings(result: WorkResult) -> None:
    """Print what to know of a work."""
    for warning in result.warnings:
        note(f"note: {printable(result.source)}: {printable(warning)}")


def counted_marks(result: WorkResult) -> str:
    """Count the marks by their ids: the same mark may be issued into many files."""
    return count(len({mark.mark_id for mark in result.marks}), "mark")


def show_whole(result: WorkResult, *, verbose: bool) -> None:
    """Print all about one work."""
    say(f"Work        {result.work_id}")
    say(f"Source      {printable(result.source)}")
    say(f"Size        {result.width} x {result.height}")
    say(f"SHA-256     {result.sha256}")
    say(f"Registered  {_date(result)}")
    if result.trusted_time:
        say(f"Trusted     {result.trusted_time[:19]} UTC, signed by a time stamp authority")
    if result.views:
        frames = len({view.frame for view in result.views} - {0})
        regions = sum(view.frame == 0 for view in result.views)
        say(f"Views       {count(regions, 'part')} and {count(frames, 'further frame')} of it")
    for posting in result.postings:
        say(f"Shown       {posting.on_date} {printable(posting.url)}")
        say(f"            {_said(posting)}")
    for draft in result.drafts:
        frame = f", frame {draft.frame}" if draft.frame else ""
        say(f"Draft       {printable(draft.source)}{frame}")
        say(f"            {draft.verdict}, added {_date(draft)}")
    for name, value in result.hashes.items() if verbose else ():
        say(f"Hash        {name} {value}")
    for mark in result.marks:
        recipient = printable(mark.recipient) if mark.recipient else "the public"
        say(f"Mark        {mark.mark_id} for {recipient}, {_date(mark)}")
        say(f"            {printable(mark.output or 'not written to a file')}")
        if mark.visible and verbose:
            made = ", ".join(f"{name} {value}" for name, value in mark.visible.items())
            say(f"            visible: {printable(made)}")
    _note_warnings(result)


def _said(posting: Posting) -> str:
    """Say whose word a posting is."""
    if posting.imported_utc:
        return f"says a file that was imported {posting.imported_utc[:19]} UTC"
    return f"you say so, since {posting.created_utc[:19]} UTC"


def _date(record: WorkResult | Mark | Draft) -> str:
    """Tell a date, and whether only a file says so."""
    date = f"{record.created_utc[:19]} UTC"
    if not record.imported_utc:
        return date
    return f"{date} says a file that was imported {record.imported_utc[:19]} UTC"
