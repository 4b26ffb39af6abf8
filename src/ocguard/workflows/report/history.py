"""What the portfolio knows of the time of a work: registration, drafts, marks, trusted times.

What leaves the house is looked over: of paths the names of files alone, and no recipients.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from ocguard.language.message import Message, translatable
from ocguard.portfolio import Draft, Mark, Stamp, Store, TimeKind, TrustedTime, Work
from ocguard.report.evidence import Event, Source
from ocguard.workflows.home.drafts import shown_draft
from ocguard.workflows.home.postings import shown_posting
from ocguard.workflows.home.work_result import title_of
from ocguard.workflows.sources import bare_name
from ocguard.workflows.timestamp.proving import first_times, held, proof_files
from ocguard.workflows.timestamp.verifying import with_caveat

__all__ = [
    "WORK_RECORD",
    "draft_times",
    "history_events",
    "history_files",
    "proof_in",
    "readable",
    "work_times",
]

WORK_RECORD: Final = "work.json"
"""What a bundle says of the work, as a JSON record."""

_FOLDERS: Final[dict[TimeKind, str]] = {"rfc3161": "time", "opentimestamps": "block"}
"""Beginning of the folders of a bundle with the proofs of trusted times."""

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
    time: TrustedTime


def history_events(work: Work, store: Store) -> Iterator[Event]:
    """Yield what is known of a work's time, as rows of a timeline.

    Notes
    -----
    A trusted time is *signed* by an authority, or *anchored* in a block of Bitcoin, when it
    verifies here and now, and was asked for by this portfolio. One out of an imported file is
    *claimed*: what it is verified by is that file's. So is one of a block that anybody can make.
    """
    yield from _registration(work)
    for posting in store.postings.of_work(work.work_id)[:MAX_EVENTS]:
        own = translatable("The work was shown at {url}, as its creator says.")
        imported = translatable("The work was shown at {url}, as an imported file says.")
        what = Message(imported if posting.imported_utc else own, url=posting.url)
        yield Event(posting.on_date, what, "claimed")
    for draft in _files_of_drafts(work, store):
        what = Message("What led to the work was added: {name}.", name=bare_name(draft.source))
        yield Event(readable(draft.created_utc), what, _source(draft))
    for mark in store.marks(work.work_id)[:MAX_EVENTS]:
        what = Message("A protected copy with the mark {mark_id} was made.", mark_id=mark.mark_id)
        yield Event(readable(mark.created_utc), what, _source(mark))
    for one in _timed(work, store):
        yield _timed_event(one)


def history_files(work: Work, store: Store) -> dict[str, bytes]:
    """Make the files of a bundle that say and prove since when a work is there, by name."""
    timed = list(_timed(work, store))
    files = {WORK_RECORD: json.dumps(_record(work, store), ensure_ascii=False, indent=1).encode()}
    for one in timed:
        for name, data in proof_files(one.stamp, one.time, one.kind, one.subject).items():
            files[f"{one.folder}/{name}"] = data
    return files


def _source(record: Draft | Mark) -> Source:
    """Say how the date of a record is known."""
    return "claimed" if record.imported_utc else "recorded"


def readable(utc: str) -> str:
    """Shorten a time of the portfolio to minutes."""
    return f"{utc[:10]} {utc[11:16]} UTC"


def work_times() -> list[str]:
    """Name the folders of a bundle with the proofs of the work's trusted times."""
    return [f"{folder}-work" for folder in _FOLDERS.values()]


def draft_times(number: int) -> list[str]:
    """Name the folders of a bundle with the proofs of a draft's trusted times; from 1."""
    return [f"{folder}-draft-{number}" for folder in _FOLDERS.values()]


def proof_in(files: Mapping[str, bytes], folder: str) -> dict[str, bytes]:
    """Give the files of a proof that lies in a folder of a bundle, by name; empty without one."""
    head = f"{folder}/"
    return {name.removeprefix(head): data for name, data in files.items() if name.startswith(head)}


def _timed_event(one: _Timed) -> Event:
    """Say which trusted time something has."""
    time, verified = one.time, held(one.time)
    signed = translatable("{authority} signed that {what} was there; the proof is in {folder}.")
    anchored = translatable(
        "{authority} was made after {what} was there; the proof is in {folder}."
    )
    is_block = time.kind == "opentimestamps"
    authority = verified.authority if is_block and verified else time.authority
    what = Message(
        anchored if is_block else signed, authority=authority, what=one.what, folder=one.folder
    )
    is_trusted = bool(verified and not verified.caveat and not time.imported_utc)
    if verified:
        what = with_caveat(what, verified)
    source: Source = "anchored" if is_block else "signed"
    return Event(readable(time.at_utc), what, source if is_trusted else "claimed")


def _registration(work: Work) -> Iterator[Event]:
    when = readable(work.created_utc)
    if work.imported_utc:
        yield Event(when, Message("The work was registered, as an imported file says."), "claimed")
        imported = readable(work.imported_utc)
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
    """Yield the work and those files of its drafts that have trusted times, each of both kinds."""
    things = [(Message("the work's file"), "work", work.work_id, "work")]
    for number, draft in enumerate(_files_of_drafts(work, store), 1):
        what = Message("the draft {name}", name=bare_name(draft.source))
        things.append((what, "draft", draft.draft_id, f"draft-{number}"))
    for what, kind, subject, name in things:
        for by, (stamp, time) in first_times(store, kind, subject).items():
            yield _Timed(what, kind, subject, f"{_FOLDERS[by]}-{name}", stamp, time)


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
        "title": title_of(store, work.work_id),
        "file_sha256": work.file_sha256,
        "pixel_sha256": work.pixel_sha256,
        "width": work.width,
        "height": work.height,
        "created": work.imported_utc or work.created_utc,
        "drafts": [{**draft, "source": bare_name(draft["source"])} for draft in drafts],
        "marks": marks,
        "postings": [shown_posting(one) for one in store.postings.of_work(work.work_id)],
    }
