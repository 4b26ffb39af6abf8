"""Every visitor is answered in their language, and can choose another."""

from __future__ import annotations

import http.cookiejar
from dataclasses import replace

import pytest

from ocguard.language.choice import speaking
from ocguard.web.page.visitor import language_of


def scope(**headers: str) -> dict[str, object]:
    """Make a request with some headers."""
    raw = [(name.replace("_", "-").encode(), text.encode()) for name, text in headers.items()]
    return {"type": "http", "headers": raw}


@pytest.fixture
def visitor(page):
    """Enter the page as somebody who chose nothing yet."""
    return replace(page, jar=http.cookiejar.CookieJar()).enter()


@pytest.mark.parametrize(
    ("accepted", "language"),
    [
        ("zh-CN,zh;q=0.9,en;q=0.8", "zh"),
        ("fr,ja;q=0.5,zh;q=0.7", "zh"),
        ("zh;q=0,ja", "ja"),
        ("de", "en"),
        ("*;q=nonsense", "en"),
    ],
)
def test_the_browser_says_which_language(accepted, language):
    """The dearest of those that are spoken."""
    assert language_of(scope(accept_language=accepted)) == language


def test_what_was_chosen_goes_before_what_the_browser_says():
    """A person knows better; nonsense in the cookie is no choice."""
    asked = {"accept_language": "zh"}
    assert language_of(scope(cookie="ocguard-language=ja", **asked)) == "ja"
    assert language_of(scope(cookie="ocguard-language=xx", **asked)) == "zh"


def test_a_browser_that_says_nothing_gets_the_programs_language():
    """What --lang or the system says."""
    with speaking("ja"):
        assert language_of(scope()) == "ja"


def test_a_visitor_chooses_a_language_and_stays_where_they_are(visitor):
    """The choice is kept for the next run too."""
    before = f"{visitor.base}/portfolio?words=fox"
    answer = visitor.call("/language", b"language=ja", Referer=before)
    assert answer.url == before
    assert '<html lang="ja">' in answer.text
    (cookie,) = (one for one in visitor.jar if one.name == "ocguard-language")
    assert cookie.expires is not None
    assert '<html lang="ja">' in visitor.call("/protect", Accept_Language="zh").text


def test_after_a_form_the_choice_leads_to_the_page_above(visitor):
    """An address that was only sent to cannot be asked for."""
    answer = visitor.call(
        "/language", b"language=en", Referer=f"{visitor.base}/portfolio/copies/key"
    )
    assert answer.url == f"{visitor.base}/portfolio/copies"


def test_a_choice_that_is_none_changes_nothing(visitor):
    """Nor does a foreign address lead anybody away."""
    answer = visitor.call("/language", b"language=xx", Referer="https://elsewhere.example/x")
    assert answer.url.startswith(visitor.base)
    assert not any(one.name == "ocguard-language" for one in visitor.jar)
