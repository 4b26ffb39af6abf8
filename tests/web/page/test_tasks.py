"""Promises of ocguard.web.page.tasks."""

from __future__ import annotations

from pathlib import Path

import pytest

from ocguard.web.page import tasks
from ocguard.web.problems import Refusal
from ocguard.workflows.home.workspace import Workspace


@pytest.fixture
def picture(tmp_path: Path, drawings, png) -> Path:
    """A picture as a tray keeps it."""
    path = tmp_path / "0123.png"
    path.write_bytes(png(drawings.cel()))
    return path


def test_what_is_no_picture_is_refused_in_words(tmp_path: Path) -> None:
    """By the name that the person knows."""
    path = tmp_path / "0123"
    path.write_bytes(b"text")
    with pytest.raises(Refusal, match=r"notes\.txt"):
        tasks.look_at(path, "notes.txt", 1_000_000)


def test_outputs_are_named_after_the_pictures_and_take_nothing(
    gallery, picture: Path, tmp_path: Path
) -> None:
    """What lies there, and what comes before them in the same run, keeps its name."""
    folder = tmp_path / "out"
    folder.mkdir()
    (folder / "cat.png").write_bytes(b"mine")
    given = [(picture, "cat.png"), (picture, "cat.webp"), (picture, "dog.kra")]
    planned = tasks.planned(Workspace.at(gallery.home), {"visible": "none"}, folder, given)
    assert [one.name for one in planned] == ["cat 2.png", "cat 3.png", "dog.png"]


def test_an_impossible_choice_is_refused_before_any_work(gallery, picture: Path, tmp_path) -> None:
    """In the words of the command line."""
    workspace = Workspace.at(gallery.home)
    with pytest.raises(Refusal, match="nowhere") as refused:
        tasks.planned(workspace, {"platforms": ["nowhere"]}, tmp_path, [(picture, "a.png")])
    assert refused.value.code == "bad-option"
    with pytest.raises(Refusal, match="moon"):
        tasks.preview(workspace, {"text": "{moon}"}, picture, "a.png", 100)


def test_a_picture_is_registered_under_its_own_name(tmp_path: Path, picture: Path) -> None:
    """Where the tray keeps it is nobody's business; what is no picture is refused."""
    workspace = Workspace.at(tmp_path / "home")
    work = tasks.register(workspace, picture, "cat.png", 1_000_000)
    assert work.source == "cat.png"
    with workspace.open_store() as store:
        (record,) = store.works()
    assert tasks.rendition(workspace, record.reference_sha256, 100)[:2] == b"\xff\xd8"
    with pytest.raises(Refusal):
        tasks.rendition(workspace, "0" * 64, 100)
    picture.write_bytes(b"text")
    with pytest.raises(Refusal, match=r"notes\.txt"):
        tasks.register(workspace, picture, "notes.txt", 1_000_000)
