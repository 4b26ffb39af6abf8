"""The routes of the JSON API: what is asked, who may ask, and what answers."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Annotated, Any, Final, Protocol
from uuid import uuid4

from fastapi import Depends, FastAPI, Query, Request, Response
from fastapi.responses import JSONResponse, StreamingResponse
from fastapi.routing import APIRoute
from fastapi.security import HTTPBearer
from starlette.routing import Match
from starlette.types import Receive, Scope, Send

from ocguard.web.api import tasks
from ocguard.web.api.admission import needs
from ocguard.web.api.answers import Kept, kept_answer
from ocguard.web.api.choices import ProtectChoices
from ocguard.web.api.openapi import (
    FINGERPRINT,
    IDEMPOTENCY_KEY,
    LINES,
    ONE_PICTURE,
    PICTURES,
    describe_records,
    described,
    health_answer,
    list_answer,
    metrics_answer,
    protect_answer,
    record_answer,
)
from ocguard.web.api.pictures import Sent, read_fingerprint, read_pictures
from ocguard.web.api.places import shown_to
from ocguard.web.gate import REQUEST, TOKEN
from ocguard.web.limits import Limits
from ocguard.web.problems import REFUSED, Refusal, mistake, refusal_of, response_of
from ocguard.web.traffic import METRICS_TYPE, Traffic
from ocguard.web.workers import Workers
from ocguard.workflows.check.detect import DetectResult
from ocguard.workflows.check.fingerprints import FingerprintResult
from ocguard.workflows.check.results import CheckResult
from ocguard.workflows.home.work_result import WorkResult
from ocguard.workflows.home.workspace import Workspace

__all__ = ["make_api"]

MAX_WORKS: Final = 500
"""Most works of one page of the list."""


class _Told(Protocol):
    """What a workflow says about one picture."""

    @property
    def error(self) -> str | None:
        """Why it failed."""

    def to_dict(self) -> dict[str, Any]:
        """Give the JSON record."""


class _Route(APIRoute):
    """Takes ``HEAD`` where it takes ``GET``, RFC 9110: the same, and the server sends no body."""

    def matches(self, scope: Scope) -> tuple[Match, Scope]:
        return super().matches(_as_get(scope))

    async def handle(self, scope: Scope, receive: Receive, send: Send) -> None:
        await super().handle(_as_get(scope), receive, send)


def _as_get(scope: Scope) -> Scope:
    """Return a scope in which ``HEAD`` is ``GET``; the server goes on to know what was asked."""
    return {**scope, "method": "GET"} if scope["method"] == "HEAD" else scope


@dataclass(frozen=True)
class _Api:
    """What the routes share."""

    workspace: Workspace
    limits: Limits
    traffic: Traffic
    workers: Workers
    at_work: set[str] = field(default_factory=set)

    async def run(self, function: Callable[..., Any], *given: Any) -> Any:
        """Call a task in a worker within the time for one picture."""
        try:
            return await self.workers.run(self.limits.picture_seconds, function, *given)
        except Refusal as refusal:
            raise mistake(refusal.detail) if refusal.code == "failed" else refusal from refusal

    async def each(
        self,
        request: Request,
        sent: Sequence[Sent],
        function: Callable[..., _Told],
        failed: Callable[..., _Told],
        *given: Any,
    ) -> Response:
        """Answer one picture with its record, several with a line each as they are done."""
        if len(sent) > 1:
            return StreamingResponse(
                self._lines(request, sent, function, failed, given), media_type=LINES
            )
        told = await self.run(function, *given, sent[0], self.limits.pixels)
        if told.error is not None:
            raise Refusal("picture-failed", told.error)
        return JSONResponse(shown_to(request, told.to_dict()))

    async def _lines(
        self,
        request: Request,
        sent: Sequence[Sent],
        function: Callable[..., _Told],
        failed: Callable[..., _Told],
        given: tuple[Any, ...],
    ) -> AsyncIterator[bytes]:
        for one in sent:
            try:
                told = await self.run(function, *given, one, self.limits.pixels)
            except Refusal as refusal:
                request.scope[REQUEST].cause = refusal.cause
                told = failed(one.name, error=refusal.detail)
            yield json.dumps(shown_to(request, told.to_dict())).encode() + b"\n"


def make_api(workspace: Workspace, limits: Limits, traffic: Traffic, processes: int) -> FastAPI:
    """Make the application; a :class:`~ocguard.web.gate.Gate` belongs around it.

    Parameters
    ----------
    workspace : Workspace
        Whose key and works.
    limits : Limits
        How much one request may take.
    traffic : Traffic
        What ``/metrics`` tells.
    processes : int
        How many pictures are worked on at a time.
    """

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        workers = Workers(processes, tasks.warm_up)
        app.state.api = _Api(workspace, limits, traffic, workers)
        try:
            yield
        finally:
            workers.close()

    app = FastAPI(
        title="ocguard",
        version=_version(),
        lifespan=lifespan,
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
        default_response_class=Response,
        generate_unique_id_function=_route_name,
        dependencies=[Depends(HTTPBearer(auto_error=False))],
    )
    app.router.route_class = _Route
    for kind in REFUSED:
        app.add_exception_handler(kind, _refused)
    _add_asking(app)
    _add_looking(app)
    _add_protecting(app)
    describe_records(app)
    return app


def _route_name(route: APIRoute) -> str:
    """Name a route for programs that are made from the description."""
    return route.name


def _version() -> str:
    from importlib.metadata import version

    return version("ocguard")


def _api(request: Request) -> _Api:
    api: _Api = request.app.state.api
    return api


async def _refused(request: Request, error: Exception) -> Response:
    """Answer with a problem, whatever kept a request from its answer."""
    refusal = refusal_of(error)
    request.scope[REQUEST].code, request.scope[REQUEST].cause = refusal.code, refusal.cause
    response = response_of(refusal)
    if refusal.status == 405:
        response.headers["Allow"] = ", ".join(_methods(request))
    return response


def _methods(request: Request) -> list[str]:
    """Name the methods that an address takes (RFC 9110, section 15.5.6): each has its route."""
    routes = [one for one in request.app.routes if isinstance(one, APIRoute)]
    path = getattr(request.scope.get("route"), "path", "")
    taken = {method for one in routes if one.path == path for method in one.methods or ()}
    return sorted(taken | ({"HEAD"} if "GET" in taken else set()))


def _add_asking(app: FastAPI) -> None:
    """Add the routes that ask about pictures."""

    @app.post(
        "/v1/check",
        dependencies=[needs("check")],
        responses=record_answer("check-2", is_for_each=True),
        openapi_extra=described(body={**PICTURES, **FINGERPRINT}),
    )
    async def check(request: Request) -> Response:
        """Compare suspects with the registered works; a fingerprint alone names candidates."""
        api = _api(request)
        text = await read_fingerprint(request)
        if text is not None:
            found = await api.run(tasks.check_by_fingerprint, api.workspace, text)
            return JSONResponse(shown_to(request, found))
        sent = await read_pictures(request)
        return await api.each(request, sent, tasks.check, CheckResult, api.workspace)

    @app.post(
        "/v1/detect",
        dependencies=[needs("check")],
        responses=record_answer("detect-2", is_for_each=True),
        openapi_extra=described(body=PICTURES),
    )
    async def detect(request: Request) -> Response:
        """Read the creator's invisible marks in pictures."""
        api = _api(request)
        return await api.each(
            request, await read_pictures(request), tasks.detect, DetectResult, api.workspace
        )

    @app.post(
        "/v1/fingerprint",
        dependencies=[needs()],
        responses=record_answer("fingerprint-1", is_for_each=True),
        openapi_extra=described(body=PICTURES),
    )
    async def fingerprint(request: Request) -> Response:
        """Describe pictures for comparison elsewhere."""
        api = _api(request)
        sent = await read_pictures(request)
        return await api.each(request, sent, tasks.fingerprint, FingerprintResult)


def _add_looking(app: FastAPI) -> None:
    """Add the routes that show what is there."""

    @app.get(
        "/v1/works",
        dependencies=[needs()],
        responses=list_answer("works", "work-2", next={"type": ["string", "null"]}),
    )
    async def works(
        request: Request,
        after: Annotated[str, Query(pattern="^([0-9a-f]{16})?$")] = "",
        limit: Annotated[int, Query(ge=1, le=MAX_WORKS)] = 100,
    ) -> Response:
        """List registered works, oldest first, a page at a time."""
        api = _api(request)
        page, following = await api.run(tasks.works, api.workspace, after, limit)
        shown = [shown_to(request, one) for one in page]
        return JSONResponse({"works": shown, "next": following})

    @app.get("/v1/works/{work_id}", dependencies=[needs()], responses=record_answer("work-2"))
    async def work(request: Request, work_id: str) -> Response:
        """Show one work with its marks; the id may be cut short."""
        api = _api(request)
        shown = await api.run(tasks.work, api.workspace, work_id)
        return JSONResponse(shown_to(request, shown))

    @app.get(
        "/v1/platforms",
        dependencies=[needs()],
        responses=list_answer("platforms", "platform-1"),
    )
    async def platforms(request: Request) -> Response:
        """List the platforms that can be simulated."""
        api = _api(request)
        return JSONResponse({"platforms": await api.run(tasks.platforms, api.workspace)})

    @app.get("/v1/health", dependencies=[needs()], responses=health_answer())
    async def health() -> Response:
        """Say that this server answers."""
        return JSONResponse({"status": "ok", "version": _version()})

    @app.get("/metrics", dependencies=[needs()], responses=metrics_answer())
    async def metrics(request: Request) -> Response:
        """Give counts and times in Prometheus' text form."""
        return Response(_api(request).traffic.metrics(), media_type=METRICS_TYPE)


def _add_protecting(app: FastAPI) -> None:
    """Add the routes that mark and register."""

    @app.post(
        "/v1/works",
        dependencies=[needs("protect")],
        responses=record_answer("work-2", is_for_each=True),
        openapi_extra=described(body=PICTURES),
    )
    async def register(request: Request) -> Response:
        """Register works without marking them."""
        api = _api(request)
        sent = await read_pictures(request)
        return await api.each(request, sent, tasks.register, WorkResult, api.workspace)

    @app.post(
        "/v1/protect",
        dependencies=[needs("protect")],
        responses=protect_answer(),
        openapi_extra=described(IDEMPOTENCY_KEY, body=ONE_PICTURE),
    )
    async def protect(request: Request, choices: Annotated[ProtectChoices, Query()]) -> Response:
        """Mark one picture, declare the opt-out, and register it."""
        api = _api(request)
        sent = await read_pictures(request)
        if len(sent) > 1:
            raise Refusal("bad-request", "send one picture a request to protect it")
        options, key = choices.options(), request.headers.get("idempotency-key")
        kept = None if key is None else _kept(api, request, key, options, sent[0])
        async with _alone(api, kept):
            given = (api.workspace, options, sent[0], api.limits.pixels, kept)
            done = await api.run(tasks.protect, *given)
        is_multipart = "multipart/" in request.headers.get("accept", "")
        return _in_parts(done) if is_multipart else _with_header(done)


def _kept(api: _Api, request: Request, key: str, options: dict[str, Any], sent: Sent) -> Kept:
    """Name the place of the answer to a key."""
    import hashlib

    asked = {**options, "name": sent.name, "picture": hashlib.sha256(sent.data).hexdigest()}
    folder = api.workspace.home.folder / "answers"
    return kept_answer(folder, request.scope[TOKEN].digest, key, asked)


@asynccontextmanager
async def _alone(api: _Api, kept: Kept | None) -> AsyncIterator[None]:
    """Refuse a key while a request with it is being worked on."""
    name = "" if kept is None else kept.folder.name
    if name in api.at_work:
        raise Refusal("key-in-use", "wait for the answer, or ask again a little later", 1)
    try:
        api.at_work.update({name} - {""})
        yield
    finally:
        api.at_work.discard(name)


def _with_header(done: tasks.Protected) -> Response:
    """Answer with the picture, its record in a header."""
    headers = {"Ocguard-Record": json.dumps(done.record), "Vary": "Accept"}
    return Response(done.data, headers=headers, media_type=done.media_type)


def _in_parts(done: tasks.Protected) -> Response:
    """Answer with record and picture as two parts (RFC 2046)."""
    boundary = uuid4().hex
    parts = (("application/json", json.dumps(done.record).encode()), (done.media_type, done.data))
    body = b"".join(
        f"--{boundary}\r\nContent-Type: {kind}\r\nContent-Length: {len(data)}\r\n\r\n".encode()
        + data
        + b"\r\n"
        for kind, data in parts
    )
    body += f"--{boundary}--\r\n".encode()
    media_type = f"multipart/mixed; boundary={boundary}"
    return Response(body, headers={"Vary": "Accept"}, media_type=media_type)
