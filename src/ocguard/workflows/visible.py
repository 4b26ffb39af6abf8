"""Lay the visible mark on a picture, and say how hard it is to remove.

Everything here is values in, values out; nothing is written or recorded.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from typing import Any, Final, Literal

import numpy as np
from numpy.typing import NDArray

from ocguard.imaging.blending import Stamp, compose
from ocguard.imaging.picture import Picture
from ocguard.imaging.rendition import Rendition, flatten
from ocguard.watermark.visible.ink import Edge
from ocguard.watermark.visible.layout import LayoutName
from ocguard.watermark.visible.mark import VisibleMark, visible_mark
from ocguard.watermark.visible.removal import Coverage, Removability, coverage, removability

__all__ = ["Layout", "VisibleLook", "VisiblyMarked", "lay_visible"]

Layout = LayoutName | Literal["none"]

FIGURE_DIGITS: Final = 4


@dataclass(frozen=True, eq=False)
class VisibleLook:
    """How the visible mark looks; see :func:`ocguard.watermark.visible.mark.visible_mark`.

    Parameters
    ----------
    layout : {"none", "corner", "band", "tile"}
        Where it lies.
    text : str
        What it says, unless there is a logo.
    logo_rgba : (h, w, 4) uint8 array or None
        A logo instead of the text.
    opacity_percent, size_percent, margin_percent : float or None
        None for the layout's own.
    font_path : str or None
        Font file; None for the best that the machine has.
    edge : {"auto", "none", "outline", "shadow"}
        What surrounds the letters.
    """

    layout: Layout
    text: str = ""
    logo_rgba: NDArray[np.uint8] | None = None
    opacity_percent: float | None = None
    size_percent: float | None = None
    margin_percent: float | None = None
    font_path: str | None = None
    edge: Edge = "auto"


@dataclass(frozen=True, eq=False)
class VisiblyMarked:
    """A picture with its visible mark, or without one.

    Parameters
    ----------
    picture : Picture
        The same one where there is no mark.
    warnings : tuple of str
        Why there is no mark though one was asked for.
    facts : Mapping[str, str]
        How the mark was made, for the record; empty without one.
    coverage : Coverage or None
        Where it lies; None without a mark.
    removability : Removability or None
        What is left of it after attempts to remove it; None where nobody tried.
    """

    picture: Picture
    warnings: tuple[str, ...] = ()
    facts: Mapping[str, str] = field(default_factory=dict)
    coverage: Coverage | None = None
    removability: Removability | None = None

    def figures(self) -> dict[str, Any] | None:
        """Give the figures for a JSON record; None without a mark."""
        if self.coverage is None:
            return None
        left = None if self.removability is None else _rounded(asdict(self.removability))
        return {"layout": self.facts["layout"], **_rounded(asdict(self.coverage)), "left": left}


def lay_visible(
    picture: Picture,
    view: Rendition,
    look: VisibleLook,
    seed: bytes,
    *,
    tries_removal: bool = False,
) -> VisiblyMarked:
    """Lay the visible mark on every frame.

    Parameters
    ----------
    picture : Picture
        Without a mark.
    view : Rendition
        Its small view.
    look : VisibleLook
        How the mark looks.
    seed : bytes
        Secret of this picture's variation; see :mod:`ocguard.watermark.visible.variation`.
    tries_removal : bool
        Also mark a collection of 20 such pictures and try to remove the mark (3 CPU-seconds).

    Raises
    ------
    FontError
        No font draws the text.
    """
    if look.layout == "none":
        return VisiblyMarked(picture)
    mark = _mark(view, picture.size, look, look.layout, seed)
    if mark.ground is None:
        return VisiblyMarked(picture, (f"no visible mark: {mark.reason}",))
    return VisiblyMarked(
        compose(picture, mark.stamps),
        facts={"layout": look.layout, **mark.facts},
        coverage=coverage(mark.stamps, mark.ground, picture.size),
        removability=_removability(view, look, look.layout, seed) if tries_removal else None,
    )


def _mark(
    view: Rendition, size_px: tuple[int, int], look: VisibleLook, layout: LayoutName, seed: bytes
) -> VisibleMark:
    return visible_mark(
        view.rgb,
        size_px,
        layout=layout,
        alpha=view.alpha,
        text=look.text if look.logo_rgba is None else None,
        logo_rgba=look.logo_rgba,
        opacity_percent=look.opacity_percent,
        size_percent=look.size_percent,
        margin_percent=look.margin_percent,
        font_path=look.font_path,
        edge=look.edge,
        seed=seed,
    )


def _removability(
    view: Rendition, look: VisibleLook, layout: LayoutName, seed: bytes
) -> Removability:
    """Try to remove the mark from the small view, which is the size that is reposted."""
    shown = flatten(view.rgb, view.alpha)

    def draw(rgb: NDArray[np.uint8], one: bytes) -> tuple[Stamp, ...]:
        size_px = (rgb.shape[1], rgb.shape[0])
        return _mark(replace(view, rgb=rgb, alpha=None), size_px, look, layout, one).stamps

    return removability(shown, draw, seed)


def _rounded(figures: Mapping[str, float]) -> dict[str, float]:
    return {name: round(figure, FIGURE_DIGITS) for name, figure in figures.items()}
