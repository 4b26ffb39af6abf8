"""Merge the opt-out into a picture's EXIF, and read the texts that it holds.

EXIF text is ASCII. A notice is written when it can be spelled so ("©" as "(c)"); a Chinese name is
not mangled but left to XMP. All else in the EXIF keeps its bytes and its place, see
:mod:`ocguard.metadata.tiff`.
"""

from __future__ import annotations

from ocguard.language.message import Message
from ocguard.metadata.exif import EXIF_IFD, EXIF_PREFIX
from ocguard.metadata.tiff import (
    ASCII,
    BrokenTiffError,
    Directory,
    Field,
    append_directory,
    read_directory,
)
from ocguard.metadata.untrusted import neutralized
from ocguard.provenance.optout import Merged, OptOut

__all__ = ["exif_texts", "merge_exif"]

_ARTIST = 0x013B
_COPYRIGHT = 0x8298
_USER_COMMENT = 0x9286

_TEXT_TAGS = {
    0x010E: "ImageDescription",
    0x010F: "Make",
    0x0110: "Model",
    0x0131: "Software",
    _ARTIST: "Artist",
    _COPYRIGHT: "Copyright",
}

_MAX_TEXT_BYTES = 1 << 16
"""Most of one text that is read, in bytes."""

_EMPTY = b"MM\0*\0\0\0\x08\0\0\0\0\0\0"
"""A TIFF structure with an empty directory."""

_SPELLED = str.maketrans(
    {"©": "(c)", "®": "(R)", "™": "(TM)", "–": "-", "—": "-", "·": "-", "…": "...", "\xa0": " "}
    | dict.fromkeys("‘’", "'")
    | dict.fromkeys("“”", '"')
    | dict.fromkeys("\t\r\n", " ")
)
"""Signs that have an ASCII spelling everybody reads; letters have none."""


def merge_exif(existing: bytes | None, optout: OptOut) -> Merged:
    """Merge notice and creator into EXIF.

    Parameters
    ----------
    existing : bytes or None
        The EXIF that the file carries, from the byte-order mark on (JPEG's ``Exif`` prefix is taken
        off); untrusted.
    optout : OptOut
        What to declare.

    Returns
    -------
    Merged
        EXIF from the byte-order mark on, with Copyright and Artist set; other artists stay behind
        ours. Empty when there was none and nothing can be said in ASCII. EXIF that cannot be read
        is returned as it is, with a warning; so is a copyright notice named that gave way to ours.
    """
    data = (existing or b"").removeprefix(EXIF_PREFIX)
    try:
        first = read_directory(data or _EMPTY)
        texts = _wanted(first, optout)
        if not texts:
            return Merged(data)
        there = exif_texts(data).get("Copyright", "") if _COPYRIGHT in texts else ""
        lost = (
            Message(
                'the file\'s own EXIF Copyright "{notice}" was replaced',
                notice=neutralized(there, 80),
            ),
        )
        return Merged(append_directory(data or _EMPTY, first, texts), lost if there else ())
    except BrokenTiffError as error:
        return Merged(
            data,
            (
                Message(
                    "EXIF is broken and was left as it is ({reason}); XMP says it all", reason=error
                ),
            ),
        )


def exif_texts(data: bytes) -> dict[str, str]:
    """Read what EXIF says in words: description, maker, software, artist, copyright, comment.

    Parameters
    ----------
    data : bytes
        From the byte-order mark on, or with JPEG's prefix; untrusted.

    Returns
    -------
    dict of str to str
        By EXIF name, up to 65,536 bytes each, neither escaped nor neutralized; empty for anything
        that is no EXIF.
    """
    plain = data.removeprefix(EXIF_PREFIX)
    try:
        first = read_directory(plain)
        found = {name: _decoded(first.value(tag)) for tag, name in _TEXT_TAGS.items()}
        below = first.number(EXIF_IFD)
        if below is not None:
            comment = read_directory(plain, below).value(_USER_COMMENT)
            found["UserComment"] = _decoded_comment(comment)
    except BrokenTiffError:
        return {}
    return {name: text for name, text in found.items() if text}


def _wanted(first: Directory, optout: OptOut) -> dict[int, Field]:
    """Return the tags whose text must change."""
    there = first.value(_ARTIST).rstrip(b"\0")
    creator = _ascii(optout.creator)
    others = [name for name in there.split(b"; ") if name.strip() not in {b"", creator}]
    artist = b"; ".join([creator, *others]) if creator else b""
    wanted = {_ARTIST: artist, _COPYRIGHT: _ascii(optout.notice)}
    return {
        tag: Field(ASCII, len(text) + 1, text + b"\0")
        for tag, text in wanted.items()
        if text and first.value(tag) != text + b"\0"
    }


def _ascii(text: str) -> bytes:
    """Spell a text in ASCII; empty if that would lose a letter."""
    spelled = text.translate(_SPELLED)
    return spelled.encode() if spelled.isascii() else b""


def _decoded(value: bytes) -> str:
    """Decode text that should be ASCII and often is UTF-8."""
    return value[:_MAX_TEXT_BYTES].split(b"\0")[0].decode("utf-8", "replace").strip()


def _decoded_comment(value: bytes) -> str:
    """Decode a comment, which names its character set in eight bytes."""
    body = value[8 : 8 + _MAX_TEXT_BYTES]
    if value.startswith(b"UNICODE\0"):
        # Writers disagree about the byte order; Latin text has its zeros on one side.
        is_big = body[0::2].count(0) >= body[1::2].count(0)
        return body.decode("utf-16-be" if is_big else "utf-16-le", "replace").strip("\0 ")
    return body.decode("utf-8", "replace").strip("\0 ")
