"""XMP in JPEG: a packet that is too long for one segment, split and joined again.

JPEG holds 65,502 bytes of XMP in one segment; what is beyond goes to an *extended* packet in
further segments, tied to the first by its MD5 in ``xmpNote:HasExtendedXMP``. In memory there is
always one whole packet.

References
----------
ISO 16684-1:2019 (XMP part 1); Adobe, "XMP specification part 3: storage in files", 2020,
section 1.1.3.1.
"""

from __future__ import annotations

import hashlib
from copy import deepcopy

from lxml import etree

from ocguard.metadata.xmp import (
    RDF,
    BrokenPacketError,
    new_rdf,
    parse_packet,
    write_packet,
)

__all__ = ["merged_extension", "split_packet"]

_NOTE = "http://ns.adobe.com/xmp/note/"
_EXTENDED = f"{{{_NOTE}}}HasExtendedXMP"
_NAMES = {"xmpNote": _NOTE}
_ABOUT = {f"{RDF}about": ""}


def merged_extension(packet: bytes, extension: bytes) -> bytes:
    """Join an extended packet to its main packet.

    Returns
    -------
    bytes
        One whole packet; the main one unchanged where either cannot be read.
    """
    try:
        main, more = parse_packet(packet), parse_packet(extension)
    except BrokenPacketError:
        return packet
    for description in main.iter(f"{RDF}Description"):
        description.attrib.pop(_EXTENDED, None)
    for note in list(main.iter(_EXTENDED)):
        note.getparent().remove(note)
    main.extend(list(more))
    return write_packet(main)


def split_packet(packet: bytes, limit_bytes: int) -> tuple[bytes, bytes] | None:
    """Split a packet into a main one within a limit and an extended one.

    The largest properties move, smaller ones stay where every reader sees them.

    Parameters
    ----------
    packet : bytes
        A whole packet of any size.
    limit_bytes : int
        Largest allowed size of the main packet.

    Returns
    -------
    (main, extension) or None
        `extension` is empty if the packet fits as it is. None where it cannot be split: it is
        refused (see `parse_packet`), or too much of it is in one indivisible piece.
    """
    if len(packet) <= limit_bytes:
        return packet, b""
    try:
        rdf = parse_packet(packet)
    except BrokenPacketError:
        return None
    moved = etree.Element(f"{RDF}Description", _ABOUT)
    properties = [child for top in rdf for child in top if isinstance(child.tag, str)]
    note = etree.SubElement(rdf, f"{RDF}Description", {**_ABOUT, _EXTENDED: "0" * 32}, nsmap=_NAMES)
    excess = len(write_packet(rdf)) - limit_bytes
    for child in sorted(properties, key=_weight, reverse=True):
        if excess <= 0:
            break
        excess -= _weight(child)
        moved.append(child)
    extension = _extension(moved)
    note.set(_EXTENDED, hashlib.md5(extension, usedforsecurity=False).hexdigest().upper())
    shortened = write_packet(rdf)
    return (shortened, extension) if len(shortened) <= limit_bytes else None


def _extension(description: etree._Element) -> bytes:
    """Wrap moved properties as an extended packet, which has no packet markers."""
    rdf = new_rdf()
    rdf.append(description)
    return bytes(etree.tostring(rdf.getroottree(), encoding="UTF-8"))


def _weight(element: etree._Element) -> int:
    """Bytes that an element takes in the packet, without the namespaces it inherits."""
    alone = deepcopy(element)
    alone.tail = None
    declared = sum(len(uri) + len(prefix or "") + 10 for prefix, uri in element.nsmap.items())
    return max(1, len(etree.tostring(alone, encoding="UTF-8")) - declared)
