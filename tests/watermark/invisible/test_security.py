"""What somebody who means ill can do with marked pictures, and what stays."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from ocguard.distortions import apply
from ocguard.watermark.invisible import detect, detect_informed

WORKS = 25  # of one artist that an attacker has
SIZE_PX = (448, 384)  # of each


def noise_left(rgb: np.ndarray) -> np.ndarray:
    """Return what an attacker takes for the mark: the picture less its denoised self."""
    return rgb.astype(np.float32) - cv2.bilateralFilter(rgb, 9, 12, 3)


def added(rgb: np.ndarray, change: np.ndarray) -> np.ndarray:
    return np.clip(np.rint(rgb + change), 0, 255).astype(np.uint8)


@pytest.fixture(scope="module")
def works(drawings, key, mark):
    """Marked works of one artist, all of one size."""
    width, height = SIZE_PX
    draw = (drawings.cel, drawings.painterly)
    hosts = [draw[seed % 2](width, height, seed=seed) for seed in range(WORKS)]
    return [mark(host, 1000 + number, key) for number, host in enumerate(hosts)]


def test_the_average_of_many_works_does_not_remove_a_mark(works, key):
    """No pattern is common to all works, so that their average takes nothing away."""
    average = np.mean([noise_left(work.rgb) for work in works], axis=0)
    known = [work.known for work in works]
    for work in works[:4]:
        found = detect(added(work.rgb, -average), key=key, known=known)
        assert (found.verdict, found.mark_id) == ("found", work.known.mark_id)


def test_the_average_of_many_works_forges_no_mark(works, drawings, key):
    """Laid on somebody else's picture it names no work."""
    average = np.mean([noise_left(work.rgb) for work in works], axis=0)
    clean = drawings.painterly(*SIZE_PX, seed=99)
    found = detect(added(clean, average), key=key, known=[work.known for work in works])
    assert found.verdict == "not-found"


@pytest.mark.parametrize("tile_px", [64, 128])
def test_folding_a_work_on_its_cells_shows_no_tile(works, key, tile_px):
    """No part of a mark repeats another, so that the fold takes nothing away."""
    work = works[1]
    width, height = (side // tile_px * tile_px for side in SIZE_PX)
    rest = noise_left(work.rgb)[:height, :width]
    folded = rest.reshape(height // tile_px, tile_px, width // tile_px, tile_px, 3).mean((0, 2))
    tiled = np.tile(folded, (height // tile_px, width // tile_px, 1))
    suspect = added(work.rgb[:height, :width], -tiled)
    found = detect(suspect, key=key, known=[work.known])
    assert (found.verdict, found.mark_id) == ("found", work.known.mark_id)


def test_a_second_mark_leaves_the_first_one_readable(scene, small, key, other_key, mark):
    """Two artists, two keys, one picture: each finds the own mark, also after JPEG."""
    for first in (scene, small):
        second = mark(first.rgb, 77, other_key)
        for suspect in (second.rgb, apply("jpeg-75", second.rgb, 0)):
            ours = detect(suspect, key=key, known=[first.known])
            theirs = detect(suspect, key=other_key, known=[second.known])
            assert ours.mark_id == first.known.mark_id
            assert theirs.mark_id == 77


@pytest.mark.parametrize("conspirators", [2, 3, 4])
def test_an_average_of_copies_names_a_conspirator(scene, small, key, mark, conspirators):
    """Never a recipient whose copy was not used."""
    for host in (scene.host, small.host):
        copies = [mark(host, 500 + number, key) for number in range(8)]
        known = [copy.known for copy in copies]
        average = np.mean([copy.rgb for copy in copies[:conspirators]], axis=0, dtype=np.float64)
        suspect = apply("jpeg-75", np.rint(average).astype(np.uint8), 0)
        found = detect(suspect, key=key, known=known)
        assert found.verdict == "found"
        assert found.mark_id in range(500, 500 + conspirators)


def test_an_average_of_four_copies_names_all_four_beside_the_original(scene, small, key, mark):
    """Each mark is at a quarter of its strength; none is named whose copy was not used."""
    for host in (scene.host, small.host):
        copies = [mark(host, 500 + number, key) for number in range(8)]
        average = np.mean([copy.rgb for copy in copies[:4]], axis=0, dtype=np.float64)
        suspect = apply("jpeg-75", np.rint(average).astype(np.uint8), 0)
        known = [copy.known for copy in copies]
        found = detect_informed(suspect, host, np.eye(3), key=key, known=known)
        assert {one.verdict for one in found} == {"found"}
        assert {one.mark_id for one in found} == {500, 501, 502, 503}
