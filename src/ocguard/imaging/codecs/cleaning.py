"""Make the metadata of a file just read safe to carry on: without thumbnails, with reasons."""

from __future__ import annotations

from ocguard.metadata.exif import EXIF_PREFIX, without_thumbnail
from ocguard.metadata.xmp import without_thumbnails

__all__ = ["clean_exif", "clean_iptc", "clean_xmp", "iptc_resource"]

_RESOURCE = b"8BIM"
_THUMBNAIL_RESOURCES = {0x0409, 0x040C}  # Adobe, "Photoshop file formats specification", 2019
_IPTC_RESOURCE = 0x0404
_LOST = "The {} thumbnail was removed: it would show the unmarked picture."


def clean_exif(raw: bytes | None, lost: list[str]) -> bytes | None:
    """Return EXIF without prefix and thumbnail, None where there is none; note what was lost."""
    if not raw:
        return None
    blob = raw.removeprefix(EXIF_PREFIX)
    if blob[:4] not in {b"II*\0", b"MM\0*"}:
        lost.append("The EXIF data was dropped: it is damaged.")
        return None
    cleaned = without_thumbnail(blob)
    if cleaned is not blob:
        lost.append(_LOST.format("EXIF"))
    return cleaned


def clean_xmp(packet: bytes | None, lost: list[str]) -> bytes | None:
    """Return an XMP packet without thumbnails, None where there is none; note what was lost."""
    if not packet:
        return None
    cleaned = without_thumbnails(packet)
    if cleaned is not packet:
        lost.append(_LOST.format("XMP"))
    return cleaned


def clean_iptc(resources: bytes | None, lost: list[str]) -> bytes | None:
    """Return Photoshop image resource blocks without thumbnails; note what was lost."""
    if not resources:
        return None
    kept = []
    for number, block in _blocks(resources):
        if number in _THUMBNAIL_RESOURCES:
            lost.append(_LOST.format("Photoshop"))
        else:
            kept.append(block)
    return b"".join(kept) or None


def iptc_resource(records: bytes) -> bytes:
    """Wrap bare IPTC records as a Photoshop image resource block without a name."""
    head = _RESOURCE + _IPTC_RESOURCE.to_bytes(2, "big") + b"\0\0"
    return head + len(records).to_bytes(4, "big") + records + b"\0" * (len(records) % 2)


def _blocks(resources: bytes) -> list[tuple[int, bytes]]:
    """Split image resources into (number, whole block), up to the first damaged one."""
    blocks = []
    at = 0
    while resources[at : at + 4] == _RESOURCE and at + 12 <= len(resources):
        name_bytes = resources[at + 6] + 1
        size_at = at + 6 + name_bytes + name_bytes % 2
        size = int.from_bytes(resources[size_at : size_at + 4], "big")
        end = size_at + 4 + size + size % 2
        if size_at + 4 + size > len(resources):
            break
        blocks.append((int.from_bytes(resources[at + 4 : at + 6], "big"), resources[at:end]))
        at = end
    return blocks
