"""Measure the hint of ``check`` that a mark seems to have been taken out of a near copy.

``python tests/benchmarks/bench_missing.py`` marks every picture at the default strength and changes
it in ordinary ways, filters it, and attacks its mark; copies of the picture from before it was
marked are changed in ordinary ways, too. Each suspect goes the way of a check: the matcher compares
it with the original, the mark is read beside that, and where none is read in a near copy, what an
ordinary copy would have left of it is computed. All of it takes about four CPU-hours, ``--pictures
24`` an hour and a half, ``--quick`` ten minutes.

The pictures of the fitted half say how far out the bound must lie (`fitted_bound`); figures are
reported of the other half (`matching_art`). Readings of unmarked copies show besides whether the
p-values beside an original are bounds: at most a tenth of them may lie below 0.1, and so on.
"""

from __future__ import annotations

import argparse
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

import harness
from bench_invisible import REMOVALS, benchmark_key, mark_id_of
from matching_art import cast
from ocguard import distortions
from ocguard.imaging.files import read_picture
from ocguard.imaging.picture import Picture
from ocguard.imaging.rendition import flatten, rendition
from ocguard.keys import SecretKey
from ocguard.matching.identification.identify import Suspect, compare, is_worth_reading
from ocguard.watermark.invisible import KnownMark, detect_informed
from ocguard.watermark.missing import ExpectedReading, expected_reading
from ocguard.workflows.check.missing_mark import SURE_BELOW, TRACE_BELOW, is_missing
from ocguard.workflows.home.works import reference_jpeg, small_view
from ocguard.workflows.protect.marking import mark_invisibly

Kind = Literal["ordinary", "filtered", "unmarked", "removal"]
Rgb = NDArray[np.uint8]

ORDINARY_FAMILIES = ("codec", "geometry", "tone", "noise", "layout", "chain")
FILTERS = ("median-3", "blur-1", "blur-2", "blur-3", "denoise-6", "bilateral", "sharpen")
UNMARKED = ("resize-75", "jpeg-90", "jpeg-75", "jpeg-50", "webp-80", "fit-1080+jpeg-75+jpeg-70")
QUICK_ORDINARY = (
    "jpeg-30", "jpeg-15", "webp-50", "webp-30", "resize-35", "crop-25", "crop-10", "noise-20",
    "screen-photo", "fit-1440+webp-75", "rotate-5+crop-50+webp-70", "crop-75+resize-70+jpeg-60",
)  # fmt: skip
"""Of the ordinary changes, those that leave least of a mark."""
QUICK_PICTURES = 6  # of either size, in either half
BEYOND = 4
"""A bound lies at so many times the powers of ten of the least that an ordinary copy of the fitted
half let expect: what is seen of few pictures is not the worst that there is."""
P_LEVELS = ("0.1", "0.01")
SIZES = {"A": "illustrations", "B": "portraits"}


@dataclass(frozen=True)
class Reading:
    """What a check finds in one suspect, and what an ordinary copy would have shown.

    Attributes
    ----------
    half : "fitted" or "reported"
    group : "A" or "B"
        Large or small.
    kind, change : str
        What was done to the picture.
    is_near_copy : bool
        Whether the matcher says so: no hint is given otherwise.
    is_read : bool
        Whether the mark is found.
    p_value : float
        Of the mark beside the original; 1 where the matcher knows no place.
    expected : ExpectedReading or None
        Computed for near copies in which no mark is read.
    """

    half: str
    group: str
    kind: Kind
    change: str
    is_near_copy: bool
    is_read: bool
    p_value: float
    expected: ExpectedReading | None

    @property
    def is_hinted(self) -> bool:
        """Whether a check gives the hint."""
        return self.expected is not None and is_missing(self.expected)


@dataclass(frozen=True)
class Work:
    """A marked work, as a portfolio knows it."""

    original: Suspect
    reference: Rgb
    key: SecretKey
    known: KnownMark


def changes(*, is_quick: bool) -> dict[Kind, tuple[str, ...]]:
    """Return what is done to pictures; codecs that cannot be left out of a picture's life first."""
    ordinary = [name for family in ORDINARY_FAMILIES for name in distortions.names(family)]
    return {
        "ordinary": QUICK_ORDINARY if is_quick else tuple(ordinary),
        "filtered": FILTERS[-3:] if is_quick else FILTERS,
        "unmarked": UNMARKED,
        "removal": REMOVALS,
    }


def measure(source: tuple[Path, str], chosen: Mapping[Kind, Sequence[str]], seed: int) -> list[Any]:
    """Mark one picture of a half, and check everything that is made of it."""
    path, half = source
    picture = read_picture(path)
    group = "A" if max(picture.size) >= harness.LARGE_SIDE_PX else "B"
    key, mark_id = benchmark_key(seed), mark_id_of(path, seed)
    made = mark_invisibly(picture, mark_id, key, "normal")
    kept = small_view(picture)
    jpeg = reference_jpeg(flatten(kept.rgb, kept.alpha))
    reference = small_view(read_picture(jpeg, "reference")).rgb
    work = Work(Suspect.of(kept.rgb, kept.alpha), reference, key, made.known)
    whole = {True: _flat(made.picture), False: _flat(picture)}
    return [
        Reading(half, group, kind, name, *checked(suspect, work))
        for kind, names in chosen.items()
        for name in names
        for suspect in [distortions.apply(name, whole[kind != "unmarked"], mark_id % 2**32)]
    ]


def checked(suspect: Rgb, work: Work) -> tuple[bool, bool, float, ExpectedReading | None]:
    """Return whether it is a near copy, whether its mark is read, its p-value, and the expected."""
    view = small_view(Picture.from_array(suspect)).rgb
    verdict = compare(work.original, Suspect.of(view))
    is_near_copy = verdict.verdict == "near-copy"
    likely = [one for one in verdict.candidates if is_worth_reading(one)]
    if not likely:
        return is_near_copy, False, 1.0, None
    transform, marks = likely[0].transform, [work.known]
    found, *_ = detect_informed(view, work.reference, transform, key=work.key, known=marks)
    is_read = found.verdict == "found"
    expected = None
    if is_near_copy and not is_read:
        expected = expected_reading(
            view, work.reference, transform, key=work.key, known=marks, strength="normal"
        )
    return is_near_copy, is_read, found.p_value, expected


def _flat(picture: Picture) -> Rgb:
    """Lay a picture on white, at its own size."""
    view = rendition(picture, max(picture.size))
    return flatten(view.rgb, view.alpha)


def fitted_bound(readings: Iterable[Reading]) -> float | None:
    """Return where the bound may lie, by the ordinary copies of the fitted half; None for none."""
    expected = [
        one.expected.expected_p_value
        for one in readings
        if (one.half, one.kind) == ("fitted", "ordinary") and one.expected is not None
    ]
    return min(expected) ** BEYOND if expected else None


def hint_rows(readings: Iterable[Reading]) -> list[dict[str, Any]]:
    """Count hints per half, size and change."""
    cells: dict[tuple[str, str, str, str], list[Reading]] = defaultdict(list)
    for one in readings:
        cells[one.half, one.group, one.kind, one.change].append(one)
    return [
        {
            **dict(zip(("half", "group", "kind", "change"), cell, strict=True)),
            "copies": len(found),
            "not_read": sum(not one.is_read for one in found),
            "asked": sum(one.is_near_copy and not one.is_read for one in found),
            "hints": sum(one.is_hinted for one in found),
            "traces": sum(one.is_hinted and one.p_value < TRACE_BELOW for one in found),
            "least_expected": min(_expected(found), default=None),
        }
        for cell, found in cells.items()
    ]


def _expected(readings: Iterable[Reading]) -> Iterator[float]:
    """Yield what was expected of copies in which no mark was read."""
    for one in readings:
        if one.expected is not None:
            yield one.expected.expected_p_value


def calibration_row(readings: Iterable[Reading]) -> dict[str, Any]:
    """Count small p-values beside the original in unmarked near copies of all pictures."""
    clean = [one for one in readings if one.kind == "unmarked" and one.is_near_copy]
    p_values = [one.p_value for one in clean]
    return {
        "readings": len(clean),
        "found": sum(one.is_read for one in clean),
        "smallest_p_value": min(p_values),
        "below": {level: sum(p <= float(level) for p in p_values) for level in P_LEVELS},
    }


def chosen_pictures(folder: Path, count: int) -> list[tuple[Path, str]]:
    """Return at most so many pictures of either size and half, and which half they are of."""
    every = cast(harness.pictures(folder))
    return [
        (path, half)
        for half, paths in (("fitted", every.fitted), ("reported", every.reported))
        for size in SIZES.values()
        for path in harness.every([p for p in paths if size in p.parts], count)
    ]


def main() -> None:
    """Run the benchmark from the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="a sample of pictures and changes")
    parser.add_argument("--pictures", type=int, default=10**6, help="of either size and half")
    parser.add_argument("--processes", type=int, default=1)
    parser.add_argument("--seed", type=int, default=0)
    arguments = parser.parse_args()
    folder = harness.art_folder()
    count = min(arguments.pictures, QUICK_PICTURES) if arguments.quick else arguments.pictures
    sources = chosen_pictures(folder, count)
    chosen = changes(is_quick=arguments.quick)
    work = partial(measure, chosen=chosen, seed=arguments.seed)
    readings = [
        one for found in harness.spread(work, sources, arguments.processes) for one in found
    ]
    path = harness.write_result(
        "missing-quick" if arguments.quick else "missing",
        seed=arguments.seed,
        settings={"changes": chosen, "bound": SURE_BELOW, "fitted_bound": fitted_bound(readings)},
        data=harness.data_facts([path for path, _ in sources], folder),
        tables={"hints": hint_rows(readings), "calibration": [calibration_row(readings)]},
    )
    print(path)


if __name__ == "__main__":
    main()
