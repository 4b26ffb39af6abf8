"""Check one candidate: whether the work is in the suspect, and where.

Two independent ways: keypoints that agree on one map (`keypoints`), in both mirrors, and the
layout of edges (`edges`). Both give a map from suspect to work; the keypoints' is the more
exact one and is preferred where they carry it.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from ocguard.fingerprint.codes import code_distances
from ocguard.fingerprint.fingerprint import Fingerprint
from ocguard.matching.alignment.edges import LayoutMatch, LayoutQuery, match_layout, prepare_layout
from ocguard.matching.alignment.keypoints import Correspondence, correspond

__all__ = ["Method", "Query", "Verification", "prepare", "verify"]

Method = Literal["keypoints", "layout", "whole", "none"]

FALSE_ALARMS_KEYPOINTS = -3.0
"""Powers of ten of chance agreements below which the keypoints' map is used."""

MIN_LAYOUT_CORRELATION = 0.20
"""Layout correlation from which on the layout's map is used."""

SAME_PLACE = 0.05
"""Distance, in long sides of the work, below which two keypoints lie on the same part of it."""

NOTHING = 9.0
"""log10 of chance agreements reported where no map was found at all."""


@dataclass(frozen=True)
class Query:
    """A suspect prepared for comparison with any number of works."""

    fingerprint: Fingerprint
    layout: LayoutQuery


@dataclass(frozen=True)
class Verification:
    """Agreement of a suspect with one work.

    Attributes
    ----------
    method : "keypoints", "layout", "whole" or "none"
        What the map was found by; "whole" lays one whole picture on the other.
    transform : (3, 3) float64 array
        Suspect pixels to reference pixels, of the two renditions that were described; the identity
        when ``method`` is "none". Includes the mirroring.
    is_mirrored : bool
        Whether the map mirrors.
    inliers, pairs : int
        Keypoint pairs on the map, and before it was fitted.
    log10_false_alarms : float
        How often chance gives such an agreement of keypoints, in powers of ten.
    spread : float
        Share of the picture that the inliers are spread over, 0 to 1.
    layout_correlation, layout_prominence : float
        See `edges.LayoutMatch`.
    code_distance : int
        Differing bits of the nearest global codes, both mirrors, of 256; 256 where there are none.
    correspondence : Correspondence or None
        The agreeing keypoints; None where there are none.
    places : (inliers, 2) float32 array
        Where they lie in the suspect as it is, in pixels of its rendition.
    query_width : int
        Width of the suspect's rendition in pixels.
    """

    method: Method
    transform: NDArray[np.float64]
    is_mirrored: bool
    inliers: int
    pairs: int
    log10_false_alarms: float
    spread: float
    layout_correlation: float
    layout_prominence: float
    code_distance: int
    correspondence: Correspondence | None
    places: NDArray[np.float32]
    query_width: int

    @property
    def matched(self) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        """Matched keypoints, on the map or not, in the suspect as it is and in the work.

        Two (n, 2) arrays in pixels of both renditions; empty where the map is not the keypoints'.
        """
        found = self.correspondence
        if found is None or self.method != "keypoints":
            return np.empty((0, 2), np.float32), np.empty((0, 2), np.float32)
        return _as_it_is(
            found.query_matched, self.query_width, self.is_mirrored
        ), found.reference_matched

    def without(self, common: NDArray[np.float32]) -> Verification:
        """Return the agreement of those keypoints alone that do not lie on a common part.

        Parameters
        ----------
        common : (n, 2) float32 array
            Places that the work has in common with other works, in pixels of its rendition.
        """
        if self.correspondence is None or not len(common):
            return self
        found = self.correspondence
        apart = np.linalg.norm(found.reference_points[:, None] - common[None], axis=2)
        left = found.without((apart <= SAME_PLACE * found.reference_px).any(axis=1))
        return replace(
            self,
            inliers=left.inliers,
            pairs=left.pairs,
            log10_false_alarms=left.log10_false_alarms,
            correspondence=left,
        )

    def onto_whole(
        self, size: tuple[int, int], work_size: tuple[int, int], *, is_mirrored: bool
    ) -> Verification:
        """Return the same agreement under the map that lays the whole suspect on the whole work.

        Parameters
        ----------
        size, work_size : (int, int)
            Width and height of both renditions in pixels.
        is_mirrored : bool
            Whether the map mirrors.
        """
        across, down = work_size[0] / size[0], work_size[1] / size[1]
        left, top = (across - 1) / 2, (down - 1) / 2  # from the middle of a pixel
        onto = np.array([[across, 0.0, left], [0.0, down, top], [0.0, 0.0, 1.0]])
        if is_mirrored:
            onto[0] = -across, 0.0, work_size[0] - 1 - left
        return replace(self, method="whole", transform=onto, is_mirrored=is_mirrored)


def prepare(fingerprint: Fingerprint) -> Query:
    """Do once what every comparison with a suspect needs; about 6 CPU-milliseconds."""
    return Query(fingerprint, prepare_layout(fingerprint))


def verify(query: Query, reference: Fingerprint) -> Verification:
    """Compare a suspect with one work.

    Parameters
    ----------
    query : Query
        The suspect, from `prepare`.
    reference : Fingerprint
        The work.

    Returns
    -------
    Verification
        Deterministic. Without agreement, ``method`` is "none".

    Notes
    -----
    About 6 CPU-milliseconds.
    """
    is_mirrored, found = _best_correspondence(query.fingerprint, reference)
    layout = match_layout(query.layout, reference)
    method, transform = _choose(found, layout, query.fingerprint.width, is_mirrored)
    return Verification(
        method=method,
        transform=transform,
        is_mirrored=layout.is_mirrored
        if method == "layout"
        else is_mirrored and method == "keypoints",
        inliers=found.inliers if found else 0,
        pairs=found.pairs if found else 0,
        log10_false_alarms=found.log10_false_alarms if found else NOTHING,
        spread=found.spread if found else 0.0,
        layout_correlation=layout.correlation,
        layout_prominence=layout.prominence,
        code_distance=_nearest_code(query.fingerprint, reference),
        correspondence=found,
        places=_places(found, query.fingerprint.width, is_mirrored),
        query_width=query.fingerprint.width,
    )


def _best_correspondence(
    query: Fingerprint, reference: Fingerprint
) -> tuple[bool, Correspondence | None]:
    """Try the suspect as it is and mirrored."""
    plain = correspond(query.local, reference.local, reference.size)
    mirrored = correspond(query.local.mirrored(query.width), reference.local, reference.size)
    if plain is None or (mirrored and mirrored.log10_false_alarms < plain.log10_false_alarms):
        return mirrored is not None, mirrored
    return False, plain


def _choose(
    found: Correspondence | None, layout: LayoutMatch, width: int, is_mirrored: bool
) -> tuple[Method, NDArray[np.float64]]:
    """Prefer the keypoints' map, then the layout's, then none."""
    if found is not None and found.log10_false_alarms <= FALSE_ALARMS_KEYPOINTS:
        flip = np.array([[-1.0, 0.0, width - 1.0], [0.0, 1.0, 0.0], [0.0, 0.0, 1.0]])
        return "keypoints", found.transform @ flip if is_mirrored else found.transform
    if layout.correlation >= MIN_LAYOUT_CORRELATION:
        return "layout", layout.transform
    return "none", np.eye(3)


def _places(found: Correspondence | None, width: int, is_mirrored: bool) -> NDArray[np.float32]:
    """Return the inliers' positions in the suspect as it is."""
    if found is None:
        return np.empty((0, 2), np.float32)
    return _as_it_is(found.query_points, width, is_mirrored)


def _as_it_is(points: NDArray[np.float32], width: int, is_mirrored: bool) -> NDArray[np.float32]:
    """Undo the mirroring of positions in the suspect."""
    places = points.copy()
    if is_mirrored:
        places[:, 0] = width - 1 - places[:, 0]
    return places


def _nearest_code(query: Fingerprint, reference: Fingerprint) -> int:
    """Return the distance of the nearest codes of whole or content, 256 where there are none."""
    asked = np.concatenate([query.codes[:2], query.mirrored_codes[:2]])
    stored = reference.codes[:2]
    asked, stored = asked[asked.any(axis=1)], stored[stored.any(axis=1)]
    if not len(asked) or not len(stored):
        return 256
    return int(code_distances(asked, stored).min())
