"""Show on a screen how a picture is, and how it would look with the visible mark.

Nothing is protected and nothing recorded. Both pictures are encoded alike, so that whoever switches
between them sees the mark and nothing else.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from ocguard.errors import FontError
from ocguard.imaging.files import encode_picture
from ocguard.imaging.picture import Picture
from ocguard.imaging.rendition import flatten, rendition
from ocguard.watermark.visible.fonts import runs_of
from ocguard.watermark.visible.typesetting import without_emoji
from ocguard.workflows.home.works import small_view
from ocguard.workflows.protect.job import ProtectJob
from ocguard.workflows.protect.run import visibly_marked
from ocguard.workflows.protect.upload import fit_for_upload
from ocguard.workflows.sources import load
from ocguard.workflows.threads import one_thread

__all__ = ["Look", "look", "scripts_without_font", "shown"]

QUALITY: Final = 92
"""Of the JPEG files."""


@dataclass(frozen=True)
class Look:
    """How a picture would look.

    Attributes
    ----------
    jpeg : bytes
        The picture with its visible mark.
    warnings : tuple of str
        Why there is no mark though one was asked for.
    """

    jpeg: bytes
    warnings: tuple[str, ...] = ()


def shown(picture: Picture, long_side_px: int) -> bytes:
    """Return a picture as a screen shows it: JPEG, sRGB, on white.

    Parameters
    ----------
    picture : Picture
        Any picture; of an animation the first frame.
    long_side_px : int
        Longest side, in pixels; a smaller picture keeps its size.
    """
    view = rendition(picture, long_side_px)
    rgb = np.ascontiguousarray(flatten(view.rgb, view.alpha))
    return encode_picture(Picture.from_array(rgb), "jpeg", QUALITY).data


def scripts_without_font(text: str) -> tuple[str, ...]:
    """Name the scripts of a text that no installed font draws, so that no mark can show them.

    Emoji count for nothing: a name or a notice is drawn without them.
    """
    drawn = without_emoji(text)
    try:
        if drawn.strip():
            runs_of(drawn)
    except FontError as error:
        return error.scripts
    return ()


@one_thread()
def look(job: ProtectJob, data: bytes, name: str, long_side_px: int) -> Look:
    """Lay the visible mark as a protection would, and show it.

    Parameters
    ----------
    job : ProtectJob
        How it would be protected.
    data : bytes
        The picture's file.
    name : str
        What it is called.
    long_side_px : int
        As for :func:`shown`.

    Raises
    ------
    ImageReadError, FontError, OSError
        The picture cannot be read, or the text not be drawn.
    """
    loaded = load(data, name, name)
    picture, _ = fit_for_upload(loaded.picture, job.platforms)
    marked = visibly_marked(job, loaded, small_view(picture))
    return Look(shown(marked.picture, long_side_px), marked.warnings)
