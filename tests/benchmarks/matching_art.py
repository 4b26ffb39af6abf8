"""The art of the matching benchmark: families of variants, and which half is reported on.

Variants (``name.png``, ``name+female.png``, ``name-2.png``) and works that were painted over one
another are neither right nor wrong answers to each other. File names tell some; the rest was found
by comparing all works with each other and looking at the pairs.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

__all__ = ["Cast", "cast", "family_of"]

REUSED = (
    ("drakes/burner", "drakes/fighter"),
    ("dwarves/explorer", "dwarves/guard", "dwarves/scout", "humans/bandit"),
    ("dwarves/gryphon-rider", "monsters/gryphon", "undead/zombie-gryphon"),
    ("elves/marksman", "elves/scout"),
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
    """Paths by part: works that figures are reported on, and works that ratios are fitted on.

    All of them are in the portfolio. A query without a match is made by leaving the whole family of
    its picture out of the search, so that every picture plays both parts.
    """

    reported: tuple[Path, ...]
    fitted: tuple[Path, ...]

    @cached_property
    def portfolio(self) -> tuple[Path, ...]:
        """The works that suspects are checked against."""
        return (*self.reported, *self.fitted)

    @cached_property
    def families(self) -> dict[str, frozenset[Path]]:
        """Members of every family."""
        found: dict[str, set[Path]] = {}
        for path in self.portfolio:
            found.setdefault(family_of(path), set()).add(path)
        return {name: frozenset(members) for name, members in found.items()}


def family_of(path: Path) -> str:
    """Return the family of a picture: its folder and stem without the marks of variants."""
    folder = "" if path.parent.name == "illustrations" else f"{path.parent.name}/"
    name = folder + re.sub(r"(\+female|-\d+)+$", "", path.stem)
    for members in REUSED:
        if name in members or folder + path.stem in members:
            return members[0]
    return name


def cast(paths: list[Path]) -> Cast:
    """Deal whole families by a bit of the SHA-256 of their name: no figure can choose its part."""
    is_fitted = [hashlib.sha256(family_of(path).encode()).digest()[0] % 2 == 0 for path in paths]
    return Cast(
        tuple(path for path, fits in zip(paths, is_fitted, strict=True) if not fits),
        tuple(path for path, fits in zip(paths, is_fitted, strict=True) if fits),
    )
