"""Make what suits platforms: the format that they take, the size that they show, sRGB.

What is posted as it will be served is not shrunk by somebody else's filter, not shown in wrong
colors where the profile is dropped, and gives nobody a larger copy than everybody sees.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from ocguard.choices import FILE_FORMATS
from ocguard.imaging.picture import Frame, Picture
from ocguard.imaging.rendition import Rendition, flatten, rendition
from ocguard.language.message import Message
from ocguard.platforms.profile import PlatformProfile

__all__ = ["fit_for_upload", "largest_upload", "upload_format"]


def upload_format(profiles: Sequence[PlatformProfile], asked: str) -> str:
    """Choose the format to post on all of some platforms.

    Parameters
    ----------
    profiles : sequence of PlatformProfile
        At least one; the first one's preference counts.
    asked : {"keep", "png", "jpeg", "webp", "avif"}
        What the person wants; "keep" leaves the choice to the platforms.

    Raises
    ------
    ValueError
        One of them does not take what was asked for, or they have no format in common.
    """
    common = [
        name
        for name in profiles[0].upload.formats
        if name in FILE_FORMATS and all(name in one.upload.formats for one in profiles)
    ]
    if not common:
        names = ", ".join(one.name for one in profiles)
        raise ValueError(
            Message("{names} take no format in common: protect for each of them alone", names=names)
        )
    if asked == "keep":
        return common[0]
    if asked not in common:
        refusing = next(one for one in profiles if asked not in one.upload.formats)
        raise ValueError(
            Message(
                "{name} takes {formats}, not {asked}",
                name=refusing.name,
                formats=refusing.upload.formats,
                asked=asked,
            )
        )
    return asked


def largest_upload(profiles: Sequence[PlatformProfile]) -> int | None:
    """Return the size in bytes that all of some platforms take; None where none says."""
    return min((one.upload.max_bytes for one in profiles if one.upload.max_bytes), default=None)


def fit_for_upload(
    picture: Picture, profiles: Sequence[PlatformProfile]
) -> tuple[Picture, tuple[str, ...]]:
    """Make a picture what suits platforms: 8-bit sRGB, no larger than any of them serves.

    Parameters
    ----------
    picture : Picture
        Any picture; never enlarged.
    profiles : sequence of PlatformProfile
        Of several, the one that serves the largest size decides; without any, the picture stays.

    Returns
    -------
    picture : Picture
        With its metadata, without its color profile.
    warnings : tuple of str
        What it lost.
    """
    if not profiles:
        return picture, ()
    largest = max((one.largest_served(picture.size) for one in profiles), key=max)
    limits = (one.upload.max_side_px for one in profiles if one.upload.max_side_px)
    side = min([max(largest), *limits])
    is_flat = picture.has_alpha and any(one.stages for one in profiles)
    frames = tuple(
        Frame(_pixels(rendition(picture, side, number), is_flat=is_flat), frame.duration_ms)
        for number, frame in enumerate(picture.frames)
    )
    carried = replace(
        picture.carried,
        icc_profile=None,
        color_chunks=(),
        quality=None,
        jpeg_tables=(),
        palette_colors=None,
        is_bilevel=False,
    )
    made = Picture(frames, "rgb", picture.has_alpha and not is_flat, carried)
    return made, _losses(picture, made)


def _pixels(view: Rendition, *, is_flat: bool) -> NDArray[np.uint8]:
    """Join color and alpha, or lay them on white."""
    if is_flat or view.alpha is None:
        return flatten(view.rgb, view.alpha)
    return np.dstack([view.rgb, view.alpha])


def _losses(before: Picture, after: Picture) -> tuple[str, ...]:
    """Say what a picture lost."""
    losses = []
    if after.size != before.size:
        losses.append(
            Message(
                "made {width} x {height} px: no larger is shown there",
                width=after.width,
                height=after.height,
            )
        )
    if before.has_alpha and not after.has_alpha:
        losses.append(Message("laid on white: its transparency is not shown there"))
    return tuple(losses)
