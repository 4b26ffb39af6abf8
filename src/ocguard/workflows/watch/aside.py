"""Move a file that cannot be protected out of the way, with the reason beside it."""

from __future__ import annotations

import os
from itertools import count
from pathlib import Path

from ocguard.atomic import whole_file
from ocguard.errors import OutputExistsError
from ocguard.language.message import translated

__all__ = ["FAILED", "move_aside"]

FAILED = "failed"
"""Folder of the inbox into which such files go."""


def move_aside(path: Path, inbox: Path, reason: str) -> Path:
    """Move a file into the folder for failures, and say why in a text file beside it.

    The reason is written first, so that no file is ever there without one.

    Parameters
    ----------
    path : Path
        A file of the inbox; its place within that is kept.
    inbox : Path
        The folder that is watched.
    reason : str
        Why, in a sentence; it is written in the chosen language.

    Returns
    -------
    Path
        Where the file lies now; a number is added to its name where that is taken.
    """
    wanted = inbox / FAILED / path.relative_to(inbox)
    wanted.parent.mkdir(parents=True, exist_ok=True)
    for number in count(1):
        name = wanted.name if number == 1 else f"{wanted.stem} ({number}){wanted.suffix}"
        target = wanted.with_name(name)
        if os.path.lexists(target):
            continue
        try:
            with whole_file(target.with_name(f"{name}.txt")) as stream:
                stream.write(f"{translated(reason)}\n".encode("utf-8", "backslashreplace"))
        except OutputExistsError:  # the reason for a file that was taken away meanwhile
            continue
        path.rename(target)
        return target
    raise AssertionError  # pragma: no cover
