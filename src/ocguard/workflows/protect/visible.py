"""Lay the visible mark on a picture, and say how hard it is to remove.

Everything here is values in, values out; nothing is written or recorded.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from ocguard.choices import Edge, LayoutName, VisibleLayout
from ocguard.imaging.blending import Stamp, compose
from ocguard.imaging.canvas import with_strip_below
from ocguard.imaging.ground import on_showing_ground
from ocguard.imaging.picture import Picture
from ocguard.imaging.rendition import Rendition
from ocguard.language.message import Message
from ocguard.watermark.visible.caption import caption
from ocguard.watermark.visible.ground import Ground
from ocguard.watermark.visible.mark import NO_ROOM, VisibleMark, visible_mark
from ocguard.watermark.visible.qr import least_side_px
from ocguard.watermark.visible.removal import Coverage, Removability, coverage, removability
from ocguard.watermark.visible.typesetting import on_lines

__all__ = ["VisibleLook", "VisiblyMarked", "describe_figures", "lay_visible"]


FIGURE_DIGITS: Final = 4

QR_PERCENT: Final = 13.0
"""Side of a QR code in the corner, in percent of the shorter side."""

NOTHING_GAINED: Final = 0.995
"""What is left of a mark, as a share of the damage that it made, from which on it is told as all:
to say that more than all is left makes no sense to a reader."""

_LAYOUTS: Final = {
    "corner": Message("a mark in the corner"),
    "band": Message("a band"),
    "tile": Message("tiles"),
}
"""How a mark lies, for readers."""

LEAST_ON_FIGURE: Final = 0.5
"""Share of a mark on the figure of a frame, 0..1, below which it stands beside it there."""

MAX_LINES: Final = 4
"""Most lines that a text is broken into where a figure has no room for fewer."""

MAX_QR_SHARE: Final = 0.4
"""Largest share of the shorter side that a QR code may take to be readable, 0..1."""


@dataclass(frozen=True, eq=False)
class VisibleLook:
    """How the visible mark looks; see :func:`ocguard.watermark.visible.mark.visible_mark`.

    Attributes
    ----------
    layout : {"none", "corner", "band", "tile", "frame"}
        Where it lies; a frame is a strip below the art.
    text : str
        What it says, with fields filled in; empty for a logo alone.
    logo_rgba : (h, w, 4) uint8 array or None
        A logo; instead of the text, but in a frame beside it.
    is_qr : bool
        Whether the logo is a QR code: it is laid large enough to be read, and unbent.
    opacity_percent, size_percent, margin_percent : float or None
        None for the layout's own.
    font_path : str or None
        Font file; None for the best that the machine has.
    color : (int, int, int) or None
        RGB of the letters; None for what suits the picture.
    edge : {"auto", "none", "outline", "shadow"}
        What surrounds the letters.
    is_vertical : bool
        Whether the text of a corner mark stands in columns.
    kept_clear : (float, float)
        Shares of width and height at the bottom right that a platform writes its own mark into: a
        corner mark stands above them, and the logo of a frame beside them.
    """

    layout: VisibleLayout
    text: str = ""
    logo_rgba: NDArray[np.uint8] | None = None
    is_qr: bool = False
    opacity_percent: float | None = None
    size_percent: float | None = None
    margin_percent: float | None = None
    font_path: str | None = None
    color: tuple[int, int, int] | None = None
    edge: Edge = "auto"
    is_vertical: bool = False
    kept_clear: tuple[float, float] = (0.0, 0.0)


@dataclass(frozen=True, eq=False)
class VisiblyMarked:
    """A picture with its visible mark, or without one.

    Attributes
    ----------
    picture : Picture
        The same one where there is no mark.
    warnings : tuple of str
        Why there is no mark though one was asked for, or where it stands oddly.
    facts : Mapping[str, str]
        How the mark was made, for the record; empty without one.
    coverage : Coverage or None
        Where it lies; None without a mark.
    removability : Removability or None
        What is left of it after attempts to remove it; None where nobody tried.
    strip_px : int
        Height of the strip that was added below the art, in pixels.
    """

    picture: Picture
    warnings: tuple[str, ...] = ()
    facts: Mapping[str, str] = field(default_factory=dict)
    coverage: Coverage | None = None
    removability: Removability | None = None
    strip_px: int = 0

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
    if look.layout == "frame":
        return _framed(picture, view, look)
    mark = _mark(view, picture.size, look, look.layout, seed)
    if not mark.stamps:
        return VisiblyMarked(picture, (Message("no visible mark: {reason}", reason=mark.reason),))
    return VisiblyMarked(
        compose(picture, mark.stamps),
        _moving_warnings(picture, mark.box_px) if look.layout == "corner" else (),
        facts={"layout": look.layout, **_said(look), **mark.facts},
        coverage=coverage(mark.stamps, Ground.of(view.rgb, view.alpha, picture.size), picture.size),
        removability=_removability(view, look, look.layout, seed) if tries_removal else None,
    )


def _moving_warnings(picture: Picture, box_px: tuple[int, int, int, int]) -> tuple[Message, ...]:
    """Warn of an animation whose figure moves away from a mark, which lies in one place."""
    if not picture.has_alpha or len(picture.frames) == 1:
        return ()
    left, top, right, bottom = box_px
    shown = [frame.pixels[top:bottom, left:right, -1] for frame in picture.frames]
    solid = [float((alpha > np.iinfo(alpha.dtype).max // 2).mean()) for alpha in shown]
    count = sum(share < LEAST_ON_FIGURE for share in solid)
    if not count:
        return ()
    return (
        Message(
            "the visible mark stands beside the figure, on clear ground, in {number} of {frames}"
            " frames: where that looks odd, --visible frame puts it below the art",
            number=count,
            frames=len(picture.frames),
        ),
    )


def describe_figures(figures: Mapping[str, Any]) -> Message:
    """Say in a sentence what :meth:`VisiblyMarked.figures` holds."""
    if figures["layout"] == "frame":
        return Message("frame: a strip below the art, which can be cropped away")
    line = Message(
        "{layout} over {covered:.1%} of the art, {on_flat:.0%} of it on flat ground",
        layout=_LAYOUTS.get(figures["layout"], figures["layout"]),
        covered=figures["covered"],
        on_flat=figures["on_flat"],
    )
    if (left := figures["left"]) is None:
        return line
    return Message(
        "{line}; a thief's tools leave {averaged} after averaging 20 works, {telea} and"
        " {navier_stokes} after painting it over",
        line=line,
        averaged=_left(left["averaged"]),
        telea=_left(left["telea"]),
        navier_stokes=_left(left["navier_stokes"]),
    )


def _left(share: float) -> str:
    """Say what is left of a mark; from as much damage as it made on, nothing was gained."""
    return f"{share:.0%}" if share < NOTHING_GAINED else Message("all of it (nothing is gained)")


def _framed(picture: Picture, view: Rendition, look: VisibleLook) -> VisiblyMarked:
    """Add the strip with its caption; the art stays as it is."""
    made = caption(
        view.rgb,
        view.alpha,
        picture.size,
        text=look.text or None,
        logo_rgba=look.logo_rgba,
        min_logo_px=_least_px(look),
        clear_right_px=look.kept_clear[0] * picture.size[0],
        size_percent=look.size_percent,
        opacity_percent=look.opacity_percent,
        font_path=look.font_path,
        color=look.color,
    )
    if made.reason:
        return VisiblyMarked(picture, (Message("no visible mark: {reason}", reason=made.reason),))
    return VisiblyMarked(
        compose(with_strip_below(picture, made.strip_px, made.paper), made.stamps),
        facts={"layout": "frame", "text": look.text, "strip_px": f"{made.strip_px}"},
        coverage=Coverage(0.0, 0.0),
        strip_px=made.strip_px,
    )


def _least_px(look: VisibleLook) -> float:
    return least_side_px(look.logo_rgba) if look.is_qr and look.logo_rgba is not None else 0.0


def _mark(
    view: Rendition, size_px: tuple[int, int], look: VisibleLook, layout: LayoutName, seed: bytes
) -> VisibleMark:
    """Make the mark; a QR code stays straight, opaque and large enough to be read.

    On a cut-out whose figure is too narrow for a line of text, it stands on several.
    """
    if look.is_qr:
        wanted = 100 * _least_px(look) / min(size_px)
        if wanted > 100 * MAX_QR_SHARE:
            reason = Message(
                "{width} x {height} px are too small for a QR code",
                width=size_px[0],
                height=size_px[1],
            )
            return VisibleMark((), (0, 0, 0, 0), reason)
        size = max(wanted, look.size_percent or QR_PERCENT)
        look = replace(look, size_percent=size, edge="none")
        look = replace(look, opacity_percent=look.opacity_percent or 100.0)
        seed = b""
    if layout == "corner":
        view, size_px = _above(look.kept_clear[1], view, size_px)
    made = _made(view, size_px, look, layout, seed)
    for lines in range(2, MAX_LINES + 1):
        if made.reason != NO_ROOM or look.logo_rgba is not None or "\n" in look.text:
            break
        made = _made(view, size_px, replace(look, text=on_lines(look.text, lines)), layout, seed)
    return made


def _made(
    view: Rendition, size_px: tuple[int, int], look: VisibleLook, layout: LayoutName, seed: bytes
) -> VisibleMark:
    """Make the mark as it is asked for."""
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
        color=look.color,
        edge=look.edge,
        is_vertical=look.is_vertical,
        seed=seed,
    )


def _above(
    share: float, view: Rendition, size_px: tuple[int, int]
) -> tuple[Rendition, tuple[int, int]]:
    """Leave out a share of the height along the bottom."""
    rows = max(1, round(len(view.rgb) * (1 - share)))
    alpha = None if view.alpha is None else view.alpha[:rows]
    return Rendition(view.rgb[:rows], alpha), (size_px[0], max(1, round(size_px[1] * (1 - share))))


def _removability(
    view: Rendition, look: VisibleLook, layout: LayoutName, seed: bytes
) -> Removability:
    """Try to remove the mark from the small view, which is the size that is reposted."""
    shown = on_showing_ground(view.rgb, view.alpha)

    def draw(rgb: NDArray[np.uint8], one: bytes) -> tuple[Stamp, ...]:
        size_px = (rgb.shape[1], rgb.shape[0])
        return _mark(replace(view, rgb=rgb, alpha=None), size_px, look, layout, one).stamps

    return removability(shown, draw, seed)


def _said(look: VisibleLook) -> dict[str, str]:
    return {"text": look.text} if look.logo_rgba is None else {}


def _rounded(figures: Mapping[str, float]) -> dict[str, float]:
    return {name: round(figure, FIGURE_DIGITS) for name, figure in figures.items()}
