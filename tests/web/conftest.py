"""A real server on loopback, for all tests of the API."""

from __future__ import annotations

import shutil
from collections.abc import Iterator

import pytest

from serving import Server, started

MAX_PIXELS = 1_000_000


@pytest.fixture(scope="session")
def server(gallery, tmp_path_factory) -> Iterator[Server]:
    """Serve a copy of the gallery, with small limits, to all tests."""
    home = shutil.copytree(gallery.home, tmp_path_factory.mktemp("served") / "home")
    limits = ("--max-body", 2, "--max-pixels", MAX_PIXELS // 1_000_000)
    process, server = started(home, "-j", 2, *limits)
    yield server
    process.terminate()
    assert process.wait(30) == 0
    assert process.stdout is not None
    process.stdout.close()
