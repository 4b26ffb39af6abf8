"""What one run of the program knows before its command begins, and how it ends."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from ocguard.workflows.home.catalog import Portfolio
    from ocguard.workflows.home.workspace import Workspace

__all__ = [
    "ALL_FAILED",
    "FINDING",
    "INTERRUPTED",
    "ONLY_COPIED",
    "PIPE_CLOSED",
    "SOME_FAILED",
    "USAGE",
    "Session",
    "Tally",
]

FINDING: Final = 1
USAGE: Final = 2
SOME_FAILED: Final = 3
ALL_FAILED: Final = 4
ONLY_COPIED: Final = 5
"""`detect` found marks, each of them on a picture that is not the work that it was made for."""
INTERRUPTED: Final = 130
"""128 + SIGINT, as shells count."""
PIPE_CLOSED: Final = 141
"""128 + SIGPIPE: whoever read what is printed, such as ``head -1``, wants no more."""


@dataclass(frozen=True)
class Session:
    """The global options of one run."""

    home: str | None
    portfolio: str | None
    quiet: bool
    verbose: bool

    def workspace(self) -> Workspace:
        """Name home and portfolio."""
        from ocguard.workflows.home.workspace import Workspace

        return Workspace.at(self.home, self.portfolio)

    def open_portfolio(self) -> Portfolio:
        """Open the portfolio as its works are looked at."""
        from ocguard.workflows.home.catalog import Portfolio

        workspace = self.workspace()
        return Portfolio(workspace.location, home=workspace.home.folder)


@dataclass
class Tally:
    """Counts inputs as their results come, and knows the exit code."""

    done: int = 0
    failed: int = 0
    findings: int = 0
    copied: int = 0
    passed_over: int = 0

    def add(self, *, is_failed: bool, is_finding: bool = False, is_copied: bool = False) -> None:
        """Count one result."""
        self.done += not is_failed
        self.failed += is_failed
        self.findings += is_finding
        self.copied += is_copied

    def exit_code(self, *, exit_zero: bool = False) -> int:
        """Say how the run ends; a failed input goes before a finding, since it hides findings.

        A run that found files and could read none has failed too.
        """
        if not self.done and (self.failed or self.passed_over):
            return ALL_FAILED
        if self.failed:
            return SOME_FAILED
        if exit_zero:
            return 0
        return FINDING if self.findings else ONLY_COPIED if self.copied else 0
