"""Promises of the named, seeded distortions."""

from __future__ import annotations

import itertools

import cv2
import numpy as np
import pytest

from ocguard import distortions
from ocguard.distortions import apply, names, true_transform

SIZES = ((1, 1), (9, 1), (1, 9), (3, 2), (64, 48), (131, 65))
ISSUED_ATTACKS = """
jpeg-90 jpeg-75 jpeg-50 jpeg-30 jpeg-25 jpeg-15 webp-80 webp-50 webp-30 avif-50 resize-75
resize-50 resize-35 resize-25 fit-1080 crop-90 crop-80 crop-75 crop-60 crop-50 crop-40 crop-25
crop-10 shift-1 shift-7 shift-13 rotate-2 rotate-5 rotate-7 rotate-15 rotate-45 rotate-90
rotate-180 mirror stretch-85 stretch-115 shear-5 perspective-5 bend noise-5 noise-10 noise-20
median-3 median-5 blur-1 blur-2 blur-3 brightness-70 brightness-130 contrast-70 contrast-130
gamma-70 gamma-140 hue-15 hue-30 hue-90 saturation-0 saturation-150 colors-256 colors-32 sharpen
erase-25 text-15 text-20 sticker-15 sticker-20 screenshot collage-60 grid-4 meme border
letterbox rounded sepia grey invert fit-1080+jpeg-75+jpeg-70 fit-1440+webp-75
crop-75+resize-70+jpeg-60 rotate-5+crop-50+webp-70 ground-photo ground-color screen-photo
stylize posterize-8 watercolor pencil line-art color-in elastic-3 elastic-6 recolor
bottleneck-96 bottleneck-64 renoise-15
"""
PLACED = """
resize-50 fit-100 crop-25 shift-7 rotate-7 rotate-90 rotate-180 mirror stretch-85 stretch-115
shear-5 perspective-5 border letterbox meme collage-60 grid-4 upper-half
rotate-15+crop-50+mirror
"""
PLACED_TOLERANCE = 1.5  # grey levels of a ramp of one level a pixel: a pixel and a half of error


def noise(size: tuple[int, int], seed: int = 0) -> np.ndarray:
    return np.random.default_rng(seed).integers(0, 256, (size[1], size[0], 3), dtype=np.uint8)


def ramps(width: int, height: int) -> np.ndarray:
    """Return a picture whose red level is x and whose green level is y."""
    rows, columns = np.indices((height, width))
    return np.dstack([columns, rows, np.full_like(rows, 60)]).astype(np.uint8)


@pytest.mark.parametrize("name", names())
def test_every_distortion_returns_a_picture_at_any_size(name: str) -> None:
    """Tiny, thin, odd and ordinary pictures come back as non-empty RGB bytes."""
    for size in SIZES:
        distorted = apply(name, noise(size), seed=1)
        assert distorted.dtype == np.uint8
        assert distorted.ndim == 3
        assert distorted.shape[2] == 3
        assert distorted.size


@pytest.mark.parametrize("name", names())
def test_the_same_seed_gives_the_same_pixels_and_leaves_the_input_alone(name: str) -> None:
    """A distortion depends on its arguments only, and returns pixels of its own."""
    rgb = noise((64, 48))
    before = rgb.copy()
    first, second = apply(name, rgb, seed=5), apply(name, rgb, seed=5)
    assert np.array_equal(first, second)
    assert not np.shares_memory(first, rgb)
    assert np.array_equal(rgb, before)


def test_the_list_holds_every_attack_of_the_benchmarks() -> None:
    """Nothing that the benchmarks promise to report is missing from `names`."""
    assert set(ISSUED_ATTACKS.split()) <= set(names())


def test_families_divide_the_list() -> None:
    """Each standard name belongs to exactly one family."""
    families = {distortions.get(name).family for name in names()}
    parts = [names(family) for family in sorted(families)]
    assert sorted(itertools.chain(*parts)) == sorted(names())


def test_another_seed_crops_elsewhere() -> None:
    """The seed decides the position."""
    corners = {tuple(true_transform("crop-25", (400, 300), seed)[:2, 2]) for seed in range(5)}
    assert len(corners) > 1


@pytest.mark.parametrize("name", PLACED.split())
def test_the_true_transform_says_where_pixels_came_from(name: str) -> None:
    """A ramp read through the distortion agrees with the matrix, away from the picture's edge."""
    width, height = 200, 160
    distorted = apply(name, ramps(width, height), seed=3)
    matrix = true_transform(name, (width, height), seed=3)
    rows, columns = np.indices(distorted.shape[:2])
    points = np.stack([columns, rows, np.ones_like(rows)], axis=-1) @ matrix.T
    x, y = points[..., 0] / points[..., 2], points[..., 1] / points[..., 2]
    is_inside = (x > 4) & (x < width - 5) & (y > 4) & (y < height - 5)
    assert is_inside.mean() > 0.1
    assert np.abs(distorted[..., 0] - x)[is_inside].max() < PLACED_TOLERANCE
    assert np.abs(distorted[..., 1] - y)[is_inside].max() < PLACED_TOLERANCE


def test_fields_have_no_matrix() -> None:
    """Bending is not one matrix, and the answer says so instead of giving a wrong one."""
    with pytest.raises(ValueError, match="by a field"):
        true_transform("bend", (100, 100), seed=0)


def test_distortions_that_move_nothing_have_the_identity() -> None:
    """A codec leaves every pixel where it was."""
    assert np.array_equal(true_transform("jpeg-50", (100, 100), seed=0), np.eye(3))
    assert not distortions.get("jpeg-50").is_geometric


@pytest.mark.parametrize(
    ("name", "size"),
    [
        ("resize-50", (100, 80)),
        ("resize-35", (70, 56)),
        ("fit-100", (100, 80)),
        ("fit-1080", (200, 160)),
        ("crop-25", (100, 80)),
        ("stretch-85", (170, 160)),
        ("rotate-90", (160, 200)),
        ("rotate-180", (200, 160)),
        ("drop-lines-1", (198, 158)),
        ("upper-half", (200, 80)),
        ("crop-25+resize-50", (50, 40)),
    ],
)
def test_sizes_are_what_the_name_says(name: str, size: tuple[int, int]) -> None:
    """Percent of the sides for resizing, percent of the area for cropping."""
    distorted = apply(name, noise((200, 160)), seed=0)
    assert (distorted.shape[1], distorted.shape[0]) == size


def test_rotation_expands_its_canvas_on_white() -> None:
    """The whole picture stays visible and the corners are paper."""
    turned = apply("rotate-45", np.zeros((100, 100, 3), dtype=np.uint8), seed=0)
    assert turned.shape[:2] == (142, 142)
    assert (turned[0, 0] == 255).all()
    assert (turned[71, 71] == 0).all()


def test_exact_cases_lose_nothing() -> None:
    """Mirror, turns by 90 degrees, negative, shift and crop are free of resampling."""
    rgb = noise((60, 40))
    assert np.array_equal(apply("mirror", rgb, 0), rgb[:, ::-1])
    assert np.array_equal(apply("rotate-180", rgb, 0), rgb[::-1, ::-1])
    assert np.array_equal(apply("rotate-90+rotate--90", rgb, 0), rgb)
    assert np.array_equal(apply("invert+invert", rgb, 0), rgb)
    assert np.array_equal(apply("shift-7", rgb, 0)[7:, 7:], rgb[:-7, :-7])
    assert np.array_equal(apply("shift-0", rgb, 0), rgb)
    left, top = true_transform("crop-25", (60, 40), seed=2)[:2, 2].astype(int)
    assert np.array_equal(apply("crop-25", rgb, 2), rgb[top : top + 20, left : left + 30])


def test_tone_follows_its_formula() -> None:
    """Known levels come out as the percentages say."""
    grey = np.full((4, 4, 3), 100, dtype=np.uint8)
    assert (apply("brightness-130", grey, 0) == 130).all()
    assert (apply("contrast-70", grey, 0) == round((100 - 128) * 0.7 + 128)).all()
    assert (apply("gamma-140", grey, 0) == round(255 * (100 / 255) ** 1.4)).all()
    red = np.full((4, 4, 3), (255, 0, 0), dtype=np.uint8)
    assert (apply("hue-120", red, 0) == (0, 255, 0)).all()
    assert (apply("saturation-0", red, 0) == 76).all()


def test_palettes_hold_no_more_colors_than_asked() -> None:
    """colors-32 leaves at most 32 different colors."""
    assert len(np.unique(apply("colors-32", noise((80, 80)), 0).reshape(-1, 3), axis=0)) <= 32


def test_noise_has_the_sigma_of_its_name() -> None:
    """The spread around middle grey is ten levels."""
    grey = np.full((200, 200, 3), 128, dtype=np.uint8)
    assert apply("noise-10", grey, 0).std() == pytest.approx(10, rel=0.02)


@pytest.mark.parametrize(
    ("name", "share"), [("erase-25", 0.25), ("sticker-15", 0.15), ("sticker-20", 0.2)]
)
def test_covered_area_is_what_the_name_says(name: str, share: float) -> None:
    """Every seed covers the same share of the area."""
    rgb = noise((300, 200))
    for seed in range(5):
        is_changed = (apply(name, rgb, seed) != rgb).any(axis=-1)
        assert is_changed.mean() == pytest.approx(share, abs=0.02)


def test_lower_quality_hurts_more() -> None:
    """JPEG 15 is farther from a picture than JPEG 90."""
    rgb = cv2.GaussianBlur(noise((128, 128)), (0, 0), 2)
    errors = [
        np.abs(apply(name, rgb, 0).astype(int) - rgb).mean() for name in ("jpeg-90", "jpeg-15")
    ]
    assert errors[0] < errors[1]


def test_replacing_the_ground_keeps_the_figure() -> None:
    """A disk on white stays as it was; the paper around it does not."""
    rgb = np.full((120, 120, 3), 255, dtype=np.uint8)
    cv2.circle(rgb, (60, 60), 30, (200, 40, 40), -1)
    on_photo = apply("ground-photo", rgb, 0)
    assert (on_photo[60, 60] == (200, 40, 40)).all()
    assert (on_photo[:10] != 255).mean() > 0.9


def test_line_art_is_dark_on_white() -> None:
    """Flat areas turn white, borders dark."""
    rgb = np.full((120, 120, 3), 230, dtype=np.uint8)
    cv2.circle(rgb, (60, 60), 30, (60, 40, 40), -1)
    lines = apply("line-art", rgb, 0)
    assert lines[5, 5].min() > 240
    assert lines[60, 26:34].min() < 120


def test_flattening_shows_the_ground_where_alpha_is_zero() -> None:
    """Black, white and photo grounds appear under transparency, the figure is untouched."""
    rgb = noise((40, 40))
    alpha = np.zeros((40, 40), dtype=np.uint8)
    alpha[10:30, 10:30] = 255
    for ground, level in (("black", 0), ("white", 255)):
        flat = distortions.flatten_alpha(rgb, alpha, ground, seed=0)
        assert (flat[:10] == level).all()
        assert np.array_equal(flat[10:30, 10:30], rgb[10:30, 10:30])
    assert distortions.flatten_alpha(rgb, alpha, "photo", seed=0)[:10].std() > 1


@pytest.mark.parametrize(
    ("name", "problem"),
    [
        ("sparkle", "unknown distortion"),
        ("JPEG-75", "unknown distortion"),
        ("", "unknown distortion"),
        ("jpeg", "takes one number"),
        ("mirror-3", "takes no number"),
        ("jpeg-101", "from 0 to 100"),
        ("crop-75+sparkle", "unknown distortion"),
    ],
)
def test_wrong_names_are_named(name: str, problem: str) -> None:
    """The caller learns which part of the name is wrong."""
    with pytest.raises(ValueError, match=problem):
        distortions.get(name)


@pytest.mark.parametrize("shape", [(4, 4), (4, 4, 4), (0, 4, 3)])
def test_other_arrays_are_refused(shape: tuple[int, ...]) -> None:
    """Only RGB bytes are distorted."""
    with pytest.raises(ValueError, match="expected"):
        apply("mirror", np.zeros(shape, dtype=np.uint8), 0)


def test_an_unknown_family_is_refused() -> None:
    """A typing error does not silently list nothing."""
    with pytest.raises(ValueError, match="unknown family"):
        names("codecs")  # type: ignore[arg-type]
