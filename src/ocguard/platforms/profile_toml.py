"""Profiles as TOML text, in both directions."""

from __future__ import annotations

import re
from typing import Any, Final, cast

from ocguard.errors import PlatformError
from ocguard.language.message import Message
from ocguard.platforms.profile import (
    CONFIDENCES,
    METADATA,
    Codec,
    Confidence,
    Crop,
    Fit,
    OwnMark,
    PlatformProfile,
    Sharpening,
    Stage,
    Upload,
)
from ocguard.platforms.section import Range, Section
from ocguard.toml import TomlError, parse_toml, toml

__all__ = ["SCHEMA", "parse_profile", "profile_table", "profile_text", "require_name"]

SCHEMA: Final = "ocguard.platform/1"

FORMATS: Final = ("jpeg", "webp", "png")
UPLOADS: Final = ("jpeg", "png", "webp", "avif", "gif")
CHROMA: Final = ("4:2:0", "4:2:2", "4:4:4")
MAX_STAGES: Final = 8
MAX_SIDE_PX: Final = 65_536
MAX_PIXELS: Final = 2**28
MAX_BYTES: Final = 2**31

_NAME: Final = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")


def parse_profile(text: str | bytes, place: str) -> PlatformProfile:
    """Read a profile.

    Parameters
    ----------
    text : str or bytes
        TOML, untrusted.
    place : str
        What to call it in messages: the path.

    Returns
    -------
    PlatformProfile
        Every name known, every value within its limits.

    Raises
    ------
    PlatformError
        It is not TOML, or says something that is no profile; names the place.
    """
    try:
        table = parse_toml(text)
    except TomlError as error:
        raise PlatformError(
            "{place} is not valid TOML: {reason}", place=place, reason=error
        ) from error
    top = Section(place, table)
    top.choice("schema", (SCHEMA,))
    profile = PlatformProfile(
        name=require_name(top.text("name"), place),
        title=top.text("title"),
        revision=top.whole("revision", 1, 10**6) or 1,
        confidence=cast(Confidence, top.choice("confidence", CONFIDENCES)),
        source=top.text("source"),
        checked=top.day("checked"),
        notes=top.text("notes", ""),
        upload=_upload(top),
        stages=tuple(_stage(one) for one in top.sections("stages", MAX_STAGES)),
        keeps=top.choices("keeps", METADATA),
    )
    top.close()
    return profile


def require_name(name: str, place: str) -> str:
    """Return a name that a profile may have, which may be a file's and a folder's too.

    Raises
    ------
    PlatformError
        It has other characters; begins with `place`.
    """
    if not _NAME.fullmatch(name):
        raise PlatformError(
            "{place}: a profile's name has lower-case letters, digits and hyphens, not {name!r}",
            place=place,
            name=name,
        )
    return name


def _upload(top: Section) -> Upload:
    section = top.section("upload")
    if section is None:
        return Upload(UPLOADS)
    upload = Upload(
        section.choices("formats", UPLOADS) or UPLOADS,
        section.whole("max_bytes", 1, MAX_BYTES),
        section.whole("max_side_px", 1, MAX_SIDE_PX),
    )
    section.close()
    return upload


def _stage(section: Section) -> Stage:
    stage = Stage(
        what=section.text("what"),
        codec=_codec(section),
        crop=_crop(section),
        fit=_fit(section),
        sharpening=_sharpening(section),
        own_mark=_own_mark(section),
    )
    section.close()
    return stage


def _codec(stage: Section) -> Codec:
    section = stage.section("codec")
    if section is None:
        raise stage.problem("codec", Message("missing: a stage writes the picture again"))
    file_format = section.choice("format", FORMATS)
    quality = section.range("quality", 1, 100)
    is_lossless = section.flag("lossless") or file_format == "png"
    if (quality is None) is not is_lossless:
        raise section.problem(
            "quality", Message("needed, or lossless = true for WebP; PNG has none")
        )
    codec = Codec(
        cast(Any, file_format),
        quality,
        cast(Any, section.choice("chroma", CHROMA, "4:2:0")),
        section.flag("progressive"),
        section.whole("max_bytes", 1, MAX_BYTES),
    )
    section.close()
    return codec


def _crop(stage: Section) -> Crop | None:
    section = stage.section("crop")
    if section is None:
        return None
    low = section.number("min_aspect", 0.01, 100, 0.01) or 0.01
    high = section.number("max_aspect", 0.01, 100, 100) or 100
    section.close()
    if low > high:
        raise section.problem(
            "min_aspect", Message("above max_aspect: {low} and {high}", low=low, high=high)
        )
    return Crop(low, high)


def _fit(stage: Section) -> Fit | None:
    section = stage.section("fit")
    if section is None:
        return None
    sides = {
        name: section.range(name, 16, MAX_SIDE_PX)
        for name in ("long_side_px", "width_px", "height_px")
    }
    fit = Fit(**sides, pixels=section.range("pixels", 256, MAX_PIXELS))
    section.close()
    return fit


def _sharpening(stage: Section) -> Sharpening | None:
    section = stage.section("sharpening")
    if section is None:
        return None
    sigma = section.number("sigma_px", 0.1, 10, 1)
    amount = section.number("amount_percent", 0, 500, 50)
    section.close()
    return Sharpening(sigma or 1, amount or 0)


def _own_mark(stage: Section) -> OwnMark | None:
    section = stage.section("own_mark")
    if section is None:
        return None
    width = section.number("width_percent", 1, 100, 18)
    height = section.number("height_percent", 1, 100, 4)
    opacity = section.number("opacity_percent", 1, 100, 60)
    section.close()
    return OwnMark(width or 18, height or 4, opacity or 60)


def profile_table(profile: PlatformProfile) -> dict[str, Any]:
    """Give a profile as the table that :func:`parse_profile` reads; ready for JSON but the date."""
    upload = profile.upload
    return _without_none(
        {
            "schema": SCHEMA,
            "name": profile.name,
            "title": profile.title,
            "revision": profile.revision,
            "confidence": profile.confidence,
            "source": profile.source,
            "checked": profile.checked,
            "notes": profile.notes,
            "keeps": list(profile.keeps),
            "upload": _without_none(
                {
                    "formats": list(upload.formats),
                    "max_bytes": upload.max_bytes,
                    "max_side_px": upload.max_side_px,
                }
            ),
            "stages": [_stage_table(stage) for stage in profile.stages],
        }
    )


def profile_text(profile: PlatformProfile) -> str:
    """Write a profile as TOML; :func:`parse_profile` reads the same profile from it."""
    return toml(profile_table(profile))


def _stage_table(stage: Stage) -> dict[str, Any]:
    codec, fit, crop = stage.codec, stage.fit, stage.crop
    sharpening, own_mark = stage.sharpening, stage.own_mark
    sides = ("long_side_px", "width_px", "height_px", "pixels")
    is_without_chroma = codec.file_format != "jpeg" and codec.chroma == CHROMA[0]
    return _without_none(
        {
            "what": stage.what,
            "crop": crop and {"min_aspect": crop.min_aspect, "max_aspect": crop.max_aspect},
            "fit": fit and _without_none({name: _ends(getattr(fit, name)) for name in sides}),
            "sharpening": sharpening and dict(vars(sharpening)),
            "own_mark": own_mark and dict(vars(own_mark)),
            "codec": _without_none(
                {
                    "format": codec.file_format,
                    "quality": _ends(codec.quality),
                    "lossless": True if codec.quality is None else None,
                    "chroma": None if is_without_chroma else codec.chroma,
                    "progressive": codec.is_progressive or None,
                    "max_bytes": codec.max_bytes,
                }
            ),
        }
    )


def _ends(found: Range | None) -> int | list[int] | None:
    """Write a known number as such, a range as a list."""
    if found is None or found[0] != found[1]:
        return found and list(found)
    return found[0]


def _without_none(table: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in table.items() if value is not None}
