"""XMP packets: bytes to an RDF tree and back, and the properties in between.

Packets come from strangers. The parser expands no entities, loads no DTD, opens no connection and
refuses trees of unusual size; a packet that declares a document type is refused unread.

RDF lets one property be written as an attribute, an element, or an array of any kind, in any of
several descriptions. Reading takes all of these; writing leaves one.

References
----------
ISO 16684-1:2019, "Extensible metadata platform (XMP) specification - Part 1".
"""

from __future__ import annotations

from collections.abc import Iterator

from lxml import etree

__all__ = [
    "RDF",
    "XML_LANG",
    "BrokenPacketError",
    "descriptions",
    "find_property",
    "new_rdf",
    "parse_packet",
    "remove_property",
    "values_of",
    "write_packet",
]

RDF = "{http://www.w3.org/1999/02/22-rdf-syntax-ns#}"
XML_LANG = "{http://www.w3.org/XML/1998/namespace}lang"

_META = "adobe:ns:meta/"
_HEAD = b'<?xpacket begin="\xef\xbb\xbf" id="W5M0MpCehiHzreSzNTczkc9d"?>\n'
_TAIL = b'\n<?xpacket end="w"?>'

_MAX_BYTES = 16 << 20
"""Largest packet that is read, in bytes; Photoshop's longest histories stay below a few million."""

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
        raise BrokenPacketError(f"it has {len(data)} bytes, over {_MAX_BYTES}")
    plain = data.strip(b"\0 \t\r\n")
    if b"<!DOCTYPE" in plain.replace(b"\0", b"").upper():
        raise BrokenPacketError("it declares a document type")
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, strip_cdata=False
    )
    try:
        root = etree.fromstring(plain, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise BrokenPacketError(str(error)[:200] or "it is empty") from error
    rdf = root if root.tag == f"{RDF}RDF" else root.find(f"{RDF}RDF")
    if rdf is None:
        raise BrokenPacketError("it holds no RDF")
    if rdf is root:
        _wrapper().append(rdf)
    return rdf


def new_rdf() -> etree._Element:
    """Make an empty ``rdf:RDF`` inside an ``x:xmpmeta``."""
    return etree.SubElement(_wrapper(), f"{RDF}RDF", nsmap={"rdf": RDF[1:-1]})


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


def _text(element: etree._Element) -> str:
    return "".join(element.itertext()).strip()


def _wrapper() -> etree._Element:
    return etree.Element(f"{{{_META}}}xmpmeta", nsmap={"x": _META})
