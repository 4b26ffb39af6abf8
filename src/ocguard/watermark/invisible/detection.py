"""Detection: is there a mark of this key in a suspect, whose, and how sure is that.

The likeliest placements of the suspect on the carrier are tried one stage after the other, the
usual ones first; soft bits are read at each and identified (see `codebook`), and every p-value is
corrected for all of them.

Suspects are RGB, upright or not, of any size; they are analyzed at a long side of at most 1024 px.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import Final, Literal

import cv2
import numpy as np
from numpy.typing import NDArray

from ocguard.keys import SecretKey
from ocguard.watermark.invisible.carrier import (
    CELL_PX,
    PERIOD_PX,
    Carrier,
    cell_size_px,
    derive_carrier,
)
from ocguard.watermark.invisible.codebook import Codebook, KnownMark, identify
from ocguard.watermark.invisible.constellation import (
    ANALYSIS_PX,
    STRETCHES,
    UNSTRETCHED,
    Geometry,
    find_geometries,
    flatten_spectrum,
    usual_geometries,
)
from ocguard.watermark.invisible.embedding import to_luma
from ocguard.watermark.invisible.payload import decode_payload
from ocguard.watermark.invisible.reading import SoftBits, match_chips, read_chips, weigh
from ocguard.watermark.invisible.sync import Placement, place, refine

__all__ = ["FOUND_BELOW", "Detection", "MarkVerdict", "detect"]

MarkVerdict = Literal["found", "weak", "not-found", "cannot-tell"]

FOUND_BELOW: Final = 1e-9
WEAK_BELOW: Final = 1e-4
READS_USUAL: Final = 3
"""Placements read among copies that were neither turned nor sheared."""
READS_SEARCHED: Final = 4
"""Placements read among all others at each of the levels, and once more among stretched copies."""
LEVELS: Final = 2
"""A suspect is searched as analyzed, and once more at half the size, for enlarged crops."""
READS: Final = READS_USUAL + (LEVELS + 1) * READS_SEARCHED
"""Placements read in all: the hypotheses that every p-value is corrected for."""
SCALE_STEP: Final = 0.03
"""Logarithmic step of the scales at which chips are matched."""
ENLARGED_BELOW: Final = 0.8
"""A suspect whose pixels are smaller than this, in working pixels, is read from a smaller copy."""
MIN_AREA_PX: Final = 16_384
"""Analyzed pixels, one carrier cell, below which no mark can show."""
MIN_DETAIL: Final = 1.5
"""Grey levels that the finest hundredth of a suspect must differ from its surroundings by; where
nothing does, blur has taken what a mark is made of."""
DETAIL_SIGMA_PX: Final = 2.4

_Float = NDArray[np.float64]


@dataclass(frozen=True)
class Detection:
    """What a suspect says about marks of one key.

    Attributes
    ----------
    verdict : {"found", "weak", "not-found", "cannot-tell"}
        Found below p = 1e-9; weak, which is no evidence, below 1e-4; not found, which does not
        mean unmarked; cannot tell, where the picture had no room for a mark to show.
    mark_id : int or None
        The likeliest id, unless the verdict is not-found or cannot-tell.
    p_value : float
        Bound on the probability that a picture without this mark gives such an answer, corrected
        for every hypothesis tried.
    is_mirrored : bool
        Whether the suspect shows the marked picture mirrored.
    transform : (2, 3) float array or None
        Suspect pixels to pixels of the marked picture; ``None`` if the mark is not a known one.
    reason : str
        The verdict in one sentence.
    """

    verdict: MarkVerdict
    mark_id: int | None
    p_value: float
    is_mirrored: bool
    transform: _Float | None
    reason: str


def detect(rgb: NDArray[np.uint8], *, key: SecretKey, known: Sequence[KnownMark] = ()) -> Detection:
    """Look for a mark of a key in a suspect.

    Rotation, mirroring, scaling, cropping and their mixes are searched; see the README for what
    survives. A mark proves that somebody with this key marked this picture's pixels, or copied
    them: ownership needs the matching original as well.

    Parameters
    ----------
    rgb : (H, W, 3) uint8 array
        The suspect; transparent ones flattened on white.
    key : SecretKey
        The key whose marks are sought.
    known : sequence of KnownMark
        Marks issued under the key. Knowing them finds marks some 5 dB weaker, tells the
        transform, and is never needed.

    Returns
    -------
    Detection
        With a reason; never an error for a picture without a mark.

    Notes
    -----
    0.2 s for an unturned copy, up to 1.5 s for a picture without a mark, on one core.
    """
    suspect = _Suspect.from_rgb(rgb, key)
    codebook = Codebook(key, known)
    best = Detection("not-found", None, 1.0, False, None, "")
    for level, placements in _stages(suspect):
        best = min(best, level.search(placements, codebook), key=lambda found: found.p_value)
        if best.p_value < FOUND_BELOW:
            break
    return conclude(best, suspect.obstacle)


def _stages(suspect: _Suspect) -> Iterator[tuple[_Suspect, list[Placement]]]:
    """Yield the likeliest placements with their level, those of unturned copies first."""
    yield suspect, suspect.usual_placements()
    yield suspect, suspect.searched_placements()
    half = suspect.halved()
    yield half, half.searched_placements()
    yield suspect, suspect.searched_placements(STRETCHES)


def conclude(best: Detection, obstacle: str) -> Detection:
    """Turn the best evidence into a verdict with its reason.

    Parameters
    ----------
    best : Detection
        The likeliest mark with its p-value.
    obstacle : str
        Why a mark could not show in this suspect, or nothing.
    """
    if best.p_value < FOUND_BELOW:
        reason = f"mark {best.mark_id:016x} is in the picture (p < {best.p_value:.1e})"
        return replace(best, verdict="found", reason=reason)
    if best.p_value < WEAK_BELOW:
        reason = f"a trace of mark {best.mark_id:016x}, too weak to be evidence"
        return replace(best, verdict="weak", reason=reason)
    nothing = Detection("not-found", None, best.p_value, False, None, "")
    if obstacle:
        return replace(nothing, verdict="cannot-tell", reason=obstacle)
    return replace(nothing, reason="no mark of this key shows; it may be unmarked or damaged")


def has_no_detail(luma: NDArray[np.float32]) -> bool:
    """Tell whether a plane lacks the fine structure that marks and pictures are made of."""
    smooth = cv2.GaussianBlur(luma, (0, 0), DETAIL_SIGMA_PX)
    return bool(np.quantile(np.abs(luma - smooth), 0.99) < MIN_DETAIL)


@dataclass(frozen=True)
class _Suspect:
    """A suspect as analyzed, with what is computed once for it."""

    luma: NDArray[np.float32]
    samples: NDArray[np.float32]
    carrier: Carrier
    size_px: tuple[int, int]

    @classmethod
    def from_rgb(cls, rgb: NDArray[np.uint8], key: SecretKey) -> _Suspect:
        """Shrink a suspect to the size it is analyzed at."""
        height, width = rgb.shape[:2]
        scale = min(1.0, ANALYSIS_PX / max(height, width))
        shown = _shrunk(to_luma(rgb), scale)
        return cls(shown, weigh(shown), derive_carrier(key), (width, height))

    def halved(self) -> _Suspect:
        """Return the suspect at half the size."""
        luma = _shrunk(self.luma, 0.5)
        return replace(self, luma=luma, samples=weigh(luma))

    @property
    def scale(self) -> float:
        """Analyzed pixels a suspect pixel."""
        return float(max(self.luma.shape) / max(self.size_px))

    @property
    def obstacle(self) -> str:
        """Why a mark could not show here, or nothing."""
        if self.luma.size < MIN_AREA_PX:
            return f"the picture is too small for a mark to show (under {MIN_AREA_PX} pixels)"
        if has_no_detail(self.luma):
            return "the picture is blank or blurred; a mark could not show"
        return ""

    def usual_placements(self) -> list[Placement]:
        """Place the suspect as an upright or mirrored copy, at its own size or served smaller."""
        cells = sorted({CELL_PX * self.scale, cell_size_px(self.size_px) * self.scale})
        return self._place(usual_geometries(cells), READS_USUAL)

    def searched_placements(self, stretches: Sequence[_Float] = UNSTRETCHED) -> list[Placement]:
        """Place the suspect by the constellation of the pilots in its spectrum."""
        spectrum = flatten_spectrum(self.samples)
        return self._place(find_geometries(spectrum, self.carrier, stretches), READS_SEARCHED)

    def _place(self, geometries: list[Geometry], count: int) -> list[Placement]:
        """Return the likeliest placements under some geometries, best first."""
        tried = [
            at for geometry in geometries for at in place(self.samples, geometry, self.carrier)
        ]
        tried.sort(key=lambda placement: -placement.peak)
        return [refine(self.samples, placement, self.carrier) for placement in tried[:count]]

    def search(self, placements: Sequence[Placement], codebook: Codebook) -> Detection:
        """Read the soft bits at some placements, and say what they tell."""
        readings: list[SoftBits] = []
        read_ids: list[int | None] = []
        # Placements of one geometry differ in scale by far less than a step.
        matched = cache(self._matched)
        for placement in placements:
            plane, to_analyzed = matched(_scale_step(placement.transform))
            soft_bits = read_chips(plane, placement.transform @ to_analyzed, self.carrier)
            readings.append(soft_bits)
            read_ids.append(decode_payload(soft_bits.values, codebook.key))
            if read_ids[-1] is not None:
                break
        if not readings:
            return Detection("not-found", None, 1.0, False, None, "")
        best = identify(readings, read_ids, codebook, READS)
        placement = placements[best.reading]
        is_mirrored = bool(np.linalg.det(placement.transform[:, :2]) < 0)
        transform = self._to_marked(placement, codebook.known.get(best.mark_id))
        return Detection("found", best.mark_id, best.p_value, is_mirrored, transform, "")

    def _matched(self, scale_step: int) -> tuple[NDArray[np.float32], _Float]:
        """Match the chips at a scale, on no more pixels than it needs.

        Returns
        -------
        plane : (h, w) float32 array
            What `read_chips` samples.
        to_analyzed : (3, 3) float array
            Pixels of the plane to analyzed pixels.
        """
        pixel_px = float(np.exp(SCALE_STEP * scale_step))
        if pixel_px >= ENLARGED_BELOW:
            return match_chips(self.luma, pixel_px), np.eye(3)
        small = _shrunk(self.luma, pixel_px)
        step_y, step_x = np.array(self.luma.shape) / small.shape
        to_analyzed = np.diag([step_x, step_y, 1])
        to_analyzed[:2, 2] = (step_x - 1) / 2, (step_y - 1) / 2
        return match_chips(small), to_analyzed

    def _to_marked(self, placement: Placement, mark: KnownMark | None) -> _Float | None:
        """Map suspect pixels to pixels of the marked picture."""
        if mark is None:
            return None
        # Pixel centers: a suspect pixel x is the analyzed pixel (x + 1/2) * scale - 1/2.
        scale = self.scale
        analyzed = np.array([[scale, 0, (scale - 1) / 2], [0, scale, (scale - 1) / 2], [0, 0, 1]])
        linear = placement.transform @ analyzed
        linear[:, 2] -= mark.origin_px
        enlarge = cell_size_px(mark.size_px) / CELL_PX
        center = linear @ (self.size_px[0] / 2, self.size_px[1] / 2, 1)
        periods = np.rint((center - np.array(mark.size_px) / enlarge / 2) / PERIOD_PX)
        linear[:, 2] -= PERIOD_PX * periods
        marked = linear * enlarge
        marked[:, 2] += (enlarge - 1) / 2
        return np.asarray(marked)


def _scale_step(transform: _Float) -> int:
    """Return the scale of a transform, working pixels a pixel, as a number of `SCALE_STEP`."""
    return round(float(np.log(abs(np.linalg.det(transform[:, :2])))) / 2 / SCALE_STEP)


def _shrunk(luma: NDArray[np.float32], scale: float) -> NDArray[np.float32]:
    """Return a plane at a scale of at most 1."""
    height, width = luma.shape
    size = (max(1, round(width * scale)), max(1, round(height * scale)))
    return np.asarray(cv2.resize(luma, size, interpolation=cv2.INTER_AREA), np.float32)
