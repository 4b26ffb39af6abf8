"""From evidence to a likelihood ratio that one can defend.

Four monotone features (keypoints, layout, coherence of aligned pieces, outline) are summed with
weights fitted by logistic regression on one half of a set of pictures and reported on the other
(``tests/benchmarks/bench_matching.py``), giving how much likelier the evidence is if the suspect
was made from the work than if it was not. Looking through more works finds more coincidences: the
ratio is divided by the number of works, so that at most one unrelated suspect in a hundred reaches
a ratio of a hundred, whatever the size of the portfolio. Fits extrapolate, so what is reported is
clipped to what the number of unrelated pairs supports.

There is one calibration for edits and repaints alike. Told apart by what the pair itself shows
(agreement of light and dark, of edges, of colors after alignment), two fits were no better on
families that they were not fitted on: next to no unrelated pair looks like an edit, which leaves
nothing to fit a ratio to. Nor did the mean of the best scores of unrelated works, subtracted from a
suspect's, tell right works from wrong ones any better.

A second calibration is against pictures that share something with a work, as a template or an
overlay; `ratio` says how the two are put together.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from math import isnan, log10
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from ocguard.matching.evidence.measures import Measures

__all__ = [
    "Calibration",
    "Evidence",
    "SharedCalibration",
    "features",
    "load_calibration",
    "load_shared_calibration",
    "repaint_log10_lr",
]

KEYPOINTS_FULL = 30.0
"""Powers of ten of chance agreement beyond which more keypoints say nothing more."""

MIN_SPREAD = 0.008
"""Share of the picture that inliers must be spread over, in both directions; a credit line that two
pictures share is wide and low, and stays below (as high as a fifteenth of the picture: 0.007)."""

KEYPOINTS_WITHOUT_SPREAD = 2.0
"""What keypoints count at most, in powers of ten, when they are not spread."""

LAYOUT_FROM = 1.5
"""Layout score (correlation times prominence) that 1 % of unrelated pairs exceed."""

LAYOUT_FULL = 8.0
"""Layout score beyond which more says nothing more."""

COHERENCE_FULL = 4.0
"""Coherence of aligned pieces beyond which more says nothing more."""

REPAINT_FROM, REPAINT_DECADE = -0.1, 0.09
"""Agreement to the network that chance always gives, and what chance exceeds ten times less often:
one in a hundred unrelated pairs has .08, one in a thousand .18, one in ten thousand .23."""

REPAINT_LIMIT = 4.8
"""Largest log10 likelihood ratio of a repaint: log10 of these unrelated pairs. They were works, and
repainted works, of the half that bounds are chosen on."""

OUTLINE_FROM = 0.5
"""Agreement of outlines that one in a hundred unrelated pairs of figures exceeds."""

Evidence = tuple[float, float, float, float]
"""Keypoints, layout, coherence, outline."""


@dataclass(frozen=True)
class Calibration:
    """Weights of the features.

    Attributes
    ----------
    calibration_id : str
        Named in every verdict.
    weights : (float, float, float, float)
        Of keypoints, layout, coherence and outline; none is negative.
    offset : float
        log10 likelihood ratio of no evidence at all.
    limit : float
        Largest log10 likelihood ratio that is reported: log10 of the unrelated pairs.
    """

    calibration_id: str
    weights: Evidence
    offset: float
    limit: float

    def log10_lr(self, evidence: Evidence, works: int) -> float:
        """Return the log10 likelihood ratio, corrected for the number of works.

        Parameters
        ----------
        evidence : (float, float, float, float)
            From `features`.
        works : int
            Works that the suspect was compared with, at least 1.
        """
        raw = self.offset + sum(w * x for w, x in zip(self.weights, evidence, strict=True))
        return _among(raw, works, self.limit)


def _among(raw: float, works: int, limit: float) -> float:
    """Divide a ratio by the number of works, and clip it."""
    return max(-limit, min(limit, raw - log10(max(works, 1))))


def repaint_log10_lr(feature_agreement: float, works: int) -> float:
    """Return the log10 likelihood ratio of two pictures that only the network finds alike.

    Most repaints reach any agreement that is asked for, so the ratio is one in how many
    unrelated pairs do.

    Parameters
    ----------
    feature_agreement : float
        From `feature_agreement`.
    works : int
        Works that the suspect was compared with, at least 1.
    """
    raw = (feature_agreement - REPAINT_FROM) / REPAINT_DECADE
    return _among(raw, works, REPAINT_LIMIT)


def features(measures: Measures) -> Evidence:
    """Return the evidence as four numbers that grow with it; what chance gives counts as zero.

    Parameters
    ----------
    measures : Measures
        Of one compared work, aligned or not.

    Returns
    -------
    (float, float, float, float)
        Keypoints in powers of ten, layout score above chance, coherence of aligned pieces, and
        outline above chance, 0 to 1.
    """
    keypoints = min(max(-measures.log10_false_alarms, 0.0), KEYPOINTS_FULL)
    if measures.inlier_spread_share < MIN_SPREAD:
        keypoints = min(keypoints, KEYPOINTS_WITHOUT_SPREAD)
    layout = max(measures.layout_correlation, 0.0) * max(measures.layout_prominence, 0.0)
    coherent = min(measures.coherence, COHERENCE_FULL) if measures.is_aligned else 0.0
    outline = measures.outline_agreement if measures.is_aligned else 0.0
    return (
        keypoints,
        max(min(layout, LAYOUT_FULL) - LAYOUT_FROM, 0.0),
        max(coherent, 0.0),
        max(outline - OUTLINE_FROM, 0.0) / (1 - OUTLINE_FROM),
    )


@dataclass(frozen=True)
class SharedCalibration:
    """How much likelier the evidence is for a copy than for a picture that shares something.

    Attributes
    ----------
    weights : Mapping of str to float
        Of every measure that counts, in powers of ten for each unit.
    offset : float
        log10 likelihood ratio where all of them are zero.
    limit : float
        Largest log10 likelihood ratio, either way: log10 of the pictures that it was fitted on.
    explained : float
        What is added where an explanation holds; not positive.
    """

    weights: Mapping[str, float]
    offset: float
    limit: float
    explained: float

    def log10_lr(self, measures: Measures, *, is_explained: bool) -> float:
        """Return the log10 likelihood ratio against pictures that share something.

        Parameters
        ----------
        measures : Measures
            Of an examined work; what was not taken counts for nothing.
        is_explained : bool
            Whether an explanation holds.
        """
        raw = self.offset + (self.explained if is_explained else 0.0)
        for name, weight in self.weights.items():
            measured = float(getattr(measures, name))
            raw += 0.0 if isnan(measured) else weight * measured
        return max(-self.limit, min(self.limit, raw))


@cache
def load_calibration() -> Calibration:
    """Return the calibration that this version ships."""
    data = _shipped()
    first, second, third, fourth = data["weights"]
    return Calibration(
        data["calibration_id"], (first, second, third, fourth), data["offset"], data["limit"]
    )


@cache
def load_shared_calibration() -> SharedCalibration:
    """Return the calibration against pictures that share something that this version ships."""
    data = _shipped()["shared"]
    return SharedCalibration(data["weights"], data["offset"], data["limit"], data["explained"])


@cache
def _shipped() -> dict[str, Any]:
    place = resources.files("ocguard.matching.decision").joinpath("calibration.json")
    shipped: dict[str, Any] = json.loads(place.read_text("utf-8"))
    return shipped
