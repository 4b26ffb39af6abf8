"""Vary the visible mark from picture to picture, so that no two marks of an artist are the same.

A mark that is repeated unchanged over a collection can be averaged out of it, and then subtracted
or inverted [1]_. Moving it or fading it does not help, since a remover can line the marks up first;
what leaves a residue is a smooth warp of a pixel or two that differs in every picture. So a secret
seed sets, for each picture: size, angle, opacity and place of the whole mark; a smooth warp and a
jitter of its letters; and a grain within its strokes, so that even a mark that was inverted
exactly on average leaves dust behind. Letters are jittered by bending the line they stand on, not
one by one, so that kerning, ligatures and joined scripts stay whole.

Everything follows from the seed: the creator, who can derive it again, can draw the same mark.

References
----------
.. [1] T. Dekel, M. Rubinstein, C. Liu, W. Freeman, "On the Effectiveness of Visible Watermarks",
   CVPR 2017, https://doi.org/10.1109/CVPR.2017.726
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from ocguard.choices import LayoutName

__all__ = ["SEED_BYTES", "STEADY", "Variation", "grain", "variation", "warped"]

METHOD: Final = "visible/1"
"""Version of what follows from a seed; goes up when the same seed draws another mark."""

SEED_BYTES: Final = 16
"""128 bits: nobody draws an artist's marks by trying seeds."""

_WAVE_EM: Final = 2.6
"""Distance of the knots of the smooth warp, in em: about five letters."""

_LETTER_EM: Final = 0.8
"""Distance of the knots of the letters' jitter, in em: about a letter."""

_GRAIN_EM: Final = 0.045
"""Size of a grain, in em: a third of a stem. Never below `_MIN_GRAIN_PX`."""

_MIN_GRAIN_PX: Final = 1.2


@dataclass(frozen=True)
class _Range:
    """How far a layout may vary; found by looking: more of it shows as a fault.

    Attributes
    ----------
    size, opacity : float
        Largest change, as a share.
    angle_degrees : float
        Largest turn, either way.
    warp_px : float
        Reach of the smooth warp where an em has 26 pixels, 0.5 to 2; grows with the root of the em.
    jitter_em : float
        Reach of the letters' jitter, in em.
    grain : float
        Deepest dip of the grain, as a share of the ink.
    drawings : int
        How many differently warped blocks a repeated mark has.
    """

    size: float
    opacity: float
    angle_degrees: float
    warp_px: float
    jitter_em: float
    grain: float
    drawings: int


_RANGES: Final[Mapping[LayoutName, _Range]] = {
    "corner": _Range(0.05, 0.05, 0.0, 0.8, 0.01, 0.16, 1),
    "band": _Range(0.07, 0.12, 3.0, 1.3, 0.03, 0.5, 1),
    "tile": _Range(0.08, 0.12, 5.0, 1.1, 0.03, 0.5, 3),
}


@dataclass(frozen=True)
class Variation:
    """What one seed makes of a mark.

    Attributes
    ----------
    seed : bytes
        The secret; empty for a mark that does not vary.
    size, opacity : float
        Factors on those of the look.
    angle_degrees : float
        Added to the layout's angle.
    shift : (float, float)
        Where the mark lies within the play that its layout has, each -1..1.
    warp_px : float
        Reach of the smooth warp where an em has 26 pixels.
    jitter_em : float
        Reach of the letters' jitter, in em.
    grain : float
        Deepest dip of the grain, as a share of the ink.
    drawings : int
        How many differently warped blocks a repeated mark has.
    """

    seed: bytes = b""
    size: float = 1.0
    opacity: float = 1.0
    angle_degrees: float = 0.0
    shift: tuple[float, float] = (0.0, 0.0)
    warp_px: float = 0.0
    jitter_em: float = 0.0
    grain: float = 0.0
    drawings: int = 1

    @property
    def ink(self) -> float:
        """Factor on the opacity that makes up for what the grain takes, on average."""
        return self.opacity / (1 - self.grain / 2)

    def stream(self, purpose: str) -> np.random.Generator:
        """Random numbers of the seed for one purpose, independent of all others."""
        digest = hashlib.sha256(self.seed + b"/" + purpose.encode()).digest()
        return np.random.Generator(np.random.PCG64(int.from_bytes(digest, "big")))

    def facts(self) -> dict[str, str]:
        """Tell how the mark was varied, for the record; the seed itself only as its digest."""
        if not self.seed:
            return {}
        return {
            "method": METHOD,
            "seed_sha256": hashlib.sha256(self.seed).hexdigest(),
            "size": f"{self.size:.4f}",
            "opacity": f"{self.opacity:.4f}",
            "angle_degrees": f"{self.angle_degrees:.3f}",
            "warp_px": f"{self.warp_px:.2f}",
            "grain": f"{self.grain:.2f}",
        }


STEADY: Final = Variation()
"""No variation: the mark as other tools make it, the same on every picture."""


def variation(layout: LayoutName, seed: bytes) -> Variation:
    """Draw what a seed makes of a mark.

    Parameters
    ----------
    layout : {"corner", "band", "tile", "frame"}
        A frame lies on plain ground of its own, which nobody needs to repair: it does not vary.
    seed : bytes
        Secret and different for every picture; empty for no variation.

    Returns
    -------
    Variation
        The same for the same seed, on every machine.
    """
    if not seed or layout not in _RANGES:
        return STEADY
    reach = _RANGES[layout]
    drawn = Variation(seed).stream("pose").uniform(-1, 1, 5)
    return Variation(
        seed=seed,
        size=1 + reach.size * float(drawn[0]),
        opacity=1 + reach.opacity * float(drawn[1]),
        angle_degrees=reach.angle_degrees * float(drawn[2]),
        shift=(float(drawn[3]), float(drawn[4])),
        warp_px=reach.warp_px,
        jitter_em=reach.jitter_em,
        grain=reach.grain,
        drawings=reach.drawings,
    )


def warped(
    page: NDArray[np.uint8], fine: int, em_px: float, varied: Variation, purpose: str
) -> NDArray[np.uint8]:
    """Bend a drawn page.

    Parameters
    ----------
    page : (h, w) or (h, w, c) uint8 array
        Drawn `fine` times larger than it will be.
    fine : int
        How many times.
    em_px : float
        Final size of an em, in pixels.
    varied : Variation
        How far it bends.
    purpose : str
        Names the page, so that no two bend alike.

    Returns
    -------
    array like `page`
        The page itself without a variation.

    Notes
    -----
    About 0.012 CPU-seconds for a megapixel of the page.
    """
    if not varied.seed:
        return page
    rng = varied.stream(f"warp/{purpose}")
    em = em_px * fine
    reach = fine * varied.warp_px * min(2.5, max(0.6, (em_px / 26) ** 0.5))
    size = (page.shape[1], page.shape[0])
    bend = _field(rng, size, _WAVE_EM * em, reach) + _field(
        rng, size, _LETTER_EM * em, varied.jitter_em * em
    )
    y, x = np.indices((size[1], size[0]), np.float32)
    bent = cv2.remap(page, x + bend[..., 0], y + bend[..., 1], cv2.INTER_LINEAR)
    return bent.astype(np.uint8, copy=False)


def grain(
    shape: tuple[int, int], em_px: float, varied: Variation, purpose: str
) -> NDArray[np.uint8] | None:
    """Make the grain of a piece.

    Parameters
    ----------
    shape : (int, int)
        Height and width, in pixels.
    em_px : float
        Size of an em, in pixels; the grain follows it.
    varied : Variation
        How deep the grain is.
    purpose : str
        Names the piece.

    Returns
    -------
    (h, w) uint8 array or None
        What is left of the ink: 255 all of it, at least 1 - `varied.grain` of it everywhere; None
        where there is no grain.
    """
    if not varied.seed:
        return None
    rng = varied.stream(f"grain/{purpose}")
    cell = max(_MIN_GRAIN_PX, _GRAIN_EM * em_px)
    size = (max(1, int(shape[1] / cell)), max(1, int(shape[0] / cell)))
    dust = rng.random((size[1], size[0]), np.float32)
    left = np.rint(255 * (1 - varied.grain * dust)).astype(np.uint8)
    large = cv2.resize(left, (shape[1], shape[0]), interpolation=cv2.INTER_LINEAR)
    return np.asarray(large, np.uint8)


def _field(
    rng: np.random.Generator, size: tuple[int, int], knots_px: float, reach_px: float
) -> NDArray[np.float32]:
    """Draw a smooth field of displacements, (h, w, 2), mostly within `reach_px`."""
    grid = (max(3, round(size[1] / knots_px) + 3), max(3, round(size[0] / knots_px) + 3), 2)
    knots = rng.uniform(-reach_px, reach_px, grid).astype(np.float32)
    return np.asarray(cv2.resize(knots, size, interpolation=cv2.INTER_CUBIC), np.float32)
