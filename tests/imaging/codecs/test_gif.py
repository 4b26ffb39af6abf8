"""Tests of GIF."""

from dataclasses import replace
from io import BytesIO

import numpy as np
import pytest
from PIL import Image, ImageSequence

from ocguard.errors import ImageReadError
from ocguard.imaging.codecs import gif, gif_blocks
from ocguard.imaging.codecs.palette import DITHERED
from ocguard.imaging.formats import decode, encode_picture
from ocguard.imaging.picture import Carried, Frame, Picture


def made(frames, **options):
    """A GIF as Pillow writes it."""
    images = [Image.fromarray(f) for f in frames]
    out = BytesIO()
    images[0].save(out, "GIF", save_all=True, append_images=images[1:], **options)
    return out.getvalue()


def as_pillow_shows(data):
    """All frames as Pillow composes them."""
    with Image.open(BytesIO(data)) as image:
        return [np.asarray(frame.convert("RGB")) for frame in ImageSequence.Iterator(image)]


def test_metadata_survives(drawings, profiles, xmp_packet):
    """XMP, profile, comment and loop come back; Pillow still reads the file."""
    carried = Carried(
        file_format="GIF",
        xmp=xmp_packet,
        icc_profile=profiles.rgb(),
        text=(("Comment", "画师"),),
        loop=7,
    )
    frames = tuple(Frame(f, 120.0) for f in drawings.frames())
    encoded = encode_picture(Picture(frames, "rgb", False, carried))
    after = decode(encoded.data)
    assert encoded.warnings == (DITHERED,)
    assert after.carried.xmp == xmp_packet
    assert after.carried.icc_profile == profiles.rgb()
    assert after.carried.text == (("Comment", "画师"),)
    assert after.carried.loop == 7
    assert len(as_pillow_shows(encoded.data)) == 3


def test_few_colors_are_exact_in_every_frame(drawings):
    """Up to 255 colors in all, an animation comes back exactly, in every viewer."""
    frames = [(f // 64) * 64 for f in drawings.frames()]
    picture = Picture(
        tuple(Frame(f, 50.0) for f in frames), "rgb", False, Carried(file_format="GIF")
    )
    data = encode_picture(picture).data
    for old, new, seen in zip(frames, decode(data).frames, as_pillow_shows(data), strict=True):
        assert np.array_equal(new.pixels, old)
        assert np.array_equal(seen, old)


def test_frames_that_stay_equal_stay_frames(drawings):
    """A pause of equal frames keeps its number of frames and its time."""
    still = drawings.frames(count=1) * 3
    frames = tuple(
        Frame((f // 64) * 64, ms) for f, ms in zip(still, (50.0, 70.0, 90.0), strict=True)
    )
    after = decode(encode_picture(Picture(frames, "rgb", False, Carried(file_format="GIF"))).data)
    assert [frame.duration_ms for frame in after.frames] == [50, 70, 90]


def test_still_regions_do_not_flicker(drawings):
    """Where two frames are equal before dithering, they are equal after it."""
    frames = [np.concatenate([drawings.painterly(64, 40), f[:20, :64]]) for f in drawings.frames()]
    picture = Picture(tuple(map(Frame, frames)), "rgb", False, Carried(file_format="GIF"))
    after = decode(encode_picture(picture).data)
    assert np.array_equal(after.frames[0].pixels[:40], after.frames[2].pixels[:40])
    assert np.abs(after.frames[2].pixels.astype(int) - frames[2]).mean() < 8


def test_every_scene_keeps_its_look(drawings):
    """Scenes of different colors have a palette each, in every viewer; the file stays small."""
    tints = [(1, 0.5, 0.2), (0.3, 1, 0.5), (0.4, 0.4, 1)]
    soft = (np.indices((120, 160)).sum(0)[..., None] // 40 % 3).astype(np.uint8)
    frames = [
        (drawings.painterly(160, 120, seed) // 48 * 48 * np.float32(tint)).astype(np.uint8) + soft
        for seed, tint in enumerate(tints)
    ]
    picture = Picture(
        tuple(Frame(f, 50.0) for f in frames), "rgb", False, Carried(file_format="GIF", loop=0)
    )
    data = encode_picture(picture).data
    for old, new, seen in zip(frames, decode(data).frames, as_pillow_shows(data), strict=True):
        assert np.array_equal(new.pixels, seen)
        assert np.square(new.pixels.astype(float) - old).mean() < 8
    alone = [encode_picture(replace(picture, frames=(one,))).data for one in picture.frames]
    assert len(data) < 1.1 * sum(map(len, alone))


def test_a_gif_that_shows_its_palette_says_so():
    """Noise of all colors is grainy with 256."""
    rng = np.random.default_rng(3)
    noise = [rng.integers(0, 256, (60, 80, 3), dtype=np.uint8) for _ in range(2)]
    picture = Picture(tuple(map(Frame, noise)), "rgb", False, Carried(file_format="GIF"))
    assert encode_picture(picture).warnings == (gif.GRAINY,)


def test_moving_cutouts_stay_transparent(drawings):
    """A figure that moves over transparent ground leaves no trail."""
    frames = []
    for left in (0, 20, 40):
        frame = np.zeros((40, 80, 4), np.uint8)
        frame[10:30, left : left + 20] = (200, 40, 40, 255)
        frames.append(Frame(frame, 100.0))
    after = decode(
        encode_picture(Picture(tuple(frames), "rgb", True, Carried(file_format="GIF"))).data
    )
    assert after.has_alpha
    for old, new in zip(frames, after.frames, strict=True):
        assert np.array_equal(new.pixels[..., 3], old.pixels[..., 3])
        shown = old.pixels[..., 3] > 0
        assert np.array_equal(new.pixels[shown], old.pixels[shown])


def test_a_full_frame_gives_way_to_an_empty_one(drawings):
    """A picture that blinks on transparent ground leaves nothing behind."""
    full = np.dstack([drawings.cel(40, 30) // 64 * 64, np.full((30, 40), 255, np.uint8)])
    frames = [np.zeros_like(full), full, np.zeros_like(full), full]
    picture = Picture(tuple(map(Frame, frames)), "rgb", True, Carried(file_format="GIF"))
    for old, new in zip(frames, decode(encode_picture(picture).data).frames, strict=True):
        assert np.array_equal(new.pixels[..., 3], old[..., 3])


def test_grey_stays_grey(drawings):
    """A GIF of grey colors is a grey picture, with and without transparency."""
    grey = drawings.grey(40, 30) // 4 * 4
    assert decode(made([grey])).color == "grey"
    clear = np.dstack([grey, np.where(grey > 200, 0, 255).astype(np.uint8)])
    picture = Picture.from_array(clear, carried=Carried(file_format="GIF"))
    after = decode(encode_picture(picture).data)
    assert (after.color, after.has_alpha) == ("grey", True)
    assert np.array_equal(after.frames[0].pixels[..., 1], clear[..., 1])


def test_frames_are_counted_before_any_is_composed(drawings, monkeypatch):
    """Too many frames are refused by a walk over the blocks."""
    monkeypatch.setattr(gif_blocks, "_MAX_FRAMES", 2)
    with pytest.raises(ImageReadError, match="more than 2 frames"):
        decode(made(drawings.frames()))


def test_a_missing_end_is_named(drawings):
    """A file without its end mark is read, with a warning that frames may be missing."""
    data = made(drawings.frames())
    assert decode(data).carried.lost == ()
    assert any("no end mark" in sentence for sentence in decode(data[:-1]).carried.lost)


def test_what_lies_behind_the_end_is_named(drawings):
    """It is dropped, as that of other formats."""
    (sentence,) = decode(made(drawings.frames()) + b"; a note").carried.lost
    assert sentence.startswith("8 bytes after the end of the GIF")
