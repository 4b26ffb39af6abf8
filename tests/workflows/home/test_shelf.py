"""Promises of ocguard.workflows.home.shelf."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from PIL import Image

from ocguard import Portfolio, protect
from ocguard.portfolio import open_store
from ocguard.workflows.home.shelf import Shelf, Wanted, recipients, shelf
from ocguard.workflows.home.variants import Variants
from ocguard.workflows.home.workspace import Workspace
from ocguard.workflows.sources import bare_name


def listed(home: Path, wanted: Wanted, behind: str = "", limit: int = 9) -> Shelf:
    """List works of a home."""
    with Workspace.at(home).open_store() as store:
        return shelf(store, wanted, behind, limit)


def names(home: Path, wanted: Wanted) -> list[str]:
    """Name the works that are wanted."""
    return sorted(one.name for one in listed(home, wanted).shown)


def test_works_come_newest_first_some_at_a_time(gallery) -> None:
    """Each once, also when one of those that were shown is gone meanwhile."""
    newest = [work.work_id for work in reversed(Portfolio(home=gallery.home).works())]
    first = listed(gallery.home, Wanted(), limit=3)
    second = listed(gallery.home, Wanted(), first.last, 3)
    assert [one.work.work_id for one in (*first.shown, *second.shown)] == newest
    assert (first.found, first.all, second.last) == (4, 4, "")


def test_a_name_is_found_by_its_words(gallery) -> None:
    """In any case, by all of them, and not by the folders above."""
    assert names(gallery.home, Wanted("CEL")) == ["cel.png"]
    assert names(gallery.home, Wanted("png cut")) == ["cutout.png"]
    assert names(gallery.home, Wanted("林")) == ["林.webp"]
    assert names(gallery.home, Wanted("sub")) == []
    assert listed(gallery.home, Wanted("sub")).all == 4


def test_the_same_mark_in_two_files_counts_once(gallery) -> None:
    """As the command line counts."""
    works = {work.work_id: work for work in Portfolio(home=gallery.home).works()}
    for one in listed(gallery.home, Wanted("cel")).shown:
        assert one.marks == len({mark.mark_id for mark in works[one.work.work_id].marks})


@pytest.fixture
def mixed(gallery, drawings, tmp_path: Path) -> Path:
    """A home with a work that has no mark, and another of which somebody got a copy."""
    home = shutil.copytree(gallery.home, tmp_path / "home")
    Image.fromarray(drawings.cel(320, 240, 41)).save(tmp_path / "bare.png")
    Portfolio(home=home).add(tmp_path / "bare.png")
    protect(gallery.art / "cel.png", recipient="Ōe <b>", home=home)
    return home


def test_works_are_chosen_by_their_marks_and_who_got_them(mixed) -> None:
    """The number of all works stays, so that a person sees how many are hidden."""
    assert names(mixed, Wanted(kind="unmarked")) == ["bare.png"]
    assert names(mixed, Wanted(kind="marked")) == [
        "cel.png",
        "cutout.png",
        "soft.jpg",
        "林.webp",
    ]
    assert names(mixed, Wanted(recipient="Ōe <b>")) == ["cel.png"]
    assert names(mixed, Wanted("soft", recipient="Ōe <b>")) == []
    assert listed(mixed, Wanted(kind="unmarked")).all == 5
    with open_store(mixed / "portfolio.sqlite3") as store:
        assert recipients(store) == ["studio", "Ōe <b>"]


def test_works_that_came_in_a_file_are_chosen(gallery, tmp_path: Path) -> None:
    """Of a portfolio that has nothing else, that is all."""
    Portfolio(home=gallery.home).export(tmp_path / "all.zip")
    other = Portfolio(home=tmp_path / "other")
    other.merge(tmp_path / "all.zip")
    assert listed(tmp_path / "other", Wanted(kind="imported")).found == 4
    assert names(gallery.home, Wanted(kind="imported")) == []


def test_works_with_parts_are_chosen(gallery, drawings, tmp_path: Path) -> None:
    """Such as an animation, whose frames are recognized by themselves."""
    first, *others = map(Image.fromarray, drawings.frames(320, 240))
    first.save(tmp_path / "moving.gif", save_all=True, append_images=others)
    home = shutil.copytree(gallery.home, tmp_path / "home")
    moving = Portfolio(home=home).add(tmp_path / "moving.gif")
    with_parts = {one.source for one in Portfolio(home=home).works() if one.views}
    shown = listed(home, Wanted(kind="parts")).shown
    assert {one.work.source for one in shown} == with_parts
    assert bool(moving.views) == (moving.source in with_parts)
    assert moving.views


def test_an_unknown_kind_is_refused() -> None:
    """By the kinds that there are."""
    with pytest.raises(ValueError, match="choose among all, marked"):
        Wanted(kind="best")


def test_variants_stand_behind_the_newest_of_them(gallery) -> None:
    """They count as wanted, and are shown when their group is; hidden ones stand behind nothing."""
    oldest, second, third, newest = (one.work_id for one in Portfolio(home=gallery.home).works())
    variants = Variants({oldest: (third,), second: ()})
    with open_store(gallery.home / "portfolio.sqlite3") as store:

        def ids(wanted: Wanted, behind: str = "", limit: int = 9) -> list[tuple[str, int]]:
            found = shelf(store, wanted, behind, limit, variants)
            return [(one.work.work_id, one.variants) for one in found.shown]

        assert ids(Wanted()) == [(newest, 0), (third, 1), (second, 0)]
        assert ids(Wanted(group=third)) == ids(Wanted(group=oldest)) == [(third, 0), (oldest, 0)]
        assert ids(Wanted(group="0" * 16)) == []
        first = shelf(store, Wanted(), "", 2, variants)
        assert (first.found, first.all) == (4, 4)
        assert ids(Wanted(), first.last) == [(second, 0)]
        name = bare_name(next(store.works(oldest)).source)
        assert ids(Wanted(name)) == [(oldest, 0)]
