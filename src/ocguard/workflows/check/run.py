"""Check suspects: is it a near-copy of a registered work, whose mark is in it, what it says."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Callable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, field, replace
from functools import cached_property, partial
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ocguard.errors import PortfolioError
from ocguard.imaging.files import Found, Location
from ocguard.keys import SecretKey
from ocguard.matching.decision.verdict import Reason
from ocguard.matching.identification.identify import Suspect, Verdict
from ocguard.matching.search.index import Index
from ocguard.matching.search.learned import LookAlike
from ocguard.portfolio import JoinedReader, Place, Reader, Store
from ocguard.provenance.declared import declared
from ocguard.watermark.invisible import Codebook
from ocguard.wording import reason_text
from ocguard.workflows.check.candidates import candidate_of
from ocguard.workflows.check.first_sight import looks_like_a_work, thrown_out
from ocguard.workflows.check.mark_search import FoundMark
from ocguard.workflows.check.options import USUAL, CheckOptions
from ocguard.workflows.check.ready_works import ReadyWorks, ready_works
from ocguard.workflows.check.results import CheckResult, LearnedEvidence, Resembling, Searched
from ocguard.workflows.check.same_work import same_work
from ocguard.workflows.check.suspect_search import SuspectSearch, named_work
from ocguard.workflows.engine.engine import Engine, WorkerDiedError
from ocguard.workflows.engine.parcel import Parcel
from ocguard.workflows.failures import explain
from ocguard.workflows.home.permissions import all_permitted, permitted_at
from ocguard.workflows.home.works import in_own_pixels, known_marks, small_view
from ocguard.workflows.home.workspace import Workspace
from ocguard.workflows.sources import Loaded, PictureSource, load, source_name
from ocguard.workflows.threads import one_thread

__all__ = [
    "CheckJob",
    "Checker",
    "check_files",
    "measures_shown",
    "prepare_check",
]


@dataclass(frozen=True)
class CheckJob:
    """Everything that checking one suspect after the other needs; travels to workers.

    Attributes
    ----------
    workspace : Workspace
        Where the creator works.
    secret : bytes
        The creator's key; empty to read no marks.
    works : ReadyWorks or None
        What suspects are compared with; None where marks alone are read.
    options : CheckOptions
        What was chosen.
    """

    workspace: Workspace
    secret: bytes = field(repr=False)
    works: ReadyWorks | None
    options: CheckOptions = USUAL

    @property
    def portfolios(self) -> tuple[Workspace, ...]:
        """All portfolios that are searched, each once, as the workspaces that they are of."""
        return self.workspace.and_others(self.options.also)

    def parcel(self) -> Parcel:
        """Pack it for workers of a cluster, who have key and index in their own home."""
        key_id = SecretKey.from_bytes(self.secret).key_id if self.secret else ""
        make = partial(prepare_check, options=self.options)
        return Parcel(self.workspace.location, str(Path.cwd()), key_id, make)


@one_thread()
def prepare_check(
    workspace: Workspace,
    options: CheckOptions = USUAL,
    announce: Callable[[int], None] = lambda _: None,
    announce_learned: Callable[[int], None] = lambda _: None,
) -> CheckJob:
    """Open the portfolio, bring its index up to date, and load the key if there is one.

    Where marks alone are read, there is nothing to bring up to date.

    Parameters
    ----------
    workspace : Workspace
        Where the creator works.
    options : CheckOptions
        What was chosen.
    announce : callable
        Told how many works have to be indexed first, before that begins; called once at most.
    announce_learned : callable
        Told how many works the chosen descriptor has to see first, before that begins.

    Raises
    ------
    PortfolioError
        There is no portfolio at one of the places, or it cannot be read.
    ProfileError
        There is a key, but it cannot be used; or there is none, and marks alone are wanted.
    DescriptorError, MissingExtraError
        The descriptor cannot be used.
    """
    works = None
    if options.only != "marks":
        portfolios = workspace.and_others(options.also)
        works = ready_works(portfolios, announce, options.descriptor, announce_learned)
    has_key = workspace.home.key_file.exists() or options.only == "marks"
    secret = workspace.home.load_key().to_bytes() if has_key else b""
    return CheckJob(workspace, secret, works, options)


def check_files(job: CheckJob, found: Found, engine: Engine) -> Iterator[CheckResult]:
    """Check files, several at a time, and give the results in their order, passed over last."""

    def on_death(path: Location, error: WorkerDiedError) -> CheckResult:
        return CheckResult(source_name(path), error=explain(error))

    yield from engine.map(_checker, job, found.paths, on_death=on_death)
    for one in found.unread_art:
        yield CheckResult(source_name(one.path), passed_over=one.kind)


def _checker(job: CheckJob) -> Callable[[Location], CheckResult]:
    return Checker(job).check


class Checker:
    """Checks one suspect after the other against one state of a portfolio.

    Parameters
    ----------
    job : CheckJob
        From :func:`prepare_check`.
    """

    def __init__(self, job: CheckJob) -> None:
        self._job = job
        self._key = SecretKey.from_bytes(job.secret) if job.secret else None

    @one_thread()
    def check(
        self, source: PictureSource, name: str = "", place: Place | None = None
    ) -> CheckResult:
        """Check one suspect; the result of one that failed holds the error.

        Parameters
        ----------
        source : path, bytes, Pillow image, or array
            The suspect.
        name : str
            What to call it.
        place : Place, optional
            Where it was found; by default where the job says.
        """
        start = time.perf_counter()
        name = name or source_name(source)
        try:
            with self._opened() as stores:
                reader, loaded = JoinedReader(stores), load(source, name)
                result = self._placed(self._checked(loaded, reader), reader)
                result = _permitted(result, stores, reader, place or self._job.options.place)
                _note(stores, reader, loaded, result)
        except Exception as error:  # one bad picture must not stop the others
            result = CheckResult(name, error=explain(error))
        return replace(result, seconds=round(time.perf_counter() - start, 3))

    @contextlib.contextmanager
    def _opened(self) -> Iterator[list[Store]]:
        """Open all portfolios: one that cannot be searched is an error, never passed over."""
        with contextlib.ExitStack() as stack:
            yield [stack.enter_context(one.open_store()) for one in self._job.portfolios]

    def _placed(self, result: CheckResult, reader: JoinedReader) -> CheckResult:
        """Of several portfolios, say which were searched, and which one holds the work."""
        names = tuple(one.location for one in self._job.portfolios)
        if len(names) == 1:
            return result
        holder = names[reader.holder(result.work_id)] if result.work_id else None
        return replace(
            result, searched=replace(result.searched, portfolios=names), portfolio=holder
        )

    @cached_property
    def _index(self) -> Index:
        """All works that can be compared; opened when it is first needed."""
        return self._job.works.open_index() if self._job.works else Index()

    @cached_property
    def _codebook(self) -> Codebook:
        """All issued marks, for who has a key; made when it is first needed."""
        key = SecretKey.from_bytes(self._job.secret)
        with self._opened() as stores:
            return Codebook(key, known_marks(JoinedReader(stores), key))

    def _checked(self, loaded: Loaded, store: Reader) -> CheckResult:
        """Look for works and marks, or for one of both."""
        same = same_work(loaded, store, self._key)
        if self._job.options.only == "marks":
            return self._marks_alone(loaded, store, *same)
        if self._job.options.quick_first and same[0] is None and not self._is_worth_a_look(loaded):
            return thrown_out(loaded)
        return self._compared(loaded, store, *same)

    def _is_worth_a_look(self, loaded: Loaded) -> bool:
        works = self._job.works
        return works is None or looks_like_a_work(loaded.picture, works.proposing)

    def _search(self, store: Reader, key: SecretKey | None) -> SuspectSearch:
        return SuspectSearch(self._index, store, key, lambda: self._codebook, self._proposed)

    def _marks_alone(
        self, loaded: Loaded, store: Reader, same: str | None, reason: Reason | None
    ) -> CheckResult:
        """Look for marks without comparing anything but digests."""
        search = self._search(store, self._key)
        marks = search.marks_alone(loaded.picture)
        reason = reason or _with_marks(Reason("marks-alone"), marks)
        return CheckResult(
            input=loaded.name,
            verdict="identical" if same else "cannot-tell",
            work_id=same,
            is_others=_are_others({same}, store, self._key),
            reason=reason_text(reason.code, reason.values),
            reason_code=reason.code,
            reason_values=reason.values,
            searched=Searched(omitted=("works",)),
            marks=marks,
            declared=declared(loaded.picture.carried, loaded.data),
        )

    def _compared(
        self, loaded: Loaded, store: Reader, same: str | None, same_reason: Reason | None
    ) -> CheckResult:
        """Compare, judge, and look for marks unless they are not wanted."""
        search = self._search(store, None if self._job.options.only == "match" else self._key)
        view = small_view(loaded.picture)
        whole = Suspect.of(view.rgb, view.alpha)
        indexed = same if same is not None and same in self._index else None
        resembling = self._resembling(whole)
        looks = search.look(
            loaded.picture, whole, identical_to=indexed, also=[one.work_id for one in resembling]
        )
        verdict, marks = looks.verdict, looks.marks
        reason = same_reason or _reason(verdict, marks, loaded.picture.size)
        learned = {one.work_id: one.similarity for one in resembling}
        return CheckResult(
            input=loaded.name,
            verdict="identical" if same else verdict.verdict,
            work_id=same or verdict.work_id,
            is_others=_are_others(
                {same or verdict.work_id, *(one.work_id for one in looks.found)}, store, self._key
            ),
            reason=reason_text(reason.code, reason.values),
            reason_code=reason.code,
            reason_values=reason.values,
            measures=measures_shown(verdict),
            candidates=tuple(
                candidate_of(
                    *(one, verdict.log10_lrs[one.work_id]),
                    *(named_work(one.work_id, store), learned),
                )
                for one in verdict.candidates
            ),
            found=looks.found,
            searched=looks.searched,
            marks=marks,
            missing_mark=None if same else looks.missing_mark,
            declared=declared(loaded.picture.carried, loaded.data),
            calibration_id=verdict.calibration_id,
            bounds_id=verdict.bounds_id,
            learned=self._learned(resembling, store),
        )

    def _proposed(self, rgb: NDArray[np.uint8]) -> list[str]:
        """Ask the descriptor that comes with ocguard for works that a picture may be of."""
        works = self._job.works
        return [one.work_id for one in works.proposing.nearest(rgb)] if works else []

    def _resembling(self, suspect: Suspect) -> list[LookAlike]:
        """Ask the learned descriptor, if there is one, for works that can be compared."""
        search = self._job.works and self._job.works.look_alikes
        nearest = search.nearest(suspect.rgb) if search else []
        return [one for one in nearest if one.work_id in self._index]

    def _learned(self, nearest: Sequence[LookAlike], store: Reader) -> LearnedEvidence | None:
        """Report what the learned descriptor says."""
        if self._job.works is None or self._job.works.look_alikes is None:
            return None
        spec = self._job.works.look_alikes.found.spec
        shown = []
        for one in nearest:
            work = named_work(one.work_id, store)
            above = None if one.normalized is None else round(one.normalized, 3)
            named = work.work_id, work.source, work.title
            shown.append(Resembling(*named, round(one.similarity, 3), above))
        return LearnedEvidence(spec.descriptor_id, spec.name, spec.license, tuple(shown))


def _permitted(
    result: CheckResult, stores: Sequence[Store], reader: JoinedReader, place: Place | None
) -> CheckResult:
    """Say who may show what was found, where it was found; a portfolio speaks for its works."""
    if place is None:
        return result
    works_of: dict[int, list[str]] = {}
    for work_id in sorted(result.works_found):
        works_of.setdefault(reader.holder(work_id) if work_id else 0, []).append(work_id)
    said = [permitted_at(stores[holder], works, place) for holder, works in works_of.items()]
    return replace(result, permitted=all_permitted(said))


def measures_shown(verdict: Verdict) -> Mapping[str, Any]:
    """Return what was measured of the first candidate."""
    return verdict.candidates[0].measures.taken() if verdict.candidates else {}


def _note(
    stores: Sequence[Store], reader: JoinedReader, loaded: Loaded, result: CheckResult
) -> None:
    """Tell the journal of the portfolio that holds a work of a suspect in which it was found."""
    if result.work_id is None:
        return
    store = stores[reader.holder(result.work_id)]
    facts = {"suspect_sha256": loaded.file_sha256, "work": result.work_id}
    with contextlib.suppress(PortfolioError):  # it cannot be written; the result is as good
        store.journal.note("checked", {**facts, "verdict": result.verdict})


def _reason(verdict: Verdict, marks: Sequence[FoundMark], size: tuple[int, int]) -> Reason:
    """Say beside a picture that names no work beyond doubt that it carries a mark all the same.

    A share of a part of a work is said to be that; a size is that of the picture itself.
    """
    reason = verdict.reason
    if reason.code == "suspect-too-small":
        reason = replace(reason, values=in_own_pixels(reason.values, size))
    best = verdict.candidates[0] if verdict.candidates else None
    if best and best.view_id != best.work_id and "work_covered_percent" in reason.values:
        reason = replace(reason, values={**reason.values, "of_part": True})
    is_open = verdict.verdict in {"no-match", "cannot-tell"}
    return _with_marks(reason, marks) if is_open else reason


def _with_marks(reason: Reason, marks: Sequence[FoundMark]) -> Reason:
    """Add to a reason that there are marks."""
    if not marks:
        return reason
    said = "has_copied_mark" if all(mark.copied for mark in marks) else "has_mark"
    return replace(reason, values={**reason.values, said: True})


def _are_others(works: Set[str | None], store: Reader, key: SecretKey | None) -> bool:
    """Tell whether all works are another creator's; without a key there is nothing to tell by."""
    return key is not None and all(
        one is not None and store.is_of_others(one, key.key_id) for one in works
    )
