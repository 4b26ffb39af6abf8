"""How far a network sees the same in the same places of two whole pictures.

Brushwork, texture and color change in a repaint; the large shapes stay where they are. Two pictures
that many make alike, as two maps with one legend do, agree in most places too, but not in the few
that hold what is their own. So neither the mean of all places counts nor the best of them, but what
nearly all of them exceed.
"""

from __future__ import annotations

from typing import Final

import numpy as np

from ocguard.fingerprint.feature_maps import FeatureMaps

__all__ = ["feature_agreement"]

EXCEEDED_BY: Final = 0.9
"""Share of the strength of all places that agrees at least as well as is said."""


def feature_agreement(one: FeatureMaps, other: FeatureMaps) -> float:
    """Return the agreement that nine tenths of the places exceed, -1 to 1.

    Parameters
    ----------
    one, other : FeatureMaps
        Of two pictures, laid on each other as a whole.

    Returns
    -------
    float
        Cosine; places count by the strength of whichever picture has more there, so that what one
        picture adds or leaves out tells against it.
    """
    cosines = np.einsum("ij,ij->i", one.directions, other.directions)
    strengths = np.maximum(one.strengths, other.strengths)
    order = np.argsort(cosines)
    passed = np.cumsum(strengths[order])
    at = int(np.searchsorted(passed, (1 - EXCEEDED_BY) * passed[-1]))
    return float(cosines[order[min(at, len(order) - 1)]])
