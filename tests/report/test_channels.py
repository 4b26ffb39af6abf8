"""Promises of ocguard.report.channels."""

from __future__ import annotations

import datetime

import pytest

from ocguard.cli.notice import command
from ocguard.errors import PlatformError
from ocguard.report.channels import channels, find_channel


def test_the_platforms_that_artists_use_are_there() -> None:
    """Each by its own name, and named by the help of the command."""
    assert list(channels()) == [
        *("douyin", "generic", "instagram", "reddit", "tiktok", "weibo", "x", "xiaohongshu")
    ]
    assert [name for name, one in channels().items() if one.name != name] == []
    help_text = next(one.help for one in command.params if one.name == "platform")
    assert [name for name in channels() if name not in help_text] == []


@pytest.mark.parametrize("name", list(channels()))
def test_what_is_said_of_a_platform_has_a_source_and_a_day(name: str) -> None:
    """The way to every form in words; an address is a secure one."""
    channel = channels()[name]
    assert channel.source
    assert "2026-11-01" <= channel.checked <= datetime.datetime.now(datetime.UTC).date().isoformat()
    for form in channel.forms:
        assert form.where
        assert not form.address or form.address.startswith("https://")


def test_every_law_has_its_language() -> None:
    """Article 14 in Chinese, the DMCA in English, an AI feature in that of the platform."""
    forms = {
        (name, one.kind): one.language
        for name, channel in channels().items()
        for one in channel.forms
    }
    assert {language for (_, kind), language in forms.items() if kind == "article-14"} == {"zh"}
    assert {language for (_, kind), language in forms.items() if kind == "dmca"} == {"en"}
    features = {name: one for (name, kind), one in forms.items() if kind == "ai-feature"}
    assert features == {"xiaohongshu": "zh", "weibo": "zh", "x": "en"}


def test_the_usual_form_comes_first() -> None:
    """Another one is asked for by its kind; what is not there is said."""
    assert find_channel("x").form().kind == "dmca"
    assert find_channel("x").form("ai-feature").kind == "ai-feature"
    with pytest.raises(PlatformError, match="it has dmca, ai-feature"):
        find_channel("x").form("article-14")


def test_an_unknown_platform_is_told_with_the_nearest() -> None:
    """Or with all that there are."""
    with pytest.raises(PlatformError, match="did you mean 'weibo'"):
        find_channel("weibbo")
    with pytest.raises(PlatformError, match="known are douyin, generic"):
        find_channel("qqqq")
