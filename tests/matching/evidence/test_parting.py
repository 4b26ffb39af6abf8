"""How two pictures part, over, around and behind what is each one's own."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from ocguard.distortions import apply
from ocguard.matching.decision.bounds import load_bounds
from ocguard.matching.decision.explanations import LAID_OVER, OVER_OTHERS, UNCOVERED_GROUND
from ocguard.matching.decision.rule import all_of, holds
from ocguard.matching.evidence.parting import NOTHING_COMMON, measure_parting

SIZE = 288
EVERYWHERE = np.ones((SIZE, SIZE), bool)


def noise(seed, blur=5):
    """Blurred noise: a scene."""
    raw = np.random.default_rng(seed).normal(size=(SIZE, SIZE, 3))
    soft = cv2.GaussianBlur(raw, (0, 0), blur)
    return np.clip(128 + 60 * soft / soft.std(), 0, 255).astype(np.uint8)


LETTERING = all_of(OVER_OTHERS, "lettering_stroke")


def parting(suspect, work):
    """Measure how two pictures of one size part."""
    return measure_parting(suspect, work, EVERYWHERE)


def tells(rule, found):
    """Ask a rule of the verdict that needs no other measures."""
    return holds(rule, found, load_bounds())


def titled(seed):
    """Letters over a scene."""
    page = noise(seed, 12)
    for row, part in enumerate(("STAR", "LIGHT")):
        place = (15, 110 + 110 * row)
        cv2.putText(page, part, place, 0, 2.6, (255, 255, 255), 12, cv2.LINE_AA)
        cv2.putText(page, part, place, 0, 2.6, (200, 30, 90), 7, cv2.LINE_AA)
    return page


def standing(ground, seed, center=150, half=(45, 100)):
    """A figure of its own colors before a ground."""
    page, figure = ground.copy(), noise(seed, 3)
    mask = cv2.ellipse(np.zeros((SIZE, SIZE), np.uint8), (center, 160), half, 0, 0, 360, 1, -1)
    page[mask > 0] = figure[mask > 0] // 2 + np.array([100, 20, 10], np.uint8)
    return page


@pytest.mark.parametrize("seed", range(2, 7))
def test_letters_over_two_scenes_are_lettering(seed):
    """Strokes are the same, and nothing else is."""
    assert tells(LETTERING, parting(titled(seed), titled(1)))


@pytest.mark.parametrize("seed", range(2, 7))
def test_a_figure_on_another_ground_is_no_lettering(seed):
    """What is the same is compact."""
    found = parting(standing(noise(seed), 50), standing(noise(1), 50))
    assert tells(OVER_OTHERS, found)
    assert not tells(LETTERING, found)
    assert not tells(UNCOVERED_GROUND, found)


@pytest.mark.parametrize("seed", range(2, 7))
def test_only_a_figure_on_paper_has_plain_ground_where_they_differ(seed):
    """Scenes, and paper whose color goes over into another one, have none."""
    paper, scene = np.full((SIZE, SIZE, 3), 250, np.uint8), noise(seed)
    assert parting(standing(scene, 50), standing(paper, 50)).plain_ground_share > 0.9
    assert parting(standing(paper, 50), standing(scene, 50)).plain_ground_share < 0.3
    shaded = np.broadcast_to(np.linspace(60, 240, SIZE)[:, None, None], paper.shape)
    ground = shaded.astype(np.uint8)
    assert parting(standing(scene, 50), standing(ground, 50)).plain_ground_share < 0.3


@pytest.mark.parametrize("change", ["jpeg-50", "hue-90", "grey", "blur-2", "contrast-70", "invert"])
def test_a_changed_copy_of_a_lettered_picture_is_neither(change):
    """Edges agree beside the letters too."""
    found = parting(apply(change, titled(1), 1), titled(1))
    assert not tells(LETTERING, found)
    assert not tells(UNCOVERED_GROUND, found)


@pytest.mark.parametrize("seed", range(2, 7))
def test_two_figures_before_one_stage_have_a_backdrop(seed):
    """The stage shows in either picture where the other one has its figure."""
    stage = noise(1, 8)
    suspect = standing(stage, seed, center=120, half=(40, 70))
    assert tells(UNCOVERED_GROUND, parting(suspect, standing(stage, 50)))


@pytest.mark.parametrize("seed", range(2, 7))
def test_so_have_two_figures_on_flat_ground_within_a_frame(seed):
    """Nothing but flat ground lies beside both figures."""
    card = np.full((SIZE, SIZE, 3), (120, 150, 190), np.uint8)
    for inset, color in ((4, (60, 20, 20)), (14, (230, 180, 40))):
        cv2.rectangle(card, (inset, inset), (SIZE - inset, SIZE - inset), color, 6)
    suspect = standing(card, seed, center=120, half=(40, 70))
    assert tells(UNCOVERED_GROUND, parting(suspect, standing(card, 50)))


@pytest.mark.parametrize("seed", range(2, 7))
def test_what_was_laid_over_a_figure_uncovers_nothing(seed):
    """A thief hides a part of the work, and does not show what lies behind it."""
    work = standing(noise(1, 8), 50)
    covered = work.copy()
    cv2.circle(covered, (150, 150), 70, (255, 255, 255), -1)
    cv2.circle(covered, (150, 150), 62, (40 * seed, 90, 200), -1)
    found = parting(covered, work)
    assert found.hole_share > 0.11
    assert tells(LAID_OVER, found)
    assert not tells(UNCOVERED_GROUND, found)


@pytest.mark.parametrize("seed", range(2, 7))
def test_two_figures_cover_nothing(seed):
    """Neither before one stage, nor on two grounds."""
    stage = noise(1, 8)
    before_one = parting(standing(stage, seed, center=120, half=(40, 70)), standing(stage, 50))
    assert not tells(LAID_OVER, before_one)
    assert not tells(LAID_OVER, parting(standing(noise(seed), 50), standing(noise(1), 50)))


@pytest.mark.parametrize("seed", range(2, 7))
def test_two_pictures_in_one_frame_cover_nothing(seed):
    """The frame's inner side is an edge of both."""
    pages = noise(1), noise(seed)
    for page in pages:
        cv2.rectangle(page, (12, 12), (SIZE - 12, SIZE - 12), (30, 60, 160), 24)
    assert not tells(LAID_OVER, parting(*pages))


@pytest.mark.parametrize("seed", range(2, 7))
def test_lettering_over_a_work_covers_it(seed):
    """The rest of the work is there."""
    work = noise(seed, 12)
    meme = work.copy()
    for row, part in enumerate(("COLD", "TEA")):
        place = (30, 90 + 150 * row)
        cv2.putText(meme, part, place, 0, 2.4, (0, 0, 0), 26, cv2.LINE_AA)
        cv2.putText(meme, part, place, 0, 2.4, (255, 255, 255), 9, cv2.LINE_AA)
    assert tells(LAID_OVER, parting(meme, work))


def test_one_picture_has_no_seam():
    """Nothing differs."""
    found = parting(noise(1), noise(1))
    assert (found.differing_share, found.hole_share) == (0, 0)
    assert not tells(OVER_OTHERS, found)


def test_without_common_ground_there_is_none():
    """The suspect does not reach the work."""
    assert measure_parting(noise(1), noise(1), np.zeros((SIZE, SIZE), bool)) == NOTHING_COMMON
