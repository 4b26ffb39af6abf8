"""Promises of wall.js, in real browsers: many works hang on one wall, and take little memory."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import subprocess
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from ocguard.portfolio import Entry, open_store, rendition_id

MAX_GROWTH_MB = 60
MAX_DRIFT_MB = 10
"""What a wall may take beyond an empty one, and what hundreds of further works may add to it."""

SETTLED_MB = 2
"""What a page that is all there may still grow in a second."""

SHOWN = "[...document.querySelectorAll('.works a')].map((one) => one.pathname)"
HAS_MORE = "!!document.querySelector('.more')"
TO_THE_END = "scrollTo(0, document.documentElement.scrollHeight)"


class Chromium:
    """A browser that is driven through a pipe.

    Playwright follows the network, and then the browser keeps every answer that it got.
    """

    def __init__(self, folder: Path) -> None:
        (read, self._write), (self._read, write) = os.pipe(), os.pipe()
        words = ["--headless=new", "--no-sandbox", "--no-first-run", f"--user-data-dir={folder}"]
        words += ["--remote-debugging-pipe", "--window-size=1280,800"]
        # Chromium asks at 3 and answers at 4, whatever they are here.
        shell = f'exec "$0" "$@" 3<&{read} 4>&{write}'
        self._process = subprocess.Popen(
            ["bash", "-c", shell, shutil.which("chromium") or "chromium-browser", *words],
            pass_fds=(read, write),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        os.close(read)
        os.close(write)
        self._count, self._unread, self._tab = 0, b"", ""
        tabs = self._ask("Target.getTargets")["targetInfos"]
        tab = next(one["targetId"] for one in tabs if one["type"] == "page")
        self._tab = self._ask("Target.attachToTarget", targetId=tab, flatten=True)["sessionId"]

    def evaluate(self, script: str) -> Any:
        """Run a script in the tab."""
        return self._ask("Runtime.evaluate", expression=script, returnByValue=True)["result"].get(
            "value"
        )

    def wait(self, script: str) -> None:
        """Wait until a script says yes."""
        until = time.monotonic() + 120
        while not self.evaluate(script):
            assert time.monotonic() < until, script
            time.sleep(0.02)

    def open(self, address: str) -> None:
        """Show a page."""
        self._ask("Page.navigate", url=address)
        self.wait("document.readyState === 'complete' && location.protocol === 'http:'")

    def memory_mb(self) -> float:
        """Tell how much memory all of its processes hold."""
        self._ask("HeapProfiler.collectGarbage")
        tab, self._tab = self._tab, ""
        processes = self._ask("SystemInfo.getProcessInfo")["processInfo"]
        self._tab = tab
        return sum(map(_private_mb, {one["id"] for one in processes}))

    def settled_memory_mb(self) -> float:
        """Tell the same once it no longer grows: a page that was just opened is being made."""
        before, now = 0.0, self.memory_mb()
        while now - before > SETTLED_MB:
            time.sleep(1)
            before, now = now, self.memory_mb()
        return now

    def close(self) -> None:
        """End it."""
        self._process.terminate()
        self._process.wait(30)
        os.close(self._read)
        os.close(self._write)

    def _ask(self, method: str, **params: Any) -> Any:
        """Send a command, and read until it is answered."""
        self._count += 1
        command = {"id": self._count, "method": method, "params": params}
        if self._tab:
            command["sessionId"] = self._tab
        os.write(self._write, json.dumps(command).encode() + b"\0")
        while True:
            while b"\0" not in self._unread:
                part = os.read(self._read, 1 << 16)
                assert part, "Chromium has ended"
                self._unread += part
            one, _, self._unread = self._unread.partition(b"\0")
            answer = json.loads(one)
            if answer.get("id") == self._count:
                assert "error" not in answer, answer
                return answer["result"]


def _private_mb(process: int) -> float:
    """Tell what a process holds, its programs and files aside; one that is gone holds nothing."""
    with contextlib.suppress(FileNotFoundError, ProcessLookupError):
        lines = Path(f"/proc/{process}/smaps_rollup").read_text().splitlines()
        return (
            sum(int(one.split()[1]) for one in lines if one.startswith(("Pss_Anon:", "Pss_Shmem:")))
            / 1024
        )
    return 0.0


def until(tab: Any, script: str) -> None:
    """Wait for a script to say yes: Playwright's own waiting is refused by the page's policy."""
    for _ in range(3000):
        if tab.evaluate(script):
            return
        tab.wait_for_timeout(20)
    raise AssertionError(script)


def scroll_to_the_end(tab: Any) -> None:
    """Until there are no older works."""
    while tab.evaluate(HAS_MORE):
        tab.evaluate(TO_THE_END)
        tab.wait_for_timeout(20)


def hang(gallery: Any, home: Path, count: int) -> None:
    """Make a home with the gallery's works and many more, each with a picture of its own."""
    shutil.copytree(gallery.home, home)
    with open_store(home / "portfolio.sqlite3") as store:
        works = [(one, store.rendition(one.reference_sha256)) for one in store.works()]

        def entries() -> Iterator[Entry]:
            for number in range(count):
                work, jpeg = works[number % len(works)]
                jpeg += b"%d" % number
                digest, picture = f"{number:016x}{number:048x}", rendition_id(jpeg)
                new = replace(
                    work, work_id=digest[:16], pixel_sha256=digest, reference_sha256=picture
                )
                yield Entry(new, b"a fingerprint", {picture: jpeg})

        store.record(entries())


@pytest.fixture(scope="module")
def wall(gallery, start, tmp_path_factory):
    """A page with 204 works."""
    folder = tmp_path_factory.mktemp("wall")
    hang(gallery, folder / "home", 200)
    return start(folder / "home", folder / "Pictures")


@pytest.fixture
def tab(wall, browser):
    """A tab with the works; it complains of nothing."""
    tab = browser.new_page(viewport={"width": 1000, "height": 700})
    said: list[str] = []
    tab.on("console", lambda message: said.append(message.text))
    tab.goto(wall.address)
    tab.wait_for_url(f"{wall.base}/protect")
    tab.goto(f"{wall.base}/portfolio")
    yield tab
    tab.close()
    assert said == []


def test_every_work_comes_as_one_scrolls(wall, tab) -> None:
    """Once, the newest first; the batches leave no gap between them."""
    seen = dict.fromkeys(tab.evaluate(SHOWN))
    assert len(seen) == 60
    while tab.evaluate(f"{HAS_MORE} || scrollY + innerHeight < document.body.scrollHeight - 1"):
        tab.evaluate("scrollBy(0, innerHeight)")
        tab.wait_for_timeout(20)
        seen |= dict.fromkeys(tab.evaluate(SHOWN))
    with open_store(wall.home / "portfolio.sqlite3") as store:
        assert [*seen] == [f"/portfolio/works/{one.work_id}" for one in store.works()][::-1]
    ends = "[...document.querySelectorAll('.works:has(li)')].slice(0, -1).map("
    ends += "(one) => one.lastElementChild.getBoundingClientRect().right)"
    assert all(right > 650 for right in tab.evaluate(ends))


def test_works_far_away_leave_their_places_and_come_back(tab) -> None:
    """At the same height, with their pictures; pictures off the screen are wiped."""
    tab.locator(".works canvas").nth(3).wait_for()
    place = tab.evaluate("document.querySelector('.works').offsetHeight")
    scroll_to_the_end(tab)
    until(tab, "document.querySelector('.works').childElementCount === 0")
    joined = tab.evaluate("document.querySelector('.works').offsetHeight")
    assert 0 <= place - joined < 400  # its last row has gone to the next batch
    tab.evaluate("scrollTo(0, 0)")
    until(tab, "document.querySelector('.works canvas')?.clientHeight === 240")
    until(tab, "((one) => one.width === one.clientWidth)(document.querySelector('.works canvas'))")
    assert tab.evaluate("document.querySelector('.works').offsetHeight") == joined


def test_a_batch_with_the_focus_stays(tab) -> None:
    """Whoever goes on with the keyboard goes on from there."""
    tab.locator(".works a").first.focus()
    scroll_to_the_end(tab)
    assert tab.evaluate("document.activeElement.matches('.works a')")


def test_without_scripts_works_come_as_pages(wall, browser) -> None:
    """As images, with a link to the next ones."""
    context = browser.new_context(java_script_enabled=False)
    tab = context.new_page()
    tab.goto(wall.address)
    tab.wait_for_url(f"{wall.base}/protect")
    tab.goto(f"{wall.base}/portfolio")
    tab.locator(".works img").first.wait_for()
    assert tab.locator(".works canvas").first.is_hidden()
    tab.get_by_role("link", name="Older works").click()
    assert tab.locator(".works img").count() == 60
    context.close()


@pytest.mark.skipif(not Path("/proc").is_dir(), reason="reads the memory of processes from /proc")
@pytest.mark.skipif(not shutil.which("chromium"), reason="no Chromium is installed")
def test_a_thousand_works_take_little_memory(gallery, start, tmp_path: Path) -> None:
    """However many were scrolled through, only those on the screen count."""
    hang(gallery, tmp_path / "home", 1000)
    page = start(tmp_path / "home", tmp_path / "Pictures")
    chromium = Chromium(tmp_path / "browser")
    try:
        chromium.open(page.address)
        chromium.open(f"{page.base}/portfolio?words=none%20is%20called%20so")
        empty_mb = chromium.settled_memory_mb()
        chromium.open(f"{page.base}/portfolio")
        grown_mb = []
        while chromium.evaluate(HAS_MORE):
            last = chromium.evaluate("document.querySelector('.more a').href")
            chromium.evaluate(TO_THE_END)
            chromium.wait(f"document.querySelector('.more a')?.href !== '{last}'")
            time.sleep(0.3)  # its pictures come
            grown_mb.append(chromium.memory_mb() - empty_mb)
    finally:
        chromium.close()
    assert len(grown_mb) == 16
    assert max(grown_mb) <= MAX_GROWTH_MB
    assert max(grown_mb[8:]) - max(grown_mb[:8]) <= MAX_DRIFT_MB
