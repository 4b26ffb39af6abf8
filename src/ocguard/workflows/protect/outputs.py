"""Decide where every output goes before any picture is read, and which can go nowhere.

The output tree mirrors the input tree. An output is never an input, whatever links and spellings
lead to it, and no two outputs are one file on any operating system.
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from ocguard.imaging.files import clashing_names, picture_files
from ocguard.imaging.formats import SUFFIXES
from ocguard.workflows.sources import source_name

__all__ = ["PlannedOutput", "plan_outputs"]

_READ_ONLY: Final = ("BMP", "HEIC", "PSD")
"""Formats that are read but not written; their pictures become PNG."""


@dataclass(frozen=True)
class PlannedOutput:
    """One picture and where it goes.

    Attributes
    ----------
    source : Path
        The picture.
    output : Path
        The protected file.
    problem : str
        Why it cannot go there; empty when it can.
    warnings : tuple of str
        What was passed over for it.
    """

    source: Path
    output: Path
    problem: str = ""
    warnings: tuple[str, ...] = ()


def plan_outputs(
    paths: Iterable[str | os.PathLike[str]], folder: Path, file_format: str = "keep"
) -> list[PlannedOutput]:
    """Find the pictures under some paths and give each its output.

    Parameters
    ----------
    paths : iterable of paths
        Files and folders; see :func:`ocguard.imaging.files.picture_files`. The output folder is
        not searched.
    folder : Path
        Where outputs go; need not exist.
    file_format : {"keep", "png", "jpeg", "webp", "avif"}
        What will be written; decides the suffix.

    Returns
    -------
    list of PlannedOutput
        In the order of the inputs.
    """
    found = list(picture_files(paths, leave_out=[folder]))
    outputs = [folder / _renamed(one.inside, file_format) for one in found]
    inputs = {_file_id(one.path) for one in found} - {None}
    clashes = {path: group for group in clashing_names(outputs) for path in group}
    return [
        PlannedOutput(
            one.path,
            output,
            _problem(output, inputs, clashes.get(output, ())),
            tuple(f"{source_name(link)} is a link to it and is passed over" for link in one.links),
        )
        for one, output in zip(found, outputs, strict=True)
    ]


def _renamed(inside: Path, file_format: str) -> Path:
    """Keep a name, but for a suffix that would say another format than the file's."""
    target = "png" if file_format == "keep" and _is_read_only(inside) else file_format
    if target == "keep" or inside.suffix.lower() in SUFFIXES[target.upper()]:
        return inside
    return inside.with_suffix(SUFFIXES[target.upper()][0])


def _is_read_only(path: Path) -> bool:
    return any(path.suffix.lower() in SUFFIXES[name] for name in _READ_ONLY)


def _problem(output: Path, inputs: set[tuple[int, int] | None], clash: tuple[Path, ...]) -> str:
    """Say why an output is impossible; empty when it is not."""
    if _file_id(output) in inputs:
        return f"{output} is an input itself; choose another output folder"
    if clash:
        return (
            f"{len(clash)} inputs would become {output} (names that differ in upper and lower case"
            " or suffix only); rename them, or protect them into different folders"
        )
    return ""


def _file_id(path: Path) -> tuple[int, int] | None:
    """Name the file behind a path; None where there is none."""
    try:
        status = path.stat()
    except OSError:
        return None
    return status.st_dev, status.st_ino
