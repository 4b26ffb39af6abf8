"""PNG and animated PNG: 1 to 16 bits, palettes, color keys, profiles, EXIF, XMP and texts.

Eight-bit pixels go through Pillow. Sixteen-bit pixels go through :mod:`.png_deep`, because Pillow
opens 16-bit color as 8 bits without a word. Everything beside pixels is read and written by
:mod:`.png_chunks`. Chunks that describe the pixels as they were (time of the last change,
significant bits, histogram), and those of programs' own, are dropped, by name.
"""

from __future__ import annotations

import struct
import zlib
from dataclasses import dataclass, field
from io import BytesIO
from typing import Any

from PIL import Image, PngImagePlugin

from ocguard.imaging.codecs import png_chunks, png_deep
from ocguard.imaging.codecs.cleaning import clean_exif, clean_xmp, said_of_rest
from ocguard.imaging.codecs.cost import MAX_DEFLATE_RATIO, require_fitting_data
from ocguard.imaging.codecs.palette import DITHERED, has_room_for, is_near, palette_image
from ocguard.imaging.codecs.png_background import read_background, with_background
from ocguard.imaging.codecs.turn import stored, upright
from ocguard.imaging.picture import Carried, Frame, Picture, Pixels
from ocguard.imaging.pillow_arrays import array_of, color_of, image_of, plain_mode, require_size
from ocguard.language.message import Message
from ocguard.metadata.exif import exif_dpi, read_orientation, with_orientation

__all__ = ["read", "write"]

COMPRESS_LEVEL = 4
"""zlib level for 8-bit pixels. On marked art (drawn, painted and real) Pillow 13 took 0.05 / 0.08 /
0.10 / 0.17 CPU-seconds a megapixel for levels 1 / 4 / 5 / 6, and 0.98 / 0.90 / 0.89 / 0.86 MB."""


_INCH_M = 0.0254
_COLOR_KINDS = {b"gAMA", b"cHRM", b"sRGB", b"cICP", b"mDCV", b"cLLI"}
_TEXT_KINDS = {b"tEXt", b"zTXt", b"iTXt"}
_OUTDATED = {
    b"tIME": Message("The time of the last change was dropped: it is true no longer."),
    b"sBIT": Message("The number of significant bits was dropped: it is true no longer."),
    b"hIST": Message("The histogram was dropped: it is true no longer."),
}
_MAX_NAMED = 5  # unknown kinds of chunks; bounds hostile files
_CREDENTIALS = b"caBX"
_SAMPLES = {0: 1, 2: 3, 3: 1, 4: 2, 6: 4}  # a pixel, by color type
_MAX_TEXT_CHARS = 32 << 20  # of all texts together; bounds hostile files
_MAX_TEXTS = 1000  # kept; bounds hostile files


@dataclass
class _Facts:
    """What the chunks of a PNG say."""

    width: int = 0
    height: int = 0
    bits: int = 0
    color_type: int = 0
    palette: bytes = b""
    frames: int = 1
    data_bytes: int = 0
    icc_profile: bytes | None = None
    exif: bytes | None = None
    unseen_exif: bytes | None = None  # after the pixels, or in a text: viewers do not turn by it
    xmp: bytes | None = None
    is_xmp_compressed: bool = False
    dpi: tuple[float, float] | None = None
    text: list[tuple[str, str]] = field(default_factory=list)
    text_chars: int = 0  # of all texts, also of those that were dropped
    color_chunks: list[tuple[str, bytes]] = field(default_factory=list)
    background: tuple[int, int, int] | None = None
    unknown: set[str] = field(default_factory=set)
    lost: list[str] = field(default_factory=list)


def read(data: bytes) -> Picture:
    """Read a PNG or APNG."""
    facts = _facts(data)
    require_size((facts.width, facts.height), facts.frames)
    _require_data(facts)
    pixels = png_chunks.pixel_chunks(data)
    exif = clean_exif(facts.exif or facts.unseen_exif, facts.lost)
    if exif and not facts.exif:
        exif = with_orientation(exif, 1)
    carried: dict[str, Any] = {
        "file_format": "PNG",
        "icc_profile": facts.icc_profile,
        "exif": exif,
        "xmp": clean_xmp(facts.xmp, facts.lost),
        "is_xmp_compressed": facts.is_xmp_compressed,
        "dpi": facts.dpi or exif_dpi(exif),
        "orientation": read_orientation(exif),
        "text": tuple(facts.text),
        "color_chunks": tuple(facts.color_chunks),
        "background": facts.background,
    }
    if facts.bits == 16 and facts.frames == 1:
        return _deep(pixels, carried, facts)
    return _shallow(pixels, carried, facts)


def write(picture: Picture, quality: int | None, lost: list[str]) -> bytes:
    """Write a grey or RGB picture as PNG, or as APNG if it is animated; `quality` has no effect."""
    orientation = picture.carried.orientation
    arrays = [stored(frame.pixels, orientation) for frame in picture.frames]
    metadata = _metadata_chunks(picture.carried)
    if picture.bit_depth == 16:
        png = png_deep.encoded(arrays[0], metadata)
    else:
        png = png_chunks.spliced(_encoded(picture, arrays, lost), metadata)
    background = picture.carried.background
    return with_background(png, background, lost) if background else png


def _facts(data: bytes) -> _Facts:
    """Walk over all chunks once."""
    facts = _Facts()
    end = len(png_chunks.SIGNATURE)
    for kind, view in png_chunks.chunks(data):
        end += png_chunks.AROUND_BYTES + len(view)
        if kind in png_chunks.PIXEL_KINDS:
            _take_pixel_fact(facts, kind, view)
        elif kind in _TEXT_KINDS:
            _take_text(facts, kind, bytes(view))
        elif kind in _COLOR_KINDS:
            facts.color_chunks.append((kind.decode(), bytes(view)))
        elif kind in _OUTDATED:
            facts.lost.append(_OUTDATED[kind])
        else:
            _take_metadata(facts, kind, bytes(view))
    if facts.unknown:
        names = sorted(facts.unknown)[:_MAX_NAMED]
        facts.lost.append(
            Message(
                "PNG chunks were dropped ({names}): they may show the unmarked picture.",
                names=names,
            )
        )
    facts.lost += said_of_rest(data[end:], "PNG")
    return facts


def _take_pixel_fact(facts: _Facts, kind: bytes, content: memoryview) -> None:
    """Note what a chunk says of how pixels are stored."""
    if kind == b"IHDR" and len(content) == 13:
        facts.width, facts.height = struct.unpack_from(">II", content)
        facts.bits, facts.color_type = content[8], content[9]
    elif kind == b"acTL" and len(content) == 8:
        facts.frames = max(1, struct.unpack_from(">I", content)[0])
    elif kind == b"IDAT":
        facts.data_bytes += len(content)
    elif kind == b"PLTE":
        facts.palette = bytes(content)


def _take_metadata(facts: _Facts, kind: bytes, content: bytes) -> None:
    """Sort one chunk that is neither pixels nor text."""
    if kind == b"iCCP":
        facts.icc_profile = png_chunks.inflated(content.partition(b"\0")[2][1:])
        if facts.icc_profile is None:
            facts.lost.append(Message("The color profile was dropped: it is damaged."))
    elif kind == b"pHYs" and len(content) == 9 and content[8] == 1:
        across, down = struct.unpack_from(">II", content)
        facts.dpi = (across * _INCH_M, down * _INCH_M) if across and down else None
    elif kind == b"eXIf" and facts.data_bytes:
        facts.unseen_exif = content
    elif kind == b"eXIf":
        facts.exif = content
    elif kind == b"bKGD":
        header = facts.bits, facts.color_type
        facts.background = read_background(content, *header, facts.palette)
        if facts.background is None:
            facts.lost.append(Message("The background color was dropped: it is damaged."))
    elif kind == _CREDENTIALS:
        facts.lost.append(Message("Content Credentials were dropped: they end with any change."))
    else:
        facts.unknown.add(kind.decode("ascii", "backslashreplace"))


def _require_data(facts: _Facts) -> None:
    """Refuse a header that claims more pixels than the data can hold, before memory is taken."""
    row_bits = facts.width * facts.bits * _SAMPLES.get(facts.color_type, 1)
    require_fitting_data(facts.height * row_bits / 8 / MAX_DEFLATE_RATIO, facts.data_bytes + 1)


def _take_text(facts: _Facts, kind: bytes, content: bytes) -> None:
    """Sort one text chunk: XMP, EXIF in ImageMagick's old style, or a text to keep."""
    room = _MAX_TEXT_CHARS - facts.text_chars if len(facts.text) < _MAX_TEXTS else 0
    pair = png_chunks.read_text(kind, content, room) if room > 0 else None
    facts.text_chars += len(pair[1]) if pair else min(room, MAX_DEFLATE_RATIO * len(content))
    if pair is None:
        facts.lost.append(
            Message("A PNG text was dropped: it is damaged, too long, or one of too many.")
        )
        return
    keyword, text = pair
    if keyword == png_chunks.XMP_KEYWORD:
        facts.xmp = text.encode()
        facts.is_xmp_compressed = kind == b"iTXt" and png_chunks.is_compressed_text(content)
    elif keyword in {"Raw profile type exif", "Raw profile type APP1"}:
        facts.unseen_exif = facts.unseen_exif or _raw_profile(text)
    elif keyword == "Raw profile type xmp":
        facts.xmp = facts.xmp or _raw_profile(text)
    elif keyword == "Raw profile type 8bim":
        facts.lost.append(
            Message("A PNG text of Photoshop's was dropped: it may hold a thumbnail.")
        )
    else:
        facts.text.append(pair)
        if kind == b"iTXt" and png_chunks.has_language(content):
            facts.lost.append(Message("The language of a PNG text was dropped; the text was kept."))


def _raw_profile(text: str) -> bytes | None:
    """Decode ImageMagick's "raw profile": a name, a length and hex digits on lines."""
    parts = text.split()
    try:
        return bytes.fromhex("".join(parts[2:]))
    except ValueError:
        return None


def _deep(data: bytes, carried: dict[str, Any], facts: _Facts) -> Picture:
    """Decode 16-bit pixels."""
    pixels = upright(png_deep.decoded(data), carried["orientation"])
    color, has_alpha = color_of(("L", "LA", "RGB", "RGBA")[pixels.shape[2] - 1])
    return Picture((Frame(pixels),), color, has_alpha, Carried(**carried, lost=tuple(facts.lost)))


def _shallow(data: bytes, carried: dict[str, Any], facts: _Facts) -> Picture:
    """Decode 8-bit pixels, every frame in full."""
    with PngImagePlugin.PngImageFile(BytesIO(data)) as image:
        facts.frames = getattr(image, "n_frames", 1)
        require_size(image.size, facts.frames)
        carried |= {
            "is_bilevel": image.mode == "1",
            "palette_colors": len(image.getpalette() or ()) // 3 if image.mode == "P" else None,
            "loop": image.info.get("loop") if facts.frames > 1 else None,
            "has_still_cover": bool(image.info.get("default_image")),
        }
        if facts.bits < 8 and image.mode == "L" and "transparency" in image.info:
            image.info["transparency"] *= 255 // (2**facts.bits - 1)
        if facts.bits == 16:
            facts.lost.append(Message("A 16-bit animation was reduced to 8 bits."))
        mode = plain_mode(image)
        frames = []
        for number in range(facts.frames):
            image.seek(number)
            duration = float(image.info.get("duration", 0)) if facts.frames > 1 else 0.0
            frames.append(Frame(upright(array_of(image, mode), carried["orientation"]), duration))
    color, has_alpha = color_of(mode)
    return Picture(tuple(frames), color, has_alpha, Carried(**carried, lost=tuple(facts.lost)))


def _encoded(picture: Picture, arrays: list[Pixels], lost: list[str]) -> bytes:
    """Encode 8-bit frames without metadata."""
    images = _images(picture, arrays, lost)
    options: dict[str, Any] = {"compress_level": COMPRESS_LEVEL}
    cover = picture.carried.has_still_cover
    if len(images) > 1:
        durations = [frame.duration_ms for frame in picture.frames]
        options |= {
            "save_all": True,
            "append_images": images[1:],
            "duration": durations[1:] if cover else durations,
            "loop": picture.carried.loop or 0,
            "default_image": cover,
            "disposal": PngImagePlugin.Disposal.OP_NONE,
            "blend": PngImagePlugin.Blend.OP_SOURCE,
        }
    out = BytesIO()
    images[0].save(out, "PNG", **options)
    return out.getvalue()


def _images(picture: Picture, arrays: list[Pixels], lost: list[str]) -> list[Image.Image]:
    """Hand frames to Pillow in the mode that the file had, where the pixels still allow it."""
    if picture.carried.is_bilevel and picture.color == "grey" and not picture.has_alpha:
        if all(((array == 0) | (array == 255)).all() for array in arrays):
            return [image_of(array).convert("1") for array in arrays]
        lost.append(Message("One bit a pixel cannot hold the mark: the picture is now 8-bit grey."))
    if picture.carried.palette_colors and picture.color == "rgb" and len(arrays) == 1:
        image = palette_image(arrays[0])
        if image is not None and is_near(arrays[0], image):
            if not has_room_for(arrays[0]):
                lost.append(DITHERED)
            return [image]
        lost.append(Message("The palette was dropped: 256 colors cannot hold the marked picture."))
    elif picture.carried.palette_colors:
        lost.append(Message("The palette was dropped: an animation is written in full color."))
    return [image_of(array) for array in arrays]


def _metadata_chunks(carried: Carried) -> list[bytes]:
    """Serialize everything but pixels, in the order that readers expect."""
    made = [png_chunks.chunk(kind.encode(), content) for kind, content in carried.color_chunks]
    if carried.icc_profile:
        packed = zlib.compress(carried.icc_profile)
        made.append(png_chunks.chunk(b"iCCP", b"ICC profile\0\0" + packed))
    if carried.dpi:
        across, down = (round(value / _INCH_M) for value in carried.dpi)
        made.append(png_chunks.chunk(b"pHYs", struct.pack(">IIB", across, down, 1)))
    if carried.exif:
        made.append(png_chunks.chunk(b"eXIf", carried.exif))
    if carried.xmp:
        made.append(png_chunks.xmp_chunk(carried.xmp, is_compressed=carried.is_xmp_compressed))
    return made + [png_chunks.text_chunk(keyword, text) for keyword, text in carried.text]
