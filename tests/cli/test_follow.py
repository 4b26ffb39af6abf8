"""Promises of ``ocguard check --follow``: answers at once, and an end that loses nothing."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys

import pytest

pytestmark = pytest.mark.skipif(os.name != "posix", reason="sends signals")


@pytest.fixture
def started(gallery):
    """Start a stream of checks; ended at the end of the test."""
    running = []

    def start(*options):
        command = [sys.executable, "-m", "ocguard", "--home", str(gallery.home), "check"]
        process = subprocess.Popen(
            [*command, "--follow", *options],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        running.append(process)
        return process

    yield start
    for process in running:
        process.kill()
        for stream in (process.stdin, process.stdout, process.stderr):
            stream.close()
        process.wait()


def ask(process, path) -> None:
    """Write one line and send it off."""
    process.stdin.write(f"{path}\n")
    process.stdin.flush()


@pytest.mark.parametrize("jobs", ["-j1", "-j2"])
def test_an_answer_comes_while_the_input_is_open(started, gallery, jobs) -> None:
    """A program may ask, read, and ask again; the end of the input ends the program."""
    process = started(jobs)
    for name in ("cel.png", "soft.jpg"):
        ask(process, gallery.out / name)
        record = json.loads(process.stdout.readline())
        assert (record["schema"], record["id"]) == ("ocguard.check/2", None)
        assert (record["input"], record["verdict"]) == (str(gallery.out / name), "identical")
    process.stdin.close()
    assert process.wait(30) == 1


@pytest.mark.parametrize("jobs", ["-j1", "-j2"])
def test_sigterm_ends_it_and_what_was_read_is_answered(started, gallery, jobs) -> None:
    """As a service manager stops a service: no trace of an error, no half line."""
    process = started(jobs)
    ask(process, "missing.png")
    assert json.loads(process.stdout.readline())["status"] == "failed"
    ask(process, gallery.art / "cel.png")
    ask(process, "{}")
    answers = [json.loads(process.stdout.readline()) for _ in range(2)]
    process.send_signal(signal.SIGTERM)
    output, errors = process.communicate(timeout=30)
    assert [one["verdict"] for one in answers] == ["identical", None]
    assert (output, process.returncode) == ("", 3)
    assert "Traceback" not in errors


def test_paths_and_a_stream_exclude_each_other(run, gallery) -> None:
    """And nothing at all is no check."""
    for words in (("--follow", "a.png"), (), ("--unordered", "a.png")):
        assert run("--home", gallery.home, "check", *words).exit_code == 2
