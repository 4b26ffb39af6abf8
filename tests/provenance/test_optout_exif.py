"""Promises of ocguard.provenance.exif."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from ocguard.provenance.optout import OptOut
from ocguard.provenance.optout_exif import exif_texts, merge_exif

CameraExif = Callable[[str], bytes]


def test_notice_and_creator_are_written_in_ascii(optout: OptOut) -> None:
    """The sign becomes "(c)", and Pillow reads both."""
    merged = merge_exif(None, optout)
    read = Image.Exif()
    read.load(b"Exif\0\0" + merged.data)
    assert read[0x8298] == "(c) 2026 Mira Vale"
    assert read[0x013B] == "Mira Vale"
    assert merged.warnings == ()


def test_names_without_an_ascii_spelling_are_left_to_xmp(camera_exif: CameraExif) -> None:
    """Nothing is mangled: neither a Chinese name nor an accent."""
    for name in ("小狐狸", "Zoé"):
        optout = OptOut(creator=name, notice=f"© {name}")
        assert merge_exif(None, optout).data == b""
        assert merge_exif(camera_exif("<"), optout).data == camera_exif("<")


@pytest.mark.parametrize("order", ["<", ">"])
def test_other_artists_stay_behind_ours(
    order: str, camera_exif: CameraExif, optout: OptOut
) -> None:
    """EXIF separates artists by semicolons."""
    data = merge_exif(camera_exif(order), optout).data
    assert exif_texts(data)["Artist"] == "Mira Vale; Old"


@pytest.mark.parametrize(
    ("artist", "merged"), [(" " * 20, "Mira Vale"), ("Old;  ; Mira Vale ", "Mira Vale; Old")]
)
def test_a_blank_artist_is_none(artist: str, merged: str, optout: OptOut) -> None:
    """Cameras fill the field with spaces."""
    old = Image.Exif()
    old[0x013B] = artist
    assert exif_texts(merge_exif(old.tobytes(), optout).data)["Artist"] == merged


def test_a_copyright_that_gives_way_to_ours_is_named(optout: OptOut) -> None:
    """Blanks and our own notice are no loss."""
    for text, warnings in {
        "CC-BY 2019": ('the file\'s own EXIF Copyright "CC-BY 2019" was replaced',),
        "  ": (),
        "(c) 2026 Mira Vale": (),
    }.items():
        old = Image.Exif()
        old[0x8298] = text
        assert merge_exif(old.tobytes(), optout).warnings == warnings


@pytest.mark.parametrize("order", ["<", ">"])
def test_everything_else_keeps_its_bytes(
    order: str, camera_exif: CameraExif, optout: OptOut
) -> None:
    """Maker note with absolute offsets, GPS, thumbnail, orientation, unknown types."""
    old = camera_exif(order)
    new = merge_exif(old, optout).data
    assert new[8 : len(old)] == old[8:]
    read = Image.Exif()
    read.load(b"Exif\0\0" + new)
    assert read[0x0112] == 6
    assert read.get_ifd(0x8769)[0x927C].startswith(b"MAKER")
    assert read.get_ifd(0x8825)[1] == "N"


def test_merging_twice_is_merging_once(camera_exif: CameraExif, optout: OptOut) -> None:
    """Protecting a protected file again does not make its EXIF grow."""
    for existing in (None, camera_exif("<"), camera_exif(">")):
        once = merge_exif(existing, optout)
        assert merge_exif(once.data, optout) == once


def test_the_prefix_of_jpeg_is_taken_off(camera_exif: CameraExif, optout: OptOut) -> None:
    """With or without it, the result starts with the byte order."""
    with_prefix = merge_exif(b"Exif\0\0" + camera_exif("<"), optout)
    assert with_prefix == merge_exif(camera_exif("<"), optout)


@pytest.mark.parametrize("broken", [b"junk", b"II*\0\xff\xff\xff\xff", b"MM\0*"])
def test_broken_exif_is_left_as_it_is_with_a_warning(broken: bytes, optout: OptOut) -> None:
    """What cannot be read is not rewritten."""
    merged = merge_exif(broken, optout)
    assert merged.data == broken
    assert "broken" in merged.warnings[0]


def test_comments_are_read_in_every_character_set() -> None:
    """ASCII, and Unicode in either byte order."""
    for value in (
        b"ASCII\0\0\0Steps: 20",
        b"UNICODE\0" + "Steps: 20".encode("utf-16-be"),
        b"UNICODE\0" + "Steps: 20".encode("utf-16-le"),
    ):
        exif = Image.Exif()
        exif.get_ifd(0x8769)[0x9286] = value
        assert exif_texts(exif.tobytes())["UserComment"] == "Steps: 20"


@given(st.binary(max_size=300))
def test_reading_random_bytes_never_raises(data: bytes) -> None:
    """There is a dict of texts, whatever the bytes."""
    for head in (b"", b"II*\0\x08\0\0\0", b"MM\0*\0\0\0\x08", b"Exif\0\0MM\0*\0\0\0\x08"):
        assert all(isinstance(text, str) for text in exif_texts(head + data).values())


@pytest.mark.parametrize("order", ["<", ">"])
def test_an_independent_reader_finds_the_same_as_before(
    order: str,
    camera_exif: CameraExif,
    optout: OptOut,
    exiftool: Callable[[Path], dict[str, Any]],
    tmp_path: Path,
) -> None:
    """ExifTool reads all old tags unchanged, and ours."""
    old = camera_exif(order)
    new = merge_exif(old, replace(optout, creator="Mira")).data
    paths = tmp_path / "old.jpg", tmp_path / "new.jpg"
    for path, exif in zip(paths, (old, new), strict=True):
        Image.new("RGB", (64, 48)).save(path, exif=b"Exif\0\0" + exif)
    before, after = (exiftool(path) for path in paths)
    groups = ("IFD0:", "GPS:", "IFD1:", "ExifIFD:")
    kept = {k: v for k, v in before.items() if k.startswith(groups) and k != "IFD0:Artist"}
    assert {"IFD0:Model", "IFD0:Orientation"} <= set(kept)
    assert {k: after.get(k) for k in kept} == kept
    assert after["IFD0:Artist"] == "Mira; Old"
    assert after["IFD0:Copyright"] == "(c) 2026 Mira Vale"
