"""A portfolio of real works, and indexes in which they lie among very many made-up ones.

A made-up work has the noisy local features of several real works, and a real work's codes with a
quarter of their bits turned over: it is harder to tell from the right work than unrelated art is.
Everything is made with arrays at once and kept in a folder, named after the code that made it.
"""

from __future__ import annotations

import hashlib
import json
import shutil
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

import ocguard
from matching_suspects import SEED, parts
from ocguard.fingerprint.fingerprint import Fingerprint
from ocguard.matching.search.files import INDEX_LAYOUT, open_segments, save_segments
from ocguard.matching.search.hamming import as_columns
from ocguard.matching.search.index import Index
from ocguard.matching.search.segment import Segment, pose
from ocguard.matching.search.vocabulary import CELLS, words
from ocguard.portfolio import open_store
from ocguard.workflows.home.catalog import add_one
from ocguard.workflows.home.works import StoredWorks
from ocguard.workflows.home.workspace import Workspace

__all__ = ["CACHE", "Registered", "SizedWorks", "one_megapixel", "register", "sized_index", "stamp"]

CACHE = Path(tempfile.gettempdir()) / "ocguard-matching-size"
FEATURES_EACH = 600
NOISE_LEVELS = 1.5
NOISY_COPIES = 4
FLIPPED_BITS = 4
SEGMENT_WORKS = 150_000
"""Made-up works composed at a time: 2 GB of arrays."""
STAMPED = (
    "fingerprint",
    "imaging",
    "matching/search/hamming.py",
    "matching/search/segment.py",
    "matching/search/vocabulary.py",
    "portfolio/sqlite/schema.py",
)
"""Code that kept files depend on: how pictures are described, and how a segment is laid out."""


def stamp() -> str:
    """Return a digest of the code and the art that cached files depend on."""
    digest = hashlib.sha256(Path(__file__).read_bytes() + bytes([INDEX_LAYOUT]))
    source = Path(ocguard.__file__).parent
    for part in STAMPED:
        place = source / part
        for path in sorted(place.rglob("*.py")) if place.is_dir() else [place]:
            digest.update(path.read_bytes())
    for path in parts().portfolio:
        digest.update(f"{path.name} {path.stat().st_size}".encode())
    return digest.hexdigest()[:12]


@dataclass(frozen=True)
class Registered:
    """Real works in a portfolio file, and what registering them cost."""

    location: str
    ids: dict[str, str]
    cpu_seconds: list[float]
    fingerprint_bytes: float
    database_bytes: float
    rendition_bytes: float


def register(folder: Path) -> Registered:
    """Register the art with ocguard itself, once; sizes are means of a work."""
    note = folder / "registered.json"
    location = str(folder / "portfolio.sqlite")
    if not note.exists():
        folder.mkdir(parents=True, exist_ok=True)
        Path(location).unlink(missing_ok=True)
        ids, seconds = {}, []
        for path in parts().portfolio:
            begin = time.process_time()
            result = add_one(Workspace.at(folder, location), path)
            seconds.append(time.process_time() - begin)
            if result.work_id is None:
                raise SystemExit(f"{path}: {result.error}")
            ids[path.as_posix()] = result.work_id
        with open_store(location) as store:
            prints = [len(store.fingerprint(i)) for i in set(ids.values())]
            views = [len(store.rendition(w.reference_sha256)) for w in store.works()]
            size = store.stats().size_bytes
        sizes = (sum(prints), size - sum(views), sum(views))
        means = [one / len(prints) for one in sizes]
        note.write_text(json.dumps([location, ids, seconds, *means]), encoding="utf-8")
    return Registered(*json.loads(note.read_text(encoding="utf-8")))


class SizedWorks:
    """Works of the portfolio file; a made-up one, which has no picture, shows another's."""

    def __init__(self, works: StoredWorks, real: Sequence[str]) -> None:
        self._works, self._real, self._known = works, real, frozenset(real)

    def fingerprint(self, work_id: str) -> Fingerprint:
        """Read a work's fingerprint."""
        return self._works.fingerprint(self._shown(work_id))

    def reference(self, work_id: str) -> NDArray[np.uint8]:
        """Read a work's rendition."""
        return self._works.reference(self._shown(work_id))

    def _shown(self, work_id: str) -> str:
        if work_id in self._known:
            return work_id
        return self._real[int(work_id, 16) % len(self._real)]


@dataclass(frozen=True)
class Pool:
    """Entries of real works, with noise and sorted by cell, and their codes."""

    starts: NDArray[np.int64]
    signatures: NDArray[np.uint64]
    poses: NDArray[np.uint8]
    codes: NDArray[np.uint64]
    layouts: NDArray[np.uint64]

    @classmethod
    def of(cls, models: Sequence[Fingerprint]) -> Pool:
        """Gather the entries of real works, several times with noise."""
        random = np.random.default_rng(SEED)
        cells, signatures, poses = [], [], []
        for model in [*models] * NOISY_COPIES:
            noise = random.normal(0, NOISE_LEVELS, (len(model.local), 128))
            levels = np.clip(np.rint(model.local.descriptors + noise), 0, 15)
            found = words(levels.astype(np.uint8), cells_each=1)
            cells.append(found.cells[:, 0])
            signatures.append(found.signatures[:, 0])
            poses.append(pose(model.local, model.size))
        order = np.argsort(np.concatenate(cells), kind="stable")
        counts = np.bincount(np.concatenate(cells), minlength=CELLS)
        return cls(
            np.concatenate([[0], np.cumsum(counts)]),
            np.concatenate(signatures)[order],
            np.concatenate(poses)[order],
            as_columns(np.stack([model.codes for model in models])),
            as_columns(np.stack([model.layout for model in models])),
        )

    @cached_property
    def shares(self) -> NDArray[np.float64]:
        """Share of the entries in every cell."""
        return np.diff(self.starts) / self.starts[-1]

    def segment(self, count: int, seed: int) -> Segment:
        """Compose a segment of made-up works, each with about `FEATURES_EACH` entries."""
        random = np.random.default_rng([SEED, seed])
        sizes = random.multinomial(count * FEATURES_EACH, self.shares)
        cells = np.repeat(np.arange(CELLS, dtype=np.uint64), sizes)
        rows = random.integers(0, count, len(cells), dtype=np.uint64)
        cells <<= np.uint64(32)
        cells |= rows
        cells.sort()
        rows = (cells & np.uint64(0xFFFFFFFF)).astype(np.uint32)
        del cells
        first, each = self.starts[:-1].astype(np.uint32), np.diff(self.starts).astype(np.float32)
        drawn = np.repeat(each, sizes)
        drawn *= random.random(len(rows), dtype=np.float32) * np.float32(0.9999)
        drawn = drawn.astype(np.uint32)
        drawn += np.repeat(first, sizes)
        signatures, poses = self.signatures[drawn], self.poses[drawn]
        del drawn
        for _ in range(FLIPPED_BITS):
            signatures ^= np.uint64(1) << random.integers(0, 64, len(rows), dtype=np.uint64)
        starts = np.concatenate([[0], np.cumsum(sizes)]).astype(np.uint32)
        models = random.integers(0, self.codes.shape[1], count)
        return Segment(
            _made_up_ids(count, seed),
            self.codes[:, models] ^ _quarter(random, (len(self.codes), count)),
            self.layouts[:, models] ^ _quarter(random, (len(self.layouts), count)),
            starts,
            rows,
            signatures,
            poses,
        )


def sized_index(folder: Path, registered: Registered, count: int) -> Path:
    """Save an index of the real works and of made-up ones, once, and return its folder."""
    place = folder / f"index-{count}"
    if (place / "built").exists():
        return place
    shutil.rmtree(place, ignore_errors=True)
    with open_store(registered.location) as store:
        works = StoredWorks(store)
        models = {i: works.fingerprint(i) for i in dict.fromkeys(registered.ids.values())}
    pool, made_up = Pool.of([*models.values()]), max(count - len(models), 0)
    real = Index.build(models.items())
    segments: list[Segment] = []
    for seed, start in enumerate(range(0, made_up, SEGMENT_WORKS)):
        segments.append(pool.segment(min(SEGMENT_WORKS, made_up - start), seed))
        save_segments(place, segments)
        segments = [*open_segments(place)]
    save_segments(place, (*segments, *real.segments))
    (place / "built").touch()
    return place


def _made_up_ids(count: int, seed: int) -> NDArray[np.bytes_]:
    """Return ids like those of works, ascending."""
    return np.array([b"%016x" % ((seed << 40) | (row << 8)) for row in range(count)], "S16")


def _quarter(random: np.random.Generator, shape: tuple[int, ...]) -> NDArray[np.uint64]:
    """Return random words with a quarter of their bits set."""
    one = random.integers(0, 2**64, shape, dtype=np.uint64)
    one &= random.integers(0, 2**64, shape, dtype=np.uint64)
    return one


def one_megapixel(path: Path) -> NDArray[np.uint8]:
    """Read a picture, scaled to a million pixels."""
    rgb = cv2.imread(str(path), cv2.IMREAD_COLOR)[..., ::-1]
    factor = (1e6 / (rgb.shape[0] * rgb.shape[1])) ** 0.5
    method = cv2.INTER_AREA if factor < 1 else cv2.INTER_CUBIC
    return np.ascontiguousarray(cv2.resize(rgb, None, fx=factor, fy=factor, interpolation=method))
