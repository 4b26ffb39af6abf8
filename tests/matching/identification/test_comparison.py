"""One compared work: weighed by what was measured."""

from dataclasses import replace

import numpy as np
import pytest

from ocguard.fingerprint.describe import describe
from ocguard.matching.alignment.verify import prepare, verify
from ocguard.matching.evidence.agreement import compare_aligned
from ocguard.matching.identification.comparison import refined, weighed


@pytest.fixture(scope="module")
def found(works):
    """Give the map of a crop onto its work."""
    crop = np.ascontiguousarray(works.pictures["work-5"][30:, 30:])
    return verify(prepare(describe(crop)), works.fingerprint("work-5"))


def test_a_view_belongs_to_its_work(found):
    """It keeps its own id beside that of the work."""
    one = weighed("work-5", found, None, 1)
    assert (one.work_id, one.view_id) == ("work-5", "work-5")
    assert one.transform is found.transform


def test_the_same_evidence_weighs_less_among_more_works(works, draw_figure):
    """More works give more coincidences."""
    found = verify(prepare(describe(draw_figure(41))), works.fingerprint("work-5"))
    few, many = (weighed("work-5", found, None, size).log10_lr for size in (1, 100))
    assert few > many


def compared_coarsely(found, suspect, work, method):
    """Compare two pictures under a map that is off by some pixels."""
    off = found.transform @ np.array([[1.02, 0.01, -16.0], [-0.01, 0.98, 14.0], [0.0, 0.0, 1.0]])
    coarse = replace(found, transform=off, method=method)
    return weighed("work-5", coarse, compare_aligned(suspect, work, off), 1)


def test_a_coarse_map_of_the_layout_is_refined(works):
    """Lines that lay beside each other lie on each other afterwards."""
    work = works.pictures["work-5"]
    found = verify(prepare(describe(work)), works.fingerprint("work-5"))
    coarse = compared_coarsely(found, work, work, "layout")
    finer = refined(coarse, work, work)
    assert coarse.measures.structure_correlation < 0.7
    assert finer.measures.structure_correlation > 0.95
    assert finer.log10_lr == coarse.log10_lr
    assert np.allclose(finer.transform, np.eye(3), atol=2.0)


def test_what_does_not_agree_better_stays(works, found):
    """Another picture gives nothing finer, and a map of keypoints needs nothing."""
    work, other = works.pictures["work-5"], works.pictures["work-6"]
    for suspect, method in ((255 - other, "layout"), (work, "keypoints")):
        one = compared_coarsely(found, suspect, work, method)
        after = refined(one, suspect, work)
        assert after.measures.structure_correlation >= one.measures.structure_correlation
        assert method == "layout" or after is one
