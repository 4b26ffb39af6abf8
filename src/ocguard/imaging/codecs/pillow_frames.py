"""Frames of one picture through Pillow's plugins that keep whole frames: WebP and AVIF."""

from __future__ import annotations

from io import BytesIO
from typing import Any

from PIL import Image

from ocguard.imaging.codecs.turn import stored, upright
from ocguard.imaging.picture import Frame, Picture
from ocguard.imaging.pillow_arrays import array_of, image_of

__all__ = ["encoded", "frames_of"]


def frames_of(image: Image.Image, count: int, mode: str, orientation: int) -> tuple[Frame, ...]:
    """Decode all frames of an open image, upright; only animations have durations."""
    frames = []
    for number in range(count):
        image.seek(number)
        pixels = upright(array_of(image, mode), orientation)
        frames.append(Frame(pixels, float(image.info["duration"]) if count > 1 else 0.0))
    return tuple(frames)


def encoded(picture: Picture, plugin: str, options: dict[str, Any]) -> bytes:
    """Encode all frames, with what the picture carried, by a plugin and its options."""
    carried = picture.carried
    first, *others = [
        image_of(stored(frame.pixels, carried.orientation)) for frame in picture.frames
    ]
    options = options | {
        "icc_profile": carried.icc_profile or b"",
        "exif": carried.exif or b"",
        "xmp": carried.xmp or b"",
    }
    if others:
        options |= {
            "save_all": True,
            "append_images": others,
            "duration": [round(frame.duration_ms) for frame in picture.frames],
            "loop": carried.loop or 0,
        }
    out = BytesIO()
    first.save(out, plugin, **options)
    return out.getvalue()
