"""The page where a person saves copies of the secret key and of the portfolio."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from fastapi import APIRouter, Request, Response
from starlette.concurrency import run_in_threadpool

from ocguard.errors import OcguardError
from ocguard.portfolio import has_portfolio
from ocguard.web.page.answers import page
from ocguard.web.page.desk import Desk, desk_of
from ocguard.web.problems import Refusal
from ocguard.workflows.failures import explain
from ocguard.workflows.home.creator import export_key
from ocguard.workflows.home.places import copies_folder, free_path

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

    return _shown(desk, key=await run_in_threadpool(_saved, save))


@routes.post("/portfolio/copies/portfolio")
async def portfolio(request: Request) -> Response:
    """Save a copy of the portfolio that only this account can read."""
    desk = desk_of(request)

    def save(folder: Path) -> Path:
        return desk.portfolio.back_up(free_path(folder / "ocguard portfolio.sqlite3"))

    with desk.life.work():
        return _shown(desk, backup=await run_in_threadpool(_saved, save))


def _saved(save: Callable[[Path], Path]) -> str:
    """Save something in the folder for copies, and say where it lies."""
    folder = copies_folder()
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        return str(save(folder))
    except (OcguardError, OSError) as error:
        raise Refusal("not-ready", explain(error)) from error


def _shown(desk: Desk, key: str = "", backup: str = "") -> Response:
    return page(
        "copies.html",
        room="portfolio",
        key=key,
        backup=backup,
        folder=copies_folder(),
        has_works=has_portfolio(desk.workspace.location),
    )
