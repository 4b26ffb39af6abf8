"""Lay the suspect on the work and compare them tile by tile.

A map alone says that something corresponds. This says how much: in which tiles of the work the
suspect has the same edges, whether the light and dark agree, whether the colors do, and how much of
either picture is common. Tiles of the work that hold no structure do not count, so that a white
ground neither proves nor disproves anything. Color is reported apart, because recoloring is common.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import nan

import cv2
import numpy as np
from numpy.typing import NDArray

from ocguard.fingerprint.edge_layout import orientation_field
from ocguard.fingerprint.normalize import resize_area
from ocguard.matching.alignment.bending import Laid, Landmarks, lay_landmarks
from ocguard.matching.alignment.tiles import MIN_STRENGTH, coherence, find_moves, soft_field
from ocguard.matching.evidence.outline import same_outline
from ocguard.matching.evidence.shares import share_of

__all__ = ["TILES", "Agreement", "Alignment", "compare_aligned"]

RASTER_PX = 288
"""Long side of the work's raster that both pictures are compared on."""

CLOSE_PX = 2 * RASTER_PX
"""Long side of the raster that both are looked at closely on."""

TILES = 12
"""Tiles a side."""

AGREEING_CORRELATION = 0.55
"""Edge correlation from which on a tile agrees, 1 being the same edges."""

MIN_TILES = 6
"""Fewest compared tiles of a part that say whether it agrees."""

MIN_TILE_COVER = 0.5
"""Smallest share of a tile that the suspect must cover to be compared."""

PALETTE_SCALE = 60.0
"""Mean color difference (CIE 1976, Lab units) at which palettes share nothing."""


@dataclass(frozen=True, kw_only=True)
class Agreement:
    """How far two aligned pictures agree, in numbers; not a number where nothing was aligned.

    Attributes
    ----------
    structure_correlation : float
        Mean edge correlation of compared tiles, -1 to 1, weighted by the work's structure.
    tone_correlation : float
        Mean correlation of light and dark in compared tiles, -1 to 1; negative when inverted.
    upper_tone_correlation : float
        Correlation of light and dark, its size only, that a quarter of the structure exceeds:
        unlike the mean it does not fall when only the ground behind a figure was replaced.
    agreeing_structure_share : float
        Share of the compared structure that lies in agreeing tiles, 0 to 1.
    work_covered_share : float
        Share of the work's structure that lies in agreeing tiles, 0 to 1.
    suspect_covered_share : float
        Share of the suspect's structure that lies under agreeing tiles, 0 to 1.
    palette_likeness : float
        Likeness of the colors in agreeing tiles, 0 to 1.
    coherence : float
        How far neighboring pieces of the work moved alike; see `tiles.coherence`.
    outline_agreement : float
        How far the outlines of two figures on plain ground lie on each other, 0 to 1.
    common_area_share : float
        Share of the tiles that agree, of those where either picture holds structure and the suspect
        reaches, 0 to 1: an ornate frame does not outweigh the figure that it surrounds.
    """

    structure_correlation: float = nan
    tone_correlation: float = nan
    upper_tone_correlation: float = nan
    agreeing_structure_share: float = nan
    work_covered_share: float = nan
    suspect_covered_share: float = nan
    palette_likeness: float = nan
    coherence: float = nan
    outline_agreement: float = nan
    common_area_share: float = nan


@dataclass(frozen=True)
class OnRaster:
    """Both pictures on one raster.

    Attributes
    ----------
    suspect_rgb, work_rgb : (h, w, 3) uint8 arrays
        The pictures.
    cover : (h, w) float32 array
        How far the suspect reaches, 0 to 1.
    onto : (3, 3) float64 array
        The work's pixels to pixels of the raster.
    """

    suspect_rgb: NDArray[np.uint8]
    work_rgb: NDArray[np.uint8]
    cover: NDArray[np.float32]
    onto: NDArray[np.float64]


@dataclass(frozen=True)
class Alignment:
    """A suspect laid on a work, compared tile by tile.

    Attributes
    ----------
    agreement : Agreement
        How far both agree, in numbers.
    tiles : (TILES, TILES) float32 array
        Edge correlation, -1 to 1, of every tile of the work; NaN where the work holds no structure
        or the suspect does not reach.
    laid : Laid
        What was compared.
    suspect_rgb, work_rgb : (H, W, 3) uint8 arrays
        The renditions that it was made of.
    transform : (3, 3) float64 array
        Suspect pixels to work pixels.
    """

    agreement: Agreement
    tiles: NDArray[np.float32]
    laid: Laid
    suspect_rgb: NDArray[np.uint8]
    work_rgb: NDArray[np.uint8]
    transform: NDArray[np.float64]

    @property
    def work_size(self) -> tuple[int, int]:
        """Width and height of the work's rendition."""
        return self.work_rgb.shape[1], self.work_rgb.shape[0]

    def closely(self) -> OnRaster:
        """Return both pictures on the finer raster; about 8 CPU-milliseconds."""
        return _on_raster(self.suspect_rgb, self.work_rgb, self.transform, CLOSE_PX)

    def agreement_near(self, places: NDArray[np.float32]) -> tuple[float, float]:
        """Return the share of compared tiles that agree near places of the work, and elsewhere.

        Parameters
        ----------
        places : (n, 2) float32 array
            In pixels of the work's rendition; a tile with one in it or beside it is near.

        Returns
        -------
        (float, float)
            Near and elsewhere, 0 to 1; 0 where fewer than `MIN_TILES` were compared.
        """
        near = np.zeros((TILES, TILES), np.uint8)
        columns, rows = np.clip(places.T * TILES / np.array([self.work_size]).T, 0, TILES - 1)
        near[rows.astype(int), columns.astype(int)] = 1
        is_near = cv2.dilate(near, np.ones((3, 3), np.uint8)) > 0
        shares = []
        for part in (is_near, ~is_near):
            compared = self.tiles[part & ~np.isnan(self.tiles)]
            enough = len(compared) >= MIN_TILES
            shares.append(float(np.mean(compared >= AGREEING_CORRELATION)) if enough else 0.0)
        return shares[0], shares[1]


def compare_aligned(
    suspect: NDArray[np.uint8],
    work: NDArray[np.uint8],
    transform: NDArray[np.float64],
    matched: tuple[NDArray[np.float32], NDArray[np.float32]] | None = None,
) -> Alignment:
    """Compare a suspect with a work under a known map.

    Parameters
    ----------
    suspect, work : (H, W, 3) uint8 arrays
        The RGB renditions between which the map holds, transparency laid on white.
    transform : (3, 3) float64 array
        Suspect pixels to work pixels.
    matched : two (n, 2) float32 arrays or None
        Keypoints of the suspect and those of the work that they were matched with, on the map or
        not: a bent suspect is followed by them (`bending.follow`).

    Returns
    -------
    Alignment

    Notes
    -----
    About 30 CPU-milliseconds.
    """
    raster = _on_raster(suspect, work, transform, RASTER_PX)
    ours, theirs = matched or (np.empty((0, 2), np.float32), np.empty((0, 2), np.float32))
    scale = np.array([raster.onto[0, 0], raster.onto[1, 1]], np.float32)
    onto = raster.onto @ transform
    landmarks = lay_landmarks(ours, theirs * scale, onto)
    agreement, tiles, laid = _compare(raster, landmarks, suspect, onto)
    return Alignment(agreement, tiles, laid, suspect, work, transform)


def _on_raster(
    suspect: NDArray[np.uint8],
    work: NDArray[np.uint8],
    transform: NDArray[np.float64],
    side_px: int,
) -> OnRaster:
    """Bring both pictures to a raster of the work's shape."""
    factor = min(1.0, side_px / max(work.shape[:2]))
    size = (max(TILES, round(work.shape[1] * factor)), max(TILES, round(work.shape[0] * factor)))
    onto = np.diag([size[0] / work.shape[1], size[1] / work.shape[0], 1.0])
    there, cover = _warp(suspect, onto @ transform, size)
    return OnRaster(there, resize_area(work, size), cover, onto)


def _warp(
    suspect: NDArray[np.uint8], transform: NDArray[np.float64], size: tuple[int, int]
) -> tuple[NDArray[np.uint8], NDArray[np.float32]]:
    """Bring the suspect to the work's raster, shrunk first where it is much larger."""
    scale = float(np.sqrt(abs(np.linalg.det(transform[:2, :2]))))
    if scale < 0.5:
        smaller = (max(1, round(suspect.shape[1] * scale)), max(1, round(suspect.shape[0] * scale)))
        grow = np.diag([suspect.shape[1] / smaller[0], suspect.shape[0] / smaller[1], 1.0])
        suspect, transform = resize_area(suspect, smaller), transform @ grow
    warped = cv2.warpPerspective(suspect, transform, size, borderMode=cv2.BORDER_REPLICATE)
    inside = np.ones(suspect.shape[:2], np.float32)
    cover = cv2.warpPerspective(inside, transform, size)
    return np.asarray(warped, np.uint8), np.asarray(cover, np.float32)


def _compare(
    raster: OnRaster,
    landmarks: Landmarks,
    suspect: NDArray[np.uint8],
    transform: NDArray[np.float64],
) -> tuple[Agreement, NDArray[np.float32], Laid]:
    here, there, cover = raster.work_rgb, raster.suspect_rgb, raster.cover
    ours, theirs = soft_field(there), soft_field(here)
    product = _tile_means((np.conj(ours) * theirs).real.astype(np.float32) * cover)
    power = _tile_means(_power(ours) * cover) * _tile_means(_power(theirs) * cover)
    strength = _tile_means(np.abs(theirs))
    counts = (strength >= MIN_STRENGTH) & (_tile_means(cover) >= MIN_TILE_COVER)
    correlation = np.where(counts, product / np.sqrt(np.maximum(power, 1e-9)), np.nan)
    weights = np.where(counts, strength, 0.0)
    agrees = counts & (correlation >= AGREEING_CORRELATION)
    tone = _tone(here, there, cover)
    reached = _tile_means(cover) >= MIN_TILE_COVER
    holds = reached & (np.maximum(strength, _tile_means(np.abs(ours))) >= MIN_STRENGTH)
    seen: NDArray[np.complex64] = (ours * cover).astype(np.complex64)
    laid = Laid(there, here, seen, theirs, cover, find_moves(seen, theirs), landmarks)
    structured = float(strength[strength >= MIN_STRENGTH].sum())
    agreement = Agreement(
        structure_correlation=_weighted(correlation, weights),
        tone_correlation=_weighted(tone, weights),
        upper_tone_correlation=_exceeded_in_a_quarter(np.abs(tone), weights),
        agreeing_structure_share=share_of(weights[agrees].sum(), weights.sum()),
        work_covered_share=share_of(weights[agrees].sum(), structured),
        suspect_covered_share=_suspect_coverage(suspect, agrees, transform, here.shape[:2]),
        palette_likeness=_palette(here, there, agrees),
        coherence=coherence(laid.moves),
        outline_agreement=same_outline(there, here, cover),
        common_area_share=share_of(float(agrees.sum()), float(holds.sum())),
    )
    return agreement, correlation.astype(np.float32), laid


def _power(field: NDArray[np.complex64]) -> NDArray[np.float32]:
    return (field.real**2 + field.imag**2).astype(np.float32)


def _tile_means(values: NDArray[np.float32]) -> NDArray[np.float32]:
    return np.asarray(cv2.resize(values, (TILES, TILES), interpolation=cv2.INTER_AREA), np.float32)


def _tone(
    here: NDArray[np.uint8], there: NDArray[np.uint8], cover: NDArray[np.float32]
) -> NDArray[np.float32]:
    """Correlate light and dark within every tile."""
    a = np.asarray(cv2.cvtColor(here, cv2.COLOR_RGB2GRAY), np.float32)
    b = np.asarray(cv2.cvtColor(there, cv2.COLOR_RGB2GRAY), np.float32)
    amount = np.maximum(_tile_means(cover), 1e-6)
    mean_a, mean_b = _tile_means(a * cover) / amount, _tile_means(b * cover) / amount
    shared = _tile_means(a * b * cover) / amount - mean_a * mean_b
    own_a = _tile_means(a * a * cover) / amount - mean_a**2
    own_b = _tile_means(b * b * cover) / amount - mean_b**2
    return np.asarray(shared / np.sqrt(np.maximum(own_a, 1.0) * np.maximum(own_b, 1.0)))


def _weighted(values: NDArray[np.float32], weights: NDArray[np.float32]) -> float:
    total = float(weights.sum())
    return float((np.nan_to_num(values) * weights).sum()) / total if total > 0 else 0.0


def _exceeded_in_a_quarter(values: NDArray[np.float32], weights: NDArray[np.float32]) -> float:
    """Return the weighted 75th percentile, 0 where nothing has weight."""
    order = np.argsort(-values, axis=None)
    reached = np.cumsum(weights.reshape(-1)[order])
    if not len(reached) or reached[-1] <= 0:
        return 0.0
    return float(values.reshape(-1)[order][np.searchsorted(reached, 0.25 * reached[-1])])


def _suspect_coverage(
    suspect: NDArray[np.uint8],
    agrees: NDArray[np.bool_],
    transform: NDArray[np.float64],
    raster: tuple[int, int],
) -> float:
    """Carry the agreeing tiles back and weigh what of the suspect lies under them."""
    factor = min(1.0, RASTER_PX / max(suspect.shape[:2]))
    size = (max(1, round(suspect.shape[1] * factor)), max(1, round(suspect.shape[0] * factor)))
    small = resize_area(suspect, size)
    strength = np.abs(orientation_field(np.asarray(cv2.cvtColor(small, cv2.COLOR_RGB2GRAY))))
    mask = cv2.resize(
        agrees.astype(np.float32), (raster[1], raster[0]), interpolation=cv2.INTER_NEAREST
    )
    grow = np.diag([suspect.shape[1] / size[0], suspect.shape[0] / size[1], 1.0])
    back = cv2.warpPerspective(mask, transform @ grow, size, flags=cv2.WARP_INVERSE_MAP)
    return share_of(float((strength * back).sum()), float(strength.sum()))


def _palette(here: NDArray[np.uint8], there: NDArray[np.uint8], agrees: NDArray[np.bool_]) -> float:
    """Compare colors of agreeing tiles in Lab, after averaging each over the tile."""
    if not agrees.any():
        return 0.0
    lab = [
        cv2.cvtColor(
            cv2.resize(p.astype(np.float32) / 255, (TILES, TILES), interpolation=cv2.INTER_AREA),
            cv2.COLOR_RGB2LAB,
        )
        for p in (here, there)
    ]
    difference = np.linalg.norm(np.asarray(lab[0]) - np.asarray(lab[1]), axis=2)[agrees]
    return float(np.clip(1.0 - difference.mean() / PALETTE_SCALE, 0.0, 1.0))
