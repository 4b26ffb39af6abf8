"""Promises of ocguard.workflows.watch.standing."""

from __future__ import annotations

from pathlib import Path

from ocguard.workflows.watch.standing import FileState, Standing, state_of

PATH = Path("a.png")


def state(size: int, at_seconds: float) -> FileState:
    """Describe a file that was changed at some time."""
    return FileState(size, int(at_seconds * 1e9), int(at_seconds * 1e9))


def test_a_file_that_grows_is_not_whole() -> None:
    """However long that takes."""
    standing = Standing(2.0)
    for second in range(10):
        standing.see({PATH: state(second, 100 + second)}, 100.0 + second)
        assert standing.whole(100.0 + second) == []


def test_a_file_is_whole_once_it_stands_still() -> None:
    """For as long as was asked."""
    standing = Standing(2.0)
    standing.see({PATH: state(5, 100)}, 100.0)
    standing.see({PATH: state(5, 100)}, 101.9)
    assert standing.whole(101.9) == []
    assert standing.whole(102.0) == [PATH]


def test_a_file_that_was_there_before_is_whole_at_once() -> None:
    """It stands since it was last changed."""
    standing = Standing(2.0)
    standing.see({PATH: state(5, 90)}, 100.0)
    assert standing.whole(100.0) == [PATH]


def test_a_copy_that_keeps_its_old_date_is_not_whole_at_once() -> None:
    """The date of a copy says nothing; when the system changed it last does."""
    standing = Standing(2.0)
    standing.see({PATH: FileState(5, int(10e9), int(100e9))}, 100.5)
    assert standing.whole(100.5) == []


def test_a_date_in_the_future_only_delays() -> None:
    """Clocks of cameras and shares are wrong."""
    standing = Standing(2.0)
    standing.see({PATH: state(5, 900)}, 100.0)
    standing.see({PATH: state(5, 900)}, 102.0)
    assert standing.whole(102.0) == [PATH]


def test_a_file_that_is_gone_is_forgotten() -> None:
    """When it comes again it begins anew."""
    standing = Standing(2.0)
    standing.see({PATH: state(5, 100)}, 100.0)
    standing.see({}, 101.0)
    assert standing.still_seconds(PATH, 101.0) == 0
    assert standing.whole(200.0) == []


def test_the_state_of_a_file_that_is_not_there_is_none(tmp_path) -> None:
    """It may go at any moment."""
    assert state_of(tmp_path / "gone.png") is None
    (tmp_path / "a.png").write_bytes(b"abc")
    assert state_of(tmp_path / "a.png").size_bytes == 3
