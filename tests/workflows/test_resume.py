"""Promises of going on: what has a result is not done again, and nothing half written stays."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from ocguard.errors import OutputExistsError
from ocguard.imaging.files import find_pictures
from ocguard.keys import SecretKey
from ocguard.workflows.check.options import CheckOptions
from ocguard.workflows.check.run import prepare_check
from ocguard.workflows.home.workspace import Workspace
from ocguard.workflows.resume import Ledger, settings_text
from ocguard.workflows.sources import source_name


@dataclass
class Looked:
    """A result."""

    input: str
    error: str | None = None

    def to_dict(self) -> dict[str, Any]:
        """Give the record."""
        return {"input": self.input}


@pytest.fixture
def art(tmp_path):
    """Three pictures."""
    folder = tmp_path / "art"
    folder.mkdir()
    for shade in range(3):
        Image.new("L", (8, 8), shade).save(folder / f"{shade}.png")
    return folder


def run(art, file, settings="", *, until=3, errors=(), missing=()):
    """Look at what is left, and break off after some; gives the names that were looked at."""
    ledger = Ledger(file, settings)
    left = ledger.left(find_pictures([art]))
    paths = [path for path in left.paths if path.name not in missing]
    results = (Looked(source_name(p), "torn" if p.name in errors else None) for p in paths)
    looked = ledger.written(left, results)
    return [Path(one.input).name for one, _ in zip(looked, range(until), strict=False)]


def written(file: Path) -> list[str]:
    """Name what has a line."""
    return [Path(json.loads(line)["input"]).name for line in file.read_text().splitlines()]


def test_a_run_goes_on_where_another_one_ended(art, tmp_path) -> None:
    """And a third one finds nothing left."""
    file = tmp_path / "answers.jsonl"
    assert run(art, file, until=1)[:1] == ["0.png"]
    done = written(file)
    rest = run(art, file)
    assert [*done, *rest] == written(file) == ["0.png", "1.png", "2.png"]
    assert run(art, file) == []


def test_a_changed_file_and_other_settings_are_looked_at_anew(art, tmp_path) -> None:
    """What it was asked is another question then."""
    file = tmp_path / "answers.jsonl"
    run(art, file)
    Image.new("L", (8, 8), 99).save(art / "1.png")
    assert run(art, file) == ["1.png"]
    assert run(art, file, "--only marks") == ["0.png", "1.png", "2.png"]


def test_what_failed_is_tried_again(art, tmp_path) -> None:
    """It has no line."""
    file = tmp_path / "answers.jsonl"
    run(art, file, errors=["1.png"])
    assert written(file) == ["0.png", "2.png"]
    assert run(art, file) == ["1.png"]


def test_results_that_an_interruption_left_out_are_looked_for_again(art, tmp_path) -> None:
    """And those behind them are not taken for them."""
    file = tmp_path / "answers.jsonl"
    run(art, file, missing=["1.png"])
    assert written(file) == ["0.png", "2.png"]
    assert run(art, file) == ["1.png"]


@pytest.mark.parametrize("behind", ['{"input": "1.p', '{"input": "1.png"}\n'])
def test_a_line_without_its_note_is_written_once_more(art, tmp_path, behind) -> None:
    """Whole or cut short, it is of a run that died before it could say so."""
    file = tmp_path / "answers.jsonl"
    run(art, file, until=1)
    noted = written(file)
    with file.open("a") as results:
        results.write(behind)
    with Path(f"{file}.done").open("a") as notes:
        notes.write('{"task": "cut o')
    run(art, file)
    assert written(file) == ["0.png", "1.png", "2.png"]
    assert noted == written(file)[: len(noted)]


def test_a_file_that_no_run_wrote_is_left_alone(art, tmp_path) -> None:
    """It may be anything."""
    file = tmp_path / "novel.txt"
    file.write_text("Call me")
    with pytest.raises(OutputExistsError, match="choose another name"):
        run(art, file)
    assert file.read_text() == "Call me"


def test_settings_name_what_decides_and_no_secret(gallery) -> None:
    """The same job is named alike in every process."""
    workspace = Workspace.at(gallery.home)
    texts = [
        settings_text(prepare_check(workspace, CheckOptions(only=only)), state)
        for only, state in ((None, "1"), (None, "1"), ("match", "1"), (None, "2"))
    ]
    assert texts[0] == texts[1]
    assert len(set(texts)) == 3
    assert " at 0x" not in texts[0]
    assert SecretKey.load(gallery.home / "secret.key").to_bytes().hex() not in texts[0]
