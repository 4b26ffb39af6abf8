"""Promises of measured profiles: what pictures have in common, and no more."""

from __future__ import annotations

import datetime
import re
from dataclasses import replace

import pytest

from ocguard.errors import PlatformError
from ocguard.language.choice import speaking
from ocguard.language.message import translated
from ocguard.platforms.measuring import RoundTrip, measured_profile, sayable
from ocguard.platforms.profile import Crop, Fit
from ocguard.platforms.profile_toml import parse_profile, profile_text

DAY = datetime.date(2026, 2, 1)

TRIP = RoundTrip(
    posted_size=(3000, 2000),
    served_size=(1200, 800),
    kept=(1.0, 1.0),
    is_same=False,
    posted_format="PNG",
    served_format="JPEG",
    quality=85,
    is_lossless=False,
    chroma="4:2:0",
    is_progressive=True,
    posted_metadata=("exif", "xmp"),
    served_metadata=("xmp",),
)


def sized(*sizes: tuple[tuple[int, int], tuple[int, int]]) -> list[RoundTrip]:
    """Make round trips of posted and served sizes."""
    return [replace(TRIP, posted_size=posted, served_size=served) for posted, served in sizes]


def measured_fit(*sizes) -> Fit | None:
    """Measure the limits of the only stage."""
    (stage,) = measured_profile("site", sized(*sizes), DAY).stages
    return stage.fit


def test_a_limit_is_what_shrunk_pictures_have_in_common() -> None:
    """A long side, a width, a height, an area; with one picture, its long side."""
    assert measured_fit(((3000, 2000), (1200, 800))) == Fit(long_side_px=(1200, 1200))
    tall = ((1500, 3000), (1080, 2160))
    assert measured_fit(((3000, 2000), (1080, 720)), tall) == Fit(width_px=(1080, 1080))
    wide = ((4000, 1000), (2000, 500))
    assert measured_fit(((3000, 2000), (750, 500)), wide) == Fit(height_px=(500, 500))
    areas = ((3000, 3000), (1000, 1000)), ((6000, 1500), (2000, 500))
    assert measured_fit(*areas) == Fit(pixels=(10**6, 10**6))
    assert measured_fit(((3000, 2000), (900, 600)), tall) == Fit(long_side_px=(900, 2160))


def test_pictures_that_kept_their_size_show_no_limit() -> None:
    """Rounding is no shrinking."""
    assert measured_fit(((800, 600), (800, 600)), ((801, 601), (800, 600))) is None


def test_cuts_are_measured_as_shapes() -> None:
    """Tall pictures give the narrowest, wide ones the widest."""
    tall = replace(TRIP, posted_size=(1000, 2000), served_size=(1000, 1333), kept=(1.0, 0.6667))
    wide = replace(TRIP, posted_size=(3000, 1000), served_size=(1910, 1000), kept=(0.6367, 1.0))
    (stage,) = measured_profile("site", [tall, wide, TRIP], DAY).stages
    assert stage.crop == Crop(0.7502, 1.91)


def test_the_codec_is_the_usual_one_with_its_range() -> None:
    """Stray formats do not count."""
    trips = [TRIP, replace(TRIP, quality=70), replace(TRIP, served_format="WEBP", quality=10)]
    (stage,) = measured_profile("site", trips, DAY).stages
    assert (stage.codec.file_format, stage.codec.quality) == ("jpeg", (70, 85))
    assert (stage.codec.chroma, stage.codec.is_progressive) == ("4:2:0", True)


def test_what_came_back_unchanged_has_no_stage() -> None:
    """And metadata counts as kept where it was posted and came back."""
    profile = measured_profile("site", [replace(TRIP, is_same=True)], DAY)
    assert (profile.stages, profile.keeps) == ((), ("xmp",))


def test_confidence_grows_with_the_pictures() -> None:
    """One is a hint, five are a measurement."""
    found = [measured_profile("site", [TRIP] * count, DAY).confidence for count in (1, 2, 5)]
    assert found == ["low", "medium", "high"]


def test_nothing_measured_is_no_profile() -> None:
    """Nor is a format that profiles do not know."""
    with pytest.raises(PlatformError, match="no downloaded picture"):
        measured_profile("site", [], DAY)
    with pytest.raises(PlatformError, match="serves avif"):
        measured_profile("site", [replace(TRIP, served_format="AVIF")], DAY)


@pytest.mark.parametrize("language", ["zh", "ja"])
@pytest.mark.parametrize("count", [1, 5])
def test_a_measured_profile_speaks_the_readers_language(language: str, count: int) -> None:
    """Its file is English; also one of an older version, which said "1 pictures"."""
    profile = measured_profile("site", [TRIP] * count, DAY)
    text = profile_text(profile)
    assert "site, measured" in text
    for one in (text, text.replace("1 picture posted", "1 pictures posted")):
        read = sayable(parse_profile(one, "site.toml"))
        assert read == profile
        with speaking(language):
            said = translated(read.title), translated(read.source), translated(read.notes)
        assert not re.search("measured|pictures|Limits", " ".join(said))
        assert str(count) in said[1]


def test_what_a_person_wrote_into_a_profile_stays_as_it_is() -> None:
    """In every language."""
    mine = replace(
        measured_profile("site", [TRIP], DAY), title="My site", notes="Ask Mo", source=""
    )
    assert sayable(mine) == mine
    with speaking("zh"):
        assert (translated(mine.title), translated(mine.notes)) == ("My site", "Ask Mo")
