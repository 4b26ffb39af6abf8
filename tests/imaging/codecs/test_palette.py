"""Tests of going back to a palette."""

import cv2
import numpy as np
import pytest

from ocguard.imaging.codecs.palette import is_near, palette_image
from ocguard.imaging.pillow_arrays import array_of

MIXED_LEVELS = 2.5  # mean error of mixed colors: those outside the palette's hull cannot be mixed


@pytest.mark.parametrize("channels", [3, 4])
def test_up_to_256_colors_are_exact(channels):
    """The palette holds just the colors there are, with their alpha."""
    rng = np.random.default_rng(0)
    colors = rng.integers(0, 256, (256, channels), dtype=np.uint8)
    art = colors[rng.integers(0, 256, (40, 50))]
    image = palette_image(art)
    assert image is not None
    mode = "RGB" if channels == 3 else "RGBA"
    assert np.array_equal(np.asarray(image.convert(mode)), art)


def test_strips_do_not_show(drawings, monkeypatch):
    """Indices do not depend on how many rows are looked at a time."""
    art = drawings.cel(60, 40) // 90 * 90
    whole = palette_image(art)
    monkeypatch.setattr("ocguard.imaging.codecs.palette._STRIP_PX", 60 * 7)
    parts = palette_image(art)
    assert whole is not None
    assert parts is not None
    assert np.array_equal(np.asarray(whole), np.asarray(parts))


def test_dithering_keeps_local_means(drawings):
    """Over a few pixels, a dithered picture has the color of the original."""
    art = drawings.painterly(160, 120)
    image = palette_image(art)
    assert image is not None
    error = np.asarray(image.convert("RGB")).astype(float) - art
    blocks = error.reshape(15, 8, 20, 8, 3).mean((1, 3))
    assert np.abs(blocks).mean() < np.abs(error).mean() / 3
    assert np.abs(blocks).mean() < MIXED_LEVELS


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_accents_keep_their_color(drawings, seed):
    """The rim of an eye has few pixels in a large picture, and a color of its own all the same."""
    art = drawings.cel(640, 480, seed)
    art[100:112, 200:212] = (250, 140, 10)
    smooth = cv2.GaussianBlur(np.random.default_rng(0).normal(0, 12, (480, 640)), (0, 0), 2)
    art = np.clip(np.rint(art + smooth[..., None]), 0, 255).astype(np.uint8)
    image = palette_image(art)
    assert image is not None
    seen = np.asarray(image.convert("RGB")).astype(int)[100:112, 200:212]
    assert np.abs(seen - (250, 140, 10)).max() < 24
    assert is_near(art, image)


def test_a_picture_far_from_its_colors_is_told(drawings):
    """Grain of all colors is too much for a palette."""
    art = drawings.painterly(160, 120)
    image = palette_image(art)
    assert image is not None
    assert not is_near(art, image)


def test_every_index_has_a_color(drawings):
    """No pixel points beyond the palette, soft edges and few colors included."""
    art = drawings.cutout(160, 120)
    art[..., :3] = drawings.painterly(160, 120)
    image = palette_image(art)
    assert image is not None
    colors = len(image.getpalette()) // 3
    assert int(np.asarray(image).max()) < colors <= 256
    assert len(image.info["transparency"]) == colors
    seen = np.asarray(image.convert("RGBA"))
    opaque = art[..., 3] == 255
    assert np.array_equal(seen[..., 3], art[..., 3])
    assert np.abs(seen.astype(int) - art)[opaque][:, :3].mean() < 12


@pytest.mark.parametrize("channels", [3, 4])
def test_white_paper_and_flat_colors_stay_what_they_are(channels) -> None:
    """Whatever else has to be dithered: a tint of paper shows beside the page around it."""
    rng = np.random.default_rng(3)
    pixels = np.full((200, 300, channels), 255, np.uint8)
    pixels[120:, :150, :3] = (200, 40, 90)
    pixels[:80, 200:, :3] = rng.integers(0, 256, (80, 100, 3))
    image = palette_image(pixels)
    assert image is not None
    seen = array_of(image, "RGBA")[..., :3]
    flat = np.ones((200, 300), bool)
    flat[:90, 190:] = False  # next to the others, an error of theirs may be diffused
    same = (seen == pixels[..., :3]).all(axis=2)
    assert same[flat].mean() > 0.99
