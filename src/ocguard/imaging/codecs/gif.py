"""GIF: palette pictures and animations, with loop, durations, comments, XMP and profile.

Pillow reads, compositing every frame in full. Writing puts the file together from frames that
Pillow compressed, so that frames keep their number and durations, share a palette or have their
own, and XMP finds its place. Pixels that equal the frame before become transparent, as usual in
GIF, so that still regions cost nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from io import BytesIO

import numpy as np
from numpy.typing import NDArray
from PIL import GifImagePlugin

from ocguard.imaging.codecs import gif_blocks
from ocguard.imaging.codecs.cleaning import clean_xmp, said_of_rest
from ocguard.imaging.codecs.gif_palettes import TRANSPARENT, Drawn, drawn_frames
from ocguard.imaging.codecs.palette import DITHERED, MAX_COLORS
from ocguard.imaging.picture import Carried, Frame, Picture, Pixels
from ocguard.imaging.pillow_arrays import array_of, image_of, pixel_limit, require_size
from ocguard.language.message import Message

__all__ = ["GRAINY", "read", "write"]

GRAINY = Message(
    "256 colors hardly show the marked picture: it looks grainier than the original; PNG or WebP "
    "keeps its look (--format)"
)
"""What is said of a GIF that shows its palette."""

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
    lost += said_of_rest(facts.rest, "GIF")
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
    hidden = _hidden_color(picture, colors)
    frames, is_exact, is_grainy = _serialized(picture, colors, hidden)
    made = [frames[0]]
    if picture.is_animated and carried.loop is not None:
        loop = b"\x01" + carried.loop.to_bytes(2, "little")
        made.append(gif_blocks.application(gif_blocks.LOOP, loop))
    if carried.icc_profile:
        made.append(gif_blocks.application(gif_blocks.PROFILE, carried.icc_profile))
    if carried.xmp:
        made.append(gif_blocks.application(gif_blocks.XMP, carried.xmp))
    made += [gif_blocks.comment(text.encode()) for _, text in carried.text]
    if not is_exact:
        lost.append(GRAINY if is_grainy else DITHERED)
    return b"".join([*made, *frames[1:], b";"])


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


def _serialized(
    picture: Picture, colors: Sequence[Pixels], hidden: bytes
) -> tuple[list[bytes], bool, bool]:
    """Serialize the header and all frames; tell whether they are exact, and whether grainy."""
    made: list[bytes] = []
    shared = np.empty((0, 3), np.uint8)
    is_exact, is_grainy = True, False
    for frame, drawn in zip(picture.frames, drawn_frames(colors), strict=True):
        if not made:
            shared = drawn.palette
            made.append(gif_blocks.header(picture.size, _table(shared, MAX_COLORS, hidden)))
        time = min(65_535, round(frame.duration_ms / _UNIT_MS)) if picture.is_animated else 0
        own = None if drawn.palette is shared else drawn.palette
        made.append(_frame(drawn, own, time, hidden, is_whole=len(made) == 1 or drawn.clears))
        is_exact, is_grainy = is_exact and drawn.is_exact, is_grainy or drawn.is_grainy
    return made, is_exact, is_grainy


def _frame(
    drawn: Drawn,
    palette: NDArray[np.uint8] | None,
    time: int,
    hidden: bytes,
    *,
    is_whole: bool,
) -> bytes:
    """Compress what a frame draws through Pillow and serialize it, with a palette of its own."""
    is_drawn = drawn.index != TRANSPARENT
    rows, columns = (slice(0, side) for side in is_drawn.shape)
    if not is_whole:
        rows, columns = _span(is_drawn.any(axis=1)), _span(is_drawn.any(axis=0))
    index = np.ascontiguousarray(drawn.index[rows, columns])
    is_clear = bool((index == TRANSPARENT).any())
    table, transparent = b"", TRANSPARENT
    if palette is not None and is_drawn.any():
        size = 1 << max(2, len(palette).bit_length())
        table, transparent = _table(palette, size, hidden), size - 1
        index[index == TRANSPARENT] = transparent
    out = BytesIO()
    image_of(index[..., None]).save(out, "GIF", optimize=False, interlace=False)
    return gif_blocks.frame(
        (columns.start, rows.start, index.shape[1], index.shape[0]),
        gif_blocks.facts(out.getvalue()).image_data,
        table=table,
        hundredths=time,
        transparent=transparent if is_clear or drawn.clears else None,
        disposal=gif_blocks.CLEAR if drawn.clears else gif_blocks.KEEP,
    )


def _span(is_drawn: NDArray[np.bool_]) -> slice:
    """Return where the first and the last drawn line are; one line where nothing is drawn."""
    lines = np.flatnonzero(is_drawn)
    return slice(int(lines[0]), int(lines[-1]) + 1) if len(lines) else slice(0, 1)


def _table(palette: NDArray[np.uint8], size: int, hidden: bytes) -> bytes:
    """Fill a table up; its last color lies under transparent pixels."""
    filled = palette if len(palette) else np.zeros((1, 3), np.uint8)
    return np.resize(filled, (size - 1, 3)).tobytes() + hidden
