"""Promises of ocguard.platforms.profile_toml."""

from __future__ import annotations

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ocguard.errors import PlatformError
from ocguard.platforms.profile import (
    CONFIDENCES,
    Codec,
    Crop,
    Fit,
    OwnMark,
    PlatformProfile,
    Sharpening,
    Stage,
    Upload,
)
from ocguard.platforms.profile_toml import parse_profile, profile_table, profile_text, require_name
from ocguard.platforms.shipped import shipped_profiles

MINIMAL = """
schema = "ocguard.platform/1"
name = "mine"
title = "My site"
confidence = "high"
source = "I run it"
checked = 2026-01-31
"""
STAGE = '\n[[stages]]\nwhat = "shrinks"\n'


@pytest.mark.parametrize("name", sorted(shipped_profiles()))
def test_a_profile_written_out_reads_back(name) -> None:
    """What a person copies to change it is the whole profile."""
    profile = shipped_profiles()[name]
    assert parse_profile(profile_text(profile), "copy") == profile
    assert json.loads(json.dumps(profile_table(profile), default=str))["name"] == name


def test_hostile_text_stays_text_when_written() -> None:
    """Quotes, escapes and control characters survive the round trip."""
    text = MINIMAL.replace('"My site"', r'"a \"b\" \\ \u001b \u007f \n 林"')
    profile = parse_profile(text, "hostile")
    assert parse_profile(profile_text(profile), "copy") == profile


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ('nme = "x"', r"'nme': unknown here; did you mean 'name'"),
        (
            "upload = { max_byte = 3 }",
            r"mine.toml: upload: 'max_byte': .* did you mean 'max_bytes'",
        ),
        ("upload = { max_bytes = 0 }", "must be a whole number from 1"),
        ('upload = { formats = ["bmp"] }', "must be a list of jpeg, png"),
        ('keeps = "xmp"', "must be a list of exif, xmp, iptc"),
        ("revision = true", "whole number"),
        (STAGE, "stages 1: 'codec': missing"),
        (STAGE + 'codec = { format = "jpeg" }', "'quality': needed"),
        (STAGE + 'codec = { format = "png", quality = 3 }', "PNG has none"),
        (STAGE + 'codec = { format = "jpeg", quality = [90, 80] }', r"\[lowest, highest\]"),
        (STAGE + 'codec = { format = "gif", quality = 80 }', "one of jpeg, webp, png, not 'gif'"),
        (STAGE + 'fit = { long_side_px = 0 }\ncodec = { format = "png" }', "from 16 to"),
        (
            STAGE + 'crop = { min_aspect = 2, max_aspect = 1 }\ncodec = { format = "png" }',
            "above max_aspect",
        ),
        ("stages = 3", r"\[\[stages\]\]"),
    ],
)
def test_a_mistake_is_named_with_its_place(change, said) -> None:
    """A person mends the file by the message alone."""
    with pytest.raises(PlatformError, match=said) as raised:
        parse_profile(MINIMAL + change, "mine.toml")
    assert str(raised.value).startswith("mine.toml")


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("2026-01-31", '"2026-01-31"', "date like 2026-01-31 without quotes"),
        ('"high"', '"sure"', "one of high, medium, low, not 'sure'"),
        ('"mine"', '"My Site"', "lower-case"),
        ('source = "I run it"', "", "'source' is missing"),
        ("platform/1", "platform/9", "must be one of ocguard.platform/1"),
        ('"mine"', '"mine', "not valid TOML"),
    ],
)
def test_a_wrong_head_is_refused(old, new, said) -> None:
    """Every fact about the facts is needed."""
    with pytest.raises(PlatformError, match=said):
        parse_profile(MINIMAL.replace(old, new), "mine.toml")


ranges = st.tuples(st.integers(16, 100), st.integers(100, 60_000))
shares = st.floats(1, 100).map(lambda share: round(share, 3))
maybe = st.none()
codecs = st.one_of(
    st.builds(
        Codec,
        st.just("jpeg"),
        st.tuples(st.integers(1, 50), st.integers(50, 100)),
        st.sampled_from(["4:2:0", "4:2:2", "4:4:4"]),
        st.booleans(),
        maybe | st.integers(1, 2**31),
    ),
    st.builds(
        Codec,
        st.just("webp"),
        maybe | st.tuples(st.integers(1, 50), st.integers(50, 100)),
        st.sampled_from(["4:2:0", "4:4:4"]),
    ),
    st.builds(Codec, st.just("png"), maybe),
)
stages = st.builds(
    Stage,
    st.text(max_size=20),
    codecs,
    maybe | st.builds(Crop, st.floats(0.01, 1), st.floats(1, 100)),
    maybe | st.builds(Fit, ranges, maybe | ranges, maybe | ranges, maybe | st.just((256, 900))),
    maybe | st.builds(Sharpening, st.floats(0.1, 10), st.floats(0, 500)),
    maybe | st.builds(OwnMark, shares, shares, shares),
)
profiles = st.builds(
    PlatformProfile,
    name=st.from_regex(r"[a-z0-9]{1,5}(-[a-z0-9]{1,5}){0,2}", fullmatch=True),
    title=st.text(max_size=20),
    revision=st.integers(1, 10**6),
    confidence=st.sampled_from(CONFIDENCES),
    source=st.text(max_size=20),
    checked=st.dates(),
    notes=st.text(max_size=20),
    upload=st.builds(
        Upload, st.sampled_from([("jpeg",), ("png", "jpeg")]), maybe | st.integers(1, 2**31)
    ),
    stages=st.lists(stages, max_size=3).map(tuple),
    keeps=st.sampled_from([(), ("xmp",), ("exif", "iptc")]),
)


@settings(max_examples=40)
@given(profiles)
def test_any_profile_reads_back_from_its_text(profile: PlatformProfile) -> None:
    """Every field, any text, known numbers and ranges."""
    assert parse_profile(profile_text(profile), "copy") == profile


@given(st.text(max_size=80))
def test_any_text_is_a_profile_or_a_named_error(text: str) -> None:
    """Hostile files raise the documented error alone."""
    with pytest.raises(PlatformError, match=r"^mine"):
        parse_profile(text, "mine")


@pytest.mark.parametrize("name", ["../x", "a/b", "A", "", "-a", "a-", "a--b", "a b", "林", "a\n"])
def test_a_name_that_is_no_file_name_is_refused(name: str) -> None:
    """It becomes a file's and a folder's name."""
    with pytest.raises(PlatformError, match=r"^mine\.toml: .*lower-case letters"):
        require_name(name, "mine.toml")
