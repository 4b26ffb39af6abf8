"""Remember which files are done, so that a watcher that was killed goes on where it was.

A line of JSON for each file, on the disk before the next file is begun. A line that was cut short
by a power cut is no line. With a file of results beside it, every line says how long that was when
it was written: results behind that were appended by a watcher that died before it wrote its line.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ocguard.atomic import names_place
from ocguard.workflows.watch.standing import FileState, state_of

__all__ = ["Journal", "append_line"]


@dataclass
class Journal:
    """What a watcher has done.

    Attributes
    ----------
    path : Path
        The journal; its folder is made when it is needed.
    results : Path or None
        Where results are appended, if they are.
    """

    path: Path
    results: Path | None = None
    _done: dict[str, tuple[int, int]] = field(default_factory=dict, init=False)

    def __post_init__(self) -> None:
        length = 0
        for line in _lines(self.path):
            entry = _parsed(line)
            if entry is not None:
                self._done[entry["path"]] = (entry["size_bytes"], entry["modified_ns"])
                length = entry.get("results_bytes", length)
        if self.results is not None:
            self._recover(self.results, length)

    def __contains__(self, file: tuple[Path, FileState]) -> bool:
        """Whether a file was done as it is now."""
        path, state = file
        return self._done.get(str(path)) == (state.size_bytes, state.modified_ns)

    def finish(self, path: Path, state: FileState, result: Mapping[str, Any] | None = None) -> None:
        """Note that a file is done, after its result."""
        entry: dict[str, Any] = {
            "path": str(path),
            "size_bytes": state.size_bytes,
            "modified_ns": state.modified_ns,
        }
        if self.results is not None and result is not None:
            entry["results_bytes"] = append_line(self.results, result)
        append_line(self.path, entry)
        self._done[str(path)] = (state.size_bytes, state.modified_ns)

    def _recover(self, results: Path, length: int) -> None:
        """Take over results whose line is missing here, and cut off half a result."""
        if not results.exists():
            return
        with results.open("r+b") as file:
            size = file.seek(0, os.SEEK_END)
            if size <= length:
                return
            file.seek(length)
            tail = file.read()
            whole = tail.rpartition(b"\n")[0]
            file.truncate(length + len(whole) + bool(whole))
        for line in whole.splitlines():
            path = Path(json.loads(line).get("input") or "")
            state = state_of(path)
            if state is not None:
                self._done[str(path)] = (state.size_bytes, state.modified_ns)


def append_line(path: Path, record: Mapping[str, Any]) -> int:
    """Append one line of JSON to a file, down to the disk, and return the file's new length."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with names_place(path), path.open("ab") as file:
        start = _after_last_line(path, file.tell())
        line = json.dumps(record, ensure_ascii=False)
        # a name that is no Unicode: the backslash is JSON's own, so that it is read as it was
        file.write(start + line.encode("utf-8", "backslashreplace") + b"\n")
        file.flush()
        os.fsync(file.fileno())
        return file.tell()


def _after_last_line(path: Path, length: int) -> bytes:
    """Return what ends a line that was cut short."""
    if not length:
        return b""
    with path.open("rb") as file:
        file.seek(-1, os.SEEK_END)
        return b"" if file.read() == b"\n" else b"\n"


def _lines(path: Path) -> list[bytes]:
    return path.read_bytes().splitlines() if path.exists() else []


def _parsed(line: bytes) -> dict[str, Any] | None:
    """Read one line; None for one that was cut short."""
    try:
        entry: dict[str, Any] = json.loads(line)
        return entry if {"path", "size_bytes", "modified_ns"} <= entry.keys() else None
    except (ValueError, AttributeError):
        return None
