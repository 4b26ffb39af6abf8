"""Find the work with the very same pixels as a suspect, or with its very file."""

from __future__ import annotations

from ocguard.imaging.picture import Picture, equal_digests
from ocguard.keys import SecretKey
from ocguard.matching.decision.verdict import Reason
from ocguard.portfolio import Reader
from ocguard.workflows.sources import Loaded

__all__ = ["same_work"]


def same_work(
    loaded: Loaded, store: Reader, key: SecretKey | None
) -> tuple[str | None, Reason | None]:
    """Find the work with the very same pixels or file, and say which of both.

    Parameters
    ----------
    loaded : Loaded
        The suspect.
    store : Reader
        The portfolio.
    key : SecretKey or None
        The creator's: a file that only an imported record knows counts where it is of this key.

    Returns
    -------
    (str or None, Reason or None)
        Work id and reason; None and None where there is no such work.

    Notes
    -----
    Digests alone are compared: milliseconds. Pixels of one color, or none that show, are anybody's:
    only a file of such a picture can be the same.
    """
    is_blank = _is_blank(loaded.picture)
    if not is_blank and (own := _work_of_pixels(loaded.pixel_sha256, store)):
        return own, Reason("same-pixels")
    for mark in store.marks_of_file(loaded.file_sha256):
        if not mark.imported_utc or (key and mark.key_id == key.key_id):
            return mark.work_id, Reason("same-file")
    for digest in () if is_blank else equal_digests(loaded.picture):
        if work_id := _work_of_pixels(digest, store):
            return work_id, Reason("same-pixels")
    return None, None


def _is_blank(picture: Picture) -> bool:
    """Tell whether all pixels of all frames are the same."""
    first = picture.frames[0].pixels[0, 0]
    return all(bool((frame.pixels == first).all()) for frame in picture.frames)


def _work_of_pixels(pixel_sha256: str, store: Reader) -> str | None:
    """Find the work with pixels of some digest."""
    found = (work for work in store.works(pixel_sha256[:16]) if work.pixel_sha256 == pixel_sha256)
    return next((work.work_id for work in found), None)
