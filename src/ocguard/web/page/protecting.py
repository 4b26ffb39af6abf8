"""The room of the page where pictures are protected: drop, look, protect, take away."""

from __future__ import annotations

from collections.abc import Mapping
from importlib import resources
from pathlib import Path
from typing import Any, Final

from fastapi import APIRouter, Request, Response
from pydantic import ValidationError
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import FormData, QueryParams

from ocguard.choices import STRENGTHS, VISIBLE_LAYOUTS
from ocguard.platforms.profile import PlatformProfile
from ocguard.web.api.choices import ProtectChoices
from ocguard.web.page import tasks
from ocguard.web.page.answers import go_to, jpeg, page, zipped
from ocguard.web.page.desk import Desk, desk_of
from ocguard.web.page.runs import Run, Step, run_of
from ocguard.web.problems import Refusal
from ocguard.workflows.home.platforms import known_profiles
from ocguard.workflows.protect.job import ProtectResult

__all__ = ["choices_of", "options_of", "routes"]

THUMB_PX: Final = 320
PREVIEW_PX: Final = 2400
RESULT_PX: Final = 4096
"""Long sides of pictures on the screen; larger ones are shown smaller, and labelled so."""

SAMPLE: Final = "sample.jpg"
"""A drawing of this project."""

CHOICES: Final = ("visible", "text", "opacity", "size", "color", "strength", "for", "recipient")
"""What the form asks, by the names of the command line's options."""

routes = APIRouter()


def choices_of(form: FormData | QueryParams) -> dict[str, str]:
    """Return what a form says; what was left as it is, or set to 0, is left out."""
    said = {name: str(form[name]).strip() for name in CHOICES if name in form}
    return {name: text for name, text in said.items() if text not in {"", "0"}}


def options_of(choices: Mapping[str, str]) -> dict[str, Any]:
    """Return choices as options of a protection.

    Raises
    ------
    Refusal
        One is impossible.
    """
    said: dict[str, Any] = dict(choices)
    if "for" in said:
        said["for"] = [said["for"]]
    try:
        return ProtectChoices.model_validate(said).options()
    except ValidationError as error:
        first = error.errors()[0]
        raise Refusal(
            "bad-option", "{name}: {problem}", name=first["loc"][0], problem=first["msg"]
        ) from error


@routes.get("/protect")
def show(request: Request, picture: str = "") -> Response:
    """Show what was dropped, and how the chosen picture would look."""
    return _shown(request, picture)


def _shown(request: Request, picture: str = "", problem: str = "", status: int = 200) -> Response:
    desk = desk_of(request)
    if any(name in request.query_params for name in CHOICES):
        desk.choices = choices_of(request.query_params)
    pictures = desk.art.pictures
    first = pictures[0] if pictures else None
    return page(
        "protect.html",
        status,
        room="protect",
        pictures=pictures,
        chosen=desk.art.find(picture) or first,
        choices=desk.choices,
        notice=desk.workspace.home.load_profile().credit,
        layouts=VISIBLE_LAYOUTS,
        strengths=STRENGTHS,
        platforms=_platforms(desk),
        refused=desk.art.take_refused(),
        at_work=[run for run in desk.runs.values() if run.is_active],
        problem=problem,
        preview_px=PREVIEW_PX,
        folder=desk.folder,
    )


@routes.post("/protect/pictures")
async def drop(request: Request) -> Response:
    """Take pictures that were dropped."""
    desk = desk_of(request)
    taken = await desk.drop(request, desk.art)
    return go_to(f"/protect?picture={taken[0].id}" if taken else "/protect")


@routes.post("/protect/sample")
async def take_sample(request: Request) -> Response:
    """Take the picture that comes with ocguard, so that nobody needs one of their own to try."""
    desk = desk_of(request)
    data = resources.files("ocguard.web.page").joinpath("static", SAMPLE).read_bytes()
    await desk.keep(desk.art, SAMPLE, data)
    return go_to("/protect")


@routes.post("/protect/pictures/clear")
async def clear(request: Request) -> Response:
    """Take all pictures off the tray; their files lie where they lay."""
    desk_of(request).art.clear()
    return go_to("/protect")


@routes.post("/protect/pictures/{picture_id}/remove")
async def remove(request: Request, picture_id: str) -> Response:
    """Take one picture off the tray."""
    desk_of(request).art.remove(picture_id)
    return go_to("/protect")


@routes.get("/protect/pictures/{picture_id}/before")
async def before(request: Request, picture_id: str, px: int = PREVIEW_PX) -> Response:
    """Show a picture as it is."""
    desk = desk_of(request)
    one = desk.picture(desk.art, picture_id)
    return jpeg(await desk.run(tasks.show, one.path, one.name, min(max(px, 1), RESULT_PX)))


@routes.get("/protect/pictures/{picture_id}/after")
async def after(request: Request, picture_id: str) -> Response:
    """Show a picture as its visible mark would leave it."""
    desk = desk_of(request)
    one = desk.picture(desk.art, picture_id)
    options = options_of(choices_of(request.query_params))
    given = desk.workspace, options, one.path, one.name, PREVIEW_PX
    return jpeg(await desk.run(tasks.preview, *given), stays=False)


@routes.post("/protect/runs")
async def start(request: Request) -> Response:
    """Begin to protect everything on the tray."""
    desk = desk_of(request)
    desk.choices = choices_of(await request.form())
    pictures = desk.art.pictures
    if not pictures:
        return go_to("/protect")
    try:
        options = options_of(desk.choices)
        names = [(one.path, one.name) for one in pictures]
        outputs = await desk.run(tasks.planned, desk.workspace, options, desk.folder, names)
    except Refusal as refusal:
        return await run_in_threadpool(_shown, request, "", refusal.detail, refusal.status)
    places = dict(zip((one.id for one in pictures), outputs, strict=True))

    async def protect(step: Step) -> ProtectResult:
        one = step.picture
        given = one.path, one.name, places[one.id], desk.limits.pixels
        result: ProtectResult = await desk.run(tasks.protect, desk.workspace, options, *given)
        return result

    run = run_of(pictures)
    desk.runs[run.id] = run
    desk.begin(run, protect)
    return go_to(f"/protect/runs/{run.id}")


@routes.get("/protect/runs/{run_id}")
def follow(request: Request, run_id: str, picture: str = "") -> Response:
    """Show how far a protection is, and what came of it."""
    desk = desk_of(request)
    return page("protected.html", room="protect", **_told(desk, run_id, picture))


@routes.get("/protect/runs/{run_id}/progress")
def progress(request: Request, run_id: str) -> Response:
    """Show the same as a part of the page, until it is done; then the page is loaded again."""
    desk = desk_of(request)
    told = _told(desk, run_id, "")
    answer = page("protected_progress.html", **told)
    if not told["run"].is_active:
        answer.headers["HX-Refresh"] = "true"
    return answer


@routes.post("/protect/runs/{run_id}/cancel")
async def cancel(request: Request, run_id: str) -> Response:
    """Begin no further picture."""
    _run(desk_of(request), run_id).cancel()
    return go_to(f"/protect/runs/{run_id}")


@routes.get("/protect/runs/{run_id}/pictures/{picture_id}/after")
async def result(request: Request, run_id: str, picture_id: str, px: int = RESULT_PX) -> Response:
    """Show a protected picture: the file itself as it was written."""
    desk = desk_of(request)
    output = _output(_run(desk, run_id), picture_id)
    return jpeg(await desk.run(tasks.show, output, output.name, min(max(px, 1), RESULT_PX)))


@routes.get("/protect/runs/{run_id}/zip")
async def take_away(request: Request, run_id: str) -> Response:
    """Give all protected files in one."""
    desk = desk_of(request)
    outputs = [Path(step.result.output) for step in _protected(_run(desk, run_id))]
    target = desk.art.folder / f"{run_id}.zip"
    return await run_in_threadpool(zipped, target, outputs, "protected.zip")


def _platforms(desk: Desk) -> list[PlatformProfile]:
    """List where pictures can be posted."""
    return [one.profile for one in known_profiles(desk.workspace.home)]


def _run(desk: Desk, run_id: str) -> Run:
    if run_id not in desk.runs:
        raise Refusal("not-found", "this protection is no longer known: its files are saved")
    return desk.runs[run_id]


def _protected(run: Run) -> list[Step]:
    """List the steps that gave a file."""
    done = [step for step in run.steps if step.state == "done"]
    return [step for step in done if step.result.status in {"protected", "registered", "unchanged"}]


def _output(run: Run, picture_id: str) -> Path:
    for step in _protected(run):
        if step.picture.id == picture_id:
            return Path(step.result.output)
    raise Refusal("not-found", "there is no protected file of this picture")


def _told(desk: Desk, run_id: str, picture: str) -> dict[str, Any]:
    run = _run(desk, run_id)
    protected = _protected(run)
    chosen = [step for step in protected if step.picture.id == picture] or protected
    return {
        "run": run,
        "protected": protected,
        "chosen": chosen[0] if chosen else None,
        "folder": desk.folder,
        "titles": {one.name: one.title for one in _platforms(desk)},
        "result_px": RESULT_PX,
    }
