"""Measure searching and checking against very many works, nearly all of them made up.

    python tests/benchmarks/bench_matching_size.py                  # 1,000 and 100,000 works
    python tests/benchmarks/bench_matching_size.py --works 1000000  # 9 GB of disk, a few minutes

Made-up works are composed of noisy local features and disturbed codes of real ones, so that they
are harder to tell from the right work than unrelated art is. The real works are in the index too;
suspects are made from the half that figures are reported on. Writes results/matching-size.json.
"""

from __future__ import annotations

import argparse
import resource
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from harness import art_folder, data_facts, every, pictures, write_result
from matching_suspects import SEED, ArtWorks, holds_figure, parts, portfolio, transformed
from ocguard.fingerprint.fingerprint import Fingerprint
from ocguard.matching.identify import Suspect, compare_all, decide
from ocguard.matching.index import MAX_SEGMENTS, Index
from ocguard.matching.segment import Segment, pose
from ocguard.matching.vocabulary import CELLS, words

SIZES = (1_000, 100_000)
FEATURES_EACH = 600
NOISE_LEVELS = 1.5
NOISY_COPIES = 4
FLIPPED_BITS = 4
SUSPECTS_EACH = 4
TRANSFORMS = (
    "jpeg-50", "crop-25", "mirror", "grid-4", "meme", "screen-photo", "face", "stylize", "line-art",
    "elastic-6", "watercolor+elastic-2+hue-30", "posterize-8+elastic-4+recolor",
)  # fmt: skip


@dataclass(frozen=True)
class Pool:
    """Entries and codes of real works, the entries with noise, to compose works of."""

    cells: NDArray[np.uint16]
    signatures: NDArray[np.uint64]
    poses: NDArray[np.uint8]
    codes: NDArray[np.uint8]
    layouts: NDArray[np.uint8]

    @classmethod
    def of(cls, models: Sequence[Fingerprint]) -> Pool:
        """Gather the entries of real works, several times with noise."""
        random = np.random.default_rng(SEED)
        cells, signatures, poses = [], [], []
        for model in models * NOISY_COPIES:
            levels = model.local.descriptors + random.normal(
                0, NOISE_LEVELS, (len(model.local), 128)
            )
            found = words(np.clip(np.rint(levels), 0, 15).astype(np.uint8), cells_each=1)
            cells.append(found.cells[:, 0].astype(np.uint16))
            signatures.append(found.signatures[:, 0])
            poses.append(pose(model.local, model.size))
        return cls(
            np.concatenate(cells),
            np.concatenate(signatures),
            np.concatenate(poses),
            np.stack([model.codes for model in models]),
            np.stack([model.layout for model in models]),
        )

    def segment(self, count: int, seed: int) -> Segment:
        """Compose a segment of made-up works."""
        random = np.random.default_rng([SEED, seed])
        drawn = random.integers(0, len(self.cells), count * FEATURES_EACH, dtype=np.uint32)
        rows = np.repeat(np.arange(count, dtype=np.uint32), FEATURES_EACH)
        order = np.argsort(self.cells[drawn], kind="stable")
        drawn, rows = drawn[order], rows[order]
        starts = np.zeros(CELLS + 1, np.uint32)
        np.cumsum(np.bincount(self.cells[drawn], minlength=CELLS), out=starts[1:])
        signatures = self.signatures[drawn]
        for _ in range(FLIPPED_BITS):
            signatures ^= np.uint64(1) << random.integers(0, 64, len(drawn), dtype=np.uint64)
        models = random.integers(0, len(self.codes), count)
        return Segment(
            tuple(f"made-up-{seed}-{i}" for i in range(count)),
            self.codes[models] ^ _quarter(random, (count, *self.codes.shape[1:])),
            self.layouts[models] ^ _quarter(random, (count, *self.layouts.shape[1:])),
            starts,
            rows,
            signatures,
            self.poses[drawn],
        )


def _quarter(random: np.random.Generator, shape: tuple[int, ...]) -> NDArray[np.uint8]:
    """Return random bytes with a quarter of their bits set."""
    one, other = random.integers(0, 256, (2, *shape), dtype=np.uint8)
    return np.asarray(one & other, np.uint8)


def build(folder: Path, works: ArtWorks, count: int) -> None:
    """Save an index of the real works and of made-up ones, segment by segment."""
    pool = Pool.of([works.fingerprint(i) for i in works.ids])
    made_up = max(count - len(works.ids), 0)
    index = works.index
    for seed, start in enumerate(range(0, made_up, -(-made_up // (MAX_SEGMENTS - 1)))):
        each = min(-(-made_up // (MAX_SEGMENTS - 1)), made_up - start)
        index = Index((*index.segments, pool.segment(each, seed)), index.removed)
        index.save(folder)
        index = Index.open(folder)


def measure(folder: Path) -> dict[str, Any]:
    """Check suspects against a saved index, in a process that did not build it."""
    cv2.setNumThreads(1)
    works = portfolio()
    known = Known(works, parts().fitted[0].as_posix())
    before = _resident_mib()
    searched, checked, found, named, wrong = [], [], 0, 0, 0
    queries = [
        (path, name)
        for name in TRANSFORMS
        for path in every(
            [p for p in parts().reported if holds_figure(p, name, SEED)], SUSPECTS_EACH
        )
    ]
    index = Index.open(folder)
    for path, name in queries:
        suspect = Suspect.of(transformed(path, name, SEED))
        begin = time.process_time()
        listed = [c.work_id for c in index.search(suspect.fingerprint)]
        searched.append(time.process_time() - begin)
        compared = compare_all(suspect, listed, known, len(index.work_ids))
        verdict = decide(suspect, compared, index, known)
        checked.append(time.process_time() - begin)
        found += path.as_posix() in listed
        is_named = verdict.verdict not in {"no-match", "cannot-tell"}
        named += is_named and verdict.work_id == path.as_posix()
        wrong += is_named and verdict.work_id != path.as_posix()
    return {
        "works": len(index.work_ids),
        "queries": len(queries),
        "among_20_candidates": found / len(queries),
        "right_work": named / len(queries),
        "other_work": wrong,
        "search_cpu_ms": 1e3 * float(np.median(searched)),
        "match_cpu_ms": 1e3 * float(np.median(checked)),
        "worst_match_cpu_ms": 1e3 * max(checked),
        "memory_mib": _resident_mib() - before,
        "bytes_a_work": sum(f.stat().st_size for f in folder.rglob("*")) / len(index.work_ids),
    }


@dataclass(frozen=True)
class Known:
    """Real works; a made-up one, which has no picture, is shown as one of the fitted half."""

    works: ArtWorks
    stand_in: str

    def fingerprint(self, work_id: str) -> Fingerprint:
        """Return a work's fingerprint."""
        return self.works.fingerprint(self._real(work_id))

    def reference(self, work_id: str) -> NDArray[np.uint8]:
        """Return a work's rendition."""
        return self.works.reference(self._real(work_id))

    def _real(self, work_id: str) -> str:
        return work_id if work_id in self.works.ids else self.stand_in


def _resident_mib() -> float:
    """Return the most memory that this process ever held, mapped files included."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def main() -> None:
    """Build, measure, write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--works", type=int, action="append", help="works; may be repeated")
    settings = parser.parse_args()
    works, rows = portfolio(), []
    for count in settings.works or SIZES:
        with tempfile.TemporaryDirectory() as folder:
            begin = time.process_time()
            build(Path(folder), works, count)
            print(f"{count} works composed in {time.process_time() - begin:.0f} CPU-seconds")
            with get_context("fork").Pool(1) as pool:
                rows.append(pool.apply(measure, (Path(folder),)))
        print({k: round(v, 3) for k, v in rows[-1].items()})
    place = write_result(
        "matching-size",
        seed=SEED,
        settings={"suspects_each": SUSPECTS_EACH, "transforms": list(TRANSFORMS)},
        data=data_facts(pictures(art_folder()), art_folder()),
        tables={"size": rows},
    )
    print(f"written to {place.name}")


if __name__ == "__main__":
    main()
