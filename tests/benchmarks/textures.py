"""Periodic pictures, whose spectrum is all peaks: what a detector of tones may take for a mark."""

from __future__ import annotations

from collections.abc import Callable

import cv2
import numpy as np
from numpy.typing import NDArray

SIZE_PX = (1024, 768)  # width and height

Plane = NDArray[np.float64]


def draw(name: str, seed: int) -> NDArray[np.uint8]:
    """Return a texture of `NAMES` as an RGB picture; the seed chooses period, angle and tones."""
    generator = np.random.default_rng(seed)
    x, y = np.meshgrid(*(np.arange(side, dtype=np.float64) for side in SIZE_PX))
    period_px, angle = generator.uniform(6, 48), generator.uniform(0, np.pi / 2)
    along = (x * np.cos(angle) + y * np.sin(angle)) / period_px
    across = (y * np.cos(angle) - x * np.sin(angle)) / period_px
    shade = _TEXTURES[name](along, across, generator)
    dark, light = np.sort(generator.uniform(20, 250, (2, 3)), axis=0)
    return np.rint(dark + (light - dark) * shade[..., None]).astype(np.uint8)


def _screentone(along: Plane, across: Plane, _: np.random.Generator) -> Plane:
    return ((along % 1 - 0.5) ** 2 + (across % 1 - 0.5) ** 2 < 0.08).astype(float)


def _brick(along: Plane, across: Plane, _: np.random.Generator) -> Plane:
    row = np.floor(across)
    return ((across % 1 > 0.15) & ((along / 2 + row / 2) % 1 > 0.08)).astype(float)


def _checks(along: Plane, across: Plane, _: np.random.Generator) -> Plane:
    return (np.floor(along) + np.floor(across)) % 2


def _stripes(along: Plane, _across: Plane, _: np.random.Generator) -> Plane:
    return 0.5 + 0.5 * np.sin(2 * np.pi * along)


def _knit(along: Plane, across: Plane, _: np.random.Generator) -> Plane:
    return 0.5 + 0.5 * np.sin(2 * np.pi * (across + 0.3 * np.abs(along % 2 - 1)))


def _tones(along: Plane, across: Plane, generator: np.random.Generator) -> Plane:
    waves = generator.uniform(-3, 3, (24, 2))
    phases = generator.uniform(0, 2 * np.pi, 24)
    total = sum(
        np.cos(2 * np.pi * (u * along + v * across) + phase)
        for (u, v), phase in zip(waves, phases, strict=True)
    )
    return np.clip(0.5 + np.asarray(total) / 14, 0, 1)


def _wallpaper(_along: Plane, _across: Plane, generator: np.random.Generator) -> Plane:
    side = int(generator.integers(24, 130))
    tile = cv2.GaussianBlur(generator.uniform(0, 1, (side, side)), (0, 0), 1.5)
    tile = (tile - tile.min()) / (np.ptp(tile) + 1e-9)
    width, height = SIZE_PX
    return np.tile(tile, (height // side + 1, width // side + 1))[:height, :width]


_TEXTURES: dict[str, Callable[[Plane, Plane, np.random.Generator], Plane]] = {
    "screentone": _screentone,
    "brick": _brick,
    "checks": _checks,
    "stripes": _stripes,
    "knit": _knit,
    "tones": _tones,
    "wallpaper": _wallpaper,
}
NAMES = tuple(_TEXTURES)
