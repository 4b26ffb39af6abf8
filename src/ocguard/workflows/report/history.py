"""What the portfolio knows of the time of a work: registration, drafts, marks, trusted times.

What leaves the house is looked over: of paths the names of files alone, and no recipients.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

from ocguard.language.message import Message, translatable
from ocguard.portfolio import Draft, Mark, Stamp, Store, Work
from ocguard.report.evidence import Event, Source
from ocguard.workflows.home.drafts import shown_draft
from ocguard.workflows.home.postings import shown_posting
from ocguard.workflows.sources import bare_name
from ocguard.workflows.timestamp.proving import does_hold, proof_files

__all__ = ["WORK_RECORD", "WORK_TIME", "draft_time", "history_events", "history_files"]

WORK_RECORD: Final = "work.json"
"""What a bundle says of the work, as a JSON record."""

WORK_TIME: Final = "time-work"
"""Folder of a bundle with the proof of the work's trusted time."""

MAX_EVENTS: Final = 12
"""Most issued marks, files of drafts, and postings in the timeline: the oldest ones."""


@dataclass(frozen=True)
class _Timed:
    """Something with a trusted time, and the folder of its proof in a bundle."""

    what: str
    kind: str
    subject: str
    folder: str
    stamp: Stamp


def history_events(work: Work, store: Store) -> Iterator[Event]:
    """Yield what is known of a work's time, as rows of a timeline.

    Notes
    -----
    A trusted time is *signed* when its token verifies here and now, and was asked for by this
    portfolio. One out of an imported file is *claimed*: its root of certificates is that file's.
    """
    yield from _registration(work)
    for posting in store.postings.of_work(work.work_id)[:MAX_EVENTS]:
        own = translatable("The work was shown at {url}, as its creator says.")
        imported = translatable("The work was shown at {url}, as an imported file says.")
        what = Message(imported if posting.imported_utc else own, url=posting.url)
        yield Event(posting.on_date, what, "claimed")
    for draft in _files_of_drafts(work, store):
        what = Message("What led to the work was added: {name}.", name=bare_name(draft.source))
        yield Event(_readable(draft.created_utc), what, _source(draft))
    for mark in store.marks(work.work_id)[:MAX_EVENTS]:
        what = Message("A protected copy with the mark {mark_id} was made.", mark_id=mark.mark_id)
        yield Event(_readable(mark.created_utc), what, _source(mark))
    for one in _timed(work, store):
        time = one.stamp.times[0]
        what = Message(
            "{authority} signed that {what} was there; the proof is in {folder}.",
            authority=time.authority,
            what=one.what,
            folder=one.folder,
        )
        is_signed = not time.imported_utc and does_hold(time)
        yield Event(_readable(time.at_utc), what, "signed" if is_signed else "claimed")


def history_files(work: Work, store: Store) -> dict[str, bytes]:
    """Make the files of a bundle that say and prove since when a work is there, by name."""
    timed = list(_timed(work, store))
    files = {WORK_RECORD: json.dumps(_record(work, store), ensure_ascii=False, indent=1).encode()}
    for one in timed:
        for name, data in proof_files(one.stamp, one.kind, one.subject).items():
            files[f"{one.folder}/{name}"] = data
    return files


def _source(record: Draft | Mark) -> Source:
    """Say how the date of a record is known."""
    return "claimed" if record.imported_utc else "recorded"


def _readable(utc: str) -> str:
    """Shorten a time of the portfolio to minutes."""
    return f"{utc[:10]} {utc[11:16]} UTC"


def draft_time(number: int) -> str:
    """Name the folder of a bundle with the proof of a draft's trusted time; from 1."""
    return f"time-draft-{number}"


def _registration(work: Work) -> Iterator[Event]:
    when = _readable(work.created_utc)
    if work.imported_utc:
        yield Event(when, Message("The work was registered, as an imported file says."), "claimed")
        imported = _readable(work.imported_utc)
        yield Event(imported, Message("The file was imported that speaks of the work."), "recorded")
    else:
        yield Event(when, Message("The work was registered."), "recorded")


def _files_of_drafts(work: Work, store: Store) -> list[Draft]:
    """Give the first draft of each file, the first added first."""
    first: dict[str, Draft] = {}
    for draft in store.drafts.of_work(work.work_id):
        first.setdefault(draft.file_sha256, draft)
    return list(first.values())[:MAX_EVENTS]


def _timed(work: Work, store: Store) -> Iterator[_Timed]:
    """Yield the work and those files of its drafts that have a trusted time."""
    for stamp in store.stamps.stamps_of("work", work.work_id)[:1]:
        yield _Timed(Message("the work's file"), "work", work.work_id, WORK_TIME, stamp)
    for number, draft in enumerate(_files_of_drafts(work, store), 1):
        for stamp in store.stamps.stamps_of("draft", draft.draft_id)[:1]:
            folder, name = draft_time(number), bare_name(draft.source)
            yield _Timed(
                Message("the draft {name}", name=name), "draft", draft.draft_id, folder, stamp
            )


def _record(work: Work, store: Store) -> dict[str, Any]:
    """Give the JSON record ``ocguard.claim/1``."""
    drafts = [shown_draft(draft) for draft in store.drafts.of_work(work.work_id)]
    marks = [
        {"mark_id": mark.mark_id, "key_id": mark.key_id, "created_utc": mark.created_utc}
        for mark in store.marks(work.work_id)
    ]
    return {
        "schema": "ocguard.claim/1",
        "work_id": work.work_id,
        "source": bare_name(work.source),
        "file_sha256": work.file_sha256,
        "pixel_sha256": work.pixel_sha256,
        "width": work.width,
        "height": work.height,
        "created": work.imported_utc or work.created_utc,
        "drafts": [{**draft, "source": bare_name(draft["source"])} for draft in drafts],
        "marks": marks,
        "postings": [shown_posting(one) for one in store.postings.of_work(work.work_id)],
    }
