"""Global codes and layout codes: one contract for both."""

import cv2
import numpy as np
import pytest

from ocguard.fingerprint.codes import VIEW_NAMES, code_distances, global_codes
from ocguard.fingerprint.edge_layout import (
    content_thumbnail,
    layout_code,
)
from ocguard.fingerprint.normalize import normalize


def whole_code(rgb):
    return global_codes(normalize(rgb, None))[0][1]


def whole_layout(rgb):
    return layout_code(content_thumbnail(normalize(rgb, None)))


CODES = pytest.mark.parametrize("code_of", [whole_code, whole_layout])


def distance(a, b):
    return int(code_distances(a[None], b[None])[0, 0])


@CODES
def test_a_code_is_deterministic(code_of, drawings):
    """The same pixels give the same bits."""
    art = drawings.cel()
    assert np.array_equal(code_of(art), code_of(art.copy()))


@CODES
def test_a_small_change_stays_near(code_of, drawings):
    """Recompression and scaling move few bits."""
    art = drawings.cel(400, 300, 3)
    data = cv2.imencode(".jpg", art, [cv2.IMWRITE_JPEG_QUALITY, 50])[1]
    again = cv2.resize(
        cv2.imdecode(data, cv2.IMREAD_COLOR), (200, 150), interpolation=cv2.INTER_AREA
    )
    code = code_of(art)
    assert distance(code, code_of(again)) < 0.15 * 8 * len(code)


@CODES
def test_another_picture_is_far(code_of, drawings):
    """Unrelated drawings differ in a good part of their bits."""
    codes = [code_of(drawings.cel(400, 300, seed)) for seed in range(6)]
    nearest = min(distance(codes[i], codes[j]) for i in range(6) for j in range(i))
    assert nearest > 0.2 * 8 * len(codes[0])


def test_the_mirrored_codes_are_those_of_the_mirrored_picture(drawings):
    """Mirroring in the frequency domain equals mirroring the pixels, for codes without parts."""
    picture = normalize(drawings.painterly(256, 192), None)
    flipped = normalize(drawings.painterly(256, 192)[:, ::-1].copy(), None)
    mirrored = global_codes(picture)[1][:2]
    assert code_distances(mirrored, global_codes(flipped)[0][:2]).diagonal().max() <= 4


def test_a_view_without_detail_has_no_code():
    """Flat views give zeros, which no real code is, so that they cannot collide."""
    flat = np.full((100, 100, 3), 230, np.uint8)
    codes, mirrored = global_codes(normalize(flat, None))
    assert codes.shape == (len(VIEW_NAMES), 32)
    assert not codes.any()
    assert not mirrored.any()


def test_distances_are_those_of_counting_bits_one_by_one():
    """The word-wise count equals an independent one."""
    random = np.random.default_rng(1)
    queries, references = random.integers(0, 256, (2, 3, 32)).astype(np.uint8)
    expected = (
        np.unpackbits(queries, axis=1)[:, None] != np.unpackbits(references, axis=1)[None]
    ).sum(2)
    assert np.array_equal(code_distances(queries, references), expected)
