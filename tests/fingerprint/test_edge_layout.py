"""Promises of ocguard.fingerprint.edge_layout."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from ocguard.fingerprint.codes import code_distances
from ocguard.fingerprint.edge_layout import (
    LAYOUT_BYTES,
    THUMBNAIL_PX,
    content_thumbnail,
    layout_code,
    mirrored_layout,
    orientation_field,
)
from ocguard.fingerprint.normalize import normalize


def whole_layout(rgb):
    return layout_code(content_thumbnail(normalize(rgb, None)))


def distance(a, b):
    return int(code_distances(a[None], b[None])[0, 0])


def test_the_mirrored_layout_is_that_of_the_mirrored_picture(drawings):
    """Permuting the code equals mirroring the pixels, up to bits on the fence."""
    art = drawings.painterly(256, 192)
    assert distance(mirrored_layout(whole_layout(art)), whole_layout(art[:, ::-1].copy())) <= 40


def test_the_layout_does_not_see_inversion(drawings):
    """A negative has the very same layout."""
    art = drawings.painterly(200, 200)
    assert distance(whole_layout(art), whole_layout(255 - art)) <= 8


def test_an_edge_field_is_twice_the_edge_angle():
    """A vertical edge gives +1, a horizontal one -1, whatever side is dark."""
    raster = np.zeros((32, 32), np.uint8)
    raster[:, 16:] = 255
    assert orientation_field(raster)[16, 15].real > 0.5
    assert orientation_field(255 - raster)[16, 15].real > 0.5
    assert orientation_field(np.ascontiguousarray(raster.T))[15, 16].real < -0.5


@given(st.binary(min_size=LAYOUT_BYTES, max_size=LAYOUT_BYTES))
def test_mirroring_a_layout_twice_is_the_identity(code):
    """No bit is lost, whatever the code."""
    bits = np.frombuffer(code, np.uint8)
    assert np.array_equal(mirrored_layout(mirrored_layout(bits)), bits)


def test_the_thumbnail_shows_the_content_without_its_border(drawings):
    """A white mount around a picture changes its thumbnail by little."""
    art = drawings.painterly(200, 140)
    mounted = np.full((220, 300, 3), 255, np.uint8)
    mounted[40:180, 50:250] = art
    bare, framed = (content_thumbnail(normalize(one, None)) for one in (art, mounted))
    assert bare.shape == (THUMBNAIL_PX, THUMBNAIL_PX)
    assert np.abs(bare.astype(int) - framed).mean() < 3


def test_noise_and_flat_areas_have_no_edges():
    """Grain below the floor leaves the field at zero, and no bit set."""
    grain = np.random.default_rng(1).integers(126, 131, (THUMBNAIL_PX, THUMBNAIL_PX))
    raster = grain.astype(np.uint8)
    assert not orientation_field(raster).any()
    assert not layout_code(raster).any()


def test_a_strong_edge_counts_hardly_more_than_a_clear_one():
    """Strength is compressed: half the contrast keeps most of the weight, and none reaches 1."""
    strong, half = (np.zeros((32, 32), np.uint8) for _ in range(2))
    strong[:, 16:], half[:, 16:] = 255, 128
    weights = [np.abs(orientation_field(one)).max() for one in (strong, half)]
    assert weights[0] < 1
    assert weights[1] > 0.75 * weights[0]


def test_a_diagonal_edge_has_an_angle_between_the_two():
    """Both directions weigh the same: a slope of one gives +i or -i."""
    rows, columns = np.indices((32, 32))
    for sign, raster in ((1, columns + rows > 31), (-1, columns > rows)):
        field = orientation_field(raster.astype(np.uint8) * 255)
        at = field[np.unravel_index(np.abs(field).argmax(), field.shape)]
        assert at.imag * sign > 0.5
        assert abs(at.real) < 0.1
