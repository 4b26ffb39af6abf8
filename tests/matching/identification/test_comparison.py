"""One compared work: weighed by what was measured."""

import numpy as np
import pytest

from ocguard.fingerprint.describe import describe
from ocguard.matching.alignment.verify import prepare, verify
from ocguard.matching.identification.comparison import weighed


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
