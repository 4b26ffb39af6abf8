"""Promises of ocguard.workflows.check.belonging."""

from __future__ import annotations

import io

import numpy as np
import pytest
from PIL import Image

import ocguard
from ocguard.distortions import apply, true_transform
from ocguard.portfolio import open_store
from ocguard.workflows.check.belonging import shows_its_work


@pytest.fixture
def store(gallery):
    """Open the portfolio of the gallery."""
    with open_store(gallery.home / "portfolio.sqlite3") as opened:
        yield opened


def pixels(path) -> np.ndarray:
    """Return the RGB pixels of a file."""
    with Image.open(path) as image:
        return np.asarray(image.convert("RGB"))


@pytest.mark.parametrize("distortion", ["jpeg-30", "crop-25", "rotate-7", "mirror", "invert"])
def test_a_copy_shows_its_work(gallery, store, distortion) -> None:
    """Laid as its mark says, whatever was done to it."""
    marked, result = pixels(gallery.out / "cel.png"), gallery.protected("cel.png")
    suspect = apply(distortion, marked, 3)
    onto = np.eye(3)
    if distortion not in {"jpeg-30", "invert"}:
        onto = true_transform(distortion, marked.shape[1::-1], 3)
    assert shows_its_work(suspect, result.mark_id, onto[:2], store) is True


def test_another_picture_does_not(gallery, store, drawings) -> None:
    """A stranger's that lies just where the work would."""
    result = gallery.protected("cel.png")
    stranger = drawings.cel(640, 480, 77)
    assert shows_its_work(stranger, result.mark_id, np.eye(2, 3), store) is False


def test_a_copy_that_lies_elsewhere_than_its_mark_says_is_searched_for(gallery, store) -> None:
    """The matcher finds the work before the mark is called copied."""
    result = gallery.protected("cel.png")
    away = np.array([[1.0, 0, 150], [0, 1, 90]])
    assert shows_its_work(pixels(gallery.out / "cel.png"), result.mark_id, away, store) is True


def test_a_mark_whose_work_or_place_is_unknown_can_tell_nothing(gallery, store) -> None:
    """It is neither on its work nor copied."""
    result, marked = gallery.protected("cel.png"), pixels(gallery.out / "cel.png")
    assert shows_its_work(marked, "0" * 16, np.eye(2, 3), store) is None
    assert shows_its_work(marked, result.mark_id, None, store) is None


def test_every_scene_of_an_animation_shows_its_work(tmp_path, drawings) -> None:
    """All its frames carry the mark; one alone is no picture that the mark was copied onto."""
    art = [Image.fromarray(drawings.painterly(480, 360, seed)) for seed in (1, 2, 3)]
    art[0].save(tmp_path / "a.gif", save_all=True, append_images=art[1:], duration=200)
    done = ocguard.protect(tmp_path / "a.gif", home=tmp_path / "home", visible="none")
    with Image.open(io.BytesIO(done.data)) as image:
        assert image.n_frames == 3
        for number in range(3):
            image.seek(number)
            image.convert("RGB").save(tmp_path / "scene.png")
            found = ocguard.detect(tmp_path / "scene.png", home=tmp_path / "home")
            assert (found.verdict, found.mark_id) == ("found", done.mark_id)
