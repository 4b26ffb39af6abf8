"""The id of what decides beside the measures: every bound, and every rule made of them."""

from __future__ import annotations

import hashlib
import json
from functools import cache

from ocguard.matching.decision.bounds import Bounds, load_bounds
from ocguard.matching.decision.explanations import EXPLANATIONS
from ocguard.matching.decision.outcomes import OUTCOMES
from ocguard.matching.decision.relations import OWN, RELATED

__all__ = ["digest_of", "shipped_bounds_id"]

ID_DIGITS = 10
"""Hexadecimal digits of the digest in an id."""


@cache
def shipped_bounds_id() -> str:
    """Return the id that every verdict of this version carries: ``bounds-0123456789``."""
    return f"bounds-{digest_of(load_bounds())[:ID_DIGITS]}"


def digest_of(bounds: Bounds) -> str:
    """Return the SHA-256, in hexadecimal, of bounds and of the rules of this version.

    Notes and seen values are no part of it: they decide nothing.
    """
    asked = [[b.name, b.measure, b.direction, float(b.value)] for b in bounds.by_name.values()]
    rules = repr((EXPLANATIONS, OUTCOMES, OWN, RELATED))
    return hashlib.sha256(json.dumps([sorted(asked), rules]).encode()).hexdigest()
