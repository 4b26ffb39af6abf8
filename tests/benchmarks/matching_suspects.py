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
from ocguard.fingerprint.describe import describe
from ocguard.fingerprint.fingerprint import Fingerprint
from ocguard.imaging.distortions import apply, flatten_alpha
from ocguard.matching.index import Index

__all__ = ["GROUPS", "QUICK", "SEED", "ArtWorks", "parts", "portfolio", "transformed"]

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
    "edge-preserving+elastic-1+jpeg-75", "watercolor+elastic-2+hue-30",
    "posterize-8+elastic-4+recolor",
)  # fmt: skip
PARTIAL = ("face", "upper-half", "silhouette", "face+mirror+hue-90")
GROUPS = {"floor": FLOOR, "repost": REPOST, "repaint": REPAINT, "partial": PARTIAL}
QUICK = {"floor": FLOOR, "repost": REPOST[::5], "repaint": REPAINT[::5], "partial": PARTIAL[:1]}


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


def transformed(path: Path, name: str, seed: int) -> Rgb:
    """Return the picture as a suspect: laid on a ground, distorted, capped at 1024 pixels."""
    rgb, alpha = load(path)
    ground = name.partition(":")[2] if name.startswith("ground:") else "white"
    if alpha is not None:
        rgb = flatten_alpha(rgb, alpha, ground, seed)  # type: ignore[arg-type]
    if name != "none" and not name.startswith("ground:"):
        rgb = apply(name, rgb, seed)
    factor = min(1.0, LONG_SIDE_PX / max(rgb.shape[:2]))
    if factor < 1:
        rgb = cv2.resize(rgb, None, fx=factor, fy=factor, interpolation=cv2.INTER_AREA)
    return np.ascontiguousarray(rgb)


@cache
def rendition(path: Path) -> Rgb:
    """Return a work on white, kept in memory."""
    return transformed(path, "none", 0)


@cache
def parts() -> Cast:
    """Deal the art."""
    return cast(pictures(art_folder()), SEED)


@cache
def portfolio() -> ArtWorks:
    """Describe the portfolio once a process."""
    return ArtWorks(parts().portfolio)
