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
    ("web",),
    ("workflows",),
    ("report", "site"),
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
    ("certificate",),
    ("creator", "keys"),
    ("identity",),
    ("wording",),
    ("atomic", "choices", "toml"),
    ("errors",),
    ("language",),
)
"""Rooms from the top down; rooms of one line do not know each other."""

LEVELS = {room: level for level, rooms in enumerate(LAYERS) for room in rooms}
PUBLIC_FACE = "__init__"
PURE = (
    "report",
    "site",
    "provenance",
    "watermark",
    "fingerprint",
    "matching",
    "distortions",
    "imaging",
    "metadata",
)
"""Rooms whose functions take arrays and bytes and return values, but for these modules:"""

FILE_MODULES = {
    "imaging/apart.py",
    "imaging/codecs/heic.py",
    "imaging/codecs/heic_process.py",
    "imaging/files.py",
    "imaging/folders.py",
    "imaging/publishing.py",
    "imaging/remote.py",
    "imaging/svg.py",
    "matching/search/files.py",
    "watermark/visible/fonts.py",
}
"""Where pictures are read and published, a process of its own decodes HEIC and draws logos, the
index lies in files, and fonts are looked for."""

SHIPPED_DATA = {
    "fingerprint/feature_maps.py",
    "matching/decision/bounds.py",
    "matching/decision/calibration.py",
    "matching/search/vocabulary.py",
    "report/shipped.py",
    "site/crawlers.py",
    "site/gallery.py",
}
"""Modules that read a file which comes with ocguard, and no other."""

OUTSIDE = {
    *("sqlite3", "subprocess", "multiprocessing", "time", "datetime", "socket", "click"),
    *("pathlib", "os", "tempfile", "shutil", "mmap", "glob", "importlib"),
}
FILE_CALLS = {
    *("open", "np.load", "np.save", "np.savez", "np.memmap", "np.fromfile", ".tofile"),
    *("cv2.imread", "cv2.imwrite"),
}
READS_DATA = {"importlib", "np.load"}
"""What modules with shipped data may use of all this."""

MATCHING = {
    "identification": {"decision", "evidence", "alignment", "search"},
    "decision": {"evidence"},
    "evidence": {"alignment"},
    "alignment": set[str](),
    "search": set[str](),
}
"""Which rooms of matching each of them knows."""

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


def named(tree: ast.AST) -> Iterator[str]:
    """Name what code speaks of: ``open``, ``np.load``, and ``.tofile`` of whatever it is."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Name):
            yield node.id
        elif isinstance(node, ast.Attribute):
            yield f".{node.attr}"
            if isinstance(node.value, ast.Name):
                yield f"{node.value.id}.{node.attr}"


def reaching_outside(path: Path) -> set[str]:
    """Name what a module uses of files, processes and clocks."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    return {name.split(".")[0] for name in imported(tree)} & OUTSIDE | set(named(tree)) & FILE_CALLS


@pytest.mark.parametrize("room", PURE)
def test_pure_rooms_touch_no_files_processes_or_clocks(room: str) -> None:
    """Arrays and bytes in, values out, but in the modules that are named for it."""
    for path in (SOURCE / room).rglob("*.py"):
        name = path.relative_to(SOURCE).as_posix()
        if name not in FILE_MODULES:
            allowed = READS_DATA if name in SHIPPED_DATA else set()
            assert not reaching_outside(path) - allowed, name


@pytest.mark.parametrize("name", sorted(FILE_MODULES | SHIPPED_DATA))
def test_the_modules_that_touch_files_are_there(name: str) -> None:
    """An exception that nobody needs any more is taken off the list."""
    assert reaching_outside(SOURCE / name)


@pytest.mark.parametrize("room", MATCHING)
def test_the_rooms_of_matching_know_those_below_them(room: str) -> None:
    """Who is meant is decided from evidence, evidence is taken where pictures are aligned."""
    for path in (SOURCE / "matching" / room).rglob("*.py"):
        names = [one.split(".") for one in imported(ast.parse(path.read_text(encoding="utf-8")))]
        known = {parts[2] for parts in names if parts[:2] == ["ocguard", "matching"]}
        assert known <= MATCHING[room] | {room}, path
        if room == "decision":
            assert not {parts[0] for parts in names} & {"numpy", "cv2"}, path


ASKS_AN_AUTHORITY = "workflows/timestamp/authority.py"
"""The one module that sends something: a digest, to the address that the person named."""


ASKS_A_SERVER = "portfolio/postgres/database.py"
"""The one module that connects to the server on which the person keeps a portfolio."""


ASKS_A_CLUSTER = "workflows/engine/cluster.py"
"""The one module that hands pictures to the cluster that the person names."""


ASKS_A_STORE = "imaging/remote.py"
"""The one module that reads and writes the objects whose addresses the person names."""


def test_nothing_else_goes_to_the_network() -> None:
    """Offline is a promise."""
    forbidden = {"socket", "ssl", "http", "urllib", "requests", "ftplib", "smtplib", "asyncio"}
    for path in MODULES:
        name = path.relative_to(SOURCE).as_posix()
        names = {one.split(".")[0] for one in imported(ast.parse(path.read_text("utf-8")))}
        assert name == ASKS_AN_AUTHORITY or not names & forbidden, path
        assert name == ASKS_A_SERVER or "psycopg" not in names, path
        assert name == ASKS_A_STORE or not names & {"s3fs", "fsspec", "aiobotocore"}, path
        assert name == ASKS_A_CLUSTER or not names & {"dask", "distributed"}, path


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
