"""Processes that tests start: whether one still runs."""

from __future__ import annotations

import os
from pathlib import Path

__all__ = ["is_running"]


def is_running(pid: int) -> bool:
    """Tell whether there is such a process; one that ended counts as gone, even unburied.

    In a container nobody may bury the orphans of a process that was killed.
    """
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    status = Path(f"/proc/{pid}/stat")
    return not status.exists() or status.read_text().rpartition(")")[2].split()[0] != "Z"
