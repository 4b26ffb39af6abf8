"""Promises of ocguard.workflows.protect.marking."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from ocguard.errors import HostTooSmallError, MarkLostError
from ocguard.imaging.files import encode_picture, read_picture
from ocguard.imaging.picture import Carried, Frame, Picture
from ocguard.keys import SecretKey
from ocguard.provenance.declared import declared
from ocguard.provenance.optout import OptOut
from ocguard.watermark.invisible import KnownMark
from ocguard.workflows.protect.marking import declare, encode_checked, mark_invisibly

KEY = SecretKey(bytes(range(32)))
MARK_ID = 0x0123456789ABCDEF
OPT_OUT = OptOut(creator="Mira Vale", notice="© Mira Vale")


@pytest.fixture(scope="module")
def art(drawings) -> Picture:
    """A painted picture of 400 x 320 pixels."""
    return Picture.from_array(drawings.painterly(400, 320, 2))


@pytest.fixture(scope="module")
def marked(art):
    """The picture with a mark."""
    return mark_invisibly(art, MARK_ID, KEY, "normal")


def test_a_mark_is_faint_and_read_back_from_the_file(art, marked) -> None:
    """The host stays, what was measured is what changed, and the file holds the mark."""
    change = marked.picture.frames[0].pixels.astype(int) - art.frames[0].pixels
    mse = np.square(change).mean()
    assert marked.fidelity.psnr_db == pytest.approx(10 * np.log10(255**2 / mse), abs=0.1)
    assert marked.fidelity.psnr_db > 40
    assert marked.known == KnownMark(MARK_ID, (400, 320), marked.known.origin_px)
    encoded = encode_checked(marked.picture, art, marked.known, KEY, "jpeg", 90)
    assert read_picture(encoded.data).size == (400, 320)


def test_a_file_without_its_mark_is_not_published(art, marked) -> None:
    """The message says what to try."""
    said = r"does not read back from the PNG.*--strength strong"
    with pytest.raises(MarkLostError, match=said):
        encode_checked(art, art, marked.known, KEY, "png", None)


def test_a_mark_that_is_read_beside_the_original_alone_is_told_of() -> None:
    """Grain all over hides a mark from everybody who does not have the original."""
    art = Picture.from_array(np.random.default_rng(1).integers(0, 255, (300, 300, 3), np.uint8))
    marked = mark_invisibly(art, MARK_ID, KEY, "normal")
    encoded = encode_checked(marked.picture, art, marked.known, KEY, "png", None)
    assert any("beside the original alone" in said for said in encoded.warnings)


def test_all_frames_of_an_animation_get_the_same_change(drawings) -> None:
    """A still background stays still."""
    frames = tuple(Frame(f, 80.0) for f in drawings.frames(320, 320, 3))
    animation = Picture(frames, "rgb", False, Carried(file_format="PNG"))
    marked = mark_invisibly(animation, MARK_ID, KEY, "normal").picture
    changes = [
        after.pixels.astype(int) - before.pixels
        for before, after in zip(frames, marked.frames, strict=True)
    ]
    is_still = (frames[0].pixels == frames[2].pixels).all(axis=2)
    assert np.abs(changes[0]).max() > 0
    assert np.array_equal(changes[0][is_still], changes[2][is_still])


def test_a_picture_without_room_is_refused() -> None:
    """Instead of a mark that nobody reads."""
    with pytest.raises(HostTooSmallError):
        mark_invisibly(Picture.from_array(np.zeros((20, 20, 3), np.uint8)), MARK_ID, KEY, "normal")


@pytest.mark.parametrize("file_format", ["keep", "jpeg", "webp"])
def test_the_opt_out_is_declared_in_both_places(art, file_format) -> None:
    """In XMP and in EXIF; the picture that came in stays as it was."""
    told, warnings = declare(art, OPT_OUT, file_format)
    assert warnings == ()
    assert b"Mira Vale" in told.carried.xmp
    assert b"Mira Vale" in told.carried.exif
    assert (art.carried.xmp, art.carried.exif) == (None, None)


@pytest.mark.parametrize("file_format", ["png", "jpeg", "webp", "avif"])
def test_a_label_of_synthetic_content_is_never_lost(art, file_format) -> None:
    """Where the written format has no named texts, it moves to XMP."""
    label = '{"Label":"1"}'
    picture = replace(art, carried=replace(art.carried, text=(("AIGC", label),)))
    declared_picture, _ = declare(picture, OptOut(creator="Mo"), file_format)
    data = encode_picture(declared_picture, file_format).data
    again = read_picture(data)
    assert [one["says"] for one in declared(again.carried)["ai_labels"]] == [{"Label": "1"}]


def test_a_gif_gets_no_exif(art) -> None:
    """It could not hold it, and would be said to lose what it never had."""
    gif = replace(art, carried=Carried(file_format="GIF"))
    told, _ = declare(gif, OPT_OUT, "keep")
    assert b"Mira Vale" in told.carried.xmp
    assert told.carried.exif is None
