"""Draw an SVG file, by resvg (an extra).

resvg runs no scripts and knows no network, but it reads local files that a drawing names. A logo
may come from anywhere, so a drawing that names other files is refused: pictures must lie inside it.
It is drawn by a process of its own (:mod:`.svg_process`), which ends when it takes too long or too
much memory.
"""

from __future__ import annotations

import gzip
import importlib.util
import io
import zlib
from typing import Final

import numpy as np
from lxml import etree
from numpy.typing import NDArray
from PIL import Image

from ocguard.errors import ImageReadError, MissingExtraError
from ocguard.imaging.apart import DecoderError, decode_apart

__all__ = ["is_svg", "svg_rgba"]

MAX_SVG_BYTES: Final = 8 * 2**20
"""A drawn logo has some kilobytes; with a picture inside it has more."""

_PROBE_PX: Final = 64
"""Width at which the shape of a drawing is learned, in pixels."""

_MAX_ASPECT: Final = 24
"""Longer drawings are no logos, and would need a canvas without bound."""

CPU_SECONDS: Final = 3
"""Most processor time for a drawing; logos take some hundredths of a second."""


def is_svg(data: bytes) -> bool:
    """Tell whether a file is SVG, plain or gzipped, by how it begins."""
    head = data[:4096].lstrip(b"\xef\xbb\xbf \t\r\n")
    return data[:2] == b"\x1f\x8b" or (head[:1] == b"<" and b"<svg" in head)


def svg_rgba(data: bytes, long_side_px: int, name: str) -> NDArray[np.uint8]:
    """Draw an SVG file.

    Parameters
    ----------
    data : bytes
        The file, plain or gzipped.
    long_side_px : int
        Longer side of the result, in pixels.
    name : str
        What to call it in messages.

    Returns
    -------
    (h, w, 4) uint8 array
        Not premultiplied.

    Raises
    ------
    ImageReadError
        Not SVG that resvg reads, too large, too long and thin, or too costly to draw.
    MissingExtraError
        The extra ``svg`` is not installed.
    """
    if importlib.util.find_spec("resvg_py") is None:
        raise MissingExtraError("SVG logos", "svg")
    text = _own_shapes(_unpacked(data, name), name)
    width, height = _size(_drawn(text, _PROBE_PX, name))
    if max(width / height, height / width) > _MAX_ASPECT:
        raise ImageReadError("{name} is too long and thin for a logo: crop its page", name=name)
    wanted = max(1, round(long_side_px * min(1.0, width / height)))
    png = _drawn(text, wanted, name)
    with Image.open(io.BytesIO(png), formats=["PNG"]) as image:
        return np.asarray(image.convert("RGBA"))


def _drawn(text: str, width_px: int, name: str) -> bytes:
    """Draw as PNG, in a process of its own."""
    try:
        return decode_apart("ocguard.imaging.svg_process", [width_px, CPU_SECONDS], text.encode())
    except DecoderError as error:
        if error.reason:
            raise ImageReadError(
                "{name} is no SVG that can be drawn: {reason}", name=name, reason=error.reason
            ) from error
        raise _too_costly(name) from error


def _too_costly(name: str) -> ImageReadError:
    return ImageReadError(
        "{name} takes too much time or memory to draw: save the logo as PNG", name=name
    )


def _unpacked(data: bytes, name: str) -> bytes:
    """Unpack a file within limits."""
    try:
        if data[:2] == b"\x1f\x8b":
            with gzip.open(io.BytesIO(data)) as stream:
                data = stream.read(MAX_SVG_BYTES + 1)
    except (OSError, EOFError, zlib.error) as error:
        raise ImageReadError("{name} is damaged: save it again, or as PNG", name=name) from error
    if len(data) > MAX_SVG_BYTES:
        raise ImageReadError(
            "{name} has more than {limit} bytes: give it as PNG",
            name=name,
            limit=MAX_SVG_BYTES,
        )
    return data


def _own_shapes(data: bytes, name: str) -> str:
    """Return the drawing with its entities resolved, sure that it names no other file."""
    parser = etree.XMLParser(no_network=True, load_dtd=False, huge_tree=False)
    try:
        root = etree.fromstring(data.lstrip(b"\xef\xbb\xbf \t\r\n"), parser)
    except etree.XMLSyntaxError as error:
        raise ImageReadError(
            "{name} is no SVG that can be read: {reason}", name=name, reason=error
        ) from error
    for element in root.iter(etree.Element):
        for attribute, value in element.attrib.items():
            if etree.QName(attribute).localname == "href" and not _lies_inside(element, value):
                raise ImageReadError(
                    "{name} shows another file ({link!r}): embed that picture, or save the logo "
                    "as PNG",
                    name=name,
                    link=value[:60],
                )
    return str(etree.tostring(root, encoding="unicode"))


def _lies_inside(element: etree._Element, address: str) -> bool:
    """Tell whether an address leads to the drawing itself, to data in it, or is only a link."""
    if etree.QName(element).localname == "a":
        return True
    target = address.strip().lower()
    return target.startswith(("#", "data:image/png", "data:image/jpeg", "data:image/webp"))


def _size(png: bytes) -> tuple[int, int]:
    """Read width and height of a drawing."""
    with Image.open(io.BytesIO(png), formats=["PNG"]) as image:
        return image.size
