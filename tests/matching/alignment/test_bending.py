"""A bent picture is followed, and nothing else."""

import cv2
import numpy as np

from ocguard.distortions import apply
from ocguard.matching.alignment.bending import Landmarks, follow, lay_landmarks
from ocguard.matching.alignment.tiles import find_moves, soft_field

NONE = Landmarks(np.empty((0, 2)), np.empty((0, 2)))


def bent_back(suspect, work, landmarks=NONE):
    """Return how far a suspect differs from a work, as it is and after it was followed."""
    field = soft_field(work)
    cover = np.ones(work.shape[:2], np.float32)
    moves = find_moves(soft_field(suspect), field)
    followed = follow(suspect, cover, field, moves, landmarks)
    return cv2.absdiff(suspect, work).mean(), cv2.absdiff(followed.rgb, work).mean()


def small(rgb):
    return cv2.resize(rgb, (288, 288), interpolation=cv2.INTER_AREA)


def test_a_warped_figure_is_bent_back(draw_figure):
    """An elastic warp moves every piece a little, and its neighbors alike."""
    work = small(draw_figure(60))
    before, after = bent_back(apply("elastic-3", work, 3), work)
    assert after < 0.6 * before


def test_landmarks_lead_farther_than_tiles_reach(draw_figure):
    """Half of a figure that moved by 30 pixels is found by its keypoints."""
    work = small(draw_figure(61))
    rows, columns = np.indices(work.shape[:2], dtype=np.float32)
    away = 30 * np.clip((rows - 96) / 96, 0, 1).astype(np.float32)
    suspect = cv2.remap(work, columns - away, rows, cv2.INTER_LINEAR, borderValue=(255, 255, 255))
    down, across = (part.ravel() for part in np.mgrid[80:250:9, 80:200:9].astype(np.float64))
    points = np.column_stack([across, down])
    shifts = np.column_stack([30 * np.clip((down - 96) / 96, 0, 1), np.zeros(len(down))])
    before, after = bent_back(suspect, work, Landmarks(points, shifts))
    assert after < 0.4 * before


def test_a_picture_that_shows_one_thing_twice_is_not_bent_onto_the_other(draw_figure):
    """All details of one match those of the other, moved alike; but all lies as it should."""
    half = cv2.resize(draw_figure(63), (144, 288), interpolation=cv2.INTER_AREA)
    work = np.hstack([half, half])
    down, across = (part.ravel() for part in np.mgrid[60:230:9, 30:120:9].astype(np.float64))
    shifts = np.column_stack([np.full(len(down), 144.0), np.zeros(len(down))])
    suspect = apply("jpeg-75", work, 1)
    before, after = bent_back(suspect, work, Landmarks(np.column_stack([across, down]), shifts))
    assert after < 1.2 * before


def test_a_stranger_is_not_bent_into_the_work(draw_figure):
    """No smooth bending makes one figure of another."""
    before, after = bent_back(small(draw_figure(62)), small(draw_figure(60)))
    assert after > 0.85 * before


def test_landmarks_move_as_their_neighbors_do():
    """Matches on one smooth movement are kept, those without company are not."""
    random = np.random.default_rng(1)
    points = random.uniform(20, 260, (60, 2)).astype(np.float32)
    moved = points * np.float32(1.05) + np.float32([7, -4])
    moved[40:] = random.uniform(20, 260, (20, 2))
    kept = lay_landmarks(moved, points, np.eye(3)).points
    is_alike = (kept[:, None].astype(np.float32) == points[None, :40]).all(axis=2)
    assert is_alike.any(axis=0).sum() >= 30
    assert (~is_alike.any(axis=1)).sum() <= 2


def test_a_landmark_is_vouched_for_by_landmarks():
    """Wrong matches around one that none of them agrees with beyond it bend nothing."""
    around = np.array([[0, 0], [5, 0], [-5, 0], [0, 5]], np.float32)
    astray = 40 + 0.6 * around
    work = np.concatenate([around + 60, around + 200]).astype(np.float32)
    suspect = work + np.concatenate([astray, np.zeros((4, 2))]).astype(np.float32)
    kept = lay_landmarks(suspect, work, np.eye(3)).points
    assert kept.tolist() == (around + 200).tolist()
