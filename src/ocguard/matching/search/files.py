"""Segments of the index as files: saved, mapped, read in runs, released. Nothing else here is read.

Every array is one .npy file and is mapped into memory when it is opened, so that opening costs the
same for any number of works, and a query reads only the cells it asks for. It is a cache:
everything in it can be built again from the fingerprints that the portfolio keeps.
"""

from __future__ import annotations

import json
import mmap
import os
import shutil
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import fields
from io import FileIO
from pathlib import Path
from typing import Any
from uuid import uuid4

import numpy as np
from numpy.typing import NDArray

from ocguard.errors import PortfolioError
from ocguard.fingerprint.fingerprint import FINGERPRINT_VERSION
from ocguard.matching.search.segment import Segment

__all__ = ["INDEX_LAYOUT", "MANIFEST", "open_segments", "release", "runs", "save_segments"]

INDEX_LAYOUT = 2
"""Layout of the files; an index of another one is built again."""

MANIFEST = "index.json"
"""Names the segments of an index and their dead rows."""

_ARRAYS = tuple(f.name for f in fields(Segment) if f.name != "dead")


def save_segments(folder: Path, segments: Sequence[Segment]) -> None:
    """Write what a folder lacks of an index; segments that are there already stay.

    Segments that were opened from another folder on the same disk are linked, not copied.

    Parameters
    ----------
    folder : Path
        Created if missing. Readers that opened it before keep what they opened.
    segments : sequence of Segment
        The index, see `Index.segments`.
    """
    folder.mkdir(parents=True, exist_ok=True)
    names = []
    for segment in segments:
        place = _place(segment)
        if place is None or place.parent != folder:
            place = _linked(place, folder) or _save(segment, folder)
        names.append(place.name)
    manifest = {
        "layout": INDEX_LAYOUT,
        "fingerprint_version": FINGERPRINT_VERSION,
        "segments": names,
        "dead": [segment.dead.tolist() for segment in segments],
    }
    draft = folder / f"{MANIFEST}.{uuid4().hex[:8]}"
    draft.write_text(json.dumps(manifest), encoding="utf-8")
    draft.replace(folder / MANIFEST)
    for stale in folder.glob("segment-*"):
        if stale.name not in names:
            shutil.rmtree(stale, ignore_errors=True)


def open_segments(folder: Path) -> tuple[Segment, ...]:
    """Open the segments of a saved index; arrays are mapped, not read.

    Raises
    ------
    PortfolioError
        If it is missing, damaged, or of another fingerprint version: build it again.
    """
    try:
        manifest = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
        layout, version = manifest["layout"], manifest["fingerprint_version"]
        parts = list(zip(manifest["segments"], manifest["dead"], strict=True))
    except (OSError, ValueError, KeyError) as error:
        raise PortfolioError("{folder}: no readable index; rebuild it", folder=folder) from error
    if (layout, version) != (INDEX_LAYOUT, FINGERPRINT_VERSION):
        raise PortfolioError(
            "{folder}: the index has layout {layout} and fingerprint version {version}, "
            "this ocguard reads {known_layout} and {known_version}; rebuild it",
            folder=folder,
            layout=layout,
            version=version,
            known_layout=INDEX_LAYOUT,
            known_version=FINGERPRINT_VERSION,
        )
    return tuple(_open(folder / name, np.array(dead, np.uint32)) for name, dead in parts)


def release(segment: Segment) -> None:
    """Let the system take back the memory that mapped arrays were read into.

    They stay mapped, and are read again, from the system's file cache where it still has them.
    """
    for name in _ARRAYS:
        mapped = getattr(getattr(segment, name), "_mmap", None)
        if mapped is not None and hasattr(mmap, "MADV_DONTNEED"):
            mapped.madvise(mmap.MADV_DONTNEED)


@contextmanager
def runs(array: NDArray[Any]) -> Iterator[Callable[[int, int], NDArray[Any]]]:
    """Give a reader of runs of an array: slices, or reads of its file where it is mapped.

    A run that is read from a mapped file page by page costs a fault each, which for thousands of
    runs takes longer than looking at them, and it stays in memory.
    """
    file = _opened(array)
    if file is not None:
        with file:
            yield _reader(file, array)
        return
    plain = np.asarray(array)
    yield lambda first, last: plain[first:last]


def _save(segment: Segment, folder: Path) -> Path:
    """Write one .npy file for each array into a new folder, and return that."""
    place = folder / f"segment-{uuid4().hex[:16]}"
    place.mkdir(parents=True)
    for name in _ARRAYS:
        np.save(place / f"{name}.npy", getattr(segment, name), allow_pickle=False)
    return place


def _linked(place: Path | None, folder: Path) -> Path | None:
    """Give the files of a saved segment a second name in a folder; None where that fails."""
    if place is None:
        return None
    target = folder / place.name
    try:
        shutil.copytree(place, target, copy_function=os.link)
    except OSError:  # of another disk or kind, or deleted meanwhile; what is mapped is still there
        shutil.rmtree(target, ignore_errors=True)
        return None
    return target


def _open(folder: Path, dead: NDArray[np.uint32]) -> Segment:
    """Map a saved segment into memory, of which some rows are dead by now."""
    try:
        arrays = {
            name: np.load(folder / f"{name}.npy", mmap_mode="r", allow_pickle=False)
            for name in _ARRAYS
        }
    except (OSError, ValueError, EOFError) as error:
        raise PortfolioError(
            "{folder}: the index is damaged ({reason}); rebuild it", folder=folder, reason=error
        ) from error
    segment = Segment(**arrays, dead=dead)
    works = {len(segment), segment.codes.shape[-1], segment.layouts.shape[-1]}
    if len(works) > 1 or int(segment.starts[-1]) != len(segment.rows):
        raise PortfolioError(
            "{folder}: the index is damaged (lengths differ); rebuild it", folder=folder
        )
    return segment


def _place(segment: Segment) -> Path | None:
    """Return the folder that a mapped segment came from."""
    if isinstance(segment.rows, np.memmap) and segment.rows.filename is not None:
        return Path(str(segment.rows.filename)).parent
    return None


def _opened(array: NDArray[Any]) -> FileIO | None:
    """Open the file of a mapped array; None for one that has none, or whose file is gone."""
    if not isinstance(array, np.memmap) or array.filename is None:
        return None
    try:
        return Path(str(array.filename)).open("rb", buffering=0)
    except OSError:
        return None


def _reader(file: FileIO, mapped: Any) -> Callable[[int, int], NDArray[Any]]:
    """Return a function that reads a run of a mapped array out of its file."""
    width = mapped.itemsize * int(np.prod(mapped.shape[1:]))

    def read(first: int, last: int) -> NDArray[Any]:
        run = np.empty((last - first, *mapped.shape[1:]), mapped.dtype)
        file.seek(mapped.offset + first * width)
        file.readinto(run.data)
        return run

    return read
