"""Promises of ocguard.workflows.home.shelf."""

from __future__ import annotations

from ocguard import Portfolio


def test_works_come_newest_first_some_at_a_time(gallery) -> None:
    """Each once, also when one of those that were shown is gone meanwhile."""
    portfolio = Portfolio(home=gallery.home)
    newest = [work.work_id for work in reversed(portfolio.works())]
    first = portfolio.shelf("", "", 3)
    second = portfolio.shelf("", first.last, 3)
    assert [one.work.work_id for one in (*first.shown, *second.shown)] == newest
    assert (first.found, first.all, second.last) == (4, 4, "")


def test_a_name_is_found_by_its_words(gallery) -> None:
    """In any case, by all of them, and not by the folders above."""
    portfolio = Portfolio(home=gallery.home)

    def names(words: str) -> list[str]:
        return sorted(one.name for one in portfolio.shelf(words, "", 9).shown)

    assert names("CEL") == ["cel.png"]
    assert names("png cut") == ["cutout.png"]
    assert names("林") == ["林.webp"]
    assert names("sub") == []
    assert portfolio.shelf("sub", "", 9).all == 4


def test_the_same_mark_in_two_files_counts_once(gallery) -> None:
    """As the command line counts."""
    shown = Portfolio(home=gallery.home).shelf("cel", "", 9).shown
    works = {work.work_id: work for work in Portfolio(home=gallery.home).works()}
    for one in shown:
        assert one.marks == len({mark.mark_id for mark in works[one.work.work_id].marks})
