"""Draw one SVG in a process of its own that may take only so much time and memory.

A drawing of 400 bytes can ask for hours: shapes that use shapes that use shapes, filters of any
radius. No look at its text tells; the limits of a process hold for all of it. Run as a program by
:mod:`.svg`. Arguments are the width in pixels and the most seconds of processor time; the drawing
is standard input, a PNG standard output, and standard error says what is wrong with the drawing.
"""

from __future__ import annotations

import contextlib
import sys
from typing import Final

MEMORY_BYTES: Final = 1 << 30
"""Address space; the program and a canvas of 2048 x 2048 px take a fifth of it."""


def main() -> int:
    """Draw standard input within the limits."""
    width, seconds = int(sys.argv[1]), int(sys.argv[2])
    with contextlib.suppress(ImportError, ValueError, OSError):  # Windows has no such limits
        import resource

        resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    import resvg_py

    text = sys.stdin.buffer.read().decode()
    try:
        png = resvg_py.svg_to_bytes(svg_string=text, width=width)
    except ValueError as error:
        sys.stderr.write(str(error))
        return 1
    sys.stdout.buffer.write(bytes(png))
    return 0


if __name__ == "__main__":
    sys.exit(main())
