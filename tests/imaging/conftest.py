"""What the tests of imaging share: color profiles built without ocguard, and a writer of files."""

from __future__ import annotations

import struct
from io import BytesIO

import numpy as np
import pytest
from PIL import Image


def _tag(kind: bytes, body: bytes) -> bytes:
    return kind + b"\0\0\0\0" + body


def _text(text: bytes) -> bytes:
    body = struct.pack(">I", len(text) + 1) + text + b"\0"
    return _tag(b"desc", body + b"\0" * 78)


def _xyz(*values: float) -> bytes:
    return _tag(b"XYZ ", b"".join(struct.pack(">i", round(v * 65536)) for v in values))


def _lut8(inputs: int, outputs: int, table: np.ndarray) -> bytes:
    identity = b"".join(struct.pack(">i", 65536 * (i % 4 == 0)) for i in range(9))
    ramp = bytes(range(256))
    head = bytes([inputs, outputs, 2, 0]) + identity
    return _tag(b"mft1", head + ramp * inputs + table.astype(np.uint8).tobytes() + ramp * outputs)


def _profile(space: bytes, pcs: bytes, device: bytes, tags: dict[bytes, bytes]) -> bytes:
    """Assemble an ICC version 2 profile."""
    table, body = b"", b""
    start = 128 + 4 + 12 * len(tags)
    for name, content in tags.items():
        padded = content + b"\0" * (-len(content) % 4)
        table += struct.pack(">4sII", name, start + len(body), len(content))
        body += padded
    size = start + len(body)
    head = struct.pack(">I4sI4s4s4s", size, b"\0" * 4, 0x02400000, device, space, pcs)
    head += struct.pack(">6H4s", 2020, 1, 1, 0, 0, 0, b"acsp") + b"\0" * 28
    head += struct.pack(">3i", 63190, 65536, 54061)
    return head.ljust(128, b"\0") + struct.pack(">I", len(tags)) + table + body


class Profiles:
    """Small valid color profiles, each unlike sRGB."""

    @staticmethod
    def rgb() -> bytes:
        """A wide-gamut RGB profile of gamma 1.8."""
        curve = _tag(b"curv", struct.pack(">IH", 1, round(1.8 * 256)))
        return _profile(
            b"RGB ",
            b"XYZ ",
            b"mntr",
            {
                b"desc": _text(b"ocguard test wide RGB"),
                b"cprt": _tag(b"text", b"none\0"),
                b"wtpt": _xyz(0.9642, 1.0, 0.8249),
                b"rXYZ": _xyz(0.7977, 0.2880, 0.0),
                b"gXYZ": _xyz(0.1352, 0.7119, 0.0),
                b"bXYZ": _xyz(0.0313, 0.0001, 0.8249),
                b"rTRC": curve,
                b"gTRC": curve,
                b"bTRC": curve,
            },
        )

    @staticmethod
    def grey() -> bytes:
        """A grey profile of gamma 1.8."""
        return _profile(
            b"GRAY",
            b"XYZ ",
            b"mntr",
            {
                b"desc": _text(b"ocguard test grey"),
                b"cprt": _tag(b"text", b"none\0"),
                b"wtpt": _xyz(0.9642, 1.0, 0.8249),
                b"kTRC": _tag(b"curv", struct.pack(">IH", 1, round(1.8 * 256))),
            },
        )

    @staticmethod
    def cmyk() -> bytes:
        """A coarse printing profile: corners of the ink cube with dull inks."""
        to_lab = np.zeros((2, 2, 2, 2, 3))
        to_ink = np.zeros((2, 2, 2, 4))
        for c, m, y, k in np.ndindex(2, 2, 2, 2):
            light = 240 * (1 - 0.35 * c) * (1 - 0.4 * m) * (1 - 0.1 * y) * (1 - 0.85 * k)
            a = 128 + (60 * m - 30 * c) * (1 - 0.9 * k)
            b = 128 + (70 * y - 40 * c) * (1 - 0.9 * k)
            to_lab[c, m, y, k] = (light, a, b)
        for light, a, b in np.ndindex(2, 2, 2):
            dark = 255 * (1 - light)
            to_ink[light, a, b] = (120 * (1 - a), 120 * a, 120 * b, dark)
        return _profile(
            b"CMYK",
            b"Lab ",
            b"prtr",
            {
                b"desc": _text(b"ocguard test CMYK"),
                b"cprt": _tag(b"text", b"none\0"),
                b"wtpt": _xyz(0.9642, 1.0, 0.8249),
                b"A2B0": _lut8(4, 3, to_lab),
                b"B2A0": _lut8(3, 4, to_ink),
            },
        )


@pytest.fixture(scope="session")
def profiles() -> type[Profiles]:
    """Color profiles as bytes: ``profiles.rgb()``, ``.grey()``, ``.cmyk()``."""
    return Profiles


@pytest.fixture(scope="session")
def saved():
    """``saved(pixels, "PNG", mode=None, **options)`` writes an array with Pillow."""

    def save(pixels: np.ndarray, file_format: str, mode: str | None = None, **options) -> bytes:
        shape = pixels.shape
        mode = mode or ("L" if pixels.ndim == 2 else ("L", "LA", "RGB", "RGBA")[shape[2] - 1])
        image = Image.frombytes(mode, (shape[1], shape[0]), np.ascontiguousarray(pixels).tobytes())
        out = BytesIO()
        image.save(out, file_format, **options)
        return out.getvalue()

    return save


@pytest.fixture
def art(tmp_path, drawings, saved):
    """A folder tree with pictures and other files."""
    data = saved(drawings.cel(8, 6), "PNG")
    for name in ("b.png", "A.PNG", "sub/deep/画.png", "sub/c.jpg", ".hidden/d.png", "._e.png"):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    (tmp_path / "notes.txt").write_text("no picture")
    return tmp_path
