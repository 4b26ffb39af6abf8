"""Promises of platform profiles: the shipped ones are complete, mistakes are named."""

from __future__ import annotations

import json

import pytest

from ocguard.errors import PlatformError
from ocguard.platforms.profile import Fit, chained
from ocguard.platforms.profile_toml import parse_profile, profile_table, profile_text
from ocguard.platforms.shipped import shipped_profiles

WANTED = {
    "xiaohongshu", "weibo", "weibo-original", "wechat-moments", "x", "x-small", "instagram",
    "facebook", "tiktok", "douyin", "reddit", "pixiv-master", "pixiv-original", "bluesky",
    "tumblr", "deviantart", "discord", "mastodon", "bilibili", "vision-model",
}  # fmt: skip

MINIMAL = """
schema = "ocguard.platform/1"
name = "mine"
title = "My site"
confidence = "high"
source = "I run it"
checked = 2026-01-31
"""
STAGE = '\n[[stages]]\nwhat = "shrinks"\n'


def test_every_platform_has_its_profile() -> None:
    """Named, dated, with source and confidence."""
    found = shipped_profiles()
    assert found.keys() == WANTED
    for name, profile in found.items():
        assert (profile.name, bool(profile.title), bool(profile.source)) == (name, True, True)
        assert profile.checked.year >= 2026


@pytest.mark.parametrize("name", sorted(WANTED))
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
        ('nme = "x"', r"'nme' is unknown here; did you mean 'name'"),
        ("upload = { max_byte = 3 }", r"mine.toml: upload: 'max_byte' .* did you mean 'max_bytes'"),
        ("upload = { max_bytes = 0 }", "must be a whole number from 1"),
        ('upload = { formats = ["bmp"] }', "must be a list of jpeg, png"),
        ('keeps = "xmp"', "must be a list of exif, xmp, iptc"),
        ("revision = true", "whole number"),
        (STAGE, "stages 1: 'codec' is missing"),
        (STAGE + 'codec = { format = "jpeg" }', "'quality' is needed"),
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
    assert chained((x,)) is x
