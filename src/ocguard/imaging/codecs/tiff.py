"""TIFF: grey, RGB and CMYK at 8 and 16 bits, alpha, equal pages, profile, EXIF, XMP and IPTC.

tifffile reads and writes; compressions that it does not know without further packages (LZW, JPEG,
fax) are decoded by Pillow at 8 bits and by OpenCV at 16. Written uncompressed where the source was,
else as ZIP with prediction, without loss. Pages of one size are the frames of the picture.

References
----------
Adobe, "TIFF revision 6.0", 1992; Adobe, "XMP specification part 3", 2020, section 1.1.8.
"""

from __future__ import annotations

import logging
import struct
from dataclasses import replace
from io import BytesIO
from itertools import islice
from typing import Any

import tifffile

from ocguard.errors import ImageReadError
from ocguard.imaging.codecs.cleaning import clean_exif, clean_iptc, clean_xmp, iptc_resource
from ocguard.imaging.codecs.tiff_pixels import page_pixels
from ocguard.imaging.codecs.turn import stored, upright
from ocguard.imaging.picture import Carried, Frame, Picture
from ocguard.imaging.pillow_arrays import require_size
from ocguard.language.message import Message
from ocguard.metadata.exif import (
    EXIF_IFD,
    GPS_IFD,
    ORIENTATION,
    build_exif,
    exif_directory,
    exif_dpi,
    read_orientation,
)
from ocguard.metadata.tiff import LONG, SHORT, Field, byte_order, cut_tags, pack_directory

__all__ = ["read", "write"]

# tifffile reports every odd tag; without a handler Python would print that to standard error.
logging.getLogger("tifffile").addHandler(logging.NullHandler())

_XMP, _IPTC, _RESOURCES, _PROFILE, _LAYERS = 700, 33723, 34377, 34675, 37724
_DESCRIPTIVE = {269, 270, 271, 272, 285, 305, 306, 315, 316, 33432, *range(40091, 40096)}
_CARRIED = {_XMP, _IPTC, _RESOURCES, _PROFILE, *_DESCRIPTIVE}
_DNG_VERSION, _SUB_DIRECTORIES = 50706, 330
_REDUCED = 1  # bit of NewSubfileType: a smaller version of another page
_MAX_PAGES = 1000  # bounds hostile files
_UNCOMPRESSED = 1
_ZLIB_LEVEL = 3  # 6 takes three times the time and saves 2 % on marked art
_PALETTE = 3  # photometric
_BYTE, _UNDEFINED = 1, 7  # field types
_POINTERS = (EXIF_IFD, GPS_IFD)


def read(data: bytes) -> Picture:
    """Read a TIFF, every page a frame."""
    lost: list[str] = []
    with tifffile.TiffFile(BytesIO(data)) as tiff:
        every: list[Any] = [page.aspage() for page in islice(tiff.pages, _MAX_PAGES + 1)]
        if _is_raw(every):
            raise ImageReadError("is a camera's raw file; develop it to JPEG or TIFF")
        pages = [page for page in every if not page.subfiletype & _REDUCED] or every[:1]
        if len(every) > _MAX_PAGES:
            raise ImageReadError("has more than {limit} pages; split it", limit=_MAX_PAGES)
        if len(pages) < len(every):
            lost.append(
                Message("The TIFF thumbnail was removed: it would show the unmarked picture.")
            )
        first = pages[0]
        require_size((first.imagewidth, first.imagelength), len(pages))
        if any((page.shape, page.dtype) != (first.shape, first.dtype) for page in pages):
            raise _unlike(pages)
        carried = _carried(data, first, lost)
        _see_profiles(carried.icc_profile, pages[1:], lost)
        if any(_says_more(page, first) for page in pages[1:]):
            lost.append(Message("What pages of the TIFF after the first say (names) was dropped."))
        decoded = [page_pixels(data, page, lost) for page in pages]
    turns = [carried.orientation, *map(_orientation, pages[1:])]
    frames = tuple(Frame(upright(one[0], turn)) for one, turn in zip(decoded, turns, strict=True))
    if len({frame.pixels.shape for frame in frames}) > 1:
        raise ImageReadError("has pages of different sizes; save every page as its own file")
    return Picture(frames, decoded[0][1], decoded[0][2], replace(carried, lost=_unique(lost)))


def _unlike(pages: list[Any]) -> ImageReadError:
    """Make the error that says what pages differ in."""
    if len({(page.imagewidth, page.imagelength) for page in pages}) > 1:
        return ImageReadError("has pages of different sizes; save every page as its own file")
    return ImageReadError(
        "has pages of different kinds (color and grey, or 8 and 16 bits); save every page as its "
        "own file"
    )


def _is_raw(pages: list[Any]) -> bool:
    """Tell a camera's raw file, whose first directory shows a thumbnail or the sensor's mosaic."""
    is_preview = all(page.subfiletype & _REDUCED for page in pages)
    tags = pages[0].tags if pages else {}
    return _DNG_VERSION in tags or (is_preview and _SUB_DIRECTORIES in tags)


def write(picture: Picture, quality: int | None, lost: list[str]) -> bytes:
    """Write any picture, one page a frame; `quality` has no effect."""
    carried = picture.carried
    if carried.is_bilevel:
        lost.append(Message("A TIFF of one bit a pixel is now 8-bit grey."))
    if carried.palette_colors and picture.color == "rgb":
        lost.append(Message("The palette was dropped: the TIFF is now in full color."))
    exif = carried.exif or b""
    order = byte_order(exif) or "<"
    out = BytesIO()
    with tifffile.TiffWriter(out, byteorder=">" if order == ">" else "<") as tiff:
        for number, frame in enumerate(picture.frames):
            is_first = number == 0
            pixels = stored(frame.pixels, carried.orientation)
            tiff.write(
                pixels[..., 0] if pixels.shape[2] == 1 else pixels,
                metadata=None,
                software=False,
                extratags=_tags(carried, order) if is_first else _page_tags(carried),
                **_storage(picture),
            )
    _add_directories(out, exif, order)
    return out.getvalue()


def _carried(data: bytes, page: Any, lost: list[str]) -> Carried:
    """Collect everything but pixels."""
    tags = page.tags
    if cut_tags(data, page.offset) & _CARRIED:
        raise ImageReadError("is truncated: its metadata is cut off; export it again")
    if tags.get(_LAYERS) is not None:
        lost.append(Message("The Photoshop layers in the TIFF were dropped."))
    exif = clean_exif(_exif(data, page), lost)
    xmp, iim, resources, profile = (
        tags.valueof(code) for code in (_XMP, _IPTC, _RESOURCES, _PROFILE)
    )
    if isinstance(iim, bytes) and not resources:
        resources = iptc_resource(iim)
    return Carried(
        file_format="TIFF",
        icc_profile=bytes(profile) if profile else None,
        exif=exif,
        xmp=clean_xmp(bytes(xmp) if xmp else None, lost),
        iptc=clean_iptc(bytes(resources) if resources else None, lost),
        dpi=exif_dpi(data, page.offset),
        orientation=read_orientation(exif),
        palette_colors=256 if page.photometric == _PALETTE else None,
        is_bilevel=page.bitspersample == 1,
        is_compressed=page.compression != _UNCOMPRESSED,
    )


def _see_profiles(profile: bytes | None, pages: list[Any], lost: list[str]) -> None:
    """Refuse further pages with other colors than the first one's; its own fill gaps, said so."""
    own = [page.tags.valueof(_PROFILE) for page in pages]
    if any(one and bytes(one) != profile for one in own):
        raise ImageReadError(
            "has pages of different color profiles; save every page as its own file"
        )
    if profile and not all(own):
        lost.append(Message("Pages of the TIFF without a color profile now have the first page's."))


def _says_more(page: Any, first: Any) -> bool:
    """Tell whether a page has words of its own, as the name of a layer."""
    own = {code: page.tags.valueof(code) for code in (*_DESCRIPTIVE, _XMP)}
    return any(one and one != first.tags.valueof(code) for code, one in own.items())


def _orientation(page: Any) -> int:
    """Return how a further page is turned; nonsense is taken for upright."""
    value = page.tags.valueof(ORIENTATION)
    return value if value in range(1, 9) else 1


def _exif(data: bytes, page: Any) -> bytes | None:
    """Gather what a TIFF says in its own directory and in those for EXIF and GPS."""
    order = byte_order(data)
    if order is None:
        return None
    own = exif_directory(data, page.offset)
    main = {t: f for t, f in own.fields.items() if t in _DESCRIPTIVE or t == ORIENTATION}
    parts = {}
    for tag in _POINTERS:
        offset = own.number(tag)
        if offset:
            parts[tag] = exif_directory(data, offset).fields
    return build_exif(main, parts, order) if main or any(parts.values()) else None


def _add_directories(out: BytesIO, exif: bytes, order: str) -> None:
    """Append the directories for EXIF and GPS, and a first directory that points to them.

    tifffile does not write these pointers. The new directory replaces the old one in the header;
    everything else stays at its offset.
    """
    main = exif_directory(exif)
    with out.getbuffer() as written:
        own = exif_directory(written)
    pointers = {}
    for tag in _POINTERS:
        offset = main.number(tag)
        fields = exif_directory(exif, offset).fields if offset else {}
        if fields:
            at = _even_end(out)
            out.write(pack_directory(fields, at, order))
            pointers[tag] = Field(LONG, 1, struct.pack(order + "I", at))
    if pointers:
        at = _even_end(out)
        out.write(pack_directory(pointers, at, order, own.next_offset, own.rows))
        out.seek(4)
        out.write(struct.pack(order + "I", at))


def _even_end(out: BytesIO) -> int:
    """Go to the end, padded to an even length, where directories may start."""
    end = out.seek(0, 2)
    out.write(b"\0" * (end % 2))
    return end + end % 2


def _tags(carried: Carried, order: str) -> list[tuple[int, int, int, Any, bool]]:
    """Return the tags of the first page beyond those that describe pixels."""
    main = exif_directory(carried.exif or b"").fields
    made = _page_tags(carried)
    made += [(t, f.kind, f.count, f.value, True) for t, f in main.items() if t in _DESCRIPTIVE]
    for code, kind, value in (
        (_XMP, _BYTE, carried.xmp),
        (_RESOURCES, _UNDEFINED, carried.iptc),
    ):
        if value:
            made.append((code, kind, len(value), value, True))
    return made


def _page_tags(carried: Carried) -> list[tuple[int, int, int, Any, bool]]:
    """Return what every page needs to look right, as tifffile takes it."""
    made: list[tuple[int, int, int, Any, bool]] = [
        (ORIENTATION, SHORT, 1, carried.orientation, True)
    ]
    profile = carried.icc_profile
    if profile:
        made.append((_PROFILE, _UNDEFINED, len(profile), profile, True))
    return made


def _storage(picture: Picture) -> dict[str, Any]:
    """Choose how pixels are stored."""
    carried = picture.carried
    names = {"grey": "minisblack", "rgb": "rgb", "cmyk": "separated"}
    options: dict[str, Any] = {"photometric": names[picture.color]}
    if picture.color_channels + picture.has_alpha > 1:
        options["planarconfig"] = "contig"
    if picture.has_alpha:
        options["extrasamples"] = ["unassalpha"]
    if carried.dpi:
        options |= {"resolution": carried.dpi, "resolutionunit": "inch"}
    if carried.is_compressed:
        options |= {"compression": "zlib", "compressionargs": {"level": _ZLIB_LEVEL}}
        options |= {"predictor": True, "maxworkers": 1}
    return options


def _unique(sentences: list[str]) -> tuple[str, ...]:
    """Drop repetitions, which several pages make."""
    return tuple(dict.fromkeys(sentences))
