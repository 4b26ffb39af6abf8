"""Tell what a file is by its first bytes, and name what ocguard does not read.

A picture is known by its content and never by its name, since sites save pictures under names such
as ``photo.jpg_large`` or without any suffix. What is not read is named in an artist's words, so
that nobody believes it protected.
"""

from __future__ import annotations

import re
from typing import Final

from ocguard.language.message import Message, translatable

__all__ = ["HEAD_BYTES", "NO_PICTURE", "SUFFIXES", "format_of", "format_of_suffix", "unread_kind"]

SUFFIXES: Final = {
    "PNG": (".png", ".apng"),
    "JPEG": (".jpg", ".jpeg", ".jpe", ".jfif"),
    "WEBP": (".webp",),
    "AVIF": (".avif", ".avifs"),
    "TIFF": (".tif", ".tiff"),
    "GIF": (".gif",),
    "BMP": (".bmp", ".dib"),
    "HEIC": (".heic", ".heif", ".hif"),
    "PSD": (".psd",),
    "JXL": (".jxl",),
    "JP2": (".jp2", ".j2k", ".j2c", ".jpf", ".jpx"),
    "PNM": (".ppm", ".pgm", ".pbm", ".pnm"),
    "TGA": (".tga",),
    "KRA": (".kra",),
    "ORA": (".ora",),
    "UGOIRA": (".ugoira",),
}
"""File name suffixes of every format that is read, the usual one first."""

HEAD_BYTES: Final = 256
"""How much of a file's beginning tells its format."""

_SIGNATURES: Final = (
    (b"\x89PNG\r\n\x1a\n", "PNG"),
    (b"\xff\xd8\xff", "JPEG"),
    (b"GIF87a", "GIF"),
    (b"GIF89a", "GIF"),
    (b"II*\0", "TIFF"),
    (b"MM\0*", "TIFF"),
    (b"II+\0", "TIFF"),
    (b"MM\0+", "TIFF"),
    (b"8BPS", "PSD"),
    (b"\xff\x0a", "JXL"),
    (b"\0\0\0\x0cJXL \r\n\x87\n", "JXL"),
    (b"\xff\x4f\xff\x51", "JP2"),
    (b"\0\0\0\x0cjP  \r\n\x87\n", "JP2"),
)
_AVIF_BRANDS: Final = {b"avif", b"avis"}
_HEIC_BRANDS: Final = {b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1"}
_BMP_HEADERS: Final = {12, 16, 40, 52, 56, 64, 108, 124}  # sizes; "BM" alone begins many a text
_PNM: Final = re.compile(rb"P[1-6]\s+(?:#[^\n]*\n\s*)*\d+\s+\d+\s")
_ARCHIVE: Final = b"PK\3\4"
_ARCHIVES: Final = ((b"mimetypeapplication/x-krita", "KRA"), (b"mimetypeimage/openraster", "ORA"))
_UGOIRA: Final = re.compile(rb"000000\.(?:jpe?g|png|gif)")
_FIRST_NAME_AT: Final = 30  # in an archive: then the name and, stored, the content

_CAMERA: Final = Message("a camera's raw file; develop it to JPEG or TIFF")
_VIDEO: Final = Message("a video")
_PAINTING: Final = translatable(
    "a file of {program} that holds no whole picture for others; export it as PNG"
)
_FOREIGN: Final = Message("a picture in a format that ocguard does not read; save it as PNG")
_DRAWING: Final = Message("a page or a vector drawing; export it as PNG")
_PACKED: Final = Message("an archive; unpack it")
NO_PICTURE: Final = Message("no picture")
"""What is said of every other file."""


def _each(kind: str, suffixes: str) -> dict[str, str]:
    """Map suffixes, separated by spaces, to what files of that name are."""
    return dict.fromkeys(suffixes.split(), kind)


_SUFFIX_KINDS: Final = {
    **_each(Message(_PAINTING, program="Clip Studio Paint"), ".clip .lip"),
    **_each(Message(_PAINTING, program="Procreate"), ".procreate"),
    **_each(Message(_PAINTING, program="GIMP"), ".xcf"),
    **_each(Message(_PAINTING, program="PaintTool SAI"), ".sai .sai2"),
    **_each(Message(_PAINTING, program=Message("MediBang or FireAlpaca")), ".mdp"),
    **_each(Message(_PAINTING, program="Paint.NET"), ".pdn"),
    **_each(Message(_PAINTING, program=Message("Photoshop for large pictures")), ".psb"),
    **_each(Message(_PAINTING, program="Affinity"), ".afphoto .afdesign .af"),
    **_each(Message(_PAINTING, program="Aseprite"), ".ase .aseprite"),
    **_each(Message(_PAINTING, program="Corel"), ".cpt .rif .riff"),
    **_each(Message(_PAINTING, program=Message("a design program")), ".sketch .fig .xd"),
    **_each(_CAMERA, ".cr2 .cr3 .crw .nef .nrw .arw .srf .sr2 .dng .raf .orf .rw2 .pef .srw"),
    **_each(_CAMERA, ".x3f .raw .rwl .iiq .3fr .erf .kdc .mrw"),
    **_each(_VIDEO, ".mp4 .m4v .mov .webm .mkv .avi .wmv .flv .mpg .mpeg .ogv .3gp .mts"),
    **_each(_FOREIGN, ".exr .hdr .dds .ico .icns .cur .pcx .sgi .jxr .wdp .hdp .xpm .xbm"),
    **_each(_FOREIGN, ".fits .qoi .pict"),
    **_each(_DRAWING, ".svg .svgz .pdf .ai .eps .ps .cdr .wmf .emf .djvu"),
    **_each(_PACKED, ".zip .cbz .cbr .cb7 .rar .7z .tar .gz .tgz"),
}
_HEAD_KINDS: Final = (
    (b"CSFCHUNK", _SUFFIX_KINDS[".clip"]),
    (b"gimp xcf", _SUFFIX_KINDS[".xcf"]),
    (b"PDN3", _SUFFIX_KINDS[".pdn"]),
    (b"FUJIFILMCCD-RAW", _CAMERA),
    (b"IIRO", _CAMERA),
    (b"IIRS", _CAMERA),
    (b"IIU\0", _CAMERA),
    (b"\x1aE\xdf\xa3", _VIDEO),
    (b"FLV\1", _VIDEO),
    (b"\0\0\1\xba", _VIDEO),
    (b"\x76\x2f\x31\x01", _FOREIGN),
    (b"#?RADIANCE", _FOREIGN),
    (b"DDS ", _FOREIGN),
    (b"icns", _FOREIGN),
    (b"qoif", _FOREIGN),
    (b"II\xbc\1", _FOREIGN),
    (b"%PDF", _DRAWING),
    (b"%!PS", _DRAWING),
    (b"<svg", _DRAWING),
    (_ARCHIVE, _PACKED),
    (b"Rar!", _PACKED),
    (b"7z\xbc\xaf", _PACKED),
)
_CANON_RAW: Final = (b"II*\0\x10\0\0\0CR", b"II*\0\x10\0\0\0\xba\xb0\xac\xbb")


def format_of(head: bytes) -> str | None:
    """Return the format that ocguard reads a file as, told by its first bytes.

    Parameters
    ----------
    head : bytes
        The first :data:`HEAD_BYTES` of the file, or all of it; untrusted.

    Returns
    -------
    str or None
        A key of :data:`SUFFIXES`; None for everything else. TGA begins with nothing of its own
        and is never told here; of archives only those that name themselves first.
    """
    if head.startswith(_CANON_RAW):
        return None
    for signature, file_format in _SIGNATURES:
        if head.startswith(signature):
            return file_format
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return "WEBP"
    if head[4:8] == b"ftyp":
        brands = {head[at : at + 4] for at in (8, *range(16, 64, 4))}
        return "AVIF" if brands & _AVIF_BRANDS else "HEIC" if brands & _HEIC_BRANDS else None
    return _weakly_told(head)


def _weakly_told(head: bytes) -> str | None:
    """Tell formats whose first bytes alone may begin anything."""
    if head[:2] == b"BM" and int.from_bytes(head[14:18], "little") in _BMP_HEADERS:
        return "BMP"
    if head[:4] == _ARCHIVE:
        first = head[_FIRST_NAME_AT:]
        named = (kind for start, kind in _ARCHIVES if first.startswith(start))
        return next(named, "UGOIRA" if _UGOIRA.match(first) else None)
    return "PNM" if _PNM.match(head) else None


def format_of_suffix(suffix: str) -> str | None:
    """Return the format that a file name's suffix speaks of, in any case; None for others."""
    low = suffix.lower()
    return next((name for name, suffixes in SUFFIXES.items() if low in suffixes), None)


def unread_kind(head: bytes, suffix: str) -> str:
    """Say what a file is that is not read as a picture, and what would make a picture of it.

    Parameters
    ----------
    head : bytes
        Its first :data:`HEAD_BYTES`; empty where it could not be opened.
    suffix : str
        Of its name, with the dot.

    Returns
    -------
    str
        :data:`NO_PICTURE` for everything that shows none. Empty for a file that may be a picture.
    """
    named = _SUFFIX_KINDS.get(suffix.lower(), "")
    if named == _CAMERA:  # most of these begin like a TIFF, whose first page is a thumbnail
        return named
    if format_of(head) or (not named and format_of_suffix(suffix)):
        return ""
    for start, kind in _HEAD_KINDS:
        if head.startswith(start):
            return named or kind
    if head.startswith(_CANON_RAW) or head[4:12] == b"ftypcrx ":
        return _CAMERA
    if head[4:8] == b"ftyp" or (head[:4] == b"RIFF" and head[8:12] == b"AVI "):
        return named or _VIDEO
    return named or NO_PICTURE
