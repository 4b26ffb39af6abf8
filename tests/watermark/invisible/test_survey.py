"""Promises of ocguard.watermark.invisible.survey."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from ocguard.watermark.invisible import Codebook, KnownMark, Tries, survey


def overlap(first: tuple[int, ...], second: tuple[int, ...]) -> float:
    """Return the common share of two boxes: intersection over union."""
    (x, y, w, h), (u, v, s, t) = first, second
    across, down = min(x + w, u + s) - max(x, u), min(y + h, v + t) - max(y, v)
    common = max(across, 0) * max(down, 0)
    return common / (w * h + s * t - common)


def test_one_mark_fills_its_picture_and_leaves_nothing_over(drawings, mark, key) -> None:
    """So that an ordinary copy costs a single look."""
    marked = mark(drawings.painterly(1280, 960, 3), 7, key)
    seen = survey(marked.rgb, Codebook(key, [marked.known]), Tries())
    (shown,) = seen.marks
    assert (shown.detection.mark_id, shown.detection.p_value) == (7, seen.answer.p_value)
    assert overlap(shown.box, (0, 0, 1280, 960)) > 0.95
    assert seen.rests == ()


def test_a_mark_is_placed_where_it_was_put_and_still_ground_is_no_rest(scene, key) -> None:
    """The box holds nearly all that was changed; around it the drawing is plain."""
    seen = survey(scene.rgb, Codebook(key, [scene.known]), Tries())
    left, top, width, height = seen.marks[0].box
    changes = np.abs(scene.rgb.astype(int) - scene.host).sum(axis=2)
    assert changes[top : top + height, left : left + width].sum() > 0.9 * changes.sum()
    assert seen.rests == ()


def test_a_pasted_picture_is_left_over(scene, small, key) -> None:
    """What the mark of the larger picture does not explain is told as a box."""
    page = scene.rgb.copy()
    page[80:500, 700:1180] = small.rgb
    seen = survey(page, Codebook(key, [scene.known, small.known]), Tries())
    assert seen.marks[0].detection.mark_id == scene.known.mark_id
    assert overlap(seen.rests[0], (700, 80, 480, 420)) > 0.6


@pytest.mark.parametrize("is_known", [True, False])
def test_a_picture_that_was_marked_twice_names_both(drawings, mark, key, is_known) -> None:
    """One mark laid over the other, at another place of the carrier."""
    first = mark(drawings.painterly(800, 600, 5), 11, key)
    second = mark(first.rgb, 12, key)
    assert first.known.origin_px != second.known.origin_px
    known = [first.known, second.known] if is_known else []
    seen = survey(second.rgb, Codebook(key, known), Tries())
    assert {one.detection.mark_id for one in seen.marks} == {11, 12}
    assert all(one.detection.verdict == "found" for one in seen.marks)


def test_the_mean_of_two_copies_names_both_recipients(drawings, mark, key) -> None:
    """Where their codewords lie on one place of the carrier, and where they do not."""
    host = drawings.cel(800, 640, 9)
    copies = [mark(host, mark_id, key) for mark_id in (21, 22)]
    mixed = np.mean([copy.rgb.astype(float) for copy in copies], axis=0).round().astype(np.uint8)
    seen = survey(mixed, Codebook(key, [copy.known for copy in copies]), Tries())
    assert {one.detection.mark_id for one in seen.marks} == {21, 22}


def test_two_artists_marks_do_not_hide_each_other(drawings, mark, key, other_key) -> None:
    """Each reads their own, whoever marked last."""
    first = mark(drawings.painterly(800, 600, 6), 31, key)
    both = mark(first.rgb, 32, other_key)
    for reader, mark_id in ((key, 31), (other_key, 32)):
        seen = survey(both.rgb, Codebook(reader), Tries())
        assert [one.detection.mark_id for one in seen.marks] == [mark_id]


def test_an_unmarked_picture_has_no_marks(scene, key) -> None:
    """Whatever marks were issued."""
    known = [KnownMark(number, (1280, 960), (0, 0)) for number in range(200)]
    seen = survey(scene.host, Codebook(key, known), Tries())
    assert (seen.answer.verdict, seen.marks, seen.rests) == ("not-found", (), ())


def test_a_mark_on_plain_ground_shows_where_the_picture_is(small, key) -> None:
    """The ground around it can show nothing."""
    page = np.full((800, 1000, 3), 240, np.uint8)
    page[200:620, 300:780] = small.rgb
    (mark,) = survey(page, Codebook(key, [small.known]), Tries()).marks
    assert overlap(mark.box, (300, 200, 480, 420)) > 0.8


def test_more_looks_need_more_evidence(small, key) -> None:
    """The bound of an issued mark grows with the looks that it is one of."""
    dim = cv2.addWeighted(small.rgb, 0.5, small.host, 0.5, 0)
    known = Codebook(key, [small.known])
    single, many = (survey(dim, known, Tries(looks=looks)).answer.p_value for looks in (1, 50))
    assert many == pytest.approx(50 * single, rel=1e-6)
