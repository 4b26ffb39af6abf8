"""Go on where an interrupted run ended: a file of results, and beside it what they are results of.

Each result is a line of JSON, on the disk before the next one is awaited. A line in a second file,
with ``.done`` behind its name, then names the task by a digest of input and settings, and says how
long the results were: what lies behind that was written by a run that was cut off, and is cut off.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any, Protocol, TypeVar

from ocguard.errors import OutputExistsError
from ocguard.imaging.files import Found, Location
from ocguard.workflows.engine.parcel import Travelling
from ocguard.workflows.sources import content_id, source_name, source_place
from ocguard.workflows.watch.journal import append_line

__all__ = ["Ledger", "settings_text"]


class Result(Protocol):
    """What became of one input."""

    @property
    def input(self) -> str | None:
        """Which one, as :func:`~ocguard.workflows.sources.source_name` says it."""

    @property
    def error(self) -> str | None:
        """Why it failed."""

    def to_dict(self) -> dict[str, Any]:
        """Give the JSON record."""


Some = TypeVar("Some", bound=Result)


def settings_text(job: Travelling, *more: str) -> str:
    """Name everything but the input that decides a result.

    Parameters
    ----------
    job : Travelling
        Its portfolio, the id of its key, and what it is made of count; no secret is in the text.
    *more : str
        What else decides, such as the state of the portfolio.
    """
    parcel = job.parcel()
    make = parcel.make_settings
    made_by, given = (make.func, make.keywords) if isinstance(make, partial) else (make, {})
    return repr([parcel.location, parcel.key_id, made_by.__qualname__, given, *more])


class Ledger:
    """Results of a run that may be interrupted.

    Parameters
    ----------
    results : Path
        The file; made with the first result.
    settings : str
        From :func:`settings_text`: under others nothing was done.

    Raises
    ------
    OutputExistsError
        There is such a file, and no run wrote it.
    """

    def __init__(self, results: Path, settings: str) -> None:
        self._results, self._settings = results, settings
        self._notes = results.with_name(f"{results.name}.done")
        length = results.stat().st_size if results.exists() else 0
        if length and not self._notes.exists():
            raise OutputExistsError(
                "{path} exists already, and no run wrote it that could go on: choose another name",
                path=results,
            )
        self._notes.parent.mkdir(parents=True, exist_ok=True)
        self._notes.touch()  # before any result, so that those of a run that dies are known
        notes = [entry for entry in _notes(self._notes) if entry["results_bytes"] <= length]
        self._done = {entry["task"] for entry in notes}
        if length:
            os.truncate(results, max((entry["results_bytes"] for entry in notes), default=0))

    def left(self, found: Found) -> Found:
        """Return what has no result yet; reads every file once, for its digest."""
        pictures = [one for one in found.pictures if self._task(one.path) not in self._done]
        return replace(found, pictures=tuple(pictures))

    def written(self, left: Found, results: Iterator[Some]) -> Iterator[Some]:
        """Give the results of pictures, each after it was written.

        What failed is not written, so that it is tried again; nor is what was passed over. Of a run
        that is interrupted some may be missing, so that each is noted by its own name.
        """
        paths = {source_name(path): path for path in left.paths}
        for result in results:
            path = paths.get(result.input or "")
            if path is not None and result.error is None:
                length = append_line(self._results, result.to_dict())
                append_line(self._notes, {"task": self._task(path), "results_bytes": length})
            yield result

    def _task(self, path: Location) -> str:
        """Name what is done with a file, as it is now."""
        named = (self._settings, source_place(path), content_id(path))
        return hashlib.sha256("\0".join(named).encode("utf-8", "surrogateescape")).hexdigest()


def _notes(path: Path) -> list[dict[str, Any]]:
    """Read whole lines; one that was cut short is none."""
    found = []
    for line in path.read_bytes().splitlines() if path.exists() else ():
        try:
            found.append(dict(json.loads(line)))
        except ValueError:
            continue
    return [entry for entry in found if {"task", "results_bytes"} <= entry.keys()]
