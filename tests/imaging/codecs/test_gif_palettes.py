"""Tests of what the frames of a GIF draw, and in which colors."""

import cv2
import numpy as np
import pytest
from PIL import Image

from ocguard.imaging.codecs.gif_palettes import TRANSPARENT, drawn_frames

MIXED_LEVELS = 2.5  # mean error of mixed colors: those outside the palette's hull cannot be mixed


def shown(drawn):
    """What a viewer composes, RGBA."""
    canvas = np.zeros((*drawn[0].index.shape, 4), np.uint8)
    for one in drawn:
        at = one.index != TRANSPARENT
        canvas[at, :3] = one.palette[one.index[at]]
        canvas[at, 3] = 255
        yield canvas.copy()
        if one.clears:
            canvas[:] = 0


def psnr_db(before, after):
    """Peak signal-to-noise ratio."""
    return 10 * np.log10(255**2 / np.square(after.astype(float) - before).mean())


def scenes(drawings, count):
    """Scenes of 256 colors each that have no color in common, changed by up to two levels."""
    rng = np.random.default_rng(5)
    soft = cv2.GaussianBlur(rng.normal(0, 12, (120, 160)), (0, 0), 3)
    tints = [(1, 0.5, 0.2), (0.3, 1, 0.5), (0.4, 0.4, 1), (1, 0.2, 1)]
    found = []
    for seed in range(count):
        scene = drawings.painterly(160, 120, seed) * np.float32(tints[seed % 4])
        few = scene // (24, 24, 24) * 24
        found.append(np.clip(np.rint(few + soft[..., None]), 0, 255).astype(np.uint8))
    return found


@pytest.mark.parametrize("count", [1, 3])
def test_few_colors_are_exact_with_one_palette(drawings, count):
    """Also colors that lie one level apart, as those of a mark do."""
    frames = [frame // 64 * 64 for frame in drawings.frames(count=count)]
    for frame in frames:
        frame[::2] += 1
    drawn = list(drawn_frames(frames))
    assert all(one.is_exact and one.palette is drawn[0].palette for one in drawn)
    for frame, seen in zip(frames, shown(drawn), strict=True):
        assert np.array_equal(seen[..., :3], frame)


def test_scenes_get_palettes_of_their_own(drawings):
    """Of four scenes, each looks as it does in a file of its own."""
    frames = scenes(drawings, 4)
    drawn = list(drawn_frames(frames))
    assert not any(one.is_exact for one in drawn)
    for frame, seen in zip(frames, shown(drawn), strict=True):
        (alone,) = shown(list(drawn_frames([frame])))
        assert psnr_db(frame, seen[..., :3]) > psnr_db(frame, alone[..., :3]) - 1
        assert psnr_db(frame, seen[..., :3]) > 38


def test_a_mixture_leaves_no_specks(drawings):
    """No pixel takes on a color that lies far from its own."""
    for frame in scenes(drawings, 3):
        (seen,) = shown(list(drawn_frames([frame])))
        far = np.abs(seen[..., :3].astype(int) - frame).max(axis=2) > 24
        assert far.mean() < 0.001


def test_mixtures_keep_local_means(drawings):
    """Over a few pixels, a frame has the color of the original."""
    for frame in (drawings.painterly(96, 64, seed) for seed in range(3)):
        (one,) = drawn_frames([frame])
        assert one.index.max() < TRANSPARENT
        (seen,) = shown([one])
        error = seen[..., :3].astype(float) - frame
        blocks = error.reshape(8, 8, 12, 8, 3).mean((1, 3))
        assert np.abs(blocks).mean() < MIXED_LEVELS


def test_a_mark_in_grain_of_all_colors_is_kept(drawings):
    """Where no color of the palette is near, a change of a level still shows in the means."""
    scene = drawings.painterly(480, 360, 1)
    few = np.asarray(Image.fromarray(scene).quantize(256).convert("RGB")).astype(int)
    mark = np.kron(np.random.default_rng(2).choice([-1, 1], (9, 12)), np.ones((40, 40), int))
    (one,) = drawn_frames([np.clip(few + mark[..., None], 0, 255).astype(np.uint8)])
    (seen,) = shown([one])
    change = (seen[..., :3].astype(int) - few).mean(axis=2).reshape(9, 40, 12, 40).mean((1, 3))
    assert np.corrcoef(change.ravel(), mark[::40, ::40].ravel())[0, 1] > 0.5


def test_what_a_palette_cannot_show_is_told():
    """Noise of all colors looks grainy with 255."""
    noise = np.random.default_rng(1).integers(0, 256, (64, 64, 3), dtype=np.uint8)
    (one,) = drawn_frames([noise])
    assert one.is_grainy


def test_only_what_changes_is_drawn(drawings):
    """A still region keeps its pixels, and a still frame its palette."""
    first = drawings.painterly(96, 64)
    second = first.copy()
    second[10:20, 30:50] = 255 - second[10:20, 30:50]
    drawn = list(drawn_frames([first, second, second]))
    assert (drawn[1].index[20:] == TRANSPARENT).all()
    assert (drawn[2].index == TRANSPARENT).all()
    assert drawn[2].palette is drawn[1].palette
    seen = list(shown(drawn))
    assert np.array_equal(seen[0][20:], seen[1][20:])


def test_a_palette_that_serves_is_kept(drawings):
    """A scene that moves by a pixel has the same colors."""
    scene = drawings.painterly(160, 120)
    drawn = list(drawn_frames([np.roll(scene, step, axis=1) for step in range(3)]))
    assert all(one.palette is drawn[0].palette for one in drawn)


def test_only_what_turns_transparent_clears_the_canvas(drawings):
    """A figure that grows is drawn over itself; one that moves leaves no trail."""
    frames = [np.zeros((40, 80, 4), np.uint8) for _ in range(3)]
    for frame, (left, right) in zip(frames, ((10, 20), (10, 40), (30, 60)), strict=True):
        frame[5:30, left:right] = (*drawings.painterly(4, 4)[0, 0], 255)
    drawn = list(drawn_frames(frames))
    assert [one.clears for one in drawn] == [False, True, False]
    for frame, seen in zip(frames, shown(drawn), strict=True):
        assert np.array_equal(seen, frame)


def test_hidden_colors_take_no_place_in_the_palette(drawings):
    """255 colors are exact whatever lies under transparent pixels."""
    frame = np.dstack([drawings.painterly(80, 60), np.zeros((60, 80), np.uint8)])
    frame[20:40, 20:40] = (1, 2, 3, 255)
    (one,) = drawn_frames([frame])
    assert one.is_exact
    assert one.palette.tolist() == [[1, 2, 3]]
