"""Promises of ``ocguard app``: how it starts and ends. What the page does: tests/web/page."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest


@pytest.mark.skipif(os.name != "posix", reason="Windows has no SIGTERM")
def test_it_prints_its_address_and_ends_when_it_is_told_to(tmp_path: Path) -> None:
    """The first line opens the page; the log keeps the token to itself; the exit code is 0."""
    words = [sys.executable, "-m", "ocguard", "-v", "--home", tmp_path, "app", "--no-browser"]
    process = subprocess.Popen(
        [str(one) for one in (*words, "-j", 1)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    address = process.stdout.readline().strip()
    assert address.startswith("http://127.0.0.1:")
    process.send_signal(signal.SIGTERM)
    _, log = process.communicate(timeout=60)
    assert process.returncode in {0, -signal.SIGTERM}
    assert address.rpartition("=")[2] not in log


def test_the_browser_gets_an_address_that_opens_once(tmp_path: Path) -> None:
    """Other accounts can read what a program was started with: the token is not in it."""
    told = tmp_path / "told"
    browser = tmp_path / "browser"
    browser.write_text(f'#!/bin/sh\nprintf %s "$1" > {told}\n')
    browser.chmod(0o755)
    process = subprocess.Popen(
        [sys.executable, "-m", "ocguard", "--home", str(tmp_path / "home"), "app", "-j", "1"],
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "BROWSER": f"{browser} %s"},
    )
    assert process.stdout is not None
    base, _, token = process.stdout.readline().strip().partition("/?token=")
    while not (told.exists() and told.read_text()):
        assert process.poll() is None
    process.kill()
    process.communicate()
    assert told.read_text().startswith(f"{base}/?ticket=")
    assert token not in told.read_text()
