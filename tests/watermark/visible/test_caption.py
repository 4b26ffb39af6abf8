"""Promises of ocguard.watermark.visible.caption: a strip below the art, and nothing on it."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ocguard.watermark.visible.caption import caption

NOTICE = "© 2026 Mira Vale"
LOGO = np.full((50, 80, 4), (200, 40, 40, 255), np.uint8)


def flat(value: int) -> np.ndarray:
    """One grey."""
    return np.full((60, 90, 3), value, np.uint8)


@settings(max_examples=40, deadline=None)
@given(
    st.integers(80, 3000),
    st.integers(80, 3000),
    st.sampled_from([None, NOTICE, NOTICE + " and all rights reserved" * 3]),
    st.sampled_from([None, LOGO]),
)
def test_nothing_lies_on_the_art_or_leaves_the_picture(
    width: int, height: int, text: str | None, logo: Any
) -> None:
    """Every stamp is inside the strip, for every size and shape."""
    if text is None and logo is None:
        text = NOTICE
    made = caption(flat(128), None, (width, height), text=text, logo_rgba=logo)
    assert bool(made.stamps) != bool(made.reason)
    assert bool(made.strip_px) != bool(made.reason)
    for stamp in made.stamps:
        rows, columns = np.nonzero(stamp.rgba[..., 3] > 8)
        if not len(rows):
            continue
        assert stamp.top + rows.min() >= height
        assert stamp.top + rows.max() < height + made.strip_px
        assert stamp.left + columns.min() >= 0
        assert stamp.left + columns.max() < width


def test_text_lies_left_and_the_logo_right() -> None:
    """Beside each other, at their margins."""
    made = caption(flat(128), None, (1000, 800), text=NOTICE, logo_rgba=LOGO)
    words, logo = made.stamps
    assert words.left < 60
    assert logo.left + logo.rgba.shape[1] > 940


def test_the_text_has_the_color_that_was_chosen() -> None:
    """A logo beside it keeps its own."""
    made = caption(flat(128), None, (1000, 800), text=NOTICE, logo_rgba=LOGO, color=(230, 20, 90))
    words, logo = made.stamps
    assert np.median(words.rgba[words.rgba[..., 3] > 250][:, :3], axis=0).tolist() == [230, 20, 90]
    assert [230, 20, 90] not in logo.rgba[..., :3].reshape(-1, 3).tolist()


@pytest.mark.parametrize(("grey", "is_dark"), [(20, True), (128, False), (240, False)])
def test_the_paper_suits_the_art(grey: int, is_dark: bool) -> None:
    """Dark art is not outshone; the contrast of the text is that of small text at least."""
    made = caption(flat(grey), None, (900, 700), text=NOTICE)
    assert (sum(made.paper) < 120) == is_dark
    strongest = made.stamps[0].rgba[made.stamps[0].rgba[..., 3] > 250][:, :3].mean()
    assert abs(strongest - np.mean(made.paper)) > 150


def test_a_cut_out_figure_gets_light_paper() -> None:
    """It will lie on a page, and most pages are light."""
    alpha = np.zeros((60, 90), np.uint8)
    alpha[20:40, 30:60] = 255
    assert min(caption(flat(20), alpha, (900, 700), text=NOTICE).paper) > 230


def test_the_strip_grows_for_what_must_be_read() -> None:
    """A QR code keeps its smallest side."""
    small = caption(flat(128), None, (900, 700), text=NOTICE)
    large = caption(flat(128), None, (900, 700), text=NOTICE, logo_rgba=LOGO, min_logo_px=120)
    assert small.strip_px < 60
    assert large.strip_px >= 120
    assert large.stamps[-1].rgba.shape[0] >= 120


def test_mistakes_and_tiny_pictures_are_told() -> None:
    """Neither text nor logo, impossible sizes, no room."""
    for options in ({}, {"text": "M", "size_percent": 0}, {"text": "M", "opacity_percent": 101}):
        with pytest.raises(ValueError, match="caption"):
            caption(flat(128), None, (900, 700), **options)  # type: ignore[arg-type]
    assert "too small" in caption(flat(128), None, (30, 30), text=NOTICE).reason
