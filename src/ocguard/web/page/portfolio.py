"""The room of the page where registered works are looked through, added and removed."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from types import MappingProxyType
from typing import Annotated, Any, Final, TypeVar, cast

from fastapi import APIRouter, Depends, Request, Response
from starlette.concurrency import run_in_threadpool

from ocguard.errors import PortfolioError
from ocguard.language.message import message_of
from ocguard.matching.decision.outcomes import FINDINGS
from ocguard.portfolio import MAX_TITLE_CHARACTERS, Store, has_portfolio
from ocguard.web.page import tasks
from ocguard.web.page.answers import go_to, jpeg, page
from ocguard.web.page.desk import Desk, desk_of
from ocguard.web.problems import Refusal
from ocguard.workflows.home.checks import checks_of
from ocguard.workflows.home.shelf import Kind, Shelf, Wanted, recipients, shelf
from ocguard.workflows.home.variants import known_variants
from ocguard.workflows.home.work_result import WorkResult, called
from ocguard.workflows.home.works import is_carried
from ocguard.workflows.sources import bare_name

__all__ = ["routes"]

PAGE_WORKS: Final = 60
"""Works that are shown at once: some screens of them; further ones come as one scrolls."""

THUMB_PX: Final = 480
WORK_PX: Final = 1024
"""Long sides of a work among others and by itself; the portfolio keeps no larger picture."""

SEARCH_SECONDS: Final = 1.5
"""How long variants are looked for at a time: previews and checks wait no longer than that."""

NOT_LOOKED_FOR: Final = MappingProxyType({"variants": None, "hindered": ""})
"""The variants of a work before they are asked for."""

Result = TypeVar("Result")

routes = APIRouter()


def _asked(words: str = "", kind: str = "all", recipient: str = "", group: str = "") -> Wanted:
    """Read from an address which works are wanted."""
    try:
        return Wanted(words, cast("Kind", kind), recipient, group)
    except ValueError as error:
        raise Refusal("bad-option", message_of(error)) from error


Asked = Annotated[Wanted, Depends(_asked)]
"""Which works the address of a request wants."""


@routes.get("/portfolio")
def show(request: Request, wanted: Asked, behind: str = "") -> Response:
    """Show the newest works, or those that are wanted."""
    desk = desk_of(request)
    return page(
        "portfolio.html",
        room="portfolio",
        refused=desk.works.take_refused(),
        removed=[(one.work_id, called(one.title, one.source)) for one in desk.removed.values()][
            ::-1
        ],
        is_first=not behind,
        recipients=_recipients(desk),
        **_listed(desk, wanted, behind),
    )


@routes.get("/portfolio/more")
def more(request: Request, wanted: Asked, behind: str = "") -> Response:
    """Show the works behind some, as a part of the page."""
    return page("portfolio_works.html", **_listed(desk_of(request), wanted, behind))


@routes.get("/portfolio/variants")
async def look_for_variants(request: Request, new: int = 0) -> Response:
    """Look for variants for a moment, and say how far that is, as a part of the page.

    The part asks again until all is done; so nothing is looked for where nobody waits.
    """
    desk = desk_of(request)
    try:
        search = await desk.run(tasks.look_further_for_variants, desk.workspace, SEARCH_SECONDS)
    except Refusal as refusal:
        return page("portfolio_variants.html", hindered=refusal.detail)
    return page("portfolio_variants.html", hindered="", search=search, new=new + search.new)


@routes.post("/portfolio/pictures")
async def register(request: Request) -> Response:
    """Register pictures that were dropped, without marking them."""
    desk = desk_of(request)
    works = [one.work_id for one in await _taken(request, desk, tasks.register)]
    return go_to(f"/portfolio/works/{works[0]}" if len(works) == 1 else "/portfolio")


@routes.get("/portfolio/works/{work_id}")
def work(request: Request, work_id: str) -> Response:
    """Show a work with its marks, its drafts, and the checks in which it was found."""
    return _shown(desk_of(request), work_id)


@routes.get("/portfolio/works/{work_id}/variants")
async def with_variants(request: Request, work_id: str) -> Response:
    """Show a work with its variants, for a page without scripts."""
    desk = desk_of(request)
    found = await _variants(desk, work_id)
    return await run_in_threadpool(_shown, desk, work_id, variants=found)


@routes.get("/portfolio/works/{work_id}/variants/row")
async def variants(request: Request, work_id: str) -> Response:
    """Show the variants of a work, as a part of its page."""
    found = await _variants(desk_of(request), work_id)
    return page("work_variants.html", thumb_px=THUMB_PX, **found)


async def _variants(desk: Desk, work_id: str) -> dict[str, Any]:
    """Look for the variants of a work; what hinders that is told in their place."""
    work = await run_in_threadpool(_found, desk, work_id)
    try:
        found = await desk.run(tasks.variants, desk.workspace, work.work_id)
    except Refusal as refusal:
        return {"variants": [], "hindered": refusal.detail}
    return {"variants": found, "hindered": ""}


@routes.post("/portfolio/works/{work_id}/rename")
async def rename(request: Request, work_id: str) -> Response:
    """Call a work by a title; without one it is called by the name of its file again."""
    desk = desk_of(request)
    title = str((await request.form()).get("title", ""))
    await run_in_threadpool(_found, desk, work_id)
    try:
        await run_in_threadpool(desk.portfolio.rename, work_id, title)
    except ValueError as error:
        problem = message_of(error)
        return await run_in_threadpool(_shown, desk, work_id, title=title, problem=problem)
    return go_to(f"/portfolio/works/{work_id}")


def _shown(
    desk: Desk,
    work_id: str,
    *,
    title: str = "",
    problem: str = "",
    variants: Mapping[str, Any] = NOT_LOOKED_FOR,
) -> Response:
    """Show a work; with a title that is none, and why; with its variants as `_variants` gives."""
    shown = _found(desk, work_id)
    with _opened(desk) as store:
        (record,) = store.works(shown.work_id or "")
        checks = checks_of(store, record.work_id)
    return page(
        "work.html",
        422 if problem else 200,
        room="portfolio",
        title=title or shown.title or "",
        problem=problem,
        max_title=MAX_TITLE_CHARACTERS,
        refused=desk.works.take_refused(),
        work=shown,
        record=record,
        is_there=record.has_place and Path(record.source).exists(),
        marks=[(mark, is_carried(mark)) for mark in shown.marks],
        drafts=[(draft, bare_name(draft.source)) for draft in shown.drafts],
        checks=checks,
        findings=FINDINGS,
        work_px=WORK_PX,
        thumb_px=THUMB_PX,
        **variants,
    )


@routes.post("/portfolio/works/{work_id}/pictures")
async def add_drafts(request: Request, work_id: str) -> Response:
    """Add pictures that led to a work."""
    desk = desk_of(request)
    await run_in_threadpool(_found, desk, work_id)
    await _taken(request, desk, tasks.add_draft, work_id)
    return go_to(f"/portfolio/works/{work_id}")


async def _taken(
    request: Request, desk: Desk, task: Callable[..., Result], *asked: object
) -> list[Result]:
    """Do something with each picture that was dropped; what goes wrong is told of it."""
    results = []
    for one in await desk.drop(request, desk.works):
        given = desk.workspace, *asked, one.path, one.name, desk.limits.pixels
        try:
            results.append(await desk.run(task, *given))
        except Refusal as refusal:
            desk.works.refuse(one, refusal.detail)
        desk.works.remove(one.id)
    return results


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


def _found(desk: Desk, work_id: str) -> WorkResult:
    """Show a work; a refusal when it is not there."""
    try:
        return desk.portfolio.show(work_id)
    except PortfolioError as error:
        raise Refusal("not-found", message_of(error)) from error


def _recipients(desk: Desk) -> list[str]:
    """Name who got copies; a portfolio may not be there yet."""
    if not has_portfolio(desk.workspace.location):
        return []
    with _opened(desk) as store:
        return recipients(store)


def _listed(desk: Desk, wanted: Wanted, behind: str) -> dict[str, Any]:
    """List works; a portfolio may not be there yet."""
    shown = Shelf((), 0, 0, "")
    if has_portfolio(desk.workspace.location):
        with _opened(desk) as store:
            shown = shelf(store, wanted, behind, PAGE_WORKS, known_variants(desk.workspace))
    return {"shelf": shown, "wanted": wanted, "thumb_px": THUMB_PX}


@contextmanager
def _opened(desk: Desk) -> Iterator[Store]:
    """Open the portfolio; a refusal says why that cannot be."""
    try:
        with desk.workspace.open_store() as store:
            yield store
    except PortfolioError as error:
        raise Refusal("not-ready", message_of(error)) from error
