"""Measure what platforms leave of protected pictures: marks read, works matched.

    python tests/benchmarks/bench_platforms.py           # about twenty minutes on two cores
    python tests/benchmarks/bench_platforms.py --quick   # about two minutes

Every picture is marked as `protect` does by default and put once through every shipped profile,
and through seeded pairs of two different ones. `detect` reads with the list of issued marks,
`check` compares with the portfolio of the matching benchmark and reads with the original's help.
Where `detect` fails after one pass, `protect --for` is tried for that platform.

Reads the art in ``OCGUARD_BENCH_ART`` and writes results/platforms.json.
"""

from __future__ import annotations

import argparse
import tempfile
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from functools import cache, partial
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

import harness
from bench_invisible import benchmark_key, mark_id_of, size_of
from matching_art import family_of
from matching_suspects import SEED, parts, portfolio
from ocguard.imaging.blending import add_luma
from ocguard.imaging.files import read_picture
from ocguard.imaging.picture import Picture
from ocguard.imaging.rendition import flatten, rendition
from ocguard.keys import SecretKey
from ocguard.matching.decision.outcomes import FINDINGS
from ocguard.matching.identification.identify import Suspect, Verdict, compare_all, decide
from ocguard.platforms.profile import chained
from ocguard.platforms.shipped import shipped_profiles
from ocguard.platforms.simulation import serve
from ocguard.watermark.invisible import KnownMark, detect, detect_informed, embed
from ocguard.watermark.invisible.detection import FOUND_BELOW
from ocguard.workflows.home.works import REFERENCE_PX, small_view
from ocguard.workflows.home.workspace import Workspace
from ocguard.workflows.protect.options import prepare_protect
from ocguard.workflows.protect.run import protect_one

SMALL_PICTURES = 24
PAIRS_EACH = 4
QUICK_PICTURES = 3
EXEMPT = "vision-model"
"""No platform; it is measured, but not promised."""


@dataclass(frozen=True)
class Settings:
    """What every process needs to know."""

    seed: int
    pairs: int
    issued: tuple[KnownMark, ...]


@dataclass(frozen=True)
class Trial:
    """One picture after one or two platforms."""

    group: str
    picture: str
    platform: str
    passes: int
    is_read: bool
    is_read_informed: bool
    is_matched: bool | None
    is_variant: bool
    is_saved_by_for: bool | None
    p_value: float
    verdict: str


def measure(path: Path, settings: Settings) -> list[Trial]:
    """Mark one picture, and put it through every platform and through pairs of them."""
    picture = read_picture(path)
    key = benchmark_key(settings.seed)
    known = KnownMark(mark_id_of(path, settings.seed), picture.size, (0, 0))
    view = small_view(picture)
    embedding = embed(view.rgb, view.alpha, mark_id=known.mark_id, key=key, size_px=picture.size)
    issued = KnownMark(known.mark_id, picture.size, embedding.origin_px)
    posted = _shown(add_luma(picture, embedding.delta))
    shown = [(name, 1, serve(posted, profile)) for name, profile in shipped_profiles().items()]
    for first, second in _pairs(path, settings):
        both = chained((shipped_profiles()[first], shipped_profiles()[second]))
        shown.append((both.name, 2, serve(posted, both)))
    return [
        _trial(path, name, passes, served, issued, key, settings) for name, passes, served in shown
    ]


def _pairs(path: Path, settings: Settings) -> list[tuple[str, str]]:
    """Draw pairs of two different platforms for a picture."""
    names = [name for name in shipped_profiles() if name != EXEMPT]
    generator = np.random.default_rng([settings.seed, mark_id_of(path, settings.seed) % 2**32])
    drawn = [generator.choice(len(names), 2, replace=False) for _ in range(settings.pairs)]
    return [(names[first], names[second]) for first, second in drawn]


def _shown(picture: Picture) -> NDArray[np.uint8]:
    """Return a whole picture as sites that drop transparency show it."""
    whole = rendition(picture, max(picture.size))
    return flatten(whole.rgb, whole.alpha)


def _trial(
    path: Path,
    name: str,
    passes: int,
    served: NDArray[np.uint8],
    issued: KnownMark,
    key: SecretKey,
    settings: Settings,
) -> Trial:
    """Read and check one served picture."""
    small = small_view(Picture.from_array(served)).rgb
    suspect = Suspect.of(small)
    verdict = _checked(suspect)
    blind = detect(suspect.rgb, key=key, known=settings.issued)
    is_read = blind.verdict == "found" and blind.mark_id == issued.mark_id
    named = portfolio().ids[verdict.work_id] if verdict.work_id else None
    is_finding = verdict.verdict in FINDINGS
    is_informed = is_read or _reads_informed(path, suspect, verdict, issued, key)
    is_settled = is_read or passes > 1
    return Trial(
        group="A" if max(issued.size_px) >= harness.LARGE_SIDE_PX else "B",
        picture=path.name,
        platform=name,
        passes=passes,
        is_read=is_read,
        is_read_informed=is_informed,
        # The calibration of the matcher was fitted on the others: no figure is reported on them.
        is_matched=(is_finding and named == path) if path in parts().reported else None,
        is_variant=is_finding and named is not None and named in _variants(path),
        is_saved_by_for=None if is_settled else _is_saved(path, name, len(settings.issued)),
        p_value=blind.p_value,
        verdict=verdict.verdict,
    )


def _checked(suspect: Suspect) -> Verdict:
    """Check a suspect against the portfolio."""
    works = portfolio()
    listed = [one.work_id for one in works.index.search(suspect.fingerprint)]
    compared = compare_all(suspect, listed, works, len(works.ids))
    return decide(suspect, compared, works.index, works)


def _reads_informed(
    path: Path, suspect: Suspect, verdict: Verdict, issued: KnownMark, key: SecretKey
) -> bool:
    """Read a mark as `check` does, with the help of the work that was recognized."""
    for one in verdict.candidates:
        if one.work_id == path.as_posix() and one.found.method != "none":
            found, *_ = detect_informed(
                suspect.rgb,
                _reference(path),
                one.transform,
                key=key,
                known=[issued],
                candidates=len(verdict.candidates),
            )
            return found.verdict == "found" and found.mark_id == issued.mark_id
    return False


@cache
def _reference(path: Path) -> NDArray[np.uint8]:
    view = rendition(read_picture(path), REFERENCE_PX)
    return flatten(view.rgb, view.alpha)


def _is_saved(path: Path, platform: str, issued: int) -> bool:
    """Tell whether `protect --for` makes a file whose mark survives that platform.

    Its p-value is corrected for all issued marks, as those of the other trials are.
    """
    with tempfile.TemporaryDirectory() as folder:
        options: Any = {"visible": "none", "platforms": [platform]}
        job, _ = prepare_protect(Workspace.at(folder), options, lambda: "benchmark")
        result = protect_one(job, path)
    survival = result.survives.get(platform)
    return (
        survival is not None and survival.is_read_blind and survival.p_value * issued < FOUND_BELOW
    )


def _variants(path: Path) -> set[Path]:
    """Return the other works of a picture's family."""
    family = family_of(path)
    return {one for one in portfolio().ids.values() if one != path and family_of(one) == family}


def rows(trials: Sequence[Trial]) -> list[dict[str, Any]]:
    """Return marks read and works matched per group and platform, with intervals."""
    keys = list(dict.fromkeys((one.group, one.passes, one.platform) for one in trials))
    singles = [key for key in keys if key[1] == 1]
    totals = [(group, passes, "all") for group in ("A", "B") for passes in (1, 2)]
    return [_row(trials, *key) for key in (*sorted(singles), *totals)]


def _row(trials: Sequence[Trial], group: str, passes: int, platform: str) -> dict[str, Any]:
    """Return one row; the total leaves out the profile that is no platform."""
    of_row = [
        one
        for one in trials
        if (one.group, one.passes) == (group, passes)
        and (one.platform == platform or (platform == "all" and one.platform != EXEMPT))
    ]
    named = [one for one in of_row if one.is_matched is not None]
    judged = [one for one in named if not one.is_variant]
    tried = [one for one in of_row if one.is_saved_by_for is not None]
    return {
        "group": group,
        "passes": passes,
        "platform": platform,
        "pictures": len({one.picture for one in of_row}),
        "trials": len(of_row),
        "read": _share(sum(one.is_read for one in of_row), len(of_row)),
        "read_informed": _share(sum(one.is_read_informed for one in of_row), len(of_row)),
        "matched": _share(sum(bool(one.is_matched) for one in judged), len(judged)),
        "variant_named": len(named) - len(judged),
        "wrong_named": sum(one.verdict in FINDINGS and not one.is_matched for one in judged),
        "tried_with_for": len(tried),
        "saved_by_for": sum(bool(one.is_saved_by_for) for one in tried),
    }


def _share(hits: int, trials: int) -> dict[str, Any]:
    return {"hits": hits, "trials": trials, **asdict(harness.wilson(hits, trials))}


def missed(trials: Sequence[Trial]) -> list[dict[str, Any]]:
    """Return every trial in which something went wrong."""
    return [asdict(one) for one in trials if not one.is_read or one.is_matched is False]


def main() -> None:
    """Run the benchmark and print what went wrong."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="a few pictures of each size")
    parser.add_argument("--processes", type=int, default=2)
    parser.add_argument("--seed", type=int, default=0)
    arguments = parser.parse_args()
    folder = harness.art_folder()
    works = sorted(parts().portfolio)
    large = [path for path in works if max(size_of(path)) >= harness.LARGE_SIDE_PX]
    small = [path for path in sorted(parts().reported) if path not in large]
    count = QUICK_PICTURES if arguments.quick else 10**6
    paths = [*harness.every(large, count), *harness.every(small, min(count, SMALL_PICTURES))]
    issued = tuple(
        KnownMark(mark_id_of(path, arguments.seed), size_of(path), (0, 0))
        for path in parts().portfolio
    )
    settings = Settings(arguments.seed, PAIRS_EACH, issued)
    harness.single_thread()  # a process that forks must not have used threads
    portfolio()  # before the processes start, so that they share it
    work = partial(measure, settings=settings)
    trials = [one for found in harness.spread(work, paths, arguments.processes) for one in found]
    path = harness.write_result(
        "platforms-quick" if arguments.quick else "platforms",
        seed=arguments.seed,
        settings={
            "strength": "normal",
            "pairs_each": PAIRS_EACH,
            "portfolio_works": len(portfolio().ids),
            "portfolio_seed": SEED,
            "issued_marks": len(issued),
            "revisions": {name: one.revision for name, one in shipped_profiles().items()},
        },
        data=harness.data_facts(paths, folder),
        tables={"platforms": rows(trials), "missed": missed(trials)},
    )
    print(path)


if __name__ == "__main__":
    main()
