"""Detection: reads what was marked, after what happens to pictures, and nothing else."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from ocguard.distortions import apply, true_transform
from ocguard.watermark.invisible import Codebook, KnownMark, Tries, detect
from ocguard.watermark.invisible.detection import FOUND_BELOW, MOST_DECODES, look
from ocguard.watermark.invisible.payload import CHECK_BITS, LIST_SIZE

ORDINARY = ["jpeg-75", "jpeg-50", "webp-80", "resize-50", "crop-50", "rotate-7", "mirror"]


MOVED = ["rotate-33+jpeg-75", "crop-25", "crop-10", "stretch-85", "shear-5", "bend", "collage-60"]


@pytest.mark.parametrize("distortion", ["none", *ORDINARY, *MOVED])
def test_a_large_picture_is_read_blind(scene, key, distortion):
    """Without knowing which marks exist, the exact id comes back."""
    suspect = scene.rgb if distortion == "none" else apply(distortion, scene.rgb, 5)
    found = detect(suspect, key=key)
    assert (found.verdict, found.mark_id) == ("found", scene.known.mark_id)
    assert found.p_value < 1e-9


def test_a_message_read_anywhere_is_enough():
    """All the decodings of a search together leave the keyed check below the bound of found."""
    assert MOST_DECODES * LIST_SIZE / 2.0**CHECK_BITS < FOUND_BELOW


def test_perspective_is_followed(scene, key):
    """Corners moved by 5 % of the sides: no straight map fits, a drift does."""
    suspect = apply("perspective-5", scene.rgb, 5)
    found = detect(suspect, key=key, known=[scene.known])
    assert (found.verdict, found.mark_id) == ("found", scene.known.mark_id)


@pytest.mark.parametrize("distortion", ["none", *ORDINARY, "stretch-115", "bend", "resize-35"])
def test_a_small_picture_is_read_by_its_artist(small, key, distortion):
    """With the issued marks at hand, a picture of 480 px survives the ordinary changes."""
    suspect = small.rgb if distortion == "none" else apply(distortion, small.rgb, 5)
    found = detect(suspect, key=key, known=[small.known])
    assert (found.verdict, found.mark_id) == ("found", small.known.mark_id)


@pytest.mark.parametrize("distortion", ["crop-50", "rotate-7", "resize-50", "mirror"])
def test_the_transform_is_the_true_one(scene, key, distortion):
    """Suspect pixels map to marked pixels within a pixel and a half."""
    suspect = apply(distortion, scene.rgb, 5)
    found = detect(suspect, key=key, known=[scene.known])
    height, width = suspect.shape[:2]
    size = scene.rgb.shape[1::-1]
    points = np.array([(0.3, 0.3), (0.7, 0.3), (0.5, 0.7)]) * (width, height)
    ones = np.column_stack([points, np.ones(3)])
    truth = ones @ true_transform(distortion, size, 5).T
    assert found.transform is not None
    assert np.abs(ones @ found.transform.T - truth[:, :2] / truth[:, 2:]).max() < 1.5
    assert found.is_mirrored == (distortion == "mirror")


@pytest.mark.parametrize(("left", "top"), [(60, 100), (600, 40), (640, 500)])
def test_a_picture_within_a_larger_one_lies_where_it_is_shown(small, key, left, top):
    """The carrier repeats: of all places, the transform names the one with the mark."""
    shown = cv2.resize(small.rgb, None, fx=0.8, fy=0.8, interpolation=cv2.INTER_AREA)
    page = np.full((900, 1100, 3), 235, np.uint8)
    page[top : top + shown.shape[0], left : left + shown.shape[1]] = shown
    found = detect(page, key=key, known=[small.known])
    assert found.mark_id == small.known.mark_id
    corner = found.transform @ (left, top, 1)
    assert np.abs(corner).max() < 3


def test_a_mark_issued_twice_is_placed_where_it_lies(scene, key):
    """A mark id issued at two places of the carrier: the transform is that of the right one."""
    other = KnownMark(scene.known.mark_id, scene.known.size_px, (17, 333))
    for known in ([other, scene.known], [scene.known, other]):
        found = detect(scene.rgb, key=key, known=known)
        assert np.allclose(found.transform, np.eye(2, 3), atol=1)


@pytest.mark.parametrize("distortion", ["none", "jpeg-50", "crop-50", "rotate-7", "mirror"])
def test_a_negative_is_read_and_told(scene, small, key, distortion):
    """Light and dark exchanged, and changed further: the id comes back as from the original."""
    for picture in (scene, small):
        negative = 255 - picture.rgb
        suspect = negative if distortion == "none" else apply(distortion, negative, 5)
        found = detect(suspect, key=key, known=[picture.known])
        assert (found.verdict, found.mark_id) == ("found", picture.known.mark_id)
        assert (found.is_negative, found.is_mirrored) == (True, distortion == "mirror")


def test_details_alone_turned_over_are_read(scene, key):
    """Local contrast exchanged, while light and dark places stay what they were."""
    ground = cv2.GaussianBlur(scene.rgb.astype(np.float32), (0, 0), 20)
    found = detect(np.clip(2 * ground - scene.rgb, 0, 255).astype(np.uint8), key=key)
    assert (found.mark_id, found.is_negative) == (scene.known.mark_id, True)


def test_hardly_anything_of_an_unmarked_picture_is_decoded(scene, key):
    """Decoding is what costs, and what a message's p-value is corrected for."""
    tries = Tries()
    look(scene.host, Codebook(key), tries)
    assert MOST_DECODES - tries.decodes_left <= 3


def test_no_more_is_decoded_than_is_corrected_for(scene, key):
    """A mark that could be read is not, once the decodings of the suspect are used up."""
    found, _ = look(scene.rgb, Codebook(key), Tries(decodes_left=0))
    assert found.verdict == "not-found"


def test_unmarked_pictures_have_no_mark(drawings, key):
    """Clean pictures of every kind are not found, whatever marks were issued."""
    known = [KnownMark(index, (800, 600), (0, 0)) for index in range(1000)]
    makers = (drawings.cel, drawings.line_art, drawings.painterly)
    for seed, draw in enumerate(makers):
        found = detect(draw(800, 600, seed=seed), key=key, known=known)
        assert found.verdict == "not-found"
        assert found.mark_id is None


def test_periodic_pictures_have_no_mark(key):
    """Screentone, brick and checks, whose spectrum is all peaks, are not found."""
    y, x = np.mgrid[:600, :800]
    tone = ((x % 6 - 3) ** 2 + (y % 6 - 3) ** 2 < 5) * 255
    brick = ((y % 32 < 3) | ((x + (y // 32 % 2) * 32) % 64 < 3)) * 160 + 60
    checks = ((x // 16 + y // 16) % 2) * 200 + 20
    for plane in (tone, brick, checks):
        assert detect(np.dstack([plane] * 3).astype(np.uint8), key=key).verdict == "not-found"


def test_the_wrong_key_finds_nothing(scene, other_key):
    """Without the key there is no mark to be seen."""
    found = detect(scene.rgb, key=other_key, known=[scene.known])
    assert found.verdict == "not-found"


def test_recipients_are_told_apart(drawings, mark, key):
    """Two copies of one picture name their own recipient, also when both are known."""
    host = drawings.cel(900, 700, seed=9)
    copies = [mark(host, mark_id, key) for mark_id in (11, 12)]
    known = [copy.known for copy in copies]
    for copy in copies:
        found = detect(apply("jpeg-75", copy.rgb, 0), key=key, known=known)
        assert found.mark_id == copy.known.mark_id


@pytest.mark.parametrize("color", [0, 128, 255])
def test_a_blank_picture_cannot_tell(key, color):
    """A blank picture gives no verdict about marks."""
    found = detect(np.full((400, 400, 3), color, np.uint8), key=key)
    assert (found.verdict, found.mark_id) == ("cannot-tell", None)
    assert "blank" in found.reason


def test_a_tiny_picture_cannot_tell(scene, key):
    """A suspect of 40 px says so."""
    assert detect(scene.rgb[:40, :40].copy(), key=key).verdict == "cannot-tell"


@pytest.mark.parametrize("size", [(1, 1), (3, 500), (500, 3)])
def test_odd_sizes_do_not_break(key, size):
    """Slivers are answered, not refused."""
    noise = np.random.default_rng(0).integers(0, 256, (*size, 3), dtype=np.uint8)
    assert detect(noise, key=key).verdict == "cannot-tell"


@pytest.mark.parametrize("distortion", ["none", "jpeg-30", "rotate-7"])
def test_a_mark_nobody_issued_here_is_not_named_as_another(scene, small, key, distortion):
    """A portfolio that does not know the mark says the mark's own id, or none: no innocent's."""
    issued = [KnownMark(number, (800, 600), (0, 0)) for number in range(3000)]
    for picture in (scene, small):
        suspect = picture.rgb if distortion == "none" else apply(distortion, picture.rgb, 5)
        found = detect(suspect, key=key, known=issued)
        assert found.mark_id in (None, picture.known.mark_id)
        assert found.verdict != "weak"
