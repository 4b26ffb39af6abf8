"""Bytes <-> pictures: which format is this, who decodes it, and what is written for it.

Formats are told by their first bytes, never by a file's name, and only by the decoders named here:
Pillow's other plugins, some of which start external programs, are out of reach of a hostile file.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

from ocguard.choices import FILE_FORMATS
from ocguard.errors import ImageReadError, ImageWriteError, MissingExtraError
from ocguard.imaging.codecs import gif, jpeg, png, webp
from ocguard.imaging.codecs.fitting import fitted
from ocguard.imaging.kinds import HEAD_BYTES, NO_PICTURE, SUFFIXES, format_of, unread_kind
from ocguard.imaging.picture import Picture
from ocguard.language.message import Message

__all__ = ["WRITTEN", "Encoded", "decode", "encode_picture", "written_format"]

_Reader = Callable[[bytes], Picture]
_Writer = Callable[[Picture, int | None, list[str]], bytes]

_READERS: Final[dict[str, _Reader]] = {
    "PNG": png.read,
    "JPEG": jpeg.read,
    "WEBP": webp.read,
    "GIF": gif.read,
}
_WRITERS: Final[dict[str, _Writer]] = {
    "PNG": png.write,
    "JPEG": jpeg.write,
    "WEBP": webp.write,
    "GIF": gif.write,
}
WRITTEN = frozenset((*_WRITERS, "AVIF", "TIFF"))
"""Formats that are written; pictures of all others become PNG."""


@dataclass(frozen=True, slots=True)
class Encoded:
    """A picture as bytes.

    Attributes
    ----------
    data : bytes
        A complete file.
    file_format : str
        PNG, JPEG, WEBP, AVIF, TIFF or GIF.
    warnings : tuple of str
        What could not be kept when reading or writing, one sentence each.
    """

    data: bytes = field(repr=False)
    file_format: str
    warnings: tuple[str, ...]

    @property
    def suffix(self) -> str:
        """Usual file name suffix, with its dot."""
        return SUFFIXES[self.file_format][0]


def decode(data: bytes, name: str = "the picture") -> Picture:
    """Decode a picture file.

    Parameters
    ----------
    data : bytes
        The whole file, untrusted.
    name : str
        What to call it in error messages.

    Returns
    -------
    Picture
        Upright, with everything that the file carried.

    Raises
    ------
    ImageReadError
        If it is empty, no picture, damaged, truncated, of a kind that ocguard does not handle, or
        over the pixel limit. Nothing is decoded before the limit is checked.
    MissingExtraError
        For HEIC and JPEG XL without their extra.
    """
    if not data:
        raise ImageReadError("{name} is empty; export it again", name=name)
    file_format = _told(data)
    if file_format is None:
        raise _unread(data, name)
    try:
        return _reader(file_format)(data)
    except MissingExtraError:
        raise
    except ImageReadError as error:
        raise ImageReadError("{name} {problem}", name=name, problem=error) from error
    except MemoryError as error:
        raise ImageReadError(
            "{name} needs more memory than there is; make it smaller", name=name
        ) from error
    except Exception as error:  # decoders raise anything on damaged files, from SyntaxError on
        raise ImageReadError(
            "{name} is damaged or cut short: no {file_format} can be read from it; export it "
            "again, or fetch it again",
            name=name,
            file_format=file_format,
        ) from error


def _reader(file_format: str) -> _Reader:
    """Return what reads a format; what seldom comes, some by libraries of its own, is imported."""
    if file_format in _READERS:
        return _READERS[file_format]
    from ocguard.imaging.codecs import (
        avif,
        foreign,
        heic,
        jp2,
        jxl,
        layered,
        pnm,
        tiff,
        ugoira,
    )

    seldom: dict[str, _Reader] = {
        "AVIF": avif.read,
        "TIFF": tiff.read,
        "BMP": foreign.read_bmp,
        "HEIC": heic.read,
        "PSD": foreign.read_psd,
        "TGA": foreign.read_tga,
        "JXL": jxl.read,
        "JP2": jp2.read,
        "PNM": pnm.read,
        "KRA": layered.read_kra,
        "ORA": layered.read_ora,
        "UGOIRA": ugoira.read,
    }
    return seldom[file_format]


def _writer(file_format: str) -> _Writer:
    """Return what writes a format."""
    if file_format in _WRITERS:
        return _WRITERS[file_format]
    from ocguard.imaging.codecs import avif, tiff

    seldom: dict[str, _Writer] = {"AVIF": avif.write, "TIFF": tiff.write}
    return seldom[file_format]


def _told(data: bytes) -> str | None:
    """Tell the format of a whole file."""
    if file_format := format_of(data[:HEAD_BYTES]):
        return file_format
    from ocguard.imaging.codecs import archive, foreign

    if archive.is_archive(data):
        return "ORA"
    return "TGA" if foreign.is_tga(data) else None


def _unread(data: bytes, name: str) -> ImageReadError:
    """Make the error that says what a file is instead of a picture, where that is known."""
    kind = unread_kind(data[:HEAD_BYTES], "")
    if kind == NO_PICTURE:
        return ImageReadError(
            "{name} is not a picture that ocguard reads; convert it to PNG", name=name
        )
    return ImageReadError(
        "{name} is not a picture that ocguard reads: it is {kind}",
        name=name,
        kind=kind,
    )


def written_format(picture: Picture, asked: str = "keep") -> str:
    """Return the file format that :func:`encode_picture` will write.

    Parameters
    ----------
    picture : Picture
        As it was read.
    asked : {"keep", "png", "jpeg", "webp", "avif"}
        "keep" is the input's own format; PNG for those that ocguard only reads.

    Raises
    ------
    ValueError
        For another word.
    """
    if asked not in FILE_FORMATS:
        raise ValueError(
            Message(
                "file_format must be one of {known}, not {asked!r}",
                known=FILE_FORMATS,
                asked=asked,
            )
        )
    own = picture.carried.file_format
    if asked != "keep":
        return asked.upper()
    return own if own in WRITTEN else "PNG"


def encode_picture(
    picture: Picture, file_format: str = "keep", quality: int | None = None
) -> Encoded:
    """Encode a picture with all that its file carried.

    What the format cannot hold is converted or dropped, and a sentence in the result says so. A
    picture that keeps its format keeps its stored orientation; one that changes it is written
    upright, since readers disagree about the tag outside JPEG and TIFF.

    Parameters
    ----------
    picture : Picture
        Any picture.
    file_format : {"keep", "png", "jpeg", "webp", "avif"}
        What to write.
    quality : int, optional
        1..100 for JPEG, lossy WebP and AVIF; larger is better and larger. By default 95 for JPEG
        and WebP, or the source's own (but at least 75) where it was lossy in the same format, and
        90 for AVIF; lossless WebP stays lossless. Without effect on PNG, TIFF and GIF.

    Returns
    -------
    Encoded
        The bytes, and what was lost.

    Raises
    ------
    ImageWriteError
        If the format has no room for the picture: too many pixels a side, animation in JPEG.
    ValueError
        For an unknown format or a quality out of range.

    Notes
    -----
    CPU-seconds a megapixel on marked art: PNG 0.1, JPEG 0.02, WebP 0.1, AVIF 0.2 to 0.5.
    """
    if quality is not None and not 1 <= quality <= 100:
        raise ValueError(Message("quality must be 1 to 100, not {quality}", quality=quality))
    target = written_format(picture, file_format)
    lost = list(picture.carried.lost)
    own = picture.carried.file_format
    if file_format == "keep" and own in SUFFIXES and own != target:
        lost.append(
            Message("{own} is only read: the file is now {target}.", own=own, target=target)
        )
    ready = fitted(picture, target, lost)
    try:
        data = _writer(target)(ready, quality, lost)
    except ImageWriteError:
        raise
    except (OSError, ValueError) as error:
        raise ImageWriteError(
            "{target} cannot be written ({reason}); choose another", target=target, reason=error
        ) from error
    return Encoded(data, target, tuple(dict.fromkeys(lost)))
