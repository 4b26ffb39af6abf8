"""The files that come with this room: templates, style, script, and where notices go."""

from __future__ import annotations

from functools import cache
from importlib import resources

__all__ = ["shipped_names", "shipped_text"]


@cache
def shipped_text(path: str) -> str:
    """Return a file's text by its path in this room, such as ``templates/report.html``."""
    return resources.files("ocguard.report").joinpath(*path.split("/")).read_text("utf-8")


def shipped_names(folder: str, suffix: str) -> list[str]:
    """Return the names of the files in a folder of this room that end so, sorted."""
    names = (one.name for one in resources.files("ocguard.report").joinpath(folder).iterdir())
    return sorted(name for name in names if name.endswith(suffix))
