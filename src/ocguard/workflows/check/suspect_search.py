"""Look for registered works in all of a suspect: the whole, its views, and its other frames.

The whole is looked at first. A long or crowded suspect is then looked at in views (`find_views`),
unless a near copy fills most of it, and an animation or a file of several pages in every distinct
frame. More looks find more coincidences, so their likelihood ratios are divided by the number of
looks.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from ocguard.fingerprint.normalize import Box
from ocguard.imaging.ground import on_showing_ground
from ocguard.imaging.picture import Picture
from ocguard.imaging.pixel_grid import shown_box
from ocguard.imaging.rendition import fitted_size
from ocguard.keys import SecretKey
from ocguard.matching.decision.bounds import load_bounds
from ocguard.matching.decision.outcomes import FINDINGS
from ocguard.matching.decision.verdict import Reason, explains_as_well
from ocguard.matching.identification.comparison import Comparison
from ocguard.matching.identification.identify import (
    Suspect,
    Verdict,
    identify,
    prefer_marked,
)
from ocguard.matching.identification.views import Views, find_views
from ocguard.matching.search.index import Index
from ocguard.portfolio import Reader
from ocguard.watermark.invisible import Codebook, is_long
from ocguard.workflows.check.candidates import NamedWork
from ocguard.workflows.check.mark_search import FoundMark, find_marks
from ocguard.workflows.check.missing_mark import MissingMark, missing_mark
from ocguard.workflows.check.results import FoundWork, Searched
from ocguard.workflows.home.parts import MAX_FRAMES, Part, cut, distinct_frames, overview, panels
from ocguard.workflows.home.work_result import title_of
from ocguard.workflows.home.works import REFERENCE_PX, StoredWorks, small_view

__all__ = ["RANK", "Looks", "SuspectSearch", "found_work", "named_work", "place_of"]

MOST_OF_IT: Final = 0.5
"""Share of a suspect's structure that a near copy must hold so that no more is looked for in it."""

RANK: Final = ("identical", "near-copy", "shared-base", "likely-derivative", "cannot-tell")
"""Verdicts, those first that say more; "no-match" comes after all of them."""


@dataclass(frozen=True)
class Look:
    """One look at a part of a suspect, and what it found.

    Attributes
    ----------
    part : Part
        The part.
    suspect : Suspect
        The part as it was compared.
    verdict : Verdict
        What was found in it.
    marks : tuple of FoundMark
        Marks that were read in it.
    """

    part: Part
    suspect: Suspect
    verdict: Verdict
    marks: tuple[FoundMark, ...]

    @property
    def rank(self) -> tuple[int, float]:
        """What sorts the look that says most to the front; what holds too little says nothing."""
        verdict = self.verdict
        if verdict.verdict not in RANK or verdict.work_id is None:
            return len(RANK), 0.0
        first = verdict.log10_lrs.get(verdict.work_id, 0.0)
        return RANK.index(verdict.verdict), -first


@dataclass(frozen=True)
class Looks:
    """Everything that was found in a suspect.

    Attributes
    ----------
    verdict : Verdict
        Of the look that says most.
    found : tuple of FoundWork
        Every work once, where it was found best; the verdict's own first.
    marks : tuple of FoundMark
        Every mark once.
    searched : Searched
        What was looked at.
    missing_mark : MissingMark or None
        What it may mean that a near copy has no mark.
    """

    verdict: Verdict
    found: tuple[FoundWork, ...]
    marks: tuple[FoundMark, ...]
    searched: Searched
    missing_mark: MissingMark | None


class SuspectSearch:
    """Looks for works and marks in one suspect after the other.

    Parameters
    ----------
    index : Index
        Of the portfolio.
    store : Reader
        The portfolio.
    key : SecretKey or None
        Whose marks are read; None to read none.
    codebook : callable
        Gives all marks issued with the key, when they are needed.
    propose : callable
        Names works to compare a picture with, beside those that the index brings up.
    """

    def __init__(
        self,
        index: Index,
        store: Reader,
        key: SecretKey | None,
        codebook: Callable[[], Codebook],
        propose: Callable[[NDArray[np.uint8]], Sequence[str]],
    ) -> None:
        self._index, self._store, self._key, self._codebook = index, store, key, codebook
        self._propose = propose

    def look(
        self,
        picture: Picture,
        whole: Suspect,
        *,
        identical_to: str | None = None,
        also: Sequence[str] = (),
    ) -> Looks:
        """Look at all of a suspect.

        Parameters
        ----------
        picture : Picture
            The suspect.
        whole : Suspect
            Its first frame, described.
        identical_to, also
            See `identify`.
        """
        verdict = self._identified(whole, 1, identical_to, also)
        first = Look(Part.whole(picture), whole, verdict, ())
        looks = [self._with_panels(self._with_marks(first, is_blind=True), picture)]
        views, frames, searched = self._further(picture, looks[0])
        count = 1 + searched.views + searched.frames
        parts = [*(Part(box) for box in views), *(Part.whole(picture, n) for n in frames)]
        looks += [self._look_at(picture, part, count) for part in parts]
        return self._gathered(looks, searched, picture.size)

    def marks_alone(self, picture: Picture) -> tuple[FoundMark, ...]:
        """Read marks without comparing anything: in the whole, and in the panels of a strip."""
        view = small_view(picture)
        rgb = on_showing_ground(view.rgb, view.alpha)
        return self._marks(rgb, is_blind=True) or self._marks_in_panels(picture)

    def _further(
        self, picture: Picture, first: Look
    ) -> tuple[Sequence[Box], Sequence[int], Searched]:
        """Decide where else to look."""
        distinct = list(distinct_frames(picture))
        frames = distinct[: MAX_FRAMES - 1]
        is_enough = _is_filled(first.verdict)
        views = Views((), 0) if is_enough else find_views(overview(picture), picture.size)
        left_out = views.left_out + len(distinct) - len(frames)
        searched = Searched(
            *(len(views.boxes), 1 + len(frames), left_out),
            omitted=() if self._key else ("marks",),
        )
        return views.boxes, frames, searched

    def _look_at(self, picture: Picture, part: Part, looks: int) -> Look:
        """Compare one part of a suspect by itself."""
        view = small_view(cut(picture, part))
        suspect = Suspect.of(view.rgb, view.alpha)
        verdict = self._identified(suspect, looks)
        return self._with_marks(Look(part, suspect, verdict, ()), is_blind=False)

    def _identified(
        self,
        suspect: Suspect,
        looks: int,
        identical_to: str | None = None,
        also: Sequence[str] = (),
    ) -> Verdict:
        """Compare what one look sees with the works that are proposed."""
        proposed = [one for one in self._propose(suspect.rgb) if one in self._index]
        return identify(
            suspect,
            self._index,
            StoredWorks(self._store),
            identical_to=identical_to,
            also=(*proposed, *also),
            looks=looks,
        )

    def _with_marks(self, look: Look, *, is_blind: bool) -> Look:
        """Read marks in a part, which may tell the works that it could show apart."""
        compared = look.verdict.candidates
        return _marked(look, self._marks(look.suspect.rgb, compared, is_blind=is_blind))

    def _with_panels(self, whole: Look, picture: Picture) -> Look:
        """Read marks in the panels of a long suspect where the whole shows none."""
        return whole if whole.marks else _marked(whole, self._marks_in_panels(picture))

    def _marks_in_panels(self, picture: Picture) -> tuple[FoundMark, ...]:
        """Read marks in the panels of a long suspect, which as a whole is seen too small."""
        if self._key is None or not is_long(picture.size):
            return ()
        for part in panels(picture):
            view = small_view(cut(picture, part))
            rgb = on_showing_ground(view.rgb, view.alpha)
            if marks := self._marks(rgb, is_blind=True):
                return marks
        return ()

    def _marks(
        self, rgb: NDArray[np.uint8], compared: Sequence[Comparison] = (), *, is_blind: bool
    ) -> tuple[FoundMark, ...]:
        """Read marks in one view, with the help of the works that it was compared with."""
        if self._key is None:
            return ()
        codebook = self._codebook if is_blind else None
        return find_marks(rgb, self._key, self._store, codebook, compared)

    def _gathered(self, looks: Sequence[Look], searched: Searched, size: tuple[int, int]) -> Looks:
        """Put what several looks have found together."""
        ordered = sorted(looks, key=lambda look: look.rank)  # the whole first among equals
        best = ordered[0].verdict
        found: dict[str, FoundWork] = {}
        marks: dict[str, FoundMark] = {}
        for look in ordered:
            for one in _named_in(look.verdict):
                found.setdefault(one.work_id, self._found(look, one, size))
            for mark in look.marks:
                marks.setdefault(mark.mark_id, mark)
        if len(found) - 1 > int(best.reason.values.get("other_works", len(found))):
            best = replace(best, reason=_with_others(best.reason, len(found) - 1))
        if best.verdict == "no-match" and searched.left_out:
            best = replace(best, verdict="cannot-tell", reason=_not_all(searched))
        missing = None if marks else self._missing_mark(ordered[0])
        return Looks(best, tuple(found.values()), tuple(marks.values()), searched, missing)

    def _missing_mark(self, look: Look) -> MissingMark | None:
        """Ask what it means that a near copy has no mark."""
        if self._key is None or look.verdict.verdict != "near-copy":
            return None
        return missing_mark(look.suspect.rgb, self._key, self._store, look.verdict.candidates[0])

    def _found(self, look: Look, one: Comparison, size: tuple[int, int]) -> FoundWork:
        """Say which work a look has found, and where in the suspect."""
        part, box = StoredWorks(self._store).part(one.view_id), look.part.box
        scale = box.width / look.suspect.rgb.shape[1]
        place = place_of(one, part.size, scale, (box.left, box.top), size)
        work = named_work(one.work_id, self._store)
        found = found_work(look.verdict, one, work, place, look.part.frame)
        if one.view_id == one.work_id:
            return found
        within = part.box.left, part.box.top, part.box.width, part.box.height
        return replace(found, work_place=within, work_frame=part.frame)


def _marked(look: Look, marks: tuple[FoundMark, ...]) -> Look:
    """Add marks, which may tell the works that a look could show apart."""
    marked = {mark.work_id for mark in marks if mark.work_id and not mark.copied}
    return replace(look, marks=marks, verdict=prefer_marked(look.verdict, marked))


def named_work(work_id: str, store: Reader) -> NamedWork:
    """Look up what a work goes by."""
    source = next((work.source for work in store.works(work_id)), "")
    return NamedWork(work_id, source, title_of(store, work_id))


def _is_filled(verdict: Verdict) -> bool:
    """Tell whether one work is all there is in a suspect, or most of it."""
    if verdict.verdict not in {"identical", "near-copy"} or not verdict.candidates:
        return verdict.verdict == "identical"
    return verdict.candidates[0].measures.suspect_covered_share >= MOST_OF_IT


def found_work(
    verdict: Verdict,
    one: Comparison,
    work: NamedWork,
    place: tuple[int, int, int, int] | None,
    frame: int = 0,
) -> FoundWork:
    """Record that a verdict has found a work."""
    code, ratio = verdict.reason.code, round(verdict.log10_lrs[one.work_id], 2)
    named = work.work_id, work.source, work.title
    return FoundWork(*named, verdict.verdict, code, ratio, place, frame)


def place_of(
    one: Comparison,
    view_size: tuple[int, int],
    scale: float,
    origin: tuple[int, int],
    size: tuple[int, int],
) -> tuple[int, int, int, int] | None:
    """Return the box of a work, or of the view of it that was compared, in a suspect.

    Parameters
    ----------
    one : Comparison
        The work, compared with a part of the suspect.
    view_size : (int, int)
        Width and height of what was compared, in pixels of the original.
    scale : float
        Pixels of the suspect for one of the part as it was compared.
    origin : (int, int)
        Left and top of the part in the suspect.
    size : (int, int)
        Width and height of the suspect.

    Returns
    -------
    (int, int, int, int) or None
        Left, top, width and height, within the suspect; None where no map was found.
    """
    if one.found.method == "none":
        return None
    in_suspect = np.array([[scale, 0, origin[0]], [0, scale, origin[1]], [0, 0, 1]])
    to_suspect = in_suspect @ np.linalg.inv(one.transform)
    return shown_box(to_suspect, fitted_size(view_size, REFERENCE_PX), size)


def _named_in(verdict: Verdict) -> list[Comparison]:
    """Return the works that a verdict names: several where they share a base."""
    if verdict.verdict not in FINDINGS or not verdict.candidates:
        return []
    best, *others = verdict.candidates
    if verdict.verdict != "shared-base":
        return [best]
    return [best, *(one for one in others if explains_as_well(one, best, load_bounds()))]


def _with_others(reason: Reason, others: int) -> Reason:
    """Count the works that other looks have found."""
    return replace(reason, values={**reason.values, "other_works": others})


def _not_all(searched: Searched) -> Reason:
    """Say that something was not looked at."""
    return Reason("not-all-searched", {"left_out": searched.left_out})
