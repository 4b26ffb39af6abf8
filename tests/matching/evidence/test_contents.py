"""What a picture holds."""

import numpy as np

from ocguard.fingerprint.describe import describe
from ocguard.matching.evidence.contents import Contents, measure_contents


def test_contents_are_those_of_the_fingerprint(draw_figure):
    """Size, detail and distinct points."""
    rgb = draw_figure(1)[:, :300]
    fingerprint = describe(np.ascontiguousarray(rgb))
    found = measure_contents(fingerprint)
    assert (found.width_px, found.height_px) == (300, 400)
    assert found.keypoints == len(fingerprint.local)
    assert found.detail_share == fingerprint.detail


def test_the_shorter_side_counts():
    """Whichever it is."""
    assert Contents(30, 20, 0.1, 5).side_px == Contents(20, 30, 0.1, 5).side_px == 20
