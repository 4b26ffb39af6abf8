"""What is known about a suspect: the record that a person reads and ``--json`` prints."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any, Literal

from ocguard.matching.decision.outcomes import FINDINGS, VerdictName
from ocguard.portfolio import PermittedThere
from ocguard.workflows.check.candidates import Candidate
from ocguard.workflows.check.mark_search import FoundMark
from ocguard.workflows.check.missing_mark import MissingMark
from ocguard.workflows.failures import Outcome, outcome, with_messages

__all__ = ["CheckResult", "FoundWork", "LearnedEvidence", "Resembling", "Searched"]

MEASURE_DIGITS = 4
"""Decimal places of a measure in JSON."""


@dataclass(frozen=True)
class Resembling:
    """A registered work that is near to a suspect by a learned descriptor.

    Attributes
    ----------
    work_id, source, title : str
        As of a candidate.
    similarity : float
        Cosine of both descriptors, -1 to 1.
    normalized : float or None
        By how much it exceeds that of the creator's other works; None where these are too few.
    """

    work_id: str
    source: str
    title: str | None
    similarity: float
    normalized: float | None


@dataclass(frozen=True)
class LearnedEvidence:
    """What a learned descriptor says; evidence to look at, never a verdict.

    Attributes
    ----------
    descriptor_id, name, license : str
        Which descriptor, and under which license its model is.
    nearest : tuple of Resembling
        Nearest first; all of them were verified like every other candidate.
    is_calibrated : bool
        Whether a calibration lets it count in verdicts; none does yet.
    """

    descriptor_id: str
    name: str
    license: str
    nearest: tuple[Resembling, ...]
    is_calibrated: bool = False


@dataclass(frozen=True)
class FoundWork:
    """A registered work that is in a suspect, and where.

    Attributes
    ----------
    work_id, source, title : str
        As of a candidate.
    verdict : str
        What it is there: a near copy, a likely derivative ...
    reason_code : str
        Why.
    log10_lr : float
        As of a candidate.
    place : (int, int, int, int) or None
        Left, top, width and height in pixels of the suspect, of the work as far as the suspect
        shows it; None where the map between both is not known.
    frame : int
        Which frame or page of the suspect, from 0.
    work_place : (int, int, int, int) or None
        Left, top, width and height, in pixels of the work, of the part of it that the suspect
        agrees with; None where that is the work as a whole.
    work_frame : int
        Which frame or page of the work, from 0.
    """

    work_id: str
    source: str
    title: str | None
    verdict: VerdictName
    reason_code: str
    log10_lr: float
    place: tuple[int, int, int, int] | None
    frame: int
    work_place: tuple[int, int, int, int] | None = None
    work_frame: int = 0


@dataclass(frozen=True)
class Searched:
    """What of a suspect was looked at.

    Attributes
    ----------
    views : int
        Parts that were compared by themselves, beside the whole.
    frames : int
        Distinct frames or pages that were compared; 0 where a fingerprint was all that was.
    left_out : int
        Smaller parts and further frames beyond what is looked at.
    omitted : tuple of {"works", "marks"}
        What was not looked for at all, as somebody asked or for want of a key.
    portfolios : tuple of str
        Paths and URLs of the portfolios that were searched, where it was more than one.
    """

    views: int = 0
    frames: int = 1
    left_out: int = 0
    omitted: tuple[Literal["works", "marks"], ...] = ()
    portfolios: tuple[str, ...] = ()


@dataclass(frozen=True)
class CheckResult:
    """What is known about one suspect.

    Attributes
    ----------
    input : str
        The suspect.
    verdict : str or None
        identical, near-copy, shared-base, likely-derivative, no-match or cannot-tell; None when
        it could not be read.
    work_id : str or None
        The work that the verdict is about.
    portfolio : str or None
        Path or URL of the portfolio that holds it, where more than one was searched.
    is_others : bool
        Whether every work that is in it came in a file and carries marks of other keys alone.
    reason : str
        Why, in a sentence.
    reason_code : str
        The same for programs; empty when it could not be checked.
    reason_values : Mapping of str to number, text or bool
        What the sentence names.
    measures : Mapping of str to number, text or bool
        What was measured of the first candidate; empty without one.
    candidates : tuple of Candidate
        At most five, best first.
    found : tuple of FoundWork
        Every registered work that was found in it, and where; the verdict's own first.
    searched : Searched
        What of it was looked at.
    marks : tuple of FoundMark
        Marks of the creator's key in it.
    missing_mark : MissingMark or None
        A hint that a mark was taken out, or never was in it; only of a near copy without one.
    permitted : PermittedThere or None
        Who may show what was found, where it was found; None where no place was named.
    declared : Mapping[str, object]
        What the file says of itself; see :func:`ocguard.provenance.declared.declared`.
    calibration_id : str or None
        The calibration that gave the likelihood ratios; None when it could not be checked.
    bounds_id : str or None
        The bounds that gave the verdict; None when it could not be checked.
    learned : LearnedEvidence or None
        What the learned descriptor says, where one was asked for.
    error : str or None
        Why it could not be checked.
    passed_over : str or None
        What it is instead of a picture that is read.
    seconds : float
        Time taken.
    id : str, int or None
        What a line of a stream called it.
    """

    input: str
    verdict: VerdictName | None = None
    work_id: str | None = None
    portfolio: str | None = None
    is_others: bool = False
    reason: str = ""
    reason_code: str = ""
    reason_values: Mapping[str, Any] = field(default_factory=dict)
    measures: Mapping[str, Any] = field(default_factory=dict)
    candidates: tuple[Candidate, ...] = ()
    found: tuple[FoundWork, ...] = ()
    searched: Searched = field(default_factory=Searched)
    marks: tuple[FoundMark, ...] = ()
    missing_mark: MissingMark | None = None
    permitted: PermittedThere | None = None
    declared: Mapping[str, Any] = field(default_factory=dict)
    calibration_id: str | None = None
    bounds_id: str | None = None
    learned: LearnedEvidence | None = None
    error: str | None = None
    passed_over: str | None = None
    seconds: float = 0.0
    id: str | int | None = None

    @property
    def works_found(self) -> frozenset[str]:
        """The works that are in it or whose marks are; empty for a mark whose work is not known."""
        marked = {mark.work_id or "" for mark in self.marks if not mark.copied}
        if self.verdict not in FINDINGS or self.is_others:
            return frozenset(marked)
        named = {self.work_id or "", *(one.work_id for one in self.found)}
        return frozenset(named | marked)

    @property
    def is_finding(self) -> bool:
        """Whether a work of the creator's, or a mark of their key, is in it without permission."""
        is_permitted = self.permitted is not None and self.permitted.is_whole
        return bool(self.works_found) and not is_permitted

    @property
    def is_copied(self) -> bool:
        """Whether there are marks of the creator's key, on another picture than their own."""
        return any(mark.copied for mark in self.marks)

    @property
    def status(self) -> Outcome:
        """Whether it was checked: "done", "passed-over" or "failed"."""
        return outcome(self.error, self.passed_over)

    def to_dict(self) -> dict[str, Any]:
        """Give the JSON record ``ocguard.check/2``."""
        record = asdict(self)
        lists = {name: list(record[name]) for name in ("candidates", "found", "marks")}
        record["measures"] = {
            name: round(value, MEASURE_DIGITS) if isinstance(value, float) else value
            for name, value in self.measures.items()
        }
        for one in record["found"]:
            for name in ("place", "work_place"):
                one[name] = one[name] and list(one[name])
        for name in ("omitted", "portfolios"):
            record["searched"][name] = list(record["searched"][name])
        if self.permitted:
            record["permitted"] = {name: list(said) for name, said in record["permitted"].items()}
        if self.learned:
            record["learned"]["nearest"] = list(record["learned"]["nearest"])
        own = {"schema": "ocguard.check/2", "status": self.status, **record, **lists}
        return with_messages(own, self.error)
