"""XMP packets: bytes to an RDF tree and back, and the properties in between.

Packets come from strangers, and this is the only parser of them. It expands no entities, loads no
DTD, opens no connection and refuses trees of unusual size; a packet that declares a document type
is refused unread. A packet that is refused is never changed either.

RDF lets one property be written as an attribute, an element, or an array of any kind, in any of
several descriptions. Reading takes all of these; writing leaves one.

References
----------
ISO 16684-1:2019, "Extensible metadata platform (XMP) specification - Part 1".
"""

from __future__ import annotations

from collections.abc import Iterator

from lxml import etree

from ocguard.language.message import Message

__all__ = [
    "RDF",
    "XML_LANG",
    "BrokenPacketError",
    "descriptions",
    "find_property",
    "new_rdf",
    "parse_packet",
    "remove_property",
    "upright_packet",
    "values_of",
    "without_thumbnails",
    "wrapped",
    "write_packet",
]

RDF = "{http://www.w3.org/1999/02/22-rdf-syntax-ns#}"
XML_LANG = "{http://www.w3.org/XML/1998/namespace}lang"

_META = "adobe:ns:meta/"
_THUMBNAILS = "{http://ns.adobe.com/xap/1.0/}Thumbnails"
_ORIENTATION = "{http://ns.adobe.com/tiff/1.0/}Orientation"
_HEAD = b'<?xpacket begin="\xef\xbb\xbf" id="W5M0MpCehiHzreSzNTczkc9d"?>\n'
_TAIL = b'\n<?xpacket end="w"?>'

_MAX_BYTES = 16 << 20
"""Largest packet that is read, in bytes; Photoshop's longest histories stay below a few million."""

_MAX_TAGS = 400_000
"""Most opening and closing tags that are read; a tree of them takes some 60 MB."""

_HAS_DOCTYPE = Message("it declares a document type")

_MAX_VALUES = 50
"""Most values read of one property."""


class BrokenPacketError(ValueError):
    """The bytes are not an XMP packet that can be read safely; says why."""


def parse_packet(data: bytes) -> etree._Element:
    """Parse an XMP packet.

    Parameters
    ----------
    data : bytes
        UTF-8, with or without the ``xpacket`` wrapper and padding.

    Returns
    -------
    lxml element
        The ``rdf:RDF`` element, inside its ``x:xmpmeta`` (added where there was none).

    Raises
    ------
    BrokenPacketError
        If it is not well-formed, not XMP, too large, or declares a document type.
    """
    if len(data) > _MAX_BYTES:
        too_long = Message("it has {count} bytes, over {limit}", count=len(data), limit=_MAX_BYTES)
        raise BrokenPacketError(too_long)
    if (tags := data.count(b"<")) > _MAX_TAGS:
        raise BrokenPacketError(
            Message("it has {tags} tags, over {limit}", tags=tags, limit=_MAX_TAGS)
        )
    plain = data.strip(b"\0 \t\r\n")
    if b"<!DOCTYPE" in plain.replace(b"\0", b"").upper():
        raise BrokenPacketError(_HAS_DOCTYPE)
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, strip_cdata=False
    )
    try:
        root = etree.fromstring(plain, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise BrokenPacketError(str(error)[:200] or Message("it is empty")) from error
    if root.getroottree().docinfo.internalDTD is not None:  # UTF-7 can hide it
        raise BrokenPacketError(_HAS_DOCTYPE)
    rdf = next(root.iter(f"{RDF}RDF"), None)
    if rdf is None:
        raise BrokenPacketError(Message("it holds no RDF"))
    return wrapped(rdf) if rdf is root else rdf


def new_rdf() -> etree._Element:
    """Make an empty ``rdf:RDF`` inside an ``x:xmpmeta``."""
    return wrapped(etree.Element(f"{RDF}RDF", nsmap={"rdf": RDF[1:-1]}))


def wrapped(rdf: etree._Element) -> etree._Element:
    """Put an ``rdf:RDF`` inside an ``x:xmpmeta`` of its own, and return it."""
    etree.Element(f"{{{_META}}}xmpmeta", nsmap={"x": _META}).append(rdf)
    return rdf


def write_packet(rdf: etree._Element) -> bytes:
    """Serialize the tree of ``rdf`` with the ``xpacket`` wrapper, in UTF-8, without padding."""
    root = rdf.getroottree().getroot()
    return bytes(_HEAD + etree.tostring(root, encoding="UTF-8", with_tail=False) + _TAIL)


def descriptions(rdf: etree._Element) -> Iterator[etree._Element]:
    """Yield the descriptions at the top level, which hold the properties."""
    yield from rdf.iterchildren(tag=etree.Element)


def find_property(rdf: etree._Element, name: str) -> etree._Element | str | None:
    """Find a property in Clark notation: its element, the text of its attribute, or None."""
    for description in descriptions(rdf):
        element = description.find(name)
        if element is not None:
            return element
        text = description.get(name)
        if text is not None:
            return str(text)
    return None


def remove_property(rdf: etree._Element, name: str) -> None:
    """Remove a property from all descriptions, whatever its form."""
    for description in descriptions(rdf):
        description.attrib.pop(name, None)
        for element in description.findall(name):
            description.remove(element)


def values_of(node: etree._Element | str | None) -> list[str]:
    """Read a property that :func:`find_property` found: its text, or the items of its array."""
    if node is None:
        return []
    if isinstance(node, str):
        return [node]
    items = [item for array in node.iterchildren() for item in array.iterchildren(f"{RDF}li")]
    resource = node.get(f"{RDF}resource")
    texts = [_text(item) for item in items[:_MAX_VALUES]] or [resource or _text(node)]
    return [text for text in texts if text]


def without_thumbnails(packet: bytes) -> bytes:
    """Remove embedded previews (``xmp:Thumbnails``), which would show the unmarked picture.

    Returns
    -------
    bytes
        The same object where there are none, or where the packet is refused.
    """
    rdf = _mentioning(b"Thumbnails", packet)
    found = [] if rdf is None else list(rdf.iter(_THUMBNAILS))
    if rdf is None or not found:
        return packet
    for element in found:
        element.getparent().remove(element)
    return write_packet(rdf)


def upright_packet(packet: bytes) -> bytes:
    """Set ``tiff:Orientation`` to 1, where the packet has one and is not refused."""
    rdf = _mentioning(b"Orientation", packet)
    if rdf is None:
        return packet
    for element in rdf.iter(etree.Element):
        if _ORIENTATION in element.attrib:
            element.set(_ORIENTATION, "1")
        if element.tag == _ORIENTATION:
            element.text = "1"
    return write_packet(rdf)


def _mentioning(name: bytes, packet: bytes) -> etree._Element | None:
    """Parse a packet that holds a name; None where it does not, or is refused."""
    if name not in packet:
        return None
    try:
        return parse_packet(packet)
    except BrokenPacketError:
        return None


def _text(element: etree._Element) -> str:
    return "".join(element.itertext()).strip()
