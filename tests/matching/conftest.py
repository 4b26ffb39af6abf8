"""Drawn works for the matcher: a small portfolio in memory."""

import numpy as np
import pytest

from ocguard.fingerprint.describe import describe
from ocguard.matching.evidence.agreement import compare_aligned
from ocguard.matching.evidence.measures import Measures, examine
from ocguard.matching.search.index import Index


class DrawnWorks:
    """Painted figures on white, as works of a portfolio."""

    def __init__(self, drawings, count):
        self.pictures = {f"work-{seed}": drawings.figure(seed) for seed in range(count)}
        self.fingerprints = {i: describe(rgb) for i, rgb in self.pictures.items()}
        self.index = Index.build(self.fingerprints.items())

    def fingerprint(self, work_id):
        return self.fingerprints[work_id]

    def reference(self, work_id):
        return self.pictures[work_id]


@pytest.fixture(scope="session")
def works(drawings):
    return DrawnWorks(drawings, 12)


@pytest.fixture(scope="session")
def draw_figure(drawings):
    return drawings.figure


def examine_in_place(suspect, work):
    """Measure all that agrees of two pictures that lie on each other as they are."""
    alignment = compare_aligned(np.ascontiguousarray(suspect), work, np.eye(3))
    found = Measures(
        method="layout",
        is_mirrored=False,
        inliers=0,
        pairs=0,
        inlier_spread_share=0.0,
        log10_false_alarms=9.0,
        layout_correlation=1.0,
        layout_prominence=9.0,
        code_distance_bits=0,
        **vars(alignment.agreement),
    )
    return examine(found, alignment)


@pytest.fixture(scope="session")
def examined():
    return examine_in_place
