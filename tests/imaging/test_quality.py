"""Tests of the quality measures."""

import numpy as np
import pytest
from scipy import ndimage

from ocguard.imaging.blending import add_luma
from ocguard.imaging.picture import Frame, Picture
from ocguard.imaging.quality import fidelity, flat_rms, psnr_db, seen_change, ssim


def noisy(art, sigma, seed=0):
    """Add noise of a given strength to all channels alike."""
    noise = np.random.default_rng(seed).normal(0, sigma, art.shape[:2])
    noise = noise if art.ndim == 2 else noise[..., None]
    top = np.iinfo(art.dtype).max
    return np.clip(np.rint(art + noise), 0, top).astype(art.dtype)


def test_psnr_follows_its_definition(drawings):
    """It is ten times the logarithm of peak square over mean square error."""
    a = drawings.painterly(90, 70)
    b = noisy(a, 5)
    error = np.mean((a.astype(float) - b) ** 2)
    assert psnr_db(a, b) == pytest.approx(10 * np.log10(255**2 / error))
    assert psnr_db(a, a) == float("inf")


def test_psnr_of_deep_pictures_uses_their_peak(drawings):
    """The same relative change gives the same figure on 16 bits."""
    a = drawings.painterly(90, 70)
    b = noisy(a, 5)
    deep = psnr_db(a.astype(np.uint16) * 257, b.astype(np.uint16) * 257)
    assert deep == pytest.approx(psnr_db(a, b))


def test_psnr_can_look_at_some_pixels_only(drawings):
    """Pixels outside the mask do not count."""
    a = drawings.cel(60, 40)
    b = a.copy()
    b[:20] = 255 - b[:20]
    where = np.zeros((40, 60), bool)
    where[20:] = True
    assert psnr_db(a, b, where) == float("inf")
    assert psnr_db(a, b) == pytest.approx(psnr_db(a, b, ~where) + 10 * np.log10(2))


def reference_ssim(a, b):
    """SSIM after Wang et al. 2004 with SciPy instead of OpenCV."""

    def blur(x):
        return ndimage.gaussian_filter(x, 1.5, mode="reflect", radius=5)

    a, b = a.astype(float), b.astype(float)
    c1, c2 = (0.01 * 255) ** 2, (0.03 * 255) ** 2
    ma, mb = blur(a), blur(b)
    va, vb, cov = blur(a * a) - ma**2, blur(b * b) - mb**2, blur(a * b) - ma * mb
    return np.mean((2 * ma * mb + c1) * (2 * cov + c2) / ((ma**2 + mb**2 + c1) * (va + vb + c2)))


@pytest.mark.parametrize("size", [(120, 90), (7, 5), (1, 1), (33, 200)])
def test_ssim_agrees_with_an_independent_one(drawings, size):
    """OpenCV in strips gives what SciPy gives in one go."""
    a = drawings.grey(*size)
    b = noisy(a, 8)
    assert ssim(a, b) == pytest.approx(reference_ssim(a, b), abs=2e-4)


@pytest.mark.parametrize("measure", [psnr_db, ssim, flat_rms])
def test_strips_do_not_show(drawings, monkeypatch, measure):
    """The figure does not depend on how many rows are compared at a time."""
    a = drawings.cel(150, 97)
    b = noisy(a, 3)
    whole = measure(a, b)
    monkeypatch.setattr("ocguard.imaging.quality._STRIP_PX", 150 * 13)
    assert measure(a, b) == pytest.approx(whole, rel=1e-6)


def test_flat_rms_looks_at_flat_areas(drawings):
    """Noise on a plain half counts, noise on a busy half does not."""
    rng = np.random.default_rng(1)
    art = np.full((80, 80, 3), 120, np.uint8)
    art[:, 40:] = rng.integers(0, 256, (80, 40, 3))
    marked = art.copy()
    marked[:, 48:] = 255 - marked[:, 48:]
    assert flat_rms(art, marked) == 0
    marked = art.copy()
    marked[:, :36] += 3
    assert flat_rms(art, marked) == pytest.approx(3 * np.sqrt(36 / 37), rel=0.03)


def test_flat_rms_of_a_busy_picture_is_zero():
    """Where nothing is flat, nothing is measured."""
    art = np.random.default_rng(0).integers(0, 256, (40, 40, 3), dtype=np.uint8)
    assert flat_rms(art, 255 - art) == 0


@pytest.mark.parametrize("measure", [psnr_db, ssim, flat_rms])
def test_unlike_pictures_cannot_be_compared(measure):
    """Different sizes or depths are the caller's mistake."""
    with pytest.raises(ValueError, match="compared"):
        measure(np.zeros((4, 4), np.uint8), np.zeros((4, 5), np.uint8))
    with pytest.raises(ValueError, match="compared"):
        measure(np.zeros((4, 4), np.uint8), np.zeros((4, 4), np.uint16))


@pytest.mark.parametrize("kind", ["cel", "cutout", "grey", "deep", "cmyk"])
def test_fidelity_of_a_picture_needs_no_conversion(drawings, kind):
    """Any depth and color model is measured; a change of two levels is 42 dB."""
    art = getattr(drawings, kind)(60, 50)
    host = Picture((Frame(art),), "cmyk", False) if kind == "cmyk" else Picture.from_array(art)
    same = fidelity(host, host)
    assert (same.psnr_db, same.ssim) == (float("inf"), pytest.approx(1))
    marked = add_luma(host, np.full((50, 60), -2, np.float32))
    measured = fidelity(host, marked)
    assert measured.psnr_db == pytest.approx(42.1, abs=2.5)
    assert 0.9 < measured.ssim < 1


def test_hidden_pixels_do_not_flatter(drawings):
    """The large invisible ground of a cutout neither raises nor lowers the figures."""
    figure = np.dstack([drawings.painterly(64, 64), np.full((64, 64), 255, np.uint8)])
    ground = np.zeros((64, 256, 4), np.uint8)
    marks = noisy(figure[..., :3], 2)
    small, large = figure.copy(), np.concatenate([figure, ground], axis=1)
    marked_small, marked_large = small.copy(), large.copy()
    marked_small[..., :3] = marked_large[:, :64, :3] = marks
    alone = fidelity(Picture.from_array(small), Picture.from_array(marked_small))
    among = fidelity(Picture.from_array(large), Picture.from_array(marked_large))
    assert among.psnr_db == pytest.approx(alone.psnr_db)


def test_the_worst_frame_counts(drawings):
    """An animation is as good as its worst frame."""
    frames = drawings.frames(count=2)
    host = Picture(tuple(map(Frame, frames)), "rgb", False)
    marked = host.with_pixels([frames[0], noisy(frames[1], 4)])
    single = Picture.from_array(frames[1])
    assert fidelity(host, marked) == fidelity(single, single.with_pixels([noisy(frames[1], 4)]))


def test_animations_of_different_lengths_cannot_be_compared(drawings):
    """Nor can different color models."""
    one, two = (Picture(tuple(map(Frame, drawings.frames(count=n))), "rgb", False) for n in (1, 2))
    with pytest.raises(ValueError, match="compared"):
        fidelity(one, two)


def test_what_a_change_shows_does_not_depend_on_hidden_ground(drawings):
    """Neither on how much of it there is, nor on the color under alpha 0."""
    figure = np.dstack([drawings.painterly(128, 128), np.full((128, 128), 255, np.uint8)])
    seen = []
    for width, color in ((64, 0), (320, 255)):
        art = np.hstack([figure, np.full((128, width, 4), color, np.uint8)])
        art[:, 128:, 3] = 0
        host = Picture.from_array(art)
        change = np.random.default_rng(0).normal(0, 2, art.shape[:2]).astype(np.float32)
        change[:, :128] = np.random.default_rng(1).normal(0, 2, (128, 128))
        seen.append(seen_change(host, add_luma(host, change)))
    assert seen[0].norm == pytest.approx(seen[1].norm, rel=0.02)
    assert seen[0].largest == pytest.approx(seen[1].largest, rel=0.02)


def test_the_worst_frame_of_an_animation_counts(drawings):
    """A change that shows on one of two frames is as visible as there."""
    flat, busy = np.full((96, 96, 3), 128, np.uint8), drawings.painterly(96, 96)
    both = Picture((Frame(flat), Frame(busy)), "rgb", False)
    change = np.random.default_rng(0).normal(0, 2, (96, 96)).astype(np.float32)
    alone = [
        seen_change(one, add_luma(one, change))
        for one in (Picture.from_array(flat), Picture.from_array(busy))
    ]
    assert seen_change(both, add_luma(both, change)) == alone[0].or_worse(alone[1])
