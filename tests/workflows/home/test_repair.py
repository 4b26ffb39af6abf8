"""Promises of ocguard.workflows.home.repair."""

from __future__ import annotations

import shutil
import sqlite3
from pathlib import Path

import numpy as np
import pytest

import ocguard
from ocguard.errors import PortfolioError
from ocguard.portfolio import Case, Place, Posted, Title
from ocguard.workflows.home.permissions import permit
from ocguard.workflows.home.postings import posting_of


@pytest.fixture
def portfolio(gallery, tmp_path) -> ocguard.Portfolio:
    """Give a copy of a portfolio of four works."""
    shutil.copy(gallery.home / "portfolio.sqlite3", tmp_path / "p.sqlite3")
    return ocguard.Portfolio(tmp_path / "p.sqlite3")


def damage(portfolio: ocguard.Portfolio, *changes: str) -> None:
    """Change rows behind the program's back."""
    db = sqlite3.connect(portfolio.location)
    for change in changes:
        db.execute(change)
    db.commit()
    db.close()


CHANGES = (
    "UPDATE fingerprints SET data = zeroblob(9) WHERE rowid = 1",
    "UPDATE renditions SET jpeg = zeroblob(9) WHERE rowid = 2",
    "UPDATE works SET source = 'x' WHERE rowid = 3",
)


@pytest.mark.parametrize("kind", ["backup", "export"])
def test_copies_mend_what_is_damaged(portfolio, tmp_path, kind) -> None:
    """A backup and an export bring back all that they hold."""
    before, source = portfolio.works(), tmp_path / "copy"
    portfolio.back_up(source) if kind == "backup" else portfolio.export(source)
    damage(portfolio, *CHANGES)
    assert {one.what.split()[1] for one in portfolio.damage()} == {
        "fingerprint", "rendition", "record",
    }  # fmt: skip
    assert portfolio.repair([source]) == []
    assert portfolio.works() == before


def test_views_are_mended_from_a_backup(tmp_path, drawings) -> None:
    """They are part of what a work is recognized by."""
    portfolio = ocguard.Portfolio(tmp_path / "p.sqlite3")
    portfolio.add(np.concatenate([drawings.cel(300, 300, seed) for seed in range(30, 34)]))
    before, source = portfolio.works(), portfolio.back_up(tmp_path / "copy")
    assert before[0].views
    damage(portfolio, "UPDATE views SET fingerprint = x'00'")
    assert len(portfolio.damage()) == len(before[0].views)
    assert portfolio.repair([source]) == []
    assert portfolio.works() == before


def test_original_pictures_mend_what_is_described(portfolio, gallery) -> None:
    """Dates and marks stay; what is still damaged is named."""
    before = {work.work_id: work.marks for work in portfolio.works()}
    damage(portfolio, "UPDATE fingerprints SET data = zeroblob(9)", "DELETE FROM marks")
    assert portfolio.repair([gallery.art]) == []
    assert {work.work_id for work in portfolio.works()} == set(before)
    damage(portfolio, "UPDATE fingerprints SET data = zeroblob(9)")
    assert len(portfolio.repair([gallery.art / "cel.png"])) == 3


def test_a_portfolio_that_cannot_be_opened_is_put_aside_for_a_backup(portfolio, tmp_path) -> None:
    """Nothing is deleted; without a backup nothing is changed."""
    before = portfolio.works()
    portfolio.back_up(tmp_path / "copy")
    portfolio.export(tmp_path / "export")
    path = Path(portfolio.location)
    path.write_bytes(b"rust" * 1000)
    with pytest.raises(PortfolioError):
        portfolio.repair([tmp_path / "export"])
    assert portfolio.repair([tmp_path / "export", tmp_path / "copy"]) == []
    assert portfolio.works() == before
    (aside,) = tmp_path.glob("p.sqlite3.damaged-*")
    assert aside.read_bytes() == b"rust" * 1000


def test_a_backup_mends_the_journal(tmp_path, drawings) -> None:
    """An entry that was flipped or taken out comes back; nothing else is put back."""
    portfolio = ocguard.Portfolio(tmp_path / "p.sqlite3", home=tmp_path)
    portfolio.add(drawings.cel(200, 150, 1))
    source = portfolio.back_up(tmp_path / "copy")
    portfolio.remove(portfolio.works()[0].work_id)
    db = sqlite3.connect(portfolio.location)
    trigger = "SELECT sql FROM sqlite_master WHERE name = 'journal_stays'"
    ((sql,),) = db.execute(trigger).fetchall()
    db.close()
    damage(portfolio, "DROP TRIGGER journal_stays", "DELETE FROM journal WHERE number = 2", sql)
    (fault,) = portfolio.damage()
    assert "entry 2 of the journal" in fault.what
    assert portfolio.repair([source]) == []
    assert [row.event for row in portfolio.journal()] == ["began", "registered", "removed"]


def test_a_backup_mends_postings_titles_permissions_and_cases(portfolio, tmp_path) -> None:
    """An export mends postings and titles alone: it holds no others."""
    workspace = portfolio.workspace
    work = portfolio.works()[0].work_id
    permit(workspace, work, Place(account="x:friend"))
    with workspace.open_store() as store:
        store.postings.record([posting_of(work, Posted("https://x.com/mo/1", "2026-05-01"))])
        now = store.postings.of_work(work)[0].created_utc
        store.titles.record(Title(work, "Lin", now))
        about = ("a.jpg", "0" * 64, "near-copy", "", "", "")
        store.cases.open(Case("c" * 16, work, *about, now, now))
    exported, backup = tmp_path / "export", portfolio.back_up(tmp_path / "backup")
    portfolio.export(exported)
    damage(
        portfolio,
        "UPDATE postings SET on_date = '1999-01-01'",
        "UPDATE titles SET title = 'x'",
        "UPDATE permitted SET note = 'x'",
        "UPDATE cases SET answer = 'x'",
    )
    assert len(portfolio.repair([exported])) == 2
    assert portfolio.repair([backup]) == []
    with workspace.open_store() as store:
        assert store.postings.of_work(work)[0].on_date == "2026-05-01"
        assert store.titles.all() == {work: "Lin"}
        assert store.permissions.all()[0].note == store.cases.all()[0].answer == ""
