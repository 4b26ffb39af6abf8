"""Try a protected picture on a simulated platform: what it looks like there, what is left of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from ocguard.platforms.profile import PlatformProfile
from ocguard.platforms.simulation import Served, simulate
from ocguard.portfolio import Mark, Store
from ocguard.workflows.check.results import CheckResult

__all__ = ["Trial", "newest_protected", "try_out"]

NEWEST: Final = 200
"""Works whose files are looked for: a person who moved more than these away chooses one."""


@dataclass(frozen=True)
class Trial:
    """What a platform would make of a picture.

    Attributes
    ----------
    served : Served
        The file that it would serve, and what happened to the picture.
    checked : CheckResult
        What a check says of that file.
    """

    served: Served
    checked: CheckResult

    @property
    def has_mark(self) -> bool:
        """Whether the creator's mark is still read, as the work's own."""
        return any(not mark.copied for mark in self.checked.marks)


def try_out(
    data: bytes, name: str, profile: PlatformProfile, check: Callable[[bytes], CheckResult]
) -> Trial:
    """Simulate posting a file, and check what comes out as a stranger's file.

    Parameters
    ----------
    data : bytes
        The file as it would be posted.
    name : str
        What it is called.
    profile : PlatformProfile
        Where.
    check : callable
        Checks a file against the creator's works.

    Raises
    ------
    PlatformError
        The platform would refuse the file.
    ImageReadError
        It is no picture.
    """
    served = simulate(data, profile, name)
    return Trial(served, check(served.data))


def newest_protected(store: Store) -> Mark | None:
    """Find the mark whose file was written last and still lies there; None without one.

    What an imported file says of places counts for nothing: they are another computer's.
    """
    for work in list(store.works())[: -NEWEST - 1 : -1]:
        for mark in reversed(store.marks(work.work_id)):
            if mark.output and not mark.imported_utc and Path(mark.output).is_file():
                return mark
    return None
