"""Tell when a file is whole: when its size and its times have stood still for a while.

Whoever copies, downloads or exports a file writes it in pieces, and nothing says when the last one
was written. A file that was there before we looked has stood still since it was last changed.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

__all__ = ["FileState", "Standing", "state_of"]


@dataclass(frozen=True)
class FileState:
    """What changes when a file is written to.

    Attributes
    ----------
    size_bytes : int
        Its size.
    modified_ns : int
        When its content changed last, in nanoseconds since 1970.
    changed_ns : int
        When anything about it changed last, its name too; unlike the other it cannot be set back.
    """

    size_bytes: int
    modified_ns: int
    changed_ns: int


def state_of(path: Path) -> FileState | None:
    """Return the state of a file; None where there is none any more."""
    try:
        status = path.stat()
    except OSError:
        return None
    return FileState(status.st_size, status.st_mtime_ns, status.st_ctime_ns)


@dataclass
class Standing:
    """Remembers since when files stand still.

    Attributes
    ----------
    seconds : float
        How long a file must stand still to be whole.
    """

    seconds: float
    _since: dict[Path, tuple[FileState, float]] = field(default_factory=dict, init=False)

    def see(self, states: Mapping[Path, FileState], now: float) -> None:
        """Look at all files there are; those that are gone are forgotten.

        Parameters
        ----------
        states : Mapping of Path to FileState
            What is there now.
        now : float
            Seconds since 1970.
        """
        self._since = {path: self._seen(path, state, now) for path, state in states.items()}

    def still_seconds(self, path: Path, now: float) -> float:
        """Return for how long a file has stood still; 0 for one that was not seen."""
        _, since = self._since.get(path, (None, now))
        return now - since

    def whole(self, now: float) -> list[Path]:
        """Return the files that are whole, those that stand longest first."""
        still = {path: now - since for path, (_, since) in self._since.items()}
        whole = (path for path in still if still[path] >= self.seconds)
        return sorted(whole, key=lambda path: (-still[path], os.fspath(path)))

    def _seen(self, path: Path, state: FileState, now: float) -> tuple[FileState, float]:
        known = self._since.get(path)
        if known is None:
            last = max(state.modified_ns, state.changed_ns) / 1e9
            return state, min(last, now)
        is_same = known[0] == state
        return state, min(known[1], now) if is_same else now  # clocks may be set back
