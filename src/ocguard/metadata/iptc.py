"""Photoshop's image resource blocks, in which files carry IPTC fields, and the fields in them.

References
----------
Adobe, "Photoshop file formats specification", 2019; IPTC, "Information Interchange Model 4.2",
2014, chapters 3 and 6.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping

__all__ = [
    "IPTC_RESOURCE",
    "application_texts",
    "blocks_of",
    "fields_of",
    "packed_block",
    "without_fields",
]

IPTC_RESOURCE = 0x0404
"""Number of the resource that holds the IPTC fields."""

_RESOURCE = b"8BIM"
_FIELD = 0x1C  # begins every field
_APPLICATION = 2  # record of all fields that describe the picture
_EXTENDED = 0x8000  # flag of lengths that do not fit two bytes; no field of text needs them


def blocks_of(resources: bytes) -> list[tuple[int, bytes]]:
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


def packed_block(number: int, content: bytes) -> bytes:
    """Serialize a resource block without a name."""
    head = _RESOURCE + number.to_bytes(2, "big") + b"\0\0"
    return head + len(content).to_bytes(4, "big") + content + b"\0" * (len(content) % 2)


def application_texts(resources: bytes, names: Mapping[int, str]) -> dict[str, str]:
    """Read texts of the application record, in image resources.

    Parameters
    ----------
    resources : bytes
        Image resource blocks; untrusted.
    names : mapping of int to str
        What the wanted fields are called, by their numbers.

    Returns
    -------
    dict of str to str
        By name; texts of a field that stands several times are joined by semicolons. Not
        neutralized.
    """
    texts: dict[str, list[str]] = {}
    blocks = (block for number, block in blocks_of(resources) if number == IPTC_RESOURCE)
    for record, number, raw in (one for block in blocks for one in _fields(_content(block))):
        if record == _APPLICATION and number in names:
            texts.setdefault(names[number], []).append(raw[5:].decode("utf-8", "replace").strip())
    return {name: "; ".join(parts) for name, parts in texts.items()}


def fields_of(block: bytes) -> set[int]:
    """Return the numbers of all fields of the application record in an IPTC resource block."""
    return {number for record, number, _ in _fields(_content(block)) if record == _APPLICATION}


def without_fields(block: bytes, numbers: Collection[int]) -> bytes:
    """Return an IPTC resource block without some fields of the application record."""
    kept = [
        raw
        for record, number, raw in _fields(_content(block))
        if record != _APPLICATION or number not in numbers
    ]
    return packed_block(IPTC_RESOURCE, b"".join(kept))


def _content(block: bytes) -> bytes:
    """Return what a whole block holds."""
    name_bytes = block[6] + 1
    size_at = 6 + name_bytes + name_bytes % 2
    size = int.from_bytes(block[size_at : size_at + 4], "big")
    return block[size_at + 4 : size_at + 4 + size]


def _fields(records: bytes) -> Iterator[tuple[int, int, bytes]]:
    """Yield record, number and bytes of every field, up to the first damaged one."""
    at = 0
    while at + 5 <= len(records) and records[at] == _FIELD:
        size = int.from_bytes(records[at + 3 : at + 5], "big")
        end = at + 5 + size
        if size & _EXTENDED or end > len(records):
            return
        yield records[at + 1], records[at + 2], records[at:end]
        at = end
