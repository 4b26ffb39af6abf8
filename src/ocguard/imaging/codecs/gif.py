"""GIF: palette pictures and animations, with loop, durations, comments, XMP and profile.

Pillow reads, compositing every frame in full. Writing puts the file together from frames that
Pillow compressed, so that all frames share one palette and keep their number and durations, and
XMP finds its place. Pixels that equal the frame before become transparent, as usual in GIF, so
that still regions cost nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from io import BytesIO

import numpy as np
from numpy.typing import NDArray
from PIL import GifImagePlugin

from ocguard.imaging.codecs import gif_blocks
from ocguard.imaging.codecs.cleaning import clean_xmp
from ocguard.imaging.codecs.palette import DITHERED, indexed_frames
from ocguard.imaging.picture import Carried, Frame, Picture, Pixels
from ocguard.imaging.pillow_arrays import array_of, image_of, pixel_limit, require_size
from ocguard.language.message import Message

__all__ = ["read", "write"]

_TRANSPARENT = 255  # palette index that shows nothing, or the frame before
_UNIT_MS = 10


def read(data: bytes) -> Picture:
    """Read a GIF, every frame in full; grey where all of it is grey."""
    lost: list[str] = []
    facts = gif_blocks.facts(data)
    require_size(facts.canvas, max(1, facts.frames))
    with pixel_limit(), GifImagePlugin.GifImageFile(BytesIO(data)) as image:
        count = getattr(image, "n_frames", 1)
        require_size(image.size, count)
        arrays, durations = [], []
        for number in range(count):
            image.seek(number)
            arrays.append(_needed(array_of(image, "RGBA")))
            durations.append(float(image.info.get("duration", 0)) if count > 1 else 0.0)
    if not facts.has_trailer:
        lost.append(Message("The GIF has no end mark: frames at its end may be missing."))
    carried = Carried(
        file_format="GIF",
        icc_profile=facts.icc_profile,
        xmp=clean_xmp(facts.xmp, lost),
        loop=facts.loop if count > 1 else None,
        text=tuple(("Comment", c.decode("utf-8", errors="replace")) for c in facts.comments),
        palette_colors=256,
        lost=tuple(lost),
    )
    is_grey = all(array.shape[2] < 3 for array in arrays)
    has_alpha = any(array.shape[2] % 2 == 0 for array in arrays)
    frames = tuple(
        Frame(_widened(array, 1 if is_grey else 3, has_alpha=has_alpha), duration)
        for array, duration in zip(arrays, durations, strict=True)
    )
    return Picture(frames, "grey" if is_grey else "rgb", has_alpha, carried)


def write(picture: Picture, quality: int | None, lost: list[str]) -> bytes:
    """Write an 8-bit grey or RGB picture; `quality` has no effect."""
    carried = picture.carried
    colors = [_rgb(picture, frame.pixels) for frame in picture.frames]
    indices, palette, is_exact = indexed_frames(colors)
    if not is_exact:
        lost.append(DITHERED)
    table = palette.tobytes() + _hidden_color(picture, colors)
    made = [gif_blocks.header(picture.size, table)]
    if picture.is_animated and carried.loop is not None:
        loop = b"\x01" + carried.loop.to_bytes(2, "little")
        made.append(gif_blocks.application(gif_blocks.LOOP, loop))
    if carried.icc_profile:
        made.append(gif_blocks.application(gif_blocks.PROFILE, carried.icc_profile))
    if carried.xmp:
        made.append(gif_blocks.application(gif_blocks.XMP, carried.xmp))
    made += [gif_blocks.comment(text.encode()) for _, text in carried.text]
    durations = [frame.duration_ms for frame in picture.frames]
    made += _moving(indices, durations) if picture.is_animated else [_whole(indices[0])]
    return b"".join([*made, b";"])


def _needed(rgba: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Keep the channels that a frame needs: long animations take all the memory there is."""
    channels = [0] if _is_grey(rgba) else [0, 1, 2]
    channels += [3] if (rgba[..., 3] < 255).any() else []
    return np.ascontiguousarray(rgba[..., channels])


def _widened(frame: NDArray[np.uint8], colors: int, *, has_alpha: bool) -> NDArray[np.uint8]:
    """Give a frame the channels that its picture has."""
    own_colors = frame.shape[2] - (frame.shape[2] % 2 == 0)
    if (own_colors, frame.shape[2] % 2 == 0) == (colors, has_alpha):
        return frame
    alpha = (
        frame[..., own_colors:] if frame.shape[2] % 2 == 0 else np.full_like(frame[..., :1], 255)
    )
    parts = [np.repeat(frame[..., :1], 3, axis=2) if own_colors < colors else frame[..., :colors]]
    return np.concatenate([*parts, alpha] if has_alpha else parts, axis=2)


def _is_grey(rgba: NDArray[np.uint8]) -> bool:
    """Tell whether all visible pixels are grey."""
    red, green, blue, alpha = (rgba[..., channel] for channel in range(4))
    return bool((((red == green) & (green == blue)) | (alpha == 0)).all())


def _rgb(picture: Picture, pixels: Pixels) -> Pixels:
    """Return RGB or RGBA of a frame, grey repeated."""
    if picture.color == "rgb":
        return pixels
    grey = np.repeat(pixels[..., :1], 3, axis=2)
    return np.concatenate([grey, pixels[..., 1:]], axis=2)


def _hidden_color(picture: Picture, frames: Sequence[Pixels]) -> bytes:
    """Return the color under transparent pixels, of which GIF keeps one."""
    for frame in frames if picture.has_alpha else ():
        hidden = frame[frame[..., 3] == 0]
        if len(hidden):
            return bytes(hidden[0, :3].tolist())
    return b"\0\0\0"


def _moving(indices: list[NDArray[np.uint8]], durations: list[float]) -> list[bytes]:
    """Serialize the frames of an animation, the parts that change only where that is possible."""
    times = [min(65_535, round(duration / _UNIT_MS)) for duration in durations]
    if any((index == _TRANSPARENT).any() for index in indices):
        return [
            _whole(index, time, gif_blocks.CLEAR)
            for index, time in zip(indices, times, strict=True)
        ]
    made = [_whole(indices[0], times[0])]
    for before, index, time in zip(indices, indices[1:], times[1:], strict=False):
        changed = before != index
        rows, columns = np.flatnonzero(changed.any(1)), np.flatnonzero(changed.any(0))
        top, bottom = (rows[0], rows[-1] + 1) if len(rows) else (0, 1)
        left, right = (columns[0], columns[-1] + 1) if len(columns) else (0, 1)
        part = np.where(changed, index, _TRANSPARENT)[top:bottom, left:right].astype(np.uint8)
        made.append(_frame(part, (int(left), int(top)), time, gif_blocks.KEEP))
    return made


def _whole(index: NDArray[np.uint8], time: int = 0, disposal: int = gif_blocks.KEEP) -> bytes:
    """Serialize a full frame."""
    return _frame(index, (0, 0), time, disposal)


def _frame(index: NDArray[np.uint8], corner: tuple[int, int], time: int, disposal: int) -> bytes:
    """Compress indices through Pillow and serialize them as a frame."""
    out = BytesIO()
    image_of(index[..., None]).save(out, "GIF", optimize=False, interlace=False)
    height, width = index.shape
    return gif_blocks.frame(
        (*corner, width, height),
        gif_blocks.facts(out.getvalue()).image_data,
        hundredths=time,
        transparent=_TRANSPARENT if (index == _TRANSPARENT).any() else None,
        disposal=disposal,
    )
