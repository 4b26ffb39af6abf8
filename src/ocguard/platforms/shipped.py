"""The profiles that come with ocguard."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from importlib import resources

from ocguard.language.message import Message
from ocguard.platforms.profile import PlatformProfile
from ocguard.platforms.profile_toml import parse_profile

__all__ = ["shipped_profiles"]


@cache
def shipped_profiles() -> dict[str, PlatformProfile]:
    """Read all shipped profiles, by name, in the order of the names.

    Their titles, notes and sources are sentences of ours, which can be said in every language.
    """
    folder = resources.files("ocguard.platforms") / "data"
    files = sorted((one for one in folder.iterdir()), key=lambda one: one.name)
    texts = {one.name: one.read_text("utf-8") for one in files if one.name.endswith(".toml")}
    found = [parse_profile(text, name) for name, text in texts.items()]
    return {one.name: _sayable(one) for one in sorted(found, key=lambda one: one.name)}


def _sayable(profile: PlatformProfile) -> PlatformProfile:
    """Make messages of what stands in English in a file of ours."""
    title, notes, source = map(Message, (profile.title, profile.notes, profile.source))
    return replace(profile, title=title, notes=notes, source=source)
