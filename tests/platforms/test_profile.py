"""Promises of ocguard.platforms.profile."""

from __future__ import annotations

import datetime
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ocguard.platforms.profile import Codec, Fit, OwnMark, Stage, chained
from ocguard.platforms.shipped import shipped_profiles

STAGE = Stage("writes it again", Codec("jpeg", (75, 85)))
sides = st.integers(1, 5000)
ranges = st.tuples(st.integers(16, 900), st.integers(900, 9000))


def test_each_limit_shrinks_and_none_enlarges() -> None:
    """The narrowest limit counts, proportions stay."""
    assert Fit(long_side_px=(1000, 2000)).size((4000, 2000)) == (1000, 500)
    assert Fit(long_side_px=(1000, 2000)).size((4000, 2000), largest=True) == (2000, 1000)
    assert Fit(width_px=(1000, 1000)).size((500, 4000)) == (500, 4000)
    assert Fit(height_px=(1000, 1000)).size((500, 4000)) == (125, 1000)
    assert Fit(pixels=(10_000, 10_000)).size((400, 100)) == (200, 50)
    assert Fit(long_side_px=(1000, 1000)).size((30, 20)) == (30, 20)


def test_a_chain_is_as_sure_as_its_weakest_link() -> None:
    """Stages follow each other, the first upload counts."""
    x, tiktok = shipped_profiles()["x"], shipped_profiles()["tiktok"]
    both = chained((x, tiktok))
    assert (both.name, both.confidence, both.upload) == ("x+tiktok", "low", x.upload)
    assert both.stages == (*x.stages, *tiktok.stages)
    assert both.title == f"{x.title}, then {tiktok.title}"
    assert chained((x,)) is x


@given(sides, sides, ranges, ranges, ranges)
def test_a_fitted_size_keeps_every_limit(
    width: int, height: int, long_side_px, width_px, pixels
) -> None:
    """Rounded to whole pixels, at least one; the upper ends give no smaller a size."""
    fit = Fit(long_side_px=long_side_px, width_px=width_px, pixels=pixels)
    small, large = fit.size((width, height)), fit.size((width, height), largest=True)
    assert max(small) <= min(long_side_px[0], max(width, height))
    assert small[0] <= width_px[0]
    assert min(small) == 1 or (small[0] - 0.5) * (small[1] - 0.5) <= pixels[0]
    assert 1 <= small[0] <= large[0] <= width
    assert 1 <= small[1] <= large[1] <= height


def test_the_own_mark_keeps_its_distance_from_both_borders() -> None:
    """Two percent of the width, right and below: on a wide picture a larger share of its height."""
    mark = OwnMark(width_percent=20, height_percent=5, opacity_percent=60)
    assert mark.corner((1000, 1000)) == pytest.approx((0.22, 0.07))
    assert mark.corner((1000, 500)) == pytest.approx((0.22, 0.09))


def test_a_profile_answers_for_all_its_stages() -> None:
    """The last codec is served, the largest mark counts, and sizes shrink from stage to stage."""
    marked = replace(STAGE, own_mark=OwnMark(20, 5, 60), fit=Fit(long_side_px=(500, 800)))
    last = replace(STAGE, codec=Codec("webp", (80, 80)), fit=Fit(width_px=(400, 400)))
    profile = replace(shipped_profiles()["x"], stages=(marked, STAGE, last))
    assert profile.served_format == "webp"
    assert profile.own_corner((100, 100)) == pytest.approx((0.22, 0.07))
    assert profile.largest_served((1600, 1000)) == (400, 250)


def test_a_platform_without_stages_keeps_the_file() -> None:
    """Its format, its size, its corner."""
    profile = replace(shipped_profiles()["x"], stages=())
    assert profile.served_format == "keep"
    assert profile.own_corner((100, 100)) == (0, 0)
    assert profile.largest_served((1600, 1000)) == (1600, 1000)


def test_a_chain_keeps_only_metadata_that_every_link_keeps() -> None:
    """And was checked when its oldest link was."""
    x = shipped_profiles()["x"]
    one = replace(x, keeps=("exif", "xmp"), checked=datetime.date(2026, 3, 1))
    two = replace(x, keeps=("xmp", "iptc"), checked=datetime.date(2026, 2, 1))
    assert chained((one, two)).keeps == ("xmp",)
    assert chained((one, two)).checked == datetime.date(2026, 2, 1)
