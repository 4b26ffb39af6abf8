"""Promises of ocguard.imaging.codecs.png_chunks."""

import zlib
from io import BytesIO

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, PngImagePlugin

from ocguard.errors import ImageReadError
from ocguard.imaging.codecs import png_chunks
from ocguard.imaging.codecs.png_chunks import SIGNATURE, chunk, chunks

HEADER = chunk(b"IHDR", bytes(13))
END = chunk(b"IEND", b"")
keywords = st.text(st.characters(min_codepoint=32, max_codepoint=126), min_size=1, max_size=79)


def read_back(serialized):
    """The one chunk that was serialized, as text."""
    ((kind, content), _) = chunks(SIGNATURE + serialized + END)
    return png_chunks.read_text(kind, bytes(content))


@given(st.lists(st.binary(max_size=40), max_size=4))
def test_chunks_read_back_in_their_order(contents):
    """Type and content of each, up to the end mark and not beyond."""
    data = SIGNATURE + b"".join(chunk(b"teSt", content) for content in contents) + END + b"tail"
    found = [(kind, bytes(content)) for kind, content in chunks(data)]
    assert found == [(b"teSt", content) for content in contents] + [(b"IEND", b"")]


@given(st.integers(0, len(SIGNATURE + HEADER + END) - 1))
def test_a_file_that_ends_early_is_refused(cut):
    """Wherever it is cut."""
    with pytest.raises(ImageReadError, match="truncated"):
        list(chunks((SIGNATURE + HEADER + END)[:cut]))


def test_only_pixels_are_left_for_decoders(drawings, saved):
    """Texts and unknown chunks go; the picture is the same, its chunks are valid."""
    plain = saved(drawings.cel(9, 7), "PNG")
    rich = png_chunks.spliced(plain, [png_chunks.text_chunk("a", "b"), chunk(b"unKn", b"x")])
    assert rich != plain
    assert png_chunks.pixel_chunks(rich) == plain
    with Image.open(BytesIO(rich)) as image:
        image.load()


@given(keywords, st.text(st.characters(codec="utf-8"), max_size=60))
def test_texts_of_any_script_read_back(keyword, text):
    """Short ones, in Latin-1 or not."""
    assert read_back(png_chunks.text_chunk(keyword, text)) == (keyword, text)


@pytest.mark.parametrize(
    ("text", "kind"), [("short é", b"tEXt"), ("é" * 2000, b"zTXt"), ("狐" * 2000, b"iTXt")]
)
def test_a_text_takes_the_plainest_chunk_that_holds_it(text, kind):
    """Long texts are compressed, and all kinds read back."""
    serialized = png_chunks.text_chunk("Title", text)
    assert serialized[4:8] == kind
    assert len(serialized) < 200
    assert read_back(serialized) == ("Title", text)


def test_pillow_reads_the_same_texts(drawings, saved):
    """An independent reader sees keyword and text of all three kinds."""
    texts = {"Short": "é", "Long": "é" * 2000, "Other": "狐"}
    added = [png_chunks.text_chunk(keyword, text) for keyword, text in texts.items()]
    data = png_chunks.spliced(saved(drawings.cel(9, 7), "PNG"), added)
    with PngImagePlugin.PngImageFile(BytesIO(data)) as image:
        image.load()
        assert image.text == texts


def test_xmp_is_never_compressed(xmp_packet):
    """Scanners search for it in the raw bytes, and it reads back."""
    serialized = png_chunks.xmp_chunk(xmp_packet)
    assert xmp_packet in serialized
    assert read_back(serialized) == (png_chunks.XMP_KEYWORD, xmp_packet.decode())


@pytest.mark.parametrize(
    ("kind", "content"),
    [
        (b"tEXt", b"\0text without keyword"),
        (b"zTXt", b"Title\0\0no zlib"),
        (b"zTXt", b"Title"),
        (b"iTXt", b"Title\0\0\0lang"),
        (b"iTXt", b"Title\0\1\0lang\0translated\0no zlib"),
    ],
)
def test_damaged_texts_are_nothing(kind, content):
    """No error and no half of a text."""
    assert png_chunks.read_text(kind, content) is None


@given(st.sampled_from([b"tEXt", b"zTXt", b"iTXt"]), st.binary(max_size=60))
def test_any_bytes_are_a_text_or_nothing(kind, content):
    """Hostile chunks never raise."""
    found = png_chunks.read_text(kind, content)
    assert found is None or found[0]


def test_bombs_are_not_inflated_and_cut_streams_are_nothing():
    """Sixteen mebibytes are the most that a stream may hold, and its end must be there."""
    bomb, whole = zlib.compress(bytes((16 << 20) + 1)), zlib.compress(b"profile" * 9)
    assert png_chunks.inflated(bomb) is None
    assert png_chunks.inflated(whole) == b"profile" * 9
    assert png_chunks.inflated(whole[:-5]) is None
    assert png_chunks.inflated(b"") is None
