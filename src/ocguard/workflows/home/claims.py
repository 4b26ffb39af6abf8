"""Judge what an imported file says of a work before the portfolio takes it over as a claim.

A fingerprint must be one of the picture that comes with it, or another picture would be recognized
in its place, and a mark of the creator's own key must be one that this key makes.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from ocguard.errors import PortfolioError
from ocguard.fingerprint.describe import describe
from ocguard.fingerprint.fingerprint import Fingerprint
from ocguard.fingerprint.local import LocalFeatures
from ocguard.imaging.files import read_picture
from ocguard.keys import SecretKey
from ocguard.language.message import Message
from ocguard.matching.identification.views import MAX_WORK_VIEWS
from ocguard.portfolio import Draft, Entry
from ocguard.workflows.home.parts import MAX_FRAMES
from ocguard.workflows.home.works import REFERENCE_PX, mark_id_of

__all__ = ["require_honest", "require_honest_draft"]

MIN_FOUND_AGAIN: Final = 0.08
"""Least share of a fingerprint's keypoints that its rendition shows again. Renditions with band,
tiles or a frame over the art showed 0.21 to 0.92 of them, other pictures none (11 works)."""

MIN_KEYPOINTS: Final = 16
"""With fewer there is nothing to compare, and nothing to be mistaken for."""

NEAR_SHARE: Final = 0.006
"""How far a keypoint may have moved, as a share of each side."""

NEAR_LEVELS: Final = 160
"""How far the 128 levels of its descriptor may have moved, together."""


def require_honest(entry: Entry, key: SecretKey | None) -> None:
    """Refuse an entry whose parts do not belong together.

    Parameters
    ----------
    entry : Entry
        Out of a file that somebody else may have written.
    key : SecretKey or None
        The creator's own, if there is one.

    Raises
    ------
    PortfolioError
        Its fingerprint is another picture's, or a mark of `key` is forged.
    ImageReadError
        A rendition is no picture, or larger than those that ocguard makes.

    Notes
    -----
    0.2 CPU-seconds a work, and as much for each of its views.
    """
    for mark in entry.marks:
        is_ours = key is not None and mark.key_id == key.key_id
        if (
            is_ours
            and key
            and int(mark.mark_id, 16) != mark_id_of(key, mark.work_id, mark.recipient)
        ):
            raise PortfolioError(
                "its mark {mark_id} says falsely that your key made it", mark_id=mark.mark_id
            )
    fingerprint = Fingerprint.from_bytes(entry.fingerprint)
    if dict(entry.work.hashes) != fingerprint.hashes:
        raise PortfolioError("its hashes are not those of its fingerprint")
    if len(entry.views) > MAX_WORK_VIEWS + MAX_FRAMES:
        raise PortfolioError(
            "it has {count} views, more than ocguard makes", count=len(entry.views)
        )
    described = {entry.work.reference_sha256: [fingerprint]}
    for view in entry.views:
        data = entry.view_fingerprints[view.fingerprint_sha256]
        described.setdefault(view.reference_sha256, []).append(Fingerprint.from_bytes(data))
    for digest, jpeg in entry.renditions.items():
        _require_picture(digest, jpeg, described.get(digest, ()))


def require_honest_draft(draft: Draft, jpeg: bytes) -> None:
    """Refuse a draft whose rendition is no picture, or larger than those that ocguard makes.

    Raises
    ------
    PortfolioError, ImageReadError
        It is.
    """
    _require_picture(draft.reference_sha256, jpeg, ())


def _require_picture(digest: str, jpeg: bytes, fingerprints: Sequence[Fingerprint]) -> None:
    """Refuse a rendition that is none, or whose fingerprints are another picture's."""
    picture = read_picture(jpeg, Message("its rendition {digest}", digest=digest[:16]))
    if max(picture.size) > REFERENCE_PX or picture.has_alpha or picture.color != "rgb":
        raise PortfolioError(
            "its rendition {digest} is none that ocguard makes", digest=digest[:16]
        )
    if not fingerprints:
        return
    seen = describe(np.asarray(picture.frames[0].pixels, np.uint8), None)
    if min(_found_again(one, seen) for one in fingerprints) < MIN_FOUND_AGAIN:
        raise PortfolioError("its fingerprint is not one of its picture")


def _found_again(fingerprint: Fingerprint, seen: Fingerprint) -> float:
    """Return the share of keypoints that are in the same place of the rendition, 0 to 1."""
    if len(fingerprint.local) < MIN_KEYPOINTS:
        return 1.0
    places, others = (one.local.points / np.array(one.size) for one in (fingerprint, seen))
    found = 0
    for place, descriptor in zip(places, fingerprint.local.descriptors, strict=True):
        near = np.flatnonzero(np.abs(others - place).max(1, initial=0.0) < NEAR_SHARE)
        levels = _descriptors(seen.local, near) - descriptor.astype(np.int16)
        found += bool((np.abs(levels).sum(1) < NEAR_LEVELS).any())
    return found / len(places)


def _descriptors(local: LocalFeatures, rows: NDArray[np.intp]) -> NDArray[np.int16]:
    return local.descriptors[rows].astype(np.int16)
