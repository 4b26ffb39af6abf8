"""Promises of ocguard.web.api.tasks: what the records of a server say beyond those of a command."""

from __future__ import annotations

import io
import shutil

import pytest
from PIL import Image

from ocguard.web.api import tasks
from ocguard.web.api.answers import kept_answer
from ocguard.web.api.pictures import Sent
from ocguard.web.problems import Refusal
from ocguard.workflows.home.catalog import Portfolio
from ocguard.workflows.home.workspace import Workspace

PIXELS = 10_000_000


@pytest.fixture
def workspace(gallery, tmp_path) -> Workspace:
    """Give a copy of the gallery's home."""
    return Workspace.at(shutil.copytree(gallery.home, tmp_path / "home"))


@pytest.fixture
def sent(drawings) -> Sent:
    """Draw a picture that is not registered."""
    file = io.BytesIO()
    Image.fromarray(drawings.cel(300, 280, 90)).save(file, "PNG")
    return Sent("new.png", file.getvalue())


def test_a_work_registered_meanwhile_is_found(workspace, sent) -> None:
    """A worker sees every state of the portfolio, not the one that it began with."""
    assert tasks.check(workspace, sent, PIXELS).verdict != "identical"
    tasks.register(workspace, sent, PIXELS)
    assert tasks.check(workspace, sent, PIXELS).verdict == "identical"


def test_a_mark_issued_meanwhile_has_its_owner(workspace, sent) -> None:
    """Also where no work is new."""
    first = tasks.protect(workspace, {"visible": "none"}, sent, PIXELS, None)
    tasks.detect(workspace, sent, PIXELS)
    options = {"visible": "none", "recipient": "Bo"}
    second = tasks.protect(workspace, options, sent, PIXELS, None)
    found = tasks.detect(workspace, Sent("found.png", second.data), PIXELS)
    assert found.recipient == "Bo"
    assert found.work_id == first.record["work_id"]


def test_a_server_that_died_before_its_answer_marks_no_second_time(workspace, sent) -> None:
    """The file is there; the record is written now."""
    kept = kept_answer(workspace.home.folder / "answers", b"token", "key", {})
    first = tasks.protect(workspace, {"visible": "none"}, sent, PIXELS, kept)
    (kept.folder / "record.json").unlink()
    second = tasks.protect(workspace, {"visible": "none"}, sent, PIXELS, kept)
    assert second.data == first.data
    assert second.record["status"] == "unchanged"
    assert len(Portfolio(workspace.location).show(first.record["work_id"]).marks) == 1


def test_trouble_of_the_server_is_not_the_picture_s(tmp_path, sent) -> None:
    """503: the client may try again, with the same picture."""
    (tmp_path / "home").mkdir()
    (tmp_path / "home" / "portfolio.sqlite3").write_bytes(b"no portfolio" * 100)
    with pytest.raises(Refusal) as refused:
        tasks.check(Workspace.at(tmp_path / "home"), sent, PIXELS)
    assert (refused.value.code, refused.value.status) == ("not-ready", 503)
