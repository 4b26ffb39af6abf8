"""The art of the matching benchmark: families of variants, and who plays which part.

Variants (``name.png``, ``name+female.png``, ``name-2.png``) and works that were painted over one
another are neither right nor wrong answers to each other. File names tell some; the rest was found
by comparing all works with each other and looking at the pairs.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np

__all__ = ["Cast", "cast", "family_of"]

DISTRACTORS = 100
"""Portraits that are in no portfolio."""

FITTED = 45
"""Works that the calibration is fitted on; no figure is reported on them as queries."""

REUSED = (
    ("drakes/burner", "drakes/fighter"),
    ("dwarves/gryphon-rider", "monsters/gryphon", "undead/zombie-gryphon"),
    ("humans/general", "humans/marshal"),
    ("merfolk/enchantress", "merfolk/initiate", "merfolk/hoplite"),
    ("monsters/bat", "undead/zombie-bat"),
    ("monsters/big-icemonax", "monsters/small-icemonax"),
    ("monsters/fire_ant", "monsters/giant_ant"),
    ("monsters/fire_guardian", "monsters/fire_wraith_A"),
    ("monsters/scorpion", "monsters/scorpion-elder", "monsters/scuttler"),
    ("monsters/woodland_boar", "undead/zombie-boar"),
    ("nagas/naga-mace_warrior1", "nagas/naga-mace_warrior2", "nagas/naga-mace_warrior3"),
    ("undead/zombie-horse", "undead/zombie-rider"),
)


@dataclass(frozen=True)
class Cast:
    """Paths by part: reported on, fitted on, and in no portfolio."""

    reported: tuple[Path, ...]
    fitted: tuple[Path, ...]
    distractors: tuple[Path, ...]

    @cached_property
    def portfolio(self) -> tuple[Path, ...]:
        """The works that suspects are checked against."""
        return (*self.reported, *self.fitted)


def family_of(path: Path) -> str:
    """Return the family of a picture: its folder and stem without the marks of variants."""
    folder = "" if path.parent.name == "illustrations" else f"{path.parent.name}/"
    name = folder + re.sub(r"(\+female|-\d+)+$", "", path.stem)
    for members in REUSED:
        if name in members or folder + path.stem in members:
            return members[0]
    return name


def cast(paths: list[Path], seed: int) -> Cast:
    """Deal whole families: distractors first, then the fitted works, the rest is reported on."""
    families: dict[str, list[Path]] = {}
    for path in paths:
        families.setdefault(family_of(path), []).append(path)
    names = sorted(families)
    distractors: list[Path] = []
    fitted: list[Path] = []
    reported: list[Path] = []
    for place in np.random.default_rng(seed).permutation(len(names)):
        members = families[names[int(place)]]
        if len(distractors) < DISTRACTORS and members[0].parent.name != "illustrations":
            distractors += members
        elif len(fitted) < FITTED:
            fitted += members
        else:
            reported += members
    return Cast(tuple(sorted(reported)), tuple(sorted(fitted)), tuple(sorted(distractors)))
