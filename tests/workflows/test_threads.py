"""Promises of ocguard.workflows.threads: ocguard works on one thread and leaves no trace of it."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest
from PIL import Image
from threadpoolctl import threadpool_info, threadpool_limits

import ocguard
from ocguard.creator import Profile
from ocguard.home import Home
from ocguard.workflows.threads import one_thread

CALLERS = 2
"""Threads that the caller of the library has set."""


def threads() -> set[int]:
    """Return how many threads NumPy's and OpenCV's libraries would use now."""
    loaded = [one for one in threadpool_info() if "scipy.libs" not in one["filepath"]]
    return {*(one["num_threads"] for one in loaded), cv2.getNumThreads()}


def set_threads(opencv: int, others: Any) -> None:
    """Set threads as the environment does: no thread of the caller has a hold on the setting."""
    cv2.setNumThreads(opencv)
    setter = threading.Thread(target=threadpool_limits, args=(others,))
    setter.start()
    setter.join()


class Witness(Image.Image):
    """A picture that notes how many threads there are whenever its pixels are asked for."""

    seen: set[int]

    @classmethod
    def of(cls, pixels: np.ndarray[Any, Any]) -> Witness:
        """Make one from an RGB array."""
        picture = Image.fromarray(pixels)
        picture.__class__ = cls
        assert isinstance(picture, cls)
        picture.seen = set()
        return picture

    def load(self) -> Any:
        """Note the threads, then load as any picture does."""
        self.seen |= threads()
        return super().load()


@pytest.fixture(autouse=True)
def _caller() -> Iterator[None]:
    """Give the caller two threads, also on a machine with one core."""
    before = cv2.getNumThreads(), threadpool_info()
    set_threads(CALLERS, CALLERS)
    yield
    set_threads(*before)


def test_the_caller_gets_back_what_was_set() -> None:
    """One thread inside, the caller's number before and after."""
    assert threads() == {CALLERS}
    with one_thread():
        assert threads() == {1}
    assert threads() == {CALLERS}


def test_blocks_that_overlap_in_other_threads_restore_the_caller_s_setting() -> None:
    """The first block to begin is also the first to end: the other one stays limited."""
    first_is_in, second_is_in, first_is_out = (threading.Event() for _ in range(3))

    def first() -> None:
        with one_thread():
            first_is_in.set()
            second_is_in.wait(10)
        first_is_out.set()

    other = threading.Thread(target=first)
    other.start()
    first_is_in.wait(10)
    with one_thread():
        second_is_in.set()
        first_is_out.wait(10)
        assert threads() == {1}
    other.join()
    assert threads() == {CALLERS}


def test_an_error_restores_the_caller_s_setting() -> None:
    """However the work ends."""
    with pytest.raises(ZeroDivisionError), one_thread():
        _ = 1 / 0
    assert threads() == {CALLERS}


WORKFLOWS: dict[str, Callable[[Image.Image, Path], object]] = {
    "protect": lambda picture, home: ocguard.protect(picture, home=home, visible="none"),
    "check": lambda picture, home: ocguard.check(picture, home=home),
    "detect": lambda picture, home: ocguard.detect(picture, home=home),
    "compare": lambda picture, _: ocguard.compare(picture, picture),
    "simulate": lambda picture, home: ocguard.simulate(picture, "x", home=home),
    "Portfolio.add": lambda picture, home: ocguard.Portfolio(home=home).add(picture),
}


@pytest.mark.parametrize("name", WORKFLOWS)
def test_the_library_works_on_one_thread_and_restores(
    name: str, tmp_path: Path, drawings: Any
) -> None:
    """Called from Python without any environment variable, it is no heavier than the program."""
    Home(tmp_path).create(Profile("Mo"))
    ocguard.Portfolio(home=tmp_path).add(drawings.cel(200, 160, 1))
    picture = Witness.of(drawings.cel(256, 256, 2))
    WORKFLOWS[name](picture, tmp_path)
    assert picture.seen == {1}
    assert threads() == {CALLERS}
