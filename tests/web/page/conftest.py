"""A page that runs on loopback, and people who use it: with a browser, or with plain requests."""

from __future__ import annotations

import http.cookiejar
import io
import os
import re
import shutil
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.error import HTTPError
from urllib.parse import urlencode

import pytest
from PIL import Image

from ocguard.imaging.files import encode_picture
from ocguard.imaging.picture import Picture

BOUNDARY = "a-boundary"


@dataclass(frozen=True)
class Answer:
    """What the page answered, after it led on."""

    status: int
    url: str
    headers: Any
    data: bytes

    @property
    def text(self) -> str:
        """The page, on one line."""
        return " ".join(self.data.decode().split())


@dataclass(frozen=True)
class Page:
    """A page's server, and a visitor without scripts."""

    address: str
    home: Path
    saved: Path
    process: subprocess.Popen[str]
    jar: http.cookiejar.CookieJar = field(default_factory=http.cookiejar.CookieJar)

    @property
    def base(self) -> str:
        """The address without its token."""
        return self.address.partition("/?")[0]

    def call(self, path: str, data: bytes | None = None, **headers: str) -> Answer:
        """Send one request; header names with ``_`` for ``-``."""
        said = {name.replace("_", "-"): value for name, value in headers.items()}
        request = urllib.request.Request(self.base + path, data, {"Accept": "text/html", **said})
        opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(self.jar))
        try:
            with opener.open(request, timeout=120) as answer:
                return Answer(answer.status, answer.url, answer.headers, answer.read())
        except HTTPError as error:
            with error:
                return Answer(error.code, error.url, error.headers, error.read())

    def enter(self) -> Page:
        """Open the printed address."""
        assert self.call(self.address.removeprefix(self.base)).status == 200
        return self

    def send(self, path: str, **fields: str) -> Answer:
        """Send a form."""
        return self.call(path, urlencode(fields).encode())

    def drop(self, path: str, *pictures: tuple[str, bytes]) -> Answer:
        """Send pictures as a form without scripts does."""
        parts = [
            f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="picture"; filename="{name}"'
            f"\r\nContent-Type: application/octet-stream\r\n\r\n".encode()
            + data
            + b"\r\n"
            for name, data in pictures
        ]
        kind = f"multipart/form-data; boundary={BOUNDARY}"
        return self.call(path, b"".join(parts) + f"--{BOUNDARY}--\r\n".encode(), Content_Type=kind)

    def wait(self, path: str, gone: str) -> Answer:
        """Ask again until a text is gone."""
        until = time.monotonic() + 120
        while gone in (answer := self.call(path)).text:
            assert time.monotonic() < until, answer.text
            time.sleep(0.1)
        return answer


def started(home: Path, folder: Path, *options: object) -> Page:
    """Start ``ocguard app`` and wait for its address."""
    words = [sys.executable, "-m", "ocguard", "--home", home, "app", "--no-browser", "-j", 1]
    places = {"XDG_PICTURES_DIR": str(folder), "HOME": str(folder.parent)}
    process = subprocess.Popen(
        [str(one) for one in (*words, *options)],
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, **places, "OPENBLAS_NUM_THREADS": "1"},
    )
    assert process.stdout is not None
    address = process.stdout.readline().strip()
    assert re.fullmatch(r"http://127\.0\.0\.1:\d+/\?token=[\w-]{43}", address), address
    return Page(address, home, folder / "ocguard", process)


@pytest.fixture(scope="session")
def png() -> Callable[[Any], bytes]:
    """Give what writes an array as a PNG."""

    def write(pixels: Any) -> bytes:
        return encode_picture(Picture.from_array(pixels), "png").data

    return write


@pytest.fixture(scope="session")
def start() -> Iterator[Callable[..., Page]]:
    """Start pages; what is left of them ends with the tests."""
    running: list[Page] = []

    def run(home: Path, folder: Path, *options: object) -> Page:
        running.append(started(home, folder, *options))
        return running[-1]

    yield run
    for page in running:
        page.process.kill()
        page.process.communicate()


@pytest.fixture(scope="session")
def open_page(gallery, start, tmp_path_factory) -> Page:
    """Run the page over a copy of the gallery, with its door open, for all tests."""
    folder = tmp_path_factory.mktemp("page")
    page = start(shutil.copytree(gallery.home, folder / "home"), folder / "Pictures").enter()
    # A page stays open: else the server ends a minute after a browser's last tab was closed.
    assert page.send("/pages/of-the-tests").status == 204
    return page


@pytest.fixture(scope="session")
def board(gallery) -> tuple[str, bytes]:
    """Two works of the gallery on one board, as somebody posted it."""
    board, file = Image.new("RGB", (1500, 600), (240, 240, 240)), io.BytesIO()
    for name, place in (("cel.png", (760, 50)), ("soft.jpg", (60, 40))):
        with Image.open(gallery.art / name) as picture:
            board.paste(picture, place)
    board.save(file, "PNG")
    return "board.png", file.getvalue()


@pytest.fixture
def page(open_page: Page) -> Page:
    """The same, with nothing on its trays."""
    open_page.send("/protect/pictures/clear")
    open_page.send("/check/finds/clear")
    return open_page
