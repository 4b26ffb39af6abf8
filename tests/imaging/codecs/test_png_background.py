"""Promises of ocguard.imaging.codecs.png_background."""

import struct

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ocguard.imaging.codecs.png_background import read_background, with_background
from ocguard.imaging.codecs.png_chunks import SIGNATURE, chunk, chunks

GREY, RGB, INDEXED, GREY_ALPHA, RGBA = 0, 2, 3, 4, 6


def png(bits, color_type, palette=b""):
    """A PNG whose pixels nobody decodes."""
    header = struct.pack(">IIBBBBB", 1, 1, bits, color_type, 0, 0, 0)
    table = chunk(b"PLTE", palette) if palette else b""
    return b"".join(
        [SIGNATURE, chunk(b"IHDR", header), table, chunk(b"IDAT", b"x"), chunk(b"IEND", b"")]
    )


def stored_in(data):
    """The content of its bKGD chunk, and the kinds of all chunks in their order."""
    found = [(kind, bytes(content)) for kind, content in chunks(data)]
    return dict(found).get(b"bKGD"), [kind for kind, _ in found]


@given(
    st.sampled_from([8, 16]), st.sampled_from([RGB, RGBA]), st.tuples(*[st.integers(0, 255)] * 3)
)
def test_a_color_reads_back(bits, color_type, color):
    """In 8 and 16 bits, with and without alpha."""
    wide = tuple(level * 257 for level in color)
    content, kinds = stored_in(with_background(png(bits, color_type), wide, []))
    assert len(content) == 6
    assert read_background(content, bits, color_type, b"") == wide
    assert kinds == [b"IHDR", b"bKGD", b"IDAT", b"IEND"]


@pytest.mark.parametrize("bits", [1, 2, 4, 8, 16])
@pytest.mark.parametrize("color_type", [GREY, GREY_ALPHA])
def test_grey_is_one_sample_of_its_depth(bits, color_type):
    """White is the largest value of the depth, and read as white again."""
    content, _ = stored_in(with_background(png(bits, color_type), (65_535,) * 3, []))
    assert content == struct.pack(">H", 2**bits - 1)
    assert read_background(content, bits, color_type, b"") == (65_535,) * 3


def test_a_palette_gets_its_nearest_entry_behind_the_palette():
    """A few levels off is the same color."""
    palette = np.array([[0, 0, 0], [250, 10, 10], [250, 40, 10]], np.uint8).tobytes()
    lost = []
    data = with_background(png(8, INDEXED, palette), (252 * 257, 12 * 257, 10 * 257), lost)
    content, kinds = stored_in(data)
    assert content == b"\1"
    assert kinds == [b"IHDR", b"PLTE", b"bKGD", b"IDAT", b"IEND"]
    assert read_background(content, 8, INDEXED, palette) == (250 * 257, 10 * 257, 10 * 257)
    assert lost == []


def test_a_palette_without_the_color_stays_as_it_is_by_name():
    """Twenty-four levels off is the last that is near."""
    lost = []
    data = png(8, INDEXED, bytes([100, 100, 100]))
    assert with_background(data, (125 * 257, 100 * 257, 100 * 257), lost) == data
    assert "no color near it" in lost[0]
    assert with_background(data, (124 * 257, 100 * 257, 100 * 257), []) != data


@pytest.mark.parametrize(
    ("content", "color_type", "palette"),
    [
        (b"", RGB, b""),
        (b"\0\1\0\2", RGB, b""),
        (b"\0", GREY, b""),
        (b"\0\1\0\1", GREY, b""),
        (b"", INDEXED, b"abc"),
        (b"\1", INDEXED, b"abc"),
        (b"\0", INDEXED, b""),
    ],
)
def test_a_damaged_chunk_is_no_color(content, color_type, palette):
    """Too short, too long, or an entry that the palette lacks."""
    assert read_background(content, 8, color_type, palette) is None


@given(st.binary(max_size=9), st.sampled_from([1, 2, 4, 8, 16]), st.sampled_from([0, 2, 3, 4, 6]))
def test_any_content_gives_samples_in_range_or_nothing(content, bits, color_type):
    """Bits above the depth are ignored, as the standard asks."""
    found = read_background(content, bits, color_type, bytes(range(9)))
    assert found is None or all(0 <= sample <= 65_535 for sample in found)
