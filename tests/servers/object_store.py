"""A real object store on loopback that speaks S3 over HTTP, for the tests: moto's server."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import uuid4

__all__ = ["ACCESS", "SECRET", "Bucket", "running_store"]

ACCESS, SECRET = "AKIATESTSOFOCGUARD", "a-secret-that-nobody-may-print"
STARTED_SECONDS = 120
"""How long a busy machine may take."""


@dataclass(frozen=True)
class Bucket:
    """A bucket, and a client of its own, so that tests look at it past ocguard.

    Attributes
    ----------
    url : str
        Its address.
    client : S3FileSystem
        Who reads and writes it.
    """

    url: str
    client: Any

    @classmethod
    def made(cls) -> Bucket:
        """Make one in the store of the environment."""
        from s3fs import S3FileSystem

        client = S3FileSystem(skip_instance_cache=True, use_listings_cache=False)
        name = f"bucket-{uuid4().hex}"
        client.mkdir(name)
        return cls(f"s3://{name}", client)

    def put(self, key: str, data: bytes) -> str:
        """Write an object; gives its address."""
        self.client.pipe_file(f"{self.url}/{key}", data)
        return f"{self.url}/{key}"

    def put_tree(self, folder: Path, key: str) -> str:
        """Write every file below a folder; gives the address of them all."""
        for path in folder.rglob("*"):
            if path.is_file():
                self.put(f"{key}/{path.relative_to(folder).as_posix()}", path.read_bytes())
        return f"{self.url}/{key}"

    def tree(self, key: str) -> dict[str, bytes]:
        """Read every object whose key begins like that folder."""
        start = f"{self.url}/{key}/".removeprefix("s3://")
        found = self.client.find(start)
        return {one.removeprefix(start): self.client.cat_file(one) for one in found}


@contextmanager
def running_store() -> Iterator[dict[str, str]]:
    """Start a store; gives the environment in which clients find it and may use it."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    process = subprocess.Popen(
        [sys.executable, "-m", "moto.server", "-H", "127.0.0.1", "-p", str(port)],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        _wait(port)
        yield {
            **os.environ,
            "AWS_ENDPOINT_URL": f"http://127.0.0.1:{port}",
            "AWS_ACCESS_KEY_ID": ACCESS,
            "AWS_SECRET_ACCESS_KEY": SECRET,
            "AWS_DEFAULT_REGION": "us-east-1",
            "AWS_CONFIG_FILE": os.devnull,
            "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
            "AWS_MAX_ATTEMPTS": "1",
        }
    finally:
        process.kill()
        process.wait()


def _wait(port: int) -> None:
    limit = time.monotonic() + STARTED_SECONDS
    while time.monotonic() < limit:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            time.sleep(0.05)
        else:
            return
    raise TimeoutError(f"the object store does not answer on port {port}")
