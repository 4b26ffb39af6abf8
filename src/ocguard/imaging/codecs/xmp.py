"""XMP packets as far as containers care: thumbnails out, extended packets in and out.

JPEG holds 65,502 bytes of XMP in one segment; what is beyond goes to an *extended* packet in
further segments, tied to the first by its MD5 in ``xmpNote:HasExtendedXMP``. In memory there is
always one whole packet. Packets are untrusted XML: no entities, no network, no huge trees.

References
----------
ISO 16684-1:2019 (XMP part 1); Adobe, "XMP specification part 3: storage in files", 2020,
section 1.1.3.1.
"""

from __future__ import annotations

import hashlib
from copy import deepcopy

from lxml import etree

__all__ = ["merged_extension", "split_packet", "upright_packet", "without_thumbnails"]

_RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
_XMP = "http://ns.adobe.com/xap/1.0/"
_NOTE = "http://ns.adobe.com/xmp/note/"
_TIFF = "http://ns.adobe.com/tiff/1.0/"
_EXTENDED = f"{{{_NOTE}}}HasExtendedXMP"
_BEGIN = '<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>'.encode()
_END = b'<?xpacket end="w"?>'


def without_thumbnails(packet: bytes) -> bytes:
    """Remove embedded previews (``xmp:Thumbnails``), which would show the unmarked picture.

    Returns
    -------
    bytes
        The same object where there are none, or where the packet is no well-formed XML.
    """
    if b"Thumbnails" not in packet:
        return packet
    root = _parsed(packet)
    found = [] if root is None else list(root.iter(f"{{{_XMP}}}Thumbnails"))
    if root is None or not found:
        return packet
    for element in found:
        _removed(element)
    return _packet(root)


def upright_packet(packet: bytes) -> bytes:
    """Set ``tiff:Orientation`` to 1, where the packet has one."""
    root = _parsed(packet) if b"Orientation" in packet else None
    if root is None:
        return packet
    name = f"{{{_TIFF}}}Orientation"
    for element in root.iter(etree.Element):
        if name in element.attrib:
            element.set(name, "1")
        if element.tag == name:
            element.text = "1"
    return _packet(root)


def merged_extension(packet: bytes, extension: bytes) -> bytes:
    """Join an extended packet to its main packet.

    Returns
    -------
    bytes
        One whole packet; the main one unchanged where either cannot be read.
    """
    main, more = _parsed(packet), _parsed(extension)
    target = None if main is None else main.find(f".//{{{_RDF}}}RDF")
    if main is None or more is None or target is None:
        return packet
    for description in main.iter(f"{{{_RDF}}}Description"):
        description.attrib.pop(_EXTENDED, None)
    for note in list(main.iter(_EXTENDED)):
        _removed(note)
    source = more.find(f".//{{{_RDF}}}RDF")
    target.extend(list(more if source is None else source))
    return _packet(main)


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
        `extension` is empty if the packet fits as it is. None where it cannot be split: no
        well-formed XMP, or too much of it in one indivisible piece.
    """
    if len(packet) <= limit_bytes:
        return packet, b""
    main = _parsed(packet)
    rdf = None if main is None else main.find(f".//{{{_RDF}}}RDF")
    if main is None or rdf is None:
        return None
    moved = etree.Element(f"{{{_RDF}}}Description", {f"{{{_RDF}}}about": ""})
    properties = [child for top in rdf for child in top if isinstance(child.tag, str)]
    excess = len(_packet(main)) + len(_note("0" * 32)) - limit_bytes
    for child in sorted(properties, key=_weight, reverse=True):
        if excess <= 0:
            break
        excess -= _weight(child)
        _removed(child)
        moved.append(child)
    extension = _extension(moved)
    rdf.append(etree.fromstring(_note(hashlib.md5(extension, usedforsecurity=False).hexdigest())))
    shortened = _packet(main)
    return (shortened, extension) if len(shortened) <= limit_bytes else None


def _extension(description: etree._Element) -> bytes:
    """Wrap moved properties as an extended packet, which has no packet markers."""
    root = etree.Element(f"{{{_RDF}}}RDF", nsmap={"rdf": _RDF})
    root.append(description)
    wrapper = etree.Element("{adobe:ns:meta/}xmpmeta", nsmap={"x": "adobe:ns:meta/"})
    wrapper.append(root)
    return bytes(etree.tostring(wrapper))


def _note(digest: str) -> bytes:
    """Return the element that ties the main packet to its extension."""
    return (
        f'<rdf:Description xmlns:rdf="{_RDF}" xmlns:xmpNote="{_NOTE}" rdf:about="" '
        f'xmpNote:HasExtendedXMP="{digest.upper()}"/>'
    ).encode()


def _weight(element: etree._Element) -> int:
    """Bytes that an element takes in the packet, without the namespaces it inherits."""
    alone = deepcopy(element)
    alone.tail = None
    declared = sum(len(uri) + len(prefix or "") + 10 for prefix, uri in element.nsmap.items())
    return max(1, len(etree.tostring(alone)) - declared)


def _removed(element: etree._Element) -> None:
    """Take an element out of its parent."""
    parent = element.getparent()
    if parent is not None:
        parent.remove(element)


def _parsed(packet: bytes) -> etree._Element | None:
    """Parse untrusted XML, None if it is not well-formed."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False)
    try:
        root = etree.fromstring(packet.strip(b"\0 \t\r\n"), parser)
    except (etree.XMLSyntaxError, ValueError):
        return None
    return None if root.getroottree().docinfo.internalDTD is not None else root


def _packet(root: etree._Element) -> bytes:
    """Serialize with the packet markers that let scanners find XMP in any file."""
    return _BEGIN + b"\n" + bytes(etree.tostring(root)) + b"\n" + _END
