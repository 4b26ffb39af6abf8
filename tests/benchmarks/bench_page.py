"""Measure the page in a real browser: when a room is first painted, when a picture is protected.

``python tests/benchmarks/bench_page.py``; ``--quick`` once instead of three times. Linux only, with
Chromium. Seconds by the clock count whatever else the machine does, so that CPU seconds stand
beside them: of everything that this benchmark started, server, workers and browser. They are
seconds of one core; the work of server and browser partly overlaps.
"""

from __future__ import annotations

import argparse
import os
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from PIL import Image
from playwright.sync_api import sync_playwright

import harness
import ocguard

TIMES, TIMES_QUICK = 3, 1
SIZE = (1664, 1216)
"""Of the picture that is protected: 2 megapixels."""

WORKS = 12
ROOMS = ("protect", "check", "portfolio", "platforms")
TIMEOUT_MS = 300_000
FIRST_PAINT = """() => new Promise((found) => {
  const seen = () => performance.getEntriesByName("first-contentful-paint")[0];
  if (seen()) found(seen().startTime);
  new PerformanceObserver(() => { if (seen()) found(seen().startTime); }).observe({type: "paint"});
})"""


@dataclass(frozen=True)
class Step:
    """What a person waits for on the page.

    Attributes
    ----------
    step : str
        What.
    times : int
        How often it was measured.
    seconds, slowest_seconds : float
        Median and longest time by the clock.
    cpu_seconds : float
        Median of what server, workers and browser computed meanwhile.
    """

    step: str
    times: int
    seconds: float
    slowest_seconds: float
    cpu_seconds: float


def descendants(process_id: int) -> Iterator[int]:
    """Yield the numbers of all processes that one has started, directly or not."""
    for children in Path(f"/proc/{process_id}/task").glob("*/children"):
        for child in map(int, children.read_text().split()):
            yield child
            yield from descendants(child)


def cpu_seconds() -> float:
    """Return what all that was started from here has computed so far."""
    ticks = 0
    for one in descendants(os.getpid()):
        fields = Path(f"/proc/{one}/stat").read_text().rpartition(")")[2].split()
        ticks += sum(map(int, fields[11:15]))
    return ticks / os.sysconf("SC_CLK_TCK")


def measured(step: str, times: int, do: Callable[[int], float]) -> Step:
    """Do something some times; `do` gives the seconds that it took."""
    seconds, computed = [], []
    for number in range(times + 1):
        before = cpu_seconds()
        taken = do(number)
        if number:  # the first time loads what later ones have at hand
            seconds.append(taken)
            computed.append(cpu_seconds() - before)
    median = statistics.median(seconds)
    return Step(step, times, median, max(seconds), statistics.median(computed))


@contextmanager
def opened(home: Path, folder: Path) -> Iterator[tuple[Any, str]]:
    """Start the page, and open it in a tab; gives the tab and the address without its token."""
    command = [
        sys.executable,
        "-m",
        "ocguard",
        "--home",
        str(home),
        "app",
        "--no-browser",
        "-j",
        "1",
    ]
    env = {**os.environ, "XDG_PICTURES_DIR": str(folder), "OPENBLAS_NUM_THREADS": "1"}
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=env)
    assert process.stdout is not None
    address = process.stdout.readline().strip()
    rights = ["--no-sandbox"] if os.geteuid() == 0 else []
    program = shutil.which("chromium") or shutil.which("chromium-browser")
    try:
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=program, args=rights)
            tab = browser.new_page(viewport={"width": 1280, "height": 800})
            tab.set_default_timeout(TIMEOUT_MS)
            tab.goto(address)
            tab.wait_for_url("**/protect")
            yield tab, re.sub(r"/\?.*", "", address)
            browser.close()
    finally:
        process.kill()
        process.wait()


def painted(tab: Any, address: str, number: int) -> float:
    """Load a page once more, and return the seconds until something of it was to be seen."""
    tab.goto(address)
    return float(tab.evaluate(FIRST_PAINT)) / 1000


def protected(tab: Any, base: str, picture: Path, number: int) -> float:
    """Protect a picture, and return the seconds from the press of the button until it is shown."""
    tab.goto(f"{base}/protect")
    if tab.query_selector("form[action$='/clear'], form[action$='/remove']"):
        tab.click("form[action$='/remove'] button")
        tab.wait_for_selector(".empty")
    named = picture.with_name(f"{number}{picture.suffix}")
    shutil.copy(picture, named)
    tab.set_input_files("input[name=picture]", str(named))
    tab.wait_for_selector("#look")
    tab.wait_for_load_state("networkidle")
    begun = time.monotonic()
    tab.click(".act .primary")
    tab.wait_for_selector("#done")
    tab.evaluate(
        "() => Promise.all([...document.querySelectorAll('.sheet img')].map((one) => one.decode()))"
    )
    return time.monotonic() - begun


def main() -> None:
    """Run the benchmark from the command line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--quick", action="store_true", help="everything once")
    is_quick = parser.parse_args().quick
    times = TIMES_QUICK if is_quick else TIMES
    folder = harness.art_folder()
    scenes = harness.every(harness.pictures(folder, "illustrations"), WORKS)
    load = os.getloadavg()[0]
    with tempfile.TemporaryDirectory() as place:
        home = Path(place) / "home"
        ocguard.protect(
            scenes, out=Path(place) / "out", home=home, creator="Mo", visible="none", jobs=1
        )
        picture = Path(place) / "picture.png"
        with Image.open(scenes[0]) as scene:
            scene.convert("RGB").resize(SIZE).save(picture)
        with opened(home, Path(place) / "Pictures") as (tab, base):
            rows = [
                measured(f"first paint of {room}", times, partial(painted, tab, f"{base}/{room}"))
                for room in ROOMS
            ]
            rows.append(
                measured("2 MP protected and shown", times, partial(protected, tab, base, picture))
            )
    path = harness.write_result(
        "page-quick" if is_quick else "page",
        seed=0,
        settings={
            "times": times,
            "works": len(scenes),
            "picture_px": SIZE,
            "load": [round(load, 1), round(os.getloadavg()[0], 1)],
        },
        data=harness.data_facts(scenes, folder),
        tables={"steps": rows},
    )
    print(path, *rows, sep="\n")


if __name__ == "__main__":
    main()
