"""What the tests of provenance share: an opt-out, and an independent reader."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from ocguard.provenance.optout import OptOut


@pytest.fixture(scope="session")
def optout() -> OptOut:
    """Return an opt-out with every value set."""
    return OptOut(
        creator="Mira Vale",
        notice="© 2026 Mira Vale",
        contact="mira@example.org",
        terms_url="https://mira.example/terms",
        usage_terms="Ask first.",
        constraints="No AI training.",
        digital_source="digitalCreation",
    )


@pytest.fixture(scope="session")
def exiftool() -> Callable[[Path], dict[str, Any]]:
    """Read a file with ExifTool, an independent reader; skip where it is not installed."""
    program = shutil.which("exiftool")
    if program is None:
        pytest.skip("exiftool is not installed (Debian: apt install libimage-exiftool-perl)")

    def read(path: Path) -> dict[str, Any]:
        command = [program, "-json", "-G1", "-struct", "-a", "-charset", "utf8", str(path)]
        result = subprocess.run(command, capture_output=True, check=True)
        (record,) = json.loads(result.stdout)
        return dict(record)

    return read
