"""What ocguard keeps of a picture to recognize it: the record and its two written forms.

The binary form is for the portfolio (about 53 kB), the text form is the same bytes in base 64. Both
start with the version of the algorithms: codes of different versions are never compared, so another
version is refused and the work has to be described again from its picture.
"""

from __future__ import annotations

import base64
import json
import struct
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from ocguard.errors import PortfolioError
from ocguard.fingerprint.codes import CODE_BYTES, VIEW_NAMES
from ocguard.fingerprint.edge_layout import LAYOUT_BYTES, THUMBNAIL_PX
from ocguard.fingerprint.local import LocalFeatures
from ocguard.language.message import translatable

__all__ = ["FINGERPRINT_VERSION", "Fingerprint"]

FINGERPRINT_VERSION = 1
"""Version of everything a fingerprint is computed with; raised whenever a stored bit changes."""

_DAMAGED = translatable("the fingerprint is damaged: register the work again")
_MAGIC = b"OCFP"
_TEXT_PREFIX = "ocguard-fingerprint@"
_HEADER = struct.Struct("<4sBxHHH4ffHI")
_POINT_STEPS = 8.0
"""Stored positions are multiples of an eighth of a pixel: below the error of a keypoint."""
_SIZE_STEPS = 16.0
"""Stored keypoint sizes are sixteenths of an octave."""
_CODES_BYTES = 2 * len(VIEW_NAMES) * CODE_BYTES


@dataclass(frozen=True, eq=False)
class Fingerprint:
    """A picture's codes, layout and keypoints.

    Attributes
    ----------
    width, height : int
        Size of the rendition that was described, in pixels.
    content : (float, float, float, float)
        Left, top, right, bottom of what lies inside a plain border, in pixels of the rendition.
    detail : float
        Share of the content, 0 to 1, that holds visible structure; see `codes.detail`.
    codes, mirrored_codes : (7, 32) uint8 arrays
        Global codes of the views (`codes.VIEW_NAMES`), as they are and mirrored.
    layout : (144,) uint8 array
        Layout code.
    thumbnail : (96, 96) uint8 array
        Luma of the content.
    local : LocalFeatures
        Keypoints and descriptors, in pixels of the rendition.
    hashes : dict of str to str
        Hashes as text by ``"algorithm@version"``: ours, and imagehash's if they were asked for.
    """

    width: int
    height: int
    content: tuple[float, float, float, float]
    detail: float
    codes: NDArray[np.uint8]
    mirrored_codes: NDArray[np.uint8]
    layout: NDArray[np.uint8]
    thumbnail: NDArray[np.uint8]
    local: LocalFeatures
    hashes: dict[str, str] = field(default_factory=dict)

    @property
    def size(self) -> tuple[int, int]:
        """Width and height of the rendition in pixels."""
        return (self.width, self.height)

    def __eq__(self, other: object) -> bool:
        """Compare by the stored form."""
        if not isinstance(other, Fingerprint):
            return NotImplemented
        return self.to_bytes() == other.to_bytes()

    def __hash__(self) -> int:
        """Hash by the codes."""
        return hash(self.codes.tobytes() + self.layout.tobytes())

    def to_bytes(self) -> bytes:
        """Return the binary form; positions are rounded to an eighth of a pixel."""
        names = json.dumps(self.hashes, sort_keys=True).encode()
        header = _HEADER.pack(
            _MAGIC,
            FINGERPRINT_VERSION,
            self.width,
            self.height,
            len(self.local),
            *self.content,
            self.detail,
            0,
            len(names),
        )
        arrays = (self.codes, self.mirrored_codes, self.layout, self.thumbnail)
        return b"".join([header, *(a.tobytes() for a in arrays), _pack_local(self.local), names])

    @classmethod
    def from_bytes(cls, data: bytes) -> Fingerprint:
        """Read the binary form.

        Raises
        ------
        PortfolioError
            If the data is damaged or of another version.
        """
        if len(data) < _HEADER.size or data[:4] != _MAGIC:
            raise PortfolioError("not a fingerprint: register the work again")
        _, version, width, height, count, *rest = _HEADER.unpack_from(data)
        if version != FINGERPRINT_VERSION:
            raise PortfolioError(
                "the fingerprint has version {version}, this ocguard compares version "
                "{known_version} only: register the work again",
                version=version,
                known_version=FINGERPRINT_VERSION,
            )
        content, detail, names_bytes = tuple(rest[:4]), rest[4], rest[6]
        if not _is_inside(content, width, height):
            raise PortfolioError(_DAMAGED)
        fixed = _CODES_BYTES + LAYOUT_BYTES + THUMBNAIL_PX**2
        if len(data) != _HEADER.size + fixed + count * _POINT_BYTES + names_bytes:
            raise PortfolioError(_DAMAGED)
        raw = np.frombuffer(data, np.uint8, offset=_HEADER.size)
        codes, mirrored, layout, thumbnail, local = np.split(
            raw[: fixed + count * _POINT_BYTES],
            np.cumsum([_CODES_BYTES // 2, _CODES_BYTES // 2, LAYOUT_BYTES, THUMBNAIL_PX**2]),
        )
        return cls(
            width=width,
            height=height,
            content=(content[0], content[1], content[2], content[3]),
            detail=detail,
            codes=codes.reshape(-1, CODE_BYTES),
            mirrored_codes=mirrored.reshape(-1, CODE_BYTES),
            layout=layout,
            thumbnail=thumbnail.reshape(THUMBNAIL_PX, THUMBNAIL_PX),
            local=_unpack_local(local, count),
            hashes=_hashes(data[len(data) - names_bytes :]),
        )

    def to_text(self) -> str:
        """Return the text form: the algorithm with its version, a colon, base 64."""
        encoded = base64.b64encode(self.to_bytes()).decode("ascii")
        return f"{_TEXT_PREFIX}{FINGERPRINT_VERSION}:{encoded}"

    @classmethod
    def from_text(cls, text: str) -> Fingerprint:
        """Read the text form.

        Raises
        ------
        PortfolioError
            If the text is damaged or of another version.
        """
        prefix, _, encoded = text.partition(":")
        try:
            if prefix.startswith(_TEXT_PREFIX):
                return cls.from_bytes(base64.b64decode(encoded, validate=True))
        except (ValueError, PortfolioError):
            pass
        raise PortfolioError(
            "this is no whole fingerprint of version {version}: make it anew with"
            " 'ocguard fingerprint'",
            version=FINGERPRINT_VERSION,
        )


_POINT_BYTES = 2 + 2 + 1 + 1 + 64


def _is_inside(content: tuple[float, ...], width: int, height: int) -> bool:
    """Whether a content box is one of a picture of this size; NaN is not."""
    left, top, right, bottom = content
    return 0 <= left < right <= width + 1 and 0 <= top < bottom <= height + 1


def _hashes(data: bytes) -> dict[str, str]:
    try:
        hashes = json.loads(data)
    except ValueError:
        raise PortfolioError(_DAMAGED) from None
    if not isinstance(hashes, dict):
        raise PortfolioError(_DAMAGED)
    return {str(name): str(value) for name, value in hashes.items()}


def _pack_local(local: LocalFeatures) -> bytes:
    """Write positions, sizes, angles, and descriptors with two elements a byte."""
    points = np.clip(np.rint(local.points * _POINT_STEPS), 0, 65535).astype("<u2")
    sizes = np.clip(np.rint(np.log2(np.maximum(local.sizes_px, 1.0)) * _SIZE_STEPS), 0, 255)
    angles = np.rint(local.angles_deg * (256 / 360)).astype(np.int64) % 256
    packed = local.descriptors[:, 0::2] << 4 | local.descriptors[:, 1::2]
    return b"".join(
        [
            points.tobytes(),
            sizes.astype(np.uint8).tobytes(),
            angles.astype(np.uint8).tobytes(),
            packed.tobytes(),
        ]
    )


def _unpack_local(raw: NDArray[np.uint8], count: int) -> LocalFeatures:
    points, sizes, angles, packed = np.split(raw, np.cumsum([4 * count, count, count]))
    packed = packed.reshape(count, 64)
    return LocalFeatures(
        points.view("<u2").reshape(count, 2).astype(np.float32) / np.float32(_POINT_STEPS),
        np.exp2(sizes.astype(np.float32) / np.float32(_SIZE_STEPS)),
        angles.astype(np.float32) * np.float32(360 / 256),
        np.stack([packed >> 4, packed & 15], axis=2).reshape(count, 128),
    )
