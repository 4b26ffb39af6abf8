"""Repaints: the large shapes of a work are there, its lines and details are not."""

import numpy as np
import pytest

from ocguard.matching.identification.identify import Suspect, compare, compare_all, identify
from ocguard.matching.identification.repaint import repaints_of, with_repaints

FINDINGS = {"identical", "near-copy", "shared-base", "likely-derivative"}
HATCHED = ["work-0", "work-1", "work-3"]


def check(works, rgb, also):
    """Check a suspect, for which a descriptor proposed some works."""
    return identify(Suspect.of(np.ascontiguousarray(rgb)), works.index, works, also=also)


@pytest.mark.parametrize("work_id", HATCHED)
def test_a_work_under_other_brushwork_is_shown(works, drawings, work_id):
    """It is no finding, since only a network says so, and the reason says that."""
    verdict = check(works, drawings.hatched(works.pictures[work_id]), [work_id])
    assert (verdict.verdict, verdict.work_id) == ("cannot-tell", work_id)
    assert verdict.reason.code == "repaint"
    assert verdict.reason.values["feature_agreement"] >= 0.45


@pytest.mark.parametrize("work_id", HATCHED)
def test_a_stranger_under_the_same_brushwork_is_not(works, draw_figure, drawings, work_id):
    """Brushwork counts for nothing."""
    stranger = drawings.hatched(draw_figure(40 + int(work_id[-1])))
    verdict = check(works, stranger, [work_id])
    assert verdict.verdict not in FINDINGS
    assert verdict.reason.code != "repaint"


def test_the_work_is_laid_on_all_of_its_repaint(works, drawings):
    """Mirrored, where the repaint is."""
    repaint = drawings.hatched(works.pictures["work-1"])[:, ::-1]
    (first, *_) = check(works, repaint, ["work-1"]).candidates
    assert first.measures.is_mirrored
    assert first.measures.method == "whole"
    height, width = repaint.shape[:2]
    corner = first.transform @ (width - 1, height - 1, 1)
    assert corner == pytest.approx((0, height - 1, 1))


def test_nothing_is_asked_where_lines_and_details_name_a_work(works):
    """A copy stays what it is."""
    verdict = check(works, works.pictures["work-1"], ["work-1"])
    assert verdict.verdict == "near-copy"
    assert "feature_agreement" not in verdict.candidates[0].measures.taken()


def test_a_repaint_is_found_without_a_portfolio(works, drawings):
    """Two pictures are compared in the same way."""
    work = works.pictures["work-0"]
    assert compare(Suspect.of(work), Suspect.of(drawings.hatched(work))).reason.code == "repaint"


def test_pictures_that_hold_too_little_are_repaints_of_nothing(works):
    """All that are nearly empty look alike."""
    gradient = np.tile(np.linspace(90, 140, 300).astype(np.uint8)[None, :, None], (200, 1, 3))
    empty = Suspect.of(gradient)
    assert repaints_of(empty.fingerprint, empty.rgb, ["work-1"], works, 1) == {}
    assert compare(empty, Suspect.of(gradient + np.uint8(2))).verdict == "cannot-tell"


def test_a_repaint_with_all_lines_is_named_by_the_network_alone(works):
    """Details find copies; what agrees line for line without them is two forms of one make."""
    work = works.pictures["work-1"]
    suspect, asked = Suspect.of(work), ["work-1"]
    by_lines = compare_all(suspect, asked, works, 1)
    repaints = repaints_of(suspect.fingerprint, work, asked, works, 1)
    (known,) = with_repaints(by_lines, repaints, work, works, 1)
    assert known is repaints["work-1"]
    (other,) = with_repaints(by_lines, {}, work, works, 1)
    assert other is by_lines[0]
