"""Draw one SVG: the program that :mod:`.svg` runs in a process of its own.

A drawing of 400 bytes can ask for hours: shapes that use shapes that use shapes, filters of any
radius. No look at its text tells; the limits of a process hold for all of it. Arguments are
the width in pixels and the most seconds of processor time; what comes out is a PNG.
"""

from __future__ import annotations

import sys
from typing import Final

from ocguard.imaging.apart import limit_process, serve_decoder

MEMORY_BYTES: Final = 1 << 30
"""Address space; the program and a canvas of 2048 x 2048 px take a fifth of it."""


def main() -> int:
    """Draw standard input within the limits."""
    limit_process(int(sys.argv[2]), MEMORY_BYTES)
    return serve_decoder(_draw)


def _draw(svg: bytes) -> bytes:
    import resvg_py

    return bytes(resvg_py.svg_to_bytes(svg_string=svg.decode(), width=int(sys.argv[1])))


if __name__ == "__main__":
    sys.exit(main())
