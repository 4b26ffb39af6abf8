"""Turn pictures into what the portfolio keeps of them, and back."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from ocguard.errors import PortfolioError
from ocguard.fingerprint.describe import describe
from ocguard.fingerprint.fingerprint import Fingerprint
from ocguard.fingerprint.normalize import Box
from ocguard.fingerprint.view_id import view_id, work_of
from ocguard.imaging.files import encode_picture, read_picture
from ocguard.imaging.ground import on_showing_ground
from ocguard.imaging.picture import Picture
from ocguard.imaging.rendition import Rendition, fitted_size, rendition
from ocguard.keys import SecretKey
from ocguard.matching.identification.lacking import lacks
from ocguard.portfolio import Entry, Mark, Reader, Store, View, Work, rendition_id, utc_now
from ocguard.watermark.invisible import KnownMark, cell_size_px
from ocguard.wording import reason_text
from ocguard.workflows.home.parts import Part, Parts, cut, work_parts
from ocguard.workflows.sources import Loaded

__all__ = [
    "CARRIES",
    "CELLS",
    "NOTHING",
    "PANEL_CELLS",
    "REFERENCE_PX",
    "StoredWorks",
    "UnknownWorkError",
    "describe_work",
    "find_work",
    "in_own_pixels",
    "is_carried",
    "known_mark",
    "known_marks",
    "left_out_warnings",
    "mark_id_of",
    "reference_jpeg",
    "small_view",
    "thin_work_warnings",
]

REFERENCE_PX: Final = 1024
"""Long side of every rendition that is described, kept, or searched for marks."""

REFERENCE_QUALITY: Final = 95
"""JPEG quality (4:4:4) of a kept reference: its error lies well below the mark's amplitude."""

VIEW_QUALITY: Final = 85
"""The same of a view, which is laid on suspects and no mark is read with: half the space."""

CELLS: Final = "cells"
PANEL_CELLS: Final = "panel"
"""The option of a mark by which a long picture's cells are sized by its panels; early ones lack
it."""

CARRIES: Final = "carries"
NOTHING: Final = "nothing"
"""The option of a mark that was issued for a file without room for it."""


def small_view(picture: Picture) -> Rendition:
    """Shrink the first frame of a picture to the size that is described and searched."""
    return rendition(picture, REFERENCE_PX)


def describe_work(
    loaded: Loaded,
    view: Rendition,
    reference_rgb: NDArray[np.uint8] | None = None,
    parts: Parts | None = None,
    published: Picture | None = None,
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
        view itself on its ground.
    parts : Parts, optional
        What of it is described beside the whole; by default what `work_parts` finds.
    published : Picture, optional
        What the references of these parts are cut from, of the size of the original: the picture
        just before its invisible mark; by default the original.

    Returns
    -------
    Entry
        Described now. Parts that hold too little to be recognized are left out.

    Notes
    -----
    0.2 to 0.3 CPU-seconds, and 0.2 more for each part, which takes 0.1 to 0.3 MB in the portfolio.
    """
    fingerprint = describe(view.rgb, view.alpha, with_standard_hashes=True)
    jpeg = reference_jpeg(
        on_showing_ground(view.rgb, view.alpha) if reference_rgb is None else reference_rgb
    )
    now = utc_now()
    found = work_parts(loaded.picture) if parts is None else parts
    shown = published or loaded.picture
    described = list(_described(loaded.picture, shown, loaded.pixel_sha256[:16], found))
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
    return Entry(
        work,
        fingerprint.to_bytes(),
        {work.reference_sha256: jpeg, **{one.reference_sha256: kept for one, _, kept in described}},
        views=tuple(one for one, _, _ in described),
        view_fingerprints={one.fingerprint_sha256: data for one, data, _ in described},
    )


def _described(
    picture: Picture, shown: Picture, work_id: str, parts: Parts
) -> Iterator[tuple[View, bytes, bytes]]:
    """Describe those parts of a work that hold enough; yield fingerprint and rendition of each."""
    number = 0
    for part in parts.parts:
        small = small_view(cut(picture, part))
        fingerprint = describe(small.rgb, small.alpha)
        if lacks(fingerprint, "this-work"):
            continue
        number += 1
        data = fingerprint.to_bytes()
        kept = small if shown is picture else small_view(cut(shown, part))
        jpeg = reference_jpeg(on_showing_ground(kept.rgb, kept.alpha), VIEW_QUALITY)
        box, ids = part.box, (view_id(work_id, number), work_id)
        place = (part.frame, box.left, box.top, box.width, box.height)
        yield View(*ids, *place, rendition_id(jpeg), rendition_id(data)), data, jpeg


def left_out_warnings(parts: Parts) -> tuple[str, ...]:
    """Warn of a work of which not all parts are described."""
    if not parts.left_out:
        return ()
    return (reason_text("parts-left-out", {"left_out": parts.left_out}),)


def thin_work_warnings(fingerprint: bytes, size: tuple[int, int]) -> tuple[str, ...]:
    """Warn of a work that holds too little to be recognized by anything but its mark."""
    lacking = lacks(Fingerprint.from_bytes(fingerprint), "this-work")
    return (reason_text(lacking.code, in_own_pixels(lacking.values, size)),) if lacking else ()


def in_own_pixels(values: Mapping[str, Any], size: tuple[int, int]) -> Mapping[str, Any]:
    """Return what a reason says of a small view, in the pixels of the picture that it shows.

    Parameters
    ----------
    values : Mapping of str to number, text or bool
        Of a reason; those of any that is not about a size come back as they are.
    size : (int, int)
        Width and height of the picture.
    """
    if "width_px" not in values or fitted_size(size, REFERENCE_PX) != (
        values["width_px"],
        values["height_px"],
    ):
        return values
    needed = math.ceil(values["needed_px"] * max(1.0, max(size) / REFERENCE_PX))
    return {**values, "width_px": size[0], "height_px": size[1], "needed_px": needed}


def reference_jpeg(rgb: NDArray[np.uint8], quality: int = REFERENCE_QUALITY) -> bytes:
    """Encode a reference rendition as it is kept."""
    return encode_picture(Picture.from_array(rgb), "jpeg", quality).data


@dataclass(frozen=True)
class StoredWorks:
    """A portfolio as the matcher sees it: see :class:`Works`."""

    store: Reader

    def fingerprint(self, view_id: str) -> Fingerprint:
        """Give the fingerprint of a work, or of a view."""
        return Fingerprint.from_bytes(self.store.fingerprint(view_id))

    def reference(self, view_id: str) -> NDArray[np.uint8]:
        """Give the RGB reference rendition of a work, or of a view."""
        return self.rendition(self._stored(view_id).reference_sha256)

    def part(self, view_id: str) -> Part:
        """Say which part of its work a view is; the whole has the work's id."""
        one = self._stored(view_id)
        return Part(Box(0, 0, one.width, one.height)) if isinstance(one, Work) else _part(one)

    def frames(self, work_id: str) -> list[tuple[str, Part]]:
        """List the views of a work that show further frames, with their ids."""
        views = [view for view in self.store.views(work_id) if view.frame]
        return [(view.view_id, _part(view)) for view in views]

    def regions(self, work_id: str) -> list[tuple[str, Part]]:
        """List the views of a work that show parts of its first frame, with their ids."""
        views = [view for view in self.store.views(work_id) if not view.frame]
        return [(view.view_id, _part(view)) for view in views]

    def _stored(self, view_id: str) -> Work | View:
        """Look up a work, or a view of one."""
        work_id = work_of(view_id)
        (work,) = self.store.works(work_id)
        if view_id == work_id:
            return work
        return next(view for view in self.store.views(work_id) if view.view_id == view_id)

    def rendition(self, digest: str) -> NDArray[np.uint8]:
        """Decode a stored rendition by its digest."""
        jpeg = self.store.rendition(digest)
        return rendition(read_picture(jpeg, f"reference {digest[:16]}"), REFERENCE_PX).rgb


def _part(view: View) -> Part:
    """Say which part of its work a view is."""
    right, bottom = view.left_px + view.width, view.top_px + view.height
    return Part(Box(view.left_px, view.top_px, right, bottom), view.frame)


class UnknownWorkError(PortfolioError):
    """No work, or more than one, has an id that begins so."""

    @classmethod
    def code(cls) -> str:
        """Name it as every error of a portfolio."""
        return PortfolioError.code()


def find_work(store: Store, prefix: str) -> Work:
    """Find the one work whose id begins with some characters.

    Raises
    ------
    UnknownWorkError
        There is none, or more than one.
    """
    found = list(store.works(prefix.lower())) if prefix else []
    if len(found) == 1:
        return found[0]
    if not found:
        raise UnknownWorkError(
            "no registered work {prefix!r}: see 'ocguard portfolio list'", prefix=prefix
        )
    raise UnknownWorkError(
        "{count} works begin with {prefix!r}: give more characters", count=len(found), prefix=prefix
    )


def mark_id_of(key: SecretKey, work_id: str, recipient: str) -> int:
    """Derive the id that a work carries for a recipient, 64 bits: always the same one."""
    return int.from_bytes(key.derive(f"mark-id/{work_id}/{recipient}", 8), "big")


def known_marks(store: Reader, key: SecretKey) -> list[KnownMark]:
    """Gather what detection may know of all marks issued with a key."""
    marks = store.marks_of_key(key.key_id)
    return [known_mark(mark) for mark in marks if is_carried(mark)]


def is_carried(mark: Mark) -> bool:
    """Tell whether a file carries the mark that was issued for it; small pictures cannot."""
    return mark.options.get(CARRIES) != NOTHING


def known_mark(mark: Mark) -> KnownMark:
    """Tell detection what the portfolio remembers of a mark."""
    origin = (mark.origin_x_px, mark.origin_y_px)
    size_px = (mark.width, mark.height)
    cell_px = cell_size_px(size_px) if mark.options.get(CELLS) == PANEL_CELLS else 0.0
    return KnownMark(int(mark.mark_id, 16), size_px, origin, cell_px)
