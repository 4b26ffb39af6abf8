"""Promises of ocguard.fingerprint.iscc."""

from __future__ import annotations

import base64

import numpy as np
import pytest
from numpy.typing import NDArray

from ocguard.fingerprint.iscc import image_code, image_code_of_pixels

CONFORMANCE_PICTURE = """
FxENDxlPW1tpRG1jYl1LRTozM0eZn4JQXlBaTTITFxoSEAgJEERrcElPcGFqWkhMV0MrcK6hekphRDhIMhESFg8SCgcLQI1f
RmBugHlGQ0RmgXymtqhnL1hHLD41ERIVDRELBwZwyK1lXXuAXkdLTXOFmrHOslQhRkctKjESERQNEQwHBmu81rhiWmVXVFBT
bHmJsdW8NR8jMjEjKBQQExESDAcIWbnVz61PUlxZSV5wYFB+ta8tGyMZJSoqFhAUExINBwhFtN/QvpR0eGNHVXljanl1fj8W
JB8cLjAYERQSFBAIBz2P3d/PsIGCWGJJYnp8goFaNRAgLB8vLBgSExIWEQgGNWHB3djImYJvY11nkIFpakYsFRknITMoFxMT
ExgTCQUrYrLX3byYm3tzZ22TkohqUTUWGhsjMyUXExQVGRQLBRxnocXPvrOpi4V3aYt8hHNYPRYkKyY3JBkYGBcZEw0GEFdw
nry2qKaZgXuEf5+bd2pHGyMpLzsnHBobGBkTDggGS4Chq66Zp6mFXZp9cmBnU0ofICgySCofGxwaGBIQDQM2g6Sjub+2r6iA
lYNAfYZSMSMhLjdIJhwaHBoXEhEQCR2Ap7TDr5LPtp2Ba4yAnGxXISEsODEgGxoeGhgSEhMTFmuuqKjLk8rfpn9LVIWRcVAh
JzUrHB4hHyMaFRMXHBkTUJKG0qHHl+GvgFqJrWZROCY3PSEaJCcjIxoXGRohJhUgjc/CuIaW18qBRJB8aGJCOEY2JiYkJCUm
GhoaGR8oJxtdz9Ohs8mf0oswY31zVktENycoIyMmJyobGx4bHiMqK0GJysKmr4jDnTpibnBaUDYUFyEoJyopKxobJB0dIiUr
JmTG3tfQt7WtV26CfWxkMBkdIiksLSwtGhskHyEjHyImdurn8dTjtHeVio2SjoM8MDEqKi0vLi0eJCIpKywrNz1n8vr55u/f
i8Sco6qwmC8pNzs5NC0tLiMtIiY0OT02P2jc/vHw8Nipsa3V0MOoQyw5NC0wLS0wLzQmKC01PkpiaInRx7Xc17RtevHs1qM8
OjA9NjEsLjI6NCklND5FYmBRR256aHl4XTJD2/nXf0I7Nik6NyktNUM9NiBDV1FcT0Y9ZlpSSkdGOShuu4RYUUQ4MDpALC00
SUgzJFBXVVg/RktXUUtLSk5DMjZFMklPSzk+N0E3LTRNSCgzTkpbVTZOW0hTSUxJTEo6OEMxQko9OUQ/Nj01M0hGOEFETFhM
OFFgRFBJSEtNQj89QTVBRTs7PUY1QDM3RkRAQ0JGT0RCUVZFTklJSU1BPkRCOkM+QDs9Pjc/LzRNREBFP0RFSElUTEhOTUpI
TUNDQEY7QEFCQTxBNT0xMw==
"""
"""The picture of the conformance tests of iscc-core (``gen_image_code_v0``), 32 x 32 gray."""


def conformance_picture() -> NDArray[np.uint8]:
    """Read it."""
    return np.frombuffer(base64.b64decode(CONFORMANCE_PICTURE), np.uint8).reshape(32, 32)


def symmetric_steps() -> NDArray[np.uint8]:
    """Draw a picture of which half the frequencies are zero, and lie on the median."""
    x = np.arange(32)
    rising = np.add.outer(x, x)
    return np.minimum(rising, rising[::-1, ::-1]).astype(np.uint8) // 8 * 50


def distance(one: str, other: str) -> int:
    """Count the bits that differ."""
    first, second = (
        int.from_bytes(base64.b32decode(code.removeprefix("ISCC:"))) for code in (one, other)
    )
    return (first ^ second).bit_count()


@pytest.mark.parametrize(
    ("gray", "code"),
    [
        (np.zeros((32, 32), np.uint8), "ISCC:EEAQAAAAAAAAAAAA"),
        (np.full((32, 32), 255, np.uint8), "ISCC:EEAYAAAAAAAAAAAA"),
        (conformance_picture(), "ISCC:EEA4GQZQTY6J5DTH"),
        (symmetric_steps(), "ISCC:EEAYAFJAIUEFKICV"),
    ],
    ids=["black", "white", "a picture", "symmetric steps"],
)
def test_the_code_is_that_of_the_reference(gray: NDArray[np.uint8], code: str) -> None:
    """Bit for bit what iscc-core 1.5.0 says; the first three are of its conformance tests."""
    assert image_code_of_pixels(gray) == code


def test_a_small_copy_is_near_and_another_picture_far(drawings) -> None:
    """Within a few of 64 bits."""
    picture, other = drawings.painterly(640, 480, 1), drawings.painterly(640, 480, 2)
    assert distance(image_code(picture), image_code(picture[::2, ::2])) <= 4
    assert distance(image_code(picture), image_code(other)) > 16


def test_a_plain_border_changes_nothing(drawings) -> None:
    """Not even with the noise of a JPEG."""
    picture = drawings.painterly(300, 200, 1)
    framed = np.full((300, 400, 3), 250, np.uint8)
    framed[::3] -= 2
    framed[50:250, 50:350] = picture
    assert distance(image_code(framed), image_code(picture)) <= 2


def test_a_plain_picture_has_the_code_of_its_gray() -> None:
    """A picture that is all border is not cut away."""
    assert image_code(np.zeros((40, 30, 3), np.uint8)) == "ISCC:EEAQAAAAAAAAAAAA"
