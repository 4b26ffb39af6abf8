"""Promises of ocguard.watermark.visible.mark."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from ocguard.watermark.visible.mark import VisibleMark, visible_mark

Marked = Callable[..., tuple[VisibleMark, NDArray[Any]]]
Contrast = Callable[[NDArray[Any], NDArray[Any]], float]

LAYOUTS = ("corner", "band", "tile")
SMALL_TEXT_CONTRAST = 4.5  # WCAG 2.2, success criterion 1.4.3
NOTICE = "© 2026 Mira Vale"


def flat(value: int, width: int = 900, height: int = 700) -> NDArray[np.uint8]:
    """One grey over the whole picture."""
    return np.full((height, width, 3), value, np.uint8)


def ink_box(before: NDArray[Any], after: NDArray[Any]) -> tuple[int, int, int, int]:
    """Left, top, right and bottom of the pixels that changed clearly."""
    changed = np.abs(after.astype(int) - before).max(axis=2) > 90
    x, y, width, height = cv2.boundingRect(changed.astype(np.uint8))
    return x, y, x + width, y + height


@pytest.mark.parametrize("grey", [0, 64, 128, 150, 160, 200, 255])
def test_a_credit_line_is_readable_on_any_even_ground(
    grey: int, marked: Marked, text_contrast: Contrast
) -> None:
    """Its contrast meets the accessibility rule for small text."""
    ground = flat(grey)
    _, result = marked(ground, layout="corner")
    assert text_contrast(ground, result) >= SMALL_TEXT_CONTRAST


@pytest.mark.parametrize("page", [0, 128, 255])
def test_a_credit_line_on_clear_ground_is_readable_on_any_page(
    page: int, marked: Marked, text_contrast: Contrast
) -> None:
    """The same file is legible on white and on black."""
    _, result = marked(np.zeros((700, 900, 4), np.uint8), layout="corner")
    alpha = result[..., 3:] / 255.0
    shown = np.rint(result[..., :3] * alpha + page * (1 - alpha)).astype(np.uint8)
    assert text_contrast(flat(page), shown) >= SMALL_TEXT_CONTRAST


def test_a_credit_line_across_black_and_white_is_readable_on_both(
    marked: Marked, text_contrast: Contrast
) -> None:
    """Each half alone has the contrast of small text."""
    ground = flat(10)
    ground[:, 800:] = 245
    _, result = marked(ground, layout="corner")
    for half in (np.s_[:, :800], np.s_[:, 800:]):
        assert text_contrast(ground[half], result[half]) >= SMALL_TEXT_CONTRAST


@pytest.mark.parametrize("layout", ["band", "tile"])
@pytest.mark.parametrize("grey", [0, 128, 255])
def test_faint_layouts_are_seen_and_stay_faint(layout: str, grey: int, marked: Marked) -> None:
    """Letters differ from the ground by at least 20 grey levels, and by no more than 100."""
    ground = flat(grey)
    _, result = marked(ground, layout=layout)
    change = np.abs(result.astype(int) - ground).max()
    assert 20 <= change <= 100


def test_a_credit_line_ends_at_its_margins(marked: Marked) -> None:
    """Right and below it lies the margin, to the pixel; it never crosses the left one."""
    ground = flat(0, 1000, 800)
    _, result = marked(ground, layout="corner", margin_percent=5)
    _, _, right, bottom = ink_box(ground, result)
    assert right == pytest.approx(1000 - 40, abs=2)
    assert bottom == pytest.approx(800 - 40, abs=2)


@example(width=21, height=127, text=NOTICE, size_percent=1.0)
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.integers(20, 1500),
    st.integers(20, 1500),
    st.sampled_from([NOTICE, NOTICE + ". Do not repost, trace or use for AI training. " * 3, "M"]),
    st.floats(0.5, 30),
)
def test_a_credit_line_never_leaves_the_picture(
    width: int, height: int, text: str, size_percent: float
) -> None:
    """Small, thin or long: it is shrunk, broken into lines, or left out with a reason."""
    mark = visible_mark(
        flat(0, width, height), (width, height), layout="corner", text=text,
        size_percent=size_percent,
    )  # fmt: skip
    assert bool(mark.stamps) != bool(mark.reason)
    for stamp in mark.stamps:
        fill = (stamp.rgba[..., 3] > 120).astype(np.uint8)  # the rim alone is at most 113
        x, y, w, h = cv2.boundingRect(fill)
        if not w:
            continue
        assert stamp.left + x >= 0
        assert stamp.top + y >= 0
        assert stamp.left + x + w <= width
        assert stamp.top + y + h <= height


@pytest.mark.parametrize("size", [(300, 300), (200, 1200), (1200, 200)])
@pytest.mark.parametrize("layout", LAYOUTS)
def test_small_and_thin_pictures_are_marked(
    size: tuple[int, int], layout: str, marked: Marked
) -> None:
    """From 300 pixels, and at 1:6, every layout has room."""
    mark, result = marked(flat(40, *size), layout=layout)
    assert mark.stamps
    assert (result != 40).any()


def test_a_picture_too_small_for_the_text_says_so(marked: Marked) -> None:
    """No mark is a result with a reason."""
    mark, result = marked(flat(40, 24, 24), layout="corner")
    assert mark.stamps == ()
    assert mark.box_px == (0, 0, 0, 0)
    assert "24 x 24" in mark.reason
    assert (result == 40).all()


@pytest.mark.parametrize("size", [(900, 700), (300, 1500)])
def test_a_band_crosses_the_middle_and_reaches_both_ends(
    size: tuple[int, int], marked: Marked
) -> None:
    """There is ink within a letter of the center, and near both ends of the diagonal."""
    width, height = size
    mark, result = marked(flat(0, *size), layout="band")
    changed = (result > 12).any(axis=2)
    em = 0.066 * min(size)
    for share in (0.2, 0.5, 0.8):
        x, y = int(width * share), int(height * (1 - share))
        reach = int(4 * em)
        assert changed[max(0, y - reach) : y + reach, max(0, x - reach) : x + reach].any()
    assert mark.box_px[0] < 0.1 * width
    assert mark.box_px[2] > 0.9 * width


def test_tiles_cover_the_picture(marked: Marked) -> None:
    """Every fifth of the picture, across and down, carries ink."""
    _, result = marked(flat(0, 1000, 1000), layout="tile")
    changed = (result > 12).any(axis=2)
    for row in range(5):
        for column in range(5):
            assert changed[row * 200 : row * 200 + 200, column * 200 : column * 200 + 200].any()


@pytest.mark.parametrize("layout", ["band", "tile"])
def test_clear_ground_stays_clear_around_a_figure(
    layout: str, drawings: Any, marked: Marked
) -> None:
    """Blocks that touch no art are left out; the figure is marked."""
    art = np.zeros((800, 800, 4), np.uint8)
    art[300:500, 300:500] = drawings.cutout(200, 200)
    mark, result = marked(art, layout=layout)
    assert mark.stamps
    assert (result[:80, :80, 3] == 0).all()
    assert (result[350:450, 350:450] != art[350:450, 350:450]).any()


def test_a_wholly_clear_picture_gets_no_band(marked: Marked) -> None:
    """There is nothing to protect, and the reason says so."""
    mark, _ = marked(np.zeros((400, 400, 4), np.uint8), layout="band")
    assert mark.stamps == ()
    assert "clear" in mark.reason


@pytest.mark.parametrize("layout", LAYOUTS)
def test_the_same_input_gives_the_same_mark(layout: str, drawings: Any, marked: Marked) -> None:
    """Deterministic, so that a protected file can be made again."""
    art = drawings.painterly(640, 480)
    first, again = marked(art, layout=layout)[1], marked(art, layout=layout)[1]
    assert np.array_equal(first, again)


@pytest.mark.parametrize("layout", LAYOUTS)
def test_a_varied_mark_stays_small_on_huge_pictures(layout: str, drawings: Any) -> None:
    """However many colors the picture has, and however large its letters are."""
    art = drawings.painterly(512, 512)
    mark = visible_mark(art, (16_384, 16_384), layout=layout, text=NOTICE, seed=b"s" * 16)  # type: ignore[arg-type]
    arrays = {id(stamp.rgba): stamp.rgba.nbytes for stamp in mark.stamps}
    assert 0 < sum(arrays.values()) < 256 << 20


@pytest.mark.parametrize("layout", ["band", "tile"])
def test_repeated_stamps_share_their_arrays(layout: str) -> None:
    """On a picture of 16,384 pixels a side the mark is far smaller than the picture."""
    mark = visible_mark(flat(90, 512, 512), (16_384, 16_384), layout=layout, text=NOTICE)  # type: ignore[arg-type]
    arrays = {id(stamp.rgba): stamp.rgba.nbytes for stamp in mark.stamps}
    assert len(arrays) < len(mark.stamps) / 2
    assert sum(arrays.values()) < 128 << 20


@pytest.mark.parametrize("layout", LAYOUTS)
def test_a_logo_is_laid_in_every_layout(layout: str, marked: Marked) -> None:
    """A logo has the area that its size says, whatever its shape."""
    logo = np.full((100, 400, 4), (220, 30, 60, 255), np.uint8)
    _, result = marked(flat(0), layout=layout, logo_rgba=logo, size_percent=20)
    red = result[..., 0] > result[..., 1].astype(int) + 20
    assert red.any()
    if layout == "corner":
        assert red.sum() == pytest.approx((0.2 * 700) ** 2, rel=0.05)


@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize("seed", [b"", b"a picture"])
def test_letters_have_the_color_that_was_chosen(layout: str, seed: bytes, marked: Marked) -> None:
    """Whatever the ground is, and however the mark is varied."""
    _, result = marked(
        flat(128),
        layout=layout,
        color=(230, 20, 90),
        opacity_percent=100,
        size_percent=8,
        seed=seed,
    )
    reddest = result[(result[..., 0].astype(int) - result[..., 1]).argmax() // 900 :, :]
    assert np.abs(reddest.reshape(-1, 3).astype(int) - (230, 20, 90)).max(axis=1).min() <= 12


def test_letters_of_a_chosen_color_get_a_rim_only_where_they_would_vanish(marked: Marked) -> None:
    """White letters on white ground are seen by what surrounds them; dark ground needs nothing."""
    on_white, on_dark = (
        marked(flat(grey), layout="corner", color=(255, 255, 255), opacity_percent=100)[1]
        for grey in (255, 60)
    )
    assert on_white.min() < 160
    assert on_dark.min() == 60


def test_larger_percentages_make_larger_and_stronger_marks(marked: Marked) -> None:
    """Size and opacity do what they say."""
    ground = flat(0)
    small, large = (
        ink_box(ground, marked(ground, layout="corner", size_percent=p)[1]) for p in (3, 6)
    )
    assert large[3] - large[1] == pytest.approx(2 * (small[3] - small[1]), abs=3)
    peaks = [marked(ground, layout="tile", opacity_percent=p)[1].max().item() for p in (10, 40)]
    assert peaks[0] == pytest.approx(25, abs=4)
    assert peaks[1] == pytest.approx(102, abs=8)


def test_chinese_and_japanese_notices_are_drawn(
    needs_font: Callable[[str], None], marked: Marked
) -> None:
    """Han and kana come out as ink of a like amount, not as boxes or blanks."""
    needs_font("小狐狸画室ミラ")
    for text in ("© 2026 小狐狸画室", "© 2026 狐森ミラ"):
        mark, _ = marked(flat(0), layout="corner", text=text)
        covered = sum((stamp.rgba[..., :3].min(axis=2) > 200).sum() for stamp in mark.stamps)
        assert covered > 200


@pytest.mark.parametrize(
    ("options", "error"),
    [
        ({}, ValueError),
        ({"text": "M", "logo_rgba": np.zeros((2, 2, 4), np.uint8)}, ValueError),
        ({"text": "M", "opacity_percent": 0}, ValueError),
        ({"text": "M", "opacity_percent": 101}, ValueError),
        ({"text": "M", "size_percent": float("nan")}, ValueError),
        ({"text": "M", "margin_percent": -1}, ValueError),
        ({"text": "M", "layout": "frame"}, ValueError),
        ({"logo_rgba": np.zeros((2, 2, 4), np.uint8)}, ValueError),
        ({"logo_rgba": np.zeros((2, 2, 3), np.uint8)}, ValueError),
        ({"logo_rgba": np.full((2, 2, 4), 255, np.uint8), "color": (1, 2, 3)}, ValueError),
        ({"logo_rgba": np.zeros((2, 2, 4), np.float32)}, TypeError),
    ],
)
def test_mistakes_of_the_caller_are_refused(
    options: dict[str, Any], error: type[Exception]
) -> None:
    """Neither or both of text and logo, and values out of range."""
    with pytest.raises(error):
        visible_mark(flat(0), (900, 700), **{"layout": "corner", **options})


def test_the_mark_is_cheap(drawings: Any) -> None:
    """At most 0.1 CPU-seconds for a picture of one megapixel, fonts found before."""
    art = drawings.painterly(1000, 1000)
    for layout in LAYOUTS:
        visible_mark(art, (1000, 1000), layout=layout, text=NOTICE)  # type: ignore[arg-type]
        start = time.thread_time()
        visible_mark(art, (1000, 1000), layout=layout, text=NOTICE)  # type: ignore[arg-type]
        assert time.thread_time() - start < 0.1


def test_real_art_is_marked_readably(
    real_art: Path, marked: Marked, text_contrast: Contrast
) -> None:
    """On painted portraits and scenes the credit line meets the rule for small text."""
    paths = sorted(real_art.rglob("*.jpg"))[:6] + sorted(real_art.rglob("*.png"))[:200:25]
    for path in paths:
        raw = cv2.imread(str(path), cv2.IMREAD_UNCHANGED)
        code = cv2.COLOR_BGRA2RGBA if raw.shape[2] == 4 else cv2.COLOR_BGR2RGB
        art = np.asarray(cv2.cvtColor(raw, code))
        mark, result = marked(art, layout="corner")
        left, top, right, bottom = mark.box_px
        there = np.s_[top:bottom, left:right]
        if art.shape[2] == 4:
            shown = [np.rint(p[..., :3] * (p[..., 3:] / 255.0)) for p in (art, result)]
        else:
            shown = [art, result]
        assert text_contrast(shown[0][there], shown[1][there]) >= SMALL_TEXT_CONTRAST, path.name
