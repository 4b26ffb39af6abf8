"""Whether a picture holds enough to be recognized, or to be told from others.

That nothing agrees with a picture says something only if something could. A thumbnail, a blur, a
flat half or a rough sketch has few distinct points, of which a copy keeps about a third, and it
takes half a dozen that agree to tell one work from hundreds: with fewer than `MIN_KEYPOINTS` a part
of a work cannot be found, and "no match" would be too sure. The bound was chosen on works that no
figure is reported on, shrunk, blurred, faded and cut to nothing: of such suspects a third of those
below it was not found, of those above it one in thirty.
"""

from __future__ import annotations

from ocguard.fingerprint.fingerprint import Fingerprint

__all__ = ["MIN_KEYPOINTS", "MIN_SIDE_PX", "too_little"]

MIN_SIDE_PX = 24
"""Shorter side of a picture that holds something, in pixels."""

MIN_DETAIL = 0.01
"""Share of visible structure of a picture that is neither flat nor blurred to nothing."""

MIN_KEYPOINTS = 20
"""Fewest distinct points by which a part of a work is found."""


def too_little(fingerprint: Fingerprint) -> str | None:
    """Say what a picture lacks to be compared, as the rest of a sentence, with what was measured.

    Parameters
    ----------
    fingerprint : Fingerprint
        Of a suspect or of a work.

    Returns
    -------
    str or None
        For instance "holds too little: ..."; None where it holds enough.
    """
    if min(fingerprint.size) < MIN_SIDE_PX:
        measured = f"{fingerprint.width} x {fingerprint.height} pixels"
        return f"is too small to compare: {measured}, {MIN_SIDE_PX} a side are needed"
    if fingerprint.detail < MIN_DETAIL:
        measured = f"structure shows in {fingerprint.detail:.1%} of it"
        return f"is nearly flat or blurred: {measured}, {MIN_DETAIL:.0%} is needed"
    if len(fingerprint.local) < MIN_KEYPOINTS:
        measured = f"{len(fingerprint.local)} distinct points"
        return f"holds too little to find a part in: {measured}, {MIN_KEYPOINTS} are needed"
    return None
