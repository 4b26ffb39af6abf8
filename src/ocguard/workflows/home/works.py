"""Turn pictures into what the portfolio keeps of them, and back."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from ocguard.fingerprint.describe import describe
from ocguard.fingerprint.fingerprint import Fingerprint
from ocguard.imaging.files import encode_picture, read_picture
from ocguard.imaging.picture import Picture
from ocguard.imaging.rendition import Rendition, flatten, rendition
from ocguard.keys import SecretKey
from ocguard.matching.decision.bounds import load_bounds
from ocguard.matching.decision.enough import too_little
from ocguard.matching.evidence.contents import measure_contents
from ocguard.portfolio import Entry, Mark, Store, Work, rendition_id, utc_now
from ocguard.watermark.invisible import KnownMark
from ocguard.wording import reason_text
from ocguard.workflows.sources import Loaded

__all__ = [
    "REFERENCE_PX",
    "StoredWorks",
    "describe_work",
    "known_mark",
    "known_marks",
    "mark_id_of",
    "reference_jpeg",
    "small_view",
    "thin_work_warnings",
]

REFERENCE_PX: Final = 1024
"""Long side of every rendition that is described, kept, or searched for marks."""

REFERENCE_QUALITY: Final = 95
"""JPEG quality (4:4:4) of a kept reference: its error lies well below the mark's amplitude."""


def small_view(picture: Picture) -> Rendition:
    """Shrink the first frame of a picture to the size that is described and searched."""
    return rendition(picture, REFERENCE_PX)


def describe_work(
    loaded: Loaded, view: Rendition, reference_rgb: NDArray[np.uint8] | None = None
) -> Entry:
    """Describe an original for the portfolio, without marks.

    Parameters
    ----------
    loaded : Loaded
        The original.
    view : Rendition
        Its small view: what the matcher recognizes it by.
    reference_rgb : (h, w, 3) uint8 array, optional
        What to keep as its reference: the picture just before its invisible mark; by default the
        view itself on white.

    Returns
    -------
    Entry
        Described now.
    """
    fingerprint = describe(view.rgb, view.alpha, with_standard_hashes=True)
    jpeg = reference_jpeg(flatten(view.rgb, view.alpha) if reference_rgb is None else reference_rgb)
    now = utc_now()
    work = Work(
        work_id=loaded.pixel_sha256[:16],
        source=loaded.place,
        file_sha256=loaded.file_sha256,
        pixel_sha256=loaded.pixel_sha256,
        width=loaded.picture.width,
        height=loaded.picture.height,
        created_utc=now,
        described_utc=now,
        reference_sha256=rendition_id(jpeg),
        hashes=fingerprint.hashes,
    )
    return Entry(work, fingerprint.to_bytes(), {work.reference_sha256: jpeg})


def thin_work_warnings(fingerprint: bytes) -> tuple[str, ...]:
    """Warn of a work that holds too little to be recognized by anything but its mark."""
    contents = measure_contents(Fingerprint.from_bytes(fingerprint))
    lacking = too_little(contents, load_bounds(), "this-work")
    return (reason_text(lacking.code, lacking.values),) if lacking else ()


def reference_jpeg(rgb: NDArray[np.uint8]) -> bytes:
    """Encode a reference rendition as it is kept."""
    return encode_picture(Picture.from_array(rgb), "jpeg", REFERENCE_QUALITY).data


@dataclass(frozen=True)
class StoredWorks:
    """A portfolio as the matcher sees it: see :class:`Works`."""

    store: Store

    def fingerprint(self, work_id: str) -> Fingerprint:
        """Give the fingerprint of a work."""
        return Fingerprint.from_bytes(self.store.fingerprint(work_id))

    def reference(self, work_id: str) -> NDArray[np.uint8]:
        """Give the RGB reference rendition of a work."""
        (work,) = self.store.works(work_id)
        return self.rendition(work.reference_sha256)

    def rendition(self, digest: str) -> NDArray[np.uint8]:
        """Decode a stored rendition by its digest."""
        jpeg = self.store.rendition(digest)
        return rendition(read_picture(jpeg, f"reference {digest[:16]}"), REFERENCE_PX).rgb


def mark_id_of(key: SecretKey, work_id: str, recipient: str) -> int:
    """Derive the id that a work carries for a recipient, 64 bits: always the same one."""
    return int.from_bytes(key.derive(f"mark-id/{work_id}/{recipient}", 8), "big")


def known_marks(store: Store, key: SecretKey) -> list[KnownMark]:
    """Gather what detection may know of all marks issued with a key."""
    return [known_mark(mark) for mark in store.marks_of_key(key.key_id)]


def known_mark(mark: Mark) -> KnownMark:
    """Tell detection what the portfolio remembers of a mark."""
    origin = (mark.origin_x_px, mark.origin_y_px)
    return KnownMark(int(mark.mark_id, 16), (mark.width, mark.height), origin)
