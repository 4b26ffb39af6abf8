"""Promises of ocguard.imaging.svg_process."""

from __future__ import annotations

import subprocess
import sys

import pytest

from ocguard.imaging import svg_process

pytest.importorskip("resvg_py")


def run(svg: bytes) -> subprocess.CompletedProcess[bytes]:
    """Draw with the program."""
    command = [sys.executable, "-P", svg_process.__file__, "32", "3"]
    return subprocess.run(command, input=svg, capture_output=True, check=False)


def test_the_program_draws_and_names_what_is_wrong() -> None:
    """A PNG on standard output, or an exit code of 1 with a reason."""
    drawn = run(b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"></svg>')
    assert (drawn.returncode, drawn.stdout[:4]) == (0, b"\x89PNG")
    wrong = run(b"<svg")
    assert (wrong.returncode, wrong.stdout) == (1, b"")
    assert wrong.stderr
