"""Promises of the profile file."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ocguard.creator import MAX_TEXT_CHARACTERS, Profile, read_profile, write_profile
from ocguard.errors import ProfileError

lines = st.text(
    st.characters(exclude_categories=["Cc", "Cs", "Zl", "Zp"]), max_size=MAX_TEXT_CHARACTERS
)


@given(creator=lines.filter(str.strip), notice=lines, usage_terms=lines)
def test_any_line_of_text_comes_back(
    tmp_path_factory: pytest.TempPathFactory,
    creator: str,
    notice: str,
    usage_terms: str,
) -> None:
    """Quotes, backslashes, emoji and every script survive the file."""
    profile = Profile(creator, notice=notice, usage_terms=usage_terms)
    path = tmp_path_factory.mktemp("profile") / "profile.toml"
    write_profile(path, profile)
    assert read_profile(path) == profile


def test_the_file_is_plain_toml(tmp_path: Path) -> None:
    """A person can edit it, another program can read it."""
    path = tmp_path / "profile.toml"
    write_profile(path, Profile("Lin Qiu 林秋", contact="https://example.org/lin"))
    table = tomllib.loads(path.read_text(encoding="utf-8"))
    assert table == {"creator": "Lin Qiu 林秋", "contact": "https://example.org/lin"}


def test_the_notice_follows_the_name_unless_set() -> None:
    """A creator need not invent a notice."""
    assert Profile("Mo").credit == "© Mo"
    assert Profile("Mo", notice="All rights Mo").credit == "All rights Mo"


@pytest.mark.parametrize(
    ("values", "match"),
    [
        ({"creator": "  "}, "creator"),
        ({"creator": "a\nb"}, "one line"),
        ({"creator": "a", "notice": "\x1b[31mred"}, "control"),
        ({"creator": "a", "notice": "x" * 501}, "501 characters"),
        ({"creator": "a", "contact": "javascript:alert(1)"}, "https://"),
        ({"creator": "a", "terms_url": "https://a b"}, "https://"),
        ({"creator": "a", "digital_source": "digitalcreation"}, "did you mean 'digitalCreation'"),
        ({"creator": "a", "key_id": "xyz"}, "16 hexadecimal"),
    ],
)
def test_impossible_values_are_refused(values: dict[str, str], match: str) -> None:
    """What cannot be printed on a picture or in metadata is refused at the door."""
    with pytest.raises(ValueError, match=match):
        Profile(**values)


@pytest.mark.parametrize(
    ("content", "match"),
    [
        ('creater = "Mo"', "did you mean 'creator'"),
        ('zzz = "Mo"', "known are creator"),
        ("creator = 5", "text in quotes"),
        ("creator = ", "not a readable profile"),
        ('notice = "n"', "needs the creator"),
        ('creator = "a"\nterms_url = "ftp://x"', "https://"),
        (b"\xff\xfe", "not a readable profile"),
    ],
)
def test_a_damaged_profile_is_named_and_explained(
    tmp_path: Path, content: str | bytes, match: str
) -> None:
    """The message names the file and the mistake."""
    path = tmp_path / "profile.toml"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    with pytest.raises(ProfileError, match=match) as caught:
        read_profile(path)
    assert str(path) in str(caught.value)


def test_a_missing_profile_says_how_to_make_one(tmp_path: Path) -> None:
    """The first-time user is not left alone."""
    with pytest.raises(ProfileError, match="profile set --creator"):
        read_profile(tmp_path / "profile.toml")
