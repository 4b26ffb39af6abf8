"""A portfolio in which some works belong together."""

from __future__ import annotations

import pytest

from ocguard.workflows.home.catalog import add_one
from ocguard.workflows.home.workspace import Workspace


@pytest.fixture
def workspace(tmp_path, drawings) -> Workspace:
    """Register a work, a variant of it with another corner, and two strangers."""
    workspace = Workspace.at(tmp_path / "home")
    work = drawings.cel(500, 400, 1)
    variant = work.copy()
    variant[10:50, 10:50] = (200, 20, 20)
    strangers = [drawings.painterly(360, 300, 2), drawings.cel(300, 300, 3)]
    for pixels in (work, variant, *strangers):
        assert add_one(workspace, pixels).error is None
    return workspace
