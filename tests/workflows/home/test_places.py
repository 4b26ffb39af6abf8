"""Promises of ocguard.workflows.home.places."""

from __future__ import annotations

from pathlib import Path

import pytest

from ocguard.workflows.home.places import copies_folder, free_path, pictures_folder


def test_nothing_takes_the_name_of_something_else(tmp_path: Path) -> None:
    """Neither of a file, nor of a link that leads nowhere, nor of what comes soon."""
    assert free_path(tmp_path / "a.png") == tmp_path / "a.png"
    (tmp_path / "a.png").touch()
    (tmp_path / "a 2.png").symlink_to(tmp_path / "nowhere")
    taken = {tmp_path / "a 3.png"}
    assert free_path(tmp_path / "a.png", taken) == tmp_path / "a 4.png"


def test_the_folder_lies_among_the_pictures(monkeypatch: pytest.MonkeyPatch, tmp_path) -> None:
    """Where the system says that these are."""
    monkeypatch.setenv("XDG_PICTURES_DIR", str(tmp_path))
    assert pictures_folder().name == "ocguard"


def test_copies_lie_in_the_own_folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Not among pictures or documents, which leave the computer more easily."""
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("USERPROFILE", str(tmp_path))
    assert copies_folder().parent == tmp_path
