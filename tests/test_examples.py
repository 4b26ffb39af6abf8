"""Every example runs, stays short, and does what it says."""

from __future__ import annotations

import importlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

import cv2
import numpy as np
import pytest
from PIL import Image

from ocguard.creator import Profile
from ocguard.home import Home

EXAMPLES = Path(__file__).resolve().parents[1] / "examples"
SCRIPTS = sorted(path for path in EXAMPLES.iterdir() if path.suffix in {".py", ".sh"})
MAX_LINES = 30
ART_BYTES = 4_000_000
REDRAWN_TOLERANCE = 1.0  # mean grey levels between versions of OpenCV, NumPy and Pillow


def run(
    folder: Path, script: str, *arguments: str, **variables: str
) -> subprocess.CompletedProcess[str]:
    """Run an example in a folder of its own, as a person does."""
    interpreter = [sys.executable] if script.endswith(".py") else ["sh"]
    environment = {
        **os.environ,
        "OCGUARD_HOME": str(folder / "home"),
        "PATH": f"{folder / 'bin'}{os.pathsep}{os.environ['PATH']}",
        "PYTHONIOENCODING": "utf-8",
        **variables,
    }
    return subprocess.run(
        [*interpreter, str(EXAMPLES / script), *arguments],
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )


def put_on_path(folder: Path) -> None:
    """Give the shell of :func:`run` an ``ocguard`` that is this one."""
    (folder / "bin").mkdir(exist_ok=True)
    command = folder / "bin" / "ocguard"
    command.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m ocguard "$@"\n', encoding="utf-8")
    command.chmod(0o755)


@pytest.fixture(scope="module")
def studio(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder in which one picture has been protected by the example, with a stolen part."""
    folder = tmp_path_factory.mktemp("studio")
    (folder / "art").mkdir()
    shutil.copy(EXAMPLES / "art" / "oak_ranger.png", folder / "art")
    done = run(folder, "protect_folder.py", "art")
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("protected")
    (folder / "submissions").mkdir()
    with Image.open(folder / "protected" / "oak_ranger.png") as picture:
        width, height = picture.size
        part = picture.crop((width // 8, height // 8, width, height * 7 // 8))
        part.save(folder / "submissions" / "stolen.jpg", quality=60)
    return folder


def test_examples_are_short() -> None:
    """A script of at most 30 lines can be read in a minute."""
    lengths = {path.name: len(path.read_text(encoding="utf-8").splitlines()) for path in SCRIPTS}
    assert {name: lines for name, lines in lengths.items() if lines > MAX_LINES} == {}


def test_the_first_steps_recognize_the_copy(tmp_path: Path) -> None:
    """The README's first command leaves pictures to look at and ends with the right verdict."""
    done = run(tmp_path, "first_steps.py", TMPDIR=str(tmp_path), TEMP=str(tmp_path))
    assert done.returncode == 0, done.stdout + done.stderr
    assert "near-copy" in done.stdout
    assert "lantern_keeper" in done.stdout
    assert "--creator 'Aki Example'" in done.stdout
    assert "secret key" not in done.stderr  # it is gone when the reader could look for it
    (folder,) = tmp_path.glob("first-steps-*")
    assert str(folder / "side_by_side.jpg") in done.stdout
    assert {"protected", "side_by_side.jpg", "stolen.jpg"} == {
        path.name for path in folder.iterdir()
    }


def test_a_suspect_is_judged_with_evidence(studio: Path) -> None:
    """The check example names the verdict, the work and the mark."""
    done = run(studio, "check_suspect.py", "submissions/stolen.jpg")
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("near-copy")
    assert "oak_ranger.png" in done.stdout
    assert "carries mark" in done.stdout


def test_an_example_without_its_argument_says_which(studio: Path) -> None:
    """No traceback."""
    done = run(studio, "check_suspect.py")
    assert done.returncode == 1
    assert done.stderr.strip().endswith("python check_suspect.py SUSPECT.")


def test_a_leak_is_traced_to_its_recipient(tmp_path: Path) -> None:
    """Of three copies, the mirrored and smaller one is the magazine's."""
    done = run(tmp_path, "trace_leak.py")
    assert done.returncode == 0, done.stderr
    assert done.stdout.rstrip().endswith("found, Magazine")


@pytest.mark.parametrize("name", ["before_after", "close_up", "invisible_mark", "layouts"])
def test_a_picture_of_the_pages_is_made(name: str, tmp_path: Path) -> None:
    """The pictures that README and docs show can be made again."""
    done = run(tmp_path, f"{name}.py")
    assert done.returncode == 0, done.stderr
    with (
        Image.open(tmp_path / f"{name}.jpg") as sheet,
        Image.open(EXAMPLES / f"{name}.jpg") as shown,
    ):
        assert sheet.size == shown.size


@pytest.mark.skipif(not shutil.which("sh"), reason="needs a POSIX shell")
def test_the_pipeline_lets_marked_pictures_pass_and_stops_copies(studio: Path) -> None:
    """Exit codes: 0 when all carry the mark and nothing copies, 1 otherwise."""
    put_on_path(studio)
    (studio / "clean").mkdir(exist_ok=True)
    shutil.copy(EXAMPLES / "art" / "hill_at_dusk.jpg", studio / "clean")
    passed = run(studio, "verify_pipeline.sh", "protected", "clean")
    assert passed.returncode == 0, passed.stdout + passed.stderr
    assert "no submission copies" in passed.stdout
    stopped = run(studio, "verify_pipeline.sh", "protected", "submissions")
    assert stopped.returncode == 1, stopped.stdout + stopped.stderr
    assert run(studio, "verify_pipeline.sh", "clean", "clean").returncode == 1


@pytest.mark.skipif(not shutil.which("sh"), reason="needs a POSIX shell")
def test_the_pipeline_tells_apart_why_it_could_not_verify(tmp_path: Path) -> None:
    """Wrong usage, unreadable pictures and a missing key are mended by different people."""
    put_on_path(tmp_path)
    (tmp_path / "broken").mkdir()
    (tmp_path / "broken" / "a.png").write_bytes(b"broken")
    keyless = run(tmp_path, "verify_pipeline.sh", "broken", "broken")
    assert (keyless.returncode, "key import" in keyless.stderr) == (4, True)
    Home(tmp_path / "home").create(Profile("Mo"))
    assert run(tmp_path, "verify_pipeline.sh", "broken", "broken").returncode == 3
    (tmp_path / "ocguard.toml").write_text("nonsense = 1", encoding="utf-8")
    assert run(tmp_path, "verify_pipeline.sh", "broken", "broken").returncode == 2


def test_the_art_is_compact_and_of_every_kind() -> None:
    """Five pictures of under 4 MB: color, transparent, grey, line art, painted."""
    art = sorted((EXAMPLES / "art").iterdir())
    assert sum(path.stat().st_size for path in art) < ART_BYTES
    modes = {}
    for path in art:
        with Image.open(path) as picture:
            modes[path.stem] = picture.mode
            assert 1100 <= max(picture.size) <= 1600
    assert modes == {
        "hill_at_dusk": "RGB",
        "lantern_keeper": "RGB",
        "moon_cat": "RGBA",
        "oak_ranger": "L",
        "storm_swordsman": "L",
    }


@pytest.mark.parametrize("name", ["moon_cat", "storm_swordsman"])
def test_the_art_comes_from_its_code(name: str, tmp_path: Path) -> None:
    """Drawing a character again gives the committed picture."""
    importlib.import_module("draw_characters").main([name], tmp_path)
    drawn, committed = (
        cv2.imread(str(folder / f"{name}.png"), cv2.IMREAD_UNCHANGED)
        for folder in (tmp_path, EXAMPLES / "art")
    )
    assert drawn.shape == committed.shape
    assert np.abs(drawn.astype(int) - committed).mean() < REDRAWN_TOLERANCE
