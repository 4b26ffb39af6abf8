"""Promises of ocguard.portfolio.exchange_history."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from ocguard.errors import PortfolioError
from ocguard.portfolio import Draft, Store, export_entries, import_entries, open_store, read_drafts
from ocguard.portfolio.exchange_history import read_journal, read_stamps
from ocguard.portfolio.values import row_digest

Change = Callable[[bytes], bytes]


@pytest.fixture
def export(store: Store, make_entry: Callable, draft: tuple[Draft, bytes], tmp_path: Path) -> Path:
    """Export a portfolio of one work with a draft."""
    store.record([make_entry(1)])
    store.drafts.record([draft])
    export_entries(store, tmp_path / "all.zip")
    return tmp_path / "all.zip"


def rewritten(source: Path, name: str, change: Change | None) -> Path:
    """Copy a file with one part changed, or without it."""
    target = source.with_name("other.zip")
    with zipfile.ZipFile(source) as archive, zipfile.ZipFile(target, "w") as other:
        for part in archive.namelist():
            if part != name or change:
                data = archive.read(part)
                other.writestr(part, change(data) if change and part == name else data)
    return target


def sealed_anew(**changes: object) -> Change:
    """Change the record of a draft, and make its digest again."""

    def change(line: bytes) -> bytes:
        record = {**json.loads(line)["draft"], **changes}
        return json.dumps({"draft": record, "sha256": row_digest(record)}).encode()

    return change


def test_a_draft_is_read_with_its_rendition(export: Path, draft: tuple[Draft, bytes]) -> None:
    """As it was stored."""
    assert list(read_drafts(export)) == [draft]


@pytest.mark.parametrize("name", ["drafts.jsonl", "journal.jsonl", "stamps.jsonl"])
def test_files_of_older_versions_are_read(export: Path, name: str) -> None:
    """They lack these parts."""
    path = rewritten(export, name, None)
    reads = {"drafts.jsonl": read_drafts, "journal.jsonl": read_journal}
    assert list(reads.get(name, lambda one: read_stamps(one, None))(path)) == []


@pytest.mark.parametrize(
    ("change", "why"),
    [
        (lambda line: line.replace(b"no-match", b"identical"), "damaged"),
        (sealed_anew(created_utc="9026-05-01T12:00:00.000000Z"), "future"),
        (sealed_anew(reference_sha256="0" * 64), "no item named"),
        (sealed_anew(work_id="0" * 16), "another draft"),
        (sealed_anew(more=1), "more"),
        (lambda _: b"[" * 99_999, "left out"),
        (lambda _: b"[]", "left out"),
    ],
)
def test_a_false_draft_is_refused(export: Path, tmp_path: Path, change: Change, why: str) -> None:
    """Nothing is imported then; or, where that is wanted, everything else."""
    path = rewritten(export, "drafts.jsonl", change)
    told: list[str] = []
    with open_store(tmp_path / "new.sqlite3", create=True) as new:
        with pytest.raises(PortfolioError, match=why):
            import_entries(new, path)
        assert new.stats().works == 0
        assert import_entries(new, path, on_refused=told.append) == 1
        (work,) = new.works()
        assert new.drafts.of_work(work.work_id) == ()
    assert why in told[0]


def test_the_draft_of_a_work_that_was_left_out_is_too(export: Path, tmp_path: Path) -> None:
    """There is nothing that it led to."""
    path = rewritten(export, "works.jsonl", lambda _: b"")
    with open_store(tmp_path / "new.sqlite3", create=True) as new:
        assert import_entries(new, path) == 0
        assert list(new.damage()) == []
