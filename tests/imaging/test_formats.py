"""Tests of reading and writing whole files: what an artist's file holds survives marking."""

import zlib
from io import BytesIO
from types import SimpleNamespace

import cv2
import numpy as np
import pytest
import tifffile
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from PIL import Image, ImageOps, PngImagePlugin

from ocguard.choices import FILE_FORMATS
from ocguard.errors import ImageReadError, ImageWriteError, OcguardError
from ocguard.imaging.blending import add_luma
from ocguard.imaging.formats import decode, encode_picture, written_format
from ocguard.imaging.picture import Carried, Frame, Picture, pixel_sha256
from ocguard.metadata.exif import exif_directory, read_orientation

LOSSY_MEAN_LEVELS = 3.0  # mean error of one lossy coding at quality 75 and above
DPI = (150.0, 150.0)


def marked(picture, rms=2.0):
    """A picture with a small smooth field added, as a mark does."""
    shape = (max(1, picture.height // 2), max(1, picture.width // 2))
    noise = np.random.default_rng(7).normal(0, 1, shape).astype(np.float32)
    smooth = cv2.GaussianBlur(noise, (0, 0), 1.2)
    return add_luma(picture, smooth * np.float32(rms / max(float(smooth.std()), 1e-6)))


def difference(a, b):
    """Mean absolute difference over all frames, in 8-bit grey levels."""
    scale = 257 if a.bit_depth == 16 else 1
    pairs = zip(a.frames, b.frames, strict=True)
    return np.mean([np.abs(x.pixels.astype(float) - y.pixels).mean() / scale for x, y in pairs])


@pytest.fixture(scope="session")
def rich_files(drawings, profiles, xmp_packet, make_exif, saved):
    """Files that carry everything their format can, written without ocguard."""
    cel, cutout = drawings.cel(64, 48), drawings.cutout(64, 48)
    exif, xmp, icc = make_exif(6), xmp_packet, profiles.rgb()
    texts = PngImagePlugin.PngInfo()
    texts.add_text("Comment", "drawn by hand")
    texts.add_itxt("Title", "原创角色")
    texts.add_itxt("XML:com.adobe.xmp", xmp.decode())
    png = {"icc_profile": icc, "exif": exif, "dpi": DPI, "pnginfo": texts}
    jpeg = {"icc_profile": icc, "exif": exif, "dpi": (150, 150), "xmp": xmp, "comment": "by hand"}
    web = {"icc_profile": icc, "exif": exif, "xmp": xmp}
    deep = BytesIO()
    tifffile.imwrite(
        deep,
        drawings.deep(64, 48),
        photometric="rgb",
        compression="zlib",
        resolution=DPI,
        resolutionunit="inch",
        metadata=None,
        extratags=[
            (700, 1, len(xmp), xmp, True),
            (34675, 7, len(icc), icc, True),
            (274, 3, 1, 6, True),
            (315, 2, 10, b"A. Artist\0", True),
        ],
    )
    ink_tiff = BytesIO()
    tifffile.imwrite(
        ink_tiff,
        drawings.cmyk(64, 48),
        photometric="separated",
        resolution=DPI,
        resolutionunit="inch",
        metadata=None,
        extratags=[
            (700, 1, len(xmp), xmp, True),
            (34675, 7, len(profiles.cmyk()), profiles.cmyk(), True),
            (274, 3, 1, 6, True),
        ],
    )
    tags = {700: xmp, 274: 6, 315: "A. Artist"}
    tiff = {"icc_profile": icc, "dpi": DPI, "tiffinfo": tags}
    return {
        "png rgb": saved(cel, "PNG", **png),
        "png rgba": saved(cutout, "PNG", **png),
        "png grey": saved(drawings.grey(64, 48), "PNG", **{**png, "icc_profile": profiles.grey()}),
        "jpeg rgb": saved(cel, "JPEG", quality=90, **jpeg),
        "jpeg grey": saved(
            drawings.grey(64, 48), "JPEG", **{**jpeg, "icc_profile": profiles.grey()}
        ),
        "jpeg cmyk": saved(
            drawings.cmyk(64, 48), "JPEG", "CMYK", **{**jpeg, "icc_profile": profiles.cmyk()}
        ),
        "webp lossy": saved(cel, "WEBP", quality=85, **web),
        "webp lossless": saved(cutout, "WEBP", lossless=True, exact=True, **web),
        "avif": saved(cel, "AVIF", quality=85, **web),
        "tiff rgb": saved(cel, "TIFF", compression="tiff_lzw", **tiff),
        "tiff rgba": saved(cutout, "TIFF", compression="tiff_adobe_deflate", **tiff),
        "tiff 16": deep.getvalue(),
        "tiff cmyk": ink_tiff.getvalue(),
    }


RICH = [
    *("png rgb", "png rgba", "png grey"),
    *("jpeg rgb", "jpeg grey", "jpeg cmyk"),
    *("webp lossy", "webp lossless", "avif"),
    *("tiff rgb", "tiff rgba", "tiff 16", "tiff cmyk"),
]


@pytest.mark.parametrize("name", RICH)
class TestKeptFormats:
    """A marked picture in its own format carries on everything."""

    @pytest.fixture
    def trip(self, name, rich_files):
        """The picture read, marked, and read again from what was written."""
        before = decode(rich_files[name])
        changed = marked(before)
        encoded = encode_picture(changed)
        return SimpleNamespace(
            source=rich_files[name],
            before=before,
            marked=changed,
            encoded=encoded,
            after=decode(encoded.data),
        )

    def test_nothing_is_lost_and_nothing_warned(self, trip):
        """There is nothing to warn of."""
        assert trip.encoded.warnings == ()

    def test_pixels_survive(self, trip):
        """Marked pixels come back: exactly if the format is lossless, nearly otherwise."""
        if trip.before.carried.is_lossless:
            assert pixel_sha256(trip.after) == pixel_sha256(trip.marked)
        else:
            assert difference(trip.marked, trip.after) < LOSSY_MEAN_LEVELS

    def test_model_and_depth_survive(self, trip, name):
        """Color model, alpha, depth and size are those of the file."""
        seen = trip.after
        expected = "cmyk" if "cmyk" in name else "grey" if "grey" in name else "rgb"
        assert seen.color == expected
        assert seen.has_alpha == ("rgba" in name or name == "webp lossless")
        assert seen.bit_depth == (16 if "16" in name else 8)
        assert seen.size == trip.before.size == (48, 64)

    def test_profile_survives(self, trip, name, profiles):
        """The ICC profile is the same, byte for byte."""
        kind = "cmyk" if "cmyk" in name else "grey" if "grey" in name else "rgb"
        assert trip.after.carried.icc_profile == getattr(profiles, kind)()

    def test_xmp_survives(self, trip, xmp_packet):
        """The XMP packet is the same, byte for byte."""
        assert trip.after.carried.xmp == xmp_packet

    def test_exif_survives(self, trip, name):
        """Artist and orientation are there, and so is every tag that was read."""
        assert trip.after.carried.orientation == 6
        if name != "tiff cmyk":
            entries = exif_directory(trip.after.carried.exif).fields
            assert entries[0x013B].value == b"A. Artist\0"
        assert trip.after.carried.exif == trip.before.carried.exif

    def test_resolution_survives(self, trip, name):
        """150 dots an inch stay so, where the format states it."""
        if not name.startswith(("webp", "avif")):
            assert trip.after.carried.dpi == pytest.approx(DPI, rel=1e-3)

    def test_texts_survive(self, trip, name):
        """PNG texts and JPEG comments are kept, Chinese included."""
        assert trip.after.carried.text == trip.before.carried.text
        if name.startswith("png"):
            assert ("Title", "原创角色") in trip.after.carried.text
        if name.startswith("jpeg"):
            assert trip.after.carried.text == (("Comment", "by hand"),)

    def test_other_readers_agree(self, trip, name):
        """Pillow, which knows nothing of ocguard, shows the marked picture the right way up."""
        if name == "tiff 16":
            pixels = tifffile.imread(BytesIO(trip.encoded.data))
            turned = np.rot90(pixels, -1)
            assert np.array_equal(turned, trip.marked.frames[0].pixels)
            return
        with Image.open(BytesIO(trip.encoded.data)) as image:
            seen = np.asarray(ImageOps.exif_transpose(image))
        expected = trip.after.frames[0].pixels
        assert np.array_equal(seen.reshape(expected.shape), expected)


@pytest.fixture(scope="session")
def plain_files(drawings, saved):
    """Files of every kind of pixels, without metadata."""
    frames = drawings.frames(48, 32)
    stills = {
        "png rgb": saved(drawings.cel(50, 40), "PNG"),
        "png rgba": saved(drawings.cutout(50, 40), "PNG"),
        "png grey": saved(drawings.grey(50, 40), "PNG"),
        "jpeg": saved(drawings.cel(50, 40), "JPEG"),
        "jpeg cmyk": saved(drawings.cmyk(50, 40), "JPEG", "CMYK"),
        "webp": saved(drawings.cel(50, 40), "WEBP"),
        "avif": saved(drawings.cutout(50, 40), "AVIF"),
        "tiff": saved(drawings.cel(50, 40), "TIFF"),
        "bmp": saved(drawings.cel(50, 40), "BMP"),
        "tiny": saved(drawings.cel(1, 1), "PNG"),
        "odd": saved(drawings.cutout(17, 3), "PNG"),
    }
    images = [Image.fromarray(frame) for frame in frames]
    for kind in ("GIF", "PNG", "WEBP", "AVIF"):
        out = BytesIO()
        more = {"append_images": images[1:], "duration": [100, 200, 300], "loop": 2}
        images[0].save(out, kind, save_all=True, **more)
        stills[f"moving {kind.lower()}"] = out.getvalue()
    out = BytesIO()
    Image.fromarray(frames[0]).quantize(32).save(out, "PNG")
    stills["palette"] = out.getvalue()
    return stills


PLAIN = [
    *("png rgb", "png rgba", "png grey", "jpeg", "jpeg cmyk", "webp", "avif", "tiff", "bmp"),
    *("tiny", "odd", "moving gif", "moving png", "moving webp", "moving avif", "palette"),
]


@pytest.mark.parametrize("asked", FILE_FORMATS)
@pytest.mark.parametrize("name", PLAIN)
def test_every_input_becomes_every_output_or_says_why_not(plain_files, name, asked):
    """Each pair gives the same picture in the format asked for, or an error that names it."""
    picture = marked(decode(plain_files[name]))
    if picture.is_animated and asked == "jpeg":
        with pytest.raises(ImageWriteError, match="JPEG holds no animation"):
            encode_picture(picture, asked)
        return
    encoded = encode_picture(picture, asked)
    after = decode(encoded.data)
    assert encoded.file_format == written_format(picture, asked)
    assert after.carried.file_format == encoded.file_format
    assert after.size == picture.size
    assert [f.duration_ms for f in after.frames] == [f.duration_ms for f in picture.frames]
    if after.frames[0].pixels.shape == picture.frames[0].pixels.shape:
        assert difference(picture, after) < 3 * LOSSY_MEAN_LEVELS


@pytest.mark.parametrize("name", ["moving gif", "moving png", "moving webp", "moving avif"])
def test_every_frame_of_an_animation_is_marked(plain_files, name):
    """Frames, their durations and the loop come back, and each frame shows its mark."""
    before = decode(plain_files[name])
    assert len(before.frames) == 3
    changed = marked(before, rms=6)
    after = decode(encode_picture(changed).data)
    assert [frame.duration_ms for frame in after.frames] == [100, 200, 300]
    assert after.carried.loop == (0 if name == "moving avif" else 2)
    for old, new, seen in zip(before.frames, changed.frames, after.frames, strict=True):
        wanted = (new.pixels.astype(float) - old.pixels).mean(2).ravel()
        got = (seen.pixels.astype(float) - old.pixels).mean(2).ravel()
        assert np.corrcoef(wanted, got)[0, 1] > 0.5


def test_losses_are_named(drawings, profiles, make_exif, xmp_packet):
    """Alpha, depth, color model, texts: each loss is a sentence, never silence."""
    carried = Carried(text=(("prompt", "x"),), icc_profile=profiles.cmyk(), iptc=b"8BIM")
    ink = Picture((Frame(drawings.cmyk(20, 20)),), "cmyk", False, carried)
    deep = Picture.from_array(np.dstack([drawings.deep(20, 20), np.full((20, 20), 9, np.uint16)]))
    png, jpeg = encode_picture(ink, "png"), encode_picture(deep, "jpeg")
    assert any("cmyk pixels became sRGB" in w for w in png.warnings)
    assert any("IPTC" in w for w in png.warnings)
    assert any("from 16 to 8 bits" in w for w in jpeg.warnings)
    assert any("laid on white" in w for w in jpeg.warnings)
    assert any("text" in w for w in encode_picture(ink, "webp").warnings)
    assert decode(png.data).carried.icc_profile is None
    grey = Picture.from_array(np.dstack([drawings.grey(20, 20)] * 2))
    for kind in ("webp", "avif"):
        encoded = encode_picture(grey, kind)
        assert any("grey pixels became sRGB" in w for w in encoded.warnings)
        assert decode(encoded.data).color == "rgb"


def test_losses_on_reading_are_passed_on(saved, drawings, make_exif):
    """What reading dropped is among the warnings of writing."""
    source = saved(drawings.cel(20, 20), "JPEG", exif=make_exif(with_thumbnail=True))
    warnings = encode_picture(decode(source)).warnings
    assert warnings == ("The EXIF thumbnail was removed: it would show the unmarked picture.",)


def test_a_turned_picture_in_another_format_is_upright(rich_files):
    """A JPEG turned by its tag becomes an upright PNG whose tags say so."""
    before = decode(rich_files["jpeg rgb"])
    after = decode(encode_picture(before, "png").data)
    assert pixel_sha256(after) == pixel_sha256(before)
    assert after.carried.orientation == read_orientation(after.carried.exif) == 1


@pytest.mark.parametrize("orientation", range(1, 9))
def test_every_orientation_is_seen_as_viewers_show_it(saved, drawings, make_exif, orientation):
    """Pixels are upright in memory and turned back in the file, for all eight orientations."""
    source = saved(drawings.cel(20, 12), "PNG", exif=make_exif(orientation))
    picture = decode(source)
    with Image.open(BytesIO(source)) as image:
        assert np.array_equal(picture.frames[0].pixels, np.asarray(ImageOps.exif_transpose(image)))
    again = decode(encode_picture(picture).data)
    assert again.carried.orientation == orientation
    assert pixel_sha256(again) == pixel_sha256(picture)


def test_resolution_moves_to_exif_where_it_has_no_other_place(drawings):
    """WebP and AVIF state the resolution in EXIF; CMYK JPEG has the usual header."""
    carried = Carried(dpi=(300.0, 200.0))
    picture = Picture.from_array(drawings.cel(20, 20), carried=carried)
    ink = Picture((Frame(drawings.cmyk(20, 20)),), "cmyk", False, carried)
    assert decode(encode_picture(picture, "webp").data).carried.dpi == (300, 200)
    assert decode(encode_picture(picture, "avif").data).carried.dpi == (300, 200)
    assert decode(encode_picture(ink, "jpeg").data).carried.dpi == (300, 200)


def test_marked_files_stay_near_the_size_of_unmarked_ones(drawings):
    """A lossy file is at most 1.3 times what the unmarked picture takes, re-saved alike."""
    picture = Picture.from_array(drawings.painterly(400, 300))
    for kind in ("jpeg", "webp", "avif", "png"):
        plain, changed = (len(encode_picture(p, kind).data) for p in (picture, marked(picture)))
        assert changed <= 1.3 * plain, kind


@pytest.mark.parametrize("quality", [0, 101])
def test_quality_out_of_range_is_refused(drawings, quality):
    """Quality goes from 1 to 100."""
    with pytest.raises(ValueError, match="quality"):
        encode_picture(Picture.from_array(drawings.cel(8, 8)), "jpeg", quality)


def test_unknown_formats_are_refused(drawings):
    """The message lists what there is."""
    with pytest.raises(ValueError, match="keep, png, jpeg"):
        encode_picture(Picture.from_array(drawings.cel(8, 8)), "bmp")


def test_too_many_pixels_a_side_are_refused():
    """WebP ends at 16,383 pixels."""
    with pytest.raises(ImageWriteError, match="WEBP ends at 16,383"):
        encode_picture(Picture.from_array(np.zeros((1, 16_384), np.uint8)), "webp")


def test_too_many_pixels_for_an_encoder_are_refused():
    """AVIF would need more memory than the limit of the whole tool."""
    vast = np.broadcast_to(np.uint8(0), (9000, 9000, 1))
    with pytest.raises(ImageWriteError, match=r"AVIF is written up to 67,108,864 pixels"):
        encode_picture(Picture((Frame(vast),), "grey", False), "avif")


@settings(max_examples=40, deadline=None)
@given(
    hnp.arrays(
        st.sampled_from([np.uint8, np.uint16]),
        st.tuples(st.integers(1, 9), st.integers(1, 9), st.integers(1, 4)),
    ),
    st.lists(
        st.tuples(
            st.text(st.characters(codec="latin-1", min_codepoint=33), min_size=1, max_size=20),
            st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"])),
        ),
        max_size=3,
    ),
)
def test_png_holds_any_pixels_and_texts(pixels, text):
    """Every array of one to four channels and every text survive PNG."""
    names = [keyword for keyword, _ in text]
    kept = tuple(pair for pair in text if not pair[0].startswith(("XML:com", "Raw profile")))
    picture = Picture.from_array(pixels, carried=Carried(text=kept))
    after = decode(encode_picture(picture).data)
    assert pixel_sha256(after) == pixel_sha256(picture)
    assert after.carried.text == kept
    assert len(names) >= len(kept)


EMPTY_KINDS = [b"", b"hello world", b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff", b"RIFF\0\0\0\0WEBP"]


@pytest.mark.parametrize("data", EMPTY_KINDS)
def test_what_is_no_picture_is_refused_by_name(data):
    """The message names the file and what to do."""
    with pytest.raises(ImageReadError, match=r"^fox\.png .*(export|convert)"):
        decode(data, "fox.png")


@pytest.mark.parametrize(
    ("data", "advice"),
    [
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "; export it as PNG"),
        (b"CSFCHUNK" + bytes(32), "; export it as PNG"),
        (b"Rar!" + bytes(32), "; unpack it"),
        (b"FLV\1" + bytes(32), "a video"),
    ],
)
def test_what_is_known_to_be_no_picture_gets_one_advice(data, advice):
    """That of its kind."""
    with pytest.raises(ImageReadError, match=rf"^fox\.png .*{advice}$"):
        decode(data, "fox.png")


@pytest.mark.parametrize("name", ["moving gif", "webp"])
def test_a_damaged_file_is_told_in_plain_words(plain_files, name):
    """What a library says of it helps nobody: "index out of range"."""
    for share in (0.02, 0.3):
        data = plain_files[name]
        expected = (
            f"cut.x is damaged or cut short: no {name.upper().split()[-1]} can be read from it"
        )
        with pytest.raises(
            ImageReadError, match=f"^{expected}; export it again, or fetch it again$"
        ):
            decode(data[: int(len(data) * share)], "cut.x")


@pytest.mark.parametrize("name", [n for n in PLAIN if n != "tiny"])
@pytest.mark.parametrize("share", [0.02, 0.3, 0.6, 0.9])
def test_truncated_files_are_refused(plain_files, name, share):
    """A file cut anywhere is an error that says so, never half a picture, never a crash."""
    data = plain_files[name]
    with pytest.raises(ImageReadError, match=r"^cut\.x .*(trunc|damage|not a picture)"):
        decode(data[: int(len(data) * share)], "cut.x")


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_damaged_files_never_crash(plain_files, data):
    """Random bytes changed anywhere give a picture or one of our errors."""
    source = bytearray(plain_files[data.draw(st.sampled_from(PLAIN))])
    for _ in range(data.draw(st.integers(1, 8))):
        source[data.draw(st.integers(0, len(source) - 1))] = data.draw(st.integers(0, 255))
    try:
        picture = decode(bytes(source))
        encode_picture(picture)
    except OcguardError:
        pass


def test_pixel_limit_is_checked_before_decoding(saved):
    """A small file that claims a huge canvas is refused at once, in all formats that can lie."""
    png = bytearray(saved(np.zeros((4, 4), np.uint8), "PNG"))
    png[16:24] = (60_000).to_bytes(4, "big") * 2
    gif = bytearray(saved(np.zeros((4, 4), np.uint8), "GIF"))
    gif[6:10] = (65_000).to_bytes(2, "little") * 2
    bmp = bytearray(saved(np.zeros((4, 4, 3), np.uint8), "BMP"))
    bmp[18:26] = (40_000).to_bytes(4, "little") * 2
    for data in (png, gif, bmp):
        with pytest.raises(ImageReadError, match="too large"):
            decode(bytes(data))


def test_headers_that_promise_more_than_the_data_are_refused(saved):
    """A PNG of a few bytes that claims 200 megapixels takes no memory for them."""
    png = bytearray(saved(np.zeros((4, 4, 3), np.uint8), "PNG"))
    png[16:24] = (14_000).to_bytes(4, "big") * 2
    png[29:33] = zlib.crc32(png[12:29]).to_bytes(4, "big")
    with pytest.raises(ImageReadError, match="too little data for its size"):
        decode(bytes(png))


def test_real_art_survives(real_art):
    """Painted portraits with alpha and large scenes come back as they were marked."""
    portraits = sorted((real_art / "portraits").rglob("*.png"))[::60]
    scenes = sorted((real_art / "illustrations").glob("*.jpg"))[:2]
    for path in (*portraits, *scenes):
        changed = marked(decode(path.read_bytes(), str(path)))
        encoded = encode_picture(changed)
        after = decode(encoded.data)
        assert encoded.warnings == (), path
        if changed.carried.is_lossless:
            assert pixel_sha256(after) == pixel_sha256(changed), path
        assert difference(changed, after) < LOSSY_MEAN_LEVELS, path


def test_frames_count_against_the_pixel_limit(monkeypatch, plain_files):
    """An animation is refused for all its frames together."""
    monkeypatch.setattr("ocguard.imaging.pillow_arrays.MAX_PIXELS", 48 * 32 * 2)
    for kind in ("gif", "png", "webp", "avif"):
        with pytest.raises(ImageReadError, match="3 frames"):
            decode(plain_files[f"moving {kind}"])
