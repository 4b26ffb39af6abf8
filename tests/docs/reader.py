"""A reader at the terminal: a folder with pictures, a home, and the commands of a page typed in."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from click.testing import CliRunner, Result
from PIL import Image

from ocguard.cli.app import app
from page_blocks import ROOT, Block, call_of

ART = ROOT / "examples" / "art"
STRANGER = Path("docs", "tutorial", "pictures", "stranger.jpg")
REPAINTS = Path("docs", "how-to", "repaints")
SIDE_PX = 480  # of the pictures that the commands work on: small, so that a page takes seconds
FINDING = 1
PAGE_HOME = "/home/mira/.local/share/ocguard"
PAGE_FOLDER = "/home/mira/ocguard-main"
"""Where the pages say that the home and the reader's folder lie."""

ONE_JOB = "[protect]\njobs = 1\n[check]\njobs = 1\n[detect]\njobs = 1\n[simulate]\njobs = 1\n"
_SHIM = """#!/bin/sh
"{python}" -m ocguard "$@"
code=$?
if [ $code -gt {finding} ]; then echo "exit code $code: ocguard $*" >>"{failures}"; fi
exit $code
"""


@dataclass(frozen=True)
class Reader:
    """Somebody who does what a page says.

    Attributes
    ----------
    folder : Path
        The folder that the terminal stands in.
    home : Path
        The home folder of ocguard.
    """

    folder: Path
    home: Path

    def do(self, block: Block) -> list[str]:
        """Type a block in, and return what went wrong: exit codes, and output that is not so."""
        if block.needs_a_shell:
            return self._run_script("\n".join(block.commands))
        output = ""
        for command in block.commands:
            done = self._call(command)
            if done.exit_code > FINDING:
                return [f"exit code {done.exit_code}: {command}\n{done.output}"]
            output = done.output
        if block.prints is None or self.says(block.prints, output):
            return []
        return [f"{block.commands[-1]}\nprints:\n{output}\nnot:\n{block.prints}"]

    def _call(self, command: str) -> Result:
        """Run one call of ``ocguard`` in this process."""
        call = call_of(command)
        given = (self.folder / call.source).read_bytes() if call.source else None
        done = CliRunner().invoke(app, call.arguments, input=given)
        if call.target:
            (self.folder / call.target).write_bytes(done.stdout_bytes)
        return done

    def says(self, written: str, printed: str) -> bool:
        """Tell whether a page shows what was printed, but for numbers, ids and line breaks."""
        shown = _bare(written, PAGE_HOME, PAGE_FOLDER).split("(...)")
        pattern = ".*".join(re.escape(part) for part in shown)
        return re.fullmatch(pattern, _bare(printed, str(self.home), str(self.folder))) is not None

    def _run_script(self, script: str) -> list[str]:
        """Run commands in a shell in which ``ocguard`` is this one."""
        programs, failures = self.home.parent / "bin", self.home.parent / "failures"
        programs.mkdir(exist_ok=True)
        shim = _SHIM.format(python=sys.executable, finding=FINDING, failures=failures)
        (programs / "ocguard").write_text(shim, encoding="utf-8")
        (programs / "ocguard").chmod(0o755)
        environment = {**os.environ, "PATH": f"{programs}{os.pathsep}{os.environ['PATH']}"}
        done = subprocess.run(
            ["sh", "-uc", script],
            cwd=self.folder,
            env=environment,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
        problems = failures.read_text("utf-8").splitlines() if failures.exists() else []
        if done.returncode > FINDING or "not found" in done.stderr:
            problems.append(f"exit code {done.returncode}: {script}")
        return [f"{problem}\n{done.stdout}{done.stderr}" for problem in problems]


def _bare(text: str, home: str, folder: str) -> str:
    """Reduce output to what is the same on every machine: no spaces, numbers, ids, folders."""
    text = re.sub(r"^\.\.\.$", "(...)", text, flags=re.MULTILINE)
    text = re.sub(r"\b(?:[0-9a-f]{16}|[0-9a-f]{4}(?:-[0-9a-f]{4}){7})\b", "ID", text)
    text = re.sub(r"\bversion \S+", "version N", text)
    text = re.sub(r"\s", "", text)
    for path, name in ((home, "HOME"), (folder, "HERE")):
        text = text.replace(re.sub(r"\s", "", path), name)
    return re.sub(r"\d+(?:\.\d+)?", "N", text.replace("\\", "/"))


def newcomer(place: Path) -> Reader:
    """Somebody who has unpacked the project and done nothing else."""
    reader = Reader(place / "here", place / "home")
    (reader.folder / "examples" / "art").mkdir(parents=True)
    (place / "ocguard.toml").write_text(ONE_JOB, encoding="utf-8")
    for path in sorted(ART.iterdir()):
        _shrunk(path, reader.folder / "examples" / "art" / path.name)
    (reader.folder / STRANGER.parent).mkdir(parents=True)
    shutil.copy(ROOT / STRANGER, reader.folder / STRANGER)
    return reader


def artist(place: Path) -> Reader:
    """Somebody who has a work in ``art``, has published it, and found pictures on the web."""
    reader = Reader(place / "here", place / "home")
    (reader.folder / "art").mkdir(parents=True)
    for name in ("suspects", "from-the-site"):
        (reader.folder / name).mkdir()
    (place / "ocguard.toml").write_text(ONE_JOB, encoding="utf-8")
    _shrunk(ART / "oak_ranger.png", reader.folder / "art" / "oak_ranger.png")
    _found(reader, place / "published")
    return reader


def onlooker(place: Path) -> Reader:
    """Somebody who has unpacked the project and looks at its repaints, at the size they have."""
    reader = Reader(place / "here", place / "home")
    (place / "ocguard.toml").write_text(ONE_JOB, encoding="utf-8")
    for folder in (ART.relative_to(ROOT), REPAINTS):
        shutil.copytree(ROOT / folder, reader.folder / folder)
    return reader


def _found(reader: Reader, published: Path) -> None:
    """Protect the work, and leave what somebody made of them in the reader's folder."""
    options = ["--out", str(published), "--creator", "Mira", "-j", "1"]
    done = CliRunner().invoke(
        app, ["--home", str(reader.home), "protect", str(reader.folder / "art"), *options]
    )
    assert done.exit_code == 0, done.output
    with Image.open(published / "oak_ranger.png") as picture:
        width, height = picture.size
        part = picture.convert("RGB").crop((0, 0, width, height * 3 // 4))
        part.save(reader.folder / "suspect.jpg", quality=70)
        part.save(reader.folder / "suspects" / "copy.jpg", quality=50)
        part.resize((90, 90)).save(reader.folder / "logo.png")
        picture.convert("RGB").save(reader.folder / "from-the-site" / "1.jpg", quality=75)
        picture.save(reader.folder / "found-on-the-web.webp", quality=80)
    _shrunk(ART / "hill_at_dusk.jpg", reader.folder / "suspects" / "stranger.jpg")


def _shrunk(source: Path, target: Path) -> None:
    """Copy a picture at a smaller size."""
    with Image.open(source) as picture:
        picture.thumbnail((SIDE_PX, SIDE_PX))
        picture.save(target)
