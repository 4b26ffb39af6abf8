"""The pictures that the descriptor is trained on: each with its repaints, small, in memory."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from redrawing import as_query, as_reference, on_ground

__all__ = ["STORED_PX", "Batch", "Collection", "load_collection"]

Rgb = NDArray[np.uint8]
Random = np.random.Generator

STORED_PX: Final = 128
"""Pictures are kept squeezed to squares of this side."""

ORIGINAL: Final = "orig"
"""What the file of a picture without repaint is tagged with: ``name__orig.jpg``."""

GROUP: Final = 16
"""Pictures of a batch whose queries are all in one style: strangers with the same brushwork."""


@dataclass(frozen=True)
class Entry:
    """One picture: its family, its renditions by tag, and the alpha of its figure, if known."""

    family: str
    renditions: dict[str, Rgb]
    alpha: NDArray[np.uint8] | None


@dataclass(frozen=True)
class Batch:
    """N pairs: references and queries, (N, 3, 96, 96), 0 to 1, and the number of each family."""

    references: NDArray[np.float32]
    queries: NDArray[np.float32]
    families: NDArray[np.int64]


@dataclass(frozen=True)
class Collection:
    """Art and figures, dealt half and half."""

    art: tuple[Entry, ...]
    figures: tuple[Entry, ...]

    def batches(self, pairs: int, random: Random) -> Iterator[Batch]:
        """Deal batches without end."""
        numbers = {name: i for i, name in enumerate(sorted({e.family for e in self.art}))}
        figure_numbers = {one.family: len(numbers) + i for i, one in enumerate(self.figures)}
        numbers |= figure_numbers
        while True:
            dealt = self._deal(pairs, random)
            made = [self._pair(entry, tag, random) for entry, tag in dealt]
            yield Batch(
                np.stack([one[0].transpose(2, 0, 1) for one in made]),
                np.stack([one[1].transpose(2, 0, 1) for one in made]),
                np.array([numbers[entry.family] for entry, _ in dealt]),
            )

    def _deal(self, pairs: int, random: Random) -> list[tuple[Entry, str]]:
        """Choose different pictures, and in each group one style for most."""
        half = min(pairs // 2, len(self.art))
        art = random.permutation(len(self.art))[:half]
        figures = random.permutation(len(self.figures))[: pairs - half]
        chosen = [self.art[i] for i in art] + [self.figures[i] for i in figures]
        order = random.permutation(len(chosen))
        dealt = []
        for start in range(0, len(chosen), GROUP):
            group = [chosen[i] for i in order[start : start + GROUP]]
            tags = sorted({tag for one in group for tag in one.renditions} - {ORIGINAL})
            style = str(random.choice(tags))
            dealt += [(one, self._tag(one, style, random)) for one in group]
        return dealt

    def _tag(self, entry: Entry, style: str, random: Random) -> str:
        drawn = random.random()
        if drawn < 0.12:
            return ORIGINAL
        if drawn < 0.8 and style in entry.renditions:
            return style
        return str(random.choice(sorted(entry.renditions)))

    def _pair(
        self, entry: Entry, tag: str, random: Random
    ) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        """Make reference and query; both mirrored or none, since a mirror image is asked apart."""
        original, query = entry.renditions[ORIGINAL], entry.renditions[tag]
        pool = self.art if random.random() < 0.5 else self.figures
        other = pool[int(random.integers(len(pool)))].renditions[ORIGINAL]
        if random.random() < 0.12:
            query = _partly(original, query, random)
        if entry.alpha is not None and random.random() < 0.25:
            query = on_ground(query, entry.alpha, other, random)
        if random.random() < 0.5:
            original, query = original[:, ::-1], query[:, ::-1]
        return (
            as_reference(np.ascontiguousarray(original), random),
            as_query(np.ascontiguousarray(query), other, random),
        )


def _partly(original: Rgb, repaint: Rgb, random: Random) -> Rgb:
    """Repaint one round place only, or all but that."""
    side = len(original)
    y, x = np.mgrid[:side, :side]
    center, radius = random.uniform(0.2, 0.8, 2) * side, random.uniform(0.15, 0.5) * side
    share = (np.hypot(y - center[0], x - center[1]) < radius).astype(np.float32)
    share = cv2.GaussianBlur(share, (0, 0), 3)[..., None]
    share = share if random.random() < 0.5 else 1 - share
    return np.rint(repaint * share + original * (1 - share)).astype(np.uint8)


def load_collection(
    folder: Path, families: dict[str, str], alphas: dict[str, NDArray[np.uint8]]
) -> Collection:
    """Read what :mod:`repaints` wrote.

    Parameters
    ----------
    folder : Path
        ``name__tag.jpg``: names of art begin with f, names of drawn figures with g.
    families : dict of str to str
        Family of each name of art.
    alphas : dict of str to (S, S) uint8 array
        Alpha of each name of art with a transparent ground.
    """
    renditions: dict[str, dict[str, Rgb]] = {}
    for path in sorted(folder.glob("*__*.jpg")):
        name, tag = path.stem.split("__")
        square = cv2.resize(cv2.imread(str(path)), (STORED_PX, STORED_PX),
                            interpolation=cv2.INTER_AREA)  # fmt: skip
        renditions.setdefault(name, {})[tag] = np.ascontiguousarray(square[..., ::-1])
    entries = {
        name: Entry(families.get(name, name), tagged, alphas.get(name))
        for name, tagged in renditions.items()
    }
    return Collection(
        tuple(one for name, one in entries.items() if name.startswith("f")),
        tuple(one for name, one in entries.items() if name.startswith("g")),
    )
