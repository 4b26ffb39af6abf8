"""From names to distortions: parsing, the standard attack list, application, true transforms."""

from __future__ import annotations

import re
import zlib
from dataclasses import dataclass
from typing import get_args

import numpy as np

from ocguard.distortions import (
    bending,
    codec,
    excerpt,
    filtering,
    geometry,
    overlay,
    repaint,
    surroundings,
    tone,
)
from ocguard.distortions.kind import Family, Kind, Matrix, Rgb, Size

CHAINS: dict[str, Family] = {
    "fit-1080+jpeg-75+jpeg-70": "chain",
    "fit-1440+webp-75": "chain",
    "crop-75+resize-70+jpeg-60": "chain",
    "rotate-5+crop-50+webp-70": "chain",
    "edge-preserving+elastic-1+jpeg-75": "repaint",
    "watercolor+elastic-2+hue-30": "repaint",
    "posterize-8+elastic-4+recolor": "repaint",
}
"""Chains of the standard list: platforms, mixes, and repaints at low, middle and high strength."""

_KINDS = {
    kind.stem: kind
    for module in (
        codec,
        geometry,
        bending,
        tone,
        filtering,
        overlay,
        surroundings,
        repaint,
        excerpt,
    )
    for kind in module.KINDS
}
_NAME = re.compile(r"(?P<stem>[a-z]+(?:-[a-z]+)*)(?:-(?P<value>-?\d{1,5}))?")


@dataclass(frozen=True)
class Step:
    """One kind with its number: "jpeg-75"."""

    kind: Kind
    value: int


@dataclass(frozen=True)
class Distortion:
    """A named distortion: one step, or several in a row.

    Attributes
    ----------
    name : str
        As given to `get`.
    family : str
        The group that benchmarks report it in.
    steps : tuple of Step
        What happens, in order.
    """

    name: str
    family: Family
    steps: tuple[Step, ...]

    @property
    def is_geometric(self) -> bool:
        """Whether pixels move."""
        return any(step.kind.is_geometric or step.kind.place for step in self.steps)


def names(family: Family | None = None) -> tuple[str, ...]:
    """List the standard distortions.

    Parameters
    ----------
    family : str, optional
        Only those of this family: codec, geometry, tone, noise, filter, overlay, layout, repaint,
        partial or chain.

    Returns
    -------
    tuple of str
        Names for `apply`, in the order of the benchmark's tables.

    Raises
    ------
    ValueError
        For a family that does not exist.
    """
    if family is not None and family not in get_args(Family):
        raise ValueError(f"unknown family {family!r}; there are {', '.join(get_args(Family))}")
    singles = {
        f"{kind.stem}-{value}" if kind.listed else kind.stem: kind.family
        for kind in _KINDS.values()
        for value in kind.listed or (0,)
    }
    return tuple(name for name, its in (singles | CHAINS).items() if family in (None, its))


def get(name: str) -> Distortion:
    """Return the distortion of that name.

    Parameters
    ----------
    name : str
        A stem (``mirror``), a stem with its whole number (``jpeg-75``), or several of them joined
        by ``+``.

    Returns
    -------
    Distortion
        Its family and steps.

    Raises
    ------
    ValueError
        For an unknown stem, a missing or superfluous number, or one out of range.

    Examples
    --------
    >>> get("rotate-7").is_geometric
    True
    >>> get("crop-75+jpeg-60").family
    'chain'
    """
    steps = tuple(_parse(step) for step in name.split("+"))
    family = steps[0].kind.family if len(steps) == 1 else CHAINS.get(name, "chain")
    return Distortion(name, family, steps)


def apply(name: str, rgb: Rgb, seed: int) -> Rgb:
    """Return the distorted picture.

    Parameters
    ----------
    name : str
        See `get`.
    rgb : (H, W, 3) uint8 array
        The picture; never changed.
    seed : int
        Not negative. The same name, pixels and seed give the same pixels on the same versions of
        NumPy, OpenCV and Pillow; different seeds crop, bend and cover at different places.

    Returns
    -------
    (h, w, 3) uint8 array
        A new picture, of another size where the distortion asks for it.

    Raises
    ------
    ValueError
        For an unknown name, or an array that is not an RGB picture.
    """
    if rgb.dtype != np.uint8 or rgb.ndim != 3 or rgb.shape[2] != 3 or not rgb.size:
        raise ValueError(f"expected (H, W, 3) uint8 pixels, got {rgb.shape} {rgb.dtype}")
    distorted = np.ascontiguousarray(rgb)
    for place, step in enumerate(get(name).steps):
        distorted = step.kind.paint(distorted, step.value, _generator(seed, place, step))
    return np.array(distorted, dtype=np.uint8, order="C")


def true_transform(name: str, size: Size, seed: int) -> Matrix:
    """Return where each pixel of the distorted picture came from.

    Parameters
    ----------
    name : str
        See `get`.
    size : tuple of int
        Width and height of the original, in pixels.
    seed : int
        As given to `apply`.

    Returns
    -------
    (3, 3) float64 array
        Maps homogeneous points (x, y, 1) of the distorted picture onto the original; whole numbers
        are the middles of pixels. The identity where nothing moves.

    Raises
    ------
    ValueError
        Where no single matrix describes the distortion (bending, elastic warps, dropped lines).
    """
    matrix = np.eye(3)
    for place, step in enumerate(get(name).steps):
        if step.kind.place is not None:
            pixel_map = step.kind.place(size, step.value, _generator(seed, place, step))
            matrix, size = matrix @ pixel_map.matrix, pixel_map.size
        elif step.kind.is_geometric:
            raise ValueError(f"{step.kind.stem!r} moves pixels by a field, not by a matrix")
    return np.asarray(matrix / matrix[2, 2])


def _parse(name: str) -> Step:
    """Return the step of one name without plus."""
    match = _NAME.fullmatch(name)
    kind = _KINDS.get(match["stem"]) if match else None
    if match is None or kind is None:
        raise ValueError(f"unknown distortion {name!r}; see names()")
    if bool(kind.listed) != (match["value"] is not None):
        raise ValueError(f"{kind.stem!r} takes {'one' if kind.listed else 'no'} number: {name!r}")
    value = int(match["value"] or 0)
    if kind.listed and not kind.limits[0] <= value <= kind.limits[1]:
        raise ValueError(f"{name!r}: the number must be from {kind.limits[0]} to {kind.limits[1]}")
    return Step(kind, value)


def _generator(seed: int, place: int, step: Step) -> np.random.Generator:
    """Return the random numbers of one step, independent of every other step's."""
    return np.random.default_rng(
        [seed, place, zlib.crc32(step.kind.stem.encode()), abs(step.value)]
    )
