"""The page in every language, in a real browser: no English is left on its screens."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest

import make_catalogs
from ocguard.language.catalogs import DOMAIN, FOLDER

SHOWN = """() => {
  const said = [document.title, document.body.innerText];
  for (const one of document.querySelectorAll("[aria-label], [placeholder], [alt], [data-text]")) {
    const names = ["aria-label", "placeholder", "alt"];
    said.push(...names.map((name) => one.getAttribute(name) ?? ""), ...Object.values(one.dataset));
  }
  return said.join("\\n");
}"""
"""Everything that a person reads or hears on a screen."""

FIELD = re.compile(r"%\\\(\w+\\\)[sd]|\\\{[^}]*\\\}")


def english() -> list[re.Pattern[str]]:
    """Return what English sentences look like: of the page, of verdicts and reasons, of platforms.

    Single words are left out: names of platforms and formats are the same in every language.
    """
    places = ("src/ocguard/web/page", "src/ocguard/wording", "platform ")
    texts = (
        text
        for one in make_catalogs.read_catalog(FOLDER / f"{DOMAIN}.pot")
        if any(place.startswith(places) for place, _ in one.locations)
        for text in ([one.id] if isinstance(one.id, str) else one.id)
    )
    patterns = (FIELD.sub(".+", re.escape(text)) for text in texts)
    return [re.compile(one) for one in patterns if len(re.findall("[A-Za-z]{2,}", one)) > 1]


ENGLISH = english()

ROOMS = (
    *("check", "check/cases", "portfolio", "portfolio/copies", "no/such/place"),
    *("platforms", "platforms/profiles/xiaohongshu", "platforms/profiles/x", "platforms/tests"),
)
"""What can be looked at without doing anything."""


@pytest.fixture(params=make_catalogs.TRANSLATED)
def tab(page, browser, request) -> Iterator[Any]:
    """A tab of a browser that speaks another language, on its first screen."""
    context = browser.new_context(locale=request.param, viewport={"width": 1280, "height": 800})
    tab = context.new_page()
    tab.goto(page.address)
    tab.wait_for_url("**/protect")
    yield tab
    context.close()


def is_translated(tab: Any) -> None:
    """Assert that a screen says nothing in English."""
    shown = tab.evaluate(SHOWN)
    assert [one.pattern for one in ENGLISH if one.search(shown)] == []
    assert tab.evaluate("document.documentElement.lang") in make_catalogs.TRANSLATED
    assert tab.evaluate("document.documentElement.scrollWidth") <= 1280


def test_no_english_is_left(tab, page, gallery) -> None:
    """From the first picture to the report: rooms, results, verdict, work, copies of the key."""
    is_translated(tab)
    find = next(iter(sorted(gallery.out.rglob("*.png"))))
    picture = {"name": "a.png", "mimeType": "image/png", "buffer": find.read_bytes()}
    for room in ROOMS:
        tab.goto(f"{page.base}/{room}")
        is_translated(tab)
    tab.locator(".bar nav a").nth(1).click()
    tab.wait_for_url("**/check")
    tab.set_input_files("input[name=picture]", [picture])
    tab.wait_for_selector("h1#verdict", timeout=120_000)
    is_translated(tab)
    tab.locator("form[action$='/report'] .primary").click()
    tab.wait_for_selector(".done", timeout=120_000)
    is_translated(tab)
    tab.goto(f"{page.base}/portfolio")
    tab.locator(".works a").first.click()
    tab.wait_for_selector("h1#work")
    is_translated(tab)


def test_a_protection_speaks_the_language(tab, page, drawings, png) -> None:
    """While it is chosen, and when it is done."""
    data = png(drawings.cel(700, 600, seed=33))
    picture = {"name": "b.png", "mimeType": "image/png", "buffer": data}
    tab.set_input_files("input[name=picture]", [picture])
    tab.wait_for_selector("#look")
    is_translated(tab)
    tab.locator(".act .primary").click()
    tab.wait_for_selector("#done", timeout=120_000)
    is_translated(tab)


def test_a_test_of_a_platform_speaks_the_language(tab, page, drawings, png) -> None:
    """From its name to what was measured."""
    posted = png(drawings.cel(480, 360, seed=61))
    folder = page.saved / "self-test told"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "test-1.png").write_bytes(posted)
    tab.goto(f"{page.base}/platforms/tests/told")
    tab.wait_for_selector("#post")
    is_translated(tab)
    picture = {"name": "IMG_1.png", "mimeType": "image/png", "buffer": posted}
    tab.set_input_files("input[name=picture]", [picture])
    tab.wait_for_selector("#result", timeout=120_000)
    is_translated(tab)


def test_the_beginning_speaks_the_language(start, browser, tmp_path) -> None:
    """Before there is a profile, with what is wrong of a name, and when the program has ended."""
    page = start(tmp_path / "home", tmp_path / "Pictures")
    for language in make_catalogs.TRANSLATED:
        context = browser.new_context(locale=language, viewport={"width": 1280, "height": 800})
        tab = context.new_page()
        tab.goto(f"{page.base}/protect")
        is_translated(tab)
        tab.goto(page.address)
        tab.wait_for_url("**/start")
        tab.fill("input[name=creator]", "\ue000")
        tab.wait_for_selector("[aria-live] .alert")
        is_translated(tab)
        context.close()
