"""The GitHub action and the pre-commit hooks verify what they say."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest
from PIL import Image

import ocguard

REPOSITORY = Path(__file__).parents[1]
ACTION = (REPOSITORY / "action.yml").read_text(encoding="utf-8")
HOOKS = (REPOSITORY / ".pre-commit-hooks.yaml").read_text(encoding="utf-8")
PAGE = (REPOSITORY / "docs" / "reference" / "pipelines.md").read_text(encoding="utf-8")

needs_bash = pytest.mark.skipif(not shutil.which("bash"), reason="the action runs in bash")


@pytest.fixture
def art(tmp_path, drawings, monkeypatch) -> Path:
    """Two folders: ``marked`` with a protected picture, ``unmarked`` with its original."""
    monkeypatch.setenv("OCGUARD_HOME", str(tmp_path / "home"))
    (tmp_path / "unmarked").mkdir()
    Image.fromarray(drawings.painterly(400, 400, 3)).save(tmp_path / "unmarked" / "art.png")
    (done,) = ocguard.protect([tmp_path / "unmarked"], out=tmp_path / "marked", creator="Aki")
    assert done.status == "protected"
    return tmp_path


def verified(art: Path, paths: str) -> int:
    """Run the action's last step as a runner does, and return its exit code."""
    programs = art / "runner" / "ocguard" / "bin"
    programs.mkdir(parents=True)
    (programs / "ocguard").write_text(f'#!/bin/sh\nexec "{sys.executable}" -m ocguard "$@"\n')
    (programs / "ocguard").chmod(0o755)
    script = textwrap.dedent(ACTION.rpartition("run: |\n")[2])
    home = shutil.copytree(art / "home", art / "home of the runner")
    environment = {
        **os.environ,
        "RUNNER_TEMP": str(art / "runner"),
        "OCGUARD_HOME": str(home),
        "OCGUARD_KEY": "",
        "OCGUARD_WORKS": "",
        "OCGUARD_VERIFY": "marks",
        "OCGUARD_PATHS": paths,
    }
    done = subprocess.run(
        ["bash", "-e", "-o", "pipefail", "-c", script], cwd=art, env=environment, check=False
    )
    return done.returncode


@needs_bash
@pytest.mark.parametrize(
    ("paths", "exit_code"),
    [("marked", 0), ("marked unmarked", 1), ("marked\nunmarked\n", 1)],
    ids=["marked", "one line", "two lines"],
)
def test_the_action_verifies_every_path(art, paths, exit_code) -> None:
    """Paths stand on one line or on several; a picture without the mark in any of them fails."""
    assert verified(art, paths) == exit_code


def test_the_hooks_are_documented() -> None:
    """The page lists every hook that is offered, and no page shows another one."""
    offered = set(re.findall(r"^- id: (\S+)", HOOKS, re.MULTILINE))
    assert set(re.findall(r"^\| `(ocguard-\w+)` \|", PAGE, re.MULTILINE)) == offered
    pages = (path.read_text(encoding="utf-8") for path in (REPOSITORY / "docs").rglob("*.md"))
    shown = {name for page in pages for name in re.findall(r"- id: (\S+)", page)}
    assert shown <= offered


def test_the_inputs_of_the_action_are_documented() -> None:
    """The page lists each input that the action takes, in its order, and no other."""
    taken = ACTION.partition("inputs:\n")[2].partition("\nruns:")[0]
    assert re.findall(r"^  (\w+):", taken, re.MULTILINE) == re.findall(
        r"^\| `(\w+)` \|", PAGE, re.MULTILINE
    )
