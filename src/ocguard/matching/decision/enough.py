"""Whether a picture holds enough to be recognized, or to be told from others.

That nothing agrees with a picture says something only if something could. A thumbnail, a blur, a
flat half or a rough sketch has few distinct points, of which a copy keeps about a third, and it
takes half a dozen that agree to tell one work from hundreds: with fewer than the bound
``enough_keypoints`` a part of a work cannot be found, and "no match" would be too sure.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ocguard.matching.decision.bounds import Bounds
from ocguard.matching.decision.verdict import Reason

if TYPE_CHECKING:
    from ocguard.matching.evidence.contents import Contents

__all__ = ["too_little"]


def too_little(contents: Contents, bounds: Bounds, who: str) -> Reason | None:
    """Return what a picture lacks to be compared, or None where it holds enough.

    Parameters
    ----------
    contents : Contents
        Of a suspect or of a work.
    bounds : Bounds
        What is enough.
    who : {"suspect", "work", "this-work"}
        Whose picture it is: a suspect, the work that it was compared with, or a work that is being
        registered.
    """
    side, detail, keypoints = (bounds[f"enough_{of}"] for of in ("side", "detail", "keypoints"))
    if not side.holds(contents.side_px):
        size = {"width_px": contents.width_px, "height_px": contents.height_px}
        return Reason(f"{who}-too-small", {**size, "needed_px": round(side.value)})
    if not detail.holds(contents.detail_share):
        measured = {"detail_percent": round(100 * contents.detail_share, 1)}
        return Reason(f"{who}-too-flat", {**measured, "needed_percent": round(100 * detail.value)})
    if not keypoints.holds(contents.keypoints):
        needed = {"needed_keypoints": round(keypoints.value)}
        return Reason(f"{who}-too-sparse", {"keypoints": contents.keypoints, **needed})
    return None
