"""Tests of reading ugoira: archives of numbered pictures."""

from __future__ import annotations

import io
import json
import zipfile

import numpy as np
import pytest

import ocguard
from ocguard.errors import ImageReadError
from ocguard.imaging.files import read_picture


def ugoira(frames: dict[str, bytes]) -> bytes:
    """Pack files the way that pixiv does."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as packed:
        for name, data in frames.items():
            packed.writestr(name, data)
    return out.getvalue()


@pytest.fixture
def frames(drawings, saved) -> dict[str, bytes]:
    """Three numbered frames."""
    return {f"{number:06d}.png": saved(drawings.cel(120, 90, number), "PNG") for number in range(3)}


def test_the_frames_are_read_in_their_order(frames, drawings) -> None:
    """Whatever the order in the archive; what is not told is said."""
    names = ["000000.png", "000002.png", "000001.png"]
    picture = read_picture(ugoira({name: frames[name] for name in names}))
    assert picture.carried.file_format == "UGOIRA"
    for number, frame in enumerate(picture.frames):
        assert np.array_equal(frame.pixels, drawings.cel(120, 90, number))
        assert frame.duration_ms == 100
    assert any("100 ms" in one for one in picture.carried.lost)


@pytest.mark.parametrize("level", [0, 1])
def test_times_that_a_program_added_are_kept(frames, level) -> None:
    """At the top of the file, or one level below."""
    told = {"frames": [{"file": name, "delay": 70} for name in frames]}
    told = {"ugokuIllustData": told} if level else told
    picture = read_picture(ugoira(frames | {"animation.json": json.dumps(told).encode()}))
    assert [frame.duration_ms for frame in picture.frames] == [70] * 3
    assert picture.carried.lost == ()


@pytest.mark.parametrize("told", [b"nothing", b"[]", b'{"frames": [{"file": 1}]}', b"{" * 9999])
def test_times_that_make_no_sense_are_as_none(frames, told) -> None:
    """The pictures are what counts."""
    picture = read_picture(ugoira(frames | {"animation.json": told}))
    assert [frame.duration_ms for frame in picture.frames] == [100] * 3


def test_pages_of_several_sizes_are_no_animation(frames, drawings, saved) -> None:
    """A comic in an archive says what to do."""
    other = saved(drawings.cel(90, 90), "PNG")
    with pytest.raises(ImageReadError, match="unpack it"):
        read_picture(ugoira(frames | {"000001.png": other}))


def test_a_damaged_frame_is_our_error(frames) -> None:
    """Not one of a decoder."""
    with pytest.raises(ImageReadError):
        read_picture(ugoira(frames | {"000001.png": frames["000001.png"][:60]}))


def test_a_ugoira_is_registered_by_its_frames(drawings, saved, tmp_path) -> None:
    """A still of a later one is found."""
    pictures = [drawings.cel(300, 300, seed) for seed in range(3)]
    packed = ugoira({f"{n:06d}.jpg": saved(one, "JPEG") for n, one in enumerate(pictures)})
    (tmp_path / "loop.zip").write_bytes(packed)
    work = ocguard.Portfolio(home=tmp_path).add(tmp_path / "loop.zip")
    assert [view.frame for view in work.views] == [1, 2]
    result = ocguard.check(pictures[2], home=tmp_path)
    assert (result.verdict, result.found[0].work_frame) == ("near-copy", 2)
