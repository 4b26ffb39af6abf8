"""What holds too little is told apart from what nothing agrees with."""

import cv2
import numpy as np
import pytest

from ocguard.fingerprint.describe import describe
from ocguard.matching.decision.bounds import load_bounds
from ocguard.matching.decision.enough import too_little
from ocguard.matching.evidence.contents import measure_contents
from ocguard.matching.identification.identify import Suspect, compare, identify
from ocguard.wording import reason_text


def blurred(rgb):
    return cv2.GaussianBlur(rgb, (0, 0), 12)


def shrunk(rgb):
    return cv2.resize(rgb, (18, 18), interpolation=cv2.INTER_AREA)


def faded(rgb):
    return (255 - (255 - rgb.astype(np.float32)) * 0.02).astype(np.uint8)


def halves(rgb):
    """Two flat colors, one below the other."""
    canvas = np.full_like(rgb, (90, 120, 200))
    canvas[len(rgb) // 2 :] = (230, 220, 190)
    return canvas


THIN = {
    "blurred": (blurred, "too-sparse", "distinct points"),
    "shrunk": (shrunk, "too-small", "18 x 18 pixels"),
    "faded": (faded, "too-flat", "structure shows in"),
    "halves": (halves, "too-sparse", "distinct points"),
}
each_thin = pytest.mark.parametrize(("thin", "lacks", "measured"), THIN.values(), ids=THIN.keys())


@each_thin
def test_a_thin_suspect_cannot_be_told(works, draw_figure, thin, lacks, measured):
    """A stranger that holds too little is no proof of absence; the reason says what it lacks."""
    verdict = identify(Suspect.of(thin(draw_figure(90))), works.index, works)
    assert (verdict.verdict, verdict.work_id) == ("cannot-tell", None)
    assert verdict.reason.code == f"suspect-{lacks}"
    assert measured in reason_text(verdict.reason.code, verdict.reason.values)


@each_thin
def test_a_thin_work_cannot_be_told(draw_figure, thin, lacks, measured):
    """A picture cannot be called no copy of a work that holds next to nothing."""
    verdict = compare(Suspect.of(thin(draw_figure(60))), Suspect.of(draw_figure(91)))
    assert verdict.verdict == "cannot-tell"
    assert verdict.reason.code == f"work-{lacks}"
    assert measured in reason_text(verdict.reason.code, verdict.reason.values)


def test_a_finished_stranger_is_no_match(works, draw_figure):
    """Where both hold enough, nothing in common is a result."""
    verdict = identify(Suspect.of(draw_figure(90)), works.index, works)
    assert verdict.verdict == "no-match"


def test_a_small_copy_is_found_all_the_same(works):
    """Holding little excuses from a verdict only where nothing was found."""
    small = cv2.resize(works.pictures["work-3"], (64, 64), interpolation=cv2.INTER_AREA)
    assert identify(Suspect.of(small), works.index, works).work_id == "work-3"


def lacking(fingerprint):
    return too_little(measure_contents(fingerprint), load_bounds(), "work")


def test_finished_works_hold_enough(works):
    """Nothing is lacking in a painted figure."""
    assert all(lacking(one) is None for one in works.fingerprints.values())


def test_an_empty_picture_lacks_structure():
    """A white sheet is flat."""
    assert lacking(describe(np.full((200, 200, 3), 255, np.uint8))).code == "work-too-flat"
