"""The room of the page where registered works are looked through, added and removed."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

from fastapi import APIRouter, Request, Response
from starlette.concurrency import run_in_threadpool

from ocguard.errors import PortfolioError
from ocguard.language.message import message_of
from ocguard.portfolio import has_portfolio
from ocguard.web.page import tasks
from ocguard.web.page.answers import go_to, jpeg, page
from ocguard.web.page.desk import Desk, desk_of
from ocguard.web.problems import Refusal
from ocguard.workflows.home.shelf import Shelf, file_name
from ocguard.workflows.home.works import is_carried

__all__ = ["routes"]

PAGE_WORKS: Final = 60
"""Works that are shown at once: some screens of them; further ones come as one scrolls."""

THUMB_PX: Final = 480
WORK_PX: Final = 1024
"""Long sides of a work among others and by itself; the portfolio keeps no larger picture."""

routes = APIRouter()


@routes.get("/portfolio")
def show(request: Request, words: str = "", behind: str = "") -> Response:
    """Show the newest works, or those with some words in their names."""
    desk = desk_of(request)
    return page(
        "portfolio.html",
        room="portfolio",
        refused=desk.works.take_refused(),
        removed=[(one.work_id, file_name(one.source)) for one in desk.removed.values()][::-1],
        is_first=not behind,
        **_listed(desk, words, behind),
    )


@routes.get("/portfolio/more")
def more(request: Request, words: str = "", behind: str = "") -> Response:
    """Show the works behind some, as a part of the page."""
    return page("portfolio_works.html", **_listed(desk_of(request), words, behind))


@routes.post("/portfolio/pictures")
async def register(request: Request) -> Response:
    """Register pictures that were dropped, without marking them."""
    desk = desk_of(request)
    works = []
    for one in await desk.drop(request, desk.works):
        given = desk.workspace, one.path, one.name, desk.limits.pixels
        try:
            works.append((await desk.run(tasks.register, *given)).work_id)
        except Refusal as refusal:
            desk.works.refuse(one, refusal.detail)
        desk.works.remove(one.id)
    return go_to(f"/portfolio/works/{works[0]}" if len(works) == 1 else "/portfolio")


@routes.get("/portfolio/works/{work_id}")
def work(request: Request, work_id: str) -> Response:
    """Show a work with the marks that were issued for it."""
    desk = desk_of(request)
    try:
        shown = desk.portfolio.show(work_id)
        with desk.workspace.open_store() as store:
            (record,) = store.works(shown.work_id or "")
    except PortfolioError as error:
        raise Refusal("not-found", message_of(error)) from error
    return page(
        "work.html",
        room="portfolio",
        work=shown,
        record=record,
        name=file_name(record.source),
        is_there=record.has_place and Path(record.source).exists(),
        marks=[(mark, is_carried(mark)) for mark in shown.marks],
        work_px=WORK_PX,
    )


@routes.post("/portfolio/works/{work_id}/remove")
async def remove(request: Request, work_id: str) -> Response:
    """Remove a work; until the page ends it can be taken back."""
    desk = desk_of(request)
    try:
        removed = await run_in_threadpool(desk.portfolio.take_out, work_id)
    except PortfolioError as error:
        raise Refusal("not-found", message_of(error)) from error
    desk.removed[removed.work_id] = removed
    return go_to("/portfolio")


@routes.post("/portfolio/works/{work_id}/put-back")
async def put_back(request: Request, work_id: str) -> Response:
    """Take a removed work back."""
    desk = desk_of(request)
    if work_id not in desk.removed:
        raise Refusal("not-found", "this work can no longer be taken back")
    await run_in_threadpool(desk.portfolio.put_back, desk.removed[work_id])
    del desk.removed[work_id]
    return go_to(f"/portfolio/works/{work_id}")


@routes.get("/portfolio/renditions/{sha256}")
async def rendition(request: Request, sha256: str, px: int = WORK_PX) -> Response:
    """Show the small picture that is kept of a work."""
    desk = desk_of(request)
    long_side_px = min(max(px, 1), WORK_PX)
    return jpeg(await desk.run(tasks.rendition, desk.workspace, sha256, long_side_px))


def _listed(desk: Desk, words: str, behind: str) -> dict[str, Any]:
    """List works; a portfolio may not be there yet."""
    shelf = Shelf((), 0, 0, "")
    if has_portfolio(desk.workspace.location):
        try:
            shelf = desk.portfolio.shelf(words, behind, PAGE_WORKS)
        except PortfolioError as error:
            raise Refusal("not-ready", message_of(error)) from error
    return {"shelf": shelf, "words": words, "thumb_px": THUMB_PX}
