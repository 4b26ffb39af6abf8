"""Parts of a suspect: where in it to look, and cutting that out."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from ocguard.fingerprint.normalize import Box
from ocguard.imaging.picture import Picture
from ocguard.imaging.rendition import flatten, rendition
from ocguard.matching.identification.views import (
    CROWDED_PANELS,
    Views,
    find_views,
    overview_size,
)

__all__ = ["part_of", "views_of"]


def views_of(picture: Picture, fewest: int = CROWDED_PANELS) -> Views:
    """Find the views of a suspect's first frame; see `find_views`."""
    small = rendition(picture, max(overview_size(picture.size)))
    return find_views(flatten(small.rgb, small.alpha), picture.size, fewest)


def part_of(picture: Picture, box: Box, frame: int = 0) -> Picture:
    """Cut a part out of one frame."""
    pixels = picture.frames[frame].pixels[box.top : box.bottom, box.left : box.right]
    cut = replace(picture.frames[frame], pixels=np.ascontiguousarray(pixels))
    return replace(picture, frames=(cut,))
