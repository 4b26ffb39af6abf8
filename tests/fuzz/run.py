#!/usr/bin/env python3
"""Read mutated files of every kind, and keep those that crash, hang, or cost too much.

    python tests/fuzz/run.py 20000 [--seed 1]

The exit code is 1 when one was found. The first of each fault lies in ``tests/fuzz/found`` then,
and the ordinary tests read it from there on. The same seed makes the same files.
"""

from __future__ import annotations

import argparse
import collections
import hashlib
import json
import random
import re
import selectors
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

from mutation import mutated
from seeds import seeds

CHILD = Path(__file__).with_name("child.py")
FOUND = Path(__file__).parent / "found"
MAX_CPU_SECONDS = 10.0
MAX_MEMORY_BYTES = 1_500_000_000
WAIT_SECONDS = 60.0
"""On a busy machine a file of ten CPU-seconds takes longer."""

WEIGHTS = {"svg": 0.2, "export": 0.5, "portfolio": 0.5}
"""How often slow readers are asked, in relation to the others."""


@dataclass(frozen=True)
class Outcome:
    """What came of one file: read, refused, or one of `FAULTS`."""

    name: str
    data: bytes
    kind: str
    detail: str = ""


FAULTS = frozenset({"crash", "died", "hang", "slow", "memory"})


class Reader:
    """A process that reads files; started anew when it is lost or has grown."""

    def __init__(self, program: Path = CHILD) -> None:
        self._program = program
        self._process: subprocess.Popen[bytes] | None = None

    def read(self, name: str, data: bytes) -> Outcome:
        """Have one file read."""
        process = self._running()
        assert process.stdin
        assert process.stdout
        try:
            process.stdin.write(f"{name} {len(data)}\n".encode() + data)
            process.stdin.flush()
            answered = selectors.DefaultSelector()
            answered.register(process.stdout, selectors.EVENT_READ)
            if not answered.select(WAIT_SECONDS):
                self.end()
                return Outcome(name, data, "hang")
            line = process.stdout.readline()
        except BrokenPipeError:
            line = b""
        if not line:
            self.end()
            return Outcome(name, data, "died", f"exit code {process.returncode}")
        return self._judged(name, data, json.loads(line))

    def end(self) -> None:
        """End the process."""
        if self._process:
            self._process.kill()
            self._process.communicate()
            self._process = None

    def _running(self) -> subprocess.Popen[bytes]:
        if self._process is None:
            command = [sys.executable, str(self._program)]
            self._process = subprocess.Popen(
                command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
            )
        return self._process

    def _judged(self, name: str, data: bytes, answer: dict) -> Outcome:
        kind = answer["outcome"]
        if answer["peak_bytes"] > MAX_MEMORY_BYTES:
            self.end()
            kind = "memory"
        elif answer["cpu_seconds"] > MAX_CPU_SECONDS:
            kind = "slow"
        cost = f"{answer['cpu_seconds']} CPU-s, {answer['peak_bytes'] >> 20} MiB"
        return Outcome(name, data, kind, f"{cost}; {answer['detail']}")


def outcomes(count: int, seed: int, reader: Reader) -> Iterator[Outcome]:
    """Read `count` mutated files."""
    place, begun = random.Random(seed), seeds()
    weights = [WEIGHTS.get(name, 1.0) for name, _ in begun]
    for _ in range(count):
        ((name, data),) = place.choices(begun, weights)
        yield reader.read(name, mutated(data, place))


def main() -> int:
    """Run from the command line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("count", type=int)
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    counts: collections.Counter[str] = collections.Counter()
    known: set[str] = set()
    reader = Reader()
    for one in outcomes(asked.count, asked.seed, reader):
        counts[one.kind] += 1
        fault = re.sub(r"\d+", "", f"{one.kind} {one.name} {one.detail[-200:]}")
        if one.kind in FAULTS and fault not in known:
            known.add(fault)
            file = FOUND / f"{one.name}-{hashlib.sha256(one.data).hexdigest()[:12]}"
            file.write_bytes(one.data)
            print(f"{one.kind}: {file}\n{one.detail}", flush=True)
    reader.end()
    print(f"{asked.count} files, seed {asked.seed}: {dict(counts)}")
    return int(bool(FAULTS & counts.keys()))


if __name__ == "__main__":
    sys.exit(main())
