"""A suspect under analysis: its planes, and the placements that it may have on the carrier.

Pilots are sought in a plane of at most `SEARCH_PX` a side, of the whole suspect or of a window of
it: a part of a picture that was bent, seen in perspective or pasted into another one is nearly
undistorted in a window. Chips are read from the suspect at `ANALYSIS_PX`.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Final, Self

import cv2
import numpy as np
from numpy.typing import NDArray

from ocguard.imaging.pixel_grid import scaling
from ocguard.watermark.invisible.carrier import (
    CELL_PX,
    CELLS_PER_LENGTH,
    THIN_ASPECT,
    Carrier,
    cell_size_px,
    early_cell_size_px,
    to_luma,
)
from ocguard.watermark.invisible.constellation import (
    COARSE,
    STRETCHES,
    scaled_maps,
    turned_maps,
    upright_maps,
    usual_maps,
)
from ocguard.watermark.invisible.placement import Placement
from ocguard.watermark.invisible.reading import (
    Chips,
    SoftBits,
    match_chips,
    match_samples,
    read_shifted,
    sample_chips,
    weigh,
)
from ocguard.watermark.invisible.response import apply_response, sharpening_response
from ocguard.watermark.invisible.spectrum import SEARCH_PX, Spectrum, take_spectrum
from ocguard.watermark.invisible.sync import (
    BENT,
    TILTED,
    agreement_in_blocks,
    place,
    place_beside,
    refine,
    refine_drift,
)

__all__ = ["SearchedPicture"]

ANALYSIS_PX: Final = 1024
"""Long side that a suspect is analyzed at."""
MAPS: Final = 96
"""Maps of the pilots' constellation whose phases are looked at, in each search."""
SCALED_MAPS: Final = 12
"""Maps of scaled copies under which many shifts are looked at."""
WINDOW_MAPS: Final = 32
"""The same for each window."""
WINDOW_SHARE: Final = 0.55
"""Sides of a window, as a share of the suspect's."""
LARGEST_CELL_PX: Final = 360.0
"""Largest carrier cell sought, pixels of the plane."""
SCALE_STEP: Final = 0.3
"""Logarithmic step of the scales at which chips are matched."""
ENLARGED_BELOW: Final = 0.8
"""A suspect whose pixels are smaller than this, in working pixels, is read from a smaller copy."""

_Float = NDArray[np.float64]


@dataclass(frozen=True)
class _Plane:
    """A view of a suspect, or of a part of it, in which pilots are sought.

    Attributes
    ----------
    samples : (H, W) float32 array
        Weighted samples.
    to_analyzed : (3, 3) float array
        Pixels of this plane to analyzed pixels.
    """

    samples: NDArray[np.float32]
    to_analyzed: _Float

    @cached_property
    def spectrum(self) -> Spectrum:
        """The spectrum of the plane, taken when first needed."""
        return take_spectrum(self.samples)

    @property
    def size_px(self) -> tuple[int, int]:
        """Width and height."""
        return self.samples.shape[1], self.samples.shape[0]

    @property
    def cells_px(self) -> tuple[float, float]:
        """The smallest and the largest carrier cell that this plane may show."""
        width, height = self.size_px
        length = min(max(width, height), THIN_ASPECT * (width * height) ** 0.5)
        return length / (CELLS_PER_LENGTH + 1), min(length, LARGEST_CELL_PX)


class SearchedPicture:
    """A picture in which marks of one key are sought.

    Parameters
    ----------
    luma : (h, w) float32 array
        The suspect as analyzed, its long side at most 1024 px.
    size_px : tuple of int
        Width and height of the suspect.
    carrier : Carrier
        The key's carrier.

    Attributes
    ----------
    luma, size_px
        As given.
    """

    def __init__(
        self, luma: NDArray[np.float32], size_px: tuple[int, int], carrier: Carrier
    ) -> None:
        self.luma = luma
        self.size_px = size_px
        self._carrier = carrier
        self._samples = weigh(self.luma)
        self._whole = self._plane(slice(None), slice(None))
        self._matched: dict[int, tuple[NDArray[np.float32], _Float]] = {}

    @classmethod
    def of(cls, rgb: NDArray[np.uint8], carrier: Carrier) -> Self:
        """Prepare a suspect of any size, (H, W, 3) uint8."""
        height, width = rgb.shape[:2]
        luma = _shrunk(to_luma(rgb), min(1.0, ANALYSIS_PX / max(height, width)))
        return cls(luma, (width, height), carrier)

    def sharpened(self) -> Self | None:
        """Undo the blur that the suspect went through, if it did."""
        response = sharpening_response(self.luma)
        if response is None:
            return None
        return type(self)(apply_response(self.luma, response), self.size_px, self._carrier)

    @property
    def samples(self) -> NDArray[np.float32]:
        """The weighted samples of the suspect as analyzed, (h, w)."""
        return self._samples

    @property
    def to_plane(self) -> _Float:
        """(3, 3): suspect pixels to pixels of the plane that placements are given for."""
        scale = max(self.size_px) / max(self.luma.shape)
        return np.asarray(np.linalg.inv(scaling(scale, scale) @ self._whole.to_analyzed))

    def usual(self, count: int) -> list[Placement]:
        """Place the suspect as an upright or mirrored copy, at its own size or served smaller."""
        return self._placed(self._whole, self._usual_maps(), count, is_sized=True)

    def usual_many(self, count: int) -> list[Placement]:
        """List many places for such a copy, to a pixel; see `refined`."""
        return self._many(self._usual_maps(), count)

    def scaled_many(self, count: int) -> list[Placement]:
        """List many places for an upright or mirrored copy of any size, proportions kept."""
        plane = self._whole
        maps = scaled_maps(plane.spectrum, self._carrier, plane.cells_px, SCALED_MAPS)
        return self._many(maps, count)

    def refined(self, placement: Placement) -> Placement:
        """Refine one of many placements."""
        return refine(self._whole.samples, placement, self._carrier)

    def upright(self, count: int) -> list[Placement]:
        """Place the suspect as an upright or mirrored copy of any size and proportion."""
        plane = self._whole
        maps = upright_maps(plane.spectrum, self._carrier, plane.cells_px, MAPS)
        return self._placed(plane, maps, count)

    def turned(self, count: int) -> list[Placement]:
        """Place the suspect as a copy turned by any angle."""
        plane = self._whole
        maps = turned_maps(plane.spectrum, self._carrier, plane.cells_px, MAPS)
        return self._placed(plane, maps, count)

    def stretched(self, count: int) -> list[Placement]:
        """Place the suspect as a copy turned by any angle and stretched in any direction."""
        plane = self._whole
        maps = turned_maps(plane.spectrum, self._carrier, plane.cells_px, MAPS, STRETCHES, COARSE)
        return self._placed(plane, maps, count)

    def windowed(self, count: int) -> list[Placement]:
        """Place the suspect by what its windows show."""
        found: list[Placement] = []
        for plane in self._windows():
            maps = turned_maps(
                plane.spectrum, self._carrier, plane.cells_px, WINDOW_MAPS, grid=COARSE
            )
            found += self._placed(plane, maps, 1)
        return sorted(found, key=lambda placement: -placement.score)[:count]

    def drifted(self, placement: Placement) -> list[Placement]:
        """Refine a placement as one of a bent copy, and as one of a tilted copy."""
        samples = self._whole.samples
        return [
            refine_drift(samples, placement, self._carrier, growth) for growth in (BENT, TILTED)
        ]

    def agreement(self, placement: Placement) -> tuple[_Float, _Float]:
        """Tell where on the torus the suspect agrees with a placement; see `sync`."""
        return agreement_in_blocks(self._whole.samples, placement, self._carrier)

    def overlaid(self, placement: Placement) -> list[Placement]:
        """Place a second mark that lies like a first one, but elsewhere on the carrier."""
        return [
            refine(self._whole.samples, beside, self._carrier)
            for beside in place_beside(self._whole.spectrum, placement, self._carrier)
        ]

    def read(self, placement: Placement) -> SoftBits:
        """Read the soft bits where a placement says that they lie."""
        return self.chips(placement)[0].added_up(self._carrier)

    def read_many(self, placements: Sequence[Placement]) -> list[SoftBits]:
        """Read the soft bits of many places, as `usual_many` and `scaled_many` list them."""
        of_map: dict[bytes, list[int]] = defaultdict(list)
        for at, placement in enumerate(placements):
            of_map[placement.transform[:, :2].tobytes()].append(at)
        read: dict[int, SoftBits] = {}
        for group in of_map.values():
            plane, to_whole = self._plane_for(placements[group[0]])
            size = plane.shape[1], plane.shape[0]
            laid = [placements[at].on_other(size, to_whole) for at in group]
            read |= zip(group, read_shifted(plane, laid, self._carrier), strict=True)
        return [read[at] for at in range(len(placements))]

    def chips(self, placement: Placement) -> tuple[Chips, _Float]:
        """Look at the chips where a placement says that they lie.

        Returns
        -------
        chips : Chips
            Of a plane of this picture.
        to_analyzed : (3, 3) float array
            Pixels of that plane to analyzed pixels.
        """
        plane, to_whole = self._plane_for(placement)
        size = plane.shape[1], plane.shape[0]
        to_analyzed = self._whole.to_analyzed @ to_whole
        return sample_chips(plane, placement.on_other(size, to_whole)), to_analyzed

    def _plane_for(self, placement: Placement) -> tuple[NDArray[np.float32], _Float]:
        """Return the plane that a placement is read from, and its pixels to those of the whole."""
        to_working = placement.transform[:, :2] @ np.linalg.inv(self._whole.to_analyzed)[:2, :2]
        step = round(float(np.log(abs(np.linalg.det(to_working)))) / 2 / SCALE_STEP)
        if step not in self._matched:
            self._matched[step] = self._match(step)
        plane, to_analyzed = self._matched[step]
        return plane, np.linalg.inv(self._whole.to_analyzed) @ to_analyzed

    def _usual_maps(self) -> _Float:
        step = self.to_plane[0, 0]
        sides = {CELL_PX, cell_size_px(self.size_px), early_cell_size_px(self.size_px)}
        return usual_maps(sorted(side * step for side in sides))

    def _many(self, maps: _Float, count: int) -> list[Placement]:
        """Return many placements under a few maps, not refined."""
        plane = self._whole
        return place(plane.spectrum, maps, self._carrier, plane.size_px, count, is_dense=True)

    def _plane(self, rows: slice, columns: slice) -> _Plane:
        """Cut a plane out of the weighted samples, shrunk to the size that is searched."""
        part = self._samples[rows, columns]
        small = _shrunk(part, min(1.0, SEARCH_PX / max(part.shape)))
        to_analyzed = scaling(part.shape[1] / small.shape[1], part.shape[0] / small.shape[0])
        to_analyzed[:2, 2] += (columns.start or 0, rows.start or 0)
        return _Plane(small, to_analyzed)

    def _match(self, step: int) -> tuple[NDArray[np.float32], _Float]:
        """Match the chips at a step of the scales, on no more pixels than that needs.

        Returns
        -------
        plane : (h, w) float32 array
            What `read_chips` samples.
        to_analyzed : (3, 3) float array
            Pixels of the plane to analyzed pixels.
        """
        if step == 0:
            return match_samples(self._samples), np.eye(3)
        pixel_px = float(np.exp(SCALE_STEP * step))  # working pixels that an analyzed one covers
        if pixel_px >= ENLARGED_BELOW:
            return match_chips(self.luma, pixel_px), np.eye(3)
        small = _shrunk(self.luma, pixel_px)
        step_y, step_x = np.array(self.luma.shape) / small.shape
        return match_chips(small), scaling(step_x, step_y)

    def _windows(self) -> Iterator[_Plane]:
        """Cut windows: the middle and the four corners."""
        height, width = self._samples.shape
        high, wide = round(WINDOW_SHARE * height), round(WINDOW_SHARE * width)
        middle = (height - high) // 2, (width - wide) // 2
        corners = [(top, left) for top in (0, height - high) for left in (0, width - wide)]
        for top, left in (middle, *corners):
            yield self._plane(slice(top, top + high), slice(left, left + wide))

    def _placed(
        self, plane: _Plane, maps: _Float, count: int, *, is_sized: bool = False
    ) -> list[Placement]:
        """Return the likeliest placements under some maps of a plane, for the whole suspect."""
        placed = place(plane.spectrum, maps, self._carrier, plane.size_px, count)
        refined = [
            refine(plane.samples, placement, self._carrier, is_sized=is_sized)
            for placement in placed
        ]
        to_plane = np.linalg.inv(plane.to_analyzed) @ self._whole.to_analyzed
        return [placement.on_other(self._whole.size_px, to_plane) for placement in refined]


def _shrunk(plane: NDArray[np.float32], scale: float) -> NDArray[np.float32]:
    """Return a plane at a scale of at most 1."""
    height, width = plane.shape
    size = (max(1, round(width * scale)), max(1, round(height * scale)))
    return np.asarray(cv2.resize(plane, size, interpolation=cv2.INTER_AREA), np.float32)
