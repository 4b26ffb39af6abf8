"""Promises of ``--resume``: an interrupted check or detection goes on, and says so."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time

import pytest
from PIL import Image


@pytest.mark.parametrize("command", ["check", "detect"])
def test_a_finished_run_is_not_done_again(run, gallery, tmp_path, command) -> None:
    """It says how many were done before, and the exit code tells of none."""
    file = tmp_path / "answers.jsonl"
    words = ("--home", gallery.home, command, gallery.out, "-j1", "--resume", file)
    assert run(*words).exit_code == 1
    lines = [json.loads(line) for line in file.read_text().splitlines()]
    assert [one["schema"] for one in lines] == [f"ocguard.{command}/2"] * 4
    again = run(*words)
    assert (again.exit_code, again.stdout) == (0, "")
    assert "4 pictures were done before" in again.stderr
    assert len(file.read_text().splitlines()) == 4


@pytest.mark.skipif(os.name != "posix", reason="kills a group of processes")
def test_a_run_that_was_killed_goes_on(run, gallery, drawings, tmp_path) -> None:
    """Every picture has one line in the end, and those from before stay."""
    suspects, file = tmp_path / "suspects", tmp_path / "answers.jsonl"
    suspects.mkdir()
    for seed in range(8):
        Image.fromarray(drawings.cel(320, 300, seed)).save(suspects / f"{seed}.png")
    words = ("--home", gallery.home, "detect", suspects, "-j1", "--exit-zero", "--resume", file)
    command = [sys.executable, "-m", "ocguard", *map(str, words)]
    process = subprocess.Popen(command, start_new_session=True, stdout=subprocess.DEVNULL)
    while not file.exists() and process.poll() is None:
        time.sleep(0.01)
    os.killpg(process.pid, signal.SIGKILL)
    process.wait()
    before = file.read_text().splitlines()
    assert run(*words).exit_code == 0
    after = [json.loads(line)["input"] for line in file.read_text().splitlines()]
    assert sorted(after) == [str(suspects / f"{seed}.png") for seed in range(8)]
    assert len(before) < 8


def test_what_has_no_name_cannot_be_remembered(run, tmp_path) -> None:
    """Standard input, and a stream."""
    file = ("--resume", tmp_path / "answers.jsonl")
    assert run("detect", "-", *file, stdin=b"x").exit_code == 2
    assert run("check", "--follow", *file).exit_code == 2
