"""Merge the opt-out into a picture's XMP.

What is there stays: every property that is not ours, in every namespace, and of ours the other
languages of a text and the other names of a list. A declared source of the picture, such as the
label of an AI generator, is never overwritten, and a broader prohibition of data mining is never
made narrower. Merging twice gives the same bytes as merging once.

References
----------
IPTC, "Photo Metadata Standard 2023.2"; PLUS Coalition, "PLUS License Data Format 2.0.1";
Adobe, "XMP specification part 2: additional properties", 2016.
"""

from __future__ import annotations

from lxml import etree

from ocguard.language.message import Message
from ocguard.metadata.untrusted import neutralized
from ocguard.metadata.xmp import (
    RDF,
    XML_LANG,
    BrokenPacketError,
    find_property,
    new_rdf,
    parse_packet,
    remove_property,
    values_of,
    write_packet,
)
from ocguard.provenance.optout import DATA_MINING_CODES, Merged, OptOut

__all__ = [
    "DATA_MINING",
    "DIGITAL_SOURCE_TYPE",
    "NAMESPACES",
    "merge_xmp",
    "xmp_name",
]

NAMESPACES = {
    "dc": "http://purl.org/dc/elements/1.1/",
    "photoshop": "http://ns.adobe.com/photoshop/1.0/",
    "xmpRights": "http://ns.adobe.com/xap/1.0/rights/",
    "Iptc4xmpExt": "http://iptc.org/std/Iptc4xmpExt/2008-02-29/",
    "plus": "http://ns.useplus.org/ldf/xmp/1.0/",
}
"""Prefixes and names of the namespaces that ocguard writes."""

DATA_MINING = "http://ns.useplus.org/ldf/vocab/"
"""What a PLUS code is written behind: the full URI, never the bare key."""

DIGITAL_SOURCE_TYPE = "http://cv.iptc.org/newscodes/digitalsourcetype/"
"""What an IPTC code is written behind."""

_PROHIBITIONS = DATA_MINING_CODES[2:6]
"""Prohibitions that contain one another, the narrowest first."""

_REPLACED = (
    "dc:rights",
    "photoshop:Credit",
    "xmpRights:Marked",
    "xmpRights:WebStatement",
    "xmpRights:UsageTerms",
    "plus:OtherConstraints",
)
"""Properties whose text gives way to ours; a list keeps what it has."""


def merge_xmp(existing: bytes | None, optout: OptOut) -> Merged:
    """Merge the opt-out into an XMP packet.

    Parameters
    ----------
    existing : bytes or None
        The packet that the file carries; untrusted.
    optout : OptOut
        What to declare.

    Returns
    -------
    Merged
        A whole packet in UTF-8 with its ``xpacket`` wrapper. A warning says when the existing
        packet could not be read and was left out, when what it declares was kept in place of ours,
        or when a text of its own gave way to ours.
    """
    warnings: list[str] = []
    try:
        rdf = parse_packet(existing) if existing else new_rdf()
    except BrokenPacketError as error:
        warnings.append(
            Message(
                "the file's own XMP is broken and was left out: {reason}",
                reason=neutralized(str(error), 200),
            )
        )
        rdf = new_rdf()
    before = _texts(rdf)
    target = _new_description(rdf)
    _merge_rights(rdf, target, optout)
    after = set(_texts(rdf))
    warnings += [
        Message(
            'the file\'s own {name} "{text}" was replaced',
            name=name,
            text=neutralized(text, 80),
        )
        for name, text in before
        if (name, text) not in after
    ]
    warnings += _merge_declarations(rdf, target, optout)
    _remove_emptied(rdf)
    return Merged(write_packet(rdf), tuple(warnings))


def xmp_name(qualified: str) -> str:
    """Turn ``"dc:creator"`` into Clark notation."""
    prefix, local = qualified.split(":")
    return f"{{{NAMESPACES[prefix]}}}{local}"


def _new_description(rdf: etree._Element) -> etree._Element:
    """Append a description of the same resource that declares our namespaces once."""
    first = rdf.find(f"{RDF}Description")
    about = "" if first is None else first.get(f"{RDF}about", "")
    attributes = {f"{RDF}about": about}
    return etree.SubElement(rdf, f"{RDF}Description", attributes, nsmap=NAMESPACES)


def _remove_emptied(rdf: etree._Element) -> None:
    """Remove descriptions that hold nothing any more, such as that of an earlier merge."""
    for description in list(rdf.iterchildren(f"{RDF}Description")):
        if len(description) == 0 and set(description.attrib) <= {f"{RDF}about"}:
            rdf.remove(description)


def _merge_rights(rdf: etree._Element, target: etree._Element, optout: OptOut) -> None:
    """Set who made the picture, under which terms, and whom to ask."""
    _lead_list(rdf, target, "dc:creator", optout.creator)
    _set_default_language(rdf, target, "dc:rights", optout.notice)
    _set_text(rdf, target, "photoshop:Credit", optout.credit or optout.creator)
    _set_text(rdf, target, "xmpRights:Marked", "True")
    _set_text(rdf, target, "xmpRights:WebStatement", optout.terms_url)
    _set_default_language(rdf, target, "xmpRights:UsageTerms", optout.usage_terms)
    _set_default_language(rdf, target, "plus:OtherConstraints", optout.constraints)
    if optout.contact:
        _set_licensor(rdf, target, optout)


def _texts(rdf: etree._Element) -> list[tuple[str, str]]:
    """List the texts of the properties that may be replaced."""
    return [
        (name, text)
        for name in _REPLACED
        for text in values_of(find_property(rdf, xmp_name(name)))
        if text.strip()
    ]


def _merge_declarations(rdf: etree._Element, target: etree._Element, optout: OptOut) -> list[str]:
    """Set what the picture is and whether it may be mined, unless the file says more."""
    warnings: list[str] = []
    there = _code(rdf, "plus:DataMining")
    if _is_broader(there, optout.data_mining):
        warnings.append(
            Message("the file already declares {there}, which prohibits more; kept", there=there)
        )
    else:
        _set_text(rdf, target, "plus:DataMining", DATA_MINING + optout.data_mining)
    source = _code(rdf, "Iptc4xmpExt:DigitalSourceType")
    if not optout.digital_source:
        return warnings
    if source in {"", optout.digital_source}:
        value = DIGITAL_SOURCE_TYPE + optout.digital_source
        _set_text(rdf, target, "Iptc4xmpExt:DigitalSourceType", value)
    else:
        warnings.append(
            Message(
                "the file declares the digital source type {source}; kept",
                source=neutralized(source, 60),
            )
        )
    return warnings


def _code(rdf: etree._Element, qualified: str) -> str:
    """Read a value of a vocabulary without the URI before it."""
    values = values_of(find_property(rdf, xmp_name(qualified)))
    return values[0].rpartition("/")[2] if values else ""


def _is_broader(there: str, ours: str) -> bool:
    if there not in _PROHIBITIONS or ours not in _PROHIBITIONS:
        return False
    return _PROHIBITIONS.index(there) > _PROHIBITIONS.index(ours)


def _element(parent: etree._Element, qualified: str) -> etree._Element:
    return etree.SubElement(parent, xmp_name(qualified))


def _set_text(rdf: etree._Element, target: etree._Element, qualified: str, value: str) -> None:
    """Give a simple property a value; an empty one leaves what is there."""
    if value:
        remove_property(rdf, xmp_name(qualified))
        _element(target, qualified).text = value


def _array(
    rdf: etree._Element, target: etree._Element, qualified: str, kind: str
) -> etree._Element:
    """Take a property's array with all its items, or make one of what the property was."""
    node = find_property(rdf, xmp_name(qualified))
    old = None if node is None or isinstance(node, str) else next(node.iterchildren("{*}*"), None)
    texts = values_of(node)
    remove_property(rdf, xmp_name(qualified))
    parent = _element(target, qualified)
    if old is not None and old.tag in {f"{RDF}{k}" for k in ("Seq", "Bag", "Alt")}:
        old.tag, old.tail = f"{RDF}{kind}", None
        parent.append(old)
        return old
    array = etree.SubElement(parent, f"{RDF}{kind}")
    for text in texts:
        etree.SubElement(array, f"{RDF}li").text = text
    return array


def _lead_list(rdf: etree._Element, target: etree._Element, qualified: str, value: str) -> None:
    """Put a value first in a list, unless the list has it."""
    array = _array(rdf, target, qualified, "Seq")
    if value not in ("".join(item.itertext()).strip() for item in array.iterchildren(f"{RDF}li")):
        item = etree.Element(f"{RDF}li")
        item.text = value
        array.insert(0, item)


def _set_default_language(
    rdf: etree._Element, target: etree._Element, qualified: str, value: str
) -> None:
    """Set the text for readers without a language of their own; other languages stay."""
    if not value:
        return
    array = _array(rdf, target, qualified, "Alt")
    for item in list(array.iterchildren(f"{RDF}li")):
        if item.get(XML_LANG, "x-default") == "x-default":
            array.remove(item)
    item = etree.Element(f"{RDF}li", {XML_LANG: "x-default"})
    item.text = value
    array.insert(0, item)


def _set_licensor(rdf: etree._Element, target: etree._Element, optout: OptOut) -> None:
    """Put the artist first among the licensors, in place of an entry of the same name."""
    array = _array(rdf, target, "plus:Licensor", "Seq")
    for item in list(array.iterchildren(f"{RDF}li")):
        if optout.creator in _licensor_names(item):
            array.remove(item)
    item = etree.Element(f"{RDF}li", {f"{RDF}parseType": "Resource"})
    array.insert(0, item)
    _element(item, "plus:LicensorName").text = optout.creator
    if optout.url:
        _element(item, "plus:LicensorURL").text = optout.url
    if optout.email:
        _element(item, "plus:LicensorEmail").text = optout.email


def _licensor_names(item: etree._Element) -> list[str]:
    """Names within one licensor, in any of RDF's spellings."""
    name = xmp_name("plus:LicensorName")
    spelled = [part.text if part.tag == name else part.get(name) for part in item.iter("{*}*")]
    return [text.strip() for text in spelled if text]
