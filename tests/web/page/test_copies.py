"""Promises of ocguard.web.page.copies."""

from __future__ import annotations

import re
import stat
from pathlib import Path

import pytest

from ocguard import Portfolio
from ocguard.home import Home
from ocguard.keys import SecretKey

COPY = re.compile(r"/portfolio/copies/(\w{16})/restore")


@pytest.fixture
def folder(page) -> Path:
    """Where copies go."""
    return page.saved.parents[1] / "ocguard copies"


def test_the_key_is_copied_for_its_owner_alone(page, folder) -> None:
    """The page never holds it, and no older copy is overwritten."""
    key = Home(page.home).load_key()
    answers = [page.send("/portfolio/copies/key") for _ in range(2)]
    copies = sorted(folder.glob("ocguard key *.txt"))
    assert len(copies) == 2
    for path in copies:
        assert SecretKey.from_text(path.read_text()) == key
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    letters = key.to_text().splitlines()[2]
    for answer in answers:
        assert "The key was copied to" in answer.text
        assert letters not in answer.text


def test_the_portfolio_is_copied(page, folder) -> None:
    """Whole, for its owner alone."""
    answer = page.send("/portfolio/copies/portfolio")
    path = folder / "ocguard portfolio.sqlite3"
    assert str(path) in answer.text
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert Portfolio(path).works() == Portfolio(home=page.home).works()


def test_the_portfolio_is_brought_back(page, folder) -> None:
    """What it was before is copied by itself, and stands first in the list to undo it."""
    portfolio = Portfolio(home=page.home)
    before = portfolio.works()
    page.send("/portfolio/copies/portfolio")
    page.send(f"/portfolio/works/{before[0].work_id}/remove")
    copies = COPY.findall(page.call("/portfolio/copies").text)
    told = page.send(f"/portfolio/copies/{copies[0]}/restore").text
    assert f"as it was in that copy, with {len(before)} works" in told
    assert "-before-restore.sqlite3" in told
    assert portfolio.works() == before
    assert "was removed" not in page.call("/portfolio").text
    page.send(f"/portfolio/copies/{COPY.findall(told)[0]}/restore")
    assert portfolio.works() == before[1:]
    page.send(f"/portfolio/copies/{copies[0]}/restore")
    assert page.send("/portfolio/copies/0000/restore").status == 404


def test_the_page_says_why(page) -> None:
    """Before anything is saved."""
    told = page.call("/portfolio/copies").text
    assert "Without it nobody can read your marks any more, not even you." in told
    assert "was copied" not in told
