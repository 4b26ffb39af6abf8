"""Promises of the portfolio's keeper: add, show, remove, move to another machine."""

from __future__ import annotations

import json
import sqlite3

import numpy as np
import pytest
from PIL import Image

import ocguard
from ocguard.errors import OutputExistsError, PortfolioError


@pytest.fixture
def portfolio(tmp_path) -> ocguard.Portfolio:
    """Name a portfolio that does not exist yet."""
    return ocguard.Portfolio(tmp_path / "p.sqlite3")


def test_adding_registers_without_marking(portfolio, drawings) -> None:
    """The same picture twice is one work."""
    first, again = (portfolio.add(drawings.cel(200, 150)) for _ in range(2))
    assert first.work_id == again.work_id
    assert (first.width, first.height, first.marks, first.error) == (200, 150, (), None)
    assert {"ocguard-code@1", "ocguard-layout@1"} < first.hashes.keys()
    assert any(name.startswith("imagehash-phash@") for name in first.hashes)
    assert portfolio.stats().works == 1


def test_a_work_is_called_by_its_title(portfolio, tmp_path, drawings) -> None:
    """Its id, its file and the file's name stay; without a title it is called by that name."""
    path = tmp_path / "lin_final2.png"
    Image.fromarray(drawings.cel(200, 150)).save(path)
    work = portfolio.add(path)
    assert (work.title, work.name) == (None, "lin_final2.png")
    named = portfolio.rename(work.work_id[:6], " 林，春 ")
    assert (named.work_id, named.title, named.name) == (work.work_id, "林，春", "林，春")
    assert named.source == work.source
    assert portfolio.works()[0].to_dict()["title"] == "林，春"
    with pytest.raises(ValueError, match="a title is one line"):
        portfolio.rename(work.work_id, "two\nlines")
    assert portfolio.rename(work.work_id, "").name == "lin_final2.png"


def test_a_protected_copy_is_the_work_it_was_made_of(gallery) -> None:
    """Adding one's own posted files makes no second works."""
    portfolio = ocguard.Portfolio(home=gallery.home)
    added = portfolio.add(gallery.out / "cel.png")
    assert added.work_id == gallery.protected("cel.png").work_id
    assert portfolio.stats().works == 4


def test_an_id_may_be_cut_short(portfolio, drawings) -> None:
    """As long as it is the only one; in any case of letters."""
    works = [portfolio.add(drawings.cel(200, 150, seed)) for seed in range(20)]
    wanted = works[3].work_id
    assert portfolio.show(wanted[:12].upper()).work_id == wanted
    with pytest.raises(PortfolioError, match="no registered work"):
        portfolio.show("zz")
    with pytest.raises(PortfolioError, match="no registered work"):
        portfolio.show("")
    first = {work.work_id[0] for work in works}
    twice = next(c for c in first if sum(w.work_id.startswith(c) for w in works) > 1)
    with pytest.raises(PortfolioError, match="more characters"):
        portfolio.show(twice)


def test_a_work_that_holds_too_little_is_told_of_when_it_is_added_and_shown(portfolio) -> None:
    """It says nothing of a mark, which it may not carry."""
    blank = portfolio.add(np.full((300, 300, 3), 250, np.uint8))
    (warning,) = blank.warnings
    assert warning.endswith("copies of this work are hardly recognized by their look")
    assert portfolio.show(blank.work_id).warnings == blank.warnings
    assert portfolio.works()[0].warnings == ()  # a list does not read every fingerprint


def test_a_picture_with_detail_is_added_without_a_warning(portfolio, drawings) -> None:
    """Neither when it is shown."""
    work = portfolio.add(drawings.painterly(400, 400))
    assert work.warnings == portfolio.show(work.work_id).warnings == ()


def test_removing_says_what_is_gone(portfolio, drawings) -> None:
    """And it is gone."""
    work = portfolio.add(drawings.cel(200, 150))
    assert portfolio.remove(work.work_id[:6]).work_id == work.work_id
    assert portfolio.works() == []


def test_a_work_that_was_taken_out_is_put_back(portfolio, drawings) -> None:
    """As it was, with its date."""
    work = portfolio.add(drawings.cel(200, 150))
    before = portfolio.works()
    removed = portfolio.take_out(work.work_id)
    assert portfolio.works() == []
    assert removed.source == work.source
    portfolio.put_back(removed)
    assert portfolio.works() == before


def test_an_export_brings_everything_to_another_machine(gallery, tmp_path) -> None:
    """Also what a check needs: a copy is recognized there."""
    here = ocguard.Portfolio(home=gallery.home)
    assert here.export(tmp_path / "all.zip") == 4
    with pytest.raises(OutputExistsError):
        here.export(tmp_path / "all.zip")
    assert here.export(tmp_path / "all.zip", overwrite=True) == 4
    there = ocguard.Portfolio(tmp_path / "there.sqlite3")
    assert there.merge(tmp_path / "all.zip") == 4
    assert there.works() == here.works()
    with Image.open(gallery.out / "soft.jpg") as image:
        copy = image.resize((450, 390))
    found = ocguard.check(copy, home=tmp_path, portfolio=there.location)
    assert found.work_id == gallery.protected("soft.jpg").work_id


def test_an_export_never_carries_the_key(gallery, tmp_path) -> None:
    """Neither as bytes nor as text."""
    ocguard.Portfolio(home=gallery.home).export(tmp_path / "all.zip")
    raw = (tmp_path / "all.zip").read_bytes()
    text = (gallery.home / "secret.key").read_text()
    lines = text.splitlines()[2:4]
    assert not any(line.split()[0].encode() in raw for line in lines)


def test_looking_needs_a_portfolio(portfolio) -> None:
    """Only adding and merging make one."""
    for look in (portfolio.works, portfolio.stats, lambda: portfolio.show("a")):
        with pytest.raises(PortfolioError, match="no portfolio at"):
            look()


def test_the_result_is_the_documented_record(gallery) -> None:
    """Key by key, ready for JSON; nothing that only ocguard can use."""
    work_id = gallery.protected("cel.png").work_id
    record = ocguard.Portfolio(home=gallery.home).show(work_id).to_dict()
    assert list(record) == [
        "schema", "status", "input", "work_id", "source", "sha256", "title", "width", "height",
        "hashes", "marks", "views", "drafts", "postings", "created", "trusted_time", "created_utc",
        "imported_utc", "warnings", "warning_details", "error",
        "error_code", "error_template", "error_values", "passed_over",
    ]  # fmt: skip
    assert record["schema"] == "ocguard.work/2"
    assert set(record["marks"][0]) == {
        "mark_id", "key_id", "recipient", "options", "width", "height", "output",
        "output_sha256", "created_utc", "visible", "imported_utc",
    }  # fmt: skip
    assert json.loads(json.dumps(record)) == record


def test_works_come_a_page_at_a_time(gallery) -> None:
    """In the order of the list; behind the last there is none."""
    portfolio = ocguard.Portfolio(home=gallery.home)
    ids = [one.work_id for one in portfolio.works()]
    assert [one.work_id for one in portfolio.page("", 3)] == ids[:3]
    assert [one.work_id for one in portfolio.page(ids[2], 3)] == ids[3:]
    assert portfolio.page(ids[-1], 3) == []


def test_since_when_a_work_is_here_is_moved_by_no_file(portfolio, tmp_path, drawings) -> None:
    """What a file says of its date is shown beside it, as that file's claim."""
    old = ocguard.Portfolio(tmp_path / "old.sqlite3")
    old.add(drawings.cel(200, 150))
    db = sqlite3.connect(old.location)
    db.execute("UPDATE works SET created_utc = '1999-01-01T00:00:00.000000Z'")
    db.commit()
    db.close()
    old.export(tmp_path / "all.zip")
    portfolio.merge(tmp_path / "all.zip")
    (claimed,) = portfolio.works()
    assert claimed.created_utc.startswith("1999")
    assert claimed.created == claimed.imported_utc > "2026"
    portfolio.add(drawings.cel(200, 150))
    assert portfolio.works()[0].created == claimed.created


def test_a_portfolio_on_a_server_is_looked_after_alike(postgres, drawings, tmp_path) -> None:
    """Copies go to the home folder, and mend what is damaged."""
    portfolio = ocguard.Portfolio(postgres.new_url(), home=tmp_path / "home")
    portfolio.add(drawings.cel(200, 150))
    copy = portfolio.back_up()
    assert copy.parent == tmp_path / "home" / "backups"
    assert portfolio.stats().works == 1
    with portfolio.workspace.open_store() as store, store._database.writing():
        store._database.run("UPDATE works SET source = 'x'")
    assert [one.what for one in portfolio.damage()] == ["its record"]
    assert portfolio.repair([copy]) == []
    assert portfolio.works() == ocguard.Portfolio(copy).works()
