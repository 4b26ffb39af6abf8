"""Which keypoints of a suspect lie on which keypoints of a work, and the map between the two.

Descriptors are matched by the ratio test. Every match alone proposes a similarity (position, size
and angle of its two keypoints); all proposals are tried against all matches, so there is no random
sampling and the same input always gives the same result. The best proposal is refined to an affine
map by least squares and, where enough inliers are spread far enough, to a homography. Evidence is
counted a contrario: how many such agreements would chance produce? A cluster of keypoints on one
spot (a logo, a caption) counts once.

References
----------
D. G. Lowe 2004, doi:10.1023/B:VISI.0000029664.99615.94 (ratio test, one match, one pose).
L. Moisan, B. Stival, A probabilistic criterion to detect rigid point matches, IJCV 2004,
doi:10.1023/B:VISI.0000013094.38752.54 (number of false alarms).
D. Barath et al., MAGSAC++, CVPR 2020, doi:10.1109/CVPR42600.2020.00138 (homography).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from math import lgamma, log, log10, pi

import cv2
import numpy as np
from numpy.typing import NDArray

from ocguard.fingerprint.local import LocalFeatures
from ocguard.fingerprint.product import product

__all__ = ["Correspondence", "Pairs", "correspond", "match_descriptors"]

MAX_RATIO = 0.88
"""Largest ratio of nearest to second nearest distance; geometry removes what is wrong."""

MAX_PAIRS = 160
"""Pairs kept, most distinct first; bounds the cost of trying all proposals."""

MAX_ANGLE_DEG = 25.0
"""Largest disagreement of a keypoint's orientation with the map."""

MAX_LOG2_SIZE = 0.75
"""Largest disagreement of a keypoint's size with the map, in octaves."""

LOOSE_TOLERANCE = 0.05
"""Distance, in long sides of the reference, within which a match supports a proposal."""

TIGHT_TOLERANCE = 0.025
"""Distance, in long sides of the reference, within which a match is an inlier."""

REFINE_ROUNDS = 4
"""Least-squares rounds, each with the inliers of the one before."""

SPOT_GRID = 24
"""A picture is divided into this many spots a side; inliers on one spot count once."""

MAX_SHEAR = 2.2
"""Largest ratio of the two scales of an accepted map."""

SCALE_LIMITS = (1 / 12, 12.0)
"""Smallest and largest scale of an accepted map, after bringing both pictures to one size."""

HOMOGRAPHY_TOLERANCE = 0.006
"""MAGSAC's largest error, in long sides of the reference."""

HOMOGRAPHY_SHARE = 0.6
"""Smallest share of the affine map's inliers that a homography must keep."""

MAX_BEND = 0.06
"""Largest difference of a homography from the map before at the inliers' corners, in long sides:
more is a fit to noise, unless `SURE_SHARE` of many inliers lie on it."""

SURE_SHARE = 0.9

HOMOGRAPHY_ROUNDS = 4
"""Homographies fitted in turn, each to the matches within reach of the one before."""

MIN_HOMOGRAPHY_INLIERS = 16
"""Fewest inliers that a homography is fitted to; an affine map is kept below."""


@dataclass(frozen=True)
class Pairs:
    """Matched keypoints: rows of the query, rows of the reference."""

    query: NDArray[np.intp]
    reference: NDArray[np.intp]

    def __len__(self) -> int:
        """Return the number of pairs."""
        return len(self.query)


@dataclass(frozen=True)
class Correspondence:
    """Geometric agreement of two pictures.

    Attributes
    ----------
    transform : (3, 3) float64 array
        Suspect pixels to reference pixels, in the pixels of the two renditions.
    inliers : int
        Pairs on the map.
    spots : int
        Inliers after counting those on one spot once.
    pairs : int
        Pairs that the ratio test left.
    chance : float
        Chance of one random pair to agree with the map.
    log10_false_alarms : float
        How often chance would give at least this, in powers of ten; -8 is strong, 0 is nothing.
    spread : float
        Share of a picture's area that the inliers are spread over in both directions, in the
        picture where it is larger, 0 to 1; a logo or a credit line has next to none.
    query_points, reference_points : (inliers, 2) float32 array
        The inliers' positions in their renditions.
    reference_px : int
        Long side of the reference rendition.
    query_matched, reference_matched : (n, 2) float32 array
        Positions of all pairs that the ratio test left, on the map or not.
    """

    transform: NDArray[np.float64]
    inliers: int
    spots: int
    pairs: int
    chance: float
    log10_false_alarms: float
    spread: float
    query_points: NDArray[np.float32]
    reference_points: NDArray[np.float32]
    reference_px: int
    query_matched: NDArray[np.float32]
    reference_matched: NDArray[np.float32]

    def without(self, is_taken: NDArray[np.bool_]) -> Correspondence:
        """Return what is left when some inliers count neither as agreeing nor as pairs.

        Parameters
        ----------
        is_taken : (inliers,) bool array
            The inliers that do not count.
        """
        left = int((~is_taken).sum())
        spots = round(self.spots * left / max(self.inliers, 1))
        pairs = self.pairs - self.inliers + left
        return replace(
            self,
            inliers=left,
            spots=spots,
            pairs=pairs,
            log10_false_alarms=_log10_false_alarms(pairs, spots, self.chance),
            query_points=self.query_points[~is_taken],
            reference_points=self.reference_points[~is_taken],
        )


def match_descriptors(query: LocalFeatures, reference: LocalFeatures) -> Pairs:
    """Match descriptors by the ratio test, each reference keypoint at most once.

    Returns
    -------
    Pairs
        At most `MAX_PAIRS`, most distinct first.

    Notes
    -----
    About 2 CPU-milliseconds for 600 x 600 descriptors.
    """
    if len(query) < 2 or len(reference) < 2:
        return Pairs(np.empty(0, np.intp), np.empty(0, np.intp))
    ours = query.descriptors.astype(np.float32)
    theirs = reference.descriptors.astype(np.float32)
    squared = (
        (ours * ours).sum(1)[:, None]
        + (theirs * theirs).sum(1)[None, :]
        - 2.0 * product(ours, theirs.T)
    )
    rows = np.arange(len(ours))
    best = squared.argmin(axis=1)
    first = np.maximum(squared[rows, best], 0.25)
    squared[rows, best] = np.inf
    ratio = np.sqrt(first / np.maximum(squared.min(axis=1), 0.25))
    order = np.argsort(ratio, kind="stable")
    order = order[ratio[order] <= MAX_RATIO]
    _, once = np.unique(best[order], return_index=True)
    kept = order[np.sort(once)][:MAX_PAIRS]
    return Pairs(kept, best[kept])


def correspond(
    query: LocalFeatures,
    reference: LocalFeatures,
    reference_size: tuple[int, int],
) -> Correspondence | None:
    """Find the map on which most matches agree.

    Parameters
    ----------
    query, reference : LocalFeatures
        Features in pixels of their renditions.
    reference_size : (int, int)
        Width and height of the reference rendition.

    Returns
    -------
    Correspondence or None
        None when fewer than three pairs agree on a permissible map.
    """
    pairs = match_descriptors(query, reference)
    if len(pairs) < 3:
        return None
    ours, theirs = query.take(pairs.query), reference.take(pairs.reference)
    unit = float(max(reference_size))
    agreeing = _best_proposal(ours, theirs, unit)
    affine: NDArray[np.float64] | None = None
    for _ in range(REFINE_ROUNDS):
        if agreeing.sum() < 3:
            return None
        affine = _fit(ours.points[agreeing], theirs.points[agreeing])
        if affine is None or not _is_permissible(affine, query, reference):
            return None
        agreeing = _agrees(affine, ours, theirs, TIGHT_TOLERANCE * unit)
    if affine is None or agreeing.sum() < 3:
        return None
    transform = _homography(affine, ours, theirs, agreeing, unit)
    return _evidence(transform, ours, theirs, agreeing, reference_size)


def _best_proposal(ours: LocalFeatures, theirs: LocalFeatures, unit: float) -> NDArray[np.bool_]:
    """Try the similarity of every pair against all pairs; return the supporters of the best."""
    scale = theirs.sizes_px / ours.sizes_px
    turn = theirs.angles_deg - ours.angles_deg
    factor = scale * np.exp(1j * np.deg2rad(turn))
    here = ours.points[:, 0] + 1j * ours.points[:, 1]
    there = theirs.points[:, 0] + 1j * theirs.points[:, 1]
    shift = there - factor * here
    error = np.abs(factor[:, None] * here[None] + shift[:, None] - there[None])
    octaves = np.abs(np.log2(scale)[:, None] - np.log2(scale)[None])
    turned = np.abs((turn[:, None] - turn[None] + 180.0) % 360.0 - 180.0)
    support = (error <= LOOSE_TOLERANCE * unit) & (octaves <= MAX_LOG2_SIZE)
    support &= turned <= MAX_ANGLE_DEG
    closeness = support * (1.0 - error / (2 * LOOSE_TOLERANCE * unit))
    best: NDArray[np.bool_] = support[int(closeness.sum(axis=1).argmax())]
    return best


def _fit(ours: NDArray[np.float32], theirs: NDArray[np.float32]) -> NDArray[np.float64] | None:
    """Least squares: affine from six spread points on, a similarity below."""
    here, there = ours.astype(np.float64), theirs.astype(np.float64)
    center = here.mean(axis=0)
    moved = here - center
    spread = np.linalg.svd(moved, compute_uv=False)
    if spread[0] < 1e-6:
        return None
    if len(here) >= 6 and spread[1] > 0.15 * spread[0]:
        design = np.column_stack([moved, np.ones(len(moved))])
        rows = np.linalg.lstsq(design, there, rcond=None)[0].T
    else:
        rows = _similarity(moved, there)
    affine = np.vstack([rows, [0.0, 0.0, 1.0]])
    affine[:2, 2] -= affine[:2, :2] @ center
    return affine


def _similarity(moved: NDArray[np.float64], there: NDArray[np.float64]) -> NDArray[np.float64]:
    """Least-squares similarity from centered points."""
    here_complex = moved[:, 0] + 1j * moved[:, 1]
    there_complex = there[:, 0] + 1j * there[:, 1]
    shift = there_complex.mean()
    power = float((np.abs(here_complex) ** 2).sum())
    factor = complex((np.conj(here_complex) * (there_complex - shift)).sum()) / power
    a, b = factor.real, factor.imag
    return np.array([[a, -b, shift.real], [b, a, shift.imag]])


def _is_permissible(
    affine: NDArray[np.float64], query: LocalFeatures, reference: LocalFeatures
) -> bool:
    """Whether the map neither flips, squashes, nor scales beyond reason."""
    linear = affine[:2, :2]
    scales = np.linalg.svd(linear, compute_uv=False)
    if np.linalg.det(linear) <= 0 or scales[0] > MAX_SHEAR * scales[1]:
        return False
    extent = float(np.ptp(reference.points, axis=0).max() / np.ptp(query.points, axis=0).max())
    relative = float(scales.mean()) / extent
    return SCALE_LIMITS[0] <= relative <= SCALE_LIMITS[1]


def _agrees(
    affine: NDArray[np.float64], ours: LocalFeatures, theirs: LocalFeatures, tolerance_px: float
) -> NDArray[np.bool_]:
    """Which pairs agree with an affine map in position, size and angle."""
    mapped = ours.points @ affine[:2, :2].T + affine[:2, 2]
    error = np.linalg.norm(mapped - theirs.points, axis=1)
    linear = affine[:2, :2]
    octaves = np.log2(theirs.sizes_px / ours.sizes_px) - 0.5 * np.log2(abs(np.linalg.det(linear)))
    rotation = np.rad2deg(np.arctan2(linear[1, 0] - linear[0, 1], linear[0, 0] + linear[1, 1]))
    turned = (theirs.angles_deg - ours.angles_deg - rotation + 180.0) % 360.0 - 180.0
    agreeing: NDArray[np.bool_] = (
        (error <= tolerance_px)
        & (np.abs(octaves) <= MAX_LOG2_SIZE)
        & (np.abs(turned) <= MAX_ANGLE_DEG)
    )
    return agreeing


def _homography(
    affine: NDArray[np.float64],
    ours: LocalFeatures,
    theirs: LocalFeatures,
    agreeing: NDArray[np.bool_],
    unit: float,
) -> NDArray[np.float64]:
    """Refine to a homography where the inliers carry one; keep the affine map otherwise.

    Under strong perspective an affine map agrees with a part of the matches alone. A homography
    of that part reaches a little farther, and the next one, of all within its reach, farther still.
    """
    transform = affine
    for _ in range(HOMOGRAPHY_ROUNDS):
        here, there = ours.points[agreeing], theirs.points[agreeing]
        if len(here) < MIN_HOMOGRAPHY_INLIERS:
            break
        found, kept = cv2.findHomography(
            here, there, cv2.USAC_MAGSAC, HOMOGRAPHY_TOLERANCE * unit, maxIters=400
        )
        if found is None or kept is None or kept.sum() < HOMOGRAPHY_SHARE * len(here):
            break
        corners = np.array([[p] for p in (here.min(axis=0), here.max(axis=0))], np.float64)
        before, after = (cv2.perspectiveTransform(corners, one) for one in (transform, found))
        is_sure = kept.sum() >= max(SURE_SHARE * len(here), 2 * MIN_HOMOGRAPHY_INLIERS)
        if not is_sure and np.abs(after - before).max() > MAX_BEND * unit:
            break
        transform = np.asarray(found, np.float64)
        mapped = cv2.perspectiveTransform(ours.points[:, None].astype(np.float64), transform)[:, 0]
        near = np.linalg.norm(mapped - theirs.points, axis=1) <= TIGHT_TOLERANCE * unit
        if near.sum() <= agreeing.sum():
            break
        agreeing = near
    return transform


def _evidence(
    transform: NDArray[np.float64],
    ours: LocalFeatures,
    theirs: LocalFeatures,
    agreeing: NDArray[np.bool_],
    reference_size: tuple[int, int],
) -> Correspondence:
    """Count spots and the chance of such an agreement."""
    extent = np.maximum(np.ptp(theirs.points, axis=0), 1.0)
    spots = min(
        _count_spots(ours.points[agreeing], np.ptp(ours.points, axis=0).max()),
        _count_spots(theirs.points[agreeing], extent.max()),
    )
    tolerance = TIGHT_TOLERANCE * max(reference_size)
    area = float(np.clip(extent.prod(), 0.1 * max(reference_size) ** 2, None))
    chance = min(0.5, pi * tolerance**2 / area * (MAX_ANGLE_DEG / 180) * (MAX_LOG2_SIZE / 2))
    return Correspondence(
        transform=transform,
        inliers=int(agreeing.sum()),
        spots=spots,
        pairs=len(ours),
        chance=chance,
        log10_false_alarms=_log10_false_alarms(len(ours), spots, chance),
        spread=max(_spread(ours, agreeing), _spread(theirs, agreeing)),
        query_points=ours.points[agreeing],
        reference_points=theirs.points[agreeing],
        reference_px=max(reference_size),
        query_matched=ours.points,
        reference_matched=theirs.points,
    )


def _spread(features: LocalFeatures, agreeing: NDArray[np.bool_]) -> float:
    """Area of a square as wide as the inliers' narrow side, as a share of all keypoints' area.

    A uniform square with standard deviation s along its sides has the area 12 s^2.
    """
    covariance = np.cov(features.points[agreeing].astype(np.float64).T)
    narrow = max(float(np.linalg.eigvalsh(covariance)[0]), 0.0)
    extent = np.maximum(np.ptp(features.points, axis=0), 1.0)
    return min(1.0, 12.0 * narrow / float(extent.prod()))


def _count_spots(points: NDArray[np.float32], extent_px: float) -> int:
    """Count the distinct grid cells that points fall on."""
    cells = np.floor(points * (SPOT_GRID / max(float(extent_px), 1.0))).astype(np.int64)
    return len(np.unique(cells, axis=0))


def _log10_false_alarms(pairs: int, agreeing: int, chance: float) -> float:
    """Expected number of maps with this many agreeing pairs among random pairs."""
    free = agreeing - 2
    if free <= 0:
        return log10(max(pairs, 1))
    ways = lgamma(pairs + 1) - lgamma(agreeing + 1) - lgamma(pairs - agreeing + 1)
    return log10(pairs) + ways / log(10) + free * log10(chance)
