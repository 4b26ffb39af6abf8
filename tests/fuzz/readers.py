"""Everything in ocguard that reads what strangers wrote: a whole file in, no answer needed."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from pathlib import Path

from ocguard.creator import read_profile
from ocguard.errors import OcguardError
from ocguard.fingerprint.fingerprint import Fingerprint
from ocguard.imaging.files import encode_picture, read_picture
from ocguard.imaging.rendition import rendition
from ocguard.imaging.svg import svg_rgba
from ocguard.keys import SecretKey
from ocguard.metadata.tiff import BrokenTiffError, read_directory
from ocguard.metadata.xmp import BrokenPacketError, parse_packet
from ocguard.portfolio import import_entries, open_store
from ocguard.provenance.declared import declared
from ocguard.toml import TomlError, read_toml
from ocguard.workflows.home.claims import require_honest

MAX_WRITTEN_PX = 1 << 20
"""Larger pictures are read, but not written again."""

REFUSALS = (OcguardError, TomlError, BrokenPacketError, BrokenTiffError)
"""How a reader says that it does not take a file."""


def picture(data: bytes) -> None:
    """Read a picture, see what it declares, shrink it, and write it again."""
    found = read_picture(data)
    declared(found.carried, data)
    rendition(found, 256)
    if found.width * found.height * len(found.frames) <= MAX_WRITTEN_PX:
        encode_picture(found)


def portfolio(data: bytes) -> None:
    """Open a portfolio, look for damage, and read all of it."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "portfolio.sqlite3"
        path.write_bytes(data)
        with open_store(path) as store:
            list(store.damage())
            store.stats()
            for work in store.works():
                store.marks(work.work_id)
                store.fingerprint(work.work_id)


def export(data: bytes) -> None:
    """Import what is whole of an exported file."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "export.zip"
        path.write_bytes(data)
        with open_store(Path(folder) / "p.sqlite3", create=True) as store:
            import_entries(
                store,
                path,
                verify=lambda entry: require_honest(entry, None),
                on_refused=lambda _: None,
            )


def profile(data: bytes) -> None:
    """Read TOML, and a profile."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "profile.toml"
        path.write_bytes(data)
        read_toml(path)
        read_profile(path)


READERS: dict[str, Callable[[bytes], object]] = {
    "picture": picture,
    "portfolio": portfolio,
    "export": export,
    "profile": profile,
    "fingerprint": Fingerprint.from_bytes,
    "key": lambda data: SecretKey.from_text(data.decode("utf-8", "replace")),
    "xmp": parse_packet,
    "exif": read_directory,
    "svg": lambda data: svg_rgba(data, 128, "logo"),
}
