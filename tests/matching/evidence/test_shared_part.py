"""What lies over different works accuses nobody, and works are found under it."""

import cv2
import numpy as np
import pytest

from ocguard.distortions import apply
from ocguard.matching.decision.bounds import load_bounds
from ocguard.matching.decision.explanations import PICTURE
from ocguard.matching.decision.rule import holds
from ocguard.matching.identification.identify import Suspect, compare

FINDINGS = {"identical", "near-copy", "shared-base", "likely-derivative"}


def framed(rgb):
    """Put a broad frame with rings around a picture."""
    random = np.random.default_rng(3)
    canvas = cv2.copyMakeBorder(rgb, 60, 60, 60, 60, cv2.BORDER_CONSTANT, value=(90, 60, 20))
    side = canvas.shape[0]
    for place in range(120):
        along, across = int(random.integers(side)), int(random.integers(8, 52))
        spot = [(along, across), (along, side - across), (across, along), (side - across, along)]
        axes = tuple(random.integers(4, 14, 2).tolist())
        color = tuple(random.integers(0, 256, 3).tolist())
        cv2.ellipse(canvas, spot[place % 4], axes, int(random.integers(180)), 0, 360, color, 2)
    canvas[60:-60, 60:-60] = rgb
    return canvas


def tiled(rgb):
    """Write one line in rows over a picture."""
    marked = rgb.copy()
    for row, y in enumerate(range(20, 400, 44)):
        for x in range(-30 * (row % 3), 400, 190):
            cv2.putText(marked, "(c) AKI NO AI", (x, y), 0, 0.7, (200, 30, 60), 2, cv2.LINE_AA)
    return marked


def captioned(rgb):
    """Put bars with large text above and below a picture."""
    canvas = cv2.copyMakeBorder(rgb, 70, 70, 0, 0, cv2.BORDER_CONSTANT, value=(255, 255, 255))
    for y, text in ((48, "WHEN THE ARTIST"), (518, "SEES THIS PICTURE")):
        cv2.putText(canvas, text, (10, y), 0, 1.25, (0, 0, 0), 3, cv2.LINE_AA)
    return canvas


def in_window(rgb):
    """Show a picture in an app with a bar, buttons, and lines of small text."""
    canvas = cv2.copyMakeBorder(rgb, 50, 80, 12, 12, cv2.BORDER_CONSTANT, value=(30, 32, 38))
    cv2.circle(canvas, (30, 25), 16, (200, 90, 120), -1, cv2.LINE_AA)
    for y, text in ((22, "@mira.draws"), (40, "3 h, Kyoto"), (505, "1,204 likes  88 comments")):
        cv2.putText(canvas, text, (55, y), 0, 0.55, (230, 230, 230), 1, cv2.LINE_AA)
    for x in range(30, 400, 70):
        cv2.rectangle(canvas, (x, 464), (x + 22, 484), (90, 160, 250), 2)
    return canvas


def in_program(rgb):
    """Show a picture in a drawing program, with a menu, and a panel of layers beside it."""
    canvas = cv2.copyMakeBorder(rgb, 50, 30, 60, 180, cv2.BORDER_CONSTANT, value=(46, 46, 50))
    cv2.rectangle(canvas, (0, 0), (639, 32), (72, 72, 78), -1)
    for place, text in enumerate(("File", "Edit", "View", "Layer", "Select", "Filter", "Tools")):
        cv2.putText(canvas, text, (14 + 64 * place, 20), 0, 0.5, (240, 240, 240), 1, cv2.LINE_AA)
    for number, y in enumerate(range(45, 440, 41)):
        cv2.rectangle(canvas, (560, y), (624, y + 32), (255, 255, 255), 1)
        cv2.putText(canvas, f"Layer {number}", (563, y + 13), 0, 0.4, (240, 240, 240), 1)
    return canvas


OVERLAYS = {
    "program": in_program,
    "frame": framed,
    "tiles": tiled,
    "caption": captioned,
    "window": in_window,
}
each_overlay = pytest.mark.parametrize("lay", OVERLAYS.values(), ids=OVERLAYS.keys())


def is_picture(measures):
    """Ask the rule that tells a picture from an overlay."""
    return holds(PICTURE, measures, load_bounds())


@each_overlay
def test_different_works_under_one_overlay_share_no_picture(draw_figure, examined, lay):
    """The overlay agrees exactly, the figures under it do not."""
    assert not is_picture(examined(lay(draw_figure(61)), lay(draw_figure(60))))


@each_overlay
def test_a_stranger_under_the_overlay_of_the_only_work_is_not_accused(draw_figure, lay):
    """One registered work is enough to see that only the overlay agrees."""
    work = Suspect.of(lay(draw_figure(62)))
    for seed in (63, 64, 65):
        assert compare(work, Suspect.of(lay(draw_figure(seed)))).verdict not in FINDINGS


@each_overlay
def test_a_work_put_under_an_overlay_is_found(draw_figure, lay):
    """Framed, captioned, marked and shown in an app, a work is still itself."""
    work = draw_figure(66)
    found = compare(Suspect.of(work), Suspect.of(apply("jpeg-50", lay(work), 1)))
    assert found.verdict in FINDINGS


@each_overlay
def test_a_crop_of_a_work_with_its_overlay_is_found(draw_figure, lay):
    """The overlay of the work itself does not hide that its picture agrees, too."""
    work = lay(draw_figure(67))
    found = compare(Suspect.of(work), Suspect.of(apply("crop-80+jpeg-50", work, 1)))
    assert found.verdict in FINDINGS


def test_the_reason_says_that_only_an_overlay_agrees(draw_figure):
    """Cannot tell comes with what a person should look at."""
    verdict = compare(Suspect.of(framed(draw_figure(62))), Suspect.of(framed(draw_figure(63))))
    assert verdict.verdict == "cannot-tell"
    assert verdict.reason.code in {"overlay", "slot", "shape"}


@pytest.mark.parametrize("change", ["elastic-4", "posterize-8", "line-art", "sticker-20", "invert"])
def test_a_changed_copy_shares_a_picture(draw_figure, examined, change):
    """Bending, repainting and covering a part leave a picture."""
    work = draw_figure(68)
    assert is_picture(examined(apply(change, work, 1), work))


def faint_facets(seed):
    """Draw triangles of nearly one color, as a plain wallpaper has them."""
    random = np.random.default_rng(seed)
    x, y = np.meshgrid(np.linspace(0, 900, 6), np.linspace(0, 560, 5))
    x[:, 1:-1] += random.uniform(-60, 60, x[:, 1:-1].shape)
    y[1:-1] += random.uniform(-50, 50, y[1:-1].shape)
    points = np.stack([x, y], axis=-1)
    canvas = np.zeros((560, 900, 3), np.uint8)
    for row, column in np.ndindex(4, 5):
        a, b, d, c = points[row : row + 2, column : column + 2].reshape(4, 2)
        for corners in ((a, b, c), (a, c, d)):
            color = np.array([215, 180 - 8 * row, 150 + 14 * row]) + random.integers(-18, 19, 3)
            cv2.fillConvexPoly(canvas, np.rint(corners).astype(np.int32), color.tolist())
    return canvas


def test_fainter_structure_in_the_same_places_agrees(examined):
    """A copy with less contrast is there, though most of its edges are too faint to hold."""
    work = faint_facets(2)
    assert examined(apply("contrast-70", work, 1), work).agreeing_share > 0.75
    assert examined(faint_facets(3), work).agreeing_share < 0.2


def test_half_of_a_work_beside_another_is_a_picture(draw_figure, examined):
    """A large filled part is a picture, although the rest disagrees."""
    work, other = draw_figure(69), draw_figure(70)
    assert is_picture(examined(np.hstack([work[:, :240], other[:, 240:]]), work))


def test_empty_pictures_share_nothing(examined):
    """Without structure there is nothing to be a picture."""
    white = np.full((120, 90, 3), 255, np.uint8)
    empty = examined(white, white)
    assert (empty.agreeing_share, empty.agreeing_inner_share) == (0, 0)
    assert (empty.largest_piece_share, empty.opposed_share) == (0, 0)
    assert not is_picture(empty)
