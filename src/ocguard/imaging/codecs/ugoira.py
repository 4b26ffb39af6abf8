"""Ugoira: the animations of pixiv, a ZIP archive of numbered pictures. Read only.

The archive holds the frames, ``000000.jpg`` and so on, all of one size. How long each is shown
stands outside of it; programs that save ugoira add that as ``animation.json``: a list ``frames`` of
``file`` and ``delay`` in milliseconds, at the top or one level below.
"""

from __future__ import annotations

import json
import re
import zipfile
from typing import Any, Final

from ocguard.errors import ImageReadError
from ocguard.imaging.codecs import gif, jpeg, png
from ocguard.imaging.codecs.archive import opened, unpacked
from ocguard.imaging.picture import Carried, Frame, Picture
from ocguard.imaging.pillow_arrays import require_size
from ocguard.language.message import Message

__all__ = ["read"]

_FRAME: Final = re.compile(r"\d{6}\.(jpg|jpeg|png|gif)")
_READERS: Final = {"jpg": jpeg.read, "jpeg": jpeg.read, "png": png.read, "gif": gif.read}
_TIMES: Final = "animation.json"
_MAX_TIMES_BYTES: Final = 1 << 20
_USUAL_MS: Final = 100.0
_LONGEST_MS: Final = 600_000.0


def read(data: bytes) -> Picture:
    """Read a ugoira."""
    with opened(data) as archive:
        names = sorted(name for name in archive.namelist() if _FRAME.fullmatch(name))
        if not names:
            raise ImageReadError("is an archive without numbered frames in it; export it as GIF")
        first = _frame(archive, names[0])
        require_size(first.size, len(names))
        times = _times(archive)
        frames = [
            Frame(_pixels(archive, name, first), times.get(name, _USUAL_MS)) for name in names
        ]
    lost = (
        () if times else (Message("How long frames are shown was not in it: 100 ms were taken."),)
    )
    carried = Carried(
        file_format="UGOIRA",
        icc_profile=first.carried.icc_profile,
        loop=0,
        is_lossless=False,
        lost=(*first.carried.lost, *lost),
    )
    return Picture(tuple(frames), first.color, first.has_alpha, carried)


def _frame(archive: zipfile.ZipFile, name: str) -> Picture:
    """Read one frame as a picture."""
    return _READERS[name.rpartition(".")[2]](unpacked(archive, name))


def _pixels(archive: zipfile.ZipFile, name: str, first: Picture) -> Any:
    """Read the pixels of a frame, which are laid out as the first one's."""
    pixels = _frame(archive, name).frames[0].pixels
    if pixels.shape != first.frames[0].pixels.shape or pixels.dtype != first.frames[0].pixels.dtype:
        raise ImageReadError(
            "is an archive of pictures of several sizes ({name}), no animation; unpack it",
            name=name,
        )
    return pixels


def _times(archive: zipfile.ZipFile) -> dict[str, float]:
    """Read how long each frame is shown, in milliseconds; empty where that is not told."""
    if _TIMES not in archive.namelist() or archive.getinfo(_TIMES).file_size > _MAX_TIMES_BYTES:
        return {}
    try:
        told = json.loads(unpacked(archive, _TIMES))
        below = told.values() if isinstance(told, dict) else ()
        tables = [one for one in (told, *below) if isinstance(one, dict) and "frames" in one]
        return {
            str(one["file"]): min(max(float(one["delay"]), 1.0), _LONGEST_MS)
            for one in tables[0]["frames"]
        }
    except (ValueError, KeyError, TypeError, IndexError, RecursionError):
        return {}
