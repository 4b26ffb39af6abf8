"""Embedding: invisible, bounded, keyed to the picture, silent where nothing shows."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from ocguard.errors import HostTooSmallError
from ocguard.imaging.quality import flat_rms, psnr_db
from ocguard.imaging.visibility import Host, Visibility, visibility
from ocguard.watermark.invisible import detect, embed
from ocguard.watermark.invisible.embedding import (
    CLOSE,
    LARGEST_ALLOWANCE,
    STRENGTHS,
    WANTED_ISSUED_DB,
)


def test_the_mark_is_seen_no_more_than_its_strength_allows(scene, small):
    """Large and small pictures, as they are after rounding."""
    for marked in (scene, small):
        seen, most = visibility(marked.host, marked.rgb), STRENGTHS["normal"]
        assert seen.largest < 1.3 * LARGEST_ALLOWANCE * most.largest
        assert seen.norm < 1.1 * LARGEST_ALLOWANCE * most.norm
        assert 100 - seen.similarity < 1.1 * LARGEST_ALLOWANCE * (100 - most.similarity)
        assert psnr_db(marked.host, marked.rgb) > 40
    assert flat_rms(scene.host, scene.rgb) < 0.3


def test_a_mark_shows_more_only_where_it_reads_poorly(drawings, mark, key):
    """Where it reads as well as wanted, no more than usual; elsewhere up to the allowance."""
    most = STRENGTHS["normal"]
    eager, quiet = (
        mark(host, 7, key).embedding
        for host in (drawings.painterly(1024, 800, seed=2), drawings.line_art(420, 400, seed=1))
    )
    assert eager.margins.issued_db > WANTED_ISSUED_DB
    assert eager.seen.room(most) > 1 / CLOSE
    assert 1 / CLOSE > quiet.seen.room(most) > 1 / CLOSE / LARGEST_ALLOWANCE


def test_a_judge_of_the_full_size_picture_has_the_last_word(drawings, key):
    """What shows a fifth more there is put in at a fifth less."""
    host = drawings.painterly(1024, 800, seed=2)
    seen = Host(host).judge

    def marked(judge):
        return embed(host, None, mark_id=7, key=key, size_px=(1024, 800), judge=judge)

    alone, less = marked(seen), marked(lambda delta: seen(delta).times(1.2))
    assert less.margins.issued_db > WANTED_ISSUED_DB
    assert np.abs(less.delta).sum() * 1.2 == pytest.approx(np.abs(alone.delta).sum(), rel=0.05)


def test_what_shows_much_more_for_a_little_more_stays_within_what_may_be_seen(drawings, key):
    """On a dark gradient, where levels of few steps decide."""
    host = drawings.painterly(320, 320, seed=2)

    def judge(delta):
        return Visibility(largest=0.0, norm=0.0, similarity=100 - (3 * float(delta.std())) ** 3)

    seen = embed(host, None, mark_id=7, key=key, size_px=(320, 320), judge=judge).seen
    assert seen.room(STRENGTHS["normal"].times(LARGEST_ALLOWANCE)) > 1 / CLOSE
    assert seen.similarity < 99


def test_no_mark_shows_more_for_being_faint(drawings, mark, key):
    """A smooth gradient and a few thin lines keep the looks of their strength."""
    lines = np.full((600, 600, 3), 255, np.uint8)
    cv2.line(lines, (50, 50), (500, 520), (0, 0, 0), 2)
    most = STRENGTHS["normal"].times(LARGEST_ALLOWANCE)
    for host in (drawings.gradient(800, 600), lines):
        made = mark(host, 7, key).embedding
        assert made.margins.issued_db < WANTED_ISSUED_DB
        assert made.seen.room(most) > 1 / CLOSE


def test_flat_art_stays_a_small_file(drawings, mark, key):
    """Still ground is left as it was drawn."""
    host = drawings.cel(600, 450, seed=5)
    sizes = [len(cv2.imencode(".png", one)[1]) for one in (host, mark(host, 7, key).rgb)]
    assert sizes[1] < 2 * sizes[0]


def test_still_ground_carries_a_mark_that_nothing_else_can(drawings, mark, key):
    """A picture without any detail is marked all over, and reads."""
    assert not mark(drawings.cel(600, 450, seed=5), 7, key).embedding.is_on_still
    blank = mark(np.full((450, 600, 3), 170, np.uint8), 7, key)
    assert blank.embedding.is_on_still
    assert detect(blank.rgb, key=key, known=[blank.known]).mark_id == 7


def test_margins_grow_with_what_the_reader_knows(scene, small):
    """The key, the marks that were issued, the original."""
    for marked in (scene, small):
        margins = marked.embedding.margins
        assert margins.key_db < margins.issued_db < margins.original_db


def test_nothing_changes_where_nothing_shows(drawings, key):
    """The change is exactly 0 where alpha is 0."""
    art = drawings.cutout(640, 480, seed=1)
    made = embed(art[..., :3], art[..., 3], mark_id=7, key=key, size_px=(640, 480))
    assert np.all(made.delta[art[..., 3] == 0] == 0)
    assert made.delta[art[..., 3] == 255].std() > 0.2


def test_strengths_are_ordered(drawings, key):
    """Quiet is weaker than normal, normal weaker than strong."""
    host = drawings.cel(600, 500, seed=2)
    rms = [
        embed(host, None, mark_id=7, key=key, size_px=(600, 500), strength=name).delta.std()
        for name in ("quiet", "normal", "strong")
    ]
    assert rms[0] < rms[1] < rms[2]


def test_the_pattern_differs_from_picture_to_picture(drawings, mark, key):
    """Averaging 25 marked works of one key reveals nothing that stays the same."""
    marked = [mark(drawings.painterly(320, 320, seed=seed), 500 + seed, key) for seed in range(25)]
    deltas = np.stack([one.embedding.delta for one in marked])
    average = deltas.mean(axis=0)
    # Independent patterns average to 1/5 of one pattern's deviation.
    assert average.std() < 1.3 * deltas[0].std() / 5


def test_small_and_empty_pictures_are_refused(drawings, key):
    """Too few pixels, or too few that show, is an error that says how many and what to do."""
    for size_px in [(300, 40), (100, 100), (20, 20)]:
        with pytest.raises(HostTooSmallError, match=r"64 px.*larger version") as raised:
            embed(drawings.cel(*size_px), None, mark_id=1, key=key, size_px=size_px)
        assert f"{size_px[0]} x {size_px[1]} px" in str(raised.value)
    art = drawings.cel(300, 300)
    clear = np.zeros((300, 300), np.uint8)
    with pytest.raises(HostTooSmallError, match=r"visible.*larger version"):
        embed(art, clear, mark_id=1, key=key, size_px=(300, 300))
