"""Promises of sources: the same picture from anywhere is the same picture."""

from __future__ import annotations

import hashlib
import os
import sys
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from ocguard.errors import ImageReadError
from ocguard.workflows.sources import load, source_name, source_place


def test_every_kind_of_source_gives_the_same_pixels(tmp_path, drawings) -> None:
    """Path, text, bytes in whatever holds them, Pillow image and array are one work."""
    art = drawings.cel(64, 48)
    path = tmp_path / "a.png"
    Image.fromarray(art).save(path)
    data = path.read_bytes()
    several_bytes = (data, bytearray(data), memoryview(data))
    sources = (path, str(path), *several_bytes, Image.open(path), art)
    assert len({load(source).pixel_sha256 for source in sources}) == 1
    assert {load(one).name for one in several_bytes} == {"bytes"}


def test_names_and_digests_say_where_it_came_from(tmp_path, monkeypatch, drawings) -> None:
    """A path stays as it was given; records get the absolute one."""
    monkeypatch.chdir(tmp_path)
    Image.fromarray(drawings.cel(64, 48)).save("a.png")
    loaded = load("a.png")
    assert (loaded.name, loaded.place) == ("a.png", str(tmp_path / "a.png"))
    assert loaded.file_sha256 == hashlib.sha256(Path("a.png").read_bytes()).hexdigest()
    in_memory = load(drawings.cel(64, 48))
    assert (in_memory.name, in_memory.place, in_memory.data) == ("array", "array", b"")
    assert in_memory.file_sha256 == in_memory.pixel_sha256
    assert load(Path("a.png").read_bytes()).name == "bytes"


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGB", "RGBA", "CMYK"])
def test_pillow_images_of_every_mode_are_taken(mode, drawings) -> None:
    """Whatever a program has in its hands."""
    image = Image.fromarray(drawings.cel(32, 24)).convert(mode)
    assert load(image).picture.size == (32, 24)


def test_a_pillow_images_profile_is_kept(drawings) -> None:
    """Colors mean something."""
    image = Image.fromarray(drawings.cel(32, 24))
    image.info["icc_profile"] = b"profile"
    assert load(image).picture.carried.icc_profile == b"profile"


@pytest.mark.parametrize("source", [None, 5, ["a.png"]])
def test_other_things_are_no_pictures(source) -> None:
    """A caller's mistake is named."""
    with pytest.raises(TypeError, match=type(source).__name__):
        load(source)


@pytest.mark.parametrize("source", [b"", b"not a picture"])
def test_bytes_that_are_no_picture_are_refused(source) -> None:
    """The message uses the name that it was given."""
    with pytest.raises(ImageReadError, match="upload 7"):
        load(source, "upload 7")


def test_arrays_of_other_shapes_are_refused() -> None:
    """Five channels are no picture."""
    with pytest.raises(ValueError, match="channels"):
        load(np.zeros((4, 4, 5), np.uint8))


@pytest.mark.skipif(sys.platform in {"win32", "darwin"}, reason="names are Unicode there")
def test_names_that_are_no_text_can_be_recorded() -> None:
    """A file name is any bytes on Linux; records and JSON are Unicode."""
    path = os.fsdecode(b"/art/\xff\xe9.png")
    assert source_name(path) == "/art/\\udcff\\udce9.png"
    source_place(path).encode("utf-8")
