"""Promises of ocguard.imaging.codecs.fitting."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ocguard.errors import ImageWriteError
from ocguard.imaging.codecs import fitting
from ocguard.imaging.codecs.fitting import can_hold, fitted
from ocguard.imaging.picture import Carried, Frame, Picture
from ocguard.metadata.exif import exif_dpi, read_orientation

FORMATS = ("PNG", "JPEG", "WEBP", "AVIF", "TIFF", "GIF")


def plain(shape=(6, 8, 3), dtype=np.uint8, **carried):
    """A picture of one level."""
    return Picture.from_array(np.full(shape, 90, dtype), carried=Carried(**carried))


@pytest.mark.parametrize("name", FORMATS)
def test_what_fits_is_left_alone(name):
    """RGB of 8 bits without metadata fits everywhere, without a sentence."""
    picture, lost = plain(file_format=name), []
    same = fitted(picture, name, lost)
    assert lost == []
    assert same.frames[0].pixels is picture.frames[0].pixels
    assert same.carried == picture.carried


@pytest.mark.parametrize("name", ["JPEG", "WEBP", "AVIF", "GIF"])
def test_depth_that_does_not_fit_is_named(name):
    """Sixteen bits stay in PNG and TIFF and become 8 elsewhere."""
    lost = []
    shallow = fitted(plain(dtype=np.uint16), name, lost)
    assert shallow.bit_depth == 8
    assert lost == [f"The picture was reduced from 16 to 8 bits for {name}."]


@pytest.mark.parametrize("name", ["PNG", "TIFF"])
def test_depth_stays_where_it_fits(name):
    """Without a sentence."""
    lost = []
    assert fitted(plain(dtype=np.uint16), name, lost).bit_depth == 16
    assert lost == []


@pytest.mark.parametrize("top", [255, 65_535])
def test_transparency_is_laid_on_white(top):
    """Half of black is middle grey, in either depth (16 bits become 8 for JPEG)."""
    dtype = np.uint8 if top == 255 else np.uint16
    pixels = np.zeros((1, 3, 4), dtype)
    pixels[0, :, 3] = (0, top // 2 + 1, top)
    lost = []
    flat = fitted(Picture.from_array(pixels), "JPEG", lost)
    assert not flat.has_alpha
    assert flat.frames[0].pixels[0, :, 0] == pytest.approx([255, 127, 0], abs=1)
    assert "JPEG has no transparency: the picture was laid on white." in lost


def test_ink_is_laid_on_bare_paper():
    """White of CMYK is no ink."""
    pixels = np.full((1, 2, 5), 200, np.uint8)
    pixels[0, :, 4] = (0, 255)
    picture = Picture((Frame(pixels),), "cmyk", True, Carried())
    assert fitted(picture, "JPEG", []).frames[0].pixels[0, :, 0].tolist() == [0, 200]


@pytest.mark.parametrize("name", ["PNG", "WEBP", "AVIF", "GIF"])
def test_ink_becomes_srgb_by_name_without_its_profile(name, profiles):
    """The profile described inks, which are gone."""
    pixels = np.zeros((2, 2, 4), np.uint8)
    picture = Picture((Frame(pixels),), "cmyk", False, Carried(icc_profile=profiles.cmyk()))
    lost = []
    rgb = fitted(picture, name, lost)
    assert rgb.color == "rgb"
    assert rgb.frames[0].pixels.min() > 200
    assert rgb.carried.icc_profile is None
    assert f"{name} holds RGB only here: cmyk pixels became sRGB." in lost


def test_grey_becomes_color_where_there_is_no_grey():
    """WebP has no grey; AVIF has none with alpha, and alpha stays."""
    assert fitted(plain((4, 4)), "WEBP", []).color == "rgb"
    assert fitted(plain((4, 4)), "AVIF", []).color == "grey"
    soft = np.full((4, 4, 2), 90, np.uint8)
    clear = fitted(Picture.from_array(soft), "AVIF", [])
    assert (clear.color, clear.has_alpha) == ("rgb", True)
    assert (clear.frames[0].pixels == 90).all()


@pytest.mark.parametrize(("name", "side"), [("JPEG", 65_501), ("WEBP", 16_384), ("GIF", 65_536)])
def test_sides_end_where_the_format_ends(name, side):
    """One pixel more is refused with a way out, the last one passes."""
    with pytest.raises(ImageWriteError, match=rf"{name} ends at.*choose PNG"):
        fitted(plain((1, side, 3)), name, [])
    fitted(plain((side - 1, 1, 3)), name, [])


def test_avif_ends_at_what_its_encoder_can_take():
    """Pixels, not sides."""
    huge = np.broadcast_to(np.uint8(0), (8192, 8193, 3))
    picture = Picture((Frame(huge),), "rgb", False, Carried())
    with pytest.raises(ImageWriteError, match=r"written up to 67,108,864 pixels.*choose PNG"):
        fitted(picture, "AVIF", [])
    assert fitted(picture, "PNG", []).size == (8193, 8192)


def test_an_animation_is_not_cut_to_its_first_frame(drawings):
    """A JPEG of an animation is refused."""
    frames = tuple(Frame(f, 50.0) for f in drawings.frames(8, 6))
    with pytest.raises(ImageWriteError, match=r"JPEG holds no animation; choose PNG or WebP"):
        fitted(Picture(frames, "rgb", False, Carried()), "JPEG", [])


@pytest.mark.parametrize("name", FORMATS)
def test_every_loss_of_metadata_is_named_and_nothing_else_goes(
    name, profiles, make_exif, xmp_packet
):
    """What the table says a format holds stays; the rest goes with one sentence each."""
    full = {
        "icc_profile": profiles.rgb(),
        "exif": make_exif(1).removeprefix(b"Exif\0\0"),
        "xmp": xmp_packet,
        "iptc": b"8BIM\4\4\0\0\0\0\0\0",
        "text": (("Title", "fox"),),
        "background": (1, 2, 3),
    }
    lost = []
    carried = fitted(plain(file_format=name, **full), name, lost).carried
    for place, value in full.items():
        kept = getattr(carried, place)
        assert kept == value if can_hold(name, place) else not kept
    assert len(lost) == sum(not can_hold(name, place) for place in full)
    assert all(sentence.startswith(f"{name} cannot hold the ") for sentence in lost)


def test_resolution_moves_to_exif_or_is_named():
    """WebP has room in EXIF, GIF has none at all."""
    lost = []
    moved = fitted(plain(dpi=(300.0, 200.0)), "WEBP", lost).carried
    assert (moved.dpi, exif_dpi(moved.exif), lost) == (None, (300.0, 200.0), [])
    gone = fitted(plain(dpi=(300.0, 200.0)), "GIF", lost).carried
    assert (gone.dpi, gone.exif) == (None, None)
    assert lost == ["GIF cannot hold the resolution: it was dropped."]


def test_another_format_is_stored_upright_everywhere(make_exif):
    """The turn is taken back in the record, in EXIF and in XMP together."""
    exif = make_exif(6).removeprefix(b"Exif\0\0")
    picture = plain(file_format="JPEG", orientation=6, exif=exif)
    assert fitted(picture, "JPEG", []).carried.orientation == 6
    upright = fitted(picture, "PNG", []).carried
    assert upright.orientation == 1
    assert read_orientation(upright.exif) == 1


@pytest.mark.parametrize(
    ("chunks", "profile", "is_told"),
    [
        ((("sRGB", b"\0"),), None, False),
        ((("gAMA", b"\0\0\xb1\x8f"),), None, True),
        ((("sRGB", b"\0"), ("cICP", b"\x0c\x0d\0\1")), None, True),
        ((("gAMA", b"\0\0\xb1\x8f"),), b"profile", False),
    ],
)
def test_a_color_description_is_missed_only_where_it_said_something(chunks, profile, is_told):
    """Plain sRGB is what readers assume, and a profile says all."""
    lost = []
    carried = fitted(plain(color_chunks=chunks, icc_profile=profile), "JPEG", lost).carried
    assert carried.color_chunks == ()
    assert bool(lost) == is_told


@given(st.integers(1, 9), st.integers(1, 9), st.integers(1, 30))
def test_strips_do_not_show(width, height, strip_px):
    """Conversions in strips of any size give every pixel its own value."""
    rng = np.random.default_rng(width * height)
    pixels = rng.integers(0, 65_536, (height, width, 3), dtype=np.uint16)
    picture, before = Picture.from_array(pixels), fitting._STRIP_PX
    whole = fitted(picture, "JPEG", []).frames[0].pixels
    fitting._STRIP_PX = strip_px
    try:
        assert np.array_equal(fitted(picture, "JPEG", []).frames[0].pixels, whole)
    finally:
        fitting._STRIP_PX = before


def test_the_picture_that_came_in_is_not_changed(profiles):
    """Conversion returns a new picture."""
    picture = plain((4, 4, 4), icc_profile=profiles.rgb(), text=(("a", "b"),))
    before, carried = picture.frames[0].pixels.copy(), replace(picture.carried)
    fitted(picture, "JPEG", [])
    assert np.array_equal(picture.frames[0].pixels, before)
    assert picture.carried == carried
