"""From compared works to one verdict that a person can act on.

The rules, in their order: a suspect without information gives *cannot tell*. A work whose
likelihood ratio passes `CONFIRMED` is in the suspect. It is a *near copy* when what they share
agrees in edges and in light and dark, no whole region is another picture and no other picture shows
through, a *likely derivative* when it was redrawn, repainted, bent or is a part in something else.
When two works of the portfolio that resemble each other explain the suspect equally well, the
verdict is *shared base*, not two accusations. When all that it shows of a work would be there if
only something lay over both (a frame, a logo, the artist's visible mark, an app's window) or behind
both (a stage), is one grid or pattern like another, or is what the work has in common with others,
it is *cannot tell*. A ratio between `DOUBTFUL` and `CONFIRMED` is *cannot tell*. Anything else is
*no match*.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal, Protocol

import numpy as np
from numpy.typing import NDArray

from ocguard.matching.alignment.verify import Verification
from ocguard.matching.evidence.agreement import Alignment
from ocguard.matching.identification.relatives import VARIANT_AREA, Relative

__all__ = ["FINDINGS", "Comparison", "Verdict", "VerdictName", "judge"]

VerdictName = Literal[
    "identical", "near-copy", "shared-base", "likely-derivative", "no-match", "cannot-tell"
]

FINDINGS: Final = frozenset({"identical", "near-copy", "shared-base", "likely-derivative"})
"""Verdicts that say that a registered work is in the suspect."""


class Relatives(Protocol):
    """What a work has in common with others."""

    def __call__(
        self, work_id: str, rivals: Sequence[str], *, is_searched: bool
    ) -> Sequence[Relative]:
        """Return what it shares with its rivals, and with works that a search brings up."""
        ...


CONFIRMED = 2.0
"""log10 likelihood ratio, corrected for the portfolio, from which on a work is named: at even odds
one wrong naming in a hundred, and far fewer where copies are rare but evidence is complete."""

DOUBTFUL = 1.0
"""log10 likelihood ratio from which on "no match" would be too sure."""

MAX_CANDIDATES = 5
"""Works listed in a verdict."""

COPY_AGREEING = 0.80
"""Smallest share of compared structure in agreeing tiles of a near copy."""

COPY_STRUCTURE = 0.72
"""Smallest mean edge correlation of a near copy."""

COPY_TONE = 0.80
"""Smallest correlation of light and dark, in the better quarter of tiles, of a near copy."""

COPY_COVERAGE = 0.5
"""Share of the suspect, or of the work, that must agree in a near copy."""

OWN_SHARE = 0.5
"""What the work alone has must hold this share of the agreeing keypoints, or agree at this share of
the rate of what it has in common with others."""

FALSE_ALARMS_OWN = -4.0
"""Powers of ten of chance agreements that these keypoints must stay below."""

CHANCE_AGREEMENT = 0.3
"""Share of tiles that agree, at most, in unrelated pictures that are brought together."""

MAX_NAMED = 3
"""Confirmed works, best first, of which one is sought that the suspect shows something own of."""

GRID_EXACT = (0.35, 0.94)
"""Share of what agrees that does so exactly, of two grids of one make: 0.36 to 0.88. Less where
something was moved or redrawn, and all of it in a copy of one (1.00)."""

CLEARLY_BETTER = 0.06
"""Lead in edges and in light and dark by which one of two related works explains a suspect."""


@dataclass(frozen=True)
class Comparison:
    """One work compared with the suspect.

    Attributes
    ----------
    work_id : str
        The work.
    log10_lr : float
        log10 likelihood ratio, corrected for the size of the portfolio and clipped.
    found : Verification
        The map and what it rests on.
    aligned : Alignment or None
        Tile by tile agreement under the map; None where there is no map.
    """

    work_id: str
    log10_lr: float
    found: Verification
    aligned: Alignment | None

    @property
    def transform(self) -> NDArray[np.float64]:
        """Suspect pixels to reference pixels, (3, 3)."""
        return self.found.transform

    @property
    def is_worth_reading(self) -> bool:
        """Whether the work may be in the suspect, at a known place: its marks are worth a try."""
        return self.log10_lr >= DOUBTFUL and self.found.method != "none"

    @property
    def evidence(self) -> dict[str, float | int | bool | str]:
        """The measurements as plain, rounded values for JSON and reports."""
        found, aligned = self.found, self.aligned
        values: dict[str, float | int | bool | str] = {
            "method": found.method,
            "mirrored": found.is_mirrored,
            "inliers": found.inliers,
            "inlier_ratio": round(found.inlier_ratio, 3),
            "inlier_spread": round(found.spread, 3),
            "log10_false_alarms": round(found.log10_false_alarms, 1),
            "layout_correlation": round(found.layout_correlation, 3),
            "layout_prominence": round(found.layout_prominence, 1),
            "code_distance_bits": found.code_distance,
        }
        if aligned is not None:
            values |= {
                "work_coverage": round(aligned.work_coverage, 3),
                "suspect_coverage": round(aligned.suspect_coverage, 3),
                "structure_similarity": round(aligned.structure, 3),
                "coherence": round(aligned.coherence, 2),
                "outline_agreement": round(aligned.outline, 3),
                "tone_similarity": round(aligned.tone, 3),
                "palette_similarity": round(aligned.palette, 3),
            }
        return values

    @property
    def likeness(self) -> float:
        """Agreement in edges and in light and dark, to choose between related works."""
        return (self.aligned.structure + abs(self.aligned.tone)) / 2 if self.aligned else 0.0

    @property
    def shows_picture(self) -> bool:
        """Whether the suspect shows a picture of the work, not only what others have as well."""
        return self.aligned is None or (self.aligned.shares_picture and not self.repeats)

    @property
    def repeats(self) -> bool:
        """Whether both agree as any two grids or patterns of one make do."""
        return (
            self.found.may_repeat
            and self.aligned is not None
            and GRID_EXACT[0] <= self.aligned.substance.exact < GRID_EXACT[1]
        )

    @property
    def shows_most(self) -> bool:
        """Whether most of what both show is the same: more than a part that works may share."""
        return self.aligned is not None and self.aligned.common_area >= VARIANT_AREA

    def is_own(self, related: Sequence[Relative]) -> bool:
        """Whether the suspect shows more of the work than what the work shares with others.

        Parameters
        ----------
        related : sequence of Relative
            What the work has in common with other works; a picture that several of them share (a
            variant, a base) is as much the artist's own as the rest and does not count here.
        """
        parts = [one for one in related if not one.shares_picture]
        if not parts or self.shows_most:
            return True
        common = np.concatenate([one.places for one in parts])
        own = self.found.without(common)
        if own.inliers >= OWN_SHARE * self.found.inliers and (
            own.log10_false_alarms <= FALSE_ALARMS_OWN
        ):
            return True
        near, elsewhere = self.aligned.agreement(common) if self.aligned else (0.0, 0.0)
        return elsewhere >= max(OWN_SHARE * near, CHANCE_AGREEMENT)

    @property
    def is_copy(self) -> bool:
        """Whether what both share was not redrawn, is most of one, and leaves no other picture."""
        aligned = self.aligned
        return (
            aligned is not None
            and aligned.agreeing >= COPY_AGREEING
            and aligned.structure >= COPY_STRUCTURE
            and aligned.best_tone >= COPY_TONE
            and max(aligned.work_coverage, aligned.suspect_coverage) >= COPY_COVERAGE
            and not aligned.substance.leaves_other_picture
        )


@dataclass(frozen=True)
class Verdict:
    """What ocguard says about a suspect.

    Attributes
    ----------
    verdict : str
        One of `VerdictName`.
    work_id : str or None
        The work that the verdict is about; None for "no-match" and where the suspect itself holds
        too little.
    reason : str
        One sentence in plain words.
    candidates : tuple of Comparison
        At most five, best first; empty when nothing resembles the suspect at all.
    calibration_id : str
        The calibration that gave the likelihood ratios.
    """

    verdict: VerdictName
    work_id: str | None
    reason: str
    candidates: tuple[Comparison, ...]
    calibration_id: str


def judge(
    compared: Sequence[Comparison],
    relatives: Relatives,
    *,
    calibration_id: str,
    empty_reason: str | None = None,
    identical_to: str | None = None,
) -> Verdict:
    """Decide.

    Parameters
    ----------
    compared : sequence of Comparison
        The works that were compared, in any order.
    relatives : Relatives
        Asked only of works that are confirmed; with a search, which costs as much as the first one,
        only where the suspect does not show most of the work.
    calibration_id : str
        Of the likelihood ratios.
    empty_reason : str or None
        Why the suspect holds too little information, or None if it holds enough.
    identical_to : str or None
        The work with the very same pixels, if there is one.

    Returns
    -------
    Verdict
    """
    ranked = sorted(compared, key=lambda c: (-c.log10_lr, -c.likeness, c.work_id))
    listed = tuple(c for c in ranked if c.log10_lr > 0)[:MAX_CANDIDATES]
    if identical_to is not None:
        reason = "The pixels are exactly those of this work."
        first = sorted(listed, key=lambda c: c.work_id != identical_to)
        return Verdict("identical", identical_to, reason, tuple(first), calibration_id)
    confirmed = [c for c in listed if c.log10_lr >= CONFIRMED]
    if confirmed:
        name, best, reason = _name(confirmed, relatives)
        others = tuple(c for c in listed if c is not best)
        return Verdict(name, best.work_id, reason, (best, *others), calibration_id)
    if empty_reason is not None:
        return Verdict("cannot-tell", None, empty_reason, listed, calibration_id)
    if listed and listed[0].log10_lr >= DOUBTFUL:
        reason = (
            "Something agrees with this work, but no more than unrelated pictures may have in "
            "common; look at both."
        )
        return Verdict("cannot-tell", listed[0].work_id, reason, listed, calibration_id)
    reason = "Nothing in it agrees beyond what unrelated pictures have in common."
    return Verdict("no-match", None, reason, listed, calibration_id)


def _name(
    confirmed: Sequence[Comparison], relatives: Relatives
) -> tuple[VerdictName, Comparison, str]:
    """Choose the work and the verdict among confirmed works."""
    by_likeness = sorted(confirmed, key=lambda c: (-c.likeness, -c.log10_lr))
    showing = [c for c in by_likeness[:MAX_NAMED] if c.shows_picture]
    for best in showing:
        rivals = [c.work_id for c in confirmed]
        related = relatives(best.work_id, rivals, is_searched=not best.shows_most)
        if best.is_own(related):
            return _name_one(best, confirmed, {one.work_id for one in related})
    if not showing:
        reason = f"{_common_property(by_likeness[0])}; look at both."
        return "cannot-tell", by_likeness[0], reason
    reason = (
        "What it shares with this work is what the work shares with others: a frame, a logo, a "
        "mark, a window or a base; look at both."
    )
    return "cannot-tell", showing[0], reason


def _name_one(
    best: Comparison, confirmed: Sequence[Comparison], related: set[str]
) -> tuple[VerdictName, Comparison, str]:
    """Choose the verdict for the work that explains the suspect best."""
    rivals = [
        c for c in confirmed if c.work_id in related and best.likeness - c.likeness < CLEARLY_BETTER
    ]
    if rivals:
        reason = (
            f"It agrees equally well with {len(rivals) + 1} works that share a base; whether it "
            "was made from one of them, and from which, cannot be said."
        )
        return "shared-base", best, reason
    others = sum(c is not best and c.work_id not in related and c.shows_picture for c in confirmed)
    also = f" Parts of {others} more of the works are in it." if others else ""
    if best.is_copy:
        return "near-copy", best, _copy_reason(best) + also
    return "likely-derivative", best, _derivative_reason(best) + also


def _common_property(best: Comparison) -> str:
    """Say what a suspect shares with a work that is no picture."""
    if best.repeats:
        return (
            "The little that agrees with this work would agree elsewhere in it nearly as well, as "
            "two grids, boards or patterns of one make do"
        )
    substance = best.aligned.substance if best.aligned else None
    if substance and substance.is_lettering:
        return "What it shares with this work is lettering, or lines, over another picture"
    if substance and substance.is_picture and substance.is_backdrop:
        return (
            "What it shares with this work lies around and behind another figure: a stage, a scene "
            "or a template that others use too would look the same"
        )
    return (
        "What it shares with this work is thin, a small part, at the border or too coarse to "
        "compare, and much beside it differs: a frame, a logo, a mark, a window or a template on "
        "both would look the same"
    )


def _copy_reason(best: Comparison) -> str:
    mirrored = "mirrored, " if best.found.is_mirrored else ""
    share = _percent(best.aligned.work_coverage if best.aligned else 0.0)
    return (
        f"{share} of the work is in it, {mirrored}line for line "
        f"({_support(best)}); colors, size, crop or surroundings may differ."
    )


def _derivative_reason(best: Comparison) -> str:
    aligned = best.aligned
    if aligned and aligned.structure >= COPY_STRUCTURE and aligned.agreeing >= COPY_AGREEING:
        kind = "the same lines in another rendering"
    elif aligned and aligned.best_tone >= COPY_TONE:
        kind = "parts of the work in another picture, or moved against each other"
    else:
        kind = "the composition of the work, redrawn, bent or repainted"
    shared = ""
    if aligned and aligned.substance.leaves_other_picture:
        shared = (
            " What lies in one place differs altogether: if the rest is a template, a background "
            "or lettering that others use too, it says nothing; look at both."
        )
    return f"It shows {kind} ({_support(best)}).{shared}"


def _support(best: Comparison) -> str:
    if best.found.method == "keypoints":
        return f"{best.found.inliers} matching details lie where the work has them"
    return f"the layout of edges correlates at {best.found.layout_correlation:.2f}"


def _percent(share: float) -> str:
    return f"{100 * share:.0f} %"
