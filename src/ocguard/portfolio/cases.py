"""Copies that were found, and what became of each: whom a notice went to, and what was answered.

A case is what its creator writes down. It changes no verdict, and it stays in this portfolio:
exports do not carry it.
"""

from __future__ import annotations

import re
from dataclasses import asdict, dataclass, replace
from typing import Any, Final, Literal, Self

from ocguard.choices import CASE_OUTCOMES, CASE_STATES, CaseOutcome, CaseState
from ocguard.language.message import Message
from ocguard.portfolio.case_notes import local_day, noted_line, noted_text, told, written_line
from ocguard.portfolio.postings import require_day
from ocguard.portfolio.values import ID, SHA256, UTC, require, require_texts

__all__ = ["Case"]

MAX_NOTES_CHARACTERS: Final = 100_000

_ID_OR_NONE: Final = re.compile(rf"(?:{ID.pattern})?")
_WORD: Final = re.compile(r"[a-z-]{1,40}")


@dataclass(frozen=True)
class Case:
    """A copy that was found, and what became of it.

    Attributes
    ----------
    case_id : str
        Names it: 16 random hexadecimal digits.
    work_id : str
        The work that is in it; empty where the check named none.
    suspect, suspect_sha256 : str
        Path of its file, and the file's digest.
    verdict : str
        What the check said.
    url, account : str
        Where it was found and who showed it, as its finder says; may be empty.
    report : str
        Folder of the report about it; empty without one.
    state : {"open", "sent", "answered", "closed"}
        What happened last.
    sent_on, sent_to, deadline : str
        When a notice was sent, to whom, and until when an answer is awaited; empty before.
    answered_on, answer : str
        When it was answered, and how; empty before.
    outcome : {"", "removed", "permitted", "not-mine", "refused", "dropped"}
        How it ended; empty before.
    notes : str
        Everything that was noted, a line each, with its time before it; see :attr:`told_notes`.
    created_utc, changed_utc : str
        When it was opened, and when it was changed last.

    Raises
    ------
    ValueError
        A value cannot be one of a case.
    """

    case_id: str
    work_id: str
    suspect: str
    suspect_sha256: str
    verdict: str
    url: str
    account: str
    report: str
    created_utc: str
    changed_utc: str
    state: CaseState = "open"
    sent_on: str = ""
    sent_to: str = ""
    deadline: str = ""
    answered_on: str = ""
    answer: str = ""
    outcome: CaseOutcome | Literal[""] = ""
    notes: str = ""

    def __post_init__(self) -> None:
        require(ID, "case_id", self.case_id)
        require(_ID_OR_NONE, "work_id", self.work_id)
        require(SHA256, "suspect_sha256", self.suspect_sha256)
        require(_WORD, "verdict", self.verdict)
        require(UTC, "created_utc", self.created_utc)
        require(UTC, "changed_utc", self.changed_utc)
        if self.state not in CASE_STATES or self.outcome not in ("", *CASE_OUTCOMES):
            raise ValueError(
                Message(
                    "no case is {state!r:.80} or ends as {outcome!r:.80}",
                    state=self.state,
                    outcome=self.outcome,
                )
            )
        for day in (self.sent_on, self.deadline, self.answered_on):
            if day:
                require_day(day)
        if self.sent_on and self.deadline and self.deadline < self.sent_on:
            raise ValueError(
                Message(
                    "the deadline {deadline} lies before {sent_on}",
                    deadline=self.deadline,
                    sent_on=self.sent_on,
                )
            )
        names = "suspect", "url", "account", "report", "sent_to", "answer"
        require_texts({name: getattr(self, name) for name in names})
        if not isinstance(self.notes, str) or len(self.notes) > MAX_NOTES_CHARACTERS:
            raise ValueError(
                Message(
                    "the notes of a case have at most {limit} characters",
                    limit=MAX_NOTES_CHARACTERS,
                )
            )

    def noted(self, text: str, now: str) -> Self:
        """Return it with a further line of notes, dated by `now`, UTC."""
        return self._with_line(noted_line(now, text), now)

    @property
    def told_notes(self) -> tuple[Message, ...]:
        """The lines of the notes with their UTC days, as they can be said in every language."""
        return tuple(map(told, self._lines))

    @property
    def local_notes(self) -> tuple[Message, ...]:
        """The same with the days of this computer's clock, each once, for whoever reads here."""
        return tuple(told(line, local_day, is_for_screen=True) for line in self._lines)

    @property
    def table_notes(self) -> tuple[Message, ...]:
        """The same as a table says it, whose times are UTC."""
        return tuple(told(line, is_for_screen=True) for line in self._lines)

    @property
    def noted_texts(self) -> tuple[str, ...]:
        """What persons noted, without the times."""
        return tuple(text for text in map(noted_text, self._lines) if text)

    @property
    def _lines(self) -> list[str]:
        return self.notes.split("\n") if self.notes else []

    def sent(self, on: str, to: str, deadline: str, now: str) -> Self:
        """Return it after a notice was sent; an earlier one stays in the notes.

        Parameters
        ----------
        on : str
            The day.
        to : str
            To whom, such as the name of a platform; may be empty.
        deadline : str
            Until when an answer is awaited; empty without one.
        now : str
            When that is written down, UTC.
        """
        sentence = f"sent{'-to' if to else ''}{'-until' if deadline else ''}"
        line = written_line(now, sentence, on=on, to=to, deadline=deadline)
        known = replace(self, state="sent", sent_on=on, sent_to=to, deadline=deadline, outcome="")
        return known._with_line(line, now)

    def answered(self, on: str, answer: str, now: str) -> Self:
        """Return it after an answer came on a day; an earlier one stays in the notes."""
        known = replace(self, state="answered", answered_on=on, answer=answer, outcome="")
        line = written_line(now, "answered", on=on, answer=answer)
        return known._with_line(line, now)

    def closed(self, outcome: CaseOutcome, now: str) -> Self:
        """Return it after it ended in some way."""
        line = written_line(now, outcome)
        return replace(self, state="closed", outcome=outcome)._with_line(line, now)

    def is_overdue(self, day: str) -> bool:
        """Tell whether an answer was awaited until a day before this one, ``2026-05-01``."""
        return self.state == "sent" and bool(self.deadline) and self.deadline < day

    def to_dict(self) -> dict[str, Any]:
        """Give the JSON record ``ocguard.case/1``."""
        details = [one.to_dict() for one in self.told_notes]
        for one in details:
            del one["code"]  # none of them is an error
        notes = {"notes": list(map(str, self.told_notes)), "note_details": details}
        return {"schema": "ocguard.case/1", **asdict(self), **notes}

    def _with_line(self, line: str, now: str) -> Self:
        """Return it with a further line of notes."""
        return replace(self, notes=f"{self.notes}\n{line}".lstrip("\n"), changed_utc=now)
