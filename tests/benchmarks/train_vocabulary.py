"""Train the vocabulary of the matcher on drawings that this program makes.

    python tests/benchmarks/train_vocabulary.py

Writes src/ocguard/matching/search/vocabulary.npy: 256 centers for each half of a descriptor's
patch, as sixteenths of a descriptor level. Nobody's art is used: the pictures are overlapping
shaded shapes with outlines, strokes and text ("dead leaves"), whose local statistics come close to
those of drawings: real keypoints find their partner's cell about as often as with centers trained
on real art. Changing the centers changes every word, so it needs a new fingerprint version.

References
----------
A. B. Lee, D. Mumford, J. Huang, Occlusion models for natural images, IJCV 2001,
doi:10.1023/A:1011109015675.
"""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from harness import REPOSITORY
from ocguard.fingerprint.local import local_features
from ocguard.fingerprint.normalize import normalize
from ocguard.matching.search.vocabulary import CENTERS, descriptor_halves

PICTURES = 150
SIDE_PX = 512
ROUNDS = 15
SUBPIXEL_BITS = 4
OUTPUT = REPOSITORY / "src" / "ocguard" / "matching" / "search" / "vocabulary.npy"


def drawing(seed: int) -> NDArray[np.uint8]:
    """Draw one picture of overlapping shapes, strokes and maybe a word."""
    random = np.random.default_rng(seed)
    canvas = np.full((SIDE_PX, SIDE_PX, 3), random.integers(0, 255, 3), np.uint8)
    for _ in range(int(random.integers(40, 250))):
        radius = min(SIDE_PX * 0.4, 3 + SIDE_PX * 0.03 / (random.random() ** 0.6 + 0.03))
        center = random.uniform(0, SIDE_PX, 2)
        canvas = _shape(canvas, center, radius, random)
        if random.random() < 0.3:
            _strokes(canvas, center, radius, random)
    if random.random() < 0.3:
        place = (20, int(random.integers(40, SIDE_PX - 20)))
        font, size = int(random.integers(0, 7)), random.uniform(0.5, 2)
        cv2.putText(canvas, "Ocguard 0123", place, font, size, _color(random, 255), 2)
    soft = cv2.GaussianBlur(canvas, (0, 0), random.uniform(0.4, 1.2))
    noisy = soft + random.normal(0, random.uniform(0, 4), soft.shape)
    return np.clip(noisy, 0, 255).astype(np.uint8)


def _shape(
    canvas: NDArray[np.uint8],
    center: NDArray[np.float64],
    radius: float,
    random: np.random.Generator,
) -> NDArray[np.uint8]:
    """Paint one shaded polygon or smooth blob, maybe outlined."""
    corners = int(random.integers(3, 12))
    angles = np.sort(random.uniform(0, 2 * np.pi, corners))
    around = np.column_stack([np.cos(angles), np.sin(angles)])
    points = center + radius * around * random.uniform(0.4, 1.2, (corners, 1))
    if random.random() < 0.5:
        spectrum = np.fft.rfft(points, axis=0)
        points = np.fft.irfft(8 * spectrum, 8 * corners, axis=0)
    outline = (points * 2**SUBPIXEL_BITS).astype(np.int32)
    mask = np.zeros((SIDE_PX, SIDE_PX), np.uint8)
    cv2.fillPoly(mask, [outline], 255, cv2.LINE_AA, SUBPIXEL_BITS)
    y, x = np.mgrid[:SIDE_PX, :SIDE_PX]
    slope = random.normal(0, 1, 2) * (random.random() < 0.7) * random.uniform(0, 1.2)
    shade = (x - center[0]) * slope[0] + (y - center[1]) * slope[1]
    paint = random.integers(0, 255, 3) + shade[..., None]
    share = mask[..., None] / 255.0
    mixed = np.clip(canvas * (1 - share) + paint * share, 0, 255).astype(np.uint8)
    if random.random() < 0.5:
        width = int(random.integers(1, 4))
        color = _color(random, 80)
        cv2.polylines(mixed, [outline], True, color, width, cv2.LINE_AA, SUBPIXEL_BITS)
    return mixed


def _strokes(
    canvas: NDArray[np.uint8],
    center: NDArray[np.float64],
    radius: float,
    random: np.random.Generator,
) -> None:
    """Draw hatching around a point."""
    for _ in range(int(random.integers(3, 20))):
        start = center + random.normal(0, radius / 2, 2)
        end = start + random.normal(0, radius / 3, 2)
        cv2.line(
            canvas,
            tuple(np.rint(start).astype(int).tolist()),
            tuple(np.rint(end).astype(int).tolist()),
            _color(random, 255),
            1,
            cv2.LINE_AA,
        )


def _color(random: np.random.Generator, below: int) -> tuple[int, ...]:
    return tuple(random.integers(0, below, 3).tolist())


def cluster(samples: NDArray[np.float32], seed: int) -> NDArray[np.float32]:
    """Return `CENTERS` centers by Lloyd's algorithm; an empty one moves to a random sample."""
    random = np.random.default_rng(seed)
    centers = samples[random.choice(len(samples), CENTERS, replace=False)].copy()
    for _ in range(ROUNDS):
        nearest = ((centers**2).sum(axis=1)[None] - 2 * samples @ centers.T).argmin(axis=1)
        counts = np.bincount(nearest, minlength=CENTERS)[:, None]
        sums = np.zeros_like(centers)
        np.add.at(sums, nearest, samples)
        spare = samples[random.choice(len(samples), CENTERS)]
        centers = np.where(counts > 0, sums / np.maximum(counts, 1), spare).astype(np.float32)
    return centers


def main() -> None:
    """Draw, describe, cluster, write."""
    cv2.setNumThreads(1)
    found = [local_features(normalize(drawing(seed), None)) for seed in range(PICTURES)]
    halves = descriptor_halves(np.concatenate([f.descriptors for f in found]))
    centers = np.stack([cluster(half, seed) for seed, half in enumerate(halves)])
    np.save(OUTPUT, np.clip(np.rint(centers * 16), 0, 255).astype(np.uint8))
    print(f"{len(halves[0])} descriptors of {PICTURES} drawings -> {OUTPUT.name}")


if __name__ == "__main__":
    main()
