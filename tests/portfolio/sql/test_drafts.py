"""Promises of ocguard.portfolio.sql.drafts."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from ocguard.errors import PortfolioError
from ocguard.home import Home
from ocguard.portfolio import Author, Draft, Store, export_entries, import_entries, open_store

Kept = tuple[Draft, bytes]


@pytest.fixture
def filled(store: Store, make_entry: Callable, draft: Kept) -> Store:
    """Give a portfolio of one work with a draft."""
    store.record([make_entry(1)])
    store.drafts.record([draft])
    return store


def test_a_draft_is_kept_with_its_work(filled: Store, draft: Kept) -> None:
    """And its rendition; adding it again later changes nothing."""
    filled.drafts.record([(replace(draft[0], created_utc="2029-05-01T12:00:00.000000Z"), draft[1])])
    assert filled.drafts.of_work(draft[0].work_id) == (draft[0],)
    assert filled.rendition(draft[0].reference_sha256) == draft[1]
    assert list(filled.damage()) == []


def test_a_draft_needs_its_work(store: Store, draft: Kept) -> None:
    """Nothing is stored without."""
    with pytest.raises(PortfolioError, match="no work"):
        store.drafts.record([draft])


def test_a_draft_leaves_with_its_work(filled: Store, draft: Kept) -> None:
    """Its rendition too."""
    filled.remove(draft[0].work_id)
    assert filled.drafts.of_work(draft[0].work_id) == ()
    with pytest.raises(PortfolioError, match="rendition"):
        filled.rendition(draft[0].reference_sha256)


def test_adding_a_draft_is_told_to_the_journal(
    location: str, tmp_path: Path, make_entry: Callable, draft: Kept
) -> None:
    """Once, with its digests."""
    with open_store(location, create=True, author=Author(Home(tmp_path))) as store:
        store.record([make_entry(1)])
        store.drafts.record([draft])
        store.drafts.record([draft])
        (head,) = store.journal.chains()
        told = [row for row in store.journal.rows(head.chain_id) if row.event == "drafted"]
    assert [row.facts["draft"] for row in told] == [draft[0].draft_id]
    assert told[0].facts["file_sha256"] == draft[0].file_sha256


def test_a_draft_is_new_until_it_is_stamped(filled: Store, draft: Kept) -> None:
    """Its leaf holds what a person can make again from the file."""
    (leaf,) = filled.drafts.new("rfc3161")
    said = json.loads(leaf.text)
    assert (leaf.kind, leaf.subject) == ("draft", draft[0].draft_id)
    assert said["file_sha256"] == draft[0].file_sha256
    assert said["added"] == draft[0].created_utc


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE drafts SET created_utc = '1999-05-01T12:00:00.000000Z'",
        "UPDATE drafts SET verdict = 'identical'",
        "UPDATE drafts SET imported_utc = 'x'",
    ],
)
def test_what_is_changed_is_damage_until_it_is_mended(
    filled: Store, change: Callable, draft: Kept, sql: str
) -> None:
    """The work is named."""
    change(sql)
    assert {one.work_id for one in filled.damage()} == {draft[0].work_id}
    filled.drafts.mend([draft])
    assert filled.drafts.of_work(draft[0].work_id) == (draft[0],)
    assert list(filled.damage()) == []


def test_a_lost_rendition_is_damage_until_it_is_mended(
    filled: Store, change: Callable, draft: Kept
) -> None:
    """Changed, or gone."""
    place = f"WHERE sha256 = '{draft[0].reference_sha256}'"
    for sql in (f"UPDATE renditions SET jpeg = x'00' {place}", f"DELETE FROM renditions {place}"):
        change(sql)
        assert {one.work_id for one in filled.damage()} == {draft[0].work_id}
        filled.drafts.mend([draft])
        assert list(filled.damage()) == []


def test_a_damaged_draft_is_our_error(filled: Store, change: Callable, draft: Kept) -> None:
    """Reading it says what to do."""
    change("UPDATE drafts SET frame = -1")
    with pytest.raises(PortfolioError, match="portfolio check"):
        filled.drafts.of_work(draft[0].work_id)


def test_drafts_move_with_an_export_as_what_a_file_says(
    filled: Store, tmp_path: Path, draft: Kept
) -> None:
    """They get no trusted time on the new machine as if they had been added there."""
    export_entries(filled, tmp_path / "all.zip")
    with open_store(tmp_path / "new.sqlite3", create=True) as new:
        import_entries(new, tmp_path / "all.zip")
        import_entries(new, tmp_path / "all.zip")
        (moved,) = new.drafts.of_work(draft[0].work_id)
        assert moved == draft[0]
        assert moved.imported_utc
        assert new.rendition(moved.reference_sha256) == draft[1]
        assert new.drafts.new("rfc3161") == []
        assert list(new.damage()) == []
