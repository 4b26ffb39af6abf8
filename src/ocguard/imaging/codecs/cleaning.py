"""Make the metadata of a file just read safe to carry on; tell what is left out, and why."""

from __future__ import annotations

from ocguard.language.message import Message, translatable
from ocguard.metadata.exif import EXIF_PREFIX, without_thumbnail
from ocguard.metadata.iptc import IPTC_RESOURCE, blocks_of, packed_block
from ocguard.metadata.xmp import without_thumbnails

__all__ = ["clean_exif", "clean_iptc", "clean_xmp", "iptc_resource", "said_of_rest"]

_THUMBNAIL_RESOURCES = {0x0409, 0x040C}  # Adobe, "Photoshop file formats specification", 2019
_LOST = translatable("The {kind} thumbnail was removed: it would show the unmarked picture.")

_FILLING = b"\0\r\n "  # that programs leave after a picture
_MOST_FILLING = 4096  # bytes; more is no end of a disk's block


def said_of_rest(rest: bytes, file_format: str) -> tuple[Message, ...]:
    """Say that bytes after a picture's end will not be written, unless they only fill up."""
    count = len(rest.strip(_FILLING)) or (len(rest) if len(rest) > _MOST_FILLING else 0)
    if not count:
        return ()
    return (
        Message(
            "{after:,} bytes after the end of the {file_format} (a video, a note) were dropped.",
            after=count,
            file_format=file_format,
        ),
    )


def clean_exif(raw: bytes | None, lost: list[str]) -> bytes | None:
    """Return EXIF without prefix and thumbnail, None where there is none; note what was lost."""
    if not raw:
        return None
    blob = raw.removeprefix(EXIF_PREFIX)
    if blob[:4] not in {b"II*\0", b"MM\0*"}:
        lost.append(Message("The EXIF data was dropped: it is damaged."))
        return None
    cleaned = without_thumbnail(blob)
    if cleaned is not blob:
        lost.append(Message(_LOST, kind="EXIF"))
    return cleaned


def clean_xmp(packet: bytes | None, lost: list[str]) -> bytes | None:
    """Return an XMP packet without thumbnails, None where there is none; note what was lost."""
    if not packet:
        return None
    cleaned = without_thumbnails(packet)
    if cleaned is not packet:
        lost.append(Message(_LOST, kind="XMP"))
    return cleaned


def clean_iptc(resources: bytes | None, lost: list[str]) -> bytes | None:
    """Return Photoshop image resource blocks without thumbnails; note what was lost."""
    if not resources:
        return None
    kept = []
    for number, block in blocks_of(resources):
        if number in _THUMBNAIL_RESOURCES:
            lost.append(Message(_LOST, kind="Photoshop"))
        else:
            kept.append(block)
    return b"".join(kept) or None


def iptc_resource(records: bytes) -> bytes:
    """Wrap bare IPTC records as a Photoshop image resource block without a name."""
    return packed_block(IPTC_RESOURCE, records)
