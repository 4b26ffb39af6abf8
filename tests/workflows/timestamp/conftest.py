"""A portfolio of two works, with a key."""

from __future__ import annotations

from pathlib import Path

import pytest
from PIL import Image

from ocguard.creator import Profile
from ocguard.workflows.home.catalog import add_one
from ocguard.workflows.home.workspace import Workspace


@pytest.fixture
def original(tmp_path: Path, drawings) -> Path:
    """Draw a picture."""
    Image.fromarray(drawings.cel(200, 150, 1)).save(tmp_path / "art.png")
    return tmp_path / "art.png"


@pytest.fixture
def workspace(tmp_path: Path, original: Path, drawings) -> Workspace:
    """Register two works."""
    made = Workspace.at(tmp_path / "home")
    made.home.create(Profile("Mo"))
    for source in (original, drawings.cel(200, 150, 2)):
        assert add_one(made, source).error is None
    return made
