"""Promises of ocguard.web.api.pictures."""

from __future__ import annotations

import anyio
import pytest
from fastapi import Request

from ocguard.web.api.pictures import BODY, Sent, read_fingerprint, read_pictures
from ocguard.web.problems import Refusal


def form(*names: str) -> tuple[bytes, str]:
    """Build a form with files of some names, each with its name as content."""
    head = '--xx\r\nContent-Disposition: form-data; name="p"; filename="{}"\r\n\r\n{}\r\n'
    body = "".join(head.format(name, name) for name in names)
    return f"{body}--xx--\r\n".encode(), "multipart/form-data; boundary=xx"


def read(reader, body: bytes, kind: str = "", **headers: str):
    """Let a reader read a request."""
    said = {"content-type": kind, **{n.replace("_", "-"): t for n, t in headers.items()}}
    raw = [(name.encode(), text.encode()) for name, text in said.items() if text]

    async def receive():
        return {"type": "http.request", "body": body, "more_body": False}

    async def call():
        return await reader(Request({"type": "http", "headers": raw}, receive))

    return anyio.run(call)


@pytest.mark.parametrize("kind", ["", "image/png", "application/x-www-form-urlencoded"])
def test_a_picture_comes_as_the_body(kind: str) -> None:
    """Whatever the client calls its kind: it is known by its content."""
    assert read(read_pictures, b"picture", kind) == [Sent(BODY, b"picture")]


def test_several_pictures_come_as_a_form() -> None:
    """In their order, even if the fields go by one name."""
    assert [one.name for one in read(read_pictures, *form("a.png", "b.png"))] == ["a.png", "b.png"]


@pytest.mark.parametrize("name", ["/etc/a.png", "..\\..\\a.png", "C:\\art\\a.png", "../a.png"])
def test_a_name_has_no_folders(name: str) -> None:
    """Neither this system's nor another's."""
    (sent,) = read(read_pictures, *form(name.replace("\\", "\\\\")))
    assert sent.name == "a.png"


@pytest.mark.parametrize(
    ("body", "kind", "headers", "code"),
    [
        (b"", "", {}, "bad-request"),
        (*form(), {}, "bad-request"),
        (b"x", "", {"content_encoding": "gzip"}, "wrong-media-type"),
    ],
)
def test_what_holds_no_picture_is_refused(body, kind, headers, code) -> None:
    """And it is said what to send."""
    with pytest.raises(Refusal) as refused:
        read(read_pictures, body, kind, **headers)
    assert refused.value.code == code


@pytest.mark.parametrize("lost", [1 + len("--xx--\r\n"), len("--xx--"), len("-\r\n")])
def test_a_form_that_is_cut_off_is_refused(lost: int) -> None:
    """Otherwise its last pictures would be missing without a word."""
    body, kind = form("a.png", "b.png")
    with pytest.raises(Refusal) as refused:
        read(read_pictures, body[:-lost], kind)
    assert refused.value.code == "bad-request"
    assert len(read(read_pictures, body.rstrip(), kind)) == 2


def test_a_fingerprint_comes_as_json() -> None:
    """Other bodies are pictures."""
    assert read(read_fingerprint, b'{"fingerprint": "f"}', "application/json") == "f"
    assert read(read_fingerprint, b"x", "image/png") is None


@pytest.mark.parametrize("body", [b"", b"[", b"[]", b"{}", b'{"fingerprint": 1}', b"[" * 100_000])
def test_json_without_a_fingerprint_is_refused(body: bytes) -> None:
    """However deep it is."""
    with pytest.raises(Refusal) as refused:
        read(read_fingerprint, body, "application/json")
    assert refused.value.code == "bad-request"
