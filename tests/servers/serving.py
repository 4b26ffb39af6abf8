"""A real ``ocguard serve`` on loopback, and requests to it as any client sends them."""

from __future__ import annotations

import http.client
import json
import os
import subprocess
import sys
from dataclasses import dataclass
from email.message import Message
from pathlib import Path
from typing import Any

__all__ = ["CHECK", "PROTECT", "Answer", "Server", "memory_bytes", "process_ids", "started"]

CHECK = "check-token-0123456789abcdef0123456789"
PROTECT = "protect-token-0123456789abcdef0123456789"


@dataclass(frozen=True)
class Answer:
    """What a server answered."""

    status: int
    headers: Message
    data: bytes

    @property
    def json(self) -> Any:
        """The body as JSON."""
        return json.loads(self.data)


@dataclass(frozen=True)
class Server:
    """A server that runs, its home, and the file that its log goes to."""

    port: int
    home: Path
    log: Path

    def call(
        self,
        method: str,
        path: str,
        body: bytes | None = None,
        token: str = PROTECT,
        **headers: str,
    ) -> Answer:
        """Send one request; header names with ``_`` for ``-``."""
        line = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        said = {name.replace("_", "-"): value for name, value in headers.items()}
        if token:
            said["Authorization"] = f"Bearer {token}"
        try:
            line.request(method, path, body, said)
            response = line.getresponse()
            return Answer(response.status, response.headers, response.read())
        finally:
            line.close()


def started(home: Path, *options: object) -> tuple[subprocess.Popen[bytes], Server]:
    """Start a server on a free port and wait for its address."""
    tokens = home / "tokens"
    tokens.write_text(f"{CHECK} check\n{PROTECT} protect,check\n")
    tokens.chmod(0o600)
    log = home / "log"
    command = [sys.executable, "-m", "ocguard", "--home", home, "serve", "--port", 0]
    with log.open("wb") as file:
        process = subprocess.Popen(
            [str(one) for one in (*command, "--token-file", tokens, *options)],
            stdout=subprocess.PIPE,
            stderr=file,
            env={**os.environ, "OPENBLAS_NUM_THREADS": "1"},
        )
    assert process.stdout is not None
    first = process.stdout.readline().decode()
    assert first.startswith("http://127.0.0.1:"), log.read_text()
    return process, Server(int(first.rpartition(":")[2]), home, log)


def process_ids(process: subprocess.Popen[bytes]) -> list[str]:
    """Return the numbers of a server and its workers (Linux)."""
    children = Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text()
    return [str(process.pid), *children.split()]


def memory_bytes(process: subprocess.Popen[bytes]) -> int:
    """Return what a server and its workers have in use (Linux): what they share counts once."""
    lines = [
        line
        for one in process_ids(process)
        for line in Path(f"/proc/{one}/smaps_rollup").read_text().splitlines()
    ]
    return sum(int(line.split()[1]) << 10 for line in lines if line.startswith("Pss:"))
