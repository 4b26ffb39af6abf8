#!/usr/bin/env python3
"""Send hostile requests to a server, and see that each is refused and nothing else happens.

    python tests/fuzz/attack.py 10000 [--seed 1]

Each is answered 4xx, the server and its worker live on, their memory does not grow, and no token,
name or word that was sent stands in the log, of which every line is JSON. Some clients meanwhile
send their body, or not even their headers, as slowly as they can. The exit code is 1 when something
else was seen. It runs where Linux tells of memory.
"""

from __future__ import annotations

import argparse
import collections
import json
import random
import socket
import sys
import tempfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
sys.path.insert(0, str(Path(__file__).parents[1] / "servers"))

from PIL import Image

import ocguard
from hostile_requests import SECRETS, SLOW_REQUESTS, hostile_request
from serving import Server, memory_bytes, started

LIMITS = ("-j", 1, "--max-body", 2, "--max-pixels", 1, "--rate", 10**6)
WAIT_SECONDS = 90.0
MAX_GROWTH_BYTES = 32 << 20
"""What server and worker may grow by together, after a tenth of all requests warmed them up."""


@dataclass(frozen=True)
class Outcome:
    """What came of one request."""

    kind: str
    request: bytes
    answer: bytes

    @property
    def status(self) -> int:
        """HTTP status; 0 where nothing came that is HTTP."""
        words = self.answer.split(b" ", 2)
        return int(words[1]) if len(words) > 1 and words[0].startswith(b"HTTP/1.") else 0

    @property
    def is_fault(self) -> bool:
        """Whether it was answered otherwise than by a refusal."""
        return not 400 <= self.status < 500


def sent(server: Server, data: bytes) -> bytes:
    """Send raw bytes, and return what comes until the server closes the connection."""
    received = b""
    with socket.create_connection(("127.0.0.1", server.port), WAIT_SECONDS) as line:
        try:
            line.sendall(data)
            while part := line.recv(1 << 16):
                received += part
        except (ConnectionError, TimeoutError):
            return received
    return received


def dripped(server: Server, head: bytes) -> bytes:
    """Send the head of a request, then a byte a second; return what comes until that fails."""
    with socket.create_connection(("127.0.0.1", server.port), 1.0) as line:
        try:
            line.sendall(head)
            for _ in range(round(WAIT_SECONDS)):
                try:
                    return line.recv(1 << 16)
                except TimeoutError:
                    line.sendall(b"x")
        except ConnectionError:
            return b""
    return b"still open"


def outcomes(server: Server, count: int, seed: int) -> Iterator[Outcome]:
    """Send hostile requests, one after the other."""
    place = random.Random(seed)
    for _ in range(count):
        kind, request = hostile_request(place)
        yield Outcome(kind, request, sent(server, request))


def log_faults(log: str) -> list[str]:
    """Tell of lines of a log that are no JSON, and of secrets in it."""
    faults = [f"{word!r} stands in the log" for word in SECRETS if word in log]
    for line in log.splitlines():
        try:
            json.loads(line)
        except ValueError:
            faults.append(f"no JSON in the log: {line[:200]}")
    return faults


def make_home(home: Path) -> None:
    """Make a home with one work."""
    Image.effect_noise((256, 256), 60).save(home / "work.png")
    ocguard.protect(home / "work.png", out=home / "out", home=home, creator="Mo", visible="none")


def main() -> int:
    """Run from the command line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("count", type=int)
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder, ThreadPoolExecutor(len(SLOW_REQUESTS)) as pool:
        make_home(Path(folder))
        process, server = started(Path(folder), *LIMITS)
        slow = [pool.submit(dripped, server, head) for head, _ in SLOW_REQUESTS]
        counts: collections.Counter[tuple[str, int]] = collections.Counter()
        faults, sizes = [], []
        for number, one in enumerate(outcomes(server, asked.count, asked.seed)):
            counts[one.kind, one.status] += 1
            if one.is_fault:
                faults.append(f"{one.kind}: {one.request[:300]!r} -> {one.answer[:300]!r}")
            if number % max(1, asked.count // 10) == 0:
                sizes.append(memory_bytes(process))
        for (head, wanted), done in zip(SLOW_REQUESTS, slow, strict=True):
            if done.result()[: len(b"HTTP/1.1 408")] != wanted:
                faults.append(f"slow: {head[:100]!r} -> {done.result()[:100]!r}")
        sizes.append(memory_bytes(process))
        if server.call("GET", "/v1/health").status != 200:
            faults.append("the server does not answer")
        process.terminate()
        if process.wait(60) != 0:
            faults.append(f"the server ended with {process.returncode}")
        faults += log_faults(server.log.read_text())
    grown = sizes[-1] - sizes[1]
    if grown > MAX_GROWTH_BYTES:
        faults.append(f"memory grew by {grown >> 20} MiB")
    for (kind, status), number in sorted(counts.items()):
        print(f"{kind:>12} {status} {number:>6}")
    print("memory in MiB:", *(size >> 20 for size in sizes))
    print(*faults[:50], sep="\n")
    print(f"{asked.count} requests, seed {asked.seed}: {len(faults)} faults")
    return int(bool(faults))


if __name__ == "__main__":
    sys.exit(main())
