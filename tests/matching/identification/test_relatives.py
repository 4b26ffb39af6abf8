"""What works have in common: variants are told from shared banners, and these accuse nobody."""

import cv2
import numpy as np
import pytest

from ocguard.distortions import apply
from ocguard.fingerprint.describe import describe
from ocguard.matching.identification.identify import Suspect, identify
from ocguard.matching.identification.relatives import find_relatives
from ocguard.matching.search.index import Index

FINDINGS = {"identical", "near-copy", "shared-base", "likely-derivative"}


class Works:
    """Pictures by name, as works of a portfolio."""

    def __init__(self, pictures):
        self.pictures = pictures
        self.fingerprints = {i: describe(rgb) for i, rgb in pictures.items()}
        self.index = Index.build(self.fingerprints.items())

    def fingerprint(self, work_id):
        return self.fingerprints[work_id]

    def reference(self, work_id):
        return self.pictures[work_id]


def signed(rgb):
    """Put a painted banner below a figure."""
    random = np.random.default_rng(8)
    canvas = cv2.copyMakeBorder(rgb, 0, 70, 0, 0, cv2.BORDER_CONSTANT, value=(90, 60, 20))
    for _ in range(40):
        center = (int(random.integers(10, 390)), int(random.integers(420, 450)))
        axes = tuple(random.integers(5, 22, 2).tolist())
        color = tuple(random.integers(0, 255, 3).tolist())
        cv2.ellipse(canvas, center, axes, int(random.integers(180)), 0, 360, color, 2)
    return canvas


@pytest.fixture(scope="module")
def signed_works(draw_figure):
    return Works({f"work-{seed}": signed(draw_figure(seed)) for seed in range(80, 90)})


def test_variants_of_one_picture_are_found(draw_figure):
    """Another expression is a variant; another figure is no relative."""
    base = draw_figure(70)
    other = base.copy()
    cv2.circle(other, (200, 200), 25, (20, 20, 60), 4)
    works = Works({"base": base, "variant": other, "stranger": draw_figure(71)})
    found = list(find_relatives("base", works.index, works))
    assert [(one.work_id, one.is_variant) for one in found] == [("variant", True)]


def test_a_common_banner_is_a_common_part(signed_works):
    """Works above one banner are relatives, not variants, and agree on the banner only."""
    found = list(find_relatives("work-80", signed_works.index, signed_works))
    assert len(found) >= 5
    assert not any(one.is_variant for one in found)
    places = np.concatenate([one.places for one in found])
    assert (places[:, 1] > 390).mean() > 0.9


@pytest.mark.parametrize("seed", range(60, 66))
def test_a_stranger_above_the_same_banner_is_not_accused(signed_works, draw_figure, seed):
    """The banner agrees with every work, the figure with none."""
    verdict = identify(Suspect.of(signed(draw_figure(seed))), signed_works.index, signed_works)
    assert verdict.verdict not in FINDINGS


def test_a_copy_above_the_banner_is_still_named(signed_works):
    """What stands above the banner decides."""
    suspect = apply("crop-80+jpeg-50", signed_works.pictures["work-84"], 1)
    verdict = identify(Suspect.of(suspect), signed_works.index, signed_works)
    assert (verdict.verdict, verdict.work_id) == ("near-copy", "work-84")


def version(base, place):
    """Give a figure a patch of its own color at one of twelve places."""
    rgb = base.copy()
    x, y = 130 + 45 * (place % 4), 140 + 50 * (place // 4)
    color = cv2.cvtColor(np.uint8([[[14 * place, 200, 200]]]), cv2.COLOR_HSV2RGB)[0, 0].tolist()
    cv2.circle(rgb, (x, y), 13, color, -1)
    cv2.circle(rgb, (x, y), 13, (20, 20, 20), 2)
    return rgb


@pytest.fixture(scope="module")
def versions(draw_figure):
    base = draw_figure(72)
    return Works({f"version-{place}": version(base, place) for place in range(12)})


@pytest.mark.parametrize("rival", ["version-3", "version-7", "version-11"])
def test_a_rival_is_compared_before_other_variants(versions, rival):
    """Whoever takes few of many variants still gets the one that is asked for."""
    found = find_relatives("version-0", versions.index, versions, [rival])
    assert next(found).work_id == rival


def test_one_of_many_variants_is_not_accused(versions, draw_figure):
    """All rivals count as kin, however many more variants the base has."""
    suspect = Suspect.of(apply("jpeg-75", draw_figure(72), 1))
    verdict = identify(suspect, versions.index, versions)
    assert verdict.verdict == "shared-base"
    assert (verdict.reason.code, verdict.reason.values["works"]) == ("shared-base", 5)
