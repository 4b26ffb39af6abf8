"""What else could explain that a suspect agrees with a work: what other pictures have too.

Two pictures may have a frame, a title, a stage, a form or a grid in common and be different
pictures. Every such explanation is one entry of `EXPLANATIONS`: its name, which is also the reason
that a verdict gives, and the rule by which it holds. The first one that holds is the reason why a
work is not named.

To add one: an entry here, its bounds in ``bounds.toml``, its sentence and its name in
`ocguard.wording`, and examples on both sides in ``tests/matching/decision/examples.json``.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from ocguard.matching.decision.bounds import Bounds
from ocguard.matching.decision.rule import Not, Rule, all_of, any_of, holds

if TYPE_CHECKING:
    from ocguard.matching.evidence.measures import Measures

__all__ = [
    "EXPLANATIONS",
    "LAID_OVER",
    "OTHER_PICTURE",
    "OVER_OTHERS",
    "PICTURE",
    "PIECES_MOVED",
    "UNCOVERED_GROUND",
    "Explanation",
    "explain",
    "share_picture",
]

OTHER_REGION: Final = "other_region"

SHOWS_THROUGH: Final = all_of("show_through_opposed", "show_through_recolored")
"""Lettering or a drawing lies over two different pictures."""

OTHER_PICTURE: Final = any_of(OTHER_REGION, SHOWS_THROUGH)
"""Beside what agrees there is another picture: in a whole region, or showing through."""

LAID_OVER: Final = all_of("covered_differs", "covered_border", "covered_seam", "covered_uncovered")
"""Something was laid over a part of the work: its outline is in the suspect alone."""

COVERED: Final = all_of("covered_agreeing", "covered_exact", LAID_OVER)
"""The work is there beside what was laid over it. Each picture has lines that the other lacks, as
where two people fill in a template; but only the suspect has a seam."""

PIECES_MOVED: Final = all_of("moved_exact", "moved_inliers", "moved_ground", "moved_agreeing")
"""Many details agree, but not in their places: pieces were moved with all that is on them. What
many pictures have in common stays where it is."""

REPAINTED: Final = all_of("repainted_alike", "moved_exact", "moved_agreeing")
"""The network sees the same in nearly all places, and lines agree, but few exactly. What lies over
two different pictures keeps its lines where they are, and leaves the places between to differ."""

WHOLE_FIGURE: Final = all_of("figure_ground", "figure_lines", "figure_inliers", "figure_one_color")
"""The work shows one plain color wherever the suspect differs, and every line of it is in the
suspect: it is a figure on plain ground, and nothing that lies over a picture. Words are told by
their one color."""

PICTURE: Final = any_of(
    "picture_core",
    all_of("picture_window", "picture_window_away"),
    all_of("whole_opposed", "whole_agreeing", "whole_core"),
    all_of("piece", "piece_away"),
    all_of("large_piece", "large_piece_away"),
    all_of("bent_agreeing", "bent_exact", "bent_ground", "bent_piece"),
    all_of("filled_piece", "filled_away", "filled_recolored", "filled_ground"),
    COVERED,
    PIECES_MOVED,
    REPAINTED,
    WHOLE_FIGURE,
)
"""What agrees is a picture; otherwise something that lies over different ones explains as much."""

OVER_OTHERS: Final = all_of(
    "lettering_differs", "lettering_border", "lettering_near", "lettering_elsewhere"
)
"""What is the same lies over two different pictures."""

UNCOVERED_GROUND: Final = all_of(
    *("backdrop_hole", "backdrop_solid", "backdrop_border", "backdrop_elsewhere"),
    any_of(
        all_of("backdrop_uncovered", "backdrop_beside"),
        all_of(
            "plain_backdrop_beside",
            any_of(
                all_of("plain_backdrop_uncovered", "plain_backdrop_flat"),
                all_of("plain_backdrop_wide_uncovered", "plain_backdrop_wide_hole"),
            ),
        ),
    ),
)
"""The suspect shows the ground that the work's figure hides, as nobody can who laid something over
the work."""


LINES_OF_THEIR_OWN: Final = any_of(
    all_of("template_own", any_of("template_exact", "template_unlike")), "template_own_inexact"
)
"""Each picture has lines that the other lacks, between those that both have."""

SET_BESIDE: Final = all_of("cut_parting", "beside_seam", "beside_crossed")
"""What both have ends at a straight line, no line of the work goes on across it, and no edge there
is the suspect's alone: a picture that both were given and set beside their own."""

WHOLE_PART: Final = all_of(
    *("part_beside", "part_inliers", Not(SET_BESIDE)),
    any_of(
        "part_differs",
        all_of("part_rich_inliers", any_of("part_common", "part_rich_beside")),
    ),
)
"""A part of both is the same with all its lines, and beside it is another picture. Most of what
both show differs there; or the part is rich in details, as no plain figure of one body is, and it
holds nearly all that both have, or most of the lines beside it are each one's own."""

CUT_OUT: Final = all_of("part_inliers", "cut_parting", "cut_seam", "cut_crossed", "cut_differs")
"""Along straight lines, which only the suspect draws and lines of the work cross, the common lines
end and another picture begins, as where halves were joined or a box was pasted. Both owners of a
template draw its boxes, and no line goes on."""

FEW_PLACES_CHANGED: Final = all_of("changed_alike", "changed_inliers")
"""The network sees the same in nearly all places, and many details lie where they lay: one picture
in another version."""


FILLED_ANEW: Final = all_of("traced_outline", "template_recolored", "filled_outline_alone")
"""A figure's outline has other colors on its lines, and what is inside differs. Those of a template
stay what they are; in figures of one body in other colors most of the inside agrees as well."""


NOTHING_TAKEN: Final = all_of("kept_lines", "kept_colors")
"""The suspect has the work's lines and nearly all its colors: at most it was written over."""


OTHER_WRITING: Final = all_of("writing_own", "writing_inliers")
"""Looked at closely, letters and digits differ."""

LINES_DIFFER: Final = all_of("simple_own", "template_layout")
"""Each picture has lines that the other lacks, as no copy of a simple form has."""


@dataclass(frozen=True)
class Explanation:
    """One other way in which two pictures come to agree.

    Attributes
    ----------
    name : str
        Also the ``reason_code`` of a verdict that it explains.
    rule : Rule
        When it holds.
    is_of_parts : bool
        Whether it also tells a part that two registered works share from a picture of both.
    is_of_places : bool
        Whether it may hold for no other reason than a coarse map: lines that lie beside each other
        by little seem to differ.
    """

    name: str
    rule: Rule
    is_of_parts: bool = True
    is_of_places: bool = False


EXPLANATIONS: Final = (
    Explanation(
        "grid",  # two grids, boards or patterns of one make agree wherever they are laid
        all_of(
            any_of(
                all_of("grid_chance_few", "grid_prominence_few", "grid_correlation_few"),
                all_of("grid_chance_many", "grid_prominence_many", "grid_correlation_many"),
            ),
            *("grid_same_layout", "grid_moved", "grid_exact"),
        ),
        is_of_parts=False,
    ),
    Explanation(
        "lettering",  # strokes, or a plate of one color, over two different pictures
        all_of(OVER_OTHERS, any_of("plate_one_color", "lettering_stroke"), Not(WHOLE_FIGURE)),
    ),
    Explanation(
        "slot",  # a form's box, with another picture in it
        all_of(
            *(any_of(OTHER_REGION, "slot_opposed"), "slot_sides", "slot_exact"),
            Not(NOTHING_TAKEN),
        ),
    ),
    Explanation(
        "shape",  # pictures that were cut to one heart or badge
        all_of("shape_filling", Not(PIECES_MOVED)),
    ),
    Explanation(
        "backdrop",  # one stage behind two figures
        all_of(
            *("backdrop_exact", UNCOVERED_GROUND, any_of(PICTURE, "traced_outline")),
            Not(NOTHING_TAKEN),
        ),
    ),
    Explanation(
        "page",  # writing and lines on plain ground, with other pictures beside them
        all_of("page_one_color", "page_opposed", Not("traced_outline")),
    ),
    Explanation(
        "pose",  # two figures that stand alike: few details, and the rough layout
        all_of(
            *("pose_structure", "pose_coherence", "pose_prominence", "pose_inliers"),
            Not("traced_outline"),
        ),
    ),
    Explanation(
        "template",  # a calendar, a card, a board or a face of one make, filled in twice
        all_of(
            *(LINES_OF_THEIR_OWN, "template_layout"),
            *(Not(WHOLE_PART), Not(CUT_OUT), Not(FILLED_ANEW), Not(PIECES_MOVED), Not(COVERED)),
            Not(FEW_PLACES_CHANGED),
        ),
        is_of_parts=False,
    ),
    Explanation(
        "ornament",  # two snowflakes, wheels or dials: a part decides the whole
        all_of("ornament_turned", LINES_DIFFER),
    ),
    Explanation(
        "outline",  # two shapes of one color: nothing but their outlines can agree
        all_of("outline_alone", any_of(LINES_DIFFER, OTHER_WRITING)),
    ),
    Explanation(
        "overlay",  # a frame, a logo, a mark or a window over two different pictures
        all_of(Not(PICTURE), Not("traced_outline")),
        is_of_places=True,
    ),
)
"""In this order: the first that holds is the reason."""


def explain(measures: Measures, bounds: Bounds) -> Explanation | None:
    """Return the first explanation that holds, or None where the work itself must be there.

    Parameters
    ----------
    measures : Measures
        Of a work that was aligned and examined; without an alignment nothing is explained.
    bounds : Bounds
        Where the rules begin and end.
    """
    return _first(EXPLANATIONS, measures, bounds) if measures.is_examined else None


def share_picture(measures: Measures, bounds: Bounds) -> bool:
    """Tell whether two registered works share a picture, not only what others have as well."""
    return _first([one for one in EXPLANATIONS if one.is_of_parts], measures, bounds) is None


def _first(
    explanations: Sequence[Explanation], measures: Measures, bounds: Bounds
) -> Explanation | None:
    return next((one for one in explanations if holds(one.rule, measures, bounds)), None)
