"""A key and marked pictures, made once for the tests of the invisible mark."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from ocguard.imaging.visibility import visibility
from ocguard.keys import SecretKey
from ocguard.watermark.invisible import Embedding, KnownMark, embed

Rgb = NDArray[np.uint8]


@dataclass(frozen=True)
class Marked:
    """A picture before and after marking."""

    host: Rgb
    rgb: Rgb
    embedding: Embedding
    known: KnownMark


def mark_picture(host: Rgb, mark_id: int, key: SecretKey, strength: str = "normal") -> Marked:
    """Mark an RGB picture as the workflow does, without files."""
    height, width = host.shape[:2]

    def added(delta: NDArray[np.float32]) -> Rgb:
        enlarged = cv2.resize(delta, (width, height), interpolation=cv2.INTER_CUBIC)
        return np.clip(np.rint(host + enlarged[..., None]), 0, 255).astype(np.uint8)

    made = embed(
        host,
        None,
        mark_id=mark_id,
        key=key,
        size_px=(width, height),
        strength=strength,
        judge=lambda delta: visibility(host, added(delta)),
    )
    return Marked(
        host, added(made.delta), made, KnownMark(mark_id, (width, height), made.origin_px)
    )


@pytest.fixture(scope="session")
def key() -> SecretKey:
    """A fixed key."""
    return SecretKey(bytes(range(32)))


@pytest.fixture(scope="session")
def other_key() -> SecretKey:
    """Somebody else's key."""
    return SecretKey(bytes(range(1, 33)))


@pytest.fixture(scope="session")
def mark() -> Callable[..., Marked]:
    """The function that marks a picture."""
    return mark_picture


@pytest.fixture(scope="session")
def scene(drawings, key: SecretKey) -> Marked:
    """A large cel-shaded picture, marked."""
    return mark_picture(drawings.cel(1280, 960, seed=3), 0x0123456789ABCDEF, key)


@pytest.fixture(scope="session")
def small(drawings, key: SecretKey) -> Marked:
    """A small painterly picture, marked."""
    return mark_picture(drawings.painterly(480, 420, seed=4), 0xFEDCBA9876543210, key)
