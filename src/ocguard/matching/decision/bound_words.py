"""What a bound asks, in words for readers: a short name for each measure that bounds are about.

The names of records (`ocguard.matching.evidence.measures`) stay as they are.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from ocguard.language.message import Message, translatable
from ocguard.matching.decision.bounds import Bound, Direction

__all__ = ["MEASURES", "SIGNS", "asked_text"]

MEASURES: Final[Mapping[str, str]] = {
    "agreeing_inner_share": translatable("share of the structure away from the border that agrees"),
    "agreeing_share": translatable("share of the structure of both that agrees"),
    "agreeing_structure_share": translatable(
        "share of the compared structure that lies in agreeing tiles"
    ),
    "away_from_border_share": translatable("share of what agrees that lies away from the border"),
    "coherence": translatable("how far neighboring pieces moved alike"),
    "common_edges_elsewhere_share": translatable("share of the edges elsewhere that both have"),
    "common_edges_on_same_share": translatable(
        "share of the common edges that lie on what is the same"
    ),
    "common_lines_whole_share": translatable(
        "share of the common lines in parts that are whole in both"
    ),
    "cut_crossed_share": translatable("share of a straight cut that lines of the work cross"),
    "cut_parting_share": translatable(
        "how well a straight cut parts the common lines from those that only one has"
    ),
    "cut_seam_share": translatable(
        "share of a straight cut that only the picture in question draws"
    ),
    "differing_border_share": translatable("share of the border that differs"),
    "differing_per_hole": translatable("what differs, as a share of the hole"),
    "differing_share": translatable("share of what both show that differs in color"),
    "exact_share": translatable("share of what agrees that does so without moving pieces"),
    "feature_agreement": translatable("agreement of the large shapes, as a network sees it"),
    "fullest_window_share": translatable("share that agrees in the window where it is largest"),
    "ground_kappa": translatable("how far ground and figure lie in the same places"),
    "hole_beside_share": translatable("share of the hole's length with common structure beside it"),
    "hole_border_share": translatable("share of the border that lies in the hole"),
    "hole_share": translatable("share of what both show that the hole takes"),
    "inliers": translatable("matching details that lie where the work has them"),
    "laid_feature_agreement": translatable(
        "agreement of the large shapes where one lies on the other"
    ),
    "largest_piece_share": translatable("share of the structure in the largest agreeing piece"),
    "layout_correlation": translatable("correlation of the layouts of edges"),
    "layout_prominence": translatable("how far the layout stands out from other places"),
    "line_color_difference_lab": translatable("difference in color of the agreeing lines"),
    "log10_false_alarms": translatable(
        "how often chance gives so many matching details, in powers of ten"
    ),
    "log10_lr": translatable("how much likelier it is in a copy, in powers of ten"),
    "one_color_share": translatable("share of what agrees that has one color"),
    "opposed_share": translatable("share of the structure in one place that does not agree"),
    "opposed_window_share": translatable(
        "share that does not agree in the window where it is largest"
    ),
    "outline_agreement": translatable("how far the outlines lie on each other"),
    "outline_lines_share": translatable("share of the lines that are outlines"),
    "own_lines_beside_share": translatable("share of lines that only one has, beside common parts"),
    "own_lines_closely_share": translatable("share of lines that only one has, looked at closely"),
    "own_lines_share": translatable("share of lines that only one has"),
    "plain_shape_agreeing_share": translatable(
        "share that agrees inside the shape that both were cut to"
    ),
    "plain_ground_share": translatable("share of what differs in which the work shows one color"),
    "same_half_width": translatable("how wide what is the same is"),
    "seam_covered_share": translatable("share of the seam that only the picture in question draws"),
    "seam_flat_share": translatable("share of the seam on flat ground"),
    "seam_uncovered_share": translatable("share of the seam that only the work draws"),
    "seam_uncovered_structure_share": translatable(
        "share of the seam that only the work draws, with structure inside"
    ),
    "slot_sides_share": translatable("share of the box's sides that both draw"),
    "structure_correlation": translatable("how far edges agree"),
    "suspect_covered_share": translatable(
        "share of the picture in question that the work explains"
    ),
    "turned_correlation": translatable("how far it looks the same when turned"),
    "upper_tone_correlation": translatable("how far light and dark agree"),
    "work_covered_share": translatable("share of the work that is in it"),
}
"""What a bound asks for, in short, by the name of the measure."""

SIGNS: Final[Mapping[Direction, str]] = {
    "at least": "≥",
    "above": ">",
    "at most": "≤",
    "below": "<",
}
"""How a bound's direction is written, in every language."""


def asked_text(bound: Bound) -> Message:
    """Say what a bound asks; the raw name of the measure, as in records, stands behind it."""
    return Message(
        "{measured} {sign} {value} ({measure})",
        measured=Message(MEASURES[bound.measure]),
        sign=SIGNS[bound.direction],
        value=f"{bound.value:g}",
        measure=bound.measure,
    )
