"""Promises of ocguard.imaging.codecs.avif."""

import cv2
import numpy as np
import pytest

from ocguard.errors import ImageReadError
from ocguard.imaging.codecs import avif
from ocguard.imaging.picture import Carried, Frame, Picture


def test_colors_are_written_at_full_resolution_and_grey_as_grey(drawings):
    """The mean error of smooth color stays below two levels at the default quality."""
    art = drawings.gradient(64, 48)
    again = avif.read(avif.write(Picture.from_array(art), None, []))
    assert np.abs(again.frames[0].pixels.astype(int) - art).mean() < 2
    assert again.carried.file_format == "AVIF"
    assert not again.carried.is_lossless


def test_quality_decides_the_size(drawings):
    """Asked quality is used, the default is 90."""
    picture = Picture.from_array(drawings.painterly(64, 48))
    small, default, same = (len(avif.write(picture, q, [])) for q in (20, None, 90))
    assert small < default == same


@pytest.mark.parametrize("orientation", [1, 3, 6, 8])
def test_a_turned_picture_comes_back_upright(drawings, make_exif, orientation):
    """The pixels are stored turned, and the container says how to show them."""
    exif = make_exif(orientation).removeprefix(b"Exif\0\0")
    carried = Carried(file_format="AVIF", exif=exif, orientation=orientation)
    art = drawings.gradient(40, 24)
    again = avif.read(avif.write(Picture.from_array(art, carried=carried), None, []))
    assert again.size == (40, 24)
    assert np.abs(again.frames[0].pixels.astype(int) - art).mean() < 3


def test_metadata_comes_back(drawings, profiles, xmp_packet):
    """Profile and XMP, byte for byte."""
    carried = Carried(icc_profile=profiles.rgb(), xmp=xmp_packet)
    again = avif.read(
        avif.write(Picture.from_array(drawings.cel(16, 9), carried=carried), None, [])
    )
    assert again.carried.icc_profile == profiles.rgb()
    assert again.carried.xmp == xmp_packet


def test_animations_keep_frames_and_times_and_name_the_loop(drawings):
    """AVIF plays without end."""
    frames = tuple(Frame(f, 70.0) for f in drawings.frames(32, 16))
    lost = []
    data = avif.write(Picture(frames, "rgb", False, Carried(loop=4)), None, lost)
    again = avif.read(data)
    assert [frame.duration_ms for frame in again.frames] == [70.0] * 3
    assert again.carried.loop == 0
    assert lost == ["The number of loops was dropped: AVIF plays without end."]


def test_hidden_color_is_named_only_where_there_is_some(drawings):
    """Soft edges alone lose nothing."""
    cutout, soft = drawings.cutout(24, 16), drawings.cutout(24, 16)
    soft[..., 3] = np.maximum(soft[..., 3], 1)
    losses = []
    for pixels in (cutout, soft):
        losses.append([])
        again = avif.read(avif.write(Picture.from_array(pixels), None, losses[-1]))
        assert again.has_alpha
    assert "fully transparent" in losses[0][0]
    assert losses[1] == []


def test_deep_files_are_read_as_8_bits_by_name(drawings):
    """The configuration box says how many bits the file had."""
    deep = cv2.imencode(".avif", drawings.deep(24, 16) >> 6, [cv2.IMWRITE_AVIF_DEPTH, 10])[1]
    read = avif.read(deep.tobytes())
    assert read.bit_depth == 8
    assert any("10 or 12 bits" in sentence for sentence in read.carried.lost)
    shallow = avif.write(Picture.from_array(drawings.cel(24, 16)), None, [])
    assert avif.read(shallow).carried.lost == ()


def test_frames_count_against_the_pixel_limit(drawings, monkeypatch):
    """Before any of them is decoded."""
    frames = tuple(Frame(f, 70.0) for f in drawings.frames(32, 16))
    data = avif.write(Picture(frames, "rgb", False, Carried()), None, [])
    monkeypatch.setattr("ocguard.imaging.pillow_arrays.MAX_PIXELS", 2 * 32 * 16)
    with pytest.raises(ImageReadError, match="too large"):
        avif.read(data)
