"""Promises of simulations: what a profile says happens, and nothing else."""

from __future__ import annotations

from dataclasses import replace
from io import BytesIO

import numpy as np
import pytest
from PIL import Image, JpegImagePlugin

from ocguard.errors import PlatformError
from ocguard.imaging.files import read_picture
from ocguard.platforms.profile import Codec, Crop, Fit, OwnMark, Sharpening, Stage
from ocguard.platforms.shipped import shipped_profiles
from ocguard.platforms.simulation import serve, simulate

PNG = Codec("png", None)


@pytest.fixture
def upload(drawings):
    """Write a drawing as a file."""

    def write(width=900, height=600, file_format="PNG", **options) -> bytes:
        out = BytesIO()
        Image.fromarray(drawings.cel(width, height, 3)).save(out, file_format, **options)
        return out.getvalue()

    return write


def custom(*stages: Stage, keeps: tuple[str, ...] = ()):
    """Make a profile of the given stages."""
    return replace(shipped_profiles()["mastodon"], name="mine", stages=stages, keeps=keeps)


@pytest.mark.parametrize("name", sorted(shipped_profiles()))
def test_every_shipped_profile_serves_its_format(name, upload) -> None:
    """The same bytes each time, without metadata."""
    profile = shipped_profiles()[name]
    data = upload(2400, 1500, "JPEG", quality=92, xmp=b"<x:xmpmeta xmlns:x='adobe:ns:meta/'/>")
    served = simulate(data, profile)
    assert served.data == simulate(data, profile).data
    assert served.metadata == ()
    picture = read_picture(served.data)
    assert picture.size == served.size
    if profile.stages:
        assert served.file_format.lower() == profile.served_format
    else:
        assert np.array_equal(picture.frames[0].pixels, read_picture(data).frames[0].pixels)


def test_a_jpeg_is_as_the_codec_says(upload) -> None:
    """Quality, chroma and scan order can be read back from the file."""
    served = simulate(upload(), shipped_profiles()["facebook"])
    with Image.open(BytesIO(served.data)) as image:
        assert JpegImagePlugin.get_sampling(image) == 2
        assert image.info["progressive"]
    assert read_picture(served.data).carried.quality == 75


def test_a_fit_shrinks_large_pictures_only(upload) -> None:
    """And says so."""
    large = simulate(upload(1800, 900), shipped_profiles()["x-small"])
    assert large.size == (1200, 600)
    assert "shrunk from 1800 x 900 to 1200 x 600 px" in large.happened
    assert simulate(upload(), shipped_profiles()["x-small"]).size == (900, 600)


def test_a_crop_keeps_the_middle(drawings) -> None:
    """Tall pictures lose top and bottom, wide ones their sides."""
    profile = custom(Stage("cuts", PNG, crop=Crop(0.75, 2.0)))
    tall = drawings.cel(300, 600)
    assert np.array_equal(serve(tall, profile), tall[100:500])
    wide = drawings.cel(600, 200)
    assert np.array_equal(serve(wide, profile), wide[:, 100:500])


def test_the_own_mark_touches_its_corner_alone(drawings) -> None:
    """Bottom right, a few percent."""
    rgb = drawings.cel(800, 600)
    served = serve(rgb, custom(Stage("marks", PNG, own_mark=OwnMark(18, 4, 60))))
    rows, columns = np.nonzero((served != rgb).any(axis=2))
    assert columns.min() >= 0.79 * 800
    assert rows.min() >= 0.9 * 600
    assert 0.001 < len(rows) / rgb[..., 0].size < 18 * 4 / 1e4


def test_sharpening_raises_contrast_at_edges(drawings) -> None:
    """More than nothing, less than everything."""
    rgb = drawings.cel()
    served = serve(rgb, custom(Stage("sharpens", PNG, sharpening=Sharpening(0.8, 30))))
    change = np.abs(served.astype(int) - rgb)
    assert 0.1 < change.mean() < 5


def test_quality_falls_until_the_file_is_small_enough(upload) -> None:
    """From the upper end, no further than the lower one."""
    free = simulate(upload(), custom(Stage("", Codec("jpeg", (30, 100), max_bytes=10**8))))
    tight = simulate(upload(), custom(Stage("", Codec("jpeg", (30, 100), max_bytes=30_000))))
    assert "written as jpeg at quality 100" in free.happened
    assert len(tight.data) <= 30_000
    hopeless = simulate(upload(), custom(Stage("", Codec("jpeg", (30, 100), max_bytes=1))))
    assert "written as jpeg at quality 30" in hopeless.happened


def test_stages_follow_each_other(drawings) -> None:
    """Two passes are the first pass, and the second on what it left."""
    rgb = drawings.cel(700, 500)
    once = Stage("", Codec("jpeg", (40, 40)), fit=Fit(long_side_px=(400, 400)))
    twice = Stage("", Codec("webp", (50, 50)))
    both = serve(rgb, custom(once, twice))
    assert np.array_equal(both, serve(serve(rgb, custom(once)), custom(twice)))


@pytest.mark.parametrize("file_format", ["jpeg", "webp", "png"])
def test_metadata_that_stays_stays(file_format, upload, exif_of, xmp_packet) -> None:
    """And only that."""
    data = upload(file_format="JPEG", exif=exif_of(), xmp=xmp_packet)
    codec = Codec(file_format, None if file_format == "png" else (80, 80))
    kept = simulate(data, custom(Stage("", codec), keeps=("xmp",)))
    assert kept.metadata == ("xmp",)
    assert read_picture(kept.data).carried.xmp == xmp_packet
    assert simulate(data, custom(Stage("", codec), keeps=("exif",))).metadata == ("exif",)


@pytest.mark.parametrize("file_format", ["JPEG", "PNG", "WEBP"])
def test_a_kept_file_loses_metadata_only(file_format, upload, exif_of) -> None:
    """Pixels stay exactly; a file without metadata stays as it is."""
    lossless = {"lossless": True} if file_format == "WEBP" else {}
    data = upload(file_format=file_format, exif=exif_of(), **lossless)
    served = simulate(data, custom())
    assert served.metadata == ()
    before, after = (read_picture(one).frames[0].pixels for one in (data, served.data))
    assert np.array_equal(before, after)
    assert simulate(data, custom(keeps=("exif",))).data == data


def test_a_turned_upload_is_served_upright(upload, exif_of) -> None:
    """With the tag or without it."""
    data = upload(file_format="JPEG", exif=exif_of(6))
    for profile in (
        custom(),
        custom(keeps=("exif",)),
        custom(Stage("", PNG)),
        custom(Stage("", PNG), keeps=("exif",)),
    ):
        assert read_picture(simulate(data, profile).data).size == (600, 900)


def test_transparency_becomes_white(drawings) -> None:
    """Whatever color lies under it."""
    out = BytesIO()
    Image.fromarray(drawings.cutout()).save(out, "PNG")
    served = simulate(out.getvalue(), custom(Stage("", PNG)))
    assert tuple(read_picture(served.data).frames[0].pixels[0, 0]) == (255, 255, 255)
    assert any("transparency" in said for said in served.happened)


def test_a_refused_upload_says_why_and_what_to_do(upload) -> None:
    """Format, bytes, pixels."""
    tiktok = shipped_profiles()["tiktok"]
    with pytest.raises(PlatformError, match=r"jpeg, webp, not png.*protect --for tiktok"):
        simulate(upload(), tiktok)
    small = replace(tiktok, upload=replace(tiktok.upload, max_bytes=1000, max_side_px=100))
    with pytest.raises(PlatformError, match=r"at most 1,000 bytes.*at most 100 px, not 900"):
        simulate(upload(file_format="JPEG"), small)
