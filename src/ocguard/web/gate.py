"""What every request passes before anything of ours sees it: name, origin, token, limits.

The gate stands before the router, so that a path without a token says nothing of what is behind
it: everything answers 401. A body is read whole within its limits, so that slow and oversized ones
never reach the work.
"""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Collection
from contextlib import suppress
from typing import Any, Final
from urllib.parse import parse_qsl

import anyio
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from ocguard.web.hosts import require_own_host, require_own_origin
from ocguard.web.limits import Bucket, Limits
from ocguard.web.problems import Refusal, response_of
from ocguard.web.tokens import Token, Tokens
from ocguard.web.traffic import Request, Traffic

__all__ = ["REQUEST", "TOKEN", "Gate"]

TOKEN: Final = "ocguard.token"
"""Where the scope of an admitted request holds its token."""

REQUEST: Final = "ocguard.request"
"""Where it holds what the log will tell of it."""

LINGER_SECONDS: Final = 2.0
LINGER_BYTES: Final = 1 << 30
"""How long, and how much, the rest of a refused body is thrown away: a client that sends all before
it reads would find its connection closed, and not the refusal."""

_TOKEN_NAMES: Final = frozenset({"token", "access_token", "bearer", "authorization"})


class Gate:
    """An ASGI application around another one.

    Parameters
    ----------
    app : ASGI application
        Sees admitted requests alone.
    tokens : Tokens
        Who may ask.
    limits : Limits
        How much.
    traffic : Traffic
        Follows every request.
    names : collection of str
        Names that the server goes by.
    scheme : {"http", "https"}
        How clients reach it.
    """

    def __init__(
        self,
        app: ASGIApp,
        tokens: Tokens,
        limits: Limits,
        traffic: Traffic,
        *,
        names: Collection[str] = (),
        scheme: str = "http",
    ) -> None:
        self._app, self._tokens, self._limits, self._traffic = app, tokens, limits, traffic
        self._names, self._scheme = frozenset(names), scheme
        self._buckets: dict[bytes, Bucket] = defaultdict(lambda: Bucket(limits.rate_per_minute))
        self._at_work = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Admit or refuse one request."""
        if scope["type"] != "http":
            if scope["type"] == "lifespan":
                await self._app(scope, receive, send)
            return  # a web socket is closed by the server that finds it unanswered
        with self._traffic.watch(scope) as request:
            told = _Told(request, send)
            scope[REQUEST] = request
            try:
                scope[TOKEN] = self._admitted(scope, request)
                body = await self._body(scope, receive, request)
                await self._answered(scope, _replay(body, receive), told)
            except Refusal as refusal:
                if request.status:
                    raise
                await _linger(scope, receive)
                await response_of(refusal)(scope, receive, told)
                request.code = refusal.code

    def _admitted(self, scope: Scope, request: Request) -> Token:
        """Find the token of a request that may pass."""
        headers: dict[bytes, bytes] = dict(scope["headers"])
        require_own_host(headers, self._names)
        require_own_origin(headers, self._scheme)
        token = self._tokens.find(headers.get(b"authorization", b"").decode("latin-1"))
        if token is None:
            raise Refusal("no-token", "send the header 'Authorization: Bearer TOKEN'")
        request.token = token.name
        asked = {name.lower() for name, _ in parse_qsl(scope["query_string"].decode("latin-1"))}
        if asked & _TOKEN_NAMES:
            raise Refusal("token-in-url", "addresses are logged by others; use the header instead")
        if wait := self._buckets[token.digest].wait_seconds(time.monotonic()):
            raise Refusal("too-many-requests", "this token asks too often", wait)
        return token

    async def _body(self, scope: Scope, receive: Receive, request: Request) -> bytes:
        """Read the body within its limits."""
        most, seconds = self._limits.body_bytes, self._limits.body_seconds
        said = dict(scope["headers"]).get(b"content-length", b"0")
        too_large = Refusal("too-large", f"at most {most:,} bytes are taken")
        if not said.isdigit() or int(said) > most:
            raise too_large
        parts, length = [], 0
        with anyio.move_on_after(seconds):
            while True:
                message = await receive()
                if message["type"] == "http.disconnect":
                    raise Refusal("bad-request", "the client left before its body was there")
                part = message.get("body", b"")
                length += len(part)
                request.bytes_in = length
                if length > most:
                    raise too_large
                parts.append(part)
                if not message.get("more_body", False):
                    return b"".join(parts)
        raise Refusal("too-slow", f"the body was not there after {seconds:g} seconds")

    async def _answered(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let the application answer, unless too many requests wait already."""
        if self._at_work >= self._limits.concurrency:
            raise Refusal("too-many-requests", "too many requests are at work; try again", 1)
        self._at_work += 1
        try:
            await self._app(scope, receive, send)
        finally:
            self._at_work -= 1


class _Told:
    """Sends what the application sends, and notes what that was."""

    def __init__(self, request: Request, send: Send) -> None:
        self._request, self._send = request, send

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self._request.status = message["status"]
            name = (b"x-request-id", self._request.request_id.encode())
            safe = (b"x-content-type-options", b"nosniff")
            message = {**message, "headers": [*message.get("headers", ()), name, safe]}
        self._request.bytes_out += len(message.get("body", b""))
        await self._send(message)


def _replay(body: bytes, receive: Receive) -> Receive:
    """Give a body that was read already, and then what comes after it."""
    messages: list[Any] = [{"type": "http.request", "body": body, "more_body": False}]

    async def again() -> Message:
        return messages.pop() if messages else await receive()

    return again


async def _linger(scope: Scope, receive: Receive) -> None:
    """Throw away the rest of a refused body, for a while."""
    if any(name == b"expect" for name, _ in scope["headers"]):
        return  # this client waits for the answer before it sends
    left = LINGER_BYTES
    with anyio.move_on_after(LINGER_SECONDS), suppress(KeyError):
        while left > 0:
            message = await receive()
            left -= len(message["body"])
            if not message["more_body"]:
                return
