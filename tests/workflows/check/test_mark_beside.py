"""Promises of ocguard.workflows.check.mark_beside."""

from __future__ import annotations

import io
import shutil
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from ocguard import ProtectResult, detect, protect
from ocguard.imaging.picture import Picture
from ocguard.keys import SecretKey
from ocguard.workflows.check.mark_beside import WorksBeside
from ocguard.workflows.home.workspace import Workspace

SIDE_PX = 300


@dataclass(frozen=True)
class Shelf:
    """A small work, and what was marked of it."""

    home: Path
    done: ProtectResult
    original: Image.Image
    marked: Image.Image

    @property
    def beside(self) -> WorksBeside:
        """The works, not opened yet."""
        return WorksBeside(Workspace.at(self.home), SecretKey.load(self.home / "secret.key"))


def made(root: Path, art: np.ndarray, secret: bytes) -> Shelf:
    """Protect a picture with a key."""
    home = root / "home"
    home.mkdir(mode=0o700)
    SecretKey.from_bytes(secret).save(home / "secret.key")
    Image.fromarray(art).save(root / "small.png")
    options = {"visible": "none", "creator": "Mo", "recipient": "Ann", "home": home}
    (done,) = protect([root / "small.png"], out=root / "out", **options)
    return Shelf(home, done, flat(root / "small.png"), flat(done.output))


def flat(path: Path) -> Image.Image:
    """Lay a picture on white."""
    with Image.open(path) as image:
        rgba = image.convert("RGBA")
    page = Image.new("RGB", rgba.size, "white")
    page.paste(rgba, mask=rgba)
    return page


def saved(picture: Image.Image, quality: int = 40) -> bytes:
    """Save a picture as JPEG."""
    file = io.BytesIO()
    picture.save(file, "JPEG", quality=quality)
    return file.getvalue()


@pytest.fixture(scope="module")
def shelf(tmp_path_factory, drawings) -> Shelf:
    """A cut-out of 300 px, whose mark does not show alone after JPEG of quality 40."""
    art = drawings.cutout(SIDE_PX, SIDE_PX, 2)
    return made(tmp_path_factory.mktemp("shelf"), art, b"a key for all galleries of tests")


def test_a_mark_that_does_not_show_by_itself_is_read_beside_its_work(shelf, tmp_path) -> None:
    """Whose it is, and that it lies on its work; without the portfolio nothing is found."""
    copy = saved(shelf.marked)
    found = detect(copy, home=shelf.home)
    (mark,) = found.marks
    assert (found.verdict, mark.verdict, mark.mode) == ("found", "found", "informed")
    assert (found.mark_id, found.recipient) == (shelf.done.mark_id, "Ann")
    assert found.work_id == shelf.done.work_id
    assert mark.p_value < 1e-9
    assert detect(copy, home=shelf.home, portfolio=tmp_path / "none.sqlite3").marks == ()


def test_a_mark_that_shows_by_itself_is_read_without_works(shelf, tmp_path) -> None:
    """Their index is not even made."""
    home = shutil.copytree(shelf.home, tmp_path / "home")
    shutil.rmtree(home / "cache", ignore_errors=True)
    (mark,) = detect(shelf.marked, home=home).marks
    assert mark.mode == "blind"
    assert not list(home.rglob("index-*"))


def test_place_and_map_are_in_pixels_of_the_picture(shelf) -> None:
    """On a page that was looked at in half its size."""
    page = Image.new("RGB", (2048, 1200), "white")
    large = shelf.marked.resize((2 * SIDE_PX, 2 * SIDE_PX), Image.Resampling.BICUBIC)
    page.paste(large, (700, 300))
    seen = shelf.beside.read(Picture.from_array(np.asarray(page)))
    (mark,) = seen.marks
    place = mark.place.left, mark.place.top, mark.place.right, mark.place.bottom
    assert place == pytest.approx((700, 300, 700 + 2 * SIDE_PX, 300 + 2 * SIDE_PX), abs=6)
    middle = mark.detection.transform @ (700 + SIDE_PX, 300 + SIDE_PX, 1)
    assert middle == pytest.approx((SIDE_PX / 2, SIDE_PX / 2), abs=2)


def test_a_mirrored_copy_is_read_as_one(shelf) -> None:
    """Thieves mirror pictures."""
    mirrored = saved(shelf.marked.transpose(Image.Transpose.FLIP_LEFT_RIGHT))
    (mark,) = detect(mirrored, home=shelf.home).marks
    assert (mark.mode, mark.mirrored) == ("informed", True)
    assert np.linalg.det(np.array(mark.transform)[:, :2]) < 0


def test_the_unmarked_original_has_no_mark(shelf) -> None:
    """It was looked at beside the work, too."""
    found = detect(saved(shelf.original), home=shelf.home)
    assert (found.verdict, found.mark_id, found.marks) == ("not-found", None, ())
    assert shelf.beside.read(Picture.from_array(np.asarray(shelf.original))).marks == ()


def test_a_stranger_has_nothing_to_be_read_beside(shelf, drawings) -> None:
    """Where no work is resembled, nothing is read."""
    stranger = drawings.figure(9)
    assert shelf.beside.read(Picture.from_array(stranger)) is None
    assert detect(stranger, home=shelf.home).verdict == "not-found"


def test_the_mark_of_another_key_is_not_read(shelf, tmp_path, drawings) -> None:
    """Though it is on the same work."""
    theirs = made(tmp_path, drawings.cutout(SIDE_PX, SIDE_PX, 2), bytes(range(32)))
    copy = saved(theirs.marked)
    assert detect(copy, home=theirs.home).mark_id == theirs.done.mark_id
    assert detect(copy, home=shelf.home).marks == ()


def test_a_work_that_was_protected_since_is_known(shelf, tmp_path, drawings) -> None:
    """The index is brought up to date with the first picture that needs it."""
    home = shutil.copytree(shelf.home, tmp_path / "home")
    assert detect(saved(shelf.marked), home=home).marks
    Image.fromarray(drawings.cutout(SIDE_PX, SIDE_PX, 3)).save(tmp_path / "later.png")
    options = {"visible": "none", "recipient": "Ann", "home": home}
    (later,) = protect([tmp_path / "later.png"], out=tmp_path / "out", **options)
    (mark,) = detect(saved(flat(later.output), 30), home=home).marks
    assert (mark.work_id, mark.mode) == (later.work_id, "informed")
