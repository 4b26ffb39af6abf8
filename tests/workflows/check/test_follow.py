"""Promises of a stream of suspects: every line is answered, and none of them stops it."""

from __future__ import annotations

import json

import pytest
from PIL import Image

import ocguard
from ocguard.portfolio import Place
from ocguard.workflows.check.follow import Asked, Following, follow, read_line
from ocguard.workflows.check.options import CheckOptions
from ocguard.workflows.engine.pool import LocalPool
from ocguard.workflows.home.permissions import permit, withdraw
from ocguard.workflows.home.workspace import Workspace


def test_a_line_is_a_path_a_url_of_a_file_or_an_object() -> None:
    """Whoever has paths alone writes paths; spaces belong to them."""
    assert read_line(b"a b.png\r\n") == Asked("a b.png")
    assert read_line(b"file:///tmp/a%20b.png\n") == Asked("/tmp/a b.png")
    said = {"path": "a.png", "url": "https://x.example/1", "account": "x:friend", "id": 7}
    place = Place("https://x.example/1", "x:friend")
    assert read_line(json.dumps(said).encode()) == Asked("a.png", place, 7)


@pytest.mark.parametrize(
    ("line", "says"),
    [
        (b'{"path": "a.png"', "no JSON object"),
        (b'{"\xff": 1}', "no JSON object"),
        (b"{" * 100_000, "no JSON object"),
        (b'{"id": 3}', "path must name a file"),
        (b'{"path": 5, "id": 3}', "path must name a file"),
        (b'{"path": "\\ud800.png", "id": 3}', "no file here can have"),
        (b'{"path": "a\\u0000.png", "id": 3}', "no file here can have"),
        (b"a\0.png", "no file here can have"),
        (b'{"path": "a.png", "paht": 1, "id": 3}', "unknown: paht"),
        (b'{"path": "a.png", "account": "nobody", "id": 3}', "PLATFORM:NAME"),
        (b'{"path": "a.png", "id": [1]}', "id must be"),
    ],
)
def test_a_line_that_is_none_says_why_and_keeps_its_id(line, says) -> None:
    """The answer can be told apart from others as far as the line could be read."""
    asked = read_line(line)
    assert says in asked.problem
    assert asked.request_id == (3 if b'"id": 3' in line else None)


def test_every_line_is_answered_in_its_place(gallery, tmp_path) -> None:
    """Bad lines and bad files among good ones; empty lines ask for nothing."""
    (tmp_path / "broken.png").write_bytes(b"broken")
    lines = [
        f"{gallery.out / 'cel.png'}\n".encode(),
        b"\n",
        b'{"path": 1}\n',
        b'{"path": "\\ud800", "id": "half"}\n',
        json.dumps({"path": str(tmp_path / "broken.png"), "id": "b"}).encode(),
        json.dumps({"path": str(gallery.art / "cel.png"), "id": "c"}).encode(),
    ]
    following = Following(Workspace.at(gallery.home))
    answers = list(follow(following, lines, LocalPool(1)))
    assert [one.id for one in answers] == [None, None, "half", "b", "c"]
    assert [one.verdict for one in answers] == ["identical", None, None, None, "identical"]
    assert "broken.png" in answers[3].error
    assert answers[4].to_dict()["id"] == "c"


def test_works_of_further_portfolios_are_found_while_these_are_there(
    gallery, tmp_path, drawings, monkeypatch
) -> None:
    """One that is gone is an error of every line; it is not made anew, to match nothing."""
    monkeypatch.setattr("ocguard.workflows.check.follow.LOOK_SECONDS", 0.0)
    further = tmp_path / "further.sqlite3"
    drawing = drawings.painterly(400, 300, 2)
    work = ocguard.Portfolio(further, home=tmp_path / "home").add(drawing)
    Image.fromarray(drawing).save(tmp_path / "copy.png")

    def lines():
        yield str(tmp_path / "copy.png").encode()
        further.unlink()
        yield str(tmp_path / "copy.png").encode()

    following = Following(Workspace.at(gallery.home), CheckOptions(also=(str(further),)))
    found, gone = follow(following, lines(), LocalPool(1))
    assert (found.work_id, found.portfolio) == (work.work_id, str(further))
    assert (gone.verdict, gone.status) == (None, "failed")
    assert not further.exists()


def test_works_that_are_registered_meanwhile_are_found(tmp_path, drawings, monkeypatch) -> None:
    """A stream runs for weeks; the portfolio grows."""
    monkeypatch.setattr("ocguard.workflows.check.follow.LOOK_SECONDS", 0.0)
    portfolio = ocguard.Portfolio(home=tmp_path)
    portfolio.add(drawings.cel(300, 220, 1))
    later = drawings.painterly(400, 300, 2)
    Image.fromarray(later).resize((320, 240)).save(tmp_path / "copy.png")

    def lines():
        yield str(tmp_path / "copy.png").encode()
        portfolio.add(later)
        yield str(tmp_path / "copy.png").encode()

    following = Following(Workspace.at(tmp_path))
    first, second = follow(following, lines(), LocalPool(1))
    assert (first.is_finding, second.is_finding) == (False, True)


def test_each_line_says_where_its_suspect_was_found(gallery) -> None:
    """One permission for one account; the other copy is a finding."""
    workspace = Workspace.at(gallery.home)
    work_id = gallery.protected("cel.png").work_id
    permission = permit(workspace, work_id, Place(account="x:stream-friend"))
    path = str(gallery.out / "cel.png")
    said = [{"path": path, "account": f"x:stream-{who}"} for who in ("friend", "thief")]
    lines = [json.dumps(one).encode() for one in said]
    answers = list(follow(Following(workspace), lines, LocalPool(1)))
    withdraw(workspace, permission.permission_id)
    assert [one.is_finding for one in answers] == [False, True]
