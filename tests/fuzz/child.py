"""Read one file after the other in a process that may be lost.

Standard input brings for each file a line with the reader's name and the length, then the bytes;
standard output answers with one line of JSON.
"""

from __future__ import annotations

import contextlib
import json
import sys
import time
import traceback
import warnings

from readers import READERS, REFUSALS

ADDRESS_BYTES = 6 << 30
"""Space for addresses, most of it never used; beyond it a reader meets `MemoryError`."""


def main() -> None:
    """Answer until the input ends."""
    with contextlib.suppress(ImportError):  # Windows
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (ADDRESS_BYTES, ADDRESS_BYTES))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    answers, sys.stdout = sys.stdout, sys.stderr
    while line := sys.stdin.buffer.readline():
        name, length = line.split()
        answers.write(json.dumps(answer(name.decode(), sys.stdin.buffer.read(int(length)))) + "\n")
        answers.flush()


def answer(name: str, data: bytes) -> dict[str, object]:
    """Read a file and say what came of it, and what it cost."""
    start = time.process_time()
    outcome, detail = "read", ""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", ResourceWarning)
            READERS[name](data)
    except REFUSALS as error:
        outcome, detail = "refused", str(error)
    except BaseException:
        outcome, detail = "crash", traceback.format_exc()[-2000:]
    return {
        "outcome": "memory" if "needs more memory" in detail else outcome,
        "detail": detail,
        "cpu_seconds": round(time.process_time() - start, 3),
        "peak_bytes": peak_bytes(),
    }


def peak_bytes() -> int:
    """Return the most memory that this process ever had in use."""
    try:
        import resource
    except ImportError:  # Windows
        return 0
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak if sys.platform == "darwin" else peak * 1024


if __name__ == "__main__":
    main()
