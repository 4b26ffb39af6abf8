"""Promises of ocguard.workflows.report.drawing."""

from __future__ import annotations

import io

import pytest
from PIL import Image

from ocguard.errors import PortfolioError
from ocguard.imaging.files import read_picture
from ocguard.workflows.check.results import CheckResult
from ocguard.workflows.home.workspace import Workspace
from ocguard.workflows.report.drawing import Drawn, as_jpegs, draw_beside


@pytest.fixture
def beside(gallery):
    """Draw a suspect's bytes with a work of the gallery, by the name of its file."""
    workspace = Workspace.at(gallery.home)
    with workspace.open_store() as store:
        ids = {work.source.rpartition("/")[2]: work.work_id for work in store.works()}

    def draw(data: bytes, work: str) -> Drawn:
        asked = ids.get(work, work)
        return draw_beside(workspace, "found.png", data, CheckResult("found.png"), asked)

    return draw


@pytest.fixture
def board(gallery) -> bytes:
    """Two works on one board, as a file."""
    board, file = Image.new("RGB", (1500, 600), (240, 240, 240)), io.BytesIO()
    for name, place in (("cel.png", (760, 50)), ("soft.jpg", (60, 40))):
        with Image.open(gallery.art / name) as picture:
            board.paste(picture, place)
    board.save(file, "PNG")
    return file.getvalue()


def test_a_suspect_is_laid_on_whichever_work_is_asked(beside, board) -> None:
    """Whatever the verdict was about, in the frame of that work."""
    for name, size in (("cel.png", (480, 640)), ("soft.jpg", (520, 600))):
        drawn = beside(board, name)
        assert drawn.is_laid
        assert drawn.is_outlined
        assert drawn.pictures["laid"].shape[:2] == drawn.pictures["work"].shape[:2] == size


def test_where_no_place_agrees_the_suspect_is_scaled_whole(beside, drawings) -> None:
    """Into the middle of the work's frame; grey fills the rest, and nothing is called laid."""
    file = io.BytesIO()
    Image.fromarray(drawings.line_art(300, 400, 77)).save(file, "PNG")
    drawn = beside(file.getvalue(), "cel.png")
    assert set(drawn.pictures) == {"suspect", "work", "scaled"}
    assert not drawn.is_laid
    scaled = drawn.pictures["scaled"]
    assert scaled.shape == drawn.pictures["work"].shape
    assert (scaled[:, [0, -1]] == 200).all()
    assert (scaled[:, 320] != 200).any()
    assert read_picture(as_jpegs(drawn).pictures["scaled"]).size == (640, 480)


def test_a_work_that_is_not_there_is_an_error(beside, board) -> None:
    """It may have been removed after the check."""
    with pytest.raises(PortfolioError):
        beside(board, "0" * 16)
