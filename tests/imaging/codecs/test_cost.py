"""Promises of ocguard.imaging.codecs.cost: what a file may cost is known before it costs it."""

from __future__ import annotations

import contextlib
import lzma
import re
import struct
import tracemalloc
import zlib
from collections.abc import Callable, Iterator
from io import BytesIO

import numpy as np
import pytest
import tifffile
from PIL import Image

from ocguard.errors import ImageReadError
from ocguard.imaging.codecs import cost
from ocguard.imaging.formats import decode
from ocguard.metadata.xmp import BrokenPacketError, parse_packet

MEMORY_BYTES = 12 << 20
"""More than reading any of these small pictures needs."""

BOMB_BYTES = 24 << 20
"""What the parts of a hostile picture unpack to."""


@contextlib.contextmanager
def cheaply() -> Iterator[None]:
    """Fail a block that takes more memory than its small picture."""
    tracemalloc.start()
    try:
        yield
        assert tracemalloc.get_traced_memory()[1] < MEMORY_BYTES
    finally:
        tracemalloc.stop()


def tiff_of(compression: int, packed: bytes) -> bytes:
    """Make a grey TIFF of 64 x 64 px whose one strip is given."""
    out = BytesIO()
    with tifffile.TiffWriter(out) as tiff:
        tiff.write(np.zeros((64, 64), np.uint8), photometric="minisblack", rowsperstrip=64)
    data = bytearray(out.getvalue())
    with tifffile.TiffFile(BytesIO(bytes(data))) as tiff:
        tags = tiff.pages[0].tags
    struct.pack_into("<H", data, tags[259].valueoffset, compression)
    struct.pack_into("<I", data, tags[273].valueoffset, len(data))
    struct.pack_into("<I", data, tags[279].valueoffset, len(packed))
    return bytes(data) + packed


PACKERS: dict[int, Callable[[bytes], bytes]] = {
    8: zlib.compress,
    32946: zlib.compress,
    34925: lambda raw: lzma.compress(raw, preset=0),
    32773: lambda raw: b"\x81\x00" * (len(raw) // 128),
}


@pytest.mark.parametrize("compression", PACKERS)
def test_a_strip_unpacks_to_no_more_than_it_holds(compression: int) -> None:
    """Strips that fill their place are read; one that would fill 24 MB is refused unread."""
    pack = PACKERS[compression]
    assert decode(tiff_of(compression, pack(bytes(64 * 64)))).size == (64, 64)
    bomb = tiff_of(compression, pack(bytes(BOMB_BYTES)))
    with cheaply(), pytest.raises(ImageReadError, match="unpacks to more than its place"):
        decode(bomb)


def test_lzma_that_asks_for_gigabytes_is_refused() -> None:
    """The size of its dictionary stands in its header."""
    packed = lzma.compress(
        bytes(4096),
        format=lzma.FORMAT_ALONE,
        filters=[{"id": lzma.FILTER_LZMA1, "dict_size": 1 << 16}],
    )
    greedy = packed[:1] + struct.pack("<I", 1 << 30) + packed[5:]
    with pytest.raises(ImageReadError, match="too much memory"):
        decode(tiff_of(34925, greedy))


@pytest.mark.parametrize(
    ("tag", "kind", "value", "told"),
    [(322, 4, 1 << 20, "tiles of 1048576"), (277, 3, 60_000, "60000 samples a pixel")],
)
def test_tiles_and_samples_beyond_the_picture_are_refused(
    tag: int, kind: int, value: int, told: str
) -> None:
    """A picture of 64 x 64 px has no tile of a megapixel a side, and no 60,000 channels."""
    out = BytesIO()
    tifffile.imwrite(out, np.zeros((64, 64, 3), np.uint8), tile=(64, 64), photometric="rgb")
    data = bytearray(out.getvalue())
    with tifffile.TiffFile(BytesIO(bytes(data))) as tiff:
        at = tiff.pages[0].tags[tag].offset
    struct.pack_into("<HII", data, at + 2, kind, 1, value)
    with pytest.raises(ImageReadError, match=told):
        decode(bytes(data))


def progressive(side: int, more_scans: int) -> bytes:
    """Make a progressive JPEG that repeats its last scan."""
    out = BytesIO()
    Image.new("RGB", (side, side), "gray").save(out, "JPEG", progressive=True)
    data = out.getvalue()
    last = data[[found.start() for found in re.finditer(b"\xff\xda", data)][-1] : -2]
    return data[:-2] + last * more_scans + data[-2:]


def test_scans_are_counted_before_any_is_decoded(monkeypatch: pytest.MonkeyPatch) -> None:
    """More than 30 times the pixel limit in all are no honest JPEG; a few more are."""
    assert decode(progressive(64, 5)).size == (64, 64)
    monkeypatch.setattr(cost, "MAX_PIXELS", 64 * 64)
    with pytest.raises(ImageReadError, match="a JPEG of 50 scans"):
        decode(progressive(64, 40))


def test_scans_of_what_lies_in_a_jpeg_or_behind_it_do_not_count() -> None:
    """A preview in the metadata and a film behind the end have markers of their own."""
    data = progressive(64, 0)
    noise = b"\xff\xda" * 20_000
    comment = b"\xff\xfe" + struct.pack(">H", len(noise) + 2) + noise
    assert decode(data[:2] + comment + data[2:] + noise).size == (64, 64)


def test_a_jpeg_with_countless_pieces_of_metadata_is_refused() -> None:
    """Pillow copies all EXIF for each further piece."""
    data = progressive(64, 0)
    piece = b"\xff\xe1\x00\x09Exif\0\0\0"
    with pytest.raises(ImageReadError, match="4,096 pieces of metadata"):
        decode(data[:2] + piece * 5000 + data[2:])


def test_a_header_that_claims_more_than_the_data_holds_is_refused() -> None:
    """A progressive JPEG of the pixel limit would take 1.6 GB before its end is missed."""
    data = bytearray(progressive(64, 0))
    at = data.index(b"\xff\xc2")
    struct.pack_into(">HH", data, at + 5, 16_000, 16_000)
    with pytest.raises(ImageReadError, match="too little data for its size"):
        decode(bytes(data))


def png_with(chunks: bytes) -> bytes:
    """Make a small PNG with chunks behind its header."""
    out = BytesIO()
    Image.new("L", (8, 8)).save(out, "PNG")
    data = out.getvalue()
    return data[:33] + chunks + data[33:]


def chunk(kind: bytes, content: bytes) -> bytes:
    """Make a PNG chunk."""
    checksum = zlib.crc32(kind + content)
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", checksum)


def test_countless_texts_take_no_longer_than_few() -> None:
    """A thousand are kept, and the rest is named."""
    data = png_with(b"".join(chunk(b"tEXt", b"n%d\0text" % number) for number in range(5_000)))
    carried = decode(data).carried
    assert len(carried.text) == 1000
    assert any("one of too many" in sentence for sentence in carried.lost)


def test_packed_texts_share_one_bound() -> None:
    """Two hundred texts of 12 MB each, in 2.4 MB of file, are not all unpacked."""
    bomb = png_with(chunk(b"zTXt", b"name\0\0" + zlib.compress(bytes(12_000_000))) * 200)
    assert len(decode(bomb).carried.text) == 2


def test_a_gif_is_as_large_as_what_its_frames_need() -> None:
    """Readers grow the canvas for a frame that sticks out of the screen."""
    out = BytesIO()
    Image.new("L", (8, 8)).save(out, "GIF")
    data = bytearray(out.getvalue())
    at = data.index(b"\x2c\0\0\0\0\x08\0\x08\0")
    struct.pack_into("<HHHH", data, at + 1, 60_000, 60_000, 8, 8)
    with pytest.raises(ImageReadError, match="is too large"):
        decode(bytes(data))


def test_an_xmp_tree_of_countless_branches_is_refused() -> None:
    """Its tags are counted before any is parsed."""
    with pytest.raises(BrokenPacketError, match="tags, over"):
        parse_packet(b"<a>" + b"<b/>" * 500_000 + b"</a>")
