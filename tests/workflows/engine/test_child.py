"""Promises of the inside of a worker process: it leaves with its parent, even while it starts."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time

import pytest

from processes import is_running

SLOW_TO_START = """
import operator, os, sys
from ocguard.workflows.engine.worker import Worker

class Slow:
    def __reduce__(self):
        told = f"open({sys.argv[1]!r}, 'w').write(str(__import__('os').getpid()))"
        return eval, (f"{told} and __import__('time').sleep(60)",)

if __name__ == "__main__":
    Worker(operator.methodcaller, Slow()).ask(None, None)
"""

LEAVES_SECONDS = 5.0


@pytest.mark.skipif(os.name != "posix", reason="sends signals")
def test_a_worker_that_still_makes_its_tools_leaves_with_its_parent(tmp_path) -> None:
    """However long that takes: reading its settings lasts a minute here."""
    script, told = tmp_path / "script.py", tmp_path / "pid"
    script.write_text(SLOW_TO_START)
    parent = subprocess.Popen([sys.executable, str(script), str(told)], start_new_session=True)
    limit = time.monotonic() + 60
    while not (told.exists() and told.read_text()) and time.monotonic() < limit:
        time.sleep(0.05)
    worker = int(told.read_text())
    os.kill(parent.pid, signal.SIGKILL)
    parent.wait(10)
    limit = time.monotonic() + LEAVES_SECONDS
    while (is_left := is_running(worker)) and time.monotonic() < limit:
        time.sleep(0.05)
    if is_left:
        os.kill(worker, signal.SIGKILL)
    assert not is_left
