"""Take an image that a caller already opened, or made, with Pillow."""

from __future__ import annotations

from itertools import islice

import numpy as np
from PIL import Image, ImageSequence

from ocguard.imaging.codecs.cleaning import clean_exif, clean_xmp
from ocguard.imaging.codecs.turn import upright
from ocguard.imaging.kinds import SUFFIXES
from ocguard.imaging.picture import Carried, Frame, Picture
from ocguard.imaging.pillow_arrays import array_of, color_of, plain_mode, require_size
from ocguard.metadata.exif import read_orientation

__all__ = ["picture_of_image"]


def picture_of_image(image: Image.Image) -> Picture:
    """Take a Pillow image, every frame of it, with the metadata in its ``info``.

    Reading the file through :func:`~ocguard.imaging.files.read_picture` keeps more: Pillow drops
    the low bytes of 16-bit color, and some texts.

    Parameters
    ----------
    image : PIL.Image.Image
        Of 8 bits a sample, or 16-bit grey (``I;16``); not turned yet by its EXIF tag.

    Returns
    -------
    Picture
        Upright; its format is the image's own, PNG for images made in memory.

    Raises
    ------
    ImageReadError
        For modes that ocguard does not handle, or over the pixel limit.
    """
    count = getattr(image, "n_frames", 1)
    require_size(image.size, count)
    carried = _carried(image, is_animated=count > 1)
    if image.mode.startswith("I;16"):
        deep = np.asarray(image).astype(np.uint16)[..., None]
        return Picture((Frame(upright(deep, carried.orientation)),), "grey", False, carried)
    mode = plain_mode(image)
    frames = []
    for frame in islice(ImageSequence.Iterator(image), count):
        frame.load()  # some formats know the duration only then
        duration = float(frame.info.get("duration", 0)) if count > 1 else 0.0
        frames.append(Frame(upright(array_of(frame, mode), carried.orientation), duration))
    return Picture(tuple(frames), *color_of(mode), carried)


def _carried(image: Image.Image, *, is_animated: bool) -> Carried:
    """Collect what Pillow keeps beside pixels."""
    lost: list[str] = []
    info = image.info
    exif = clean_exif(info.get("exif"), lost)
    dpi = info.get("dpi")
    return Carried(
        file_format=image.format if image.format in SUFFIXES else "PNG",
        icc_profile=info.get("icc_profile"),
        exif=exif,
        xmp=clean_xmp(info.get("xmp"), lost),
        dpi=(float(dpi[0]), float(dpi[1])) if dpi and all(dpi) else None,
        orientation=read_orientation(exif),
        loop=info.get("loop") if is_animated else None,
        lost=tuple(lost),
    )
