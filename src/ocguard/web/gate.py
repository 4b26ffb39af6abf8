"""What every request passes before anything of ours sees it: name, origin, token, limits.

The gate stands before the router, so that a path without a token says nothing of what is behind
it: everything answers 401. A body is read whole within its limits, so that slow and oversized ones
never reach the work.
"""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import contextmanager, suppress
from typing import Any, Final

import anyio
from starlette.datastructures import QueryParams
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from ocguard.web.hosts import require_own_host, require_own_origin
from ocguard.web.limits import Bucket, Limits
from ocguard.web.problems import MAX_HEADER_BYTES, Refusal, headers_too_large, response_of
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
        self._at_work = self._held_bytes = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Admit or refuse one request."""
        if scope["type"] != "http":
            if scope["type"] == "lifespan":
                await self._app(scope, receive, send)
            return  # a web socket is closed by the server that finds it unanswered
        with self._traffic.watch(scope) as request:
            told = _Told(request, send)
            scope[REQUEST] = request
            body = _Body(scope, receive, request)
            try:
                scope[TOKEN] = self._admitted(scope, request)
                with self._counted(request):
                    data = await body.read(self._limits, self._hold)
                    await self._app(scope, _replay(data, receive), told)
            except Refusal as refusal:
                if request.status:
                    raise
                await body.discard()
                response = response_of(refusal)
                if _has_two_lengths(dict(scope["headers"])):
                    response.headers["Connection"] = "close"
                await response(scope, receive, told)
                request.code = refusal.code

    def _admitted(self, scope: Scope, request: Request) -> Token:
        """Find the token of a request that may pass."""
        headers: dict[bytes, bytes] = dict(scope["headers"])
        if sum(len(name) + len(value) for name, value in scope["headers"]) > MAX_HEADER_BYTES:
            raise headers_too_large()
        if _has_two_lengths(headers):
            raise Refusal("bad-request", "send Content-Length or Transfer-Encoding, not both")
        require_own_host(headers, self._names)
        require_own_origin(headers, self._scheme)
        token = self._tokens.find(headers.get(b"authorization", b"").decode("latin-1"))
        if token is None:
            raise Refusal("no-token", "send the header 'Authorization: Bearer TOKEN'")
        request.token = token.name
        asked = {name.lower() for name in QueryParams(scope["query_string"])}
        if asked & _TOKEN_NAMES:
            raise Refusal("token-in-url", "addresses are logged by others; use the header instead")
        if wait := self._buckets[token.digest].wait_seconds(time.monotonic()):
            raise Refusal("too-many-requests", "this token asks too often", wait)
        return token

    @contextmanager
    def _counted(self, request: Request) -> Iterator[None]:
        """Count a request among those at work, with its body; too many are refused."""
        if self._at_work >= self._limits.concurrency:
            raise Refusal("too-many-requests", "too many requests are at work; try again", 1)
        self._at_work += 1
        try:
            yield
        finally:
            self._at_work -= 1
            self._held_bytes -= request.bytes_in

    def _hold(self, count: int) -> None:
        """Count bytes of a body that came, and refuse what all bodies together make too much."""
        self._held_bytes += count
        if self._held_bytes > max(self._limits.bodies_bytes, self._limits.body_bytes):
            raise Refusal("too-many-requests", "too many bodies are on their way; try again", 1)


def _has_two_lengths(headers: Mapping[bytes, bytes]) -> bool:
    """Tell whether a body has two lengths (RFC 9112, section 6.1).

    A proxy that believes the other one takes a part of it for another client's request.
    """
    return {b"content-length", b"transfer-encoding"} <= headers.keys()


class _Body:
    """The body of a request while it comes."""

    def __init__(self, scope: Scope, receive: Receive, request: Request) -> None:
        headers = dict(scope["headers"])
        self._said = headers.get(b"content-length", b"0")
        self._waits_for_answer = b"expect" in headers
        self._receive, self._request, self._is_whole = receive, request, False

    async def read(self, limits: Limits, hold: Callable[[int], None]) -> bytes:
        """Read it within its limits, telling how much more of it is held."""
        too_large = Refusal(
            "too-large", "at most {limit:,} bytes are taken", limit=limits.body_bytes
        )
        if not self._said.isdigit() or int(self._said) > limits.body_bytes:
            raise too_large
        parts = []
        with anyio.move_on_after(limits.body_seconds):
            while not self._is_whole:
                parts.append(await self._part())
                hold(len(parts[-1]))
                if self._request.bytes_in > limits.body_bytes:
                    raise too_large
            return b"".join(parts)
        raise Refusal(
            "too-slow",
            "the body was not there after {seconds:g} seconds",
            seconds=limits.body_seconds,
        )

    async def discard(self) -> None:
        """Throw away the rest of it, for a while."""
        if self._waits_for_answer:
            return
        with anyio.move_on_after(LINGER_SECONDS), suppress(Refusal):
            while not self._is_whole and self._request.bytes_in < LINGER_BYTES:
                await self._part()

    async def _part(self) -> bytes:
        message = await self._receive()
        if message["type"] == "http.disconnect":
            self._is_whole = True
            raise Refusal("bad-request", "the client left before its body was there")
        part: bytes = message.get("body", b"")
        self._request.bytes_in += len(part)
        self._is_whole = not message.get("more_body", False)
        return part


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
