"""Gather what a report shows: check the suspect, lay it on the work, and draw what agrees.

What leaves the house is looked over: names of folders and of recipients stay at home.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from importlib import metadata
from typing import Any, Final

import cv2
import numpy as np
from numpy.typing import NDArray

from ocguard.errors import ImageReadError
from ocguard.fingerprint.describe import describe
from ocguard.fingerprint.normalize import Box
from ocguard.imaging.files import encode_picture
from ocguard.imaging.picture import Picture
from ocguard.imaging.rendition import flatten
from ocguard.language.message import Message
from ocguard.matching.decision.bounds import load_bounds
from ocguard.matching.decision.trace import AskedRule, trace
from ocguard.matching.evidence.measures import Measures
from ocguard.matching.identification.comparison import Comparison
from ocguard.matching.identification.identify import Suspect, compare_all
from ocguard.matching.identification.repaint import repaints_of
from ocguard.portfolio import Store, Work
from ocguard.report.evidence import Capture, Event, Evidence, Hash, Rule, Shown
from ocguard.report.pictures import (
    difference_map,
    fitted_to_page,
    laid_on,
    matched_points,
    outlined,
    palette,
)
from ocguard.wording import RULES, ratio_text, verdict_text
from ocguard.workflows.check.results import CheckResult
from ocguard.workflows.check.run import Checker, prepare_check
from ocguard.workflows.home.parts import Part, cut
from ocguard.workflows.home.work_result import work_name
from ocguard.workflows.home.works import StoredWorks, small_view
from ocguard.workflows.home.workspace import Identity, Workspace
from ocguard.workflows.report.history import history_events, history_files
from ocguard.workflows.sources import Loaded, bare_name, load
from ocguard.workflows.threads import one_thread

__all__ = ["Gathered", "gather"]

SIGNS: Final = {"at least": "≥", "above": ">", "at most": "≤", "below": "<"}
"""How a bound's direction is written, in every language."""

JPEG_QUALITY: Final = 85
"""Of the pictures on the page."""

SURROUNDING: Final = 0.1
"""Of the place of a work in a crowded suspect, what is taken along around it, in its own sides."""

BORDER: Final = 0.02
"""Share of a picture's side in which an outline would say nothing."""

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
        drawn = _Drawn({"suspect": fitted_to_page(suspect)})
        if work is not None:
            drawn = _drawn(loaded, Suspect(described, suspect), result, work, store)
        called = work_name(store, work) if work else ""
        events = tuple(history_events(work, store)) if work else ()
        files = history_files(work, store) if work else {}
        others = work.hashes if work else {}
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
        is_laid="laid" in drawn.pictures,
        is_outlined=drawn.is_outlined,
        points=drawn.points,
        capture=capture,
        events=tuple(sorted((*events, *_found(capture)), key=lambda event: event.when)),
        hashes=tuple(_hashes(described.hashes, others)),
        rules=tuple(_rules(result)),
    )
    pictures = {key: _jpeg(rgb) for key, rgb in drawn.pictures.items()}
    return Gathered(evidence, pictures, files, result.works_found)


@dataclass(frozen=True)
class _Drawn:
    """Pictures of a report before they are encoded."""

    pictures: Mapping[str, Rgb]
    points: int = 0
    is_mirrored: bool = False
    is_outlined: bool = False


def _drawn(
    loaded: Loaded, suspect: Suspect, result: CheckResult, work: Work, store: Store
) -> _Drawn:
    """Lay the suspect, or the part of it that shows the work, on the work, and draw what agrees."""
    works = StoredWorks(store)
    suspect = _looked_at(loaded, suspect, result)
    views = (work.work_id, *(view.view_id for view in store.views(work.work_id)))
    (one,) = compare_all(suspect, views, works, 1)
    if result.reason_code == "repaint":
        repaints = repaints_of(suspect.fingerprint, suspect.rgb, views, works, 1)
        one = repaints.get(work.work_id, one)
    reference = works.reference(one.view_id)
    pictures = {"suspect": fitted_to_page(suspect.rgb), "work": fitted_to_page(reference)}
    if one.found.method == "none":
        return _Drawn(pictures)
    height, width = reference.shape[:2]
    laid, reached = laid_on(suspect.rgb, one.transform, (width, height))
    corners = np.array([[(0, 0), (width, 0), (width, height), (0, height)]], np.float64)
    place = cv2.perspectiveTransform(corners, np.linalg.inv(one.transform))[0]
    is_outlined = _is_inside(place, suspect.rgb)
    if is_outlined:
        pictures["suspect"] = fitted_to_page(outlined(suspect.rgb, place))
    pictures["laid"] = fitted_to_page(laid)
    pictures["difference"] = fitted_to_page(difference_map(reference, laid, reached))
    places, points = _points(one)
    if len(points):
        pictures["points"] = matched_points(suspect.rgb, reference, places, points)
    return _Drawn(pictures, len(points), one.found.is_mirrored, is_outlined)


def _is_inside(place: NDArray[np.float64], rgb: Rgb) -> bool:
    """Tell whether an outline lies within a picture, and not at its border."""
    size = np.array(rgb.shape[1::-1])
    inside = (place > BORDER * size) & (place < (1 - BORDER) * size)
    return bool(inside.all(axis=1).any())


def _looked_at(loaded: Loaded, suspect: Suspect, result: CheckResult) -> Suspect:
    """Return the part of a crowded suspect, or the frame of an animation, that shows the work."""
    found = next((one for one in result.found if one.work_id == result.work_id), None)
    if found is None or found.place is None or not (result.searched.views or found.frame):
        return suspect
    left, top, width, height = found.place
    across, down = round(width * SURROUNDING), round(height * SURROUNDING)
    box = Box(max(0, left - across), max(0, top - down), left + width + across, top + height + down)
    view = small_view(cut(loaded.picture, Part(box, found.frame)))
    return Suspect.of(view.rgb, view.alpha)


def _points(one: Comparison) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Return where agreeing details lie in the suspect and in the work; none without keypoints."""
    if one.found.correspondence is None or one.found.method != "keypoints":
        return np.empty((0, 2), np.float32), np.empty((0, 2), np.float32)
    return one.found.places, one.found.correspondence.reference_points


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
    """Yield the rules that were asked about the first candidate."""
    if not result.candidates:
        return
    best = result.candidates[0]
    for asked in trace(best.log10_lr, Measures(**result.measures), load_bounds()):
        yield _rule(asked)


def _rule(asked: AskedRule) -> Rule:
    name = Message(RULES[asked.name])
    if asked.decisive is None:
        return Rule(name, asked.is_met, "", Message("where none of the others holds"))
    bound = asked.decisive.bound
    limit = f"{bound.measure} {SIGNS[bound.direction]} {bound.value:g}"
    return Rule(name, asked.is_met, f"{asked.decisive.measured:.3g}", limit)


def _jpeg(rgb: Rgb) -> bytes:
    return encode_picture(Picture.from_array(np.ascontiguousarray(rgb)), "jpeg", JPEG_QUALITY).data
