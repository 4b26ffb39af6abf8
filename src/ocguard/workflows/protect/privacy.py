"""Tell what a file that is about to be posted gives away of a person, or leave it out."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from ocguard.imaging.picture import Picture
from ocguard.language.message import Message
from ocguard.metadata.private import (
    KINDS,
    private_kind,
    without_private_exif,
    without_private_iptc,
    without_private_xmp,
)

__all__ = ["guard_privacy"]

_Cleaned = tuple[bytes | None, set[str]]


def guard_privacy(picture: Picture, *, leaves_out: bool) -> tuple[Picture, tuple[str, ...]]:
    """Look through a picture's metadata for places, serial numbers and names.

    Parameters
    ----------
    picture : Picture
        As it was read.
    leaves_out : bool
        Take out what is private, instead of only telling of it.

    Returns
    -------
    picture : Picture
        The same one where nothing was taken out.
    warnings : tuple of str
        One sentence, where anything was found.
    """
    carried = picture.carried
    exif, exif_kinds = _cleaned(carried.exif, without_private_exif)
    xmp, xmp_kinds = _cleaned(carried.xmp, without_private_xmp)
    iptc, iptc_kinds = _cleaned(carried.iptc, without_private_iptc)
    named = {keyword: private_kind(keyword) for keyword, _ in carried.text}
    found = exif_kinds | xmp_kinds | iptc_kinds | {kind for kind in named.values() if kind}
    told = [Message(kind) for kind in KINDS if kind in found]
    if not told:
        return picture, ()
    if not leaves_out:
        return picture, (
            Message("The file gives away {told}: --private leaves that out.", told=told),
        )
    text = tuple(pair for pair in carried.text if not named[pair[0]])
    kept = replace(carried, exif=exif, xmp=xmp, iptc=iptc, text=text)
    return replace(picture, carried=kept), (Message("Left out of the file: {told}.", told=told),)


def _cleaned(data: bytes | None, clean: Callable[[bytes], _Cleaned]) -> _Cleaned:
    """Clean one kind of metadata, where it is there."""
    return clean(data) if data else (data, set())
