"""How routes of the page answer: a page, a part of one, a picture, or another address."""

from __future__ import annotations

from typing import Any, Final

from fastapi import Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse

from ocguard.web.gate import REQUEST
from ocguard.web.page.rendering import render
from ocguard.web.problems import refusal_of, response_of

__all__ = ["go_to", "jpeg", "page", "refused"]

STAYS: Final = "private, max-age=3600, immutable"
"""How browsers may keep pictures: what an address shows never changes."""


def page(template: str, status: int = 200, **values: Any) -> Response:
    """Answer with a page."""
    return HTMLResponse(render(template, **values), status)


def jpeg(data: bytes, *, stays: bool = True) -> Response:
    """Answer with a picture; one that `stays` is kept by the browser for an hour."""
    headers = {"Cache-Control": STAYS if stays else "no-store"}
    return Response(data, headers=headers, media_type="image/jpeg")


def go_to(address: str) -> Response:
    """Lead a browser on after it sent a form."""
    return RedirectResponse(address, 303)


async def refused(request: Request, error: Exception) -> Response:
    """Say in a page what went wrong and what to do; programs get the problem."""
    refusal = refusal_of(error)
    request.scope[REQUEST].code = refusal.code
    if "text/html" in request.headers.get("accept", ""):
        return page("problem.html", refusal.status, room="", detail=refusal.detail)
    return response_of(refusal)
