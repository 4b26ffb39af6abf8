"""Promises of ocguard.workflows.platform.specimens."""

from __future__ import annotations

import shutil
from pathlib import Path

import numpy as np
import pytest

from ocguard import detect
from ocguard.creator import Profile
from ocguard.home import Home
from ocguard.imaging.files import read_picture
from ocguard.platforms.measuring import HIGH_FROM
from ocguard.platforms.simulation import metadata_kinds
from ocguard.workflows.home.workspace import Workspace
from ocguard.workflows.platform.specimens import SPECIMENS, Specimen, draw, write_specimen

SMALL = Specimen(9, 600, 400, "jpeg")


@pytest.fixture
def workspace(gallery) -> Workspace:
    """Somebody who has a key and works."""
    return Workspace.at(gallery.home)


def test_a_number_gives_the_same_picture_on_every_run() -> None:
    """And another number another picture."""
    assert np.array_equal(draw(SMALL), draw(SMALL))
    other = draw(Specimen(8, 600, 400, "jpeg"))
    assert np.abs(draw(SMALL).astype(int) - other).mean() > 20


def test_a_name_that_no_font_draws_is_no_hindrance(gallery, tmp_path: Path) -> None:
    """A specimen has no visible mark."""
    home = Home(shutil.copytree(gallery.home, tmp_path / "home"))
    home.save_profile(Profile(creator="\ue000"))
    workspace = Workspace.at(home.folder)
    assert write_specimen(workspace, SMALL, tmp_path / "test").exists()


def test_a_specimen_carries_mark_and_declaration_and_is_no_work(workspace, tmp_path: Path) -> None:
    """The mark is the creator's; the portfolio stays as it was."""
    with workspace.open_store() as store:
        before = store.stats()
    path = write_specimen(workspace, SMALL, tmp_path / "test")
    assert path.name == "test-9.jpg"
    picture = read_picture(path.read_bytes())
    assert picture.size == (600, 400)
    assert "xmp" in metadata_kinds(picture.carried)
    assert detect(path, home=workspace.home.folder).verdict == "found"
    with workspace.open_store() as store:
        assert store.stats() == before


def test_a_specimen_that_is_there_stays_as_it_is(workspace, tmp_path: Path) -> None:
    """A test that was begun is gone on with: what was posted must not change."""
    (tmp_path / "test-9.jpg").write_bytes(b"posted")
    write_specimen(workspace, SMALL, tmp_path)
    assert (tmp_path / "test-9.jpg").read_bytes() == b"posted"


def test_all_specimens_together_make_a_profile_certain() -> None:
    """Wide, tall and square ones are among them, so that limits can be told apart."""
    assert len(SPECIMENS) >= HIGH_FROM
    shapes = {np.sign(one.width - one.height) for one in SPECIMENS}
    assert shapes == {-1, 0, 1}
    assert len({one.file_name for one in SPECIMENS}) == len(SPECIMENS)
