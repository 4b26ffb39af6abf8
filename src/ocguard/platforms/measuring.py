"""From real round trips to a profile: what was posted, and what came back.

Limits are told by what the shrunk pictures have in common: a long side, a width, a height or a
number of pixels; where they have nothing in common the profile says a range. What a few pictures
cannot show (limits that none of them reached, marks over a corner) the profile does not claim.

What a measured profile says of itself stands in English in its file, and is said in the language of
whoever reads it: :func:`sayable` knows these sentences again.
"""

from __future__ import annotations

import datetime
import re
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final, cast

from ocguard.errors import PlatformError
from ocguard.language.message import Message, translatable, translatable_forms
from ocguard.platforms.profile import (
    METADATA,
    Codec,
    Confidence,
    Crop,
    Fit,
    PlatformProfile,
    Stage,
    Upload,
)
from ocguard.platforms.profile_toml import FORMATS
from ocguard.platforms.section import Range

__all__ = ["CUT_BELOW", "RoundTrip", "measured_profile", "sayable"]

CUT_BELOW: Final = 0.985
"""Share of the posted side below which a side counts as cut or shrunk; above, it is rounding."""
SIDE_SPREAD_PX: Final = 2
"""Rounding that sides may differ by and still be one limit."""
PIXELS_SPREAD: Final = 0.01
"""Share that areas may differ by and still be one limit."""
HIGH_FROM, MEDIUM_FROM = 5, 2
"""Pictures from which a measured profile counts as certain, and as likely."""

TITLE: Final = translatable("{name}, measured")
SOURCES: Final = translatable_forms(
    "ocguard selftest, {number} picture posted and downloaded",
    "ocguard selftest, {number} pictures posted and downloaded",
)
NOTES: Final = translatable(
    "Limits that no posted picture reached, and marks over a corner, were not measured."
)

_SOURCE: Final = re.compile(r"ocguard selftest, (\d{1,6}) pictures? posted and downloaded")

Size = tuple[int, int]


@dataclass(frozen=True)
class RoundTrip:
    """One picture, posted and downloaded again.

    Attributes
    ----------
    posted_size, served_size : (int, int)
        Width and height in pixels.
    kept : (float, float)
        Shares of the posted width and height that the served picture shows, at most 1.
    is_same : bool
        Whether the pixels came back unchanged.
    posted_format, served_format : str
        PNG, JPEG, WEBP and so on.
    quality : int or None
        Estimated, of a lossy file.
    is_lossless : bool
        Whether the served file is lossless.
    chroma : str or None
        Of a served JPEG.
    is_progressive : bool
        Of a served JPEG.
    posted_metadata, served_metadata : tuple of str
        Kinds of metadata before and after.
    """

    posted_size: Size
    served_size: Size
    kept: tuple[float, float]
    is_same: bool
    posted_format: str
    served_format: str
    quality: int | None
    is_lossless: bool
    chroma: str | None
    is_progressive: bool
    posted_metadata: tuple[str, ...]
    served_metadata: tuple[str, ...]

    @property
    def is_cut(self) -> bool:
        """Whether parts of the picture are gone."""
        return min(self.kept) < CUT_BELOW

    @property
    def is_shrunk(self) -> bool:
        """Whether what is shown has fewer pixels than it had."""
        shown = self.posted_size[0] * self.kept[0], self.posted_size[1] * self.kept[1]
        return max(self.served_size) < CUT_BELOW * max(shown)


def measured_profile(name: str, trips: Sequence[RoundTrip], day: datetime.date) -> PlatformProfile:
    """Describe a platform by what it did to some pictures.

    Parameters
    ----------
    name : str
        What to call it.
    trips : sequence of RoundTrip
        At least one.
    day : date
        When they were downloaded.

    Raises
    ------
    PlatformError
        There is nothing to measure, or what was served is no format that profiles know.
    """
    if not trips:
        raise PlatformError("no downloaded picture was paired with a posted one")
    confidence = "high" if len(trips) >= HIGH_FROM else "medium"
    return PlatformProfile(
        name=name,
        title=Message(TITLE, name=name),
        revision=1,
        confidence=cast(Confidence, confidence if len(trips) >= MEDIUM_FROM else "low"),
        source=Message.counted(*SOURCES, len(trips)),
        checked=day,
        notes=Message(NOTES),
        upload=Upload(tuple(dict.fromkeys(one.posted_format.lower() for one in trips))),
        stages=() if all(one.is_same for one in trips) else (_stage(trips),),
        keeps=tuple(kind for kind in METADATA if _is_kept(kind, trips)),
    )


def sayable(profile: PlatformProfile) -> PlatformProfile:
    """Return a profile with what :func:`measured_profile` wrote as messages, the rest as it is."""
    title = Message(TITLE, name=profile.name)
    found = _SOURCE.fullmatch(profile.source)
    return replace(
        profile,
        title=title if profile.title == title else profile.title,
        source=Message.counted(*SOURCES, int(found[1])) if found else profile.source,
        notes=Message(NOTES) if profile.notes == NOTES else profile.notes,
    )


def _stage(trips: Sequence[RoundTrip]) -> Stage:
    return Stage(
        what="everything that was seen, as one step",
        codec=_codec(trips),
        crop=_crop([one for one in trips if one.is_cut]),
        fit=_fit([one.served_size for one in trips if one.is_shrunk]),
    )


def _codec(trips: Sequence[RoundTrip]) -> Codec:
    """Take the format that most files came back in, and its qualities."""
    ((file_format, _),) = Counter(one.served_format.lower() for one in trips).most_common(1)
    if file_format not in FORMATS:
        raise PlatformError(
            "the platform serves {file_format}, which profiles do not know yet",
            file_format=file_format,
        )
    alike = [one for one in trips if one.served_format.lower() == file_format]
    qualities = [one.quality for one in alike if one.quality and not one.is_lossless]
    chromas = Counter(one.chroma for one in alike if one.chroma)
    return Codec(
        cast(Any, file_format),
        (min(qualities), max(qualities)) if qualities else None,
        cast(Any, chromas.most_common(1)[0][0] if chromas else "4:2:0"),
        any(one.is_progressive for one in alike),
    )


def _crop(cut: Sequence[RoundTrip]) -> Crop | None:
    """Take the shapes that tall and wide pictures were cut to."""
    tall = [_aspect(one.served_size) for one in cut if one.kept[1] <= one.kept[0]]
    wide = [_aspect(one.served_size) for one in cut if one.kept[1] > one.kept[0]]
    if not cut:
        return None
    low, high = min(tall, default=0.01), max(wide, default=100.0)
    return Crop(round(min(low, high), 4), round(max(low, high), 4))


def _fit(sizes: Sequence[Size]) -> Fit | None:
    """Find the limit that shrunk pictures have in common."""
    if not sizes:
        return None
    sides: tuple[tuple[str, Callable[[Size], int]], ...] = (
        ("long_side_px", max),
        ("width_px", lambda size: size[0]),
        ("height_px", lambda size: size[1]),
    )
    for name, side in sides:
        ends = _ends(list(map(side, sizes)))
        if ends[1] - ends[0] <= SIDE_SPREAD_PX:
            return Fit(**{name: (ends[1], ends[1])})
    areas = _ends([width * height for width, height in sizes])
    if areas[1] - areas[0] <= PIXELS_SPREAD * areas[1]:
        return Fit(pixels=(areas[1], areas[1]))
    return Fit(long_side_px=_ends([max(size) for size in sizes]))


def _ends(numbers: Sequence[int]) -> Range:
    return min(numbers), max(numbers)


def _aspect(size: Size) -> float:
    return size[0] / size[1]


def _is_kept(kind: str, trips: Sequence[RoundTrip]) -> bool:
    """Tell whether a kind of metadata came back wherever it was posted."""
    posted = [one for one in trips if kind in one.posted_metadata]
    return bool(posted) and all(kind in one.served_metadata for one in posted)
