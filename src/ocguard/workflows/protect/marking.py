"""Put the invisible mark and the declaration into one picture, and read the mark back.

Everything here is values in, values out; nothing is written or recorded.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from ocguard.choices import Strength
from ocguard.errors import MarkLostError
from ocguard.imaging.blending import add_luma
from ocguard.imaging.codecs.fitting import can_hold
from ocguard.imaging.files import Encoded, encode_picture, read_picture, written_format
from ocguard.imaging.ground import on_showing_ground
from ocguard.imaging.picture import Picture
from ocguard.imaging.quality import Fidelity, fidelity, seen_change
from ocguard.imaging.rendition import Rendition, rendition
from ocguard.imaging.visibility import Visibility
from ocguard.keys import SecretKey
from ocguard.language.message import Message
from ocguard.provenance.ai_label import with_ai_label
from ocguard.provenance.optout import OptOut
from ocguard.provenance.optout_exif import merge_exif
from ocguard.provenance.optout_xmp import merge_xmp
from ocguard.watermark.invisible import (
    Codebook,
    Detection,
    KnownMark,
    Margins,
    cell_size_px,
    detect_informed,
    detect_with,
    embed,
    raster_size,
)
from ocguard.workflows.home.parts import Part, cut, panels
from ocguard.workflows.home.works import REFERENCE_PX, small_view

__all__ = [
    "BESIDE_ORIGINAL",
    "Marked",
    "declare",
    "encode_checked",
    "is_read",
    "mark_invisibly",
    "read_back",
]

BESIDE_ORIGINAL: Final = Message(
    "the picture hides so little that its invisible mark is read beside the original "
    "alone, as `ocguard check` does; a visible mark says more here"
)

SAMPLED_FRAMES: Final = 8
"""Frames of an animation that the shape of its mark is taken from."""


@dataclass(frozen=True, eq=False)
class Marked:
    """A picture with an invisible mark.

    Attributes
    ----------
    picture : Picture
        With the same mark in every frame.
    known : KnownMark
        What detection may know of it.
    fidelity : Fidelity
        Against the picture before.
    visibility : Visibility
        How much of the mark is seen over visible pixels.
    margins : Margins
        How far the mark reads above what it needs to, after a simulated JPEG.
    is_on_still : bool
        Whether flat ground carries the mark, too, which makes lossless files larger.
    """

    picture: Picture
    known: KnownMark
    fidelity: Fidelity
    visibility: Visibility
    margins: Margins
    is_on_still: bool


def mark_invisibly(picture: Picture, mark_id: int, key: SecretKey, strength: Strength) -> Marked:
    """Embed a mark id into every frame.

    Raises
    ------
    HostTooSmallError
        The picture has no room for a mark.
    """
    view = _shared_view(picture)
    embedded = embed(
        view.rgb,
        view.alpha,
        mark_id=mark_id,
        key=key,
        size_px=picture.size,
        strength=strength,
        judge=lambda delta: seen_change(picture, add_luma(picture, delta)),
    )
    marked = add_luma(picture, embedded.delta)
    known = KnownMark(mark_id, picture.size, embedded.origin_px, embedded.cell_px)
    return Marked(
        marked,
        known,
        fidelity(picture, marked),
        embedded.seen,
        embedded.margins,
        embedded.is_on_still,
    )


def _shared_view(picture: Picture) -> Rendition:
    """Show what all frames have in common.

    One mark for all frames keeps a still background still; a mark for each would flicker and make
    the file larger.
    """
    count = len(picture.frames)
    side = max(REFERENCE_PX, *raster_size(picture.size, cell_size_px(picture.size)))
    sampled = sorted({index * count // SAMPLED_FRAMES for index in range(SAMPLED_FRAMES)})
    views = [rendition(picture, side, frame) for frame in sampled]
    if len(views) == 1:
        return views[0]
    rgb = np.mean([view.rgb for view in views], axis=0).round().astype(np.uint8)
    alphas = [view.alpha for view in views if view.alpha is not None]
    return Rendition(rgb, np.maximum.reduce(alphas) if alphas else None)


def declare(picture: Picture, opt_out: OptOut, file_format: str) -> tuple[Picture, tuple[str, ...]]:
    """Merge the opt-out into what metadata the file will hold, and pass on the warnings.

    A label of synthetic content in a text moves to XMP where the format has no named texts.
    """
    written = written_format(picture, file_format)
    labelled = picture.carried.xmp
    if written != "PNG":
        labelled = with_ai_label(labelled, picture.carried.text)
    xmp = merge_xmp(labelled, opt_out)
    if not can_hold(written, "exif"):
        carried = replace(picture.carried, xmp=xmp.data or None)
        return replace(picture, carried=carried), xmp.warnings
    exif = merge_exif(picture.carried.exif, opt_out)
    carried = replace(picture.carried, xmp=xmp.data or None, exif=exif.data or None)
    return replace(picture, carried=carried), (*xmp.warnings, *exif.warnings)


def read_back(
    picture: Picture, known: KnownMark, codebook: Codebook
) -> tuple[Detection, Part, Rendition]:
    """Read a mark with the key in a picture, or in the panels of a long one.

    Returns
    -------
    found : Detection
        That of the whole, or of the first panel that shows the mark.
    part : Part
        What was looked at.
    view : Rendition
        Its small view.
    """
    answers = []
    for part in panels(picture):
        view = small_view(cut(picture, part))
        found = detect_with(on_showing_ground(view.rgb, view.alpha), codebook)
        answers.append((found, part, view))
        if is_read(found, known):
            return answers[-1]
    return answers[0]


def encode_checked(
    picture: Picture,
    original: Picture,
    known: KnownMark,
    key: SecretKey,
    file_format: str,
    quality: int | None,
) -> Encoded:
    """Encode a marked picture, decode the bytes again, and make sure that the mark is in them.

    A mark that is read beside the original alone is warned of.

    Raises
    ------
    ImageWriteError
        The format cannot hold the picture.
    MarkLostError
        The mark does not come back.
    """
    encoded = encode_picture(picture, file_format, quality)
    written = read_picture(encoded.data, f"the {encoded.file_format} just written")
    found, *_ = read_back(written, known, Codebook(key, [known]))
    if is_read(found, known):
        return encoded
    if not is_read(_read_beside(written, original, known, key), known):
        raise MarkLostError(
            "the invisible mark does not read back from the {file_format} ({reason}); try "
            "--strength strong, a higher --quality, or a larger picture",
            file_format=encoded.file_format,
            reason=found.reason,
        )
    return replace(encoded, warnings=(*encoded.warnings, BESIDE_ORIGINAL))


def _read_beside(
    written: Picture, original: Picture, known: KnownMark, key: SecretKey
) -> Detection:
    """Read a mark with the help of the original."""
    views = [small_view(one) for one in (written, original)]
    shown, reference = (on_showing_ground(view.rgb, view.alpha) for view in views)
    found, *_ = detect_informed(shown, reference, np.eye(3), key=key, known=[known])
    return found


def is_read(found: Detection, known: KnownMark) -> bool:
    """Tell whether a mark was found, and is the one that is known."""
    return found.verdict == "found" and found.mark_id == known.mark_id
