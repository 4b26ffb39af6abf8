"""What every engine promises: one result for each input, in order, whatever dies meanwhile."""

from __future__ import annotations

import os
import signal
import sys
import time
from functools import partial

import pytest

from clusters import Calling, call, faults_of_arrays, running_cluster
from ocguard.workflows.engine.cluster import Cluster
from ocguard.workflows.engine.engine import WorkerDiedError, in_order
from ocguard.workflows.engine.pool import LocalPool

pytestmark = pytest.mark.skipif(os.name != "posix", reason="sends signals")


@pytest.fixture(scope="module")
def address(tmp_path_factory):
    """Start a cluster for all tests of this module."""
    pytest.importorskip("distributed")
    folder = tmp_path_factory.mktemp("cluster")
    with running_cluster(folder, folder / "home") as cluster:
        yield cluster.address


@pytest.fixture(params=["pool", "cluster"])
def engine(request):
    """Every engine in turn."""
    if request.param == "pool":
        return LocalPool(2)
    return Cluster(request.getfixturevalue("address"))


def run(engine, folder, items, **more):
    """Call every item."""
    settings = Calling(str(folder))
    return list(engine.map(call, settings, items, on_death=lambda _, error: error, **more))


def python(code, folder):
    """Return an item that runs code which knows its folder, the time and the system."""
    given = f"{str(folder)!r}, __import__('os'), __import__('time')"
    text = f"(lambda folder, os, time: {code})({given})"
    return partial(eval, text)


def test_results_come_in_the_order_of_the_items(engine, tmp_path) -> None:
    """A slow first one does not change it."""
    items = [python("time.sleep(0.3)", tmp_path), *(partial(int, str(n)) for n in range(20))]
    assert run(engine, tmp_path, items) == [None, *range(20)]


def test_the_task_works_in_other_processes_in_the_folder_of_this_one(engine, tmp_path) -> None:
    """Relative paths mean the same everywhere."""
    assert os.getpid() not in run(engine, tmp_path, [partial(os.getpid)] * 4)


def test_results_may_come_as_they_are_done(engine, tmp_path) -> None:
    """A slow one holds nobody up."""
    items = [python("time.sleep(2) or 0", tmp_path), *(partial(int, f"0{n}") for n in (1, 2, 3))]
    found = run(engine, tmp_path, items, is_ordered=False)
    assert (found[0], sorted(found)) == (1, [0, 1, 2, 3])


@pytest.mark.skipif(sys.platform != "linux", reason="counts the page faults of glibc")
def test_memory_that_was_freed_is_used_again(engine, tmp_path) -> None:
    """Otherwise each array costs the time that the system takes to clear its pages."""
    arrays, megabytes, page_bytes = 50, 1, os.sysconf("SC_PAGESIZE")
    (faults,) = run(engine, tmp_path, [partial(faults_of_arrays, arrays, megabytes)])
    assert faults < arrays * (megabytes << 20) / page_bytes / 10


def test_what_a_killed_worker_had_is_done_by_another_one(engine, tmp_path) -> None:
    """As after the system's OOM killer."""
    code = (
        "7 if os.path.exists(folder + '/first') else"
        f" open(folder + '/first', 'w') and os.kill(os.getpid(), {signal.SIGKILL.value})"
    )
    items = [partial(int, str(n)) for n in range(12)]
    items[7] = python(code, tmp_path)
    assert run(engine, tmp_path, items) == list(range(12))


def test_an_item_that_kills_every_process_costs_itself_alone(engine, tmp_path) -> None:
    """It is given up, and all others are done."""
    items = [partial(int, str(n)) for n in range(8)]
    items[5] = python("os._exit(9)", tmp_path)
    results = run(engine, tmp_path, items)
    assert isinstance(results[5], WorkerDiedError)
    assert [r for n, r in enumerate(results) if n != 5] == [n for n in range(8) if n != 5]


def test_what_a_task_raises_is_raised_here(engine, tmp_path) -> None:
    """A mistake is not swallowed."""
    with pytest.raises(ZeroDivisionError):
        run(engine, tmp_path, [partial(int, "1"), python("1 // 0", tmp_path)])


def test_nothing_to_do_is_fine(engine, tmp_path) -> None:
    """An empty folder ends at once."""
    assert run(engine, tmp_path, []) == []


def test_numbered_results_are_put_in_order() -> None:
    """Those behind a gap come last, as after an interruption."""
    assert list(in_order([(1, "b"), (0, "a"), (4, "e"), (3, "d")])) == ["a", "b", "d", "e"]


def test_a_scheduler_that_dies_is_waited_for(tmp_path) -> None:
    """What has no answer yet is handed out again; nothing is lost, and nothing comes twice."""
    pytest.importorskip("distributed")
    with running_cluster(tmp_path, tmp_path / "home") as cluster:
        items = [python(f"time.sleep(0.1) or {n}", tmp_path) for n in range(30)]
        results = Cluster(cluster.address).map(
            call, Calling(str(tmp_path)), items, on_death=lambda _, error: error
        )
        first = [next(results) for _ in range(3)]
        cluster.kill()
        time.sleep(0.5)
        cluster.start()
        assert [*first, *results] == list(range(30))
