"""Everything that is measured of one work that was compared with a suspect: one flat record.

`measure` takes what comparing has given anyway. `examine` adds what costs more, and is needed only
of works that may be named: what the agreeing part is made of, and how both pictures part. A measure
that was not taken is not a number (NaN).
"""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from math import isnan, nan

from ocguard.matching.alignment.bending import follow
from ocguard.matching.alignment.verify import Method, Verification
from ocguard.matching.evidence.agreement import Agreement, Alignment
from ocguard.matching.evidence.feature_agreement import laid_feature_agreement
from ocguard.matching.evidence.own_lines import OwnLines, measure_own_lines, own_lines_closely
from ocguard.matching.evidence.parting import Parting, measure_parting
from ocguard.matching.evidence.shared_part import SharedPart, measure_shared_part
from ocguard.matching.evidence.simple_form import SimpleForm, measure_simple_form

__all__ = ["MapMeasures", "Measures", "examine", "measure"]

MOSTLY_OUTLINES = 0.75
"""Share of lines that are outlines from which on a closer look is taken: writing is small."""


@dataclass(frozen=True, kw_only=True)
class MapMeasures:
    """What the map from the suspect to the work rests on.

    Attributes
    ----------
    method : {"keypoints", "layout", "whole", "none"}
        What the map was found by; "whole" lays one whole picture on the other.
    is_mirrored : bool
        Whether the map mirrors.
    inliers, pairs : int
        Keypoint pairs on the map, and before it was fitted.
    inlier_spread_share : float
        Share of the picture that the inliers are spread over, 0 to 1.
    log10_false_alarms : float
        How often chance gives such an agreement of keypoints, in powers of ten.
    layout_correlation : float
        Correlation of the layouts of edges, -1 to 1.
    layout_prominence : float
        How far this stands out from other places, in standard deviations.
    code_distance_bits : int
        Differing bits of the nearest global codes, of 256; 256 where there are none.
    feature_agreement : float
        Agreement, -1 to 1, that nine tenths of both whole pictures exceed to a network that was
        trained to look past brushwork; taken only where it is all that names a work.
    laid_feature_agreement : float
        The same for what both pictures show, the suspect laid on the work; taken of works that may
        be named.
    """

    method: Method
    is_mirrored: bool
    inliers: int
    pairs: int
    inlier_spread_share: float
    log10_false_alarms: float
    layout_correlation: float
    layout_prominence: float
    code_distance_bits: int
    feature_agreement: float = nan
    laid_feature_agreement: float = nan


@dataclass(frozen=True, kw_only=True)
class Measures(MapMeasures, Agreement, SharedPart, Parting, OwnLines, SimpleForm):
    """All measures of one compared work, by the names that the bounds of the verdict use.

    Attributes
    ----------
    own_lines_closely_share : float
        `own_lines_share` on a finer raster, where letters and digits are told apart; taken only of
        pictures most of whose lines are outlines.
    """

    own_lines_closely_share: float = nan

    @property
    def inlier_ratio(self) -> float:
        """Inliers among pairs, 0 to 1."""
        return self.inliers / self.pairs if self.pairs else 0.0

    @property
    def layout_score(self) -> float:
        """Correlation of the layout times its prominence."""
        return self.layout_correlation * self.layout_prominence

    @property
    def likeness(self) -> float:
        """Agreement in edges and in light and dark, to choose between related works.

        Where only the network tells that they are alike, its agreement.
        """
        if not isnan(self.feature_agreement):
            return self.feature_agreement
        if not self.is_aligned:
            return 0.0
        return (self.structure_correlation + abs(self.tone_correlation)) / 2

    @property
    def is_aligned(self) -> bool:
        """Whether the suspect was laid on the work."""
        return not isnan(self.coherence)

    @property
    def is_examined(self) -> bool:
        """Whether it is known what the agreeing part is made of."""
        return not isnan(self.agreeing_share)

    def taken(self) -> dict[str, float | int | bool | str]:
        """Return every measure that was taken, by its name."""
        values = {field.name: getattr(self, field.name) for field in fields(self)}
        return {
            name: value
            for name, value in values.items()
            if not (isinstance(value, float) and isnan(value))
        }


def measure(found: Verification, alignment: Alignment | None) -> Measures:
    """Gather the measures of one compared work.

    Parameters
    ----------
    found : Verification
        The map and what it rests on.
    alignment : Alignment or None
        The suspect laid on the work; None where there is no map, or nobody laid it.
    """
    agreement = vars(alignment.agreement) if alignment else {}
    return Measures(
        method=found.method,
        is_mirrored=found.is_mirrored,
        inliers=found.inliers,
        pairs=found.pairs,
        inlier_spread_share=found.spread,
        log10_false_alarms=found.log10_false_alarms,
        layout_correlation=found.layout_correlation,
        layout_prominence=found.layout_prominence,
        code_distance_bits=found.code_distance,
        **agreement,
    )


def examine(measures: Measures, alignment: Alignment) -> Measures:
    """Add what the agreeing part is made of, and how both pictures part.

    Parameters
    ----------
    measures : Measures
        From `measure`.
    alignment : Alignment
        The suspect laid on the work.

    Notes
    -----
    About 140 CPU-milliseconds, most of it to bend the suspect back to the work.
    """
    laid = alignment.laid
    followed = follow(laid.suspect_rgb, laid.cover, laid.work, laid.moves, laid.landmarks)
    shared = measure_shared_part(laid, followed)
    parting = measure_parting(followed.rgb, laid.work_rgb, followed.cover > 0.5)
    own = measure_own_lines(laid, followed)
    simple = measure_simple_form(laid)
    taken = {**vars(shared), **vars(parting), **vars(own), **vars(simple)}
    taken["laid_feature_agreement"] = laid_feature_agreement(laid)
    if simple.outline_lines_share >= MOSTLY_OUTLINES:
        close = alignment.closely()
        taken["own_lines_closely_share"] = own_lines_closely(
            close.suspect_rgb, close.work_rgb, close.cover
        )
    return replace(measures, **taken)
