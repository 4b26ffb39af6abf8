"""What the tests of provenance share: an opt-out, packets of other programs, and a reader."""

from __future__ import annotations

import json
import shutil
import struct
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from ocguard.provenance.optout import OptOut

PHOTOSHOP = """<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/" x:xmptk="Adobe XMP Core 9.1">
 <rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
  <rdf:Description rdf:about="uuid:1"
    xmlns:xmp="http://ns.adobe.com/xap/1.0/" xmlns:dc="http://purl.org/dc/elements/1.1/"
    xmlns:photoshop="http://ns.adobe.com/photoshop/1.0/"
    xmlns:crs="http://ns.adobe.com/camera-raw-settings/1.0/" xmlns:own="https://studio.example/ns/"
    xmp:CreatorTool="Clip Studio Paint" photoshop:Credit="Old Studio" crs:Exposure="+0.35">
   <dc:creator><rdf:Bag><rdf:li>Old Studio</rdf:li><rdf:li>Mira Vale</rdf:li></rdf:Bag></dc:creator>
   <dc:rights><rdf:Alt>
     <rdf:li xml:lang="x-default">Old notice</rdf:li>
     <rdf:li xml:lang="ja">無断転載禁止</rdf:li>
   </rdf:Alt></dc:rights>
   <dc:subject><rdf:Bag><rdf:li>fox</rdf:li></rdf:Bag></dc:subject>
   <own:layers rdf:parseType="Resource"><own:count>12</own:count></own:layers>
  </rdf:Description>
 </rdf:RDF>
</x:xmpmeta>
<?xpacket end="w"?>"""
"""A packet as programs write it: shorthand, arrays, other languages, a namespace of its own."""


@pytest.fixture(scope="session")
def photoshop_packet() -> bytes:
    """Return a packet of another program, padded as such packets are."""
    return PHOTOSHOP.encode() + b" " * 200 + b"\0"


@pytest.fixture(scope="session")
def optout() -> OptOut:
    """Return an opt-out with every value set."""
    return OptOut(
        creator="Mira Vale",
        notice="© 2026 Mira Vale",
        contact="mira@example.org",
        terms_url="https://mira.example/terms",
        usage_terms="Ask first.",
        constraints="No AI training.",
    )


@pytest.fixture(scope="session")
def camera_exif() -> Callable[[str], bytes]:
    """Build EXIF as cameras write it, in either byte order.

    It has a maker note full of absolute offsets, GPS, a thumbnail directory, an unknown tag, and a
    tag of a private type.
    """

    def build(order: str) -> bytes:
        def entry(tag: int, kind: int, count: int, value: int | bytes) -> bytes:
            place = value if isinstance(value, bytes) else struct.pack(f"{order}I", value)
            return struct.pack(f"{order}HHI", tag, kind, count) + place.ljust(4, b"\0")

        def directory(entries: list[bytes], following: int = 0) -> bytes:
            head = struct.pack(f"{order}H", len(entries))
            return head + b"".join(entries) + struct.pack(f"{order}I", following)

        short = struct.pack(f"{order}H", 6)
        note = b"MAKER" + struct.pack(f"{order}5I", 8, 100, 200, 300, 400)
        first = [
            entry(0x0110, 2, 9, 200),
            entry(0x0112, 3, 1, short),
            entry(0x013B, 2, 4, b"Old\0"),
            entry(0x8769, 4, 1, 300),
            entry(0x8825, 4, 1, 400),
            entry(0xC6F3, 129, 2, b"\xff\xfe"),
        ]
        parts = {
            0: {"<": b"II*\0", ">": b"MM\0*"}[order] + struct.pack(f"{order}I", 8),
            8: directory(first, 500),
            200: b"Camera X\0",
            300: directory([entry(0x927C, 7, len(note), 350)]),
            350: note,
            400: directory([entry(0x0000, 1, 4, b"\2\3\0\0"), entry(0x0001, 2, 2, b"N\0")]),
            500: directory([entry(0x0201, 4, 1, 560), entry(0x0202, 4, 1, 4)]),
            560: b"\xff\xd8\xff\xd9",
        }
        blob = bytearray(564)
        for offset, part in parts.items():
            blob[offset : offset + len(part)] = part
        return bytes(blob)

    return build


@pytest.fixture(scope="session")
def exiftool() -> Callable[[Path], dict[str, Any]]:
    """Read a file with ExifTool, an independent reader; skip where it is not installed."""
    program = shutil.which("exiftool")
    if program is None:
        pytest.skip("exiftool is not installed (Debian: apt install libimage-exiftool-perl)")

    def read(path: Path) -> dict[str, Any]:
        command = [program, "-json", "-G1", "-struct", "-a", "-charset", "utf8", str(path)]
        result = subprocess.run(command, capture_output=True, check=True)
        (record,) = json.loads(result.stdout)
        return dict(record)

    return read
