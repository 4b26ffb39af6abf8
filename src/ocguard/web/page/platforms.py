"""The room of the page that tells what platforms do to pictures, and tries it."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

from fastapi import APIRouter, Request, Response
from starlette.concurrency import run_in_threadpool

from ocguard.errors import OcguardError
from ocguard.imaging.kinds import HEAD_BYTES, format_of
from ocguard.platforms.profile import PlatformProfile
from ocguard.platforms.simulation import reason_to_refuse
from ocguard.portfolio import has_portfolio
from ocguard.web.page import tasks
from ocguard.web.page.answers import go_to, jpeg, page
from ocguard.web.page.desk import Desk, desk_of
from ocguard.web.page.tray import Dropped
from ocguard.web.problems import Refusal
from ocguard.workflows.home.platforms import KnownProfile, known_profiles
from ocguard.workflows.platform.trial import newest_protected

__all__ = ["known", "routes"]

SHOWN_PX: Final = 2400
"""Long side of pictures on the screen."""

routes = APIRouter()


def known(desk: Desk) -> dict[str, KnownProfile]:
    """Return every profile by its name; those that the creator measured or wrote come first."""
    try:
        found = known_profiles(desk.workspace.home)
    except OcguardError as error:
        raise Refusal("not-ready", error.message) from error
    return {one.profile.name: one for one in sorted(found, key=lambda one: one.file is None)}


@routes.get("/platforms")
def show(request: Request) -> Response:
    """Show all platforms, with what they do in a few words."""
    return page("platforms.html", room="platforms", known=known(desk_of(request)).values())


@routes.get("/platforms/profiles/{name}")
def one(request: Request, name: str) -> Response:
    """Show what is known of a platform, and what it would make of a picture."""
    desk = desk_of(request)
    found = _found(desk, name)
    return page(
        "platform.html",
        room="platforms",
        refused=desk.tries.take_refused(),
        known=found,
        problem="",
        **_tried(desk, found.profile),
    )


@routes.post("/platforms/profiles/{name}/pictures")
async def drop(request: Request, name: str) -> Response:
    """Take a picture to try on platforms, in the place of the one before."""
    desk = desk_of(request)
    before = desk.tries.pictures
    if await desk.drop(request, desk.tries):
        for picture in before:
            desk.tries.remove(picture.id)
    return go_to(f"/platforms/profiles/{name}")


@routes.get("/platforms/profiles/{name}/trial")
async def trial(request: Request, name: str) -> Response:
    """Tell what is left of the picture, as a part of the page."""
    desk = desk_of(request)
    profile = _found(desk, name).profile
    problem = ""
    try:
        await _try(desk, profile)
    except Refusal as refusal:
        problem = refusal.detail
    tried = await run_in_threadpool(_tried, desk, profile)
    return page("platform_trial.html", problem=problem, **tried)


@routes.post("/platforms/profiles/{name}/trial")
async def try_out(request: Request, name: str) -> Response:
    """Try the picture for a browser without scripts."""
    desk = desk_of(request)
    await _try(desk, _found(desk, name).profile)
    return go_to(f"/platforms/profiles/{name}")


@routes.get("/platforms/profiles/{name}/posted")
async def posted(request: Request, name: str) -> Response:
    """Show the picture as it would be posted."""
    desk = desk_of(request)
    _found(desk, name)
    picture = await run_in_threadpool(_picture, desk)
    return jpeg(await desk.run(tasks.show, picture.path, picture.name, SHOWN_PX), stays=False)


@routes.get("/platforms/profiles/{name}/served")
async def served(request: Request, name: str) -> Response:
    """Show the picture as the platform would serve it."""
    desk = desk_of(request)
    profile = _found(desk, name).profile
    picture = await run_in_threadpool(_picture, desk)
    given = profile, picture.path, picture.name, SHOWN_PX
    return jpeg(await desk.run(tasks.show_served, *given), stays=False)


def _found(desk: Desk, name: str) -> KnownProfile:
    if name not in (profiles := known(desk)):
        raise Refusal("not-found", "there is no such platform")
    return profiles[name]


def _picture_or_none(desk: Desk) -> Dropped | None:
    """Return what was dropped last, else the file that was protected last."""
    if desk.tries.pictures:
        return desk.tries.pictures[-1]
    if not has_portfolio(desk.workspace.location):
        return None
    with desk.workspace.open_store() as store:
        found = newest_protected(store)
    if found is None:
        return None
    path = Path(found.output)
    picture_id = f"{found.output_sha256}@{path}"
    return Dropped(picture_id, path.name, path, found.width, found.height)


def _picture(desk: Desk) -> Dropped:
    if (picture := _picture_or_none(desk)) is None:
        raise Refusal("not-found", "there is no picture to try: drop one")
    return picture


def _tried(desk: Desk, profile: PlatformProfile) -> dict[str, Any]:
    """Say what is tried, and what came of it if that is known already."""
    picture = _picture_or_none(desk)
    done = desk.trials.get((profile, picture.id)) if picture else None
    return {
        "profile": profile,
        "picture": picture,
        "trial": done,
        "is_cut": picture is not None and _is_cut(profile, picture),
        "is_refused": picture is not None and _is_refused(profile, picture),
    }


def _is_cut(profile: PlatformProfile, picture: Dropped) -> bool:
    """Tell whether the platform shows a part of a picture only."""
    crops = [stage.crop for stage in profile.stages if stage.crop]
    aspect = picture.width / picture.height
    return any(not one.min_aspect <= aspect <= one.max_aspect for one in crops)


def _is_refused(profile: PlatformProfile, picture: Dropped) -> bool:
    """Tell whether the platform would not take a picture."""
    with picture.path.open("rb") as stream:
        file_format = format_of(stream.read(HEAD_BYTES)) or ""
    size, size_bytes = (picture.width, picture.height), picture.path.stat().st_size
    return bool(reason_to_refuse(profile.upload, file_format, size, size_bytes))


async def _try(desk: Desk, profile: PlatformProfile) -> None:
    """Try the picture on a platform, once."""
    picture = await run_in_threadpool(_picture, desk)
    key = profile, picture.id
    if key not in desk.trials:
        given = desk.workspace, profile, picture.path, picture.name, desk.limits.pixels
        desk.trials[key] = await desk.run(tasks.try_out_on, *given)
