"""ocguard protects original characters before posting and checks suspects for near-copies.

The names below load what they need when they are first used::

    import ocguard

    ocguard.protect(["art"], out="protected", creator="Aki")
    ocguard.check("suspect.jpg").verdict
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from ocguard.errors import OcguardError
    from ocguard.platforms.simulation import Served
    from ocguard.workflows.api import check, compare, detect, protect, simulate
    from ocguard.workflows.check.candidates import Candidate
    from ocguard.workflows.check.detect import DetectResult
    from ocguard.workflows.check.mark_search import FoundMark
    from ocguard.workflows.check.results import CheckResult
    from ocguard.workflows.home.catalog import Portfolio
    from ocguard.workflows.home.drafts import DraftResult
    from ocguard.workflows.home.work_result import WorkResult
    from ocguard.workflows.protect.job import ProtectResult
    from ocguard.workflows.protect.options import ProtectOptions
    from ocguard.workflows.protect.survival import Survival
    from ocguard.workflows.sources import PictureSource

    __version__: str

__all__ = [
    "Candidate",
    "CheckResult",
    "DetectResult",
    "DraftResult",
    "FoundMark",
    "OcguardError",
    "PictureSource",
    "Portfolio",
    "ProtectOptions",
    "ProtectResult",
    "Served",
    "Survival",
    "WorkResult",
    "__version__",
    "check",
    "compare",
    "detect",
    "protect",
    "simulate",
]

_HOMES = {
    "Candidate": "workflows.check.candidates",
    "CheckResult": "workflows.check.results",
    "DetectResult": "workflows.check.detect",
    "DraftResult": "workflows.home.drafts",
    "FoundMark": "workflows.check.mark_search",
    "OcguardError": "errors",
    "PictureSource": "workflows.sources",
    "Portfolio": "workflows.home.catalog",
    "ProtectOptions": "workflows.protect.options",
    "ProtectResult": "workflows.protect.job",
    "Served": "platforms.simulation",
    "Survival": "workflows.protect.survival",
    "WorkResult": "workflows.home.work_result",
    "check": "workflows.api",
    "compare": "workflows.api",
    "detect": "workflows.api",
    "protect": "workflows.api",
    "simulate": "workflows.api",
}


def __getattr__(name: str) -> Any:
    """Load a public name on first use, so that importing ocguard stays light."""
    if name == "__version__":
        value: Any = importlib.import_module("importlib.metadata").version("ocguard")
    elif name in _HOMES:
        value = getattr(importlib.import_module(f"ocguard.{_HOMES[name]}"), name)
    else:
        raise AttributeError(f"module 'ocguard' has no attribute {name!r}")
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*__all__, *(name for name in globals() if name.startswith("__"))})
