"""The page where a person saves copies of key and portfolio, and brings the portfolio back."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from fastapi import APIRouter, Request, Response
from starlette.concurrency import run_in_threadpool

from ocguard.errors import OcguardError, PortfolioError
from ocguard.portfolio import has_portfolio
from ocguard.web.page.answers import page
from ocguard.web.page.desk import Desk, desk_of
from ocguard.web.problems import Refusal
from ocguard.workflows.failures import explain
from ocguard.workflows.home.creator import export_key
from ocguard.workflows.home.places import copies_folder, free_path
from ocguard.workflows.home.restore import PortfolioCopy, Restored, copies_of, restore

__all__ = ["routes"]

routes = APIRouter()


@routes.get("/portfolio/copies")
def show(request: Request) -> Response:
    """Say why copies are needed, and offer them."""
    return _shown(desk_of(request))


@routes.post("/portfolio/copies/key")
async def key(request: Request) -> Response:
    """Save a copy of the secret key that only this account can read."""
    desk = desk_of(request)

    def save(folder: Path) -> Path:
        home = desk.workspace.home
        target = free_path(folder / f"ocguard key {home.load_key().key_id}.txt")
        export_key(home, target)
        return target

    saved = await run_in_threadpool(_saved, save)
    return await run_in_threadpool(_shown, desk, key=saved)


@routes.post("/portfolio/copies/portfolio")
async def portfolio(request: Request) -> Response:
    """Save a copy of the portfolio that only this account can read."""
    desk = desk_of(request)

    def save(folder: Path) -> Path:
        return desk.portfolio.back_up(free_path(folder / "ocguard portfolio.sqlite3"))

    with desk.life.work():
        saved = await run_in_threadpool(_saved, save)
    return await run_in_threadpool(_shown, desk, backup=saved)


@routes.post("/portfolio/copies/{copy_id}/restore")
async def bring_back(request: Request, copy_id: str) -> Response:
    """Make the portfolio what a copy holds."""
    desk = desk_of(request)
    copies = await run_in_threadpool(_copies, desk)
    wanted = next((one for one in copies if one.copy_id == copy_id), None)
    if wanted is None:
        raise Refusal("not-found", "this copy is no longer there: load the page again")
    with desk.life.work():
        try:
            done = await run_in_threadpool(restore, desk.workspace, wanted.path, overwrite=True)
        except (OcguardError, OSError) as error:
            raise Refusal("not-ready", explain(error)) from error
    desk.removed.clear()
    return await run_in_threadpool(_shown, desk, restored=done)


def _copies(desk: Desk) -> list[PortfolioCopy]:
    """List the copies that can be brought back; a portfolio on a server has none."""
    try:
        return copies_of(desk.workspace, [copies_folder()])
    except PortfolioError:
        return []


def _saved(save: Callable[[Path], Path]) -> str:
    """Save something in the folder for copies, and say where it lies."""
    folder = copies_folder()
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        return str(save(folder))
    except (OcguardError, OSError) as error:
        raise Refusal("not-ready", explain(error)) from error


def _shown(
    desk: Desk, key: str = "", backup: str = "", restored: Restored | None = None
) -> Response:
    return page(
        "copies.html",
        room="portfolio",
        key=key,
        backup=backup,
        restored=restored,
        copies=_copies(desk),
        folder=copies_folder(),
        has_works=has_portfolio(desk.workspace.location),
    )
