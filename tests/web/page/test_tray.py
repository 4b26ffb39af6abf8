"""Promises of ocguard.web.page.tray."""

from __future__ import annotations

from pathlib import Path

from ocguard.web.page.tray import Tray


def test_a_picture_is_kept_until_it_is_taken_away(tmp_path: Path) -> None:
    """Its file goes with it."""
    tray = Tray(tmp_path)
    one = tray.keep("a.png", b"1")
    tray.add(one)
    assert tray.find(one.id) == one
    assert one.path.read_bytes() == b"1"
    tray.remove(one.id)
    tray.remove(one.id)
    assert tray.find(one.id) is None
    assert not list(tmp_path.iterdir())


def test_the_same_picture_twice_is_one(tmp_path: Path) -> None:
    """Two names of one picture are two."""
    tray = Tray(tmp_path)
    for name in ("a.png", "a.png", "b.png"):
        tray.add(tray.keep(name, b"1"))
    assert [one.name for one in tray.pictures] == ["a.png", "b.png"]


def test_what_was_refused_is_told_once(tmp_path: Path) -> None:
    """By the name that the person knows."""
    tray = Tray(tmp_path)
    tray.refuse(tray.keep("notes.txt", b"?"), "no picture")
    assert tray.take_refused() == ["notes.txt: no picture"]
    assert tray.take_refused() == []
    assert not list(tmp_path.iterdir())


def test_a_name_stays_below_the_folder(tmp_path: Path) -> None:
    """A name is only called, never used as a path."""
    tray = Tray(tmp_path)
    assert tray.keep("../../x/../y.png", b"1").path.parent == tmp_path
