"""How routes of the page answer: a page, a part of one, a picture, or another address."""

from __future__ import annotations

import zipfile
from collections.abc import Iterable
from pathlib import Path
from typing import Any, Final

from fastapi import Request, Response
from fastapi.responses import FileResponse, HTMLResponse, RedirectResponse

from ocguard.language.message import translated
from ocguard.web.gate import REQUEST
from ocguard.web.page.rendering import render
from ocguard.web.problems import refusal_of, response_of

__all__ = ["go_to", "jpeg", "page", "refused", "zipped"]

STAYS: Final = "private, max-age=3600, immutable"
"""How browsers may keep pictures: what an address shows never changes."""


def page(template: str, status: int = 200, **values: Any) -> Response:
    """Answer with a page."""
    return HTMLResponse(render(template, **values), status)


def jpeg(data: bytes, *, stays: bool = True) -> Response:
    """Answer with a picture; one that `stays` is kept by the browser for an hour."""
    headers = {"Cache-Control": STAYS if stays else "no-store"}
    return Response(data, headers=headers, media_type="image/jpeg")


def zipped(target: Path, paths: Iterable[Path], name: str) -> Response:
    """Answer with files in one, as they are: pictures shrink no further.

    Parameters
    ----------
    target : Path
        Where to put it; what is there is replaced.
    paths : iterable of Path
        The files.
    name : str
        What the browser calls it.
    """
    with zipfile.ZipFile(target, "w") as archive:
        for path in paths:
            archive.write(path, path.name)
    return FileResponse(target, media_type="application/zip", filename=name)


def go_to(address: str) -> Response:
    """Lead a browser on after it sent a form."""
    return RedirectResponse(address, 303)


async def refused(request: Request, error: Exception) -> Response:
    """Say in a page what went wrong and what to do; programs get the problem."""
    refusal = refusal_of(error)
    request.scope[REQUEST].code = refusal.code
    if "text/html" in request.headers.get("accept", ""):
        return page("problem.html", refusal.status, room="", detail=refusal.detail)
    return response_of(refusal, translated(refusal.detail))
