"""What the routes of the page share: who works here, what was dropped, what is under way."""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from anyio.abc import TaskGroup
from fastapi import Request

from ocguard.platforms.profile import PlatformProfile
from ocguard.portfolio import Case, Removed
from ocguard.web.limits import Limits
from ocguard.web.page import tasks
from ocguard.web.page.life import Life
from ocguard.web.page.runs import Run, Step
from ocguard.web.page.tray import Dropped, Tray
from ocguard.web.problems import Refusal
from ocguard.web.workers import Workers
from ocguard.workflows.home.catalog import Portfolio
from ocguard.workflows.home.workspace import Workspace
from ocguard.workflows.platform.trial import Trial
from ocguard.workflows.report.drawing import Drawn
from ocguard.workflows.report.gathering import Gathered

__all__ = ["Desk", "desk_of"]

MAX_PICTURES: Final = 2000
"""Most pictures on one tray."""


@dataclass
class Desk:
    """The state of one run of the page; nothing of it outlives the run.

    Attributes
    ----------
    workspace : Workspace
        Whose key and works.
    limits : Limits
        How much one request may take.
    life : Life
        When the server ends.
    workers : Workers
        Processes that work on pictures; one more than `width`.
    width : int
        How many pictures of a run are worked on at a time, so that a preview need not wait.
    folder : Path
        Where protected pictures and evidence go.
    art, finds, works, tries, downloads : Tray
        Pictures to protect, to check, to register, to try on platforms, and downloads of
        self-tests.
    background : TaskGroup
        Where runs go on while pages are answered.
    choices : dict
        The look that was chosen last.
    runs : dict
        Protections, by id.
    checked : dict
        The step of each find, by id of the picture.
    evidence : dict
        What was gathered about finds, by id.
    beside : dict
        Finds drawn with works that a person compares by hand, by the ids of both.
    decided : dict
        The last case about each find, by id of the picture.
    made : dict
        Pictures that are made for self-tests, by the name of the test.
    measured : dict
        The steps of downloads, by the name of the test and the id of the picture.
    trials : dict
        What platforms would make of pictures, by platform and picture.
    removed : dict
        Works that were removed from the portfolio and can be taken back, by id.
    """

    workspace: Workspace
    limits: Limits
    life: Life
    workers: Workers
    width: int
    folder: Path
    art: Tray
    finds: Tray
    works: Tray
    tries: Tray
    downloads: Tray
    background: TaskGroup
    choices: dict[str, Any] = field(default_factory=dict)
    runs: dict[str, Run] = field(default_factory=dict)
    checked: dict[str, Step] = field(default_factory=dict)
    evidence: dict[str, Gathered] = field(default_factory=dict)
    beside: dict[tuple[str, str], Drawn[bytes]] = field(default_factory=dict)
    decided: dict[str, Case] = field(default_factory=dict)
    made: dict[str, Run] = field(default_factory=dict)
    measured: dict[str, dict[str, Step]] = field(default_factory=dict)
    trials: dict[tuple[PlatformProfile, str], Trial] = field(default_factory=dict)
    removed: dict[str, Removed] = field(default_factory=dict)

    @property
    def portfolio(self) -> Portfolio:
        """The creator's works; the file need not be there yet."""
        return Portfolio(self.workspace.location, home=self.workspace.home.folder)

    @property
    def place_of_work(self) -> str:
        """The address that shows how far pictures are that are at work; empty without any."""
        runs = {f"/protect/runs/{name}": run.steps for name, run in self.runs.items()}
        tests = {f"/platforms/tests/{name}": run.steps for name, run in self.made.items()}
        measured = {
            f"/platforms/tests/{name}": [*steps.values()] for name, steps in self.measured.items()
        }
        checked = {"/check": [*self.checked.values()]}
        places = [*runs.items(), *checked.items(), *tests.items(), *measured.items()]
        at_work = (place for place, steps in places if any(step.is_open for step in steps))
        return next(at_work, "")

    async def run(self, function: Callable[..., Any], *given: Any) -> Any:
        """Call a task in a worker within the time for one picture, keeping the server alive."""
        with self.life.work():
            return await self.workers.run(self.limits.picture_seconds, function, *given)

    def begin(self, run: Run, do: Callable[[Step], Awaitable[Any]]) -> None:
        """Work on a run in the background."""
        self.background.start_soon(run.work, self.life, self.width, do)

    async def drop(self, request: Request, tray: Tray) -> list[Dropped]:
        """Take the pictures of a form; what cannot be read is refused by its name."""
        taken = []
        async with request.form(max_files=MAX_PICTURES) as form:
            for part in form.getlist("picture"):
                if isinstance(part, str) or not part.filename:
                    continue
                if len(tray) >= MAX_PICTURES:
                    raise Refusal(
                        "too-large",
                        "at most {limit} pictures fit; clear some",
                        limit=MAX_PICTURES,
                    )
                name = Path(part.filename.replace("\\", "/")).name[:200] or "picture"
                if (one := await self.keep(tray, name, await part.read())) is not None:
                    taken.append(one)
        return taken

    async def keep(self, tray: Tray, name: str, data: bytes) -> Dropped | None:
        """Keep a picture that can be read; any other is refused by its name, and None is given."""
        one = tray.keep(name, data)
        if (known := tray.find(one.id)) is not None:
            return known
        try:
            seen = await self.run(tasks.look_at, one.path, name, self.limits.pixels)
        except Refusal as refusal:
            tray.refuse(one, refusal.detail)
            return None
        one = Dropped(one.id, name, one.path, seen.width, seen.height)
        tray.add(one)
        return one

    def picture(self, tray: Tray, picture_id: str) -> Dropped:
        """Return a picture of a tray; `Refusal` for one that is not there."""
        if (one := tray.find(picture_id)) is None:
            raise Refusal("not-found", "this picture is no longer here: drop it again")
        return one


def desk_of(request: Request) -> Desk:
    """Return the desk of the server that a request came to, and note that somebody is there."""
    desk: Desk = request.app.state.desk
    desk.life.ask(time.monotonic())
    return desk
