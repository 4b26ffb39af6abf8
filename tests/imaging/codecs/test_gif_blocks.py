"""Promises of ocguard.imaging.codecs.gif_blocks."""

from io import BytesIO

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, ImageSequence

from ocguard.errors import ImageReadError
from ocguard.imaging.codecs import gif_blocks

PALETTE = bytes(range(256)) * 3
PIXELS = b"\x08\x02\x00\x01\x00"  # code size, one sub-block, terminator: enough to be walked over


def file_of(*blocks, end=b";"):
    """A GIF of 4 x 3 pixels with these blocks."""
    return gif_blocks.header((4, 3), PALETTE) + b"".join(blocks) + end


def frame(**changes):
    """One frame."""
    facts = {"hundredths": 5, "transparent": None, "disposal": gif_blocks.KEEP} | changes
    return gif_blocks.frame((0, 0, 4, 3), PIXELS, **facts)


@given(st.binary(max_size=700), st.binary(min_size=1, max_size=700), st.integers(0, 65_535))
def test_what_is_written_reads_back(comment, profile, loop):
    """Comments and profiles of any bytes and length, and the number of loops."""
    facts = gif_blocks.facts(
        file_of(
            gif_blocks.application(gif_blocks.LOOP, b"\1" + loop.to_bytes(2, "little")),
            gif_blocks.application(gif_blocks.PROFILE, profile),
            gif_blocks.comment(comment),
            frame(),
            frame(),
        )
    )
    assert facts.comments == [comment]
    assert facts.icc_profile == profile
    assert facts.loop == loop
    assert facts.frames == 2
    assert facts.image_data == PIXELS
    assert facts.has_trailer


def test_xmp_lies_raw_in_the_file_and_reads_back(xmp_packet):
    """Scanners find the packet as it is; block readers are led past it to what follows."""
    data = file_of(gif_blocks.application(gif_blocks.XMP, xmp_packet), frame())
    assert xmp_packet in data
    facts = gif_blocks.facts(data)
    assert facts.xmp == xmp_packet
    assert facts.frames == 1


def test_pillow_reads_what_is_put_together(drawings):
    """Place, duration, transparency and disposal of a frame, by an independent reader."""
    out = BytesIO()
    Image.fromarray(drawings.grey(4, 3)).save(out, "GIF")
    pixels = gif_blocks.facts(out.getvalue()).image_data
    blocks = [
        gif_blocks.frame((0, 0, 4, 3), pixels, hundredths=7, transparent=9, disposal=1),
        gif_blocks.frame((0, 0, 4, 3), pixels, hundredths=300, transparent=None, disposal=2),
    ]
    with Image.open(BytesIO(file_of(*blocks))) as image:
        assert image.size == (4, 3)
        assert image.info["transparency"] == 9
        seen = [(f.info["duration"], f.disposal_method) for f in ImageSequence.Iterator(image)]
    assert seen == [(70, 1), (3000, 2)]


@given(st.data())
def test_walking_over_damaged_files_ends(data):
    """Cut and overwritten anywhere, a file gives facts or the documented error."""
    whole = bytearray(file_of(gif_blocks.comment(b"x" * 300), frame(), frame()))
    for at in data.draw(st.lists(st.integers(0, len(whole) - 1), max_size=4)):
        whole[at] = data.draw(st.integers(0, 255))
    cut = bytes(whole[: data.draw(st.integers(0, len(whole)))])
    assert gif_blocks.facts(cut).frames <= len(cut)


@pytest.mark.parametrize("cut", [0, 5, 11, 12, 20])
def test_a_header_alone_has_no_frames(cut):
    """Any beginning of a header can be walked over."""
    facts = gif_blocks.facts(file_of(frame())[:cut])
    assert facts.frames == 0
    assert not facts.has_trailer


def test_a_file_without_its_end_mark_is_told():
    """Frames may be missing at its end."""
    assert not gif_blocks.facts(file_of(frame(), end=b"")).has_trailer


def test_too_many_frames_are_refused():
    """Ten thousand frames pass, one more does not."""
    many = frame() * 10_000
    assert gif_blocks.facts(file_of(many)).frames == 10_000
    with pytest.raises(ImageReadError, match="more than 10,000 frames"):
        gif_blocks.facts(file_of(many, frame()))


def test_a_local_color_table_is_walked_over():
    """Frames with a palette of their own are counted, and their pixels found behind it."""
    local = gif_blocks.frame(
        (0, 0, 4, 3), b"", hundredths=5, transparent=None, disposal=gif_blocks.KEEP
    )
    with_table = local[:-1] + b"\x81" + np.arange(12, dtype=np.uint8).tobytes() + PIXELS
    facts = gif_blocks.facts(file_of(with_table, frame()))
    assert facts.frames == 2
    assert facts.image_data == PIXELS
