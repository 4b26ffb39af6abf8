"""Views: where in a long or crowded suspect to look."""

import cv2
import numpy as np
import pytest

from ocguard.matching.identification.views import (
    MAX_VIEWS,
    MAX_WORK_VIEWS,
    find_views,
    overview_size,
    percentiles,
    work_views,
)


def views(rgb):
    return find_views(rgb, (rgb.shape[1], rgb.shape[0]))


def holds(box, left, top, right, bottom, slack=8):
    """Whether a view shows a place, and little more."""
    return (
        abs(box.left - left) <= slack
        and abs(box.top - top) <= slack
        and abs(box.right - right) <= slack
        and abs(box.bottom - bottom) <= slack
    )


@pytest.fixture(scope="module")
def board(drawings):
    """A board of three by four pictures on grey, with its places."""
    page, places = np.full((960, 1280, 3), 240, np.uint8), []
    for number in range(12):
        left, top = 20 + 320 * (number % 4), 20 + 320 * (number // 4)
        page[top : top + 280, left : left + 280] = drawings.painterly(280, 280, number)
        places.append((left, top, left + 280, top + 280))
    return page, places


def test_every_picture_of_a_board_is_a_view(board):
    """Each has its own box."""
    page, places = board
    found = views(page)
    assert len(found.boxes) == 12
    assert found.left_out == 0
    for place in places:
        assert any(holds(box, *place) for box in found.boxes)


def test_recompression_does_not_hide_the_gaps(board):
    """What JPEG leaves beside edges is no picture."""
    page, places = board
    data = cv2.imencode(".jpg", page, [cv2.IMWRITE_JPEG_QUALITY, 60])[1]
    found = views(cv2.imdecode(data, cv2.IMREAD_COLOR))
    assert sum(any(holds(box, *place) for box in found.boxes) for place in places) == 12


def test_stickers_that_no_straight_line_parts_are_views(drawings):
    """Things on plain ground."""
    page = np.full((1000, 1000, 3), 255, np.uint8)
    centers = [(170, 200), (480, 330), (800, 220), (250, 600), (600, 720), (860, 560)]
    for number, center in enumerate(centers):
        mask = cv2.ellipse(
            np.zeros(page.shape[:2], np.uint8), center, (120, 140), 30, 0, 360, 1, -1
        )
        page[mask > 0] = drawings.painterly(1000, 1000, number)[mask > 0] // 2
    found = views(page)
    assert len(found.boxes) == len(centers)
    for x, y in centers:
        assert any(b.left < x < b.right and b.top < y < b.bottom for b in found.boxes)


@pytest.mark.parametrize("is_wide", [False, True])
def test_a_long_picture_is_covered_by_windows(drawings, is_wide):
    """Any square of its short side lies whole in one of them."""
    strip = drawings.painterly(200, 1500, 3)
    strip = np.ascontiguousarray(strip.transpose(1, 0, 2)) if is_wide else strip
    boxes = views(strip).boxes
    for start in range(0, 1300, 50):
        spans = [(b.left, b.right) if is_wide else (b.top, b.bottom) for b in boxes]
        assert any(first <= start + 8 and last >= start + 192 for first, last in spans)


@pytest.mark.parametrize("across", [4, 7])
def test_a_repeated_picture_is_looked_at_in_a_window(drawings, across):
    """It holds the picture once as a whole, and not many times."""
    side = 1400 // across
    tiled = np.tile(drawings.painterly(side, side, 9), (across, across, 1))
    (box,) = views(tiled).boxes
    assert 1.8 * side <= box.width <= 3 * side


@pytest.mark.parametrize("seed", range(6))
def test_an_ordinary_picture_needs_none(drawings, draw_figure, seed):
    """A scene, and a figure on white."""
    assert views(drawings.painterly(1200, 900, seed)).boxes == ()
    assert views(cv2.resize(draw_figure(seed), (900, 900))).boxes == ()
    assert views(np.full((300, 300, 3), 80, np.uint8)).boxes == ()


def test_what_is_beyond_the_most_views_is_counted(drawings):
    """The smallest are left out, and it is said how many."""
    page = np.full((1000, 1000, 3), 255, np.uint8)
    for row in range(10):
        for column in range(10):
            part = drawings.painterly(70, 70, row + column)
            page[10 + 100 * row : 80 + 100 * row, 10 + 100 * column : 80 + 100 * column] = part
    found = views(page)
    assert (len(found.boxes), found.left_out) == (MAX_VIEWS, 100 - MAX_VIEWS)


def test_the_overview_is_never_larger_than_the_suspect():
    """And has one short side."""
    assert overview_size((300, 200)) == (300, 200)
    assert overview_size((1280, 12800)) == (640, 6400)


def of_work(rgb):
    return work_views(rgb, (rgb.shape[1], rgb.shape[0]))


@pytest.mark.parametrize("is_wide", [False, True])
def test_any_slice_of_a_long_work_is_mostly_in_one_of_its_views(drawings, is_wide):
    """Of 1.6 short sides, as apps cut them, at any place: three quarters of it."""
    strip = drawings.painterly(200, 1500, 3)
    strip = np.ascontiguousarray(strip.transpose(1, 0, 2)) if is_wide else strip
    spans = [(b.left, b.right) if is_wide else (b.top, b.bottom) for b in of_work(strip).boxes]
    for start in range(0, 1180, 20):
        shared = (min(start + 320, end) - max(start, begin) for begin, end in spans)
        assert max(shared) >= 0.74 * 320


def test_panels_of_a_large_page_are_views_without_their_rim(drawings):
    """The ground around a panel is no part of it."""
    page, places = np.full((1700, 1300, 3), 255, np.uint8), []
    for number in range(6):
        left, top = 20 + 640 * (number % 2), 20 + 560 * (number // 2)
        page[top : top + 540, left : left + 620] = drawings.painterly(620, 540, number) // 2
        places.append((left, top, left + 620, top + 540))
    boxes = of_work(page).boxes
    assert len(boxes) == 6
    for place in places:
        assert any(holds(box, *place) for box in boxes)
    assert all(int(page[b.top : b.bottom, b.left : b.right].max()) < 255 for b in boxes)


def test_an_ordinary_work_has_no_views(drawings, board):
    """Nor has a small page, of whose panels the whole keeps enough, or a phone's wallpaper."""
    assert of_work(drawings.painterly(1800, 1200, 3)).boxes == ()
    assert of_work(drawings.painterly(900, 2000, 3)).boxes == ()
    assert of_work(board[0]).boxes == ()


def test_an_endless_work_has_a_budget_of_views(drawings):
    """What is left out is counted."""
    found = of_work(drawings.painterly(100, 9000, 3))
    assert len(found.boxes) == MAX_WORK_VIEWS
    assert found.left_out > 0


def test_who_looks_for_fewer_panels_finds_them(drawings) -> None:
    """Two pictures beside each other are a crowd for who asks for two."""
    page = np.full((260, 520, 3), 255, np.uint8)
    for place in range(2):
        page[30:230, 40 + 240 * place : 240 + 240 * place] = drawings.cel(200, 200, place)
    assert find_views(page, (520, 260)).boxes == ()
    assert len(find_views(page, (520, 260), 2).boxes) == 2


@pytest.mark.parametrize("pixels", [1, 2, 51, 640])
def test_percentiles_are_those_of_numpy(pixels) -> None:
    """To the last bit: a view begins where a row is plain by two of them."""
    rows = np.random.default_rng(pixels).integers(0, 256, (30, pixels, 3)).astype(np.uint8)
    percents = (2, 50, 98)
    for one in (rows, rows // 64):
        assert np.array_equal(percentiles(one, percents), np.percentile(one, percents, axis=1))
    across = rows.transpose(1, 0, 2)
    assert np.array_equal(percentiles(across, [7]), np.percentile(across, [7], axis=1))
