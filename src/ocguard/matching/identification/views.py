"""Where in a long or crowded picture to look: its panels, and windows over what has none.

A suspect is compared at a long side of about a thousand pixels. A webtoon, a long screenshot, a
board or a sticker sheet shows single works far too small for that, so it is also looked at in
*views*: parts of it, each compared like a suspect of its own.

Panels are found by cutting along plain rows and columns, one inside the other (the recursive X-Y
cut of page layout analysis); where nothing can be cut, single things on plain ground are panels, as
on a sheet of stickers. What is left long is covered by overlapping windows of its short side. A
picture that repeats itself, as on fabric and wrapping paper, is looked at in a window that holds it
about twice: the period is where the picture agrees with itself, moved (autocorrelation).

A work is registered in views for the same reason. A panel of a webtoon, or a slice that an app has
cut anywhere, is compared with a view of its own size. So a long work is registered in windows that
overlap by half, whatever lies in them, and a long or large one panel by panel.

References
----------
G. Nagy, S. Seth, Hierarchical representation of optically scanned documents, ICPR 1984.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from ocguard.fingerprint.normalize import PLAIN_TOLERANCE, Box, resize_area

__all__ = [
    "MAX_WORK_VIEWS",
    "OVERVIEW_PX",
    "Views",
    "find_views",
    "overview_size",
    "percentiles",
    "work_views",
]

OVERVIEW_PX = 640
"""Short side of the overview that panels are sought in, in pixels."""

PLAIN_RANGE = 14
"""Largest difference of one channel within a plain row, in 8-bit steps: what JPEG leaves of one
color."""

PLAIN_PERCENT = 2
"""Percent of a row's pixels, at either end of their values, that may differ: specks of JPEG."""

MIN_GAP_PX = 2
"""Fewest plain rows between two panels, in pixels of the overview."""

MIN_SIDE_PX = 40
"""Shortest side of a panel in the overview; smaller ones are text, buttons and rules."""

MIN_SIDE_SHARE = 0.04
"""The same, as a share of the suspect's short side."""

MAX_DEPTH = 6
"""Cuts inside each other: rows, columns, rows ..."""

CROWDED_PANELS = 3
"""Panels from which on a suspect is crowded; fewer may be parts of one picture."""

LONG_RATIO = 2.2
"""Long side by short side from which on a picture is long: a view of it is covered by windows."""

LONG_WORK_RATIO = 3.0
"""The same of a work that is registered in windows. The rendition of a shorter one, such as the
wallpaper of a phone, keeps a short side of more than 340 pixels."""

WINDOW_RATIO, WINDOW_STEP = 1.6, 0.8
"""Length of a window and the step to the next one, in short sides: what is as long as it is wide
lies whole in one of them."""

NEAR_PX = 7
"""Things on plain ground that are nearer to each other than this, in the overview, are one."""

REPEATED = 0.6
"""Correlation of a picture with itself, moved, from which on it repeats itself."""

REPEAT_BLUR_PX, REPEAT_GROUND_PX = 0.8, 12.0
"""Finest and coarsest detail that a repetition is sought in, in pixels of half the overview."""

PEAK_PX = 9
"""Side of the square in which such a correlation must be the largest, in the same pixels: a soft
picture also agrees with itself where it is moved by little."""

MAX_REPEAT_SHARE = 0.45
"""Longest period, as a share of the short side: what is there no more than twice is no pattern."""

REPEAT_WINDOW = 2.2
"""Side of the window that a repeated picture is looked at in, in periods."""

MAX_VIEWS = 64
"""Most views of one suspect, the largest ones first."""

MAX_WORK_VIEWS = 96
"""Most views of one work: windows from its beginning, then the largest panels. A strip of 800 x
20,000 pixels has 56; each takes about 0.2 MB in a portfolio and 0.2 CPU-seconds once."""

MIN_PAGE_PX = 1600
"""Long side from which on the panels of a work are registered: smaller pages lose little of them in
a rendition of 1024 pixels."""


_Color = NDArray[np.float64]


@dataclass(frozen=True)
class Views:
    """Where to look.

    Attributes
    ----------
    boxes : tuple of Box
        In pixels of the suspect; empty where the whole is enough.
    left_out : int
        Views beyond `MAX_VIEWS`, which are not looked at.
    """

    boxes: tuple[Box, ...]
    left_out: int


def overview_size(size: tuple[int, int]) -> tuple[int, int]:
    """Return the size, (width, height), of the overview of a suspect; never larger than it."""
    scale = min(1.0, OVERVIEW_PX / min(size))
    return max(1, round(size[0] * scale)), max(1, round(size[1] * scale))


def find_views(
    rgb: NDArray[np.uint8], size: tuple[int, int], fewest: int = CROWDED_PANELS
) -> Views:
    """Find the parts of a suspect that are worth a look of their own.

    Parameters
    ----------
    rgb : (h, w, 3) uint8 array
        The suspect, transparency laid on a plain ground, of `overview_size` or larger.
    size : (int, int)
        Width and height of the suspect itself, that boxes are given in.
    fewest : int
        Panels from which on they are looked at.

    Returns
    -------
    Views
        Without boxes for an ordinary picture.

    Notes
    -----
    About 10 CPU-milliseconds a megapixel of the overview.
    """
    small = resize_area(rgb, overview_size(size))
    least, whole = _least(small), Box(0, 0, small.shape[1], small.shape[0])
    panels = _crowd(small, whole, least, fewest)
    if not panels:
        panels = [whole] if _is_long(whole) else _repeated(small, least)
    views = _largest(small, [part for panel in panels for part in _covered(panel)], size)
    return Views(tuple(views[:MAX_VIEWS]), max(0, len(views) - MAX_VIEWS))


def work_views(rgb: NDArray[np.uint8], size: tuple[int, int]) -> Views:
    """Find the parts of a work that are registered beside the whole.

    Parameters
    ----------
    rgb : (h, w, 3) uint8 array
        The work, transparency laid on a plain ground, of `overview_size` or larger.
    size : (int, int)
        Width and height of the work itself, that boxes are given in.

    Returns
    -------
    Views
        Windows over a long work, panels of a long or large one; without boxes for any other.

    Notes
    -----
    As `find_views`; next to nothing for a work that is neither long nor large.
    """
    whole = Box(0, 0, *size)
    windows = list(_covered(whole)) if _is_long(whole, LONG_WORK_RATIO) else []
    if max(size) < MIN_PAGE_PX:
        return Views(tuple(windows), 0)
    small = resize_area(rgb, overview_size(size))
    panels = _crowd(small, Box(0, 0, small.shape[1], small.shape[0]), _least(small))
    boxes = (*windows, *_largest(small, [_inset(panel) for panel in panels], size))
    return Views(boxes[:MAX_WORK_VIEWS], max(0, len(boxes) - MAX_WORK_VIEWS))


def _least(rgb: NDArray[np.uint8]) -> int:
    """Return the shortest side of a panel in an overview, in pixels."""
    shortest: int = min(rgb.shape[:2])
    return max(MIN_SIDE_PX, round(MIN_SIDE_SHARE * shortest))


def _crowd(
    rgb: NDArray[np.uint8], whole: Box, least: int, fewest: int = CROWDED_PANELS
) -> list[Box]:
    """Return the panels of a crowded picture, or the things on it; none where it is not crowded."""
    panels = list(_panels(rgb, whole, least, 0))
    if len(panels) < fewest:
        panels = _things(rgb, least)
    return panels if len(panels) >= fewest else []


def _largest(rgb: NDArray[np.uint8], boxes: list[Box], size: tuple[int, int]) -> list[Box]:
    """Bring boxes of an overview to the size of the picture, the largest first."""
    scale = (size[0] / rgb.shape[1], size[1] / rgb.shape[0])
    return [_scaled(box, scale) for box in sorted(boxes, key=lambda b: -b.width * b.height)]


def _panels(
    rgb: NDArray[np.uint8], box: Box, least: int, depth: int, ground: _Color | None = None
) -> Iterator[Box]:
    """Cut a box along plain rows, then its parts along plain columns, and so on.

    All cuts run along one ground: the color of the first ones. What is plain inside a picture, in
    another color, does not cut it.
    """
    parts, color = _cut(rgb, box, least, ground, across=depth % 2 == 1)
    if depth >= MAX_DEPTH or (parts == [box] and depth > 0):
        yield box
        return
    for part in parts:
        yield from _panels(rgb, part, least, depth + 1, color)


def _cut(
    rgb: NDArray[np.uint8], box: Box, least: int, ground: _Color | None, *, across: bool
) -> tuple[list[Box], _Color | None]:
    """Return what lies between plain rows of a box, or between plain columns, and their color."""
    view = rgb[box.top : box.bottom, box.left : box.right]
    rows = view.transpose(1, 0, 2) if across else view
    low, colors, high = percentiles(rows, (PLAIN_PERCENT, 50, 100 - PLAIN_PERCENT))
    is_plain = (high - low).max(axis=1) <= PLAIN_RANGE
    if ground is None and is_plain.any():
        ground = np.median(colors[is_plain], axis=0)
    if ground is not None:
        is_plain &= np.abs(colors - ground).max(axis=1) <= PLAIN_TOLERANCE
    gap = np.ones((MIN_GAP_PX, 1), np.uint8)
    column = (~is_plain).astype(np.uint8)[:, None]
    # Closes narrower gaps. OpenCV's own closing by an even length moves what it closes.
    grown = cv2.dilate(column, gap, anchor=(0, 0))
    holds = np.asarray(cv2.erode(grown, gap, anchor=(0, MIN_GAP_PX - 1)), np.int8)[:, 0]
    steps = np.flatnonzero(np.diff(np.concatenate([[0], holds, [0]])))
    spans = [(int(a), int(b)) for a, b in zip(steps[::2], steps[1::2], strict=True)]
    spans = [(start, end) for start, end in spans if end - start >= least]
    if across:
        return [Box(box.left + a, box.top, box.left + b, box.bottom) for a, b in spans], ground
    return [Box(box.left, box.top + a, box.right, box.top + b) for a, b in spans], ground


def percentiles(rows: NDArray[np.uint8], percents: Sequence[float]) -> NDArray[np.float64]:
    """Return percentiles of every row, as `numpy.percentile` does, in an eighth of its time.

    Bytes are sorted by counting them, along memory.

    Parameters
    ----------
    rows : (n, m, channels) uint8 array
        Rows of m pixels.
    percents : sequence of float
        Which ones, 0 to 100.

    Returns
    -------
    (percents, n, channels) float array
    """
    ordered = np.sort(np.ascontiguousarray(rows.transpose(0, 2, 1)), axis=2, kind="stable")
    last = rows.shape[1] - 1
    place = last * (np.asarray(percents) / 100)
    below = place.astype(int)
    low, high = (
        np.moveaxis(ordered[:, :, at], 2, 0).astype(np.float64)
        for at in (below, np.minimum(below + 1, last))
    )
    share = (place - below)[:, None, None]
    between = high - low
    return np.asarray(np.where(share < 0.5, low + between * share, high - between * (1 - share)))


def _things(rgb: NDArray[np.uint8], least: int) -> list[Box]:
    """Return the boxes of single things on plain ground; none where no ground is plain."""
    rim = np.concatenate([rgb[0], rgb[-1], rgb[:, 0], rgb[:, -1]])
    color = np.median(rim, axis=0).astype(np.uint8)
    apart = cv2.absdiff(rgb, np.full_like(rgb, color)).max(axis=2) > PLAIN_TOLERANCE
    if np.mean(cv2.absdiff(rim, np.full_like(rim, color)).max(axis=1) > PLAIN_TOLERANCE) > 0.1:
        return []
    near = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (NEAR_PX, NEAR_PX))
    joined = cv2.morphologyEx(apart.astype(np.uint8), cv2.MORPH_CLOSE, near)
    _, _, found, _ = cv2.connectedComponentsWithStats(joined)
    boxes = [Box(x, y, x + w, y + h) for x, y, w, h, _ in found[1:].tolist()]
    return [box for box in boxes if min(box.width, box.height) >= least]


def _repeated(rgb: NDArray[np.uint8], least: int) -> list[Box]:
    """Return a window in the middle of a picture that repeats itself; none where it does not."""
    half = resize_area(rgb, (max(1, rgb.shape[1] // 2), max(1, rgb.shape[0] // 2)))
    gray = cv2.cvtColor(half, cv2.COLOR_RGB2GRAY).astype(np.float32)
    ground = cv2.GaussianBlur(gray, (0, 0), REPEAT_GROUND_PX)
    fine = np.asarray(cv2.GaussianBlur(gray, (0, 0), REPEAT_BLUR_PX) - ground, np.float32)
    height, width = fine.shape
    power = np.abs(np.fft.rfft2(fine, (2 * height, 2 * width))) ** 2
    overlap = np.outer(*(abs(side - np.arange(2 * side)) for side in fine.shape))  # pixels
    agreement = np.fft.irfft2(power) / np.maximum(overlap, 1.0)
    reach = int(MAX_REPEAT_SHARE * min(height, width))
    both = np.roll(agreement, reach, axis=1)[: reach + 1, : 2 * reach + 1]
    down, across = np.indices(both.shape)
    far = np.hypot(down, across - reach)
    both = np.asarray(both / max(float(agreement[0, 0]), 1e-6), np.float32)
    is_peak = both >= cv2.dilate(both, np.ones((PEAK_PX, PEAK_PX), np.uint8))
    is_peak &= (far >= least / 2) & (far <= reach) & (both >= REPEATED)
    if not is_peak.any():
        return []
    period = float(far[is_peak & (both >= 0.9 * both[is_peak].max())].min())
    side = min(round(2 * REPEAT_WINDOW * period), *rgb.shape[:2])
    left, top = (rgb.shape[1] - side) // 2, (rgb.shape[0] - side) // 2
    return [Box(left, top, left + side, top + side)]


def _is_long(box: Box, ratio: float = LONG_RATIO) -> bool:
    return max(box.width, box.height) >= ratio * min(box.width, box.height)


def _covered(box: Box) -> Iterator[Box]:
    """Yield a box itself, and for a long one the windows that cover it."""
    if not _is_long(box):
        yield box
        return
    side = min(box.width, box.height)
    length, window = max(box.width, box.height), round(WINDOW_RATIO * side)
    count = max(2, -(-(length - window) // max(1, round(WINDOW_STEP * side))) + 1)
    for start in np.linspace(0, length - window, count).round().astype(int).tolist():
        if box.width > box.height:
            yield Box(box.left + start, box.top, box.left + start + window, box.bottom)
        else:
            yield Box(box.left, box.top + start, box.right, box.top + start + window)


def _inset(box: Box) -> Box:
    """Leave out the rim of a panel, whose pixels in the overview are in part the ground's.

    The edge between both would be missing in a suspect that was cut along the panel.
    """
    return Box(box.left + 1, box.top + 1, box.right - 1, box.bottom - 1)


def _scaled(box: Box, scale: tuple[float, float]) -> Box:
    """Bring a box from the overview to the suspect."""
    across, down = scale
    return Box(
        int(box.left * across),
        int(box.top * down),
        int(np.ceil(box.right * across)),
        int(np.ceil(box.bottom * down)),
    )
