"""Measure what somebody who means ill gets out of many marked pictures, without the key.

``python tests/benchmarks/bench_attacks.py`` (about four minutes of CPU) lets an attacker

* **average** what a denoiser takes off 25 and 100 works of one artist, subtract the average from
  the works to remove their marks, and add it to somebody else's pictures to forge one;
* **fold** one work on the cells of its mark, subtract the fold from it, and add it to others;
* **collude**: average copies of one picture that went to 2, 3, 4 and 8 of 16 recipients, take their
  median, or the middle between the darkest and the lightest.

Averages and folds are applied as they are, and amplified until they change a picture as much as 38
dB allow. A mark counts as read where it is found with the right id, with the key alone, with the
list of issued marks, as ``detect`` does, or, for the copies of one picture, with the original as
well, as ``check`` does (without the matcher: a mix of copies lies where they lay). Works are
portraits of 400 x 400 px on white; copies for recipients are such portraits and crops of 1024 x 768
px, saved as JPEG of quality 75.

References
----------
.. [1] I. Cox, M. Miller, J. Bloom, J. Fridrich, T. Kalker, "Digital Watermarking and
   Steganography", 2nd edition, 2008, chapter 10.
.. [2] H. Zhao, M. Wu, Z. J. Wang, K. J. R. Liu, "Forensic analysis of nonlinear collusion attacks
   for multimedia fingerprinting", IEEE Trans. Image Process. 14 (5), 2005,
   doi:10.1109/TIP.2005.846035
"""

from __future__ import annotations

import argparse
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

import harness
from bench_invisible import benchmark_key, mark_id_of
from bench_invisible_peers import embed_ours
from ocguard.distortions import apply
from ocguard.imaging.files import read_picture
from ocguard.imaging.rendition import flatten, rendition
from ocguard.watermark.invisible import Detection, KnownMark, detect, detect_informed
from ocguard.watermark.invisible.carrier import cell_size_px

SIDE_PX = 400  # of every work
CROP_PX = (1024, 768)  # of the larger copies that are handed out
AVERAGED = (25, 100)  # works
TARGETS, FOREIGN = 12, 12  # works attacked, pictures forged onto
AMPLIFIED_DB = 38.0
AMPLIFIED_RMS = 255 / 10 ** (AMPLIFIED_DB / 20)
RECIPIENTS = 16
CONSPIRATORS = (2, 3, 4, 8)
COPIED = 4  # pictures of either size that are handed out
WAYS = ("read", "read_listed", "read_informed")

Rgb = NDArray[np.uint8]
Change = NDArray[np.float32]


@dataclass(frozen=True)
class Work:
    """A marked picture."""

    marked: Rgb
    known: KnownMark


@dataclass(frozen=True)
class Trial:
    """A suspect: what was done, which mark is in it, and which marks were issued."""

    attack: str
    detail: str
    suspect: Rgb
    mark_id: int | None
    issued: tuple[KnownMark, ...]
    guilty: frozenset[int] = frozenset()
    original: Rgb | None = None


def square(path: Path) -> Rgb:
    """Return a portrait on white at the size that all works have."""
    shown = rendition(read_picture(path), 2 * SIDE_PX)
    flat = flatten(shown.rgb, shown.alpha)
    return np.asarray(cv2.resize(flat, (SIDE_PX, SIDE_PX), interpolation=cv2.INTER_AREA))


def crop(path: Path) -> Rgb:
    """Return the middle of a large picture."""
    shown = rendition(read_picture(path), 1400)
    flat, (width, height) = flatten(shown.rgb, shown.alpha), CROP_PX
    top, left = (max(0, (flat.shape[axis] - side) // 2) for axis, side in ((0, height), (1, width)))
    return np.ascontiguousarray(flat[top : top + height, left : left + width])


def marked_work(path: Path, seed: int) -> Work:
    """Mark a portrait."""
    return Work(*embed_ours(square(path), mark_id_of(path, seed), seed))


def noise_left(rgb: Rgb) -> Change:
    """Return what an attacker takes for the mark: the picture less its denoised self."""
    return rgb.astype(np.float32) - cv2.bilateralFilter(rgb, 9, 12, 3)


def folded(change: Change, cell_px: float) -> Change:
    """Average a change over cells of a side, and tile the average over the picture."""
    cell = round(cell_px)
    height, width = change.shape[:2]
    down, across = -(-height // cell), -(-width // cell)
    padded = np.full((down * cell, across * cell, 3), np.nan, np.float32)
    padded[:height, :width] = change
    mean = np.nanmean(padded.reshape(down, cell, across, cell, 3), axis=(0, 2))
    return np.tile(mean, (down, across, 1))[:height, :width]


def amplified(change: Change) -> Change:
    """Make a change as strong as `AMPLIFIED_DB` allow."""
    return change * np.float32(AMPLIFIED_RMS / np.sqrt(np.mean(np.square(change))))


def changed(rgb: Rgb, change: Change) -> Rgb:
    """Add a change to a picture."""
    return np.clip(np.rint(rgb + change), 0, 255).astype(np.uint8)


def remove_and_forge(
    attack: str,
    change: Change,
    works: Sequence[Work],
    foreign: Sequence[Rgb],
    issued: tuple[KnownMark, ...],
) -> list[Trial]:
    """Subtract a change from works, and add it to foreign pictures, as it is and amplified."""
    return [
        trial
        for detail, one in (("as it is", change), ("amplified", amplified(change)))
        for trial in (
            *(
                Trial(f"{attack}: remove", detail, changed(w.marked, -one), w.known.mark_id, issued)
                for w in works
            ),
            *(Trial(f"{attack}: forge", detail, changed(f, one), None, issued) for f in foreign),
        )
    ]


def pattern_trials(works: Sequence[Work], foreign: Sequence[Rgb]) -> list[Trial]:
    """List the suspects of averaging and folding."""
    issued = tuple(work.known for work in works)
    targets = harness.every(list(works), TARGETS)
    trials = []
    for count in AVERAGED:
        # The works attacked are among those averaged.
        attacked = {target.known.mark_id for target in targets}
        rest = [work for work in works if work.known.mark_id not in attacked]
        chosen = [*targets, *rest[: count - len(targets)]]
        average = np.mean([noise_left(work.marked) for work in chosen], axis=0, dtype=np.float32)
        trials += remove_and_forge(f"average of {count}", average, targets, foreign, issued)
    cell = cell_size_px((SIDE_PX, SIDE_PX))
    for target, stranger in zip(targets, foreign, strict=True):
        fold = folded(noise_left(target.marked), cell)
        trials += remove_and_forge("own cells", fold, [target], [stranger], issued)
    return trials


def mixed(copies: Sequence[Rgb], method: str) -> Rgb:
    """Mix copies of one picture."""
    stack = np.stack(copies).astype(np.float32)
    mixers: dict[str, Callable[[], Change]] = {
        "mean": lambda: stack.mean(axis=0),
        "median": lambda: np.median(stack, axis=0),
        "middle": lambda: (stack.min(axis=0) + stack.max(axis=0)) / 2,
    }
    return np.clip(np.rint(mixers[method]()), 0, 255).astype(np.uint8)


def collusion_trials(host: Rgb, path: Path, group: str, seed: int) -> list[Trial]:
    """List the suspects that the recipients of one picture make together."""
    copied = [path.with_stem(f"{path.stem}-{number}") for number in range(RECIPIENTS)]
    works = [Work(*embed_ours(host, mark_id_of(one, seed), seed)) for one in copied]
    issued, copies = tuple(work.known for work in works), [work.marked for work in works]
    return [
        Trial(
            f"{method} of {count} copies",
            group,
            apply("jpeg-75", mixed(copies[:count], method), seed),
            None,
            issued,
            frozenset(mark.mark_id for mark in issued[:count]),
            host,
        )
        for count in CONSPIRATORS
        for method in ("mean", "median", "middle")
        if count > 2 or method == "mean"  # of two, all three are the same
    ]


def outcome(trial: Trial, seed: int) -> dict[str, Any]:
    """Read a suspect with the key alone, then with more and more help."""
    key, suspect = benchmark_key(seed), trial.suspect
    ways: list[Callable[[], list[Detection]]] = [
        lambda: [detect(suspect, key=key)],
        lambda: [detect(suspect, key=key, known=trial.issued)],
    ]
    if trial.original is not None:
        original, unmoved = trial.original, np.eye(3)
        ways.append(
            lambda: detect_informed(suspect, original, unmoved, key=key, known=trial.issued)
        )
    wanted = frozenset(trial.guilty or {trial.mark_id})
    named: set[int | None] = set()
    answers = []
    for way in ways:
        # Who knows more still has what was read with less.
        named |= {one.mark_id for one in way() if one.verdict == "found"}
        answers.append("wrong" if named - wanted else "right" if named else "nothing")
    return {
        "attack": trial.attack,
        "detail": trial.detail,
        "answers": answers,
        "named": len(named & wanted),
        "wanted": len(wanted),
    }


def rows(outcomes: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """Count outcomes per attack."""
    kinds = dict.fromkeys((one["attack"], one["detail"]) for one in outcomes)
    made = []
    for attack, detail in kinds:
        of_kind = [one for one in outcomes if (one["attack"], one["detail"]) == (attack, detail)]
        by_way = [
            Counter(answers) for answers in zip(*(one["answers"] for one in of_kind), strict=True)
        ]
        read = dict(zip(WAYS, (answers["right"] for answers in by_way), strict=False))
        best = by_way[-1]["right"]
        made.append(
            {
                "attack": attack,
                "detail": detail,
                "trials": len(of_kind),
                **read,
                **asdict(harness.wilson(best, len(of_kind))),
                "wanted": sum(one["wanted"] for one in of_kind),
                "named": sum(one["named"] for one in of_kind),
                "wrong": sum("wrong" in one["answers"] for one in of_kind),
            }
        )
    return made


def main() -> None:
    """Run the benchmark from the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--processes", type=int, default=2)
    parser.add_argument("--seed", type=int, default=0)
    arguments = parser.parse_args()
    seed, folder = arguments.seed, harness.art_folder()
    portraits = harness.pictures(folder, "portraits")
    used = harness.every(portraits, max(AVERAGED))
    strangers = harness.every([path for path in portraits if path not in used], FOREIGN)
    scenes = harness.every(harness.pictures(folder, "illustrations"), COPIED)
    harness.single_thread()
    mark = partial(marked_work, seed=seed)
    works = list(harness.spread(mark, used, arguments.processes))
    trials = pattern_trials(works, [square(path) for path in strangers])
    hosts = [("scenes", crop(path), path) for path in scenes]
    hosts += [("portraits", square(path), path) for path in harness.every(strangers, COPIED)]
    copied = []
    for group, host, path in hosts:
        copied += collusion_trials(host, path, group, seed)
    look = partial(outcome, seed=seed)
    outcomes = list(harness.spread(look, trials + copied, arguments.processes))
    place = harness.write_result(
        "attacks",
        seed=seed,
        settings={
            "side_px": SIDE_PX,
            "crop_px": CROP_PX,
            "amplified_db": AMPLIFIED_DB,
            "recipients": RECIPIENTS,
        },
        data=harness.data_facts([*used, *strangers, *scenes], folder),
        tables={
            "patterns": rows(outcomes[: len(trials)]),
            "collusion": rows(outcomes[len(trials) :]),
        },
    )
    print(place)


if __name__ == "__main__":
    main()
