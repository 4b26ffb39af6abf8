"""Promises of ocguard.web.page.portfolio."""

from __future__ import annotations

import re
from urllib.parse import urlencode

import pytest

from ocguard import Portfolio
from ocguard.portfolio import Posted
from ocguard.workflows.home.postings import posting_of
from ocguard.workflows.home.shelf import Wanted, shelf
from ocguard.workflows.home.variants import known_variants

WORK = re.compile(r'href="/portfolio/works/(\w{16})"')


@pytest.fixture
def portfolio(page) -> Portfolio:
    """The portfolio that the page shows."""
    return Portfolio(home=page.home)


def test_works_are_found_by_name(page, portfolio) -> None:
    """With their pictures, and how many others there are."""
    shown = page.call("/portfolio?" + urlencode({"words": "林"})).text
    (work_id,) = WORK.findall(shown)
    works = portfolio.stats().works
    assert f"1 of {works} works are shown; the search hides {works - 1}." in shown
    assert portfolio.show(work_id).source.endswith("林.webp")
    picture = page.call(re.search(r'src="(/portfolio/renditions/[^"]+)"', shown)[1])
    assert picture.data[:2] == b"\xff\xd8"
    assert WORK.findall(page.call("/portfolio?words=%3Cb%3E").text) == []


def test_further_works_come_behind_those_that_were_shown(page, portfolio) -> None:
    """As a part of the page."""
    variants = known_variants(portfolio.workspace)
    with portfolio.workspace.open_store() as store:
        first = shelf(store, Wanted(), "", 2, variants)
    part = page.call("/portfolio/more?" + urlencode({"behind": first.last})).text
    shown = [one.work.work_id for one in first.shown]
    newest = variants.groups(work.work_id for work in reversed(portfolio.works()))
    assert [*shown, *WORK.findall(part)] == [one for one, *_ in newest]
    assert "<html" not in part


def test_a_work_is_renamed(page, portfolio) -> None:
    """Found by its title and by the name of its file; what is no title is told beside it."""
    work = portfolio.rename(portfolio.works()[0].work_id, "")  # as others of the room name works
    path = f"/portfolio/works/{work.work_id}"
    told = page.send(f"{path}/rename", title="one\ntwo")
    assert told.status == 422
    assert "a title is one line of 1 to 200 characters" in told.text
    shown = page.send(f"{path}/rename", title="林，<春>")
    assert shown.url.endswith(path)
    assert '<h1 id="work">林，&lt;春&gt;</h1>' in shown.text
    for words in ("春", work.name):
        assert work.work_id in WORK.findall(
            page.call("/portfolio?" + urlencode({"words": words})).text
        )
    assert "“林，&lt;春&gt;” was removed" in page.send(f"{path}/remove").text
    page.send(f"{path}/put-back")
    assert work.name in page.send(f"{path}/rename", title="").text
    assert portfolio.show(work.work_id).title is None
    assert page.send("/portfolio/works/0000/rename", title="x").status == 404


def test_a_work_shows_its_marks_and_place(page, portfolio) -> None:
    """Who got which file, and where the original lies."""
    work = next(one for one in portfolio.works() if one.marks)
    shown = page.call(f"/portfolio/works/{work.work_id}").text
    assert work.source in shown
    assert all(mark.output in shown for mark in work.marks)
    assert page.call("/portfolio/works/" + "0" * 16).status == 404
    assert page.call("/portfolio/renditions/" + "0" * 64).status == 404


def test_a_work_shows_where_it_was_posted(page, portfolio) -> None:
    """On which day, where, and that it is the creator's word; without one nothing is said."""
    work = portfolio.works()[0]
    path = f"/portfolio/works/{work.work_id}"
    assert "you say so" not in page.call(path).text
    posted = Posted("https://x.com/aki/1?a&b", "2026-05-01")
    with portfolio.workspace.open_store() as store:
        store.postings.record([posting_of(work.work_id, posted)])
    shown = page.call(path).text
    assert "2026-05-01 https://x.com/aki/1?a&amp;b (you say so, since " in shown


def test_a_work_is_shown_with_its_variants(page, drawings, png) -> None:
    """In a row that its page asks for; by a link without scripts; a stranger has none."""
    night = drawings.cel(500, 400, 31)
    day = night.copy()
    day[10:50, 10:50] = (200, 20, 20)
    urls = [
        page.drop("/portfolio/pictures", (name, png(pixels))).url.removeprefix(page.base)
        for name, pixels in (("night.png", night), ("day.png", day))
    ]
    first = page.call(urls[0]).text
    assert f'hx-get="{urls[0]}/variants/row"' in first
    assert f'href="{urls[0]}/variants"' in first
    for shown in (page.call(f"{urls[0]}/variants").text, page.call(f"{urls[0]}/variants/row").text):
        assert WORK.findall(shown) == [urls[1].rpartition("/")[2]]
        assert '<span class="name">day.png</span>' in shown
    stranger = page.drop("/portfolio/pictures", ("sea.png", png(drawings.cel(480, 360, 32))))
    told = page.call(f"{stranger.url.removeprefix(page.base)}/variants/row").text
    assert "None of your other works is a variant of this one." in told
    assert page.call("/portfolio/works/" + "0" * 16 + "/variants").status == 404
    assert page.call("/portfolio/works/" + "0" * 16 + "/variants/row").status == 404


def test_variants_hang_as_one(page, drawings, png) -> None:
    """Once they were looked for, which the gallery says; a link shows each by itself."""
    dawn = drawings.cel(500, 400, 51)
    dusk = dawn.copy()
    dusk[10:50, 10:50] = (200, 20, 20)
    older, newer = (
        page.drop("/portfolio/pictures", (name, png(pixels))).url.rpartition("/")[2]
        for name, pixels in (("dawn.png", dawn), ("dusk.png", dusk))
    )
    assert 'hx-get="/portfolio/variants"' in page.call("/portfolio").text
    part = page.call("/portfolio/variants").text
    while further := re.search(r'hx-get="(/portfolio/variants\?new=\d+)"', part):
        assert "Your works are being looked through for variants:" in part
        part = page.call(further[1]).text
    assert "Variants were found among your works." in part
    assert page.call("/portfolio/variants").text == ""
    shown = page.call("/portfolio").text
    assert newer in WORK.findall(shown)
    assert older not in WORK.findall(shown)
    assert "1 variant of it" in shown
    group = page.call(f"/portfolio?group={newer}").text
    assert WORK.findall(group) == [newer, older]
    assert "“dusk.png” and its variants" in group


def test_a_work_says_which_picture_of_it_is_shown(page, portfolio) -> None:
    """The visible mark is in what was protected; what was only registered has none."""
    for work in portfolio.works():
        shown = page.call(f"/portfolio/works/{work.work_id}").text
        assert ("as it was protected last" in shown) is bool(work.marks)
        assert ("as it was registered" in shown) is (not work.marks)


def test_a_dropped_picture_is_registered_without_a_mark(page, portfolio, drawings, png) -> None:
    """Again and again it is the same work; its place is not known, which is said."""
    lake = ("lake.png", png(drawings.cel(640, 480, seed=77)))
    answer = page.drop("/portfolio/pictures", lake)
    assert answer.url == page.drop("/portfolio/pictures", lake).url
    assert "Not known: a browser tells the name of a file" in answer.text
    assert "None. The work is recognized by how it looks." in answer.text
    (work,) = [one for one in portfolio.works() if one.source == "lake.png"]
    assert work.marks == ()


def test_what_is_no_picture_is_told(page) -> None:
    """By its name; the others are registered."""
    told = page.drop("/portfolio/pictures", ("notes.txt", b"?")).text
    assert 'role="alert"' in told
    assert "notes.txt" in told


def test_works_are_filtered(page, portfolio) -> None:
    """By what was issued for them; a made-up kind is refused."""
    bare = [one.work_id for one in reversed(portfolio.works()) if not one.marks]
    shown = page.call("/portfolio?kind=unmarked").text
    newest = [group[0] for group in known_variants(portfolio.workspace).groups(bare)]
    assert WORK.findall(shown) == newest
    assert '<option value="unmarked" selected>' in shown
    assert WORK.findall(page.call("/portfolio/more?recipient=nobody").text) == []
    assert page.call("/portfolio?kind=best").status == 422


def test_drafts_are_added_to_a_work(page, portfolio, drawings, png) -> None:
    """And shown with their small pictures; what is no picture is told by its name."""
    work = next(one for one in portfolio.works() if one.marks)
    sketch = ("sketch.png", png(drawings.line_art(480, 360, seed=9)))
    path = f"/portfolio/works/{work.work_id}/pictures"
    answer = page.drop(path, sketch, ("notes.txt", b"?"))
    assert answer.url.endswith(f"/portfolio/works/{work.work_id}")
    assert "notes.txt" in answer.text
    (draft,) = portfolio.show(work.work_id).drafts
    assert draft.source == "sketch.png"
    assert page.call(f"/portfolio/renditions/{draft.reference_sha256}").data[:2] == b"\xff\xd8"
    assert "A check does not see the work in it" in answer.text
    assert page.drop("/portfolio/works/0000/pictures", sketch).status == 404


def test_a_work_tells_of_checks_in_which_it_was_found(page, portfolio) -> None:
    """From the journal: when, and with which verdict."""
    work = portfolio.works()[0]
    shown = f"/portfolio/works/{work.work_id}"
    with portfolio.workspace.open_store() as store:
        facts = {"suspect_sha256": "ab" * 32, "work": work.work_id, "verdict": "shared-base"}
        for _ in range(2):
            store.journal.note("checked", facts)
    told = page.call(shown).text
    assert "Shared base" in told
    assert "The same file was checked 2 times" in told


def test_a_removed_work_can_be_taken_back(page, portfolio) -> None:
    """With all its marks, as it was."""
    before = portfolio.works()
    work = next(one for one in before if one.marks)
    shown = page.send(f"/portfolio/works/{work.work_id}/remove").text
    assert "was removed. You can take it back until ocguard ends." in shown
    assert len(portfolio.works()) == len(before) - 1
    assert page.send(f"/portfolio/works/{work.work_id}/remove").status == 404
    assert page.send(f"/portfolio/works/{work.work_id}/put-back").status == 200
    assert portfolio.works() == before
    assert "was removed" not in page.call("/portfolio").text
    assert page.send(f"/portfolio/works/{work.work_id}/put-back").status == 404
