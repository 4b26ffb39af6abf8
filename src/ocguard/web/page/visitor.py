"""In which language a visitor of the page is answered, and how they choose another."""

from __future__ import annotations

from typing import Final

from fastapi import APIRouter, Request, Response
from starlette.datastructures import URL
from starlette.requests import HTTPConnection
from starlette.routing import Match
from starlette.types import Scope

from ocguard.language.choice import Language, chosen_language, known_language
from ocguard.web.page.answers import go_to

__all__ = ["language_of", "routes"]

COOKIE: Final = "ocguard-language"
"""Keeps what a visitor chose; a browser brings it to the next run too, on whatever port."""

YEAR_SECONDS: Final = 365 * 24 * 3600

routes = APIRouter()


def language_of(scope: Scope) -> Language:
    """Return the language of a visitor: chosen in the page, or the browser's, or the program's."""
    said = HTTPConnection(scope)
    accepted = said.headers.get("accept-language", "")
    tags = [said.cookies.get(COOKIE, ""), *_by_weight(accepted)]
    return known_language(tags) or chosen_language()


@routes.post("/language")
async def choose(request: Request) -> Response:
    """Keep the language that a visitor chose, and lead back to where they were."""
    form = await request.form()
    answer = go_to(_place_before(request))
    if (language := known_language([str(form.get("language", ""))])) is not None:
        answer.set_cookie(COOKIE, language, YEAR_SECONDS, httponly=True, samesite="strict")
    return answer


def _by_weight(accepted: str) -> list[str]:
    """Sort the tags of a header ``Accept-Language`` (RFC 9110), the dearest first."""
    weighed = []
    for one in accepted.split(","):
        tag, _, weight = one.partition(";q=")
        try:
            weighed.append((float(weight or 1), tag.strip()))
        except ValueError:
            continue
    return [tag for weight, tag in sorted(weighed, key=lambda one: -one[0]) if weight > 0]


def _place_before(request: Request) -> str:
    """Return the page that a form was on, or the nearest one above it that can be asked for."""
    before = URL(request.headers.get("referer", ""))
    path = before.path
    while path.strip("/"):
        asked = {"type": "http", "method": "GET", "path": path, "headers": []}
        if any(one.matches(asked)[0] is Match.FULL for one in request.app.routes):
            return f"{path}?{before.query}" if path == before.path and before.query else path
        path = path.rpartition("/")[0]
    return "/"
