"""Shares: parts of a whole, where the whole may be nothing."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

__all__ = ["share_in", "share_of"]


def share_of(part: float, whole: float) -> float:
    """Return a part of a whole, 0 of nothing."""
    return float(part) / float(whole) if whole > 0 else 0.0


def share_in(part: NDArray[np.bool_], whole: NDArray[np.bool_]) -> float:
    """Return the share of a mask that lies in a part, 0 of nothing."""
    return float(part[whole].mean()) if whole.any() else 0.0
