"""The way into the page: an address with a token becomes a cookie of this server's own.

The printed address holds the token, so that it can be opened as it stands. The answer sets a cookie
that scripts cannot read and that no other site can make a browser send, and leads on to an address
without the token. A browser that ocguard opens itself gets a ticket in place of the token, since
other accounts can read the arguments of a program: it opens the door once.

Behind the door stands the gate of every server of ours; the door hands it the token.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from typing import Final

from starlette.datastructures import MutableHeaders, QueryParams
from starlette.requests import HTTPConnection
from starlette.responses import HTMLResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from ocguard.language.choice import speaking
from ocguard.web.hosts import require_own_host
from ocguard.web.page.rendering import render
from ocguard.web.page.visitor import language_of
from ocguard.web.problems import Refusal, response_of
from ocguard.web.tokens import SCOPES, Token, Tokens

__all__ = ["Door"]

HEADERS: Final = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob:;"
        " connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    ),
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
}
"""What every answer forbids: other sites can neither be asked from the page nor look into it."""


class Door:
    """An ASGI application around a gate; made first, since the gate asks it for the token.

    Attributes
    ----------
    tokens : Tokens
        What the gate takes: the one token of this run.
    """

    def __init__(self) -> None:
        self._token, self._session = secrets.token_urlsafe(32), secrets.token_urlsafe(32)
        self._ticket = secrets.token_urlsafe(32)
        digest = hashlib.sha256(self._token.encode()).digest()
        self.tokens = Tokens((Token(digest, frozenset(SCOPES)),))
        self._cookie = f"ocguard-{self.tokens.known[0].name}"
        self._app: ASGIApp | None = None

    def before(self, gate: ASGIApp) -> Door:
        """Stand before a gate."""
        self._app = gate
        return self

    def address(self, url: str) -> str:
        """Return the address that opens the door as often as somebody asks."""
        return f"{url}/?token={self._token}"

    def address_once(self, url: str) -> str:
        """Return an address that opens the door once."""
        return f"{url}/?ticket={self._ticket}"

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let a request through, let a person in, or say where the door is."""
        if scope["type"] != "http":
            await self._through(scope, receive, send)
            return
        with speaking(language_of(scope)):
            await self._met(scope, receive, send)

    async def _met(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Meet a visitor, in their language."""

        async def told(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                headers.update(HEADERS)
                headers.setdefault("Cache-Control", "no-store")
            await send(message)

        if self._opens(scope):
            await self._entrance(scope)(scope, receive, told)
        elif self._is_inside(scope):
            bearer = (b"authorization", f"Bearer {self._token}".encode())
            inside = {**scope, "headers": [*scope["headers"], bearer]}
            await self._through(inside, receive, told)
        else:
            await HTMLResponse(render("locked.html"), 401)(scope, receive, told)

    async def _through(self, scope: Scope, receive: Receive, send: Send) -> None:
        if self._app is None:
            raise RuntimeError("a door stands before a gate: call before() first")
        await self._app(scope, receive, send)

    def _opens(self, scope: Scope) -> bool:
        """Tell whether a request brings the token, or the ticket for the first time."""
        if scope["method"] != "GET" or scope["path"] != "/":
            return False
        asked = QueryParams(scope["query_string"])
        if _is_same(asked.get("token", ""), self._token):
            return True
        is_ticket = bool(self._ticket) and _is_same(asked.get("ticket", ""), self._ticket)
        if is_ticket:
            self._ticket = ""
        return is_ticket

    def _entrance(self, scope: Scope) -> ASGIApp:
        """Give the cookie, and lead on from a page of ours: a redirect would not bring a cookie."""
        try:
            require_own_host(dict(scope["headers"]), ())
        except Refusal as refusal:
            return response_of(refusal)
        page = HTMLResponse(render("entrance.html"))
        page.set_cookie(self._cookie, self._session, httponly=True, samesite="strict")
        return page

    def _is_inside(self, scope: Scope) -> bool:
        """Tell whether a request brings the cookie."""
        brought = HTTPConnection(scope).cookies.get(self._cookie, "")
        return _is_same(brought, self._session)


def _is_same(text: str, secret: str) -> bool:
    """Compare in a time that says nothing of the secret."""
    return hmac.compare_digest(text.encode("utf-8", "surrogateescape"), secret.encode())
