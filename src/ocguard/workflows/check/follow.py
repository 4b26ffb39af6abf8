"""Check a stream of suspects that has no end: one line asks for one, and one record answers it.

A line is a path, or a JSON object that also says where the suspect was found. A line that cannot be
understood is answered with an error, as a picture that cannot be read is. Works that are registered
meanwhile are noticed.
"""

from __future__ import annotations

import json
import os
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Any, Final

from ocguard.errors import OcguardError
from ocguard.imaging.files import location_of
from ocguard.language.message import Message
from ocguard.portfolio import Place
from ocguard.workflows.check.options import USUAL, CheckOptions
from ocguard.workflows.check.results import CheckResult
from ocguard.workflows.check.run import Checker, prepare_check
from ocguard.workflows.engine.engine import Engine, WorkerDiedError
from ocguard.workflows.failures import explain
from ocguard.workflows.home.workspace import Workspace
from ocguard.workflows.sources import source_name

__all__ = ["Asked", "Following", "follow", "read_line"]

FIELDS: Final = ("path", "url", "account", "id")
"""What a JSON line may say."""

LOOK_SECONDS: Final = 1.0
"""How often it is looked whether the portfolio has changed."""


@dataclass(frozen=True)
class Asked:
    """What one line asks for.

    Attributes
    ----------
    path : str
        The suspect; the line itself where that names none.
    place : Place or None
        Where it was found.
    request_id : str, int or None
        What its answer is called.
    problem : str
        Why it cannot be checked; empty when it can.
    """

    path: str
    place: Place | None = None
    request_id: str | int | None = None
    problem: str = ""


@dataclass(frozen=True)
class Following:
    """How suspects of a stream are checked; travels to workers.

    Attributes
    ----------
    workspace : Workspace
        Where the creator works.
    options : CheckOptions
        What was chosen; where suspects were found counts where a line does not say it.
    """

    workspace: Workspace
    options: CheckOptions = USUAL


def follow(
    following: Following, lines: Iterable[bytes], engine: Engine, *, is_ordered: bool = True
) -> Iterator[CheckResult]:
    """Answer every line that is not empty, until there are no more.

    Parameters
    ----------
    following : Following
        How.
    lines : iterable of bytes
        May block, and may have no end; no more of them are taken than the engine has work for.
    engine : Engine
        Does it.
    is_ordered : bool
        Whether answers come in the order of the lines, or as they are done.
    """

    def on_death(asked: Asked, error: WorkerDiedError) -> CheckResult:
        return CheckResult(asked.path, error=explain(error), id=asked.request_id)

    asked = (read_line(line) for line in lines if line.strip())
    yield from engine.map(_answerer, following, asked, on_death=on_death, is_ordered=is_ordered)


def read_line(line: bytes) -> Asked:
    """Read what a line asks for: a path as the system has it, or a JSON object in UTF-8."""
    text = os.fsdecode(line.rstrip(b"\r\n"))
    request_id = None
    try:
        if not text.lstrip().startswith("{"):
            return Asked(_file(text))
        said = _object(line)
        request_id = _request_id(said)
        return _asked(said, request_id)
    except (ValueError, OcguardError) as error:
        return Asked(text, None, request_id, explain(error))


def _object(line: bytes) -> dict[str, Any]:
    try:
        return dict(json.loads(line))
    except (ValueError, RecursionError) as error:
        raise ValueError(Message("this line is no JSON object")) from error


def _request_id(said: dict[str, Any]) -> str | int | None:
    request_id = said.get("id")
    if isinstance(request_id, bool) or not isinstance(request_id, str | int | None):
        raise ValueError(Message("id must be a text or a whole number"))
    return request_id


def _asked(said: dict[str, Any], request_id: str | int | None) -> Asked:
    """Check what an object says."""
    if unknown := sorted(said.keys() - set(FIELDS)):
        known = list(FIELDS)
        raise ValueError(Message("unknown: {names}; known: {known}", names=unknown, known=known))
    path, url, account = (said.get(name, "") for name in FIELDS[:3])
    if not path or not all(isinstance(one, str) for one in (path, url, account)):
        raise ValueError(Message("path must name a file; url and account are texts"))
    return Asked(_file(path), Place(url, account) if url or account else None, request_id)


def _is_file_name(path: str) -> bool:
    r"""Tell whether the system can have a file of that name: with ``\ud800`` or NUL it cannot.

    Bytes that are no text are in a path as :func:`os.fsdecode` writes them.
    """
    try:
        os.fsencode(path)
    except UnicodeEncodeError:
        return False
    return "\0" not in path


def _file(path: str) -> str:
    """Return the path that a ``file:`` address names, and any other path or address as it is."""
    if not _is_file_name(path):
        raise ValueError(Message("path is a name that no file here can have"))
    return os.fspath(location_of(path)) if path.startswith("file:") else path


def _answerer(following: Following) -> Callable[[Asked], CheckResult]:
    return _Answerer(following).answer


class _Answerer:
    """Answers one line after the other, with the index of the portfolio's present state."""

    def __init__(self, following: Following) -> None:
        self._following = following
        self._checker: Checker | None = None
        self._state, self._looked = "", 0.0

    def answer(self, asked: Asked) -> CheckResult:
        """Check what a line asks for; the result of what failed holds the error."""
        name = source_name(asked.path)
        if asked.problem:
            return CheckResult(name, error=asked.problem, id=asked.request_id)
        try:
            result = self._current().check(location_of(asked.path), name, asked.place)
        except Exception as error:  # a portfolio that is locked now may be free for the next one
            result = CheckResult(name, error=explain(error))
        return replace(result, id=asked.request_id)

    def _current(self) -> Checker:
        """Return what checks against the present works, made anew when they have changed."""
        now = time.monotonic()
        if self._checker is None or now - self._looked >= LOOK_SECONDS:
            one = self._following
            portfolios = one.workspace.and_others(one.options.also)
            state = " ".join(portfolio.state(create=False) for portfolio in portfolios)
            if self._checker is None or state != self._state:
                self._checker = Checker(prepare_check(one.workspace, one.options))
            self._state, self._looked = state, now
        return self._checker
