"""Draw a QR code that leads to the artist's page.

The code is made by segno with error correction M (15 %) or better where that costs no space, and
has the quiet zone of four modules that ISO/IEC 18004:2015, section 6.3.8 asks for.
"""

from __future__ import annotations

from typing import Final

import numpy as np
import segno
from numpy.typing import NDArray

from ocguard.language.message import Message

__all__ = ["MAX_ADDRESS_CHARACTERS", "least_side_px", "qr_rgba"]

MAX_ADDRESS_CHARACTERS: Final = 200
"""Longest address: more of it makes modules too small for a corner."""

MIN_MODULE_PX: Final = 3
"""Smallest side of a module in the picture, in pixels, that phones read off a screen after a
platform's compression."""

_MODULE_PX: Final = 8
"""Side of a module as drawn, in pixels: scaled down, its edges stay sharp."""

_QUIET: Final = 4
"""Modules of quiet zone on every side."""

_INK, _PAPER = (16, 16, 24), (255, 255, 255)


def qr_rgba(address: str) -> NDArray[np.uint8]:
    """Draw the QR code of an address.

    Parameters
    ----------
    address : str
        ``https://`` address of up to 200 characters.

    Returns
    -------
    (h, h, 4) uint8 array
        Opaque, dark on white, quiet zone included.

    Raises
    ------
    ValueError
        `address` is no address, or too long.
    """
    if not address.startswith(("https://", "http://")) or any(c.isspace() for c in address):
        raise ValueError(
            Message(
                "a QR code leads to a page: give its https:// address, not {address!r}",
                address=address,
            )
        )
    if len(address) > MAX_ADDRESS_CHARACTERS:
        raise ValueError(
            Message(
                "the address of a QR code has {count} characters; at most "
                "{limit} can be read from a corner: use a shorter one",
                count=len(address),
                limit=MAX_ADDRESS_CHARACTERS,
            )
        )
    code = segno.make(address, error="m", micro=False, boost_error=True)
    dark = np.pad(np.array([list(row) for row in code.matrix], np.bool_), _QUIET)
    rgb = np.where(dark[..., None], np.array(_INK, np.uint8), np.array(_PAPER, np.uint8))
    drawn = np.dstack([rgb, np.full(dark.shape, 255, np.uint8)])
    return drawn.repeat(_MODULE_PX, axis=0).repeat(_MODULE_PX, axis=1)


def least_side_px(code: NDArray[np.uint8]) -> float:
    """Tell the smallest side at which a drawn code can be read, in pixels."""
    return float(MIN_MODULE_PX * code.shape[0] / _MODULE_PX)
