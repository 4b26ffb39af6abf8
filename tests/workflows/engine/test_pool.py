"""Promises of the worker pool: in order, nothing lost, one dead worker costs one input."""

from __future__ import annotations

import contextlib
import itertools
import operator
import os
import signal
import subprocess
import sys
import time
from functools import partial
from pathlib import Path

import cv2
import pytest

from ocguard.workflows.engine.engine import WorkerDiedError
from ocguard.workflows.engine.pool import LocalPool, worker_count
from processes import is_running


def run(items, jobs: int, max_bytes: int | None = None, **more) -> list:
    """Call every item in a pool: the task is to call whatever comes."""
    task = (operator.methodcaller, "__call__")
    pool = LocalPool(jobs, max_bytes)
    return list(pool.map(*task, items, on_death=lambda _, error: error, **more))


@pytest.mark.parametrize("jobs", [1, 2])
def test_results_come_in_the_order_of_the_items(jobs) -> None:
    """A slow first picture does not change the order of the output."""
    items = [partial(time.sleep, 0.3), *(partial(int, str(n)) for n in range(20))]
    assert run(items, jobs) == [None, *range(20)]


def test_several_processes_work() -> None:
    """The work leaves this process."""
    assert os.getpid() not in run([partial(os.getpid)] * 4, jobs=2)


def test_each_process_works_on_one_thread() -> None:
    """Processes share the cores, so each of them takes one."""
    assert run([partial(cv2.getNumThreads)] * 2, jobs=2) == [1, 1]


def test_one_job_stays_in_this_process() -> None:
    """A single picture starts no processes."""
    assert run([partial(os.getpid)] * 2, jobs=1) == [os.getpid()] * 2


def test_a_dead_worker_costs_one_input() -> None:
    """Memory ran out at one huge picture: all others are done, in order."""
    items = [partial(int, str(n)) for n in range(12)]
    items[5] = partial(os._exit, 9)
    results = run(items, jobs=2)
    assert isinstance(results[5], WorkerDiedError)
    assert [r for n, r in enumerate(results) if n != 5] == [n for n in range(12) if n != 5]


@pytest.mark.skipif(os.name != "posix", reason="sends signals")
def test_what_a_killed_worker_had_is_done_by_another_one(tmp_path) -> None:
    """As after the system's OOM killer: every item gives its result, in order."""
    first, system = tmp_path / "first", "__import__('os')"
    kill = f"{system}.kill({system}.getpid(), {signal.SIGKILL.value})"
    was_killed = f"{system}.path.exists({str(first)!r})"
    once = f"7 if {was_killed} else open({str(first)!r}, 'w') and {kill}"
    items = [partial(int, str(n)) for n in range(12)]
    items[7] = partial(eval, once)
    assert run(items, jobs=2) == list(range(12))


def test_results_may_come_as_they_are_done() -> None:
    """A slow picture holds nobody up."""
    items = [partial(eval, "__import__('time').sleep(2) or 0"), *(partial(int, "1"),) * 3]
    assert run(items, jobs=2, is_ordered=False) == [1, 1, 1, 0]


def test_inputs_are_taken_no_faster_than_results_are_fetched() -> None:
    """A stream without end is held back."""
    taken = itertools.count()
    items = (partial(int, str(next(taken))) for _ in itertools.count())
    task = (operator.methodcaller, "__call__")
    results = LocalPool(2).map(*task, items, on_death=lambda _, error: error)
    assert [next(results) for _ in range(5)] == [0, 1, 2, 3, 4]
    time.sleep(0.3)
    assert next(taken) <= 5 + 2 * 4 + 1
    results.close()


@pytest.mark.skipif(sys.platform != "linux", reason="Linux alone refuses memory")
def test_an_item_that_needs_more_than_its_share_gets_all_there_is() -> None:
    """And one that needs more than that says so."""
    half, far = (partial(eval, f"len(bytearray({size} << 20))") for size in (900, 4000))
    one, task = partial(int, "1"), (operator.methodcaller, "__call__")
    pool = LocalPool(2, 1500 << 20)
    assert list(pool.map(*task, [half, one], on_death=lambda _, error: error)) == [900 << 20, 1]
    with pytest.raises(MemoryError):
        list(pool.map(*task, [one, far], on_death=lambda _, error: error))


def test_nothing_to_do_is_fine() -> None:
    """An empty folder ends at once."""
    assert run([], jobs=2) == []


@pytest.mark.parametrize(
    ("jobs", "inputs", "expected"), [(4, 10, 4), (4, 2, 2), (1, 0, 1), (500, 500, 61)]
)
def test_workers_are_never_more_than_inputs(jobs, inputs, expected) -> None:
    """Nor more than every system can wait for."""
    assert worker_count(jobs, inputs) == expected


def test_auto_uses_the_processors() -> None:
    """Usual machines have several."""
    assert 1 <= worker_count("auto", 1000) <= 61


def test_no_jobs_is_a_mistake() -> None:
    """Zero processes do nothing."""
    with pytest.raises(ValueError, match="at least 1"):
        worker_count(0, 5)


INTERRUPTED = """
import operator, sys
from functools import partial
from pathlib import Path
from ocguard.workflows.engine.pool import LocalPool

if __name__ == "__main__":
    folder = Path(sys.argv[1])
    steps = "(__import__('time').sleep(0.5), open({!r}, 'w').close())"
    items = [partial(eval, steps.format(str(folder / str(n)))) for n in range(40)]
    print("started", flush=True)
    for done in LocalPool(2).map(operator.methodcaller, "__call__", items, on_death=print):
        print("done", flush=True)
"""


OVERTAKEN = """
import operator, sys
from functools import partial
from pathlib import Path
from ocguard.workflows.engine.pool import LocalPool

if __name__ == "__main__":
    folder = Path(sys.argv[1])
    steps = "(__import__('time').sleep({}), open({!r}, 'w').close(), {})[-1]"
    waits = [4, *[0.2] * 40]
    items = [partial(eval, steps.format(w, str(folder / str(n)), n)) for n, w in enumerate(waits)]
    for done in LocalPool(2).map(operator.methodcaller, "__call__", items, on_death=print):
        print(done, flush=True)
"""


ORPHANED = """
import operator, os, sys
from functools import partial
from ocguard.workflows.engine.pool import LocalPool

if __name__ == "__main__":
    items = [partial(os.getpid)] * 8 + [partial(eval, "__import__('time').sleep(0.5)")] * 200
    for done in LocalPool(2).map(operator.methodcaller, "__call__", items, on_death=print):
        print(done, flush=True)
"""


@pytest.mark.skipif(os.name != "posix", reason="sends signals")
@pytest.mark.parametrize("end", [signal.SIGTERM, signal.SIGKILL])
def test_workers_leave_when_their_parent_is_gone(tmp_path, end) -> None:
    """Whoever ends the program by its process id leaves no process behind."""
    script = tmp_path / "script.py"
    script.write_text(ORPHANED)
    process = subprocess.Popen(
        [sys.executable, str(script)], stdout=subprocess.PIPE, text=True, start_new_session=True
    )
    assert process.stdout is not None
    workers = {int(process.stdout.readline()) for _ in range(8)}
    process.send_signal(end)
    process.wait(10)
    process.stdout.close()
    limit = time.monotonic() + 15
    while (left := {pid for pid in workers if is_running(pid)}) and time.monotonic() < limit:
        time.sleep(0.1)
    for pid in left:
        os.kill(pid, signal.SIGKILL)
    assert not left


def session(leader: int) -> set[int]:
    """Return the processes of a session, as far as /proc tells."""
    found = set()
    for entry in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(ProcessLookupError):
            if os.getsid(int(entry.name)) == leader and is_running(int(entry.name)):
                found.add(int(entry.name))
    return found


@pytest.mark.skipif(not Path("/proc/self").exists(), reason="looks for processes in /proc")
def test_workers_that_still_start_leave_too(tmp_path) -> None:
    """The parent is killed as soon as it has begun, before its workers have their tools."""
    script = tmp_path / "script.py"
    script.write_text(ORPHANED)
    process = subprocess.Popen(
        [sys.executable, str(script)], stdout=subprocess.DEVNULL, start_new_session=True
    )
    limit = time.monotonic() + 20
    while len(session(process.pid)) < 4 and time.monotonic() < limit:  # its tracker, two workers
        time.sleep(0.01)
    process.kill()
    process.wait(10)
    while (left := session(process.pid)) and time.monotonic() < limit:
        time.sleep(0.1)
    for pid in left:
        os.kill(pid, signal.SIGKILL)
    assert not left


def started(script: str, tmp_path: Path) -> tuple[subprocess.Popen[str], Path]:
    """Start a script in a group of processes of its own; it is given the folder that it fills."""
    path, out = tmp_path / "script.py", tmp_path / "out"
    path.write_text(script)
    out.mkdir()
    process = subprocess.Popen(
        [sys.executable, str(path), str(out)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    return process, out


@pytest.mark.skipif(os.name != "posix", reason="sends SIGINT to a process group")
def test_an_interruption_finishes_what_is_in_work_and_starts_nothing_more(tmp_path) -> None:
    """Ctrl-C reaches the workers too; they end their picture first, and its result comes."""
    process, out = started(INTERRUPTED, tmp_path)
    assert process.stdout is not None
    assert process.stdout.readline() == "started\n"
    assert process.stdout.readline() == "done\n"
    time.sleep(0.2)  # it has printed and waits for the next result
    os.killpg(process.pid, signal.SIGINT)
    start = time.monotonic()
    output, errors = process.communicate(timeout=30)
    assert "KeyboardInterrupt" in errors
    assert "Process Spawn" not in errors
    finished = len(list(Path(out).iterdir()))
    assert 2 <= finished <= 6
    # An interruption while a line is printed leaves the others that finished unlisted.
    assert 1 + output.count("done") <= finished
    assert time.monotonic() - start < 5


@pytest.mark.skipif(os.name != "posix", reason="sends SIGINT to a process group")
def test_an_interruption_loses_no_result_that_waits_for_an_earlier_one(tmp_path) -> None:
    """While one picture takes long, others get done: what is done is told, in order."""
    process, out = started(OVERTAKEN, tmp_path)
    limit = time.monotonic() + 20
    while len(list(out.iterdir())) < 3 and time.monotonic() < limit:
        time.sleep(0.02)
    os.killpg(process.pid, signal.SIGINT)
    output, errors = process.communicate(timeout=30)
    assert "KeyboardInterrupt" in errors
    told = [int(line) for line in output.split()]
    assert told == sorted(int(path.name) for path in out.iterdir())
    assert told[0] == 0
