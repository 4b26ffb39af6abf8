"""Promises of ocguard.web.page.door."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field

import pytest
from starlette.datastructures import Headers
from starlette.responses import PlainTextResponse

from ocguard.web.page.door import HEADERS, Door

HOST = "http://127.0.0.1"


@dataclass
class Visitor:
    """Somebody before a door, with a cookie once he was given one."""

    door: Door
    cookie: str = ""
    status: int = 0
    headers: Headers = field(default_factory=Headers)
    text: str = ""

    def ask(self, path: str, method: str = "GET", host: str = "127.0.0.1") -> int:
        """Send one request, and remember the answer; gives its status."""
        self.text = ""

        async def receive():
            return {"type": "http.request", "body": b"", "more_body": False}

        async def send(message) -> None:
            if message["type"] == "http.response.start":
                self.status = message["status"]
                self.headers = Headers(raw=message["headers"])
            self.text += message.get("body", b"").decode()

        said = [(b"host", host.encode()), (b"cookie", self.cookie.encode())]
        path, _, query = path.partition("?")
        scope = {"type": "http", "method": method, "path": path, "query_string": query.encode()}
        asyncio.run(self.door({**scope, "headers": said}, receive, send))
        if given := self.headers.get("set-cookie"):
            self.cookie = given.partition(";")[0]
        return self.status


@pytest.fixture
def door() -> Door:
    """Stand before an application that tells what it was handed."""

    async def inside(scope, receive, send):
        handed = dict(scope["headers"]).get(b"authorization", b"").decode()
        await PlainTextResponse(handed)(scope, receive, send)

    return Door().before(inside)


@pytest.fixture
def visitor(door: Door) -> Visitor:
    """Somebody outside."""
    return Visitor(door)


def test_nothing_is_told_without_the_token(visitor: Visitor) -> None:
    """Whatever is asked for, there is a sentence for people, and no redirection."""
    for path in ("/", "/protect", "/files/page.css", "/?token=wrong", "/?ticket=", "/nothing"):
        assert visitor.ask(path) == 401
        assert "Start ocguard again, and it opens the page itself" in visitor.text
    assert visitor.ask("/end", "POST") == 401
    visitor.cookie = "ocguard=x; \x00"
    assert visitor.ask("/") == 401


def test_the_printed_address_opens_as_often_as_somebody_asks(door: Door, visitor: Visitor) -> None:
    """Then a cookie does, which no script reads and no other site sends."""
    address = door.address("")
    for _ in range(2):
        visitor.cookie = ""
        assert visitor.ask(address) == 200
        cookie = visitor.headers["set-cookie"]
        assert "HttpOnly" in cookie
        assert "SameSite=strict" in cookie
        assert address.partition("=")[2] not in cookie
        visitor.ask("/protect")
        assert visitor.text.startswith("Bearer ")
        assert door.tokens.find(visitor.text) is not None


def test_a_ticket_opens_once(door: Door, visitor: Visitor) -> None:
    """It stood in the arguments of a browser, where others can read it."""
    assert visitor.ask(door.address_once("")) == 200
    visitor.cookie = ""
    assert visitor.ask(door.address_once("")) == 401


def test_a_foreign_name_opens_nothing(door: Door, visitor: Visitor) -> None:
    """A name that leads here only for an attack (DNS rebinding) is not ours."""
    assert visitor.ask(door.address(""), host="evil.example") == 421
    assert not visitor.cookie


def test_every_answer_forbids_other_sites(door: Door, visitor: Visitor) -> None:
    """Locked or open."""
    for path in ("/protect", door.address(""), "/protect"):
        visitor.ask(path)
        assert {name: visitor.headers[name] for name in HEADERS} == HEADERS
        assert visitor.headers["cache-control"] == "no-store"


def test_two_doors_do_not_share_a_cookie(door: Door, visitor: Visitor) -> None:
    """Cookies know no ports: two pages of one computer would lock each other out."""
    visitor.ask(door.address(""))
    other = Visitor(Door().before(door), visitor.cookie)
    assert other.ask("/protect") == 401
    other.ask(other.door.address(""))
    assert visitor.cookie.partition("=")[0] != other.cookie.partition("=")[0]
