"""Two that fill in one template have lines of their own between its lines; copies do not."""

import cv2
import numpy as np
import pytest

import ocguard
from ocguard.distortions import apply
from ocguard.matching.alignment.bending import follow
from ocguard.matching.evidence.agreement import compare_aligned
from ocguard.matching.evidence.own_lines import measure_own_lines, own_lines_closely

FINDINGS = {"identical", "near-copy", "shared-base", "likely-derivative"}
INK = (30, 30, 40)


def timetable(seed):
    """Draw a grid with headings, and write and draw something of one's own into its boxes."""
    page, own = np.full((480, 480, 3), 244, np.uint8), np.random.default_rng(seed)
    for cell in range(20):
        x, y = 30 + cell % 5 * 84, 90 + cell // 5 * 92
        cv2.rectangle(page, (x, y), (x + 84, y + 92), INK, 2)
        cv2.putText(page, "MTWTF"[cell % 5], (x + 6, y + 24), 0, 0.7, INK, 2, cv2.LINE_AA)
        if own.random() < 0.6:
            size = tuple(own.integers(5, 26, 2).tolist())
            color = tuple(own.integers(0, 200, 3).tolist())
            cv2.ellipse(page, (x + 44, y + 58), size, 30, 0, 360, color, 3, cv2.LINE_AA)
    cv2.putText(page, "TIMETABLE", (90, 65), 0, 1.7, INK, 3, cv2.LINE_AA)
    return page


def own_lines(suspect, work):
    """Measure two pictures that lie on each other."""
    laid = compare_aligned(suspect, work, np.eye(3)).laid
    return measure_own_lines(
        laid, follow(laid.suspect_rgb, laid.cover, laid.work, laid.moves, laid.landmarks)
    )


def test_two_that_filled_in_one_template_have_lines_of_their_own():
    """Also where the lines of the template are most of all."""
    assert own_lines(timetable(2), timetable(1)).own_lines_share > 0.07


@pytest.mark.parametrize("change", ["jpeg-25", "noise-20", "grey", "hue-90", "invert", "elastic-3"])
def test_a_changed_copy_has_hardly_any(draw_figure, change):
    """Compressed, recolored, inverted or bent."""
    work = draw_figure(71)
    assert own_lines(apply(change, work, 1), work).own_lines_share < 0.05


def test_what_was_added_to_a_copy_is_not_counted(draw_figure):
    """The work has no line that the copy lacks."""
    work = draw_figure(72)
    added = work.copy()
    for place in range(12):
        cv2.circle(added, (30 + 35 * place, 40), 14, INK, 2, cv2.LINE_AA)
    assert own_lines(added, work).own_lines_share < 0.05


def test_unrelated_pictures_have_most_lines_for_themselves(draw_figure):
    """And no part that is the same in both."""
    found = own_lines(draw_figure(73), draw_figure(74))
    assert found.own_lines_share > 0.3
    assert found.own_lines_beside_share == 0


def test_beside_half_of_a_work_is_another_picture(draw_figure):
    """Beside the heading of a template is the rest of the template, and the more of its lines."""
    work, other = draw_figure(69), draw_figure(70)
    half = own_lines(np.hstack([work[:, :240], other[:, 240:]]), work)
    assert half.own_lines_share > 0.07
    assert half.own_lines_beside_share > 0.3
    assert half.common_lines_whole_share > 0.8
    template = own_lines(timetable(3), timetable(1))
    assert template.own_lines_beside_share < 0.18
    assert template.common_lines_whole_share < 0.7


def page_of_writing(seed):
    """Write small words into the lines of one page."""
    page, own = np.full((900, 700, 3), 245, np.uint8), np.random.default_rng(seed)
    for line in range(20):
        words = " ".join(own.choice(["moon", "river", "amber", "ghost", "tides", "salt"], 7))
        cv2.putText(page, words, (60, 80 + 40 * line), 0, 0.6, INK, 1, cv2.LINE_AA)
    return page


@pytest.mark.parametrize("change", ["jpeg-75", "resize-75+jpeg-75", "noise-20", "grey"])
def test_looked_at_closely_other_writing_differs_and_a_copy_does_not(change):
    """From afar, lines of small letters are grey bars, which agree."""
    work, other = page_of_writing(1), page_of_writing(2)
    shares = []
    for picture in (work, other):
        suspect = apply(change, picture, 1)
        onto = np.diag([700 / suspect.shape[1], 900 / suspect.shape[0], 1.0])
        close = compare_aligned(suspect, work, onto).closely()
        shares.append(own_lines_closely(close.suspect_rgb, close.work_rgb, close.cover))
    assert shares[0] < 0.01
    assert shares[1] > 0.05


def test_nearly_empty_pictures_have_none():
    """Where there are hardly any lines, nothing is said of them."""
    white = np.full((120, 90, 3), 255, np.uint8)
    dotted = cv2.circle(white.copy(), (40, 40), 2, INK, -1)
    found = own_lines(dotted, white)
    assert set(vars(found).values()) == {0}


@pytest.mark.parametrize("seed", [2, 4, 8])
def test_nobody_is_accused_who_filled_in_the_same_template(seed):
    """Whatever is in the boxes."""
    found = ocguard.compare(timetable(1), apply("resize-75+jpeg-75", timetable(seed), 1))
    assert found.verdict not in FINDINGS


def test_a_copy_of_a_template_that_was_filled_in_is_found():
    """With all that was written into it."""
    copy = apply("crop-80+jpeg-75", timetable(1), 1)
    assert ocguard.compare(timetable(1), copy).verdict == "near-copy"
