"""Promises of ocguard.platforms.shipped."""

from __future__ import annotations

from importlib import resources

from ocguard.platforms.shipped import shipped_profiles

WANTED = {
    "xiaohongshu", "weibo", "weibo-original", "wechat-moments", "x", "x-small", "instagram",
    "facebook", "tiktok", "douyin", "reddit", "pixiv-master", "pixiv-original", "bluesky",
    "tumblr", "deviantart", "discord", "mastodon", "bilibili", "vision-model",
}  # fmt: skip


def test_every_platform_has_its_profile() -> None:
    """Named, dated, with source and confidence."""
    found = shipped_profiles()
    assert found.keys() == WANTED
    for name, profile in found.items():
        assert (profile.name, bool(profile.title), bool(profile.source)) == (name, True, True)
        assert profile.checked.year >= 2026


def test_profiles_come_in_the_order_of_their_names() -> None:
    """Listings need no sorting of their own."""
    assert list(shipped_profiles()) == sorted(WANTED)


def test_a_profile_can_be_named_by_its_file() -> None:
    """Who looks for a fact finds the file by the platform's name."""
    folder = resources.files("ocguard.platforms") / "data"
    assert {f"{name}.toml" for name in WANTED} <= {one.name for one in folder.iterdir()}
