"""Registered works that resemble a suspect, as reports and JSON show them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ocguard.matching.evidence.measures import Measures
from ocguard.matching.identification.comparison import Comparison

__all__ = ["Candidate", "NamedWork", "candidate_of"]


@dataclass(frozen=True)
class NamedWork:
    """A work, and what it goes by.

    Attributes
    ----------
    work_id : str
        16 hexadecimal digits.
    source : str
        Where its original was first seen; empty for a work that is not registered.
    title : str or None
        What its creator calls it; None when that is the name of its file.
    """

    work_id: str
    source: str
    title: str | None = None


@dataclass(frozen=True)
class Candidate:
    """A registered work that resembles a suspect.

    Attributes
    ----------
    work_id, source, title : str
        As of a named work.
    log10_lr : float
        log10 of the likelihood ratio: how much likelier these measurements are for a copy than
        for another picture, corrected for the size of the portfolio. What explains the agreement
        otherwise lowers it.
    evidence : Mapping of str to object
        The measurements that a person can look at.
    """

    work_id: str
    source: str
    title: str | None
    log10_lr: float
    evidence: Mapping[str, Any]


def candidate_of(
    compared: Comparison, log10_lr: float, work: NamedWork, learned: Mapping[str, float]
) -> Candidate:
    """Show a compared work.

    Parameters
    ----------
    compared : Comparison
        The work, as the matcher compared it.
    log10_lr : float
        What is told of it (`Decision.log10_lrs`).
    work : NamedWork
        Which it is.
    learned : Mapping of str to float
        Similarity of works by a learned descriptor, by the ids that the matcher knows them by.
    """
    evidence = _evidence(compared.measures)
    if compared.work_id in learned:
        evidence["learned_similarity"] = round(learned[compared.work_id], 3)
    return Candidate(work.work_id, work.source, work.title, round(log10_lr, 2), evidence)


def _evidence(measures: Measures) -> dict[str, Any]:
    """Return the measurements as plain, rounded values."""
    values: dict[str, Any] = {
        "method": measures.method,
        "mirrored": measures.is_mirrored,
        "inliers": measures.inliers,
        "inlier_ratio": round(measures.inlier_ratio, 3),
        "inlier_spread": round(measures.inlier_spread_share, 3),
        "log10_false_alarms": round(measures.log10_false_alarms, 1),
        "layout_correlation": round(measures.layout_correlation, 3),
        "layout_prominence": round(measures.layout_prominence, 1),
        "code_distance_bits": measures.code_distance_bits,
    }
    if measures.is_aligned:
        values |= {
            "work_coverage": round(measures.work_covered_share, 3),
            "suspect_coverage": round(measures.suspect_covered_share, 3),
            "structure_similarity": round(measures.structure_correlation, 3),
            "coherence": round(measures.coherence, 2),
            "outline_agreement": round(measures.outline_agreement, 3),
            "tone_similarity": round(measures.tone_correlation, 3),
            "palette_similarity": round(measures.palette_likeness, 3),
        }
    if "feature_agreement" in measures.taken():
        values["feature_agreement"] = round(measures.feature_agreement, 3)
    return values
