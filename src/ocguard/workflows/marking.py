"""Put both marks and the declaration into one picture, and read the invisible mark back.

Everything here is values in, values out; nothing is written or recorded.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from statistics import fmean
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from ocguard.errors import ImageWriteError
from ocguard.imaging.blending import add_luma, compose
from ocguard.imaging.files import Encoded, encode_picture, read_picture
from ocguard.imaging.picture import Picture, Pixels
from ocguard.imaging.quality import psnr_db, ssim
from ocguard.imaging.rendition import flatten, rendition
from ocguard.keys import SecretKey
from ocguard.provenance.exif import merge_exif
from ocguard.provenance.optout import OptOut
from ocguard.provenance.xmp import merge_xmp
from ocguard.watermark.invisible import KnownMark, Strength, detect, embed
from ocguard.watermark.visible.layout import LayoutName
from ocguard.watermark.visible.mark import visible_mark
from ocguard.workflows.describing import REFERENCE_PX, small_view

__all__ = [
    "Layout",
    "Marked",
    "Quality",
    "VisibleLook",
    "declare",
    "encode_checked",
    "mark_invisibly",
    "mark_visibly",
]

Layout = LayoutName | Literal["none"]


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
    """

    layout: Layout
    text: str = ""
    logo_rgba: NDArray[np.uint8] | None = None
    opacity_percent: float | None = None
    size_percent: float | None = None
    margin_percent: float | None = None
    font_path: str | None = None


@dataclass(frozen=True)
class Quality:
    """What the invisible mark changed, over all frames: ``inf`` and 1 for nothing at all."""

    psnr_db: float
    ssim: float


@dataclass(frozen=True, eq=False)
class Marked:
    """A picture with an invisible mark.

    Parameters
    ----------
    picture : Picture
        With the mark in every frame.
    known : KnownMark
        What detection may know of it; the place is that of the first frame.
    quality : Quality
        Against the picture before.
    """

    picture: Picture
    known: KnownMark
    quality: Quality


def mark_visibly(picture: Picture, look: VisibleLook) -> tuple[Picture, tuple[str, ...]]:
    """Lay the visible mark on every frame.

    Returns
    -------
    picture : Picture
        The same one without a mark.
    warnings : tuple of str
        Why there is no mark though one was asked for.

    Raises
    ------
    FontError
        No font draws the text.
    """
    if look.layout == "none":
        return picture, ()
    view = small_view(picture)
    mark = visible_mark(
        view.rgb,
        picture.size,
        layout=look.layout,
        alpha=view.alpha,
        text=look.text if look.logo_rgba is None else None,
        logo_rgba=look.logo_rgba,
        opacity_percent=look.opacity_percent,
        size_percent=look.size_percent,
        margin_percent=look.margin_percent,
        font_path=look.font_path,
    )
    warnings = (f"no visible mark: {mark.reason}",) if mark.reason else ()
    return compose(picture, mark.stamps), warnings


def mark_invisibly(picture: Picture, mark_id: int, key: SecretKey, strength: Strength) -> Marked:
    """Embed a mark id into every frame.

    Raises
    ------
    HostTooSmallError
        The picture has no room for a mark.
    """
    views = (rendition(picture, REFERENCE_PX, frame) for frame in range(len(picture.frames)))
    embedded = [
        embed(
            view.rgb,
            view.alpha,
            mark_id=mark_id,
            key=key,
            size_px=picture.size,
            strength=strength,
        )
        for view in views
    ]
    marked = add_luma(picture, [one.delta for one in embedded])
    known = KnownMark(mark_id, picture.size, embedded[0].origin_px)
    return Marked(marked, known, _quality(picture, marked))


def declare(picture: Picture, opt_out: OptOut) -> tuple[Picture, tuple[str, ...]]:
    """Merge the opt-out into the picture's metadata, and pass on the warnings."""
    xmp = merge_xmp(picture.carried.xmp, opt_out)
    exif = merge_exif(picture.carried.exif, opt_out)
    carried = replace(picture.carried, xmp=xmp.data or None, exif=exif.data or None)
    return replace(picture, carried=carried), (*xmp.warnings, *exif.warnings)


def encode_checked(
    picture: Picture, known: KnownMark, key: SecretKey, file_format: str, quality: int | None
) -> Encoded:
    """Encode a marked picture, decode the bytes again, and make sure that the mark is in them.

    Raises
    ------
    ImageWriteError
        The format cannot hold the picture, or the mark does not come back.
    """
    encoded = encode_picture(picture, file_format, quality)
    view = small_view(read_picture(encoded.data, f"the {encoded.file_format} just written"))
    found = detect(flatten(view.rgb, view.alpha), key=key, known=[known])
    if found.verdict != "found" or found.mark_id != known.mark_id:
        raise ImageWriteError(
            f"the invisible mark does not read back from the {encoded.file_format}"
            f" ({found.reason}); try --strength strong, a higher --quality, or a larger picture"
        )
    return encoded


def _quality(host: Picture, marked: Picture) -> Quality:
    """Compare all frames where they can be seen; the colors alone, alpha never changes."""
    squares, likeness = [], []
    for frame, still in enumerate(host.frames):
        before, after = _colors(host, frame), _colors(marked, frame)
        where = still.pixels[..., -1] > 0 if host.has_alpha and host.color != "cmyk" else None
        squares.append(10 ** (-psnr_db(before, after, where) / 10))
        likeness.append(ssim(before, after))
    mean = fmean(squares)
    return Quality(-10 * math.log10(mean) if mean else math.inf, fmean(likeness))


def _colors(picture: Picture, frame: int) -> Pixels:
    """Give what the measures compare: grey or RGB; inks are seen through their small view."""
    if picture.color == "cmyk":
        return rendition(picture, REFERENCE_PX, frame).rgb
    return picture.frames[frame].pixels[..., : picture.color_channels]
