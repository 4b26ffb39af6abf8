"""A platform profile: what a platform is believed to do to a picture, how sure, and from where.

A profile is a TOML file. What happens is a list of stages in order, each with a crop, a fit, a
sharpening, the platform's own mark and a codec, whatever applies; without a stage the file is kept
as it is. Where a platform varies, a number is written as ``[lowest, highest]``, and simulations
take the lower end, so that a proof errs on the safe side.

Profiles are simulations: nobody but the platform knows what it really does today. So each one says
its confidence, its source and the day it was checked, and ``ocguard selftest`` measures one.
"""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from functools import reduce
from typing import Final, Literal

from ocguard.language.message import Message
from ocguard.platforms.section import Range

__all__ = [
    "CONFIDENCES",
    "MARK_MARGIN",
    "METADATA",
    "Codec",
    "Confidence",
    "Crop",
    "Fit",
    "OwnMark",
    "PlatformProfile",
    "Sharpening",
    "Stage",
    "Upload",
    "chained",
]

Confidence = Literal["high", "medium", "low"]
CONFIDENCES: Final = ("high", "medium", "low")
METADATA: Final = ("exif", "xmp", "iptc")
"""Kinds of metadata that a platform may leave in a picture."""
MARK_MARGIN: Final = 0.02
"""Distance of a platform's own mark from the borders, share of the width."""


@dataclass(frozen=True)
class Crop:
    """A cut to the middle, where the shape is outside of what the platform shows.

    Attributes
    ----------
    min_aspect, max_aspect : float
        Width over height.
    """

    min_aspect: float
    max_aspect: float


@dataclass(frozen=True)
class Fit:
    """The largest size that is kept; what is larger is shrunk in proportion, nothing is enlarged.

    Attributes
    ----------
    long_side_px, width_px, height_px, pixels : (int, int) or None
        Each limits on its own.
    """

    long_side_px: Range | None = None
    width_px: Range | None = None
    height_px: Range | None = None
    pixels: Range | None = None

    def size(self, size: tuple[int, int], *, largest: bool = False) -> tuple[int, int]:
        """Return the (width, height) in pixels that a picture of this size gets.

        Parameters
        ----------
        size : (int, int)
            Width and height of the picture.
        largest : bool
            By the upper ends of the limits instead of the lower ones.
        """
        width, height = size
        limits = [
            (self.long_side_px, max(size)),
            (self.width_px, width),
            (self.height_px, height),
        ]
        scale = min([1.0, *(limit[largest] / side for limit, side in limits if limit)])
        if self.pixels is not None:
            scale = min(scale, (self.pixels[largest] / (width * height)) ** 0.5)
        return max(1, round(width * scale)), max(1, round(height * scale))


@dataclass(frozen=True)
class Sharpening:
    """An unsharp mask after shrinking.

    Attributes
    ----------
    sigma_px : float
        Width of its Gaussian.
    amount_percent : float
        Share of the difference that is added.
    """

    sigma_px: float
    amount_percent: float


@dataclass(frozen=True)
class OwnMark:
    """The platform's own mark in the bottom right corner: the poster's name or number.

    Attributes
    ----------
    width_percent, height_percent : float
        Of the picture's.
    opacity_percent : float
        Of its letters.
    """

    width_percent: float
    height_percent: float
    opacity_percent: float

    def corner(self, size: tuple[int, int]) -> tuple[float, float]:
        """Return the shares of width and height that it takes, with its distance to the borders."""
        margin = MARK_MARGIN * size[0]
        return self.width_percent / 100 + MARK_MARGIN, self.height_percent / 100 + margin / size[1]


@dataclass(frozen=True)
class Codec:
    """How the picture is written again.

    Attributes
    ----------
    file_format : {"jpeg", "webp", "png"}
        What is served.
    quality : (int, int) or None
        1 to 100; None for lossless.
    chroma : {"4:2:0", "4:2:2", "4:4:4"}
        Of a JPEG.
    is_progressive : bool
        A progressive JPEG.
    max_bytes : int or None
        The quality is lowered from its upper end until the file is no larger.
    """

    file_format: Literal["jpeg", "webp", "png"]
    quality: Range | None
    chroma: Literal["4:2:0", "4:2:2", "4:4:4"] = "4:2:0"
    is_progressive: bool = False
    max_bytes: int | None = None


@dataclass(frozen=True)
class Stage:
    """One step of what a platform does; its parts happen in the order of the fields."""

    what: str
    codec: Codec
    crop: Crop | None = None
    fit: Fit | None = None
    sharpening: Sharpening | None = None
    own_mark: OwnMark | None = None


@dataclass(frozen=True)
class Upload:
    """What the platform takes.

    Attributes
    ----------
    formats : tuple of str
        Accepted formats, the one that suits best first.
    max_bytes : int or None
        Largest file.
    max_side_px : int or None
        Longest side.
    """

    formats: tuple[str, ...]
    max_bytes: int | None = None
    max_side_px: int | None = None


@dataclass(frozen=True)
class PlatformProfile:
    """What a platform is believed to do.

    Attributes
    ----------
    name : str
        Lower-case letters, digits and hyphens.
    title : str
        What it is, for a person.
    revision : int
        Raised when a fact changes.
    confidence : {"high", "medium", "low"}
        Of the least certain fact.
    source : str
        Where the facts come from.
    checked : date
        When they were looked up or measured.
    notes : str
        What else is known.
    upload : Upload
        What is taken.
    stages : tuple of Stage
        What happens, in order; empty where the file is kept.
    keeps : tuple of str
        Kinds of metadata, of `METADATA`, that stay in the file.
    """

    name: str
    title: str
    revision: int
    confidence: Confidence
    source: str
    checked: datetime.date
    notes: str
    upload: Upload
    stages: tuple[Stage, ...]
    keeps: tuple[str, ...]

    @property
    def served_format(self) -> str:
        """``"jpeg"``, ``"webp"`` or ``"png"``; ``"keep"`` where the file is kept."""
        return self.stages[-1].codec.file_format if self.stages else "keep"

    def own_corner(self, size: tuple[int, int]) -> tuple[float, float]:
        """Return the shares of width and height that the platform's own mark takes, at most."""
        corners = [stage.own_mark.corner(size) for stage in self.stages if stage.own_mark]
        return max((c[0] for c in corners), default=0.0), max((c[1] for c in corners), default=0.0)

    def largest_served(self, size: tuple[int, int]) -> tuple[int, int]:
        """Return the largest (width, height) in pixels that may be served, before any crop."""
        for stage in self.stages:
            size = stage.fit.size(size, largest=True) if stage.fit else size
        return size


def chained(profiles: tuple[PlatformProfile, ...]) -> PlatformProfile:
    """Join profiles into one: posted here, taken from there, posted again.

    The first one's upload counts, and the weakest confidence.
    """
    if len(profiles) == 1:
        return profiles[0]
    names = [one.name for one in profiles]
    return PlatformProfile(
        name="+".join(names),
        title=reduce(_then, (one.title for one in profiles)),
        revision=1,
        confidence=max((one.confidence for one in profiles), key=CONFIDENCES.index),
        source=Message("the profiles {names}", names=names),
        checked=min(one.checked for one in profiles),
        notes="",
        upload=profiles[0].upload,
        stages=tuple(stage for one in profiles for stage in one.stages),
        keeps=tuple(kind for kind in METADATA if all(kind in one.keeps for one in profiles)),
    )


def _then(title: str, later: str) -> Message:
    """Name a platform after another."""
    return Message("{title}, then {later}", title=title, later=later)
