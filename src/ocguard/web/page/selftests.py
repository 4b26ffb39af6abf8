"""The room of the page where a person measures a platform: post pictures, download, drop them.

A test is a folder of pictures to post, and lives as long as that: whoever comes back with downloads
days later goes on there.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

from fastapi import APIRouter, Request, Response
from starlette.concurrency import run_in_threadpool

from ocguard.errors import OcguardError, PlatformError
from ocguard.imaging.files import find_pictures
from ocguard.platforms.profile_toml import require_name
from ocguard.web.page import tasks
from ocguard.web.page.answers import go_to, jpeg, page, zipped
from ocguard.web.page.desk import Desk, desk_of
from ocguard.web.page.platforms import known
from ocguard.web.page.runs import Step, run_of
from ocguard.web.page.tray import Dropped
from ocguard.web.problems import Refusal
from ocguard.workflows.failures import explain
from ocguard.workflows.platform.selftest import SelftestResult, profile_of, write_profile
from ocguard.workflows.platform.specimens import SPECIMENS

__all__ = ["routes"]

PREFIX: Final = "self-test "
"""Of the folders that tests are."""

THUMB_PX: Final = 320

routes = APIRouter(prefix="/platforms/tests")


@routes.get("")
def show(request: Request, name: str = "") -> Response:
    """Explain the test, ask for a name, and list the tests that were begun."""
    return _listed(desk_of(request), name)


@routes.post("")
async def begin(request: Request) -> Response:
    """Make the pictures to post; those of a test that was begun before stay as they are."""
    desk = desk_of(request)
    name = str((await request.form()).get("name", "")).strip()
    try:
        folder = _folder(desk, name)
    except Refusal:
        return _listed(desk, name, is_refused=True)
    by_name = {one.file_name: one for one in SPECIMENS}
    run = run_of([Dropped(one, one, folder / one) for one in by_name])

    async def make(step: Step) -> Path:
        given = desk.workspace, by_name[step.picture.name], folder
        path: Path = await desk.run(tasks.make_specimen, *given)
        return path

    if name not in desk.made or not desk.made[name].is_active:
        desk.made[name] = run
        desk.begin(run, make)
    return go_to(f"/platforms/tests/{name}")


@routes.get("/{name}")
def guide(request: Request, name: str) -> Response:
    """Show how far a test is, and what to do next."""
    return _guide(desk_of(request), name)


@routes.get("/{name}/making")
def making(request: Request, name: str) -> Response:
    """Show how far the pictures are as a part of the page; then the page is loaded again."""
    desk = desk_of(request)
    run = desk.made.get(name)
    answer = page("selftest_making.html", name=name, run=run)
    if run is None or not run.is_active:
        answer.headers["HX-Refresh"] = "true"
    return answer


@routes.get("/{name}/measured")
def measured(request: Request, name: str) -> Response:
    """Show what came back, as a part of the page."""
    return page("selftest_measured.html", name=name, **_measured(desk_of(request), name))


@routes.get("/{name}/pictures/{file}")
async def picture(request: Request, name: str, file: str) -> Response:
    """Show a picture to post, in small."""
    desk = desk_of(request)
    for path in await run_in_threadpool(_posted, _folder(desk, name)):
        if path.name == file:
            return jpeg(await desk.run(tasks.show, path, file, THUMB_PX), stays=False)
    raise Refusal("not-found", "there is no such picture in this test")


@routes.get("/{name}/zip")
async def take_away(request: Request, name: str) -> Response:
    """Give all pictures to post in one file."""
    desk = desk_of(request)
    paths = await run_in_threadpool(_posted, _folder(desk, name))
    target = desk.downloads.folder / f"{PREFIX}{name}.zip"
    return await run_in_threadpool(zipped, target, paths, target.name)


@routes.post("/{name}/pictures")
async def drop(request: Request, name: str) -> Response:
    """Take downloads, and begin to measure them."""
    desk = desk_of(request)
    folder = _folder(desk, name)
    steps = desk.measured.setdefault(name, {})
    taken = await desk.drop(request, desk.downloads)
    run = run_of([one for one in taken if one.id not in steps])
    steps |= {step.picture.id: step for step in run.steps}

    async def measure(step: Step) -> SelftestResult:
        one = step.picture
        given = desk.workspace, folder, one.path, one.name
        result: SelftestResult = await desk.run(tasks.measure, *given)
        return result

    desk.begin(run, measure)
    return go_to(f"/platforms/tests/{name}")


@routes.post("/{name}/pictures/clear")
async def clear(request: Request, name: str) -> Response:
    """Forget what came back; the pictures to post stay."""
    desk_of(request).measured.pop(name, None)
    return go_to(f"/platforms/tests/{name}")


@routes.post("/{name}/profile")
async def save(request: Request, name: str) -> Response:
    """Save what was measured, so that it counts as a platform from now on."""
    desk = desk_of(request)
    _folder(desk, name)
    overwrites = (await request.form()).get("overwrite") == "yes"
    path = desk.workspace.home.platforms_folder / f"{name}.toml"
    try:
        results = _results(desk, name)
        await run_in_threadpool(write_profile, path, name, results, overwrite=overwrites)
    except (OcguardError, OSError) as error:
        return await run_in_threadpool(_guide, desk, name, explain(error), 422)
    return go_to(f"/platforms/profiles/{name}")


def _listed(desk: Desk, name: str, *, is_refused: bool = False) -> Response:
    begun = sorted(one.name.removeprefix(PREFIX) for one in desk.folder.glob(f"{PREFIX}*/"))
    return page(
        "selftests.html",
        422 if is_refused else 200,
        room="platforms",
        name=name,
        is_refused=is_refused,
        begun=begun,
        folder=desk.folder,
    )


def _folder(desk: Desk, name: str) -> Path:
    """Name the folder of a test; `Refusal` for a name that no profile may have."""
    try:
        return desk.folder / f"{PREFIX}{require_name(name, 'self-test')}"
    except PlatformError as error:
        raise Refusal("not-found", error.message) from error


def _posted(folder: Path) -> list[Path]:
    """List the pictures to post, and those that a person put beside them."""
    return sorted(find_pictures([folder]).files) if folder.is_dir() else []


def _results(desk: Desk, name: str) -> list[SelftestResult]:
    """List what was measured, in the order in which it came."""
    done = [step for step in desk.measured.get(name, {}).values() if step.state == "done"]
    return [step.result for step in done]


def _guide(desk: Desk, name: str, problem: str = "", status: int = 200) -> Response:
    folder = _folder(desk, name)
    run = desk.made.get(name)
    posted = _posted(folder)
    if not posted and run is None:
        raise Refusal("not-found", "there is no self-test in {folder}: begin one", folder=folder)
    return page(
        "selftest.html",
        status,
        room="platforms",
        refused=desk.downloads.take_refused(),
        problem=problem,
        name=name,
        run=run,
        folder=folder,
        posted=[path.name for path in posted],
        **_measured(desk, name),
    )


def _measured(desk: Desk, name: str) -> dict[str, Any]:
    """Say what came back so far, and what that tells of the platform."""
    steps = list(desk.measured.get(name, {}).values())
    results = _results(desk, name)
    profile, unclear = None, ""
    try:
        if any(one.trip is not None for one in results):
            profile = profile_of(name, results)
    except PlatformError as error:
        unclear = error.message
    return {
        "steps": steps,
        "is_active": any(step.is_open for step in steps),
        "profile": profile,
        "unclear": unclear,
        "before": known(desk).get(name),
    }
