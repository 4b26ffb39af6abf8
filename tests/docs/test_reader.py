"""The reader at the terminal notices what a page gets wrong."""

from __future__ import annotations

from pathlib import Path

import pytest

from page_blocks import ROOT, Block
from reader import PAGE_HOME, Reader

PAGE = ROOT / "README.md"


@pytest.fixture
def reader(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Reader:
    """Somebody with an empty folder."""
    (tmp_path / "here").mkdir()
    monkeypatch.chdir(tmp_path / "here")
    monkeypatch.setenv("OCGUARD_HOME", str(tmp_path / "home"))
    return Reader(tmp_path / "here", tmp_path / "home")


def test_a_command_that_fails_is_reported(reader: Reader) -> None:
    """With its exit code."""
    (problem,) = reader.do(Block(PAGE, 1, ("ocguard check missing.png",), ""))
    assert problem.startswith("exit code 4")


def test_a_command_that_fails_in_a_shell_is_reported(reader: Reader) -> None:
    """Also in the middle of a script that ends well."""
    (problem,) = reader.do(Block(PAGE, 1, ("ocguard check missing.png; echo done",), ""))
    assert problem.startswith("exit code 4: ocguard check missing.png")


def test_a_program_that_is_not_there_is_reported(reader: Reader) -> None:
    """A typing error in a name does not pass."""
    assert reader.do(Block(PAGE, 1, ("ocguard-typo --version",), ""))


@pytest.mark.parametrize(
    ("prints", "is_right"),
    [
        ("ocguard, version 7.7.7", True),
        ("ocguard, edition 0.1.0", False),
        ("ocguard,\n...", True),
        ("ocguard", False),
    ],
)
def test_output_is_compared_but_for_numbers(reader: Reader, prints: str, is_right: bool) -> None:
    """Words count; numbers and line breaks do not; a line of dots stands for anything."""
    problems = reader.do(Block(PAGE, 1, ("ocguard --version",), "", prints))
    assert (not problems) is is_right


def test_ids_differ_from_run_to_run(reader: Reader) -> None:
    """Any key id, beside any word, stands for any other."""
    for key_id in ("0123456789abcdef", "abcdefabcdefabcd", "7777777777777777"):
        assert reader.says(f"Key id        {key_id}", "Key id        0f0f0f0f0f0f0f0f")
    groups = [f"Identity {'-'.join([four] * 8)}" for four in ("01ab", "7777")]
    assert reader.says(*groups)
    assert not reader.says("Key id        none", "Key id        0f0f0f0f0f0f0f0f")


def test_the_home_of_the_pages_stands_for_the_readers(reader: Reader) -> None:
    """A page shows one home folder; every reader has another."""
    prints = f"saved net in {PAGE_HOME}/presets/net.toml"
    block = Block(PAGE, 1, ("ocguard preset save net --visible tile",), "", prints)
    assert not reader.do(block)
