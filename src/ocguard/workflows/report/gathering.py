"""Gather what a report shows: check the suspect, lay it on the work, and draw what agrees.

What leaves the house is looked over: names of folders and of recipients stay at home.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from importlib import metadata
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from ocguard.errors import ImageReadError
from ocguard.fingerprint.describe import describe
from ocguard.imaging.rendition import flatten
from ocguard.language.message import Message
from ocguard.matching.decision.bound_words import asked_text
from ocguard.matching.decision.bounds import load_bounds
from ocguard.matching.decision.trace import AskedRule, trace
from ocguard.matching.evidence.measures import Measures
from ocguard.matching.identification.identify import Suspect
from ocguard.portfolio import Mark, Work
from ocguard.report.evidence import Capture, Event, Evidence, Hash, Rule, Shown
from ocguard.report.pictures import fitted_to_page, palette
from ocguard.wording import RULES, ratio_text, verdict_text
from ocguard.workflows.check.results import CheckResult
from ocguard.workflows.check.run import Checker, prepare_check
from ocguard.workflows.home.work_result import work_name
from ocguard.workflows.home.works import small_view
from ocguard.workflows.home.workspace import Identity, Workspace
from ocguard.workflows.report.drawing import Drawn, as_jpegs, draw_on_work
from ocguard.workflows.report.history import history_events, history_files
from ocguard.workflows.sources import Loaded, bare_name, load
from ocguard.workflows.threads import one_thread

__all__ = ["Gathered", "gather"]

DAY_ANYWHERE: Final = datetime.timedelta(hours=36)
"""From the beginning of a day in UTC to its end wherever on earth it ends last."""

Rgb = NDArray[np.uint8]


@dataclass(frozen=True)
class Gathered:
    """What a report shows.

    Attributes
    ----------
    evidence : Evidence
        Its facts.
    pictures : mapping of str to bytes
        Its pictures, JPEG, by what they show.
    files : mapping of str to bytes
        What lies beside it: the record of the work, and proofs of its trusted times.
    works_found : frozenset of str
        See `CheckResult`.
    """

    evidence: Evidence
    pictures: Mapping[str, bytes]
    files: Mapping[str, bytes]
    works_found: frozenset[str]


@one_thread()
def gather(
    workspace: Workspace,
    identity: Identity,
    name: str,
    data: bytes,
    capture: Capture,
    checked: CheckResult | None = None,
) -> Gathered:
    """Check a suspect and gather everything that shows how it relates to a work.

    Parameters
    ----------
    workspace : Workspace
        Where the creator works.
    identity : Identity
        Who they are.
    name : str
        What the suspect's file is called; shown without its folders.
    data : bytes
        The suspect's file.
    capture : Capture
        Where it was found.
    checked : CheckResult, optional
        What the check gave, where it was checked already.

    Raises
    ------
    ImageReadError
        The suspect cannot be read.
    OcguardError
        Portfolio or key cannot be used.
    """
    result = checked or Checker(prepare_check(workspace)).check(data, name)
    if result.error is not None:
        raise ImageReadError(result.error)
    loaded = load(data, name)
    view = small_view(loaded.picture)
    described = describe(view.rgb, view.alpha, with_standard_hashes=True)
    suspect = flatten(view.rgb, view.alpha)
    with workspace.open_store() as store:
        work = next(store.works(result.work_id), None) if result.work_id else None
        drawn = Drawn({"suspect": fitted_to_page(suspect)})
        if work is not None:
            drawn = draw_on_work(loaded, Suspect(described, suspect), result, work, store)
        called = work_name(store, work) if work else ""
        events = tuple(history_events(work, store)) if work else ()
        files = history_files(work, store) if work else {}
        others, marks = (work.hashes, store.marks(work.work_id)) if work else ({}, ())
    evidence = Evidence(
        made=_now(),
        version=metadata.version("ocguard"),
        creator=identity.profile.creator,
        fingerprint=identity.key.signer().identity.fingerprint,
        suspect=_shown(loaded, suspect),
        work=_shown_work(work, drawn.pictures["work"]) if work else None,
        verdict=result.verdict or "",
        verdict_text=verdict_text(result.verdict or "", called),
        reason=result.reason,
        ratio=_ratio(result),
        record=shared_record(result),
        is_mirrored=drawn.is_mirrored,
        is_laid=drawn.is_laid,
        is_outlined=drawn.is_outlined,
        is_cut=drawn.is_cut,
        points=drawn.points,
        capture=capture,
        events=tuple(sorted((*events, *_found(capture)), key=lambda event: event.when)),
        hashes=tuple(_hashes(described.hashes, others)),
        rules=tuple(_rules(result)),
        is_saved_too_early=_is_too_early(capture, result, marks),
    )
    return Gathered(evidence, as_jpegs(drawn).pictures, files, result.works_found)


def shared_record(result: CheckResult) -> dict[str, Any]:
    """Return the JSON record of a check without names of folders, recipients and permissions."""
    record = result.to_dict()
    record["input"] = bare_name(result.input)
    record["permitted"] = None
    for one in (*record["candidates"], *record["found"]):
        one["source"] = bare_name(one["source"])
    for one in record["learned"]["nearest"] if record["learned"] else ():
        one["source"] = bare_name(one["source"])
    for mark in record["marks"]:
        mark["recipient"] = None
    return record


def _shown(loaded: Loaded, rgb: Rgb) -> Shown:
    picture = loaded.picture
    return Shown(
        bare_name(loaded.name),
        picture.carried.file_format,
        len(loaded.data),
        *picture.size,
        loaded.file_sha256,
        loaded.pixel_sha256,
        palette(rgb),
    )


def _shown_work(work: Work, rgb: Rgb) -> Shown:
    size = work.width, work.height
    digests = work.file_sha256, work.pixel_sha256
    return Shown(bare_name(work.source), "", None, *size, *digests, palette(rgb))


def _ratio(result: CheckResult) -> str:
    """Say how sure a finding is; nothing of equal pixels, or where nothing was found."""
    is_sure = result.verdict in {"near-copy", "shared-base", "likely-derivative"}
    return ratio_text(result.candidates[0].log10_lr) if is_sure and result.candidates else ""


def _found(capture: Capture) -> Iterator[Event]:
    """Yield when the suspect was saved, and when the report was made."""
    if capture.captured:
        yield Event(capture.captured, Message("The picture in question was saved."), "claimed")
    yield Event(_now(), Message("This report was made."), "recorded")


def _is_too_early(capture: Capture, result: CheckResult, marks: Iterable[Mark]) -> bool:
    """Tell whether a suspect is said to be saved before a mark that was read in it was made."""
    if not capture.captured:
        return False
    day, _, time = capture.captured.removesuffix(" UTC").partition(" ")
    saved = datetime.datetime.fromisoformat(f"{day}T{time or '00:00'}+00:00")
    latest = saved + (datetime.timedelta(minutes=1) if time else DAY_ANYWHERE)
    read = {mark["mark_id"] for mark in shared_record(result)["marks"]}
    made = (one.created_utc for one in marks if one.mark_id in read)
    return any(latest <= datetime.datetime.fromisoformat(utc) for utc in made)


def _now() -> str:
    return datetime.datetime.now(datetime.UTC).strftime("%Y-%m-%d %H:%M UTC")


def _hashes(suspect: Mapping[str, str], work: Mapping[str, str]) -> Iterator[Hash]:
    """Pair the hashes of both pictures; several rows of bits in one text have no one distance."""
    for name in sorted(suspect.keys() & work.keys()):
        ours, theirs = suspect[name], work[name]
        is_row = len(ours) == len(theirs) and ours.isalnum() and theirs.isalnum()
        apart = (int(ours, 16) ^ int(theirs, 16)).bit_count() if is_row else None
        yield Hash(name, ours, theirs, apart, 4 * len(ours) if is_row else None)


def _rules(result: CheckResult) -> Iterator[Rule]:
    """Yield the rules that were asked about the first candidate; equal pixels need none."""
    if not result.candidates or result.verdict == "identical":
        return
    best = result.candidates[0]
    for asked in trace(best.log10_lr, Measures(**result.measures), load_bounds()):
        yield _rule(asked)


def _rule(asked: AskedRule) -> Rule:
    name = Message(RULES[asked.name])
    if asked.decisive is None:
        return Rule(name, asked.is_met, "", Message("where none of the others holds"))
    bound = asked.decisive.bound
    limit = asked_text(bound)
    return Rule(name, asked.is_met, f"{asked.decisive.measured:.3g}", limit)
