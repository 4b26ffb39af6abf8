"""Promises of ocguard.web.page.application, and of the page as a whole in a browser."""

from __future__ import annotations

import os
import re
import signal
import threading
from pathlib import Path
from typing import Any, Final

import pytest
from PIL import Image

from ocguard.creator import Profile
from ocguard.workflows.home.workspace import Workspace, account_name

ENDS_SECONDS: Final = 10
"""From a signal to the end: 2 seconds on a machine that has nothing else to do."""


def test_the_name_of_the_account_is_nobodys_name(start, tmp_path: Path) -> None:
    """A command made the profile before; the page asks once what stands on the pictures."""
    home = tmp_path / "home"
    Workspace.at(home).identity(lambda: Profile(account_name()))
    page = start(home, tmp_path / "Pictures").enter()
    assert page.call("/protect").url.endswith("/start")
    assert page.send("/start", creator="Mo").url.endswith("/protect")
    assert Workspace.at(home).home.load_profile().credit == "© Mo"
    assert page.send("/start", creator="Another").url.endswith("/protect")
    assert Workspace.at(home).home.load_profile().creator == "Mo"  # a second window changes nothing


def test_a_first_run_asks_for_a_name_and_makes_a_key(start, tmp_path: Path) -> None:
    """Before that no room is open; afterwards the question is not asked again."""
    page = start(tmp_path / "home", tmp_path / "Pictures").enter()
    assert page.call("/check").url.endswith("/start")
    assert "a profile needs the creator&#39;s name" in page.send("/start", creator=" ").text
    assert not (tmp_path / "home" / "secret.key").exists()
    assert page.send("/start", creator="Mo <b>").url.endswith("/protect")
    assert (tmp_path / "home" / "secret.key").exists()
    assert page.call("/start").url.endswith("/protect")
    assert "has ended" in page.send("/end").text
    assert page.process.wait(30) == 0


def test_quitting_waits_for_no_picture_that_is_only_shown(
    start, drawings, png, tmp_path: Path
) -> None:
    """Else a slow computer would say that it is at work whenever a room was just opened."""
    page = start(tmp_path / "home", tmp_path / "Pictures").enter()
    page.send("/start", creator="Mo")
    shown = page.drop("/protect/pictures", ("sky.png", png(drawings.cel(3000, 2000, seed=52))))
    asked = threading.Thread(target=page.call, args=(f"{before_of(shown.text)}?px=4000",))
    asked.start()
    assert "has ended" in page.send("/end").text
    asked.join()
    assert page.process.wait(30) == 0


def test_a_name_that_no_font_draws_is_told_while_it_is_typed(page) -> None:
    """The notice counts where there is one, since it is what is drawn."""
    no_letter = "%EE%80%80"
    assert "alert" not in page.call("/start/font?creator=Mo").text
    assert "alert" not in page.call(f"/start/font?creator={no_letter}&notice=Mo").text
    assert "U+E000" in page.call(f"/start/font?creator={no_letter}").text


def test_other_sites_can_ask_nothing(page) -> None:
    """Whatever cookie they make a browser send."""
    for said in ({"Origin": "http://evil.example"}, {"Sec_Fetch_Site": "same-site"}):
        assert page.call("/protect/pictures/clear", b"", **said).status == 403
    assert page.call("/protect", Host="evil.example").status == 421


def test_only_the_files_of_the_page_are_given(page) -> None:
    """No name leads out of their folder."""
    assert page.call("/files/page.css").status == 200
    for name in ("..%2F__init__.py", "../application.py", "%2Fetc%2Fpasswd", "page.html"):
        assert page.call(f"/files/{name}").status == 404


@pytest.fixture
def tab(page, browser):
    """A tab of a real browser with the page, and everything that it complains of."""
    context = browser.new_context(viewport={"width": 1280, "height": 800})
    tab = context.new_page()
    said: list[str] = []
    tab.on("console", lambda message: said.append(message.text))
    tab.on("pageerror", lambda error: said.append(str(error)))
    foreign = lambda request: not request.url.startswith((page.base, "blob:"))  # noqa: E731
    tab.on("request", lambda request: said.append(request.url) if foreign(request) else None)
    tab.goto(page.address)
    tab.wait_for_url("**/protect")
    yield tab
    context.close()
    assert said == []


def fault_free(tab) -> None:
    """Nothing lies beyond the border, axe-core finds no barrier: three widths, two themes."""
    from axe_playwright_python.sync_playwright import Axe

    for width, height, scheme in ((390, 844, "dark"), (1280, 800, "light"), (3840, 2160, "dark")):
        tab.set_viewport_size({"width": width, "height": height})
        tab.emulate_media(color_scheme=scheme)
        assert tab.evaluate("document.documentElement.scrollWidth") <= width
        found = Axe().run(tab)
        assert found.violations_count == 0, found.generate_report()


def before_of(html: str) -> str:
    """Find the address of the picture as it is."""
    return re.findall(r'src="(/protect/pictures/\w+/before)', html)[0]


def chosen(tab, *files: tuple[str, bytes]) -> None:
    """Choose pictures as a person does."""
    payload = [{"name": name, "mimeType": "image/png", "buffer": data} for name, data in files]
    tab.set_input_files("input[type=file][name=picture]", payload)


def test_empty_rooms_are_without_barriers(tab) -> None:
    """Protect and check, before anything is dropped."""
    fault_free(tab)
    tab.get_by_role("link", name="Check").click()
    tab.wait_for_url("**/check")
    fault_free(tab)


def test_a_picture_is_looked_at_and_protected(tab, drawings, png) -> None:
    """The look follows the form; line and magnifier work; the result is shown."""
    chosen(tab, ("sky.png", png(drawings.cel(900, 700, seed=21))))
    tab.wait_for_selector("#look")
    with tab.expect_response("**/after?*"):
        tab.locator("input[value=none]").check(force=True)
    tab.locator("#look .over[src^='blob:']").wait_for()
    tab.locator("input[value=corner]").check(force=True)
    with tab.expect_response("**/after?*color=%23e6145a*"):
        tab.get_by_label("Pick a color").fill("#e6145a")
    assert tab.get_by_label("Color of the text").input_value() == "#e6145a"
    tab.get_by_label("Color of the text").fill("")
    assert tab.get_by_label("Pick a color").input_value() == "#ffffff"  # "automatic" is no color
    tab.get_by_role("button", name="400 %").click()
    assert tab.evaluate("document.querySelector('.sheet').offsetWidth") == 3600
    tab.get_by_role("button", name="Fit").click()
    tab.get_by_role("slider", name="Where the line").fill("30")
    cut = "getComputedStyle(document.querySelector('.sheet')).getPropertyValue('--cut')"
    assert tab.evaluate(cut) == "30%"
    tab.keyboard.press("3")
    assert tab.evaluate(cut) == "0%"
    tab.keyboard.press("B")  # with the capitals locked
    assert tab.evaluate(cut) == "100%"
    fault_free(tab)
    tab.get_by_role("button", name="Protect 1 picture").click()
    tab.wait_for_selector("#done", timeout=120_000)
    fault_free(tab)


CUT: Final = "getComputedStyle(document.querySelector('.sheet')).getPropertyValue('--cut')"
"""Where the line between both pictures stands, for the browser to answer."""

BOTH_SHOWN: Final = """async () => {
  await Promise.all([...document.querySelectorAll(".sheet img")].map((one) => one.decode()));
  await new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
}"""
"""Wait, in the browser, until both pictures of the comparison are there and laid out."""

SCROLLED: Final = """async (before) => {
  const stage = document.querySelector("#look .stage");
  while (stage.scrollLeft <= before) await new Promise((done) => setTimeout(done, 20));
}"""
"""Wait, in the browser, until the stage has moved on from a place in CSS pixels."""

SMALL_TARGETS = """() => {
  const what = "a[href], button, label.button, input:not([type=hidden]), select, textarea, summary";
  const seen = [...document.querySelectorAll(what)].filter((one) => one.checkVisibility());
  const boxes = seen.map((one) => [one.outerHTML.slice(0, 90), one.getBoundingClientRect()]);
  const small = ([, box]) => box.width > 1 && Math.min(box.width, box.height) < 43.5;
  return boxes.filter(small).map(([said]) => said);
}"""
"""What a finger would miss; what is a pixel wide is for a keyboard and for screen readers."""


@pytest.mark.parametrize("size", [(360, 740), (820, 1180)], ids=["phone", "tablet"])
def test_a_finger_protects_a_picture(page, browser, drawings, png, size: tuple[int, int]) -> None:
    """It picks the file, moves the line and then the magnified picture, and misses no button."""
    viewport = {"width": size[0], "height": size[1]}
    context = browser.new_context(viewport=viewport, has_touch=True, is_mobile=True, locale="ja")
    tab = context.new_page()
    tab.goto(page.address)
    tab.wait_for_url("**/protect")
    for room in ("check", "portfolio", "platforms", "platforms/tests", "protect"):
        tab.goto(f"{page.base}/{room}")
        assert tab.evaluate(SMALL_TARGETS) == []
        assert tab.evaluate("document.documentElement.scrollWidth") <= size[0]
        assert tab.evaluate("document.querySelector('.bar nav').offsetHeight") < 70
    with tab.expect_file_chooser() as choice:
        tab.locator("label.button").first.tap()
    data = png(drawings.cel(900, 700, seed=21))
    choice.value.set_files([{"name": "sky.png", "mimeType": "image/png", "buffer": data}])
    tab.wait_for_selector("#look")
    assert tab.evaluate(SMALL_TARGETS) == []
    stage = tab.locator("#look .stage")
    tab.evaluate(BOTH_SHOWN)
    drawn_by_finger(context, tab, stage, 0.5, 0.75)
    assert 65 <= float(tab.evaluate(CUT).rstrip("%")) <= 85
    tab.locator("[data-zoom='4']").click()
    tab.locator("[data-zoom='4'][aria-pressed=true]").wait_for()
    before = stage.evaluate("(one) => one.scrollLeft")
    drawn_by_finger(context, tab, stage, 0.8, 0.2)
    tab.evaluate(SCROLLED, before)
    context.close()


def test_a_finger_on_a_picture_that_is_still_fetched_moves_no_line(
    page, browser, drawings, png
) -> None:
    """The sheet has no width by then: its line would jump to one end."""
    size = {"width": 820, "height": 1180}
    context = browser.new_context(viewport=size, has_touch=True, is_mobile=True, locale="en")
    tab = context.new_page()
    tab.goto(page.address)
    tab.wait_for_url("**/protect")
    fetched = []
    tab.route("**/*", lambda route: fetched.append(route) if is_drawn(route) else route.continue_())
    data = png(drawings.cel(900, 700, seed=22))
    files = [{"name": "late.png", "mimeType": "image/png", "buffer": data}]
    tab.locator("input[type=file]").first.set_input_files(files)
    tab.wait_for_selector("#look", state="attached")
    stage = tab.locator("#look .stage")
    drawn_by_finger(context, tab, stage, 0.5, 0.75)
    assert tab.evaluate(CUT) == "50%"
    for route in fetched:
        route.continue_()
    tab.unroute("**/*")
    tab.evaluate(BOTH_SHOWN)
    drawn_by_finger(context, tab, stage, 0.5, 0.75)
    assert 65 <= float(tab.evaluate(CUT).rstrip("%")) <= 85
    context.close()


def is_drawn(route) -> bool:
    """Whether a request is for a picture of the page."""
    return route.request.resource_type == "image"


def drawn_by_finger(context, tab, stage, start: float, end: float) -> None:
    """Draw a finger over a stage, from one share of its width to another."""
    stage.scroll_into_view_if_needed()
    box = stage.bounding_box()
    line = context.new_cdp_session(tab)
    for step in range(11):
        kind = "touchMove" if step else "touchStart"
        x = box["x"] + box["width"] * (start + (end - start) * step / 10)
        point = {"x": x, "y": box["y"] + box["height"] / 2}
        line.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": [point]})
    line.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})


def test_what_is_no_picture_is_told_where_it_was_dropped(tab, page, drawings, png) -> None:
    """Alone, and beside others, which are taken."""
    wrong = ("notes.png", b"no picture")
    for room in ("check", "portfolio", "protect"):
        tab.goto(f"{page.base}/{room}")
        chosen(tab, wrong)
        tab.get_by_role("alert").get_by_text("notes.png").wait_for()
    fault_free(tab)
    chosen(tab, wrong, ("sky.png", png(drawings.cel(300, 200, seed=41))), wrong)
    tab.wait_for_selector("#look")
    assert tab.get_by_role("alert").count() == 1


def test_a_find_is_judged_and_looked_at(tab, gallery) -> None:
    """The verdict has the focus; the overlay blinks when it is asked to."""
    tab.get_by_role("link", name="Check").click()
    tab.wait_for_url("**/check")
    path = next(iter(sorted(gallery.out.rglob("*.png"))))
    chosen(tab, ("post.png", path.read_bytes()))
    tab.wait_for_selector("h1#verdict", timeout=120_000)
    assert tab.evaluate("document.activeElement.id") == "verdict"
    tab.get_by_role("button", name="Blink").click()
    assert tab.get_by_role("button", name="Blink").get_attribute("aria-pressed") == "true"
    fault_free(tab)
    tab.get_by_label("Account").fill("x:somebody")
    tab.get_by_label("Note").fill("asked a friend")
    tab.get_by_role("button", name="Only note it").click()
    tab.get_by_text("asked a friend").wait_for()
    fault_free(tab)
    tab.get_by_role("link", name="All finds").click()
    tab.get_by_role("link", name="All cases").click()
    tab.locator("summary").first.click()
    fault_free(tab)


def test_a_candidate_is_compared_by_hand(tab, page, board) -> None:
    """Reached from the verdict; the overlay blinks."""
    tab.goto(f"{page.base}/check")
    chosen(tab, board)
    tab.wait_for_selector("h1#verdict", timeout=120_000)
    tab.locator("a[href*='/beside/']").click()
    tab.get_by_role("heading", name="Compare by hand").wait_for()
    tab.get_by_role("button", name="Blink").click()
    assert tab.get_by_role("button", name="Blink").get_attribute("aria-pressed") == "true"
    fault_free(tab)
    tab.get_by_role("link", name="Back to the verdict").click()
    tab.wait_for_selector("h1#verdict")


def test_works_are_looked_through_and_removed(tab, page) -> None:
    """The key "/" leads to the search; a removal is taken back."""
    tab.goto(f"{page.base}/portfolio")
    fault_free(tab)
    tab.keyboard.press("/")
    tab.keyboard.type("cel")
    tab.keyboard.press("Enter")
    tab.get_by_role("link", name="cel.png").click()
    tab.wait_for_selector("h1#work")
    tab.get_by_role("heading", name="Variants of this work").scroll_into_view_if_needed()
    tab.get_by_text("is a variant of this one").wait_for()
    fault_free(tab)
    tab.get_by_text("Rename").click()
    tab.get_by_label("Title").fill("Lin, spring")
    fault_free(tab)
    tab.get_by_role("button", name="Save").click()
    tab.get_by_role("heading", name="Lin, spring").wait_for()
    tab.get_by_role("button", name="Remove").click()
    tab.get_by_role("button", name="Take it back Lin, spring").wait_for()
    fault_free(tab)
    tab.get_by_role("button", name="Take it back").click()
    tab.get_by_role("heading", name="Lin, spring").wait_for()
    tab.get_by_text("Rename").click()
    tab.get_by_label("Title").fill("")
    tab.get_by_role("button", name="Save").click()
    tab.get_by_role("heading", name="cel.png").wait_for()  # as other tests know it
    tab.goto(f"{page.base}/portfolio/copies")
    fault_free(tab)


def test_variants_hang_as_one_without_barriers(tab, page, drawings, png) -> None:
    """The gallery finds them while it is open; a label leads to all of them."""
    calm, angry = drawings.cel(500, 400, 61), drawings.cel(500, 400, 61)
    angry[10:50, 10:50] = (200, 20, 20)
    tab.goto(f"{page.base}/portfolio")
    chosen(tab, ("calm.png", png(calm)), ("angry.png", png(angry)))
    tab.get_by_role("link", name="Show them as one").click(timeout=120_000)
    fault_free(tab)
    tab.get_by_role("link", name="1 variant of it angry.png").click()
    tab.get_by_role("heading", name="“angry.png” and its variants").wait_for()
    fault_free(tab)


def test_drafts_are_added_where_a_work_is_looked_at(tab, page, drawings, png) -> None:
    """The filters lead there; the drafts stand below the work."""
    tab.goto(f"{page.base}/portfolio")
    tab.get_by_role("combobox", name="Which works").select_option("marked")
    tab.get_by_role("button", name="Search").click()
    tab.get_by_role("link", name="cutout.png").click()
    tab.wait_for_selector("h1#work")
    chosen(tab, ("sketch.png", png(drawings.line_art(480, 360, seed=8))))
    tab.get_by_role("img", name="sketch.png").wait_for(timeout=120_000)
    fault_free(tab)


def test_a_platform_is_looked_up_tried_and_tested(tab, page, drawings, png) -> None:
    """What is left comes by itself; a test is gone through to the platform that it makes."""
    folder = page.saved / "self-test seen"
    folder.mkdir(parents=True, exist_ok=True)
    posted = png(drawings.cel(480, 360, seed=31))
    (folder / "test-1.png").write_bytes(posted)
    tab.goto(f"{page.base}/platforms")
    fault_free(tab)
    tab.get_by_role("link", name="Bilibili").click()
    tab.get_by_role("row", name="Invisible mark").wait_for(timeout=120_000)
    fault_free(tab)
    tab.goto(f"{page.base}/platforms/tests")
    fault_free(tab)
    tab.get_by_role("link", name="seen").click()
    tab.wait_for_selector("#post")
    chosen(tab, ("IMG_1.png", posted))
    tab.get_by_role("button", name="Keep it as a platform").wait_for(timeout=120_000)
    tab.wait_for_selector("#measured:not([hx-get])")
    fault_free(tab)
    tab.get_by_role("button", name="Keep it as a platform").click()
    tab.wait_for_selector("h1#platform")
    tab.wait_for_load_state("networkidle")
    (page.home / "platforms" / "seen.toml").unlink()


def test_beginning_and_end_are_without_barriers(start, browser, tmp_path: Path) -> None:
    """A locked page, the first questions, rooms with nothing in them, a wrong address, the end."""
    page = start(tmp_path / "home", tmp_path / "Pictures")
    context = browser.new_context()
    tab = context.new_page()
    tab.goto(f"{page.base}/protect")
    tab.get_by_role("heading", name="This page is locked").wait_for()
    fault_free(tab)
    tab.goto(page.address)
    tab.wait_for_url("**/start")
    tab.get_by_label("Your name").fill("\ue000")
    tab.get_by_text("No font on this computer").wait_for()
    fault_free(tab)
    tab.get_by_label("Your name").fill("Mo")
    tab.get_by_role("button", name="Begin").click()
    tab.wait_for_url("**/protect")
    for room in ("portfolio", "check/cases", "no/such/place", "portfolio/copies"):
        tab.goto(f"{page.base}/{room}")
        fault_free(tab)
    tab.get_by_role("button", name="Save a copy of the key").click()
    tab.get_by_text("The key was copied to").wait_for()
    fault_free(tab)
    tab.get_by_role("button", name="Quit").click()
    tab.get_by_role("heading", name="ocguard has ended").wait_for()
    fault_free(tab)
    context.close()


def begun(context: Any, page: Any) -> Any:
    """Open a new home's page, say who one is, and get to where pictures are protected."""
    tab = context.new_page()
    tab.goto(page.address)
    tab.get_by_label("Your name").fill("Mo")
    tab.get_by_role("button", name="Begin").click()
    tab.wait_for_url("**/protect")
    return tab


@pytest.mark.skipif(os.name != "posix", reason="Windows has no SIGTERM")
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT], ids=["SIGTERM", "Ctrl-C"])
def test_a_signal_ends_the_program_under_an_open_page(
    start, browser, drawings, png, tmp_path: Path, number: int
) -> None:
    """Also in the midst of a picture: it is whole or not there, and the page says that it ended."""
    page = start(tmp_path / "home", tmp_path / "Pictures")
    context = browser.new_context()
    tab = begun(context, page)
    chosen(tab, ("large.png", png(drawings.cel(3000, 2000, seed=51))))
    tab.get_by_role("button", name="Protect 1 picture").click(timeout=120_000)
    tab.get_by_text("at work").wait_for()
    page.process.send_signal(number)
    assert page.process.wait(ENDS_SECONDS) == 0
    tab.get_by_text("ocguard has ended").wait_for(timeout=60_000)  # it asks every half minute
    for made in page.saved.iterdir():
        with Image.open(made) as image:
            image.load()
    fault_free(tab)
    context.close()


@pytest.mark.parametrize("act", ["look", "send"])
def test_what_is_asked_of_a_program_that_ended_is_answered_at_once(
    start, browser, drawings, png, tmp_path: Path, act: str
) -> None:
    """Another look, or further pictures: nobody waits for what does not come."""
    page = start(tmp_path / "home", tmp_path / "Pictures")
    context = browser.new_context()
    tab = begun(context, page)
    picture = ("a.png", png(drawings.cel(300, 200, seed=52)))
    chosen(tab, picture)
    tab.wait_for_selector("#look")
    page.process.kill()
    page.process.wait()
    if act == "look":
        tab.locator("input[value=band]").check(force=True)
    else:
        chosen(tab, picture, picture)
    tab.get_by_text("ocguard has ended").wait_for(timeout=5_000)
    context.close()


def test_several_finds_are_without_barriers(tab, page, gallery) -> None:
    """As a list, with how many there are of each."""
    first, second, *_ = sorted(gallery.out.rglob("*.png"))
    tab.goto(f"{page.base}/check")
    chosen(tab, ("one.png", first.read_bytes()), ("two.png", second.read_bytes()))
    tab.get_by_text("2 of 2 are compared.").wait_for(timeout=120_000)
    fault_free(tab)
