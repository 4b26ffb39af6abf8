"""Take a picture from wherever a person has it: a path, bytes, a Pillow image, or an array."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath, PureWindowsPath
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from ocguard.errors import RemoteError
from ocguard.imaging.files import Location, Remote, read_bytes, read_picture
from ocguard.imaging.from_pillow import picture_of_image
from ocguard.imaging.picture import Picture, pixel_sha256

__all__ = [
    "Loaded",
    "PictureSource",
    "bare_name",
    "content_id",
    "load",
    "required_source",
    "several_sources",
    "source_name",
    "source_place",
]

_Bytes = bytes | bytearray | memoryview

PictureSource = str | os.PathLike[str] | _Bytes | Image.Image | NDArray[Any]


@dataclass(frozen=True, eq=False)
class Loaded:
    """A picture that was read.

    Attributes
    ----------
    name : str
        What to call it: the path as given, or what kind of thing it was. Always encodable.
    place : str
        Where it lies: the absolute path of a file, otherwise its name.
    data : bytes
        The file; empty for a Pillow image or an array.
    picture : Picture
        Its pixels and what it carried.
    file_sha256, pixel_sha256 : str
        Digests of the file and of the pixels; equal where there was no file.
    """

    name: str
    place: str
    data: bytes = field(repr=False)
    picture: Picture
    file_sha256: str
    pixel_sha256: str


def load(source: PictureSource, name: str = "", place: str = "") -> Loaded:
    """Read a picture.

    Parameters
    ----------
    source : path, bytes, Pillow image, or (H, W) or (H, W, C) uint8 or uint16 array
        Bytes, in a `bytearray` or `memoryview` too, are a whole file. An array is grey, grey and
        alpha, RGB, or RGBA, upright, sRGB.
    name : str
        What to call it; by default :func:`source_name`.
    place : str
        Where it lies; by default :func:`source_place`.

    Raises
    ------
    ImageReadError, MissingExtraError, OSError
        See :func:`ocguard.imaging.files.read_picture`.
    TypeError
        `source` is of another type.
    """
    name, place = name or source_name(source), place or source_place(source)
    data = bytes(source) if isinstance(source, _Bytes) else b""
    if isinstance(source, str | os.PathLike):
        data = read_bytes(source)
    if data or isinstance(source, _Bytes):
        picture = read_picture(data, "standard input" if name == "-" else name)
    elif isinstance(source, Image.Image):
        picture = picture_of_image(source)
    elif isinstance(source, np.ndarray):
        picture = Picture.from_array(source)
    else:
        raise _wrong_type(source)
    pixels = pixel_sha256(picture)
    file = hashlib.sha256(data).hexdigest() if data else pixels
    return Loaded(name, place, data, picture, file, pixels)


def required_source(source: object) -> PictureSource:
    """Return a picture, whatever holds its bytes as `bytes`; `TypeError` names what is one."""
    if isinstance(source, _Bytes):
        return bytes(source)
    if isinstance(source, str | os.PathLike | Image.Image | np.ndarray):
        return source
    raise _wrong_type(source)


def several_sources(source: object) -> list[object] | None:
    """Return what an iterable of paths holds, such as a list; None for what may be one picture."""
    is_one = isinstance(source, str | os.PathLike | _Bytes | np.ndarray) or hasattr(source, "read")
    return list(source) if isinstance(source, Iterable) and not is_one else None


def _wrong_type(source: object) -> TypeError:
    hint = "; of an open file give what its read() returns" if hasattr(source, "read") else ""
    return TypeError(
        "a picture is a path, the bytes of a file, a Pillow image or an array, and a list holds"
        f" paths; got {type(source).__name__}{hint}"
    )


def source_name(source: PictureSource) -> str:
    """Name a source for messages and records, in text that every encoding of Unicode can hold."""
    if isinstance(source, str | os.PathLike):
        path = os.fsencode(source).decode("utf-8", "surrogateescape")
        return path.encode("utf-8", "backslashreplace").decode("utf-8")
    if isinstance(source, _Bytes):
        return "bytes"
    return "array" if isinstance(source, np.ndarray) else "image"


def bare_name(path: str) -> str:
    """Return the name of a file without its folders, of whatever system."""
    return PureWindowsPath(PurePosixPath(path).name).name


def content_id(path: Location) -> str:
    """Name the present bytes of a file or an object; empty for what cannot be read."""
    try:
        if isinstance(path, Remote):
            return path.version()
        if not path.is_file():
            return ""
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except (OSError, RemoteError):
        return ""


def source_place(source: PictureSource) -> str:
    """Say where a source lies: the absolute path of a file, otherwise its address or name."""
    if isinstance(source, str | os.PathLike) and not isinstance(source, Remote):
        return source_name(Path(source).absolute())
    return source_name(source)
