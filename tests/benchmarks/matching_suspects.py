"""Make the suspects of the matching benchmark, and the portfolio they are checked against."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from harness import art_folder, pictures
from matching_art import Cast, cast
from ocguard.distortions import apply, flatten_alpha, true_transform
from ocguard.distortions.excerpt import face_box
from ocguard.fingerprint.describe import describe
from ocguard.fingerprint.fingerprint import Fingerprint
from ocguard.matching.search.index import Index

__all__ = [
    "GROUPS",
    "PAIRED",
    "QUICK",
    "SEED",
    "ArtWorks",
    "holds_figure",
    "parts",
    "portfolio",
    "rendition",
    "transformed",
]

Rgb = NDArray[np.uint8]

SEED = 2026
LONG_SIDE_PX = 1024
FLOOR = ("jpeg-75", "resize-75", "crop-80")
REPOST = (
    "jpeg-50", "jpeg-25", "resize-50", "resize-25", "webp-50", "crop-60", "crop-40", "crop-25",
    "mirror", "rotate-5", "rotate-15", "rotate-45", "rotate-90", "border", "letterbox", "rounded",
    "text-20", "sticker-20", "hue-30", "hue-90", "sepia", "grey", "invert", "brightness-130",
    "contrast-70", "gamma-140", "blur-2", "noise-20", "screenshot", "grid-4", "meme",
    "ground:black", "ground:photo", "screen-photo",
)  # fmt: skip
REPAINT = (
    "stylize", "edge-preserving", "posterize-8", "watercolor", "pencil", "line-art", "color-in",
    "elastic-3", "elastic-6", "recolor", "bottleneck-96", "bottleneck-64", "renoise-15",
    "renoise-30", "renoise-50", "enlarge-head-115", "shift-limbs-4",
)  # fmt: skip
LOW = (
    "edge-preserving+elastic-1+jpeg-75",
    "renoise-15+recolor+resize-75",
    "bilateral+hue-30+sharpen",
)
MIDDLE = (
    "watercolor+elastic-2+hue-30", "stylize+elastic-2+recolor", "bottleneck-96+hue-90+ground-color",
)  # fmt: skip
HIGH = (
    "posterize-8+elastic-4+recolor", "color-in+elastic-3+hue-90", "pencil+shift-limbs-6+jpeg-50",
)  # fmt: skip
PARTIAL = (
    "face", "face+mirror+hue-90", "upper-half", "upper-half+ground-photo+hue-30", "silhouette",
    "silhouette+mirror+jpeg-75", "merged", "sheet",
)  # fmt: skip
REDRAWN = ("enlarge-head-140", "shift-limbs-8", "repose-15", "repose-30", "repose-30+recolor")
GROUPS = {
    "floor": FLOOR,
    "repost": REPOST,
    "repaint": REPAINT,
    "repaint low": LOW,
    "repaint middle": MIDDLE,
    "repaint high": HIGH,
    "partial": PARTIAL,
    "redrawn": REDRAWN,
}
QUICK = {"floor": FLOOR} | {
    group: names[::4] for group, names in GROUPS.items() if group != "floor"
}
PAIRED = ("merged", "sheet")
MIN_FIGURE_SHARE = 0.15
"""Share of a part that must show the figure: a suspect with less holds nothing to find."""


class ArtWorks:
    """The benchmark's portfolio, in memory."""

    def __init__(self, paths: Sequence[Path]) -> None:
        self.ids = {path.as_posix(): path for path in paths}
        self._fingerprints = {i: describe(*load(path)) for i, path in self.ids.items()}
        self.index = Index.build(self._fingerprints.items())

    def fingerprint(self, work_id: str) -> Fingerprint:
        """Return a work's fingerprint."""
        return self._fingerprints[work_id]

    def reference(self, work_id: str) -> Rgb:
        """Return a work's rendition on white."""
        return rendition(self.ids[work_id])


def load(path: Path) -> tuple[Rgb, Rgb | None]:
    """Read a picture with a long side of at most 1024 pixels, and its alpha."""
    array = cv2.imread(str(path), cv2.IMREAD_UNCHANGED)
    if array is None:
        raise SystemExit(f"{path} cannot be read")
    factor = min(1.0, LONG_SIDE_PX / max(array.shape[:2]))
    if factor < 1:
        array = cv2.resize(array, None, fx=factor, fy=factor, interpolation=cv2.INTER_AREA)
    if array.ndim == 2:
        array = np.repeat(array[..., None], 3, axis=2)
    alpha = np.ascontiguousarray(array[..., 3]) if array.shape[2] == 4 else None
    return np.ascontiguousarray(array[..., 2::-1]), alpha


def transformed(path: Path, name: str, seed: int, partner: Path | None = None) -> Rgb:
    """Return the picture as a suspect: laid on a ground, distorted, capped at 1024 pixels.

    "merged" and "sheet" show it together with its partner: half and half, or side by side.
    """
    rgb = _flattened(path, name.partition(":")[2] if name.startswith("ground:") else "white", seed)
    if partner is not None:
        rgb = _beside(rgb, _flattened(partner, "white", seed), name == "merged")
    elif name != "none" and not name.startswith("ground:"):
        rgb = apply(name, rgb, seed)
    factor = min(1.0, LONG_SIDE_PX / max(rgb.shape[:2]))
    if factor < 1:
        rgb = cv2.resize(rgb, None, fx=factor, fy=factor, interpolation=cv2.INTER_AREA)
    return np.ascontiguousarray(rgb)


def holds_figure(path: Path, name: str, seed: int) -> bool:
    """Whether a suspect shows enough of the work to be one: the truth about parts of figures.

    A crop of a portrait's empty corner, the "face" of an ant, or the silhouette of a scene that has
    no figure show next to nothing of the work, whoever looks at them.
    """
    first = name.partition("+")[0]
    if first != "silhouette" and not first.startswith(("face", "crop", "upper-half")):
        return True
    rgb, alpha = load(path)
    size = (rgb.shape[1], rgb.shape[0])
    if alpha is None:
        return first != "silhouette"
    if first == "face":
        left, top, width, height = face_box(size)
        part = alpha[top : top + height, left : left + width]
    elif first.startswith(("crop", "upper-half")):
        kept = apply(first, np.zeros_like(rgb), seed).shape
        left, top = np.rint(true_transform(first, size, seed)[:2, 2]).astype(int)
        part = alpha[top : top + kept[0], left : left + kept[1]]
    else:
        return True
    return float(np.mean(part > 127)) >= MIN_FIGURE_SHARE


def _flattened(path: Path, ground: str, seed: int) -> Rgb:
    """Return a work on a ground."""
    rgb, alpha = load(path)
    return rgb if alpha is None else flatten_alpha(rgb, alpha, ground, seed)  # type: ignore[arg-type]


def _beside(rgb: Rgb, partner: Rgb, is_merged: bool) -> Rgb:
    """Join two works of one height: the halves of both, or both whole."""
    width = max(1, round(partner.shape[1] * rgb.shape[0] / partner.shape[0]))
    other = cv2.resize(partner, (width, rgb.shape[0]), interpolation=cv2.INTER_AREA)
    if is_merged:
        rgb, other = rgb[:, : rgb.shape[1] // 2], other[:, width // 2 :]
    return np.hstack([rgb, other])


@cache
def rendition(path: Path) -> Rgb:
    """Return a work on white, kept in memory."""
    return transformed(path, "none", 0)


@cache
def parts() -> Cast:
    """Deal the art."""
    return cast(pictures(art_folder()))


@cache
def portfolio() -> ArtWorks:
    """Describe the portfolio once a process."""
    return ArtWorks(parts().portfolio)
