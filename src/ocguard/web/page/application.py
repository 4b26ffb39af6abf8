"""The application of ``ocguard app``: rooms of the page, its files, its beginning and its end."""

from __future__ import annotations

import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from importlib import resources
from pathlib import Path
from typing import Any, Final

import anyio
from fastapi import FastAPI, Request, Response
from starlette.concurrency import run_in_threadpool

from ocguard.errors import OcguardError
from ocguard.language.message import message_of
from ocguard.web.limits import Limits
from ocguard.web.page import (
    cases,
    checking,
    copies,
    platforms,
    portfolio,
    protecting,
    selftests,
    tasks,
    visitor,
)
from ocguard.web.page.answers import go_to, page, refused
from ocguard.web.page.desk import Desk, desk_of
from ocguard.web.page.life import Life
from ocguard.web.page.tray import Tray
from ocguard.web.problems import REFUSED, Refusal
from ocguard.web.workers import Workers
from ocguard.workflows.home.workspace import Workspace
from ocguard.workflows.protect.look import scripts_without_font

__all__ = ["make_page"]

FILES: Final = {
    "page.css": "text/css",
    "page.js": "text/javascript",
    "compare.js": "text/javascript",
    "wall.js": "text/javascript",
    "htmx.min.js": "text/javascript",
    "icon.svg": "image/svg+xml",
}
"""The files beside the pages, and their kinds."""

TRAYS: Final = ("art", "finds", "works", "tries", "downloads")
"""Of the desk, in its order."""

LAST_SECONDS: Final = 0.5
"""How long a picture that is at work may take when the server was told to end by a signal."""

ROOMS: Final = ("/protect", "/check", "/portfolio", "/platforms")
"""What is behind the beginning."""


def make_page(
    workspace: Workspace, limits: Limits, life: Life, width: int, folder: Path
) -> FastAPI:
    """Make the application; a gate and a door belong around it.

    Parameters
    ----------
    workspace : Workspace
        Whose key and works.
    limits : Limits
        How much one request may take.
    life : Life
        When to end.
    width : int
        How many pictures are worked on at a time, beside a preview.
    folder : Path
        Where protected pictures and evidence go.
    """

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        workers = Workers(width + 1, tasks.warm_up)
        with tempfile.TemporaryDirectory(prefix="ocguard-") as kept:
            folders = [Path(kept) / name for name in TRAYS]
            for one in folders:
                one.mkdir()
            art, finds, works, tries, downloads = map(Tray, folders)
            try:
                async with anyio.create_task_group() as background:
                    shared = workspace, limits, life, workers, width, folder
                    trays = art, finds, works, tries, downloads
                    app.state.desk = Desk(*shared, *trays, background)
                    yield
                    background.cancel_scope.cancel()
                    workers.close_within(LAST_SECONDS)
            finally:
                workers.close()

    app = FastAPI(lifespan=lifespan, docs_url=None, redoc_url=None, openapi_url=None)
    for kind in REFUSED:
        app.add_exception_handler(kind, refused)
    _add_frame(app)
    _add_beginning(app)
    for room in (protecting, checking, cases, portfolio, copies, platforms, selftests, visitor):
        app.include_router(room.routes)

    @app.middleware("http")
    async def _begin(request: Request, call_next: Any) -> Response:
        """Lead to the beginning whoever has not said a name yet."""
        if request.url.path.startswith(ROOMS) and workspace.is_nameless:
            return go_to("/start")
        answer: Response = await call_next(request)
        return answer

    return app


def _add_frame(app: FastAPI) -> None:
    """Add what stands around the rooms."""

    @app.get("/")
    async def first() -> Response:
        return go_to("/protect")

    @app.get("/files/{name}")
    def file(name: str) -> Response:
        if name not in FILES:
            raise Refusal("not-found", "there is no such file")
        data = resources.files("ocguard.web.page").joinpath("static", name).read_bytes()
        headers = {"Cache-Control": "private, max-age=60"}
        return Response(data, headers=headers, media_type=FILES[name])

    @app.post("/pages/{page_id}")
    async def is_open(request: Request, page_id: str) -> Response:
        """Hear from an open page."""
        desk_of(request).life.open(page_id)
        return Response(status_code=204)

    @app.post("/pages/{page_id}/closed")
    async def is_closed(request: Request, page_id: str) -> Response:
        """Hear a page's goodbye."""
        desk_of(request).life.close(page_id)
        return Response(status_code=204)

    @app.post("/end")
    async def end(request: Request) -> Response:
        """End the server, unless pictures are at work; one that is only shown is none of them."""
        desk = desk_of(request)
        if place := desk.place_of_work:
            return page("busy.html", 409, room="", place=place)
        desk.life.end()
        return page("ended.html")


def _add_beginning(app: FastAPI) -> None:
    """Add the page of the first run."""

    @app.get("/start")
    def start(request: Request) -> Response:
        return _start(desk_of(request))

    @app.get("/start/font")
    def font(creator: str = "", notice: str = "") -> Response:
        """Say what of a name no installed font draws, while it is typed."""
        return page("font.html", scripts=scripts_without_font(notice.strip() or creator.strip()))

    @app.post("/start")
    async def begin(request: Request) -> Response:
        desk = desk_of(request)
        form = await request.form()
        name, notice = (str(form.get(one, "")).strip() for one in ("creator", "notice"))
        if not desk.workspace.is_nameless:
            return go_to("/protect")
        try:
            await run_in_threadpool(desk.workspace.introduce, name, notice)
        except (ValueError, OSError, OcguardError) as error:
            return _start(desk, name, notice, message_of(error), 422)
        return go_to("/protect")


def _start(
    desk: Desk, name: str = "", notice: str = "", problem: str = "", status: int = 200
) -> Response:
    if not desk.workspace.is_nameless:
        return go_to("/protect")
    return page("start.html", status, room="", name=name, notice=notice, problem=problem)
