"""The facts on the how-to pages of platforms, from their profiles: one table for each family."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from docs_lines import line
from ocguard.platforms.profile import Codec, Fit, OwnMark, PlatformProfile
from ocguard.platforms.section import Range
from ocguard.platforms.shipped import shipped_profiles
from ocguard.workflows.protect.upload import upload_format

__all__ = ["FAMILIES", "platform_facts"]

FAMILIES: dict[str, tuple[str, ...]] = {
    "bilibili": ("bilibili",),
    "bluesky-mastodon": ("bluesky", "mastodon"),
    "discord": ("discord",),
    "douyin-tiktok": ("douyin", "tiktok"),
    "instagram-facebook": ("instagram", "facebook"),
    "pixiv": ("pixiv-original", "pixiv-master"),
    "reddit": ("reddit",),
    "tumblr-deviantart": ("tumblr", "deviantart"),
    "vision-model": ("vision-model",),
    "wechat": ("wechat-moments",),
    "weibo": ("weibo", "weibo-original"),
    "x": ("x", "x-small"),
    "xiaohongshu": ("xiaohongshu",),
}
"""Page, and the profiles that it tells about."""

_WRITTEN = {"jpeg": "JPEG", "png": "PNG", "webp": "WebP", "avif": "AVIF", "gif": "GIF"}


def platform_facts() -> dict[str, Callable[[], list[str]]]:
    """Return the table of every family by its marker's name."""
    return {f"platform-{page}": partial(_facts, names) for page, names in FAMILIES.items()}


def _facts(names: tuple[str, ...]) -> list[str]:
    """Return what is known about some platforms, side by side."""
    profiles = [shipped_profiles()[name] for name in names]
    rows: dict[str, Callable[[PlatformProfile], str]] = {
        "what it is": lambda one: one.title,
        "it takes": _taken,
        "`--for` writes": _prepared,
        "then it": _steps,
        "it writes over the corner": _own_mark,
        "metadata that stays": lambda one: ", ".join(one.keeps) or "none",
        "how sure this is": lambda one: f"{one.confidence}, looked up {one.checked.isoformat()}",
        "source": lambda one: one.source,
        "note": lambda one: one.notes,
    }
    lines = [line("", *(f"`{name}`" for name in names)), line("---", *["---"] * len(names))]
    for what, tell in rows.items():
        cells = [tell(one) for one in profiles]
        if any(cells):
            lines.append(line(what, *cells))
    return lines


def _taken(profile: PlatformProfile) -> str:
    """Return what can be uploaded."""
    upload = profile.upload
    limits = [", ".join(_WRITTEN[name] for name in upload.formats)]
    if upload.max_bytes:
        limits.append(f"up to {upload.max_bytes / 1e6:g} MB")
    if upload.max_side_px:
        limits.append(f"no side above {upload.max_side_px} px")
    return "; ".join(limits)


def _prepared(profile: PlatformProfile) -> str:
    """Return the file that ``protect --for`` makes."""
    fits = [_fit(stage.fit) for stage in profile.stages if stage.fit]
    size = f"no larger than {' and '.join(dict.fromkeys(fits))}" if fits else "size as it is"
    return f"{_WRITTEN[upload_format([profile], 'keep')]}, sRGB, {size}"


def _steps(profile: PlatformProfile) -> str:
    """Return what happens to the file."""
    steps = [f"{stage.what} ({_codec(stage.codec)})" for stage in profile.stages]
    return "; ".join(steps) or "keeps the pixels"


def _codec(codec: Codec) -> str:
    """Return the format that is served."""
    quality = "lossless" if codec.quality is None else f"quality {_range(codec.quality)}"
    return f"{_WRITTEN[codec.file_format]}, {quality}"


def _fit(fit: Fit) -> str:
    """Return the largest size that is kept, in words."""
    limits = {
        "long side": fit.long_side_px,
        "width": fit.width_px,
        "height": fit.height_px,
    }
    words = [f"{side} {limit[1]} px" for side, limit in limits.items() if limit]
    if fit.pixels:
        words.append(f"{fit.pixels[1] / 1e6:.1f} megapixels")
    return " and ".join(words)


def _range(limit: Range) -> str:
    """Return a number, or the two that it lies between."""
    return f"{limit[0]}" if limit[0] == limit[1] else f"{limit[0]} to {limit[1]}"


def _own_mark(profile: PlatformProfile) -> str:
    """Return how large the platform's own mark is."""
    marks = [_mark(stage.own_mark) for stage in profile.stages if stage.own_mark]
    return ", ".join(marks) or "nothing"


def _mark(mark: OwnMark) -> str:
    """Return one mark in words."""
    return (
        f"your name or number, bottom right, about {mark.width_percent:g} % of the width and "
        f"{mark.height_percent:g} % of the height"
    )
