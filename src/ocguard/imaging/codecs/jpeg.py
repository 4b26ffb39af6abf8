"""JPEG: grey, RGB and CMYK; full chroma resolution; profile, EXIF, XMP, IPTC and comments.

Pillow codes the pixels. The segments around them are spliced in here, because Pillow refuses XMP
beyond one segment and drops IPTC. Written at the source's own quantization tables where it was a
JPEG, so that a file does not grow by pretending to be better than its source.

References
----------
ITU-T T.81, 1992; ICC.1:2022 annex B.4; Adobe, "XMP specification part 3", 2020, section 1.1.3.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Collection, Iterator
from io import BytesIO
from typing import Any

from PIL import JpegImagePlugin

from ocguard.errors import ImageWriteError
from ocguard.imaging.codecs.cleaning import clean_exif, clean_iptc, clean_xmp, said_of_rest
from ocguard.imaging.codecs.cost import require_jpeg_scans, require_jpeg_segments
from ocguard.imaging.codecs.jpeg_tables import estimated_quality
from ocguard.imaging.codecs.jpeg_xmp import merged_extension, split_packet
from ocguard.imaging.codecs.turn import stored, upright
from ocguard.imaging.picture import Carried, Frame, Picture
from ocguard.imaging.pillow_arrays import (
    array_of,
    color_of,
    image_of,
    plain_mode,
    raw_image,
    require_size,
)
from ocguard.language.message import Message
from ocguard.metadata.exif import EXIF_PREFIX, exif_dpi, read_orientation

__all__ = ["chroma_of", "read", "without_segments", "write"]

DEFAULT_QUALITY = 95
MIN_QUALITY = 75
"""A source of lower quality is written at this one: coarser tables would erase part of the mark."""

_MAX_SEGMENT_BYTES = 65_533
_XMP = b"http://ns.adobe.com/xap/1.0/\0"
_XMP_EXTENSION = b"http://ns.adobe.com/xmp/extension/\0"
_XMP_EXTENSION_HEAD = len(_XMP_EXTENSION) + 32 + 8  # then the MD5 in hex, length and offset
_XMP_EXTENSION_PART_BYTES = 65_400
_ICC = b"ICC_PROFILE\0"
_ICC_PART_BYTES = _MAX_SEGMENT_BYTES - len(_ICC) - 2
_IPTC = b"Photoshop 3.0\0"
_MAX_EXTENSION_BYTES = 64 << 20  # bounds hostile lengths
_APP1, _APP2, _APP13, _COMMENT, _SCAN, _END = 0xE1, 0xE2, 0xED, 0xFE, 0xDA, 0xD9
_MARKER = re.compile(rb"\xff[^\x00\xd0-\xd7\xff]")  # within a scan: neither data nor restart
_STARTS = {"exif": (EXIF_PREFIX,), "xmp": (_XMP, _XMP_EXTENSION), "iptc": (_IPTC,)}


def read(data: bytes) -> Picture:
    """Read the (first) picture of a JPEG."""
    lost: list[str] = []
    require_jpeg_segments(data)
    with JpegImagePlugin.JpegImageFile(BytesIO(data)) as image:
        require_size(image.size)
        require_jpeg_scans(data, image.size)
        exif = clean_exif(image.info.get("exif"), lost)
        segments = [(str(name), bytes(content)) for name, content in image.applist]
        tables = tuple(tuple(image.quantization[key]) for key in sorted(image.quantization))
        mode = plain_mode(image)
        carried = Carried(
            file_format="JPEG",
            icc_profile=image.info.get("icc_profile"),
            exif=exif,
            xmp=clean_xmp(_xmp(segments), lost),
            iptc=clean_iptc(_iptc(segments), lost),
            dpi=_dpi(image.info) or exif_dpi(exif),
            orientation=read_orientation(exif),
            text=tuple(("Comment", _decoded(c)) for name, c in segments if name == "COM"),
            jpeg_tables=tables,
            quality=estimated_quality(tables[0]) if tables else None,
            is_progressive=bool(image.info.get("progressive")),
            is_lossless=False,
            lost=(*lost, *_dropped(data, segments)),
        )
        pixels = upright(array_of(image, mode), carried.orientation)
    color, has_alpha = color_of(mode)
    return Picture((Frame(pixels),), color, has_alpha, carried)


def write(picture: Picture, quality: int | None, lost: list[str]) -> bytes:
    """Write a grey, RGB or CMYK picture without alpha."""
    carried = picture.carried
    pixels = stored(picture.frames[0].pixels, carried.orientation)
    image = raw_image(pixels, "CMYK") if picture.color == "cmyk" else image_of(pixels)
    options = {
        "subsampling": 0,
        "progressive": carried.is_progressive,
        **_fineness(carried, quality),
    }
    if carried.dpi:
        options["dpi"] = tuple(round(value) for value in carried.dpi)
    out = BytesIO()
    image.save(out, "JPEG", **options)
    jpeg = memoryview(out.getbuffer())
    head = 4 + int.from_bytes(jpeg[4:6], "big") - 2 + 2 if jpeg[3] == 0xE0 else 2
    return b"".join([jpeg[:head], *_segments(carried, lost), jpeg[head:]])


def chroma_of(data: bytes) -> str | None:
    """Say how a JPEG stores its colors: 4:4:4, 4:2:2, 4:2:0; None for grey, CMYK and rare ways."""
    with JpegImagePlugin.JpegImageFile(BytesIO(data)) as image:
        if image.mode != "RGB":
            return None
        return {0: "4:4:4", 1: "4:2:2", 2: "4:2:0"}.get(JpegImagePlugin.get_sampling(image))


def without_segments(data: bytes, kinds: Collection[str]) -> bytes:
    """Remove metadata and comments from a JPEG, leaving every coded pixel as it is.

    Parameters
    ----------
    data : bytes
        A JPEG that :func:`read` accepts.
    kinds : collection of {"exif", "xmp", "iptc"}
        What goes; comments go in any case.
    """
    gone = [start for kind, starts in _STARTS.items() if kind in kinds for start in starts]
    kept, at = [data[:2]], 2
    while data[at] == 0xFF and data[at + 1] != _SCAN:
        if data[at + 1] == 0xFF:  # a fill byte
            at += 1
            continue
        end = at + 2 + int.from_bytes(data[at + 2 : at + 4], "big")
        is_gone = any(data[at + 4 : end].startswith(start) for start in gone)
        if data[at + 1] != _COMMENT and not is_gone:
            kept.append(data[at:end])
        at = end
    return b"".join([*kept, data[at:]])


def _fineness(carried: Carried, quality: int | None) -> dict[str, Any]:
    """Choose Pillow's quality or tables: as asked, else the source's own, else the default."""
    if quality is not None:
        return {"quality": quality}
    if carried.file_format != "JPEG" or carried.quality is None:
        return {"quality": DEFAULT_QUALITY}
    if carried.quality < MIN_QUALITY:
        return {"quality": MIN_QUALITY}
    return {"qtables": [list(table) for table in carried.jpeg_tables[:2]]}


def _segments(carried: Carried, lost: list[str]) -> list[bytes]:
    """Serialize everything but pixels and resolution."""
    made: list[bytes] = []
    if carried.exif:
        if len(EXIF_PREFIX + carried.exif) > _MAX_SEGMENT_BYTES:
            lost.append(Message("The EXIF data was dropped: it is too long for JPEG."))
        else:
            made.append(_segment(_APP1, EXIF_PREFIX + carried.exif))
    if carried.xmp:
        made += _xmp_segments(carried.xmp)
    if carried.iptc:
        made += [_segment(_APP13, _IPTC + part) for part in _parts(carried.iptc, 65_000)]
    if carried.icc_profile:
        parts = list(_parts(carried.icc_profile, _ICC_PART_BYTES))
        if len(parts) > 255:
            lost.append(Message("The color profile was dropped: it is too long for JPEG."))
        else:
            made += [
                _segment(_APP2, _ICC + bytes([number, len(parts)]) + part)
                for number, part in enumerate(parts, 1)
            ]
    for keyword, text in carried.text:
        if keyword == "Comment" and len(text.encode()) <= _MAX_SEGMENT_BYTES:
            made.append(_segment(_COMMENT, text.encode()))
        else:
            lost.append(Message("A text was dropped: JPEG holds short comments only."))
    return made


def _xmp_segments(packet: bytes) -> Iterator[bytes]:
    """Serialize XMP, with an extended packet where one segment does not hold it."""
    split = split_packet(packet, _MAX_SEGMENT_BYTES - len(_XMP))
    if split is None:
        raise ImageWriteError(
            "its XMP is too long for JPEG and cannot be split; choose another format or shorten it"
        )
    main, extension = split
    yield _segment(_APP1, _XMP + main)
    digest = hashlib.md5(extension, usedforsecurity=False).hexdigest().upper().encode()
    for number, part in enumerate(_parts(extension, _XMP_EXTENSION_PART_BYTES)):
        length = len(extension).to_bytes(4, "big")
        offset = (number * _XMP_EXTENSION_PART_BYTES).to_bytes(4, "big")
        yield _segment(_APP1, _XMP_EXTENSION + digest + length + offset + part)


def _xmp(segments: list[tuple[str, bytes]]) -> bytes | None:
    """Return the whole XMP packet, extended segments joined to it."""
    packets = [
        c.removeprefix(_XMP) for name, c in segments if name == "APP1" and c.startswith(_XMP)
    ]
    if not packets:
        return None
    parts = [c for name, c in segments if name == "APP1" and c.startswith(_XMP_EXTENSION)]
    wanted = [p for p in parts if p[len(_XMP_EXTENSION) :][:32] in packets[0]]
    if not wanted:
        return packets[0]
    sizes = len(_XMP_EXTENSION) + 32
    total = int.from_bytes(wanted[0][sizes : sizes + 4], "big")
    extension = bytearray(min(total, _MAX_EXTENSION_BYTES))
    for part in wanted:
        offset = int.from_bytes(part[sizes + 4 : sizes + 8], "big")
        content = part[_XMP_EXTENSION_HEAD:][: max(0, len(extension) - offset)]
        extension[offset : offset + len(content)] = content
    return merged_extension(packets[0], bytes(extension))


def _iptc(segments: list[tuple[str, bytes]]) -> bytes:
    """Join all Photoshop resource segments."""
    return b"".join(
        c.removeprefix(_IPTC) for name, c in segments if name == "APP13" and c.startswith(_IPTC)
    )


def _dropped(data: bytes, segments: list[tuple[str, bytes]]) -> Iterator[str]:
    """Name what other segments, and bytes after the picture, held that will not be written."""
    if any(name == "APP2" and c.startswith(b"MPF\0") for name, c in segments):
        yield Message("Further pictures in the JPEG (preview, depth or gain map) were dropped.")
    else:
        yield from said_of_rest(data[_end(data) :], "JPEG")
    if any(name == "APP11" and c[:2] == b"JP" for name, c in segments):
        yield Message("Content Credentials were dropped: they end with any change.")


def _end(data: bytes) -> int:
    """Find where the picture ends: past its last scan, wherever marker bytes lie before that."""
    at = 2
    while at + 4 <= len(data) and data[at] == 0xFF:
        kind = data[at + 1]
        if kind == _END:
            return at + 2
        if kind == 0xFF:  # a fill byte
            at += 1
            continue
        at += 2 + int.from_bytes(data[at + 2 : at + 4], "big")
        if kind == _SCAN:
            coded = _MARKER.search(data, at)
            at = coded.start() if coded else len(data)
    return len(data)


def _dpi(info: dict[Any, Any]) -> tuple[float, float] | None:
    """Return the resolution that the JFIF header states; Pillow's may be half of EXIF's."""
    across, down = info["dpi"] if info.get("jfif_unit") in {1, 2} else (0, 0)
    return (float(across), float(down)) if across > 0 and down > 0 else None


def _decoded(comment: bytes) -> str:
    """Decode a comment, whose encoding JPEG does not state."""
    try:
        return comment.decode()
    except UnicodeDecodeError:
        return comment.decode("latin-1")


def _parts(content: bytes, size: int) -> Iterator[bytes]:
    """Cut into parts of at most `size` bytes."""
    return (content[at : at + size] for at in range(0, len(content), size))


def _segment(marker: int, content: bytes) -> bytes:
    """Serialize a segment."""
    return bytes([0xFF, marker]) + (len(content) + 2).to_bytes(2, "big") + content
