"""Tests of PNG: chunks, depths, palettes, animation."""

import struct
import zlib
from dataclasses import replace
from io import BytesIO

import cv2
import numpy as np
import pytest
from PIL import Image, PngImagePlugin

from ocguard.errors import ImageReadError
from ocguard.imaging.blending import add_luma
from ocguard.imaging.codecs import png_chunks, png_deep
from ocguard.imaging.formats import decode, encode_picture
from ocguard.imaging.picture import Carried, Frame, Picture
from ocguard.metadata.exif import with_orientation


def with_chunks(png, *chunks):
    """Insert (type, content) chunks behind the header."""
    made = (
        struct.pack(">I", len(content))
        + kind
        + content
        + struct.pack(">I", zlib.crc32(kind + content))
        for kind, content in chunks
    )
    return png[:33] + b"".join(made) + png[33:]


@pytest.fixture
def plain(drawings, saved):
    """A PNG without metadata."""
    return saved(drawings.cel(24, 16), "PNG")


def test_deep_pixels_stay_deep(drawings, saved):
    """A 16-bit RGB file, which Pillow would open as 8 bits, keeps its low bytes."""
    source = cv2.imencode(".png", drawings.deep(24, 16)[..., ::-1])[1].tobytes()
    again = decode(encode_picture(decode(source)).data)
    assert again.bit_depth == 16
    assert np.array_equal(again.frames[0].pixels, drawings.deep(24, 16))


def test_grey_with_alpha_stays_so(drawings):
    """Eight and sixteen bits, two channels."""
    for top in (1, 257):
        pixels = np.dstack([drawings.grey(20, 10), drawings.grey(20, 10, 1)]) * np.uint16(top)
        pixels = pixels.astype(np.uint8 if top == 1 else np.uint16)
        after = decode(encode_picture(Picture.from_array(pixels)).data)
        assert (after.color, after.has_alpha) == ("grey", True)
        assert np.array_equal(after.frames[0].pixels, pixels)


def test_damaged_deep_pixels_are_refused(drawings):
    """Garbage in the compressed data is an error, not noise."""
    png = png_deep.encoded(drawings.deep(24, 16))
    with pytest.raises(ImageReadError, match="damaged"):
        decode(with_chunks(png[:33] + png_chunks.chunk(b"IEND", b"")))


def test_colors_are_described_as_before(plain):
    """Gamma, primaries and intent are copied, and are no profile."""
    added = [(b"gAMA", struct.pack(">I", 45455)), (b"sRGB", b"\0"), (b"cICP", b"\x0c\x0d\0\1")]
    encoded = encode_picture(decode(with_chunks(plain, *added)))
    kept = {kind: bytes(content) for kind, content in png_chunks.chunks(encoded.data)}
    for kind, content in added:
        assert kept[kind] == content


def test_descriptions_of_plain_srgb_need_no_warning(plain):
    """JPEG readers assume sRGB anyway; other primaries are named."""
    srgb = decode(with_chunks(plain, (b"sRGB", b"\0"), (b"gAMA", struct.pack(">I", 45455))))
    wide = decode(with_chunks(plain, (b"cICP", b"\x0c\x0d\0\1")))
    assert encode_picture(srgb, "jpeg").warnings == ()
    assert any("color description" in w for w in encode_picture(wide, "jpeg").warnings)


def test_all_kinds_of_text_are_read(plain):
    """Plain, compressed and international text; the last with a language."""
    source = with_chunks(
        plain,
        (b"tEXt", b"Author\0me"),
        (b"zTXt", b"Source\0\0" + zlib.compress(b"tablet " * 300)),
        (b"iTXt", "Title\0\0\0zh\0标题\0狐狸".encode()),
        (b"iTXt", b"Note\0\1\0\0\0" + zlib.compress("注".encode())),
    )
    texts = (("Author", "me"), ("Source", "tablet " * 300), ("Title", "狐狸"), ("Note", "注"))
    assert decode(source).carried.text == texts
    assert decode(encode_picture(decode(source)).data).carried.text == texts


def test_long_texts_do_not_stop_reading(plain):
    """Two megabytes of compressed text, which Pillow refuses, are kept."""
    text = "word " * 400_000
    source = with_chunks(plain, (b"zTXt", b"Prompt\0\0" + zlib.compress(text.encode())))
    assert decode(source).carried.text == (("Prompt", text),)


@pytest.mark.parametrize(
    "chunk",
    [
        (b"zTXt", b"Bomb\0\0" + zlib.compress(b"\0" * (64 << 20))),
        (b"zTXt", b"Damaged\0\0garbage"),
        (b"iTXt", b"Cut"),
        (b"tEXt", b"\0no keyword"),
    ],
)
def test_bombs_and_damaged_texts_are_dropped_by_name(plain, chunk):
    """The picture is read all the same."""
    picture = decode(with_chunks(plain, chunk))
    assert picture.carried.text == ()
    assert any("text was dropped" in sentence for sentence in picture.carried.lost)


def test_profiles_that_are_damaged_are_dropped_by_name(plain):
    """A profile that cannot be decompressed is no profile."""
    picture = decode(with_chunks(plain, (b"iCCP", b"name\0\0garbage")))
    assert picture.carried.icc_profile is None
    assert any("profile" in sentence for sentence in picture.carried.lost)


def test_credentials_are_dropped_by_name(plain):
    """Content Credentials end with any change of pixels."""
    assert "Content Credentials" in decode(with_chunks(plain, (b"caBX", b"x"))).carried.lost[0]


@pytest.mark.parametrize("rest", [b"a note", bytes(15_000)])
def test_what_lies_behind_the_end_is_dropped_by_name(plain, rest):
    """Some programs put whole files there; a few zeros that fill up are nobody's."""
    (sentence,) = decode(plain + rest).carried.lost
    assert sentence.startswith(f"{len(rest):,} bytes after the end of the PNG")
    assert decode(plain + bytes(100)).carried.lost == ()


def test_metadata_in_imagemagicks_style_is_understood(plain, make_exif, xmp_packet):
    """EXIF and XMP in "raw profile" texts become what they are."""

    def raw(kind, content):
        body = f"\n{kind}\n{len(content):8d}\n{content.hex()}\n".encode()
        return (b"zTXt", f"Raw profile type {kind}\0\0".encode() + zlib.compress(body))

    exif = make_exif(3)
    picture = decode(with_chunks(plain, raw("exif", exif), raw("xmp", xmp_packet)))
    assert picture.carried.exif == with_orientation(exif[6:], 1)  # which turns no viewer
    assert picture.carried.orientation == 1
    assert picture.carried.xmp == xmp_packet
    assert picture.carried.text == ()
    assert (
        decode(with_chunks(plain, (b"tEXt", b"Raw profile type exif\0x 1 zz"))).carried.exif is None
    )


def test_photoshop_texts_are_dropped_by_name(plain):
    """They may hold a thumbnail of the unmarked picture."""
    picture = decode(with_chunks(plain, (b"tEXt", b"Raw profile type 8bim\0 8bim 4 38424")))
    assert picture.carried.text == ()
    assert any("Photoshop" in sentence for sentence in picture.carried.lost)


def test_few_bits_are_widened(saved):
    """One, two and four bits of grey are read as eight, with their color key."""
    ramp = np.array([[0, 85, 170, 255]], np.uint8)
    two_bits = struct.pack(">IIBBBBB", 4, 1, 2, 0, 0, 0, 0)
    rows = zlib.compress(b"\0\x1b")
    data = png_chunks.SIGNATURE + b"".join(
        png_chunks.chunk(kind, content)
        for kind, content in [
            (b"IHDR", two_bits),
            (b"tRNS", b"\0\2"),
            (b"IDAT", rows),
            (b"IEND", b""),
        ]
    )
    pixels = decode(data).frames[0].pixels
    assert pixels[..., 0].tolist() == ramp.tolist()
    assert pixels[..., 1].tolist() == [[255, 255, 0, 255]]


def test_one_bit_stays_one_bit_where_it_can(drawings, saved):
    """Unmarked line art stays at one bit; marked, it is grey, and that is said."""
    art = (drawings.grey(40, 30) > 128).astype(np.uint8) * 255
    out = BytesIO()
    Image.fromarray(art).convert("1").save(out, "PNG")
    picture = decode(out.getvalue())
    assert picture.carried.is_bilevel
    assert np.array_equal(picture.frames[0].pixels[..., 0], art)
    plain, lit = encode_picture(picture), encode_picture(add_luma(picture, np.full((9, 9), 7.0)))
    assert plain.data[24] == 1
    assert np.array_equal(decode(plain.data).frames[0].pixels, picture.frames[0].pixels)
    assert lit.data[24] == 8
    assert any("One bit" in warning for warning in lit.warnings)


@pytest.mark.parametrize("kind", ["opaque", "color key", "soft edge"])
def test_palettes_stay_palettes_where_colors_stay_near(drawings, kind):
    """Else the marked picture is in full color, exactly; both is said."""
    art = drawings.cutout(120, 90) if kind != "opaque" else drawings.cel(120, 90)
    if kind == "color key":
        art[..., 3] = np.where(art[..., 3] > 127, 255, 0)
    out = BytesIO()
    Image.fromarray(art).quantize(64, Image.Quantize.FASTOCTREE).save(out, "PNG")
    picture = decode(out.getvalue())
    assert picture.carried.palette_colors
    assert picture.has_alpha == (kind != "opaque")
    smooth = cv2.GaussianBlur(np.random.default_rng(0).normal(0, 12, (90, 120)), (0, 0), 2)
    lit = add_luma(picture, smooth.astype(np.float32))
    encoded = encode_picture(lit)
    after = decode(encoded.data)
    is_palette = encoded.data[25] == 3
    assert is_palette == (kind != "soft edge")
    assert ("dithered" if is_palette else "palette was dropped") in encoded.warnings[0]
    wanted, seen = lit.frames[0].pixels.astype(float), after.frames[0].pixels.astype(float)
    if not is_palette:
        assert np.array_equal(seen, wanted)
    change = (seen - picture.frames[0].pixels)[..., :3].mean(2)
    shown = wanted[..., -1] > 0 if picture.has_alpha else np.full(change.shape, True)
    blurred = cv2.GaussianBlur(change, (0, 0), 2)[shown]
    assert np.corrcoef(blurred, cv2.GaussianBlur(smooth, (0, 0), 2)[shown])[0, 1] > 0.8


def test_few_colors_need_no_dithering(drawings):
    """A palette that still suffices is written exactly."""
    art = (drawings.cel(60, 40) // 100) * 100
    picture = Picture.from_array(art, carried=Carried(palette_colors=16))
    encoded = encode_picture(picture)
    assert encoded.data[25] == 3
    assert np.array_equal(decode(encoded.data).frames[0].pixels, art)


def test_too_many_steps_of_alpha_end_the_palette():
    """A palette cannot hold a picture of 200 levels of alpha; that is said."""
    rng = np.random.default_rng(0)
    art = rng.integers(0, 256, (60, 60, 4), dtype=np.uint8)
    encoded = encode_picture(Picture.from_array(art, carried=Carried(palette_colors=256)))
    assert any("palette was dropped" in warning for warning in encoded.warnings)
    assert np.array_equal(decode(encoded.data).frames[0].pixels, art)


def test_frame_times_are_exact(drawings):
    """Thirds of a hundredth of a second are kept, to the millisecond at least."""
    frames = tuple(Frame(f, 1000 / 30) for f in drawings.frames())
    after = decode(encode_picture(Picture(frames, "rgb", False)).data)
    assert [frame.duration_ms for frame in after.frames] == pytest.approx([1000 / 30] * 3, abs=0.5)


def test_covers_of_animations_stay_covers(drawings):
    """The picture shown by viewers without animation is not part of it, before and after."""
    images = [Image.fromarray(f) for f in drawings.frames()]
    out = BytesIO()
    more = {"append_images": images[1:], "default_image": True, "duration": [40, 60]}
    images[0].save(out, "PNG", save_all=True, **more)
    picture = decode(out.getvalue())
    after = decode(encode_picture(picture).data)
    assert picture.carried.has_still_cover
    assert after.carried.has_still_cover
    assert [f.duration_ms for f in after.frames][1:] == [40, 60]
    for old, new in zip(picture.frames, after.frames, strict=True):
        assert np.array_equal(old.pixels, new.pixels)


def test_palettes_and_depth_of_animations_are_named(drawings):
    """An animated palette becomes full color, and that is said."""
    images = [Image.fromarray(f).quantize(16) for f in drawings.frames()]
    out = BytesIO()
    images[0].save(out, "PNG", save_all=True, append_images=images[1:])
    picture = decode(out.getvalue())
    encoded = encode_picture(picture)
    assert len(decode(encoded.data).frames) == 3
    assert bool(picture.carried.palette_colors) == bool(encoded.warnings)


def test_text_memory_is_bounded(plain, monkeypatch):
    """Many long texts are not all kept."""
    monkeypatch.setattr("ocguard.imaging.codecs.png._MAX_TEXT_CHARS", 100)
    source = with_chunks(plain, *[(b"tEXt", b"A\0" + b"x" * 60)] * 3)
    picture = decode(source)
    assert len(picture.carried.text) == 1
    assert len(picture.carried.lost) == 2


def test_pillow_shows_the_texts(plain):
    """Texts written here are read by others."""
    info = PngImagePlugin.PngInfo()
    info.add_text("Author", "me")
    out = BytesIO()
    with Image.open(BytesIO(plain)) as image:
        image.save(out, "PNG", pnginfo=info)
    with Image.open(BytesIO(encode_picture(decode(out.getvalue())).data)) as image:
        assert image.text == {"Author": "me"}


def background_of(png):
    """The content of the bKGD chunk, and whether it stands where readers expect it."""
    kinds = [kind for kind, _ in png_chunks.chunks(png)]
    content = {kind: bytes(content) for kind, content in png_chunks.chunks(png)}
    before = [k for k in (b"IHDR", b"PLTE") if k in kinds]
    at = kinds.index(b"bKGD")
    assert all(kinds.index(k) < at for k in before)
    assert at < kinds.index(b"IDAT")
    return content[b"bKGD"]


@pytest.mark.parametrize(
    ("mode", "stored"),
    [("RGBA", b"\0\x10\0\xff\0\x80"), ("LA", b"\0\x77"), ("L", b"\0\x77"), ("1", b"\0\1")],
)
def test_the_background_color_stays(mode, stored):
    """Color, grey and one bit: the chunk is the same, behind the header and before the pixels."""
    out = BytesIO()
    Image.new("RGBA", (9, 7), (9, 200, 30, 255)).convert(mode).save(out, "PNG")
    encoded = encode_picture(decode(with_chunks(out.getvalue(), (b"bKGD", stored))))
    assert background_of(encoded.data) == stored
    assert encoded.warnings == ()


def test_the_background_color_of_deep_pixels_stays(drawings):
    """Samples of 16 bits are kept to the last bit."""
    source = png_deep.encoded(np.dstack([drawings.deep(24, 16)] * 2)[..., :4])
    stored = struct.pack(">HHH", 1, 32_769, 65_534)
    again = encode_picture(decode(with_chunks(source, (b"bKGD", stored))))
    assert background_of(again.data) == stored


def with_palette_background(png, entry):
    """Insert an indexed background color behind the palette."""
    at = png.index(b"PLTE") + 4
    at += int.from_bytes(png[at - 8 : at - 4], "big") + 4
    return png[:at] + png_chunks.chunk(b"bKGD", bytes([entry])) + png[at:]


def test_the_background_color_of_a_palette_stays_the_same_color(drawings):
    """Marking sorts the palette anew; in full color, the entry becomes the color it stood for."""
    out = BytesIO()
    Image.fromarray(drawings.cel(60, 40)).quantize(64).save(out, "PNG")
    palette = np.array(Image.open(BytesIO(out.getvalue())).getpalette()).reshape(-1, 3)
    picture = decode(with_palette_background(out.getvalue(), 5))
    encoded = encode_picture(picture)
    (entry,) = background_of(encoded.data)
    written = np.array(Image.open(BytesIO(encoded.data)).getpalette()).reshape(-1, 3)
    assert written[entry].tolist() == palette[5].tolist()
    full = replace(picture, carried=replace(picture.carried, palette_colors=None))
    wanted = tuple(palette[5].tolist())
    assert struct.unpack(">HHH", background_of(encode_picture(full).data)) == wanted


def test_a_background_color_that_the_palette_lacks_is_dropped_by_name(drawings):
    """Magenta has no neighbor among grays."""
    art = np.repeat((drawings.grey(60, 40) // 64 * 64)[..., None], 3, axis=2)
    carried = Carried(palette_colors=16, background=(65_535, 0, 65_535))
    encoded = encode_picture(Picture.from_array(art, carried=carried))
    assert b"bKGD" not in encoded.data
    assert any("background color was dropped" in warning for warning in encoded.warnings)


@pytest.mark.parametrize("content", [b"", b"\0", b"\0\1\0"])
def test_a_damaged_background_color_is_dropped_by_name(plain, content):
    """The picture is read all the same."""
    picture = decode(with_chunks(plain, (b"bKGD", content)))
    assert picture.carried.background is None
    assert "background color was dropped" in picture.carried.lost[0]


def test_formats_without_a_background_color_say_so(plain):
    """A JPEG has no place for it."""
    picture = decode(with_chunks(plain, (b"bKGD", b"\0\1\0\2\0\3")))
    assert any(
        "background color" in warning for warning in encode_picture(picture, "jpeg").warnings
    )


@pytest.mark.parametrize(
    ("kind", "name"), [(b"tIME", "time of the last change"), (b"prVW", "prVW"), (b"skRf", "skRf")]
)
def test_what_a_changed_picture_cannot_keep_is_dropped_by_name(plain, kind, name):
    """A time that is true no longer, and chunks of programs that may hold the unmarked picture."""
    encoded = encode_picture(decode(with_chunks(plain, (kind, bytes([7, 234, 1, 1, 1, 1, 1])))))
    assert kind not in encoded.data
    assert any(name in warning for warning in encoded.warnings)


def test_unknown_chunks_of_a_hostile_file_are_named_briefly(plain):
    """A thousand kinds make one short sentence."""
    made = [(bytes([97 + i // 26 % 26, 97 + i % 26, 88, 120]), b"") for i in range(600)]
    (sentence,) = decode(with_chunks(plain, *made)).carried.lost
    assert len(sentence) < 120


def late_exif(png, exif):
    """Put EXIF behind the pixels, where viewers do not look for it."""
    body = b"eXIf" + exif
    made = struct.pack(">I", len(exif)) + body + struct.pack(">I", zlib.crc32(body))
    return png[:-12] + made + png[-12:]


TURNED = b"MM\0*\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0\x06\0\0\0\0\0\0"
"""EXIF that asks for a quarter turn."""


def test_exif_that_viewers_ignore_turns_nothing(drawings, saved):
    """Behind the pixels, or as a raw profile: the picture looks as it looked, also written."""
    plain = saved(drawings.cel(16, 12), "PNG")
    raw = f"\nexif\n{len(TURNED):8}\n{TURNED.hex()}\n".encode()
    profile = (b"zTXt", b"Raw profile type exif\0\0" + zlib.compress(raw))
    for data in (late_exif(plain, TURNED), with_chunks(plain, profile)):
        picture = decode(data)
        assert (picture.size, picture.carried.orientation) == ((16, 12), 1)
        assert decode(encode_picture(picture).data).size == (16, 12)
    assert decode(with_chunks(plain, (b"eXIf", TURNED))).size == (12, 16)


@pytest.mark.parametrize("is_compressed", [False, True])
def test_xmp_stays_as_it_was_stored(drawings, saved, xmp_packet, is_compressed):
    """Compressed or plain."""
    chunk = png_chunks.xmp_chunk(xmp_packet, is_compressed=is_compressed)
    png = png_chunks.spliced(saved(drawings.cel(16, 12), "PNG"), [chunk])
    written = encode_picture(decode(png)).data
    assert decode(written).carried.xmp == xmp_packet
    assert (xmp_packet in written) is not is_compressed


def test_the_language_of_a_text_is_told(drawings, saved):
    """The text stays; what cannot be kept is said."""
    text = (b"iTXt", b"Title\0\0\0de\0Titel\0Fuchs")
    carried = decode(with_chunks(saved(drawings.cel(16, 12), "PNG"), text)).carried
    assert carried.text == (("Title", "Fuchs"),)
    assert any("language" in sentence for sentence in carried.lost)
