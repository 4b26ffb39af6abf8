"""How far apart the reference tools find two pictures: Butteraugli, SSIMULACRA2 and FLIP.

The tools are for benchmarks alone: ``butteraugli_main`` of Debian's ``libjxl-devtools``, and
``ssimulacra2`` and ``flip-evaluator`` of PyPI. Every measure is pooled over visible pixels only, so
that much empty ground cannot dilute what is seen. A transparent picture is laid on white, grey and
black, and its worst ground counts.

References
----------
.. [1] J. Alakuijala, R. Obryk, O. Stoliarchuk, Z. Szabadka, L. Vandevenne, J. Wassenberg,
   "Guetzli: Perceptually Guided JPEG Encoder", 2017, https://doi.org/10.48550/arXiv.1703.04421
.. [2] J. Sneyers, "SSIMULACRA 2", 2023, https://github.com/cloudinary/ssimulacra2
.. [3] P. Andersson, J. Nilsson, T. Akenine-Moeller, M. Oskarsson, K. Astrom, M. Fairchild, "FLIP: A
   Difference Evaluator for Alternating Images", Proc. ACM CGIT 3 (2), 2020,
   https://doi.org/10.1145/3406183
"""

from __future__ import annotations

import subprocess
import tempfile
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

GROUNDS = (255, 128, 0)
"""Grey levels that transparent pictures are laid on."""
HEAT_COLORS = (
    (0, 0, 0), (0, 0, 1), (0, 1, 1), (0, 1, 0), (1, 1, 0), (1, 0, 0), (1, 0, 1), (0.5, 0.5, 1),
    (1, 0.5, 0.5), (1, 1, 0.5), (1, 1, 1), (1, 1, 1),
)  # fmt: skip
"""Colors of libjxl's heat map, before their square root is taken."""
HEAT_STEPS = 1 << 18
"""Distances from 0 to `HEAT_TOP` by which a heat map is read back."""
HEAT_TOP = 8.0
SMALLEST_SIDE_PX = 8
"""SSIMULACRA2 leaves out scales at which a side is shorter."""

Rgb = NDArray[np.uint8]
Mask = NDArray[np.bool_]


@dataclass(frozen=True)
class Distances:
    """What the tools say of a pair; of several grounds, the worst of each.

    Attributes
    ----------
    butteraugli : float
        Largest distance of a pixel: 1 is about what is just noticed.
    butteraugli_3 : float
        libjxl's 3-norm: the mean of the norms of order 3, 6 and 12.
    ssimulacra2 : float
        100 for equal pictures, 90 for what cannot be told apart when flipping at normal distance.
    flip : float
        Mean error, 0 to 1, at 67 pixels a degree.
    """

    butteraugli: float
    butteraugli_3: float
    ssimulacra2: float
    flip: float


def distances(before: Rgb, after: Rgb, alpha: NDArray[np.uint8] | None = None) -> Distances:
    """Measure two (H, W, 3) pictures of one (H, W) opacity over what is visible of them."""
    visible = np.ones(before.shape[:2], bool) if alpha is None else alpha > 0
    found = [
        _on_ground(_laid(before, alpha, level), _laid(after, alpha, level), visible)
        for level in (GROUNDS if alpha is not None else GROUNDS[:1])
    ]
    return Distances(
        butteraugli=max(one.butteraugli for one in found),
        butteraugli_3=max(one.butteraugli_3 for one in found),
        ssimulacra2=min(one.ssimulacra2 for one in found),
        flip=max(one.flip for one in found),
    )


def butteraugli_map(before: Rgb, after: Rgb) -> NDArray[np.float64]:
    """Return the (H, W) distances of libjxl's Butteraugli, read back from its heat map."""
    with tempfile.TemporaryDirectory() as folder:
        names = [str(Path(folder) / f"{name}.png") for name in ("before", "after", "heat")]
        for name, rgb in zip(names, (before, after), strict=False):
            cv2.imwrite(name, rgb[..., ::-1], [cv2.IMWRITE_PNG_COMPRESSION, 1])
        command = ["butteraugli_main", *names[:2], "--distmap", names[2]]
        try:
            subprocess.run(command, check=True, capture_output=True)
        except FileNotFoundError:
            raise SystemExit(
                "butteraugli_main is missing: apt-get install libjxl-devtools"
            ) from None
        heat = cv2.imread(names[2], cv2.IMREAD_UNCHANGED)
    assert heat is not None
    red, green, blue = np.moveaxis(heat[..., ::-1].astype(np.int64), -1, 0)
    codes, place = np.unique(red << 16 | green << 8 | blue, return_inverse=True)
    known, scores = _heat_colors()
    colors = np.column_stack([codes >> 16, codes >> 8 & 255, codes & 255])
    # Rounding may differ by one level from the table's.
    apart = [np.abs(known - color).sum(axis=1).argmin() for color in colors]
    return np.asarray(scores[apart][place].reshape(before.shape[:2]))


def norm_3(values: NDArray[np.float64]) -> float:
    """Pool distances as libjxl's 3-norm does."""
    return float(np.mean([np.mean(values**order) ** (1 / order) for order in (3, 6, 12)]))


def ssimulacra2(before: Rgb, after: Rgb, visible: Mask) -> float:
    """Return SSIMULACRA2 with every map of it averaged over visible pixels only."""
    import ssimulacra2.ssimulacra2 as reference

    linear = [reference.srgb_to_linear(one) for one in (before, after)]
    seen = visible.astype(np.float64)[..., None]
    result = reference.Msssim()
    for _ in range(reference.kNumScales):
        xyb = [reference.make_positive_xyb(reference.linear_rgb_to_xyb(one)) for one in linear]
        if min(xyb[0].shape[:2]) < SMALLEST_SIDE_PX:
            break
        means = [reference.blur_image(one) for one in xyb]
        pairs = ((0, 0), (1, 1), (0, 1))
        powers = [reference.blur_image(xyb[i] * xyb[j]) for i, j in pairs]
        where = seen[..., 0].T > 0  # the package turns rows into columns on its way to XYB
        scale = reference.MsssimScale()
        scale.avg_ssim = reference.ssim_map(*(one[where][None] for one in (*means, *powers)))
        edges = (one[where][None] for one in (xyb[0], means[0], xyb[1], means[1]))
        scale.avg_edgediff = reference.edge_diff_map(*edges)
        result.scales.append(scale)
        linear = [reference.downsample(one, 2, 2) for one in linear]
        seen = reference.downsample(seen, 2, 2)
    return float(result.score())


def flip(before: Rgb, after: Rgb, visible: Mask) -> float:
    """Return the mean FLIP error of visible pixels."""
    import flip_evaluator

    pair = (one.astype(np.float32) / 255 for one in (before, after))
    error, *_ = flip_evaluator.evaluate(*pair, "LDR", applyMagma=False, computeMeanError=False)
    return float(error[..., 0][visible].mean())


def _on_ground(before: Rgb, after: Rgb, visible: Mask) -> Distances:
    """Measure opaque pictures."""
    near = butteraugli_map(before, after)[visible]
    return Distances(
        float(near.max()),
        norm_3(near),
        ssimulacra2(before, after, visible),
        flip(before, after, visible),
    )


def _laid(rgb: Rgb, alpha: NDArray[np.uint8] | None, level: int) -> Rgb:
    """Lay a picture on a grey ground."""
    if alpha is None:
        return rgb
    share = alpha[..., None].astype(np.float32) / 255
    return np.rint(rgb * share + level * (1 - share)).astype(np.uint8)


@cache
def _heat_colors() -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """Return the (n, 3) colors of a heat map, and the distances that they stand for."""
    scores = HEAT_TOP * np.square(np.arange(HEAT_STEPS) / HEAT_STEPS)  # finer near 0, as colors
    good, bad = _fuzzy_inverse(1.5), _fuzzy_inverse(0.5)
    shown = np.where(
        scores < good,
        scores / good * 0.3,
        np.where(
            scores < bad,
            0.3 + (scores - good) / (bad - good) * 0.15,
            0.45 + (scores - bad) / (bad * 12) * 0.5,
        ),
    )
    at = np.clip(shown * (len(HEAT_COLORS) - 1), 0, len(HEAT_COLORS) - 2)
    table, first = np.array(HEAT_COLORS, np.float64), at.astype(int)
    rest = (at - first)[:, None]
    mixed = np.sqrt(table[first] * (1 - rest) + table[first + 1] * rest)
    levels = np.clip(np.rint(mixed * 255), 0, 255).astype(np.int64)
    colors, place, count = np.unique(levels, axis=0, return_inverse=True, return_counts=True)
    return colors, np.bincount(place.ravel(), scores) / count


def _fuzzy_inverse(wanted: float) -> float:
    """Return the distance of a fuzzy class: libjxl's ButteraugliFuzzyInverse."""
    low, high = 0.0, 4.0
    for _ in range(60):
        middle = (low + high) / 2
        slope = 2 / (1 + np.exp((middle - 1) * 4.8))
        value = (slope - 1) * (2 - 0.7777) + 0.7777 if middle < 1 else slope * 0.7777
        low, high = (middle, high) if value > wanted else (low, middle)
    return (low + high) / 2
