"""Promises of ocguard.web.page.cases."""

from __future__ import annotations

import itertools
import re

import pytest

from ocguard.workflows.cases.book import list_cases
from ocguard.workflows.home.permissions import list_permissions
from ocguard.workflows.home.workspace import Workspace

NUMBERS = itertools.count(1)


@pytest.fixture
def workspace(page) -> Workspace:
    """Whose page it is."""
    return Workspace.at(page.home)


@pytest.fixture
def post(gallery) -> bytes:
    """A protected picture of the gallery, as a file that no other test has decided about."""
    data = sorted(gallery.out.rglob("*.png"))[-1].read_bytes()
    return data + str(next(NUMBERS)).encode()


@pytest.fixture
def find(page, post) -> str:
    """The same after it was checked."""
    url = page.drop("/check/finds", ("post.png", post)).url.removeprefix(page.base)
    page.wait(url, gone="Comparing with your pictures")
    return url


def test_a_permitted_account_may_show_the_work(page, find, workspace) -> None:
    """The permission is for what was found, and the page says it; once more adds no second one."""
    for _ in range(2):
        shown = page.send(f"{find}/permit", account="x:friend", note="art trade")
        assert shown.status == 200
    (permission,) = list_permissions(workspace)
    assert (permission.place, permission.note) == ("x:friend", "art trade")
    assert "<li>x:friend</li>" in shown.text
    assert (case := list_cases(workspace)[-1]).outcome == "permitted"
    assert case.work_id == permission.work_id


def test_nobody_is_permitted_by_mistake(page, find, workspace) -> None:
    """What is wrong is said beside the verdict, and nothing is written down."""
    known = list_permissions(workspace), list_cases(workspace)
    reasons = {
        (): "say which account or which address",
        ("account", "friend"): "PLATFORM:NAME",
        ("url", "javascript:evil()"): "must begin with https://",
    }
    for said, reason in reasons.items():
        told = page.send(f"{find}/permit", **(dict([said]) if said else {}))
        assert told.status == 422
        assert reason in told.text
    assert (list_permissions(workspace), list_cases(workspace)) == known


def test_what_is_set_aside_is_known_when_it_comes_again(page, find, post, workspace) -> None:
    """Under another name too, and it stands behind what is not decided."""
    page.send(f"{find}/not-mine", note="only the same pose")
    assert list_cases(workspace)[-1].outcome == "not-mine"
    page.send("/check/finds/clear")
    page.drop("/check/finds", ("again.png", post), ("other.png", post + b"another file"))
    listed = page.wait("/check", gone="being compared").text
    assert listed.index("other.png") < listed.index("again.png") < listed.index("Not mine")


def test_a_note_opens_a_case_and_the_next_one_adds_to_it(page, find, workspace) -> None:
    """Nothing is decided yet."""
    where = {"url": "https://example.org/7"}
    page.send(f"{find}/case", note="seen in a feed", **where)
    shown = page.send(f"{find}/case", note="asked a friend", **where)
    case = list_cases(workspace)[-1]
    assert case.state == "open"
    assert [line[11:] for line in case.told_notes] == ["seen in a feed", "asked a friend"]
    assert "asked a friend" in shown.text


def test_two_places_of_one_file_are_told_apart_in_the_list(page, find) -> None:
    """Each row says where before it is opened: the account, or else the address."""
    page.send(f"{find}/case", note="one", account="x:thief")
    page.send(f"{find}/case", note="two", url="https://shop.example/item/7")
    rows = re.findall(r"<summary>.*?</summary>", page.call("/check/cases").text)
    assert "x:thief" in rows[1]
    assert "https://shop.example/item/7" in rows[0]


def test_cases_are_listed_and_closed(page, find, workspace) -> None:
    """With their notes, the newest first."""
    page.send(f"{find}/case", note="<b>stranger</b>", account="x:thief")
    case = list_cases(workspace)[-1]
    listed = page.send(f"/check/cases/{case.case_id}/note", note="wrote to them").text
    assert "&lt;b&gt;stranger&lt;/b&gt;" in listed
    assert "wrote to them" in listed
    page.send(f"/check/cases/{case.case_id}/close", outcome="removed")
    assert list_cases(workspace)[-1].outcome == "removed"
    assert page.send(f"/check/cases/{case.case_id}/close", outcome="won").status == 422
