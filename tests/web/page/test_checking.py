"""Promises of ocguard.web.page.checking."""

from __future__ import annotations

import io
import re

import pytest
from PIL import Image

from ocguard.language.choice import LANGUAGES, speaking
from ocguard.language.message import translated
from ocguard.wording import hint_text
from ocguard.workflows.report.bundle import verify_report


@pytest.fixture
def copy(gallery) -> tuple[str, bytes]:
    """A protected picture of the gallery, as somebody posted it."""
    path = next(iter(sorted(gallery.out.rglob("*.png"))))
    return ("post.png", path.read_bytes())


def test_one_find_leads_to_its_verdict(page, copy) -> None:
    """In a sentence, with what it does not show and the mark that is in it."""
    url = page.drop("/check/finds", copy).url.removeprefix(page.base)
    shown = page.wait(url, gone="Comparing with your pictures")
    assert re.search(r'<h1 class="verdict (identical|near-copy)"', shown.text)
    assert "What this does not show" in shown.text
    assert "Your mark of the copy for studio is in it." in shown.text
    work = re.search(r'Your work</span> <a href="(/portfolio/works/\w+)">([\w.]+)</a>', shown.text)
    assert work is not None
    assert f'<h1 id="work">{work[2]}</h1>' in page.call(work[1]).text
    for name in re.findall(rf'src="({url}/pictures/\w+)"', shown.text):
        assert page.call(name).data[:2] == b"\xff\xd8"


def test_further_candidates_are_compared_by_hand(page, board) -> None:
    """Side by side without a script; what is no candidate of this find is not found."""
    url = page.drop("/check/finds", board).url.removeprefix(page.base)
    shown = page.wait(url, gone="Comparing with your pictures").text
    (beside,) = re.findall(rf'href="({url}/beside/\w+)"', shown)
    shown = page.call(beside).text
    assert "look whether lines and details lie on each other" in shown
    pictures = re.findall(rf'src="({beside}/pictures/(\w+))"', shown)
    assert [name for _, name in pictures] == ["suspect", "work", "laid", "work"]
    for path, _ in pictures:
        assert page.call(path).data[:2] == b"\xff\xd8"
    work_id = beside.rpartition("/")[2]
    for gone in (f"{url}/beside/{'0' * 16}", f"/check/finds/gone/beside/{work_id}"):
        assert page.call(gone).status == page.call(f"{gone}/pictures/work").status == 404
    assert page.call(f"{beside}/pictures/secret").status == 404


def test_a_mark_that_is_missing_is_hinted_at_in_the_readers_language(page, gallery) -> None:
    """In a copy of a marked work from before it was marked, where the marks would be named."""
    file = io.BytesIO()
    with Image.open(gallery.art / "soft.jpg") as original:
        original.resize((540, 468)).save(file, "JPEG", quality=85)
    url = page.drop("/check/finds", ("draft.jpg", file.getvalue())).url.removeprefix(page.base)
    page.wait(url, gone="Comparing with your pictures")
    hint = hint_text("no-trace-of-mark", {})
    said = {}
    for language in LANGUAGES:
        with speaking(language):
            said[language] = translated(hint)
        assert said[language] in page.call(url, Accept_Language=language).text
    assert len(set(said.values())) == len(LANGUAGES)


def test_many_finds_are_listed_with_what_needs_eyes_first(page, copy, drawings, png) -> None:
    """And with how many there are of each."""
    stranger = ("other.png", png(drawings.line_art(400, 300, seed=77)))
    page.drop("/check/finds", stranger, copy)
    shown = page.wait("/check", gone="being compared").text
    assert "2 of 2 are compared." in shown
    assert shown.index("post.png") < shown.index("other.png")


def test_evidence_is_saved_into_a_folder_of_its_own(page, copy) -> None:
    """Signed, with what the person said; once more makes another folder."""
    url = page.drop("/check/finds", copy).url.removeprefix(page.base)
    page.wait(url, gone="Comparing with your pictures")
    told = page.send(f"{url}/report", url="https://example.org/1", account="thief")
    assert f"The evidence is saved in {page.saved}/evidence post." in told.text
    folder = page.saved / "evidence post"
    assert verify_report(folder, None).is_intact
    assert "https://example.org/1" in (folder / "report.html").read_text()
    assert "evidence post 2" in page.send(f"{url}/report").text


def test_a_day_before_the_mark_was_made_is_told(page, copy) -> None:
    """A reader of the evidence would ask; a possible day brings no question."""
    url = page.drop("/check/finds", copy).url.removeprefix(page.base)
    page.wait(url, gone="Comparing with your pictures")
    told = page.send(f"{url}/report", captured="2020-01-01").text
    assert "You say that you saved it on 2020-01-01, before the mark in it was made" in told
    assert "before the mark in it" not in page.send(f"{url}/report", captured="2999-01-01").text


def test_an_address_that_is_none_is_told(page, copy) -> None:
    """And nothing is saved; what else was said stays in the form."""
    url = page.drop("/check/finds", copy).url.removeprefix(page.base)
    page.wait(url, gone="Comparing with your pictures")
    told = page.send(f"{url}/report", url="javascript:evil()", note="seen by <a friend>")
    assert told.status == 422
    assert "the address must begin with https://" in told.text
    assert "seen by &lt;a friend&gt;</textarea>" in told.text


def test_a_find_with_a_verdict_is_not_checked_again(page, copy) -> None:
    """What could not be checked is; a find that is not there is told."""
    url = page.drop("/check/finds", copy).url.removeprefix(page.base)
    page.wait(url, gone="Comparing with your pictures")
    assert 'id="verdict"' in page.send(f"{url}/again").text
    assert page.send("/check/finds/gone/again").status == 404
