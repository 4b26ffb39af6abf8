"""Promises of ocguard.web.api.tasks: what the records of a server say beyond those of a command."""

from __future__ import annotations

import io
import shutil
from collections.abc import Callable
from dataclasses import replace

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


def asked(workspace: Workspace, sent: Sent) -> dict[str, Callable[[], object]]:
    """Give what asks the portfolio, by its name."""
    return {
        "check": lambda: tasks.check(workspace, sent, PIXELS),
        "detect": lambda: tasks.detect(workspace, sent, PIXELS),
        "register": lambda: tasks.register(workspace, sent, PIXELS),
        "protect": lambda: tasks.protect(workspace, {"visible": "none"}, sent, PIXELS, None),
        "works": lambda: tasks.works(workspace, "", 10),
        "work": lambda: tasks.work(workspace, "0" * 16),
    }


def test_a_place_for_answers_that_cannot_be_used_is_no_mistake(workspace, sent) -> None:
    """503, without the place."""
    folder = workspace.home.folder / "answers"
    folder.write_text("no folder")
    with pytest.raises(Refusal) as refused:
        kept = kept_answer(folder, b"token", "key", {})
        tasks.protect(workspace, {"visible": "none"}, sent, PIXELS, kept)
    assert refused.value.code == "not-ready"
    assert str(folder) not in refused.value.detail


@pytest.mark.parametrize("name", asked(Workspace.at("nowhere"), Sent("", b"")))
def test_trouble_of_the_server_is_not_the_picture_s(name, workspace, sent) -> None:
    """503: the client may try again; where the portfolio lies is told to the log alone."""
    (workspace.home.folder / "portfolio.sqlite3").write_bytes(b"no portfolio" * 100)
    with pytest.raises(Refusal) as refused:
        asked(workspace, sent)[name]()
    assert (refused.value.code, refused.value.status) == ("not-ready", 503)
    assert str(workspace.home.folder) not in refused.value.detail
    assert str(workspace.home.folder) in refused.value.cause


def test_no_client_learns_which_server_holds_the_portfolio(workspace, sent) -> None:
    """One that is out of reach."""
    pytest.importorskip("psycopg")
    away = replace(workspace, location="postgresql://127.0.0.1:1/art?tenant=lin")
    with pytest.raises(Refusal) as refused:
        asked(away, sent)["works"]()
    assert refused.value.code == "not-ready"
    assert "127.0.0.1" not in refused.value.detail
    assert "127.0.0.1:1" in refused.value.cause
