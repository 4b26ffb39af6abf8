"""Promises of finding profiles: by name, by path, one's own first."""

from __future__ import annotations

import re

import pytest

from ocguard.errors import PlatformError
from ocguard.home import Home
from ocguard.language.choice import speaking
from ocguard.language.message import translated
from ocguard.platforms.profile_toml import profile_text
from ocguard.platforms.shipped import shipped_profiles
from ocguard.workflows.home.platforms import find_profile, find_profiles, known_profiles


@pytest.fixture
def home(tmp_path) -> Home:
    """A home with a profile of one's own that goes by a shipped name, and one that is new."""
    home = Home(tmp_path / "home")
    home.platforms_folder.mkdir(parents=True)
    own = profile_text(shipped_profiles()["x"]).replace("X (Twitter)", "My X")
    (home.platforms_folder / "x.toml").write_text(own, encoding="utf-8")
    new = own.replace('name = "x"', 'name = "site"')
    (home.platforms_folder / "site.toml").write_text(new, encoding="utf-8")
    return home


def test_own_profiles_go_before_shipped_ones(home) -> None:
    """And say where they lie."""
    known = {one.profile.name: one for one in known_profiles(home)}
    assert known.keys() == shipped_profiles().keys() | {"site"}
    assert known["x"].profile.title.startswith("My X")
    assert (known["x"].file, known["weibo"].file) == (home.platforms_folder / "x.toml", None)
    assert known["x"].to_dict()["file"].endswith("x.toml")
    assert find_profile("x", home) == known["x"].profile


def test_a_measured_profile_is_said_in_the_readers_language(home) -> None:
    """From its file, which is English."""
    text = profile_text(shipped_profiles()["weibo"]).replace('name = "weibo"', 'name = "mine"')
    title = re.sub("title = .*", 'title = "mine, measured"', text)
    (home.platforms_folder / "mine.toml").write_text(title, encoding="utf-8")
    with speaking("ja"):
        assert translated(find_profile("mine", home).title).startswith("mine")
        assert "measured" not in translated(find_profile("mine", home).title)


def test_a_path_needs_no_home(home, tmp_path) -> None:
    """Any file that ends in .toml."""
    path = home.platforms_folder / "site.toml"
    assert find_profile(str(path), Home(tmp_path / "none")).name == "site"
    with pytest.raises(PlatformError, match="no platform profile at"):
        find_profile(str(tmp_path / "missing.toml"), home)


def test_a_plus_posts_again(home) -> None:
    """Names and stages in order; each name once in a list."""
    both = find_profile("weibo+x", home)
    assert both.name == "weibo+x"
    assert len(both.stages) == 2
    assert len(find_profiles(["x", "weibo", "x"], home)) == 2


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("istagram", "did you mean 'instagram'"),
        ("Bluesky", "did you mean 'bluesky'"),
        ("twitter", "did you mean 'x'"),
        ("zzz", "see 'ocguard platforms'"),
        ("../x", "no platform"),
        ("x+nope", "no platform 'nope'"),
        ("", "no platform ''"),
    ],
)
def test_an_unknown_name_is_no_profile(home, name, said) -> None:
    """With the nearest, or where the list is."""
    with pytest.raises(PlatformError, match=said):
        find_profile(name, home)


def test_a_file_of_the_home_goes_by_its_own_name(home) -> None:
    """Two names for one profile would lead astray."""
    (home.platforms_folder / "site.toml").rename(home.platforms_folder / "other.toml")
    with pytest.raises(PlatformError, match="must be the file's, 'other'"):
        known_profiles(home)


def test_a_file_that_is_no_text_is_refused(home) -> None:
    """With its path."""
    (home.platforms_folder / "site.toml").write_bytes(b"\xff\xfe")
    with pytest.raises(PlatformError, match=r"site\.toml is not valid TOML"):
        find_profile("site", home)
