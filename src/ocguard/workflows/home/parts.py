"""Parts of a picture that are looked at by themselves: regions of a frame, and frames.

A work is described in parts when it is registered, and a suspect is searched in parts; both are
cut here, so that the same part looks the same.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from ocguard.fingerprint.normalize import Box
from ocguard.imaging.ground import on_showing_ground
from ocguard.imaging.picture import Picture
from ocguard.imaging.rendition import rendition
from ocguard.matching.decision.bounds import load_bounds
from ocguard.matching.identification.views import Views, overview_size, work_views
from ocguard.watermark.invisible import PANEL_ASPECT, is_long

__all__ = [
    "MAX_FRAMES",
    "Part",
    "Parts",
    "cut",
    "distinct_frames",
    "overview",
    "panels",
    "work_parts",
]

MAX_FRAMES: Final = 24
"""Most distinct frames or pages of a picture that are looked at."""

SMALL_PX: Final = 1024
"""Long side up to which a work is whole at the size that is described: its regions add nothing."""

MAX_PANELS: Final = 6
"""Panels that are tried at most before a mark counts as lost."""

THUMBNAIL_PX: Final = 24
DISTINCT: Final = 6.0
"""Side of the thumbnails that tell frames apart, and their mean difference, in 8-bit steps."""


@dataclass(frozen=True)
class Part:
    """A region of one frame.

    Attributes
    ----------
    box : Box
        In pixels of the upright picture.
    frame : int
        Which frame or page, from 0.
    """

    box: Box
    frame: int = 0

    @classmethod
    def whole(cls, picture: Picture, frame: int = 0) -> Part:
        """Return all of a frame."""
        return cls(Box(0, 0, *picture.size), frame)

    @property
    def size(self) -> tuple[int, int]:
        """Width and height in pixels."""
        return self.box.width, self.box.height


@dataclass(frozen=True)
class Parts:
    """What of a picture is looked at beside the first frame as a whole.

    Attributes
    ----------
    parts : tuple of Part
        Regions of the first frame, then further frames.
    left_out : int
        Parts beyond what is looked at.
    """

    parts: tuple[Part, ...] = ()
    left_out: int = 0


def work_parts(picture: Picture) -> Parts:
    """Find what of a work is described by itself; nothing of an ordinary still picture."""
    is_thin = not load_bounds()["enough_side"].holds(min(picture.size))  # and so is every part
    is_small = is_thin or max(picture.size) <= SMALL_PX
    regions = Views((), 0) if is_small else work_views(overview(picture), picture.size)
    distinct = list(distinct_frames(picture))
    frames = distinct[: MAX_FRAMES - 1]
    parts = (*map(Part, regions.boxes), *(Part.whole(picture, number) for number in frames))
    return Parts(parts, regions.left_out + len(distinct) - len(frames))


def panels(picture: Picture) -> list[Part]:
    """Return a picture as a whole; of a long one panels, as people see them, the middle first."""
    if not is_long(picture.size):
        return [Part.whole(picture)]
    width, height = picture.size
    length, reach = max(picture.size), round(PANEL_ASPECT * min(picture.size))
    steps = np.linspace(0, length - reach, math.ceil(length / reach)).round().astype(int).tolist()
    middle = sorted(steps, key=lambda start: abs(2 * start + reach - length))
    is_tall = height > width
    return [
        Part(Box(0, at, width, at + reach) if is_tall else Box(at, 0, at + reach, height))
        for at in middle[:MAX_PANELS]
    ]


def cut(picture: Picture, part: Part) -> Picture:
    """Cut a part out of a picture; the rest that it carried stays."""
    box, frame = part.box, picture.frames[part.frame]
    pixels = np.ascontiguousarray(frame.pixels[box.top : box.bottom, box.left : box.right])
    return replace(picture, frames=(replace(frame, pixels=pixels),))


def overview(picture: Picture) -> NDArray[np.uint8]:
    """Return the small view of the first frame that regions are sought in: RGB, on its ground."""
    small = rendition(picture, max(overview_size(picture.size)))
    return on_showing_ground(small.rgb, small.alpha)


def distinct_frames(picture: Picture) -> Iterator[int]:
    """Yield the frames that differ from all before them, but the first."""
    if not picture.is_animated:
        return
    seen: list[NDArray[np.int16]] = []
    for number in range(len(picture.frames)):
        small = rendition(picture, 8 * THUMBNAIL_PX, number)
        flat = on_showing_ground(small.rgb, small.alpha)
        thumbnail = cv2.resize(flat, (THUMBNAIL_PX, THUMBNAIL_PX), interpolation=cv2.INTER_AREA)
        now = thumbnail.astype(np.int16)
        if all(np.abs(now - one).mean() >= DISTINCT for one in seen):
            seen.append(now)
            if number:
                yield number
