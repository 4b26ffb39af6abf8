"""A registered work as a person or another program is shown it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from typing import Any

from ocguard.portfolio import Draft, Mark, Posting, Reader, Store, View, Work
from ocguard.workflows.failures import Outcome, outcome, with_messages
from ocguard.workflows.home.drafts import shown_draft
from ocguard.workflows.home.postings import shown_posting
from ocguard.workflows.home.works import thin_work_warnings
from ocguard.workflows.sources import bare_name

__all__ = ["WorkResult", "called", "examined_result", "title_of", "work_name", "work_result"]


@dataclass(frozen=True)
class WorkResult:
    """A registered work, or why a picture could not be registered.

    Attributes
    ----------
    input : str or None
        What was added; None when the work was asked for.
    work_id, source, sha256 : str or None
        Its id, where the original was first seen, and the original file's digest.
    title : str or None
        What it is called; None when that is the name of its file.
    width, height : int or None
        Size in pixels.
    hashes : Mapping[str, str]
        Perceptual hashes by ``algorithm@version``.
    marks : tuple of Mark
        Every mark issued for it, oldest first; what an imported file says has `imported_utc`.
    views : tuple of View
        Parts and frames that it is recognized by beside the whole.
    drafts : tuple of Draft
        What led to it, the first added first.
    postings : tuple of Posting
        Where and when it was shown, as its creator says, the earliest first.
    created : str or None
        Since when this portfolio has it, UTC, by the clock of that time: no later clock and no
        imported file moves it. None when it could not be registered.
    trusted_time : str or None
        The earliest time that an authority signed for it; None without one.
    created_utc, imported_utc : str
        When it was first registered; with `imported_utc` that is what an imported file says, and
        the portfolio knows it since then.
    warnings : tuple of str
        What to know of a work that was added or shown, such as that it holds too little.
    error : str or None
        Why it could not be registered.
    passed_over : str or None
        What it is instead of a picture that is read.
    """

    input: str | None
    work_id: str | None = None
    source: str | None = None
    sha256: str | None = None
    title: str | None = None
    width: int | None = None
    height: int | None = None
    hashes: Mapping[str, str] = field(default_factory=dict)
    marks: tuple[Mark, ...] = ()
    views: tuple[View, ...] = ()
    drafts: tuple[Draft, ...] = ()
    postings: tuple[Posting, ...] = ()
    created: str | None = field(default=None, compare=False)
    trusted_time: str | None = field(default=None, compare=False)
    created_utc: str = ""
    imported_utc: str = field(default="", compare=False)
    warnings: tuple[str, ...] = ()
    error: str | None = None
    passed_over: str | None = None

    @property
    def name(self) -> str:
        """What to call it: its title, else the name of its file."""
        return called(self.title, self.source or "")

    @property
    def status(self) -> Outcome:
        """Whether it was registered: "done", "passed-over" or "failed"."""
        return outcome(self.error, self.passed_over)

    def to_dict(self) -> dict[str, Any]:
        """Give the JSON record ``ocguard.work/2``."""
        lists = {
            "marks": [_shown(mark) for mark in self.marks],
            "views": [_placed(view) for view in self.views],
            "drafts": [shown_draft(draft) for draft in self.drafts],
            "postings": [shown_posting(posting) for posting in self.postings],
            "warnings": list(self.warnings),
        }
        record = {**asdict(self), "hashes": dict(self.hashes), **lists}
        own = {"schema": "ocguard.work/2", "status": self.status, **record}
        return with_messages(own, self.error, self.warnings)


def _shown(mark: Mark) -> dict[str, Any]:
    """Show a mark without what only ocguard itself can use."""
    hidden = {"issue_id", "work_id", "origin_x_px", "origin_y_px", "reference_sha256"}
    return {name: value for name, value in asdict(mark).items() if name not in hidden}


def _placed(view: View) -> dict[str, Any]:
    """Show which part of a work a view is."""
    place = [view.left_px, view.top_px, view.width, view.height]
    return {"frame": view.frame, "place": place}


def called(title: str | None, source: str) -> str:
    """Say what a work is called: its title, else the name of its file."""
    return title or bare_name(source)


def title_of(store: Reader, work_id: str) -> str | None:
    """Give the title of a work; None without one."""
    title = store.titles.of_work(work_id)
    return title.title if title else None


def work_name(store: Store, work: Work) -> str:
    """Say what a work of a portfolio is called."""
    return called(title_of(store, work.work_id), work.source)


def work_result(store: Store, work: Work, name: str | None = None) -> WorkResult:
    """Show a work with its marks."""
    return WorkResult(
        input=name,
        work_id=work.work_id,
        source=work.source,
        sha256=work.file_sha256,
        title=title_of(store, work.work_id),
        width=work.width,
        height=work.height,
        hashes=work.hashes,
        marks=store.marks(work.work_id),
        views=store.views(work.work_id),
        drafts=store.drafts.of_work(work.work_id),
        postings=store.postings.of_work(work.work_id),
        created=work.imported_utc or work.created_utc,
        trusted_time=store.stamps.first_time(work.work_id) or None,
        created_utc=work.created_utc,
        imported_utc=work.imported_utc,
    )


def examined_result(store: Store, work: Work, name: str) -> WorkResult:
    """Show a work with its marks and what to know of it; its fingerprint is read for that."""
    result = work_result(store, work, name)
    if result.views:
        return result
    size = work.width, work.height
    return replace(result, warnings=thin_work_warnings(store.fingerprint(work.work_id), size))
