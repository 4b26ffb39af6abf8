"""Promises of ocguard.imaging.canvas: a strip below, and every old pixel where it was."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from PIL import Image

from ocguard.imaging.canvas import with_strip_below
from ocguard.imaging.picture import Carried, Frame, Picture
from ocguard.imaging.rendition import rendition

PAPER = (250, 246, 240)


def cases(drawings: Any) -> dict[str, Picture]:
    """One picture of each depth, color model and kind of alpha."""
    cmyk = Picture((Frame(drawings.cmyk(80, 60)),), "cmyk", False)
    frames = tuple(Frame(frame, 40.0 + i) for i, frame in enumerate(drawings.frames(80, 60)))
    return {
        "rgb": Picture.from_array(drawings.cel(80, 60)),
        "rgba": Picture.from_array(drawings.cutout(80, 60)),
        "grey": Picture.from_array(drawings.grey(80, 60)),
        "deep": Picture.from_array(drawings.deep(80, 60)),
        "cmyk": cmyk,
        "animated": replace(Picture.from_array(drawings.cel(80, 60)), frames=frames),
    }


@pytest.mark.parametrize("kind", ["rgb", "rgba", "grey", "deep", "cmyk", "animated"])
def test_old_pixels_stay_and_the_strip_has_its_color(kind: str, drawings: Any) -> None:
    """In every depth and color model, in every frame, with all durations."""
    before = cases(drawings)[kind]
    after = with_strip_below(before, 17, PAPER)
    assert after.size == (80, 77)
    assert (after.color, after.has_alpha, after.bit_depth) == (
        before.color,
        before.has_alpha,
        before.bit_depth,
    )
    assert after.carried == before.carried
    for old, new in zip(before.frames, after.frames, strict=True):
        assert np.array_equal(old.pixels, new.pixels[:60])
        assert old.duration_ms == new.duration_ms
    view = rendition(after, 1000)
    assert np.abs(view.rgb[60:].astype(int) - PAPER).max() <= (8 if kind == "grey" else 2)
    assert view.alpha is None or (view.alpha[60:] == 255).all()


def test_no_strip_is_the_same_picture_and_an_impossible_one_is_refused(drawings: Any) -> None:
    """Nothing is copied for nothing."""
    picture = Picture.from_array(drawings.cel(80, 60))
    assert with_strip_below(picture, 0, PAPER) is picture
    for height in (-1, 16_384 * 16_384):
        with pytest.raises(ValueError, match="strip"):
            with_strip_below(picture, height, PAPER)


@pytest.mark.parametrize("orientation", [1, 6])
def test_the_size_that_exif_names_follows(orientation: int, drawings: Any) -> None:
    """As stored in the file, which may lie on its side; everything else stays."""
    exif = Image.Exif()
    exif[0x0112] = orientation
    exif.get_ifd(0x8769).update({0xA002: 80, 0xA003: 60, 0x9286: b"ASCII\0\0\0a fox"})
    carried = Carried(exif=exif.tobytes().removeprefix(b"Exif\0\0"), orientation=orientation)
    after = with_strip_below(
        Picture.from_array(drawings.cel(80, 60), carried=carried), 17, PAPER
    ).carried.exif
    assert after is not None
    read = Image.Exif()
    read.load(b"Exif\0\0" + after)
    found = read.get_ifd(0x8769)
    assert (found[0xA002], found[0xA003]) == ((80, 77) if orientation == 1 else (77, 80))
    assert found[0x9286] == b"ASCII\0\0\0a fox"


def test_damaged_exif_is_carried_as_it_is(drawings: Any) -> None:
    """A strip is no reason to lose it."""
    for exif in (b"", b"II*\0", b"MM\0*\0\0\0\x08\0\x01\x87\x69\0\x04\0\0\0\x01\xff\xff\xff\xff"):
        picture = Picture.from_array(drawings.cel(80, 60), carried=Carried(exif=exif))
        assert with_strip_below(picture, 17, PAPER).carried.exif == exif
