"""The command blocks of the documentation: what a page asks its reader to type, what is printed.

A fence of ``sh`` holds commands. ``<!-- prints -->`` above a fence says that the last command
before it prints this. ``<!-- not run: REASON -->`` above an ``sh`` fence leaves it out;
``<!-- ci: NAME -->`` marks one that ``.ci/run`` runs.
"""

from __future__ import annotations

import re
import shlex
from dataclasses import dataclass, replace
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]

_FENCE = re.compile(
    r"(?:^[ ]*<!-- (?P<remark>[^\n]+?) -->\n)?"
    r"^(?P<indent>[ ]*)```(?P<language>[^\n`]*)\n(?P<text>.*?)^(?P=indent)```$",
    re.MULTILINE | re.DOTALL,
)
_COMMENT = re.compile(r"(?:^|\s+)#.*")
_COMMENTED = {"python", "sh", "toml", "yaml"}
_TRANSLATED = re.compile(r"docs/(?:[a-z]{2}/.*|README\.[a-z]{2}\.md)")
_NEEDS_A_SHELL = re.compile(r"[|&;$*(){}`\\]|>>|^(?!ocguard(?: |$))")


@dataclass(frozen=True)
class Block:
    """One fence of commands.

    Attributes
    ----------
    page : Path
        The file that holds it.
    line : int
        Where it begins, from 1.
    commands : tuple of str
        What the reader types, line by line, without comments on lines of their own.
    remark : str
        The comment above the fence; empty where there is none.
    prints : str or None
        What the page says that the last command prints; None where it does not say.
    """

    page: Path
    line: int
    commands: tuple[str, ...]
    remark: str
    prints: str | None = None

    @property
    def place(self) -> str:
        """Page and line, for messages."""
        return f"{self.page.relative_to(ROOT)}:{self.line}"

    @property
    def is_run(self) -> bool:
        """Whether a reader on any computer can type it."""
        return not self.remark.startswith(("not run: ", "ci: "))

    @property
    def needs_a_shell(self) -> bool:
        """Whether it holds more than plain calls of ``ocguard``."""
        return any(_NEEDS_A_SHELL.search(_unquoted(command)) for command in self.commands)


@dataclass(frozen=True)
class Call:
    """One plain call of ``ocguard``.

    Attributes
    ----------
    arguments : list of str
        What stands behind the program's name.
    source, target : str or None
        The files that ``<`` and ``>`` name.
    """

    arguments: list[str]
    source: str | None = None
    target: str | None = None


def call_of(command: str) -> Call:
    """Read a plain call of ``ocguard`` as a shell does."""
    words = shlex.split(command, comments=True)[1:]
    files: dict[str, str] = {}
    while len(words) > 1 and words[-2] in {"<", ">"}:
        *words, sign, files[sign] = words
    return Call(words, files.get("<"), files.get(">"))


def pages() -> list[Path]:
    """List the README and every page of the documentation, as they are written in English."""
    english = [path for path in _written() if not _is_translated(path)]
    return [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *english]


def translations() -> list[Path]:
    """List the pages in other languages: ``docs/LANGUAGE`` and ``docs/README.LANGUAGE.md``."""
    return [path for path in _written() if _is_translated(path)]


def _written() -> list[Path]:
    """List every page below ``docs`` that somebody wrote."""
    folder = ROOT / "docs"
    built = folder / "_build"
    return sorted(path for path in folder.rglob("*.md") if built not in path.parents)


def _is_translated(page: Path) -> bool:
    """Tell whether a page says in another language what an English one says."""
    return _TRANSLATED.fullmatch(page.relative_to(ROOT).as_posix()) is not None


def languages(page: Path) -> set[str]:
    """Name the languages of the fences of a page."""
    return {fence["language"] for fence in _FENCE.finditer(page.read_text(encoding="utf-8"))}


def code(page: Path) -> list[tuple[str, str, list[str]]]:
    """Read every fence but directives: its remark, its language, its lines without comments."""
    found = []
    for fence in _FENCE.finditer(page.read_text(encoding="utf-8")):
        lines = fence["text"].splitlines()
        if fence["language"] in _COMMENTED:
            lines = [bare for line in lines if (bare := _COMMENT.sub("", line)).strip()]
        if not fence["language"].startswith("{"):
            found.append((fence["remark"] or "", fence["language"], lines))
    return found


def prose(page: Path) -> str:
    """Read a page without its fences."""
    return _FENCE.sub("", page.read_text(encoding="utf-8"))


def blocks(page: Path) -> list[Block]:
    """Read the command blocks of a page."""
    text = page.read_text(encoding="utf-8")
    found: list[Block] = []
    for fence in _FENCE.finditer(text):
        width = len(fence["indent"])
        lines = [line[width:] for line in fence["text"].splitlines()]
        if fence["language"] == "sh":
            line = text.count("\n", 0, fence.start("language")) + 1
            commands = tuple(one for one in lines if one.strip() and not one.startswith("#"))
            found.append(Block(page, line, commands, fence["remark"] or ""))
        elif fence["remark"] == "prints":
            found[-1] = replace(found[-1], prints="\n".join(lines))
    return found


def _unquoted(command: str) -> str:
    """Leave out comments and what stands in quotes: no shell is needed for it."""
    return re.sub(r"""\s#.*|"[^"$`]*"|'[^']*'""", "", command)
