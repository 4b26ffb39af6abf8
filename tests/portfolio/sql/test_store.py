"""Promises of every store: nothing lost, nothing half, clear words when something is wrong."""

from __future__ import annotations

import hashlib
import os
import pickle
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from ocguard.errors import PortfolioError
from ocguard.portfolio import Entry, open_store

WRITER = """
import pickle, sys
from ocguard.portfolio import open_store
with open(sys.argv[2], "rb") as stream:
    entries = pickle.load(stream)
with open_store(sys.argv[1], create=True) as store:
    for entry in entries:
        store.record([entry])
        print(entry.work.work_id, flush=True)
"""


StartWriter = Callable[[list[Entry]], subprocess.Popen[str]]


@pytest.fixture
def start_writer(location: str, tmp_path: Path) -> StartWriter:
    """Give what starts a process that records entries and prints the id of each that is stored."""

    def start(entries: list[Entry]) -> subprocess.Popen[str]:
        pickled = tmp_path / f"{os.urandom(4).hex()}.pickle"
        pickled.write_bytes(pickle.dumps(entries))
        command = [sys.executable, "-c", WRITER, location, str(pickled)]
        return subprocess.Popen(command, stdout=subprocess.PIPE, text=True)

    return start


def test_a_recorded_work_comes_back_whole(store, make_entry) -> None:
    """Every field, the fingerprint, the marks and the reference are kept."""
    entry = make_entry(1, marks=2, recipient="林秋")
    assert store.record([entry]) == 1
    assert list(store.works()) == [entry.work]
    assert store.marks(entry.work.work_id) == entry.marks
    assert store.fingerprint(entry.work.work_id) == entry.fingerprint
    assert {entry.work.reference_sha256: store.rendition(entry.work.reference_sha256)} == (
        entry.renditions
    )


def test_a_recorded_work_comes_back_with_its_views(store, make_entry) -> None:
    """In the order of their numbers, each with its fingerprint and its rendition."""
    entry, other = make_entry(1, views=12), make_entry(2)
    store.record([entry, other])
    work_id = entry.work.work_id
    assert store.views(work_id) == entry.views
    assert store.views(other.work.work_id) == ()
    for view in entry.views:
        fingerprint = store.fingerprint(view.view_id)
        assert fingerprint == entry.view_fingerprints[view.fingerprint_sha256]
        assert store.rendition(view.reference_sha256) == entry.renditions[view.reference_sha256]
        assert store.fingerprint_digests()[view.view_id] == view.fingerprint_sha256
    assert list(store.damage()) == []


def test_a_younger_description_takes_the_place_of_all_views(store, make_entry) -> None:
    """Nothing is left of the old ones, not even a rendition; an older one changes nothing."""
    old, new = make_entry(1, second=1, views=3), make_entry(1, second=9, views=2)
    for entries in ([old, new], [new, old]):
        store.record(entries)
        assert store.views(new.work.work_id) == new.views
        for view in old.views:
            with pytest.raises(PortfolioError):
                store.rendition(view.reference_sha256)
            if view.view_id not in {one.view_id for one in new.views}:
                with pytest.raises(PortfolioError):
                    store.fingerprint(view.view_id)
        store.remove(new.work.work_id)
        assert store.fingerprint_digests() == {}


def test_what_was_recorded_survives_closing(location, make_entry) -> None:
    """The next process finds it."""
    with open_store(location, create=True) as store:
        store.record([make_entry(1, marks=1)])
    with open_store(location) as store:
        assert (store.stats().works, store.stats().marks) == (1, 1)


def test_the_same_picture_is_the_same_work(store, make_entry) -> None:
    """Registering again keeps first date, path and marks, and takes the newer description."""
    old, new = make_entry(1, second=1, marks=1), make_entry(1, second=9, marks=1, text="moved")
    store.record([old])
    store.record([new])
    (work,) = store.works()
    assert work.created_utc == old.work.created_utc
    assert work.source == old.work.source
    assert store.marks(work.work_id) == (*old.marks, *new.marks)
    assert store.fingerprint(work.work_id) == new.fingerprint


@pytest.mark.parametrize("first", ["bytes", "/art/a.png", "C:\\art\\a.png"])
def test_a_path_is_never_replaced_by_a_word_for_what_came_without_one(
    store, make_entry, first
) -> None:
    """The path comes with the digest of its file; it takes the place of a mere word."""
    for second, source in enumerate((first, "array", "/art/later.png", "bytes")):
        entry = make_entry(1, second=second)
        work = replace(entry.work, source=source, file_sha256=f"{second}" * 64)
        store.record([replace(entry, work=work)])
    (work,) = store.works()
    expected = ("/art/later.png", "2" * 64) if first == "bytes" else (first, "0" * 64)
    assert (work.source, work.file_sha256) == expected


def test_a_clock_set_back_moves_no_date(store, make_entry) -> None:
    """Registering again at an earlier time of the clock keeps date, path and description."""
    first, later = make_entry(1, second=9), make_entry(1, second=1, marks=1, text="clock set back")
    store.record([first])
    work = replace(later.work, source="/art/elsewhere.png")
    store.record([replace(later, work=work)])
    assert list(store.works()) == [first.work]
    assert store.fingerprint(first.work.work_id) == first.fingerprint


def test_the_order_of_recording_matters_for_date_and_place_alone(new_location, make_entry) -> None:
    """Marks and description are the same in any order; date and place are those of the first."""
    entries = [make_entry(1, second=s, marks=1, text=str(s)) for s in (5, 1, 9)]
    found = []
    for order in (entries, entries[::-1], [*entries, *entries]):
        with open_store(new_location(), create=True) as store:
            store.record(order)
            (work,) = store.works()
            first = order[0].work
            assert (work.created_utc, work.source) == (first.created_utc, first.source)
            work = replace(work, created_utc=entries[0].work.created_utc, source="")
            found.append((work, store.marks(work.work_id), store.fingerprint(work.work_id)))
    assert found[0] == found[1] == found[2]


def test_an_error_in_the_middle_stores_nothing(store, make_entry) -> None:
    """A call is stored whole or not at all."""

    def entries():
        yield make_entry(1)
        raise RuntimeError

    with pytest.raises(RuntimeError):
        store.record(entries())
    assert store.stats().works == 0


def test_a_withdrawn_issue_takes_back_what_it_brought(store, make_entry) -> None:
    """A failed publication leaves the portfolio as it was."""
    store.record([make_entry(1, marks=1)])
    before = list(store.works())
    entry = make_entry(2, marks=1)
    store.record([entry])
    store.withdraw(entry.marks[0].issue_id)
    assert list(store.works()) == before
    with pytest.raises(PortfolioError, match="rendition"):
        store.rendition(entry.work.reference_sha256)


@pytest.mark.parametrize("marks", [0, 1])
def test_a_withdrawn_issue_leaves_what_others_registered_too(store, make_entry, marks) -> None:
    """Another process registered the same work meanwhile: it stays."""
    mine = make_entry(1, second=1, marks=1)
    store.record([mine])
    store.record([make_entry(1, second=2, marks=marks, recipient="other")])
    store.withdraw(mine.marks[0].issue_id)
    assert store.stats().works == 1
    assert store.stats().marks == marks


def test_a_withdrawn_issue_leaves_a_work_that_was_there_before(store, make_entry) -> None:
    """Adding came first, the failed protection later."""
    store.record([make_entry(1)])
    later = make_entry(1, second=5, marks=1)
    store.record([later])
    store.withdraw(later.marks[0].issue_id)
    assert store.stats().works == 1


def test_removing_forgets_work_marks_and_renditions(store, make_entry) -> None:
    """Nothing of a removed work stays behind; shared things of others do."""
    gone, kept = make_entry(1, marks=2), make_entry(2, marks=1)
    store.record([gone, kept])
    store.remove(gone.work.work_id)
    assert list(store.works()) == [kept.work]
    assert store.stats().marks == 1
    assert store.marks_with_id(gone.marks[0].mark_id) == ()
    with pytest.raises(PortfolioError, match="rendition"):
        store.rendition(gone.work.reference_sha256)
    assert store.rendition(kept.work.reference_sha256)


def test_content_credentials_are_kept_with_their_mark(store, change, make_entry) -> None:
    """They go with it too; a file that was not signed has none, and damage is told."""
    entry, plain = make_entry(1, marks=2, is_signed=True), make_entry(2, marks=1)
    store.record([entry, plain])
    first, second = (mark.issue_id for mark in entry.marks)
    assert store.credentials(first) == entry.credentials[first]
    assert store.credentials(plain.marks[0].issue_id) is None
    store.withdraw(first)
    assert store.credentials(first) is None
    change("UPDATE credentials SET manifest = x'00'")
    with pytest.raises(PortfolioError, match=f"Content Credentials of issue {second}"):
        store.credentials(second)


def test_removing_an_unknown_work_is_an_error(store) -> None:
    """A typing error is not silently accepted."""
    with pytest.raises(PortfolioError, match="portfolio list"):
        store.remove("0" * 16)


def test_works_are_listed_oldest_first_and_by_prefix(store, make_entry) -> None:
    """An id may be cut short; wildcards mean nothing."""
    entries = [make_entry(seed, second=60 - seed) for seed in range(20)]
    store.record(entries)
    assert list(store.works()) == [entry.work for entry in entries[::-1]]
    wanted = entries[7].work
    assert wanted in list(store.works(wanted.work_id[:4]))
    assert list(store.works(wanted.work_id)) == [wanted]
    assert list(store.works("%")) == []


def test_a_protected_file_is_recognized_by_its_digest(store, make_entry) -> None:
    """The very file needs no matching."""
    entry = make_entry(3, marks=2)
    store.record([entry, make_entry(4, marks=1)])
    for mark in entry.marks:
        assert store.marks_of_file(mark.output_sha256) == (mark,)
    assert store.marks_of_file("0" * 64) == ()


def test_marks_are_found_by_id_and_listed_by_key(store, make_entry) -> None:
    """A mark read out of a suspect leads to its work and recipient."""
    entry = make_entry(3, marks=2, recipient="studio")
    store.record([entry])
    mark_id = entry.marks[0].mark_id
    assert store.marks_with_id(mark_id) == entry.marks
    assert store.marks_of_key("0123456789abcdef") == entry.marks
    assert store.marks_of_key("f" * 16) == ()


def test_fingerprints_are_compared_by_digest(store, make_entry) -> None:
    """An index learns what changed without reading every fingerprint."""
    entries = [make_entry(seed) for seed in range(10)]
    store.record(entries)
    assert store.fingerprint_digests() == {
        entry.work.work_id: hashlib.sha256(entry.fingerprint).hexdigest() for entry in entries
    }


def test_the_state_moves_with_the_fingerprints_alone(store, make_entry) -> None:
    """An index is rebuilt when it must be, and only then."""
    states = [store.state()]
    entry = make_entry(1, second=1)
    steps = [
        lambda: store.record([entry]),
        lambda: store.record([make_entry(1, second=2)]),
        lambda: store.remove(entry.work.work_id),
    ]
    for step in steps:
        step()
        states.append(store.state())
    assert len(set(states)) == len(states)
    store.record([entry])
    before = store.state()
    store.record([make_entry(1, second=0, marks=1)])
    assert store.state() == before


def test_two_new_portfolios_have_different_states(new_location) -> None:
    """A cache made for one is never used for the other."""
    states = set()
    for _ in range(2):
        with open_store(new_location(), create=True) as store:
            states.add(store.state())
    assert len(states) == 2


def test_a_snapshot_does_not_move(location, make_entry) -> None:
    """What is read together belongs together, whatever others write."""
    with open_store(location, create=True) as reader, open_store(location) as writer:
        with reader.snapshot():
            assert reader.stats().works == 0
            writer.record([make_entry(1)])
            assert reader.stats().works == 0
        assert reader.stats().works == 1


def test_processes_that_write_together_lose_nothing(location, start_writer, make_entry) -> None:
    """Several protections at once, the first of which make the portfolio."""
    batches = [[make_entry(10 * n + i, marks=1) for i in range(10)] for n in range(4)]
    writers = [start_writer(batch) for batch in batches]
    for writer in writers:
        writer.communicate(timeout=120)
        assert writer.returncode == 0
    with open_store(location) as store:
        assert (store.stats().works, store.stats().marks) == (40, 40)


@pytest.mark.skipif(os.name != "posix", reason="SIGKILL is POSIX")
def test_a_killed_writer_loses_nothing_that_it_reported(location, start_writer, make_entry) -> None:
    """Kill -9 leaves every reported work whole, and a portfolio that works on."""
    for attempt in range(3):
        entries = [make_entry(1000 * attempt + i, marks=1) for i in range(500)]
        writer = start_writer(entries)
        assert writer.stdout is not None
        reported = [writer.stdout.readline().strip() for _ in range(3 + 10 * attempt)]
        writer.send_signal(signal.SIGKILL)
        reported += writer.communicate(timeout=60)[0].split()
        with open_store(location) as store:
            for work_id in reported:
                (work,) = store.works(work_id)
                assert store.fingerprint(work_id)
                assert store.rendition(work.reference_sha256)
                assert len(store.marks(work_id)) == 1
            store.record([make_entry(5000 + attempt)])


def test_a_writer_waits_for_another(location, start_writer, make_entry) -> None:
    """A short lock is no error."""
    with open_store(location, create=True) as store:
        with store._database.writing():
            writer = start_writer([make_entry(1)])
            time.sleep(1.0)
            assert writer.poll() is None
        writer.communicate(timeout=60)
        assert writer.returncode == 0
        assert store.stats().works == 1
