"""Promises of ocguard.workflows.protect.look."""

from __future__ import annotations

import io

import numpy as np
from PIL import Image

from ocguard import protect
from ocguard.imaging.files import encode_picture
from ocguard.imaging.picture import Picture
from ocguard.workflows.home.workspace import Workspace, account_name
from ocguard.workflows.protect.look import look, scripts_without_font, shown
from ocguard.workflows.protect.options import prepare_protect


def png_of(rgb: np.ndarray) -> bytes:
    """Write a PNG."""
    return encode_picture(Picture.from_array(rgb), "png").data


def pixels(jpeg: bytes) -> np.ndarray:
    """Decode a JPEG."""
    return np.asarray(Image.open(io.BytesIO(jpeg)).convert("RGB"), np.int16)


def test_a_picture_fits_the_screen_and_lies_on_white(drawings) -> None:
    """A smaller one keeps its size."""
    cutout = Picture.from_array(drawings.cutout(320, 240))
    assert pixels(shown(cutout, 1000)).shape == (240, 320, 3)
    small = pixels(shown(cutout, 160))
    assert small.shape == (120, 160, 3)
    assert small[0, 0].min() > 250


def test_the_look_is_what_a_protection_gives(gallery, drawings) -> None:
    """But for the invisible mark, and for what JPEG changes."""
    art = png_of(drawings.cel(640, 480, seed=5))
    options = {"visible": "band", "text": "Mo", "dry_run": True}
    job, _ = prepare_protect(Workspace.at(gallery.home), options, account_name)
    before, after = (
        pixels(look(job, art, "a.png", 2000).jpeg),
        protect(art, home=gallery.home, **options),
    )
    made = np.asarray(Image.open(io.BytesIO(after.data)).convert("RGB"), np.int16)
    assert np.abs(before - made).mean() < 2.0


def test_a_mark_that_cannot_be_laid_is_told(gallery) -> None:
    """The picture is shown all the same."""
    job, _ = prepare_protect(
        Workspace.at(gallery.home), {"text": "Mo", "dry_run": True}, account_name
    )
    made = look(job, png_of(np.full((9, 9, 3), 200, np.uint8)), "a.png", 100)
    assert made.warnings
    assert pixels(made.jpeg).shape == (9, 9, 3)


def test_a_script_without_a_font_is_named() -> None:
    """Nothing to draw, and what is drawn, lack none."""
    assert scripts_without_font(" ") == scripts_without_font("Mo") == ()
    (script,) = scripts_without_font("Mo \ue000")
    assert script.startswith("U+E000")


def test_emoji_in_a_name_ask_for_no_font() -> None:
    """The name is drawn without them, so nothing has to be installed."""
    assert scripts_without_font("Mo \U0001f3a8") == scripts_without_font("\U0001f3a8") == ()
