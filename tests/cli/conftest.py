"""Run the program as a person would: in this process, or as a process of its own."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from contextvars import copy_context
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from PIL import Image

from ocguard.cli.app import app

Run = Callable[..., Result]


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Run ``ocguard`` in this process, in an empty folder; output, errors, exit code."""
    folder = tmp_path / "here"
    folder.mkdir()
    monkeypatch.chdir(folder)

    monkeypatch.setenv("LANGUAGE", "en")  # a language that is chosen is forgotten afterwards

    def invoke(*arguments: object, stdin: bytes | str | None = None) -> Result:
        words = [str(one) for one in arguments]
        return copy_context().run(CliRunner().invoke, app, words, input=stdin)

    return invoke


@pytest.fixture
def spawn(tmp_path: Path) -> Callable[..., subprocess.CompletedProcess[bytes]]:
    """Run ``python -m ocguard`` as a process."""

    def start(*arguments: object, **more: Any) -> subprocess.CompletedProcess[bytes]:
        command = [sys.executable, "-m", "ocguard", *(str(one) for one in arguments)]
        environment = {**os.environ, **more.pop("env", {})}
        return subprocess.run(
            command, capture_output=True, timeout=120, check=False, env=environment, **more
        )

    return start


def lines(result: Result) -> list[dict[str, Any]]:
    """Read standard output as one JSON object a line, and nothing else."""
    return [json.loads(line) for line in result.stdout.splitlines()]


@pytest.fixture
def records() -> Callable[[Result], list[dict[str, Any]]]:
    """Give the reader of JSON output."""
    return lines


@pytest.fixture
def art(tmp_path, drawings) -> Path:
    """Draw a folder with two pictures, one of them in a subfolder."""
    (tmp_path / "art" / "sub").mkdir(parents=True)
    Image.fromarray(drawings.painterly(1400, 900, 1)).save(tmp_path / "art" / "a.png")
    Image.fromarray(drawings.cel(500, 420, 2)).save(tmp_path / "art" / "sub" / "b.jpg")
    return tmp_path / "art"
