"""A sample of what ``python tests/fuzz/run.py 20000`` reads, and all that was ever found."""

from __future__ import annotations

import importlib.util
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest

HERE = Path(__file__).parent
FILES = 100


def loaded() -> ModuleType:
    """Load the program beside this test."""
    spec = importlib.util.spec_from_file_location("fuzz_run", HERE / "run.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    sys.modules["fuzz_run"] = module
    spec.loader.exec_module(module)
    return module


run = loaded()


@pytest.fixture(scope="module")
def reader() -> Iterator:
    """Give a process that reads files."""
    started = run.Reader()
    yield started
    started.end()


def test_mutated_files_are_read_or_refused(reader) -> None:
    """None crashes, hangs, or takes more time or memory than it may."""
    assert [one for one in run.outcomes(FILES, 0, reader) if one.kind in run.FAULTS] == []


@pytest.mark.parametrize(
    "path", sorted(p for p in (HERE / "found").iterdir() if "-" in p.name), ids=lambda p: p.name
)
def test_what_was_found_once_is_never_found_again(reader, path: Path) -> None:
    """Each file was a crash or cost too much."""
    name = path.name.split("-")[0]
    assert reader.read(name, path.read_bytes()).kind in {"read", "refused"}


def test_the_harness_sees_what_it_is_for(tmp_path: Path) -> None:
    """A reader that crashes, takes too much, or dies is found."""
    program = (HERE / "child.py").read_text(encoding="utf-8")
    (tmp_path / "child.py").write_text(program, encoding="utf-8")
    (tmp_path / "readers.py").write_text('READERS, REFUSALS = {"code": exec}, (EOFError,)\n')
    started = run.Reader(tmp_path / "child.py")
    seen = [
        started.read("code", code).kind
        for code in (
            b"1",
            b"raise EOFError",
            b"1/0",
            b"b'1' * 2 * 10**9",
            b"import os; os._exit(3)",
        )
    ]
    started.end()
    assert seen == ["read", "refused", "crash", "memory", "died"]
