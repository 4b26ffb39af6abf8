"""The house stands: imports point down, no room is a junk drawer, everything stays small."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

import ocguard

SOURCE = Path(ocguard.__file__).parent

LAYERS = (
    ("__main__",),
    ("cli",),
    ("config",),
    ("workflows",),
    ("portfolio",),
    ("matching",),
    ("provenance",),
    ("platforms",),
    ("watermark",),
    ("fingerprint",),
    ("distortions",),
    ("imaging",),
    ("metadata",),
    ("home",),
    ("creator", "keys"),
    ("wording",),
    ("atomic", "choices", "toml"),
    ("errors",),
)
"""Rooms from the top down; rooms of one line do not know each other."""

LEVELS = {room: level for level, rooms in enumerate(LAYERS) for room in rooms}
PUBLIC_FACE = "__init__"
PURE = ("watermark", "fingerprint", "matching")
MODULES = sorted(SOURCE.rglob("*.py"))
JUNK = {"utils", "util", "helpers", "helper", "common", "core", "base", "misc", "tools"}


def room_of(path: Path) -> str:
    """Name the room of a module."""
    return path.relative_to(SOURCE).parts[0].removesuffix(".py")


def imported(tree: ast.AST) -> Iterator[str]:
    """Name every module that is imported anywhere in a tree, also inside functions."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, "relative import"
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def rooms_used(path: Path) -> set[str]:
    """Name the rooms that a module imports from."""
    names = (name.split(".") for name in imported(ast.parse(path.read_text(encoding="utf-8"))))
    return {parts[1] for parts in names if parts[0] == "ocguard" and len(parts) > 1}


def test_every_room_has_its_place() -> None:
    """A new room is put on the list on purpose."""
    assert {room_of(path) for path in MODULES} - {PUBLIC_FACE} == LEVELS.keys()


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(SOURCE)))
def test_imports_point_down(path: Path) -> None:
    """A room knows itself and the rooms below it."""
    room = room_of(path)
    if room == PUBLIC_FACE:
        return
    used = rooms_used(path) & LEVELS.keys()
    upward = {name for name in used - {room} if LEVELS[name] <= LEVELS[room]}
    assert not upward


@pytest.mark.parametrize("room", PURE)
def test_pure_rooms_touch_no_files_processes_or_clocks(room: str) -> None:
    """Arrays and bytes in, values out."""
    forbidden = {"sqlite3", "subprocess", "multiprocessing", "time", "datetime", "socket", "click"}
    for path in (SOURCE / room).rglob("*.py"):
        names = imported(ast.parse(path.read_text(encoding="utf-8")))
        assert not {name.split(".")[0] for name in names} & forbidden, path


def test_nothing_ever_goes_to_the_network() -> None:
    """Offline is a promise."""
    forbidden = {"socket", "ssl", "http", "urllib", "requests", "ftplib", "smtplib", "asyncio"}
    for path in MODULES:
        names = imported(ast.parse(path.read_text(encoding="utf-8")))
        assert not {name.split(".")[0] for name in names} & forbidden, path


def test_no_room_is_a_junk_drawer() -> None:
    """A shared function belongs to the module that owns its noun."""
    assert not {path.stem for path in MODULES} & JUNK


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(SOURCE)))
def test_files_and_functions_stay_small(path: Path) -> None:
    """At most 400 lines a file, and 40 a function without its docstring and signature."""
    text = path.read_text(encoding="utf-8")
    assert len(text.splitlines()) <= 400
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.FunctionDef):
            body = node.body[1:] if ast.get_docstring(node) else node.body
            lines = node.end_lineno - body[0].lineno + 1 if body and node.end_lineno else 0
            assert lines <= 40, node.name


def test_every_module_says_its_job() -> None:
    """The first line of each file."""
    silent = [
        path
        for path in MODULES
        if not ast.get_docstring(ast.parse(path.read_text(encoding="utf-8")))
    ]
    assert not silent


def test_input_is_never_checked_by_assert() -> None:
    """``python -O`` would let it pass."""
    asserting = [
        path
        for path in MODULES
        if any(
            isinstance(node, ast.Assert) for node in ast.walk(ast.parse(path.read_text("utf-8")))
        )
    ]
    assert not asserting
