"""Distortions that move pixels by a field instead of a matrix: bending, warps, moved parts.

References
----------
.. [1] F. A. P. Petitcolas, R. J. Anderson, M. G. Kuhn, "Attacks on copyright marking systems",
   Information Hiding 1998, LNCS 1525, doi:10.1007/3-540-49380-8_16 (StirMark: slight shear and
   bending, a low-frequency drift, a small high-frequency shake, smooth tone drift).
.. [2] P. Y. Simard, D. Steinkraus, J. C. Platt, "Best practices for convolutional neural networks",
   ICDAR 2003, doi:10.1109/ICDAR.2003.1227801 (elastic deformation by smoothed random fields).
"""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from ocguard.distortions.kind import Kind, Rgb, as_rgb, to_uint8

BEND_CORNER = 0.01  # corner movement of the bending, share of the sides
BEND_BOW = 0.008  # bow of the middle against the corners, share of the sides
BEND_SHAKE_PX = 0.35  # high-frequency shake, pixels
BEND_TONE = 3.0  # smooth tone drift, grey levels
ELASTIC_GRAIN = 0.25  # wavelength of an elastic field, share of the long side
HEAD_CENTER, HEAD_RADIUS = (0.5, 0.3), 0.26  # where a figure's head is, shares of width and height
HEAD_MOVE = 0.03  # how far an enlarged head moves, share of the sides
LIMB_RADIUS = 0.22  # reach of one shifted part, share of the sides
LIMBS = ((0.25, 0.5), (0.75, 0.5), (0.35, 0.8), (0.65, 0.8))  # shares of width and height

Field = NDArray[np.float32]


def displace(rgb: Rgb, x: Field, y: Field) -> Rgb:
    """Return the picture whose pixel (x, y) shows the original at (x + dx, y + dy), bicubic."""
    height, width = rgb.shape[:2]
    columns, rows = np.meshgrid(
        np.arange(width, dtype=np.float32), np.arange(height, dtype=np.float32)
    )
    x_map, y_map = columns + x, rows + y
    return as_rgb(cv2.remap(rgb, x_map, y_map, cv2.INTER_CUBIC, borderMode=cv2.BORDER_REPLICATE))


def smooth_field(
    shape: tuple[int, int], wavelength_px: float, generator: np.random.Generator
) -> Field:
    """Return a random field of about that wavelength whose largest magnitude is 1."""
    height, width = shape
    knots = (max(2, round(height / wavelength_px) + 1), max(2, round(width / wavelength_px) + 1))
    coarse = generator.standard_normal(knots).astype(np.float32)
    field = cv2.resize(coarse, (width, height), interpolation=cv2.INTER_CUBIC).reshape(shape)
    return np.asarray(field / max(float(np.abs(field).max()), 1e-6), dtype=np.float32)


def bend(rgb: Rgb, _value: int, generator: np.random.Generator) -> Rgb:
    """Return the picture after StirMark's random bending [1]_."""
    height, width = rgb.shape[:2]
    x, y = (
        length * _corner_drift(rgb.shape[:2], generator)
        + length * generator.choice((-1, 1)) * BEND_BOW * _bow(rgb.shape[:2])
        + BEND_SHAKE_PX * smooth_field((height, width), 4.0, generator)
        for length in (width, height)
    )
    bent = displace(rgb, x.astype(np.float32), y.astype(np.float32))
    drift = BEND_TONE * smooth_field((height, width), max(width, height) / 3, generator)
    return to_uint8(bent + drift[..., None])


def drop_lines(rgb: Rgb, percent: int, generator: np.random.Generator) -> Rgb:
    """Return the picture without ``percent`` of its rows and columns, chosen at random."""
    rows, columns = (
        np.sort(generator.permutation(length)[: max(1, length - round(length * percent / 100))])
        for length in rgb.shape[:2]
    )
    return rgb[np.ix_(rows, columns)]


def elastic(rgb: Rgb, percent: int, generator: np.random.Generator) -> Rgb:
    """Return the picture warped by a smooth field of at most ``percent`` of the long side [2]_."""
    long_side = max(rgb.shape[:2])
    x, y = (
        smooth_field(rgb.shape[:2], ELASTIC_GRAIN * long_side, generator)
        * long_side
        * percent
        / 100
        for _ in range(2)
    )
    return displace(rgb, x, y)


def enlarge_head(rgb: Rgb, percent: int, generator: np.random.Generator) -> Rgb:
    """Return the picture with what stands in its upper middle scaled to ``percent`` and moved."""
    height, width = rgb.shape[:2]
    middle = np.array(HEAD_CENTER) * (width, height)
    weight, from_x, from_y = _bump((height, width), middle, HEAD_RADIUS)
    shrink = 100 / percent - 1
    move = generator.uniform(-HEAD_MOVE, HEAD_MOVE, 2) * (width, height)
    x, y = weight * (from_x * shrink - move[0]), weight * (from_y * shrink - move[1])
    return displace(rgb, x.astype(np.float32), y.astype(np.float32))


def shift_limbs(rgb: Rgb, percent: int, generator: np.random.Generator) -> Rgb:
    """Return the picture with four parts off its middle moved by ``percent`` of the sides."""
    height, width = rgb.shape[:2]
    x, y = np.zeros((2, height, width))
    for corner in LIMBS:
        weight, _, _ = _bump((height, width), np.array(corner) * (width, height), LIMB_RADIUS)
        angle = generator.uniform(0, 2 * np.pi)
        x += weight * np.cos(angle) * width * percent / 100
        y += weight * np.sin(angle) * height * percent / 100
    return displace(rgb, x.astype(np.float32), y.astype(np.float32))


def repose(rgb: Rgb, degrees: int, generator: np.random.Generator) -> Rgb:
    """Return the picture with head and limbs each turned either way by up to ``degrees``."""
    height, width = rgb.shape[:2]
    x, y = np.zeros((2, height, width))
    for middle, radius in ((HEAD_CENTER, HEAD_RADIUS), *((limb, LIMB_RADIUS) for limb in LIMBS)):
        weight, from_x, from_y = _bump((height, width), np.array(middle) * (width, height), radius)
        angle = np.deg2rad(degrees) * generator.uniform(0.5, 1.0) * generator.choice((-1, 1))
        x += weight * ((np.cos(angle) - 1) * from_x - np.sin(angle) * from_y)
        y += weight * (np.sin(angle) * from_x + (np.cos(angle) - 1) * from_y)
    return displace(rgb, x.astype(np.float32), y.astype(np.float32))


def _corner_drift(shape: tuple[int, ...], generator: np.random.Generator) -> Field:
    """Return the bilinear blend of four random corner movements, as shares of the side."""
    corners = generator.uniform(-BEND_CORNER, BEND_CORNER, (2, 2))
    down, across = np.linspace(0, 1, shape[0])[:, None], np.linspace(0, 1, shape[1])[None, :]
    top = corners[0, 0] * (1 - across) + corners[0, 1] * across
    bottom = corners[1, 0] * (1 - across) + corners[1, 1] * across
    return np.asarray(top * (1 - down) + bottom * down, dtype=np.float32)


def _bow(shape: tuple[int, ...]) -> Field:
    """Return a hill: 1 in the middle, 0 on the border."""
    down, across = (np.sin(np.pi * np.linspace(0, 1, length)) for length in shape[:2])
    return np.outer(down, across).astype(np.float32)


def _bump(
    shape: tuple[int, int], middle: NDArray[np.float64], radius: float
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
    """Return a smooth weight around a point, and the x and y distances from it in pixels."""
    rows, columns = np.indices(shape, dtype=np.float64)
    from_x, from_y = columns - middle[0], rows - middle[1]
    reach = (from_x / (radius * shape[1])) ** 2 + (from_y / (radius * shape[0])) ** 2
    return np.exp(-(reach**2)), from_x, from_y


KINDS = (
    Kind("bend", "geometry", bend, is_geometric=True),
    Kind("drop-lines", "geometry", drop_lines, (1, 3), (0, 50), is_geometric=True),
    Kind("elastic", "repaint", elastic, (3, 6), (0, 20), is_geometric=True),
    Kind("enlarge-head", "repaint", enlarge_head, (115,), (80, 150), is_geometric=True),
    Kind("shift-limbs", "repaint", shift_limbs, (4,), (0, 10), is_geometric=True),
    Kind("repose", "repaint", repose, (15, 30), (0, 60), is_geometric=True),
)
