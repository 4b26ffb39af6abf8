"""The recipes for contributors are true: their paths exist, and what they add works."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import ocguard
from page_blocks import ROOT

TEXT = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
NAMED = sorted(set(re.findall(r"`((?:src|tests|docs|examples|\.ci)/[\w./-]*|\w+\.md)`", TEXT)))
RECIPES = re.findall(r"^`(src/[\w./-]+)`:\n\n```(\w+)\n(.*?)^```$", TEXT, re.MULTILINE | re.DOTALL)
NEW_FILES = {path for path, language, _ in RECIPES if language != "diff"}


@pytest.fixture(scope="module")
def changed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the package to which every recipe has been applied."""
    folder = tmp_path_factory.mktemp("changed")
    ignored = shutil.ignore_patterns("__pycache__")
    shutil.copytree(Path(ocguard.__file__).parent, folder / "src" / "ocguard", ignore=ignored)
    for path, language, text in RECIPES:
        target = folder / path
        if language == "diff":
            target.write_text(patched(target.read_text(encoding="utf-8"), text), encoding="utf-8")
        else:
            assert not target.exists(), f"{path} exists already: take another example"
            target.write_text(text, encoding="utf-8")
    return folder


def patched(text: str, difference: str) -> str:
    """Apply changes that stand in a diff without line numbers, an empty line between them."""
    for hunk in difference.strip("\n").split("\n\n"):
        lines = hunk.splitlines(keepends=True)
        old = "".join(line[1:] for line in lines if line[0] in " -").rstrip("\n")
        new = "".join(line[1:] for line in lines if line[0] in " +").rstrip("\n")
        assert text.count(old) == 1, f"not exactly once: {old}"
        text = text.replace(old, new)
    return text


def run(folder: Path, *arguments: str) -> str:
    """Run Python with the changed package, and return what it printed."""
    environment = {
        **os.environ,
        "PYTHONPATH": str(folder / "src"),
        "OCGUARD_HOME": str(folder / "home"),
    }
    done = subprocess.run(
        [sys.executable, *arguments],
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.mark.parametrize("path", [path for path in NAMED if path not in NEW_FILES])
def test_every_file_that_is_named_exists(path: str) -> None:
    """A contributor finds each file where the page says."""
    assert (ROOT / path).exists()


def test_every_recipe_is_read() -> None:
    """A platform, a distortion, a codec, an explanation and a command are done below."""
    assert {Path(path).stem for path, _, _ in RECIPES} >= {
        "mysite",
        "tone",
        "qoi",
        "explanations",
        "formats",
    }


def test_a_file_makes_a_platform(changed: Path) -> None:
    """It is listed, and shown as it was written."""
    assert 'title = "My site, picture of a post"' in run(
        changed, "-m", "ocguard", "platforms", "mysite"
    )


def test_a_line_makes_a_distortion(changed: Path) -> None:
    """It is on the standard list, and does what its function says."""
    printed = run(
        changed,
        "-c",
        "import numpy as np; from ocguard.distortions import apply, names\n"
        "print('fade-60' in names('tone'))\n"
        "print(apply('fade-60', np.zeros((2, 2, 3), np.uint8), 0).max())",
    )
    assert printed.split() == ["True", "102"]


def test_a_module_makes_a_codec(changed: Path) -> None:
    """The format is told by its first bytes and decoded."""
    printed = run(
        changed,
        "-c",
        "from ocguard.imaging.formats import decode; "
        "head = b'qoif' + bytes([0, 0, 0, 2, 0, 0, 0, 1, 3, 0]); "
        "pixels = bytes([254, 1, 2, 3]) * 2 + bytes(7) + bytes([1]); "
        "print(decode(head + pixels).carried.file_format)",
    )
    assert printed.strip() == "QOI"


def test_an_entry_makes_an_explanation(changed: Path) -> None:
    """Its rule is asked; it has a name, and its reason a sentence."""
    printed = run(
        changed,
        "-c",
        "from types import SimpleNamespace as Measures\n"
        "from ocguard.matching.decision.bounds import load_bounds\n"
        "from ocguard.matching.decision.explanations import EXPLANATIONS\n"
        "from ocguard.matching.decision.rule import holds\n"
        "from ocguard.wording import RULES, reason_text\n"
        "(plain,) = (one for one in EXPLANATIONS if one.name == 'plain')\n"
        "for share in (0.99, 0.5):\n"
        "    measures = Measures(one_color_share=share, opposed_share=0.1)\n"
        "    print(holds(plain.rule, measures, load_bounds()))\n"
        "print(reason_text('plain', {}))\n"
        "print(RULES['plain'])\n",
    )
    assert printed.splitlines()[:2] == ["True", "False"]
    assert "is plain paper" in printed
    assert "Only plain paper" in printed


def test_a_module_makes_a_command(changed: Path) -> None:
    """It is listed with its help, and runs."""
    assert "List the file formats that are read." in run(changed, "-m", "ocguard", "--help")
    assert "QOI    .qoi" in run(changed, "-m", "ocguard", "formats").splitlines()
