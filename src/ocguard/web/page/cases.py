"""What a person decides about finds on the page: permitted, not mine, a note; and all cases."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from fastapi import APIRouter, Request, Response
from starlette.concurrency import run_in_threadpool

from ocguard.choices import CASE_OUTCOMES
from ocguard.errors import OcguardError
from ocguard.portfolio import Case, has_portfolio, today
from ocguard.web.page.answers import go_to, page
from ocguard.web.page.checking import find_of, said_in, show_verdict, where_found
from ocguard.web.page.desk import desk_of
from ocguard.web.problems import Refusal
from ocguard.workflows.cases.book import close, list_cases, note
from ocguard.workflows.cases.deciding import note_find, permit_find, set_aside
from ocguard.workflows.failures import explain

__all__ = ["routes"]

SHOWN: Final = 200
"""Cases on the list, the newest first."""

routes = APIRouter()


@routes.post("/check/finds/{find_id}/permit")
async def permit(request: Request, find_id: str) -> Response:
    """Permit the account, or the address, to show what was found."""
    return await _decided(request, find_id, permit_find)


@routes.post("/check/finds/{find_id}/not-mine")
async def not_mine(request: Request, find_id: str) -> Response:
    """Set a find aside."""
    return await _decided(request, find_id, set_aside)


@routes.post("/check/finds/{find_id}/case")
async def keep(request: Request, find_id: str) -> Response:
    """Open a case about a find, or add a note to it."""
    return await _decided(request, find_id, note_find)


@routes.get("/check/cases")
def show(request: Request) -> Response:
    """List cases, the newest first."""
    workspace = desk_of(request).workspace
    cases = _told(list_cases, workspace) if has_portfolio(workspace.location) else []
    return page(
        "cases.html",
        room="check",
        cases=cases[: -SHOWN - 1 : -1],
        all=len(cases),
        today=today(),
        outcomes=CASE_OUTCOMES,
    )


@routes.post("/check/cases/{case_id}/note")
async def add_note(request: Request, case_id: str) -> Response:
    """Add a note to a case."""
    text = str((await request.form()).get("note", "")).strip()
    if text:
        await run_in_threadpool(_told, note, desk_of(request).workspace, case_id, text)
    return go_to("/check/cases")


@routes.post("/check/cases/{case_id}/close")
async def end(request: Request, case_id: str) -> Response:
    """Write down how a case ended."""
    outcome = str((await request.form()).get("outcome", ""))
    if outcome not in CASE_OUTCOMES:
        raise Refusal("bad-option", "choose how it ended")
    await run_in_threadpool(_told, close, desk_of(request).workspace, case_id, outcome)
    return go_to("/check/cases")


async def _decided(request: Request, find_id: str, decide: Callable[..., Case]) -> Response:
    """Keep a decision at once, and show the find with it; what is said wrongly is told there."""
    desk = desk_of(request)
    find = await run_in_threadpool(find_of, desk, find_id)
    said = said_in(await request.form())
    try:
        capture = where_found(said)
        await run_in_threadpool(_told, decide, desk.workspace, find, capture)
    except Refusal as refusal:
        return await show_verdict(desk, find_id, said, problem=refusal.detail)
    return go_to(f"/check/finds/{find_id}")


def _told(do: Callable[..., Any], *given: Any) -> Any:
    """Turn what goes wrong into a refusal that says it in words."""
    try:
        return do(*given)
    except (OcguardError, OSError, ValueError) as error:
        raise Refusal("bad-option", explain(error)) from error
