"""What was measured of a candidate, in words for readers; records keep their names."""

from __future__ import annotations

from typing import Any, Final

from ocguard.language.message import Message, translatable
from ocguard.matching.decision.bound_words import MEASURES

__all__ = ["EVIDENCE", "evidence_line"]

EVIDENCE: Final = {
    "method": translatable("compared by"),
    "mirrored": translatable("shows the work mirrored"),
    "inliers": MEASURES["inliers"],
    "inlier_ratio": translatable("share of the matching details that lie so"),
    "inlier_spread": translatable("share of the work that they are spread over"),
    "log10_false_alarms": MEASURES["log10_false_alarms"],
    "layout_correlation": MEASURES["layout_correlation"],
    "layout_prominence": MEASURES["layout_prominence"],
    "code_distance_bits": translatable("bits of 256 in which the short codes differ"),
    "work_coverage": MEASURES["work_covered_share"],
    "suspect_coverage": MEASURES["suspect_covered_share"],
    "structure_similarity": MEASURES["structure_correlation"],
    "coherence": MEASURES["coherence"],
    "outline_agreement": MEASURES["outline_agreement"],
    "tone_similarity": MEASURES["upper_tone_correlation"],
    "palette_similarity": translatable("how far the colors agree"),
    "feature_agreement": MEASURES["feature_agreement"],
    "learned_similarity": translatable("similarity, as the learned descriptor sees it"),
}
"""What each member of a candidate's evidence says, in short."""

_VALUES: Final = {
    "keypoints": translatable("matching details"),
    "layout": translatable("the layout of edges"),
    "whole": translatable("one whole picture laid on the other"),
    "none": translatable("short codes alone"),
    True: translatable("yes"),
    False: translatable("no"),
}


def evidence_line(name: str, value: Any) -> Message:
    """Say one member of a candidate's evidence."""
    is_word = isinstance(value, str | bool)
    return Message(
        "{measured}: {value}",
        measured=Message(EVIDENCE[name]),
        value=Message(_VALUES[value]) if is_word else value,
    )
