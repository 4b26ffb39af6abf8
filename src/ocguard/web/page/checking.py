"""The room of the page where finds are checked: drop or paste, verdict, evidence, report."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Any, Final

from fastapi import APIRouter, Request, Response
from starlette.datastructures import FormData

from ocguard.language.choice import chosen_language
from ocguard.language.message import message_of
from ocguard.portfolio import today
from ocguard.report.evidence import Capture
from ocguard.report.page import declared_rows
from ocguard.web.page import tasks
from ocguard.web.page.answers import go_to, jpeg, page
from ocguard.web.page.desk import Desk, desk_of
from ocguard.web.page.runs import Step, run_of
from ocguard.web.page.tray import Dropped
from ocguard.web.problems import Refusal
from ocguard.workflows.cases.deciding import Find, Known
from ocguard.workflows.check.results import CheckResult
from ocguard.workflows.check.suspect_search import RANK
from ocguard.workflows.home.work_result import called
from ocguard.workflows.report.captures import capture_of
from ocguard.workflows.report.drawing import Drawn
from ocguard.workflows.report.gathering import Gathered

__all__ = ["find_of", "routes", "said_in", "show_verdict", "where_found"]

THUMB_PX: Final = 640

ORDER: Final = (*RANK, "no-match")
"""Verdicts, what needs eyes first at the top."""

SAID: Final = ("url", "account", "captured", "note")
"""What the form asks of where a picture was found."""

NOTHING_SAID: Final = MappingProxyType(dict.fromkeys(SAID, ""))

routes = APIRouter()


@routes.get("/check")
def show(request: Request) -> Response:
    """Show all finds with their verdicts."""
    desk = desk_of(request)
    return page(
        "check.html",
        room="check",
        refused=desk.finds.take_refused(),
        **_listed(desk),
    )


@routes.get("/check/progress")
def progress(request: Request) -> Response:
    """Show the list alone, for a page that follows it."""
    return page("check_list.html", **_listed(desk_of(request)))


@routes.post("/check/finds")
async def drop(request: Request) -> Response:
    """Take finds, and begin to check them."""
    desk = desk_of(request)
    taken = await desk.drop(request, desk.finds)
    known = desk.checked
    _begin(desk, [one for one in taken if one.id not in known or known[one.id].is_left])
    return go_to(f"/check/finds/{taken[0].id}" if len(taken) == 1 else "/check")


@routes.post("/check/finds/{find_id}/again")
async def again(request: Request, find_id: str) -> Response:
    """Check a find once more that could not be checked."""
    desk = desk_of(request)
    one = desk.picture(desk.finds, find_id)
    if desk.checked[find_id].is_left:
        _begin(desk, [one])
    return go_to(f"/check/finds/{find_id}")


def _begin(desk: Desk, finds: Sequence[Dropped]) -> None:
    """Begin to check finds."""
    run = run_of(finds)
    desk.checked |= {step.picture.id: step for step in run.steps}

    async def check(step: Step) -> CheckResult:
        one = step.picture
        given = desk.workspace, one.path, one.name, desk.limits.pixels
        result: CheckResult = await desk.run(tasks.check, *given)
        if result.verdict is not None:
            await _known(desk, one, result)
        return result

    desk.begin(run, check)


@routes.post("/check/finds/clear")
async def clear(request: Request) -> Response:
    """Forget all finds; saved evidence stays."""
    desk = desk_of(request)
    for step in desk.checked.values():
        if step.state == "waiting":
            step.state = "cancelled"
    desk.finds.clear()
    desk.checked.clear()
    desk.evidence.clear()
    desk.beside.clear()
    desk.decided.clear()
    return go_to("/check")


@routes.get("/check/finds/{find_id}")
async def verdict(request: Request, find_id: str) -> Response:
    """Show the verdict on a find with everything to look at."""
    return await show_verdict(desk_of(request), find_id)


@routes.get("/check/finds/{find_id}/thumb")
async def thumb(request: Request, find_id: str) -> Response:
    """Show a find in small."""
    desk = desk_of(request)
    one = desk.picture(desk.finds, find_id)
    return jpeg(await desk.run(tasks.show, one.path, one.name, THUMB_PX))


@routes.get("/check/finds/{find_id}/pictures/{name}")
async def picture(request: Request, find_id: str, name: str) -> Response:
    """Show one of the pictures that let a person see what agrees."""
    gathered = await _gathered(desk_of(request), find_id)
    return jpeg(_named(gathered.pictures, name))


def _named(pictures: Mapping[str, bytes], name: str) -> bytes:
    """Return a picture by what it shows; a refusal where there is none."""
    if name not in pictures:
        raise Refusal("not-found", "there is no such picture of this find")
    return pictures[name]


@routes.get("/check/finds/{find_id}/beside/{work_id}")
async def compare(request: Request, find_id: str, work_id: str) -> Response:
    """Show a find and a candidate, to be compared by hand."""
    desk = desk_of(request)
    one = desk.picture(desk.finds, find_id)
    candidates = _checked(desk, find_id).result.candidates
    drawn = await _beside(desk, find_id, work_id)
    return page(
        "beside.html",
        room="check",
        find=one,
        work=next(work for work in candidates if work.work_id == work_id),
        others=[work for work in candidates if work.work_id != work_id],
        called=called,
        drawn=drawn,
    )


@routes.get("/check/finds/{find_id}/beside/{work_id}/pictures/{name}")
async def compared(request: Request, find_id: str, work_id: str, name: str) -> Response:
    """Show one of the pictures by which a find and a candidate are compared."""
    drawn = await _beside(desk_of(request), find_id, work_id)
    return jpeg(_named(drawn.pictures, name))


@routes.post("/check/finds/{find_id}/report")
async def save(request: Request, find_id: str) -> Response:
    """Write the evidence into a folder of its own."""
    desk = desk_of(request)
    one = desk.picture(desk.finds, find_id)
    said = said_in(await request.form())
    try:
        capture = where_found(said)
        given = desk.workspace, one.path, one.name, desk.folder, capture, chosen_language()
        made: tasks.SavedReport = await desk.run(tasks.save_report, *given)
    except Refusal as refusal:
        return await show_verdict(desk, find_id, said, problem=refusal.detail)
    return await show_verdict(desk, find_id, said, saved=made)


def said_in(form: FormData) -> dict[str, str]:
    """Return what a person said of where they found a picture."""
    return {name: str(form.get(name, "")).strip() for name in SAID}


def where_found(said: Mapping[str, str]) -> Capture:
    """Read where a person found a picture; `Refusal` for what is no address or no time."""
    try:
        return capture_of(**said)
    except ValueError as error:
        raise Refusal("bad-option", message_of(error)) from error


def find_of(desk: Desk, find_id: str) -> Find:
    """Return a find that was checked."""
    one = desk.picture(desk.finds, find_id)
    return Find(one.name, one.path.read_bytes(), _checked(desk, find_id).result)


def _listed(desk: Desk) -> dict[str, Any]:
    """Sort the finds: what is at work, what needs eyes, the rest, what is decided."""
    steps = list(desk.checked.values())
    ranks = {name: rank for rank, name in enumerate(ORDER, 1)}
    verdicts = [step.result.verdict for step in steps if step.state == "done"]

    def place(step: Step) -> tuple[bool, int]:
        case = desk.decided.get(step.picture.id)
        is_decided = case is not None and case.state == "closed"
        return is_decided, ranks.get(getattr(step.result, "verdict", ""), 0)

    return {
        "steps": sorted(steps, key=place),
        "decided": desk.decided,
        "today": today(),
        "done": sum(not step.is_open for step in steps),
        "counts": [(name, verdicts.count(name)) for name in ORDER if name in verdicts],
        "is_active": any(step.is_open for step in steps),
    }


def _checked(desk: Desk, find_id: str) -> Step:
    """Return the step of a find that is checked."""
    step = desk.checked.get(find_id)
    if step is None or step.state != "done":
        raise Refusal("not-found", "this find is not checked: drop it again")
    return step


async def _gathered(desk: Desk, find_id: str) -> Gathered:
    """Return the evidence about a find, gathered when it is first looked at."""
    step = _checked(desk, find_id)
    if find_id not in desk.evidence:
        one: Dropped = step.picture
        given = desk.workspace, one.path, one.name, step.result
        desk.evidence[find_id] = await desk.run(tasks.evidence, *given)
    return desk.evidence[find_id]


async def _beside(desk: Desk, find_id: str, work_id: str) -> Drawn[bytes]:
    """Return a find and a candidate, drawn when they are first looked at."""
    step = _checked(desk, find_id)
    if work_id not in {work.work_id for work in step.result.candidates}:
        raise Refusal("not-found", "this work is no candidate of this find")
    if (find_id, work_id) not in desk.beside:
        one: Dropped = step.picture
        given = desk.workspace, one.path, one.name, step.result, work_id
        desk.beside[find_id, work_id] = await desk.run(tasks.beside, *given)
    return desk.beside[find_id, work_id]


async def _known(desk: Desk, one: Dropped, result: CheckResult) -> Known:
    """Look up what was decided about a find, and keep the last decision for the list."""
    known: Known = await desk.run(tasks.known, desk.workspace, one.path, one.name, result)
    if known.cases:
        desk.decided[one.id] = known.cases[-1]
    return known


async def show_verdict(
    desk: Desk,
    find_id: str,
    said: Mapping[str, str] = NOTHING_SAID,
    *,
    saved: tasks.SavedReport | None = None,
    problem: str = "",
) -> Response:
    """Show the verdict on a find.

    Parameters
    ----------
    desk : Desk
        Of the server.
    find_id : str
        Which find.
    said : Mapping of str to str
        What the form holds, by the names of its fields.
    saved : SavedReport or None
        Evidence that was saved just now.
    problem : str
        What was said wrongly just now.
    """
    one = desk.picture(desk.finds, find_id)
    step = desk.checked[find_id]
    if step.state != "done":
        return page("checking.html", room="check", step=step)
    gathered = await _gathered(desk, find_id)
    known = await _known(desk, one, step.result)
    candidates, work_id = step.result.candidates, step.result.work_id
    return page(
        "verdict.html",
        422 if problem else 200,
        room="check",
        find=one,
        e=gathered.evidence,
        result=step.result,
        judged=next((work for work in candidates if work.work_id == work_id), None),
        others=[work for work in candidates if work.work_id != work_id],
        called=called,
        pictures=gathered.pictures,
        declared=declared_rows(gathered.evidence.record.get("declared", {})),
        known=known,
        said=said,
        saved=saved,
        problem=problem,
        folder=desk.folder,
        today=today(),
    )
