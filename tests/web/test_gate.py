"""Promises of ocguard.web.gate."""

from __future__ import annotations

import json
from typing import Any

import anyio
import pytest

from ocguard.web.gate import TOKEN, Gate
from ocguard.web.limits import Limits
from ocguard.web.tokens import Token, Tokens
from ocguard.web.traffic import Traffic

SECRET = "0123456789abcdef0123456789abcdef"
HEADERS = {"host": "127.0.0.1:8000", "authorization": f"Bearer {SECRET}"}


async def echo(scope, receive, send) -> None:
    """Answer with the body, and the scopes of the token."""
    message = await receive()
    scopes = ",".join(sorted(scope[TOKEN].scopes)).encode()
    await send({"type": "http.response.start", "status": 200, "headers": [(b"scopes", scopes)]})
    await send({"type": "http.response.body", "body": message["body"]})


class Client:
    """Sends requests through a gate to :func:`echo`."""

    def __init__(self, **limits: Any) -> None:
        import hashlib

        known = Token(hashlib.sha256(SECRET.encode()).digest(), frozenset({"check"}))
        self.lines: list[str] = []
        self.gate = Gate(echo, Tokens((known,)), Limits(**limits), Traffic(self.lines.append))

    async def send(self, *parts: bytes, query: bytes = b"", pause: float = 0, **headers: str):
        """Send a body in parts; None in place of a header leaves it out."""
        said = {**HEADERS, **{name.replace("_", "-"): text for name, text in headers.items()}}
        scope = {
            "type": "http",
            "method": "POST",
            "path": "/any",
            "query_string": query,
            "client": ("127.0.0.1", 1),
            "headers": [(n.encode(), t.encode()) for n, t in said.items() if t is not None],
        }
        waiting = list(parts) or [b""]
        told: list[dict[str, Any]] = []

        async def receive():
            await anyio.sleep(pause)
            part = waiting.pop(0)
            return {"type": "http.request", "body": part, "more_body": bool(waiting)}

        async def note(message) -> None:
            told.append(message)

        await self.gate(scope, receive, note)
        body = b"".join(one.get("body", b"") for one in told)
        return told[0]["status"], dict(told[0]["headers"]), body

    def ask(self, *parts: bytes, **more: Any):
        """Send one request."""

        async def once():
            return await self.send(*parts, **more)

        return anyio.run(once)


def code(body: bytes) -> str:
    """Return the code of a refusal."""
    return str(json.loads(body)["code"])


def test_a_body_of_two_lengths_is_refused_and_the_connection_closed() -> None:
    """What a proxy takes for the next request may be a part of it, and the other way round."""
    lengths = {"content_length": "4", "transfer_encoding": "chunked"}
    status, headers, body = Client().ask(b"ab", b"cd", **lengths)
    assert (status, code(body), headers[b"connection"]) == (400, "bad-request", b"close")


def test_an_admitted_request_arrives_whole() -> None:
    """In however many parts it came; the token's scopes come with it."""
    status, headers, body = Client().ask(b"ab", b"", b"cd")
    assert (status, headers[b"scopes"], body) == (200, b"check", b"abcd")
    assert headers[b"x-request-id"]


@pytest.mark.parametrize("header", [None, "", "Bearer wrong", f"Basic {SECRET}"])
def test_without_a_token_everything_is_401(header: str | None) -> None:
    """Before anything is said of what lies behind."""
    status, headers, body = Client().ask(authorization=header)
    assert (status, code(body)) == (401, "no-token")
    assert b"www-authenticate" in headers


@pytest.mark.parametrize(
    ("headers", "refusal"),
    [
        ({"host": "evil.example"}, (421, "foreign-host")),
        ({"origin": "https://evil.example"}, (403, "foreign-origin")),
        ({"cookie": "x" * 70_000}, (431, "headers-too-large")),
        ({"content_length": "1001"}, (413, "too-large")),
        ({"content_length": "-1"}, (413, "too-large")),
        ({"content_length": "many"}, (413, "too-large")),
    ],
)
def test_what_is_refused_at_the_gate(headers, refusal) -> None:
    """Each with its own status and code."""
    status, _, body = Client(body_bytes=1000).ask(**headers)
    assert (status, code(body)) == refusal


def test_a_token_in_the_address_is_refused() -> None:
    """Addresses stand in logs and histories."""
    client = Client()
    status, _, body = client.ask(query=f"access_token={SECRET}".encode())
    assert (status, code(body)) == (400, "token-in-url")
    assert SECRET not in client.lines[0]


def test_a_body_that_does_not_say_its_length_is_counted() -> None:
    """It is refused at its limit, wherever that falls."""
    status, _, body = Client(body_bytes=10).ask(b"12345", b"67890", b"1")
    assert (status, code(body)) == (413, "too-large")
    assert Client(body_bytes=10).ask(b"12345", b"67890")[0] == 200


def test_a_body_that_does_not_come_is_given_up() -> None:
    """A slow client holds no worker."""
    status, _, body = Client(body_seconds=0.05).ask(b"1", b"2", b"3", pause=0.04)
    assert (status, code(body)) == (408, "too-slow")


def test_a_token_that_asks_too_often_is_told_when_to_come_again() -> None:
    """In the header that clients know."""
    client = Client(rate_per_minute=2)
    answers = [client.ask() for _ in range(3)]
    assert [status for status, _, _ in answers] == [200, 200, 429]
    assert int(answers[2][1][b"retry-after"]) > 0


def test_more_requests_than_may_wait_are_refused() -> None:
    """At once: a queue without end helps nobody."""
    client, statuses = Client(concurrency=1), []
    entered, leave = anyio.Event(), anyio.Event()

    async def slow(scope, receive, send) -> None:
        entered.set()
        await leave.wait()
        await echo(scope, receive, send)

    async def first() -> None:
        statuses.append((await client.send())[0])

    async def both() -> None:
        client.gate._app = slow
        async with anyio.create_task_group() as group:
            group.start_soon(first)
            await entered.wait()
            statuses.append((await client.send())[0])
            leave.set()

    anyio.run(both)
    assert statuses == [429, 200]


def test_requests_that_are_still_coming_count_too() -> None:
    """Slow clients keep no more requests open than may be at work."""
    client, statuses = Client(concurrency=3), []

    async def ask() -> None:
        statuses.append((await client.send(b"1", b"2", pause=0.05))[0])

    async def all_at_once() -> None:
        async with anyio.create_task_group() as group:
            for _ in range(5):
                group.start_soon(ask)

    anyio.run(all_at_once)
    assert sorted(statuses) == [200, 200, 200, 429, 429]


def test_all_bodies_together_have_a_limit() -> None:
    """What one more part would exceed is refused; what is answered makes room again."""
    client, statuses = Client(body_bytes=6, bodies_bytes=10), []

    async def ask() -> None:
        statuses.append((await client.send(b"12", b"34", b"5", pause=0.02))[0])

    async def all_at_once() -> None:
        async with anyio.create_task_group() as group:
            for _ in range(4):
                group.start_soon(ask)
        await ask()

    anyio.run(all_at_once)
    assert 429 in statuses[:4]
    assert statuses[-1] == 200
    assert client.ask(b"123456")[0] == 200


def test_the_log_tells_of_a_refusal_by_its_code() -> None:
    """And never the token."""
    client = Client()
    client.ask(authorization="Bearer wrong-secret")
    told = json.loads(client.lines[0])
    assert (told["status"], told["code"]) == (401, "no-token")
    assert "wrong-secret" not in client.lines[0]
