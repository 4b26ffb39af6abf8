"""Decide where every output goes before any picture is read, and which can go nowhere.

The output tree mirrors the input tree. An output is never an input, whatever links and spellings
lead to it, and no two outputs are one file on any operating system.
"""

from __future__ import annotations

import os
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from ocguard.imaging.files import (
    FoundPicture,
    Location,
    PassedOver,
    Remote,
    clashing_names,
    find_pictures,
)
from ocguard.imaging.formats import WRITTEN
from ocguard.imaging.kinds import SUFFIXES, format_of_suffix
from ocguard.language.message import Message
from ocguard.workflows.sources import source_name

__all__ = ["Plan", "PlannedOutput", "plan_outputs"]


_FileId = tuple[int, int] | str | None
"""Device and number of a file, or an address."""


@dataclass(frozen=True)
class PlannedOutput:
    """One picture and where it goes.

    Attributes
    ----------
    source : Path or Remote
        The picture.
    output : Path or Remote
        The protected file.
    problem : str
        Why it cannot go there; empty when it can.
    warnings : tuple of str
        What was passed over for it.
    """

    source: Location
    output: Location
    problem: str = ""
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True)
class Plan:
    """What will become of everything under the paths that a person named.

    Attributes
    ----------
    outputs : tuple of PlannedOutput
        Every picture, in the order of the inputs.
    passed_over : tuple of PassedOver
        Every file that is no picture, or none that is read.
    """

    outputs: tuple[PlannedOutput, ...]
    passed_over: tuple[PassedOver, ...] = ()

    def __len__(self) -> int:
        """Count the pictures."""
        return len(self.outputs)


def plan_outputs(
    paths: Iterable[str | os.PathLike[str]],
    folder: Location,
    file_format: str = "keep",
    leave_out: Collection[Location] = (),
) -> Plan:
    """Find the pictures under some paths and give each its output.

    Parameters
    ----------
    paths : iterable of paths
        Files and folders; see :func:`ocguard.imaging.files.find_pictures`. The output folder is
        not searched.
    folder : Path or Remote
        Where outputs go; need not exist.
    file_format : {"keep", "png", "jpeg", "webp", "avif"}
        What will be written; decides the suffix.
    leave_out : collection of Path or Remote
        Further folders that are not searched.

    Returns
    -------
    Plan
        A picture of a format that is only read keeps its whole name before the new suffix where
        its output would be another's: ``a.kra`` beside ``a.png`` becomes ``a.kra.png``.
    """
    found = find_pictures(paths, leave_out=[folder, *leave_out])
    outputs = _outputs(found.pictures, folder, file_format)
    inputs = {_file_id(one.path) for one in found.pictures} - {None}
    clashes = _clashes(outputs)
    names: dict[Location, set[Path]] = {}
    for one, output in zip(found.pictures, outputs, strict=True):
        names.setdefault(output, set()).add(one.inside)
    same = {
        path
        for path, group in clashes.items()
        if len(set().union(*(names[at] for at in group))) == 1
    }
    planned = (
        PlannedOutput(
            one.path,
            output,
            _problem(output, inputs, clashes.get(output, ()), is_same=output in same),
            tuple(
                Message("{name} is a link to it and is passed over", name=source_name(link))
                for link in one.links
            ),
        )
        for one, output in zip(found.pictures, outputs, strict=True)
    )
    return Plan(tuple(planned), found.passed_over)


def _outputs(found: Sequence[FoundPicture], folder: Location, file_format: str) -> list[Location]:
    """Name the outputs; where they clash, formats only read keep their suffix."""
    outputs: list[Location] = [folder / _renamed(one, file_format) for one in found]
    clashes = _clashes(outputs)
    return [
        folder / one.inside.with_name(one.inside.name + output.suffix)
        if output in clashes and one.file_format not in WRITTEN
        else output
        for one, output in zip(found, outputs, strict=True)
    ]


def _clashes(outputs: Iterable[Location]) -> dict[Location, tuple[Location, ...]]:
    """Map every output that would be another's as well to all of these."""
    return {path: group for group in clashing_names(outputs) for path in group}


def _renamed(found: FoundPicture, file_format: str) -> Path:
    """Keep a name, but for a suffix that says nothing, or another format than will be written."""
    inside, own = found.inside, found.file_format
    target = file_format.upper()
    if file_format == "keep":
        if own is None:
            return inside
        target = own if own in WRITTEN else "PNG"
    said = format_of_suffix(inside.suffix)
    if said == target or (said in WRITTEN and file_format == "keep"):
        return inside
    suffix = SUFFIXES[target][0]
    if said is None and inside.suffix:
        return inside.with_name(inside.name + suffix)
    return inside.with_suffix(suffix)


def _problem(
    output: Location, inputs: set[_FileId], clash: tuple[Location, ...], *, is_same: bool
) -> str:
    """Say why an output is impossible; empty when it is not."""
    if _file_id(output) in inputs:
        return Message("{output} is an input itself; choose another output folder", output=output)
    if clash and is_same:
        return Message(
            "{count} inputs of one name, in different folders, would become {output}; protect them "
            "into different folders, or protect the folder that holds them all",
            count=len(clash),
            output=output,
        )
    if clash:
        return Message(
            "{count} inputs would become {output} (names that differ in upper and lower case "
            "or suffix only); rename them, or protect them into different folders",
            count=len(clash),
            output=output,
        )
    return ""


def _file_id(path: Location) -> _FileId:
    """Name the file behind a path; None where there is none."""
    if isinstance(path, Remote):
        return path.url
    try:
        status = path.stat()
    except OSError:
        return None
    return status.st_dev, status.st_ino
