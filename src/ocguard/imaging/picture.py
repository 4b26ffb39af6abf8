"""The picture in memory: upright pixels, and all that its file carried beside them.

A :class:`Picture` is what every room above works on. Its pixels are normalized in one way only:
they are *upright* (the EXIF turn is applied, and remembered in ``carried.orientation``). Depth,
color model, alpha and the color under alpha 0 stay as the file had them; nothing is converted to
sRGB here (see :mod:`ocguard.imaging.rendition` for the small 8-bit sRGB view).

A picture is immutable: functions that change pixels return a new one.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from itertools import product
from typing import Any, Literal, Self

import numpy as np
from numpy.typing import NDArray

__all__ = [
    "MAX_PIXELS",
    "Carried",
    "Color",
    "Frame",
    "Picture",
    "Pixels",
    "eight_bits",
    "equal_digests",
    "pixel_sha256",
]

Color = Literal["grey", "rgb", "cmyk"]
Pixels = NDArray[np.uint8 | np.uint16]

MAX_PIXELS = 16_384 * 16_384
"""Largest picture, in pixels summed over all frames. Reading, marking, measuring and writing one of
this size as PNG took 2.3 GiB for 8-bit RGB and 2.6 GiB with alpha; 16 bits take twice that."""

_STRIP_PX = 1 << 20  # pixels hashed at a time

_COLOR_CHANNELS: dict[Color, int] = {"grey": 1, "rgb": 3, "cmyk": 4}


@dataclass(frozen=True, slots=True, eq=False)
class Frame:
    """One full frame of a picture; still pictures have exactly one.

    Attributes
    ----------
    pixels : (H, W, C) uint8 or uint16 array
        Upright, C-contiguous, the channels of the color model and then alpha if there is one:
        1 or 2 for grey, 3 or 4 for RGB, 4 or 5 for CMYK (ink amounts: 0 is bare paper). Alpha is
        not premultiplied; 16-bit samples use the whole range 0..65535.
    duration_ms : float
        How long an animation shows this frame, in milliseconds; 0 in still pictures.
    """

    pixels: Pixels
    duration_ms: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Carried:
    """What the file carried beside its pixels, and facts about how it was stored.

    Every text and byte string here comes from the file and is untrusted.

    Attributes
    ----------
    file_format : str
        Format it was read from: PNG, JPEG, WEBP, AVIF, TIFF, GIF, BMP, HEIC or PSD; the same names
        say what to write. ``"PNG"`` for pictures that never were a file.
    icc_profile : bytes or None
        Color profile.
    exif : bytes or None
        EXIF as a TIFF structure, starting with ``II`` or ``MM`` (not with JPEG's six-byte prefix),
        its thumbnail removed. Its orientation tag still says ``orientation``.
    xmp : bytes or None
        One whole XMP packet (the extended packet of a JPEG is merged in), thumbnails removed.
    is_xmp_compressed : bool
        A PNG whose XMP was compressed, and stays so.
    iptc : bytes or None
        Photoshop image resource blocks (``8BIM``) with the IPTC fields, thumbnails removed.
    dpi : (float, float) or None
        Horizontal and vertical resolution in pixels per inch, of the stored (not turned) pixels.
    orientation : int
        EXIF orientation of the stored pixels, 1..8; the pixels in memory are upright already.
    loop : int or None
        How often an animation plays, 0 for ever, None where the file does not say.
    text : tuple of (str, str)
        PNG text chunks as (keyword, text); comments of JPEG and GIF under ``"Comment"``.
    color_chunks : tuple of (str, bytes)
        PNG chunks that say how to read the colors: gAMA, cHRM, sRGB, cICP and their like.
    background : (int, int, int) or None
        Color that a PNG asks viewers to show behind it, RGB samples of 0 to 65535.
    quality : int or None
        Estimated setting that a lossy JPEG or WebP was written at, 1..100.
    jpeg_tables : tuple of tuple of int
        Quantization tables of a JPEG, in zigzag-free order; empty otherwise.
    is_progressive : bool
        A progressive JPEG.
    is_lossless : bool
        Pixels were stored without loss.
    palette_colors : int or None
        Number of palette entries when colors were stored through a palette.
    is_bilevel : bool
        Stored with one bit a pixel.
    is_compressed : bool
        A TIFF whose strips were compressed.
    has_still_cover : bool
        The first frame of an APNG is a cover for viewers without animation, not part of it.
    lost : tuple of str
        What reading could not keep, one sentence each; writing passes them on as warnings.
    """

    file_format: str = "PNG"
    icc_profile: bytes | None = field(default=None, repr=False)
    exif: bytes | None = field(default=None, repr=False)
    xmp: bytes | None = field(default=None, repr=False)
    is_xmp_compressed: bool = False
    iptc: bytes | None = field(default=None, repr=False)
    dpi: tuple[float, float] | None = None
    orientation: int = 1
    loop: int | None = None
    text: tuple[tuple[str, str], ...] = field(default=(), repr=False)
    color_chunks: tuple[tuple[str, bytes], ...] = field(default=(), repr=False)
    background: tuple[int, int, int] | None = None
    quality: int | None = None
    jpeg_tables: tuple[tuple[int, ...], ...] = field(default=(), repr=False)
    is_progressive: bool = False
    is_lossless: bool = True
    palette_colors: int | None = None
    is_bilevel: bool = False
    is_compressed: bool = True
    has_still_cover: bool = False
    lost: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, eq=False)
class Picture:
    """Upright frames of one size, depth and color model, and what their file carried.

    Attributes
    ----------
    frames : tuple of Frame
        At least one; all of one shape and dtype.
    color : {"grey", "rgb", "cmyk"}
        Color model of the pixels.
    has_alpha : bool
        Whether the last channel is alpha.
    carried : Carried
        What the file carried; the default suits pictures made in memory.

    Raises
    ------
    ValueError
        Without frames, or with frames that do not fit the color model or each other.
    """

    frames: tuple[Frame, ...]
    color: Color
    has_alpha: bool
    carried: Carried = field(default_factory=Carried)

    def __post_init__(self) -> None:
        if not self.frames:
            raise ValueError("a picture needs at least one frame")
        first = self.frames[0].pixels
        channels = _COLOR_CHANNELS[self.color] + self.has_alpha
        if first.ndim != 3 or first.shape[2] != channels or 0 in first.shape:
            raise ValueError(
                f"{self.color} pixels must be (height, width, {channels}), not {first.shape}"
            )
        if first.dtype not in (np.uint8, np.uint16):
            raise ValueError(f"pixels must be uint8 or uint16, not {first.dtype}")
        if any(f.pixels.shape != first.shape or f.pixels.dtype != first.dtype for f in self.frames):
            raise ValueError("all frames must have one shape and one dtype")

    @classmethod
    def from_array(cls, pixels: NDArray[Any], *, carried: Carried | None = None) -> Self:
        """Take an array as a still picture, upright and in sRGB.

        Parameters
        ----------
        pixels : (H, W) or (H, W, C) uint8 or uint16 array
            Grey, grey and alpha, RGB, or RGBA for C of 1, 2, 3 and 4.
        carried : Carried, optional
            What a file would carry beside it.

        Returns
        -------
        Picture
            Sharing the memory of `pixels` where that is contiguous.

        Raises
        ------
        ValueError
            For any other shape or dtype.
        """
        solid = np.ascontiguousarray(pixels[..., None] if pixels.ndim == 2 else pixels)
        if solid.ndim != 3 or not 1 <= solid.shape[2] <= 4:
            raise ValueError(f"expected (height, width[, 1 to 4 channels]), not {pixels.shape}")
        channels = solid.shape[2]
        color: Color = "grey" if channels <= 2 else "rgb"
        return cls((Frame(solid),), color, channels in {2, 4}, carried or Carried())

    @property
    def width(self) -> int:
        """Width of the upright picture in pixels."""
        return int(self.frames[0].pixels.shape[1])

    @property
    def height(self) -> int:
        """Height of the upright picture in pixels."""
        return int(self.frames[0].pixels.shape[0])

    @property
    def size(self) -> tuple[int, int]:
        """Width and height of the upright picture in pixels."""
        return self.width, self.height

    @property
    def bit_depth(self) -> int:
        """Bits a sample, 8 or 16."""
        return self.frames[0].pixels.dtype.itemsize * 8

    @property
    def color_channels(self) -> int:
        """Number of channels without alpha."""
        return _COLOR_CHANNELS[self.color]

    @property
    def is_animated(self) -> bool:
        """Whether there is more than one frame."""
        return len(self.frames) > 1

    def with_pixels(self, pixels: Iterable[Pixels]) -> Self:
        """Return the same picture with other pixels, one array a frame, durations kept."""
        frames = tuple(
            replace(frame, pixels=array) for frame, array in zip(self.frames, pixels, strict=True)
        )
        return replace(self, frames=frames)


def eight_bits(pixels: Pixels) -> NDArray[np.uint8]:
    """Round 16-bit samples to 8 bits (65535 becomes 255); return 8-bit samples as they are."""
    if pixels.dtype == np.uint8:
        return pixels.astype(np.uint8, copy=False)
    return ((pixels.astype(np.uint32) + 128) // 257).astype(np.uint8)


def pixel_sha256(picture: Picture) -> str:
    """Hash the pixels alone, so that the same picture in another container hashes alike.

    Covers every frame, its shape, depth and color model; not durations, profiles or metadata.
    A palette picture hashes like the same picture in full color.

    Parameters
    ----------
    picture : Picture
        Any picture.

    Returns
    -------
    str
        64 hex digits.

    Notes
    -----
    About 0.002 CPU-seconds a megapixel with SHA instructions; samples are hashed little-endian.
    """
    first = picture.frames[0].pixels
    digest = _started(picture, picture.color, picture.has_alpha, first.dtype)
    for frame in picture.frames:
        pixels = np.ascontiguousarray(frame.pixels)
        digest.update(pixels.astype(pixels.dtype.newbyteorder("<"), copy=False).data)
    return digest.hexdigest()


def equal_digests(picture: Picture) -> tuple[str, ...]:
    """Hash a picture in every form that shows the very same pixels.

    The same samples may be stored with an alpha that is opaque everywhere or without, at 8 bits or
    as 257-fold numbers of 16, as grey or as red, green and blue alike. Each form has a digest of
    its own by :func:`pixel_sha256`, whichever was registered.

    Parameters
    ----------
    picture : Picture
        Any picture.

    Returns
    -------
    tuple of str
        Up to eight digests, the picture's own among them.

    Notes
    -----
    About 0.015 CPU-seconds a megapixel of RGB; memory is taken for some rows only.
    """
    strips = [strip for frame in picture.frames for strip in _strips(frame.pixels)]
    is_shallow = all(strip.dtype == np.uint8 or not (strip % 257).any() for strip in strips)
    is_clear = picture.has_alpha and any(
        (strip[..., -1] != np.iinfo(strip.dtype).max).any() for strip in strips
    )
    is_grey = picture.color == "rgb" and all(
        np.array_equal(strip[..., 0], strip[..., at]) for strip in strips for at in (1, 2)
    )
    depths = (np.uint8, np.uint16) if is_shallow else (np.uint16,)
    alphas = (True,) if is_clear else (False, True)
    colors: tuple[Color, ...] = (picture.color,)
    if is_grey or picture.color == "grey":
        colors = ("grey", "rgb")
    return tuple(
        _hashed_as(picture, strips, color, has_alpha, np.dtype(depth))
        for color, has_alpha, depth in product(colors, alphas, depths)
    )


def _started(
    picture: Picture, color: Color, has_alpha: bool, depth: np.dtype[Any]
) -> hashlib._Hash:
    """Begin the digest of a picture's pixels in some form."""
    channels = _COLOR_CHANNELS[color] + has_alpha
    shape = f"{picture.height}x{picture.width}x{channels}"
    head = f"{color}/{has_alpha:d}/{depth.name}/{shape}/{len(picture.frames)}"
    return hashlib.sha256(head.encode())


def _strips(pixels: Pixels) -> Iterator[Pixels]:
    """Give the rows of a frame, some at a time."""
    rows = max(1, _STRIP_PX // pixels.shape[1])
    return (pixels[top : top + rows] for top in range(0, len(pixels), rows))


def _hashed_as(
    picture: Picture,
    strips: Iterable[Pixels],
    color: Color,
    has_alpha: bool,
    depth: np.dtype[Any],
) -> str:
    """Hash pixels as if they were stored in another form that holds them."""
    digest = _started(picture, color, has_alpha, depth)
    for strip in strips:
        samples = strip[..., : picture.color_channels]
        if picture.color != color:
            samples = samples[..., :1] if color == "grey" else np.repeat(samples, 3, axis=2)
        if has_alpha:
            opaque = np.iinfo(strip.dtype).max
            channels = [samples[..., at] for at in range(samples.shape[2])]
            alpha = strip[..., -1] if picture.has_alpha else np.full_like(channels[0], opaque)
            samples = np.stack([*channels, alpha], axis=2)
        if samples.dtype != depth:
            deep = depth == np.uint16
            samples = np.multiply(samples, 257, dtype=depth) if deep else samples // 257
        digest.update(np.ascontiguousarray(samples, depth.newbyteorder("<")).data)
    return digest.hexdigest()
