"""What metadata gives away of a person: places, serial numbers, names of owners and of devices.

Every function returns the metadata without what is private, and which kinds of it were there. What
cannot be read is private too, since nobody can say what it holds.

References
----------
CIPA DC-008 (Exif 3.0), 2023, section 4.6; IPTC, "Photo Metadata Standard 2023.2".
"""

from __future__ import annotations

import re
from typing import Final

from lxml import etree

from ocguard.language.message import translatable
from ocguard.metadata.exif import EXIF_IFD, GPS_IFD, build_exif, exif_directory
from ocguard.metadata.iptc import IPTC_RESOURCE, blocks_of, fields_of, without_fields
from ocguard.metadata.tiff import BrokenTiffError, read_directory
from ocguard.metadata.xmp import BrokenPacketError, parse_packet, write_packet

__all__ = [
    "KINDS",
    "private_kind",
    "without_private_exif",
    "without_private_iptc",
    "without_private_xmp",
]

_PLACE: Final = translatable("the place where it was made (GPS or a location)")
_SERIAL: Final = translatable("serial numbers")
_OWNER: Final = translatable("the owner's name")
_DEVICE: Final = translatable("the device's name")
_FOLDER: Final = translatable("names of folders")
_NOTES: Final = translatable("notes of the camera's maker")
_UNREAD: Final = translatable("metadata that cannot be read")

KINDS: Final = (_PLACE, _SERIAL, _OWNER, _DEVICE, _FOLDER, _NOTES, _UNREAD)
"""All kinds, in the order in which they are told."""

_MAIN_TAGS: Final = {
    **dict.fromkeys((0x010F, 0x0110, 0x013C, 0xC614), _DEVICE),  # Make, Model, HostComputer, DNG's
    **dict.fromkeys((0xC62F, 0xFDE9), _SERIAL),
    **dict.fromkeys((0x9C9D, 0xFDE8), _OWNER),  # XPAuthor, which Windows fills in, and OwnerName
}
_EXIF_TAGS: Final = {
    **dict.fromkeys((0xA431, 0xA435), _SERIAL),
    0xA430: _OWNER,
    **dict.fromkeys((0xA433, 0xA434), _DEVICE),  # of the lens
    0x927C: _NOTES,
}
_INTEROPERABILITY: Final = 0xA005  # points to a directory that does not move along
_PLACE_FIELDS: Final = {26, 27, 90, 92, 95, 100, 101}  # location code and name, city to country
_COPIES: Final = {0x0422, 0x0423, 0x0424}  # EXIF and XMP once more, among Photoshop's resources
_NAMES: Final = (
    (
        re.compile(
            "gps.*|.*(latitude|longitude).*|location(created|shown)?|sublocation|city|state"
            "|country(code|name)?|provincestate",
            re.IGNORECASE,
        ),
        _PLACE,
    ),
    (re.compile(".*serial(number)?|internalserial.*", re.IGNORECASE), _SERIAL),
    (re.compile("(camera)?owner(name)?", re.IGNORECASE), _OWNER),
    (
        re.compile("make|model|hostcomputer|uniquecameramodel|lens(make|model|id|info)?", re.I),
        _DEVICE,
    ),
    (re.compile(".*filepath", re.IGNORECASE), _FOLDER),
)


def private_kind(name: str) -> str | None:
    """Say what kind of private thing a property or a text of this name tells; None for others.

    Parameters
    ----------
    name : str
        As in XMP or PNG, with or without a prefix: ``exif:GPSLatitude``, ``OwnerName``.
    """
    last = name.rpartition(":")[2].strip()
    return next((kind for pattern, kind in _NAMES if pattern.fullmatch(last)), None)


def without_private_exif(blob: bytes) -> tuple[bytes | None, set[str]]:
    """Return EXIF without what is private, and the kinds that were there.

    Returns
    -------
    bytes or None
        The same object where nothing was private; None where nothing else was there. What was
        taken out is nowhere in it.
    set of str
        Some of :data:`KINDS`.
    """
    try:
        main = read_directory(blob)
    except BrokenTiffError:
        return None, {_UNREAD}
    start = main.number(EXIF_IFD)
    below = exif_directory(blob, start) if start else None
    kinds = {kind for tag, kind in _MAIN_TAGS.items() if tag in main.fields}
    if below is not None:
        kinds |= {kind for tag, kind in _EXIF_TAGS.items() if tag in below.fields}
    if main.number(GPS_IFD):
        kinds.add(_PLACE)
    if not kinds:
        return blob, kinds
    gone = {*_MAIN_TAGS, EXIF_IFD, GPS_IFD}
    kept = {tag: value for tag, value in main.fields.items() if tag not in gone}
    gone = {*_EXIF_TAGS, _INTEROPERABILITY}
    inner = {} if below is None else {t: v for t, v in below.fields.items() if t not in gone}
    rebuilt = build_exif(kept, {EXIF_IFD: inner}, main.order) if kept or inner else None
    return rebuilt, kinds


def without_private_xmp(packet: bytes) -> tuple[bytes | None, set[str]]:
    """Return an XMP packet without what is private, wherever in it, and the kinds there were."""
    try:
        rdf = parse_packet(packet)
    except BrokenPacketError:
        return None, {_UNREAD}
    kinds = set[str]()
    for element in list(rdf.iter(etree.Element)):
        for name in list(element.attrib):
            if kind := private_kind(etree.QName(name).localname):
                kinds.add(kind)
                del element.attrib[name]
        kind = private_kind(etree.QName(element).localname)
        if kind and element.getparent() is not None:
            kinds.add(kind)
            element.getparent().remove(element)
    return (write_packet(rdf) if kinds else packet), kinds


def without_private_iptc(resources: bytes) -> tuple[bytes | None, set[str]]:
    """Return Photoshop's resource blocks without what is private, and the kinds there were."""
    kinds = set[str]()
    kept = []
    for number, block in blocks_of(resources):
        if number in _COPIES:
            kinds.add(_UNREAD)
        elif number == IPTC_RESOURCE and fields_of(block) & _PLACE_FIELDS:
            kinds.add(_PLACE)
            kept.append(without_fields(block, _PLACE_FIELDS))
        else:
            kept.append(block)
    return (b"".join(kept) or None if kinds else resources), kinds
