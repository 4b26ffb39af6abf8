"""Promises of ocguard.web.page.selftests."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import cv2
import pytest

from ocguard.platforms.profile_toml import parse_profile
from ocguard.workflows.platform.specimens import SPECIMENS

TESTS = "/platforms/tests"


@pytest.fixture
def begun(page, drawings, png) -> Path:
    """The folder of a test that was begun earlier, with small pictures in it."""
    folder = page.saved / "self-test mine"
    folder.mkdir(parents=True, exist_ok=True)
    for one in SPECIMENS:
        (folder / one.file_name).write_bytes(png(drawings.cel(480, 360, seed=one.number)))
    page.send(f"{TESTS}/mine/pictures/clear")
    return folder


def downloaded(folder: Path, number: int) -> tuple[str, bytes]:
    """What a platform gives back of a picture: half as large, JPEG."""
    path = folder / SPECIMENS[number - 1].file_name
    small = cv2.resize(cv2.imread(str(path)), (240, 180), interpolation=cv2.INTER_AREA)
    return f"IMG_{number}.jpg", cv2.imencode(".jpg", small, [cv2.IMWRITE_JPEG_QUALITY, 80])[
        1
    ].tobytes()


def test_a_test_needs_a_name_that_a_file_may_have(page) -> None:
    """Nothing is made for another one, and no address leads out of the folder."""
    for name in ("", "Mein Platz", "../out", "小红书"):
        told = page.send(TESTS, name=name)
        assert told.status == 422
        assert 'role="alert"' in told.text
    assert page.call(f"{TESTS}/..%2Fout").status == 404
    assert page.call(f"{TESTS}/Mein").status == 404


def test_a_test_goes_on_where_its_folder_lies(page, begun) -> None:
    """What was posted stays as it was, and can be taken away as one file."""
    before = {path.name: path.read_bytes() for path in begun.iterdir()}
    page.send(TESTS, name="mine")
    told = page.wait(f"{TESTS}/mine", "hx-trigger")
    assert {path.name: path.read_bytes() for path in begun.iterdir()} == before
    assert "1. Post these" in told.text
    assert f'href="{TESTS}/mine"' in page.call(TESTS).text
    with zipfile.ZipFile(io.BytesIO(page.call(f"{TESTS}/mine/zip").data)) as archive:
        assert set(archive.namelist()) == set(before)
    assert page.call(f"{TESTS}/mine/pictures/test-3.png").data[:2] == b"\xff\xd8"
    assert page.call(f"{TESTS}/mine/pictures/other.png").status == 404


def test_downloads_are_measured_and_kept_as_a_platform(page, begun) -> None:
    """Under the names that the person knows; a second measurement replaces the first when asked."""
    page.drop(f"{TESTS}/mine/pictures", downloaded(begun, 1), downloaded(begun, 3))
    told = page.wait(f"{TESTS}/mine", "being measured").text
    assert "480 × 360 → 240 × 180 px" in told
    assert "shows test-3.png" in told
    assert "Shrinks to a long side of 240 px" in told
    assert page.send(f"{TESTS}/mine/profile").url.endswith("/platforms/profiles/mine")
    path = page.home / "platforms" / "mine.toml"
    assert parse_profile(path.read_text("utf-8"), "mine").confidence == "medium"
    assert "Yours" in page.call("/platforms").text
    assert page.send(f"{TESTS}/mine/profile").status == 422
    assert "Replace the profile" in page.call(f"{TESTS}/mine").text
    assert page.send(f"{TESTS}/mine/profile", overwrite="yes").status == 200
    path.unlink()


def test_a_download_of_something_else_fails_alone(page, begun, drawings, png) -> None:
    """By its name; without any measurement there is nothing to keep."""
    page.drop(f"{TESTS}/mine/pictures", ("ad.png", png(drawings.line_art(300, 300, 8))))
    told = page.wait(f"{TESTS}/mine", "being measured").text
    assert "ad.png resembles none of the posted pictures" in told
    assert "Keep it as a platform" not in told
    assert page.send(f"{TESTS}/mine/profile").status == 422


def test_a_test_that_nobody_began_is_not_there(page) -> None:
    """It is told how to begin one."""
    told = page.call(f"{TESTS}/never")
    assert told.status == 404
    assert "begin one" in told.text
