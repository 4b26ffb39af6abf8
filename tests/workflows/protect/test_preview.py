"""Promises of ocguard.workflows.protect.preview: a sheet of before and after, and nothing else."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from ocguard.workflows.home.workspace import Workspace
from ocguard.workflows.protect.options import prepare_protect
from ocguard.workflows.protect.preview import CELL_PX, Preview
from ocguard.workflows.protect.run import protect_one


@pytest.fixture
def folder(tmp_path, drawings):
    """Five pictures, one of them broken."""
    art = tmp_path / "art"
    art.mkdir()
    for i in range(4):
        Image.fromarray(drawings.cel(500, 300 + 60 * i, i)).save(art / f"{i}.png")
    (art / "4.png").write_bytes(b"broken")
    return art


def preview(folder, tmp_path, count, **options) -> Preview:
    """Prepare a sheet."""
    job, _ = prepare_protect(
        Workspace.at(tmp_path / "home"), {"dry_run": True, **options}, lambda: "Mo"
    )
    return Preview(job, sorted(folder.iterdir()), count)


def test_the_sheet_has_a_row_for_every_picture(folder, tmp_path) -> None:
    """Before on the left, after in the middle, 100 % on the right; figures for each."""
    made = preview(folder, tmp_path, 2, visible="tile", opacity=60.0)
    results = list(made.results())
    assert [one.error for one in results] == [None, None]
    assert all(one.visible["left"]["averaged"] > 0 for one in results)
    assert all(one.data == b"" for one in results)
    sheet = np.asarray(Image.open(made.write(tmp_path / "new" / "preview.jpg")))
    assert sheet.shape[1] > 3 * CELL_PX
    assert sheet.shape[0] > 2 * CELL_PX
    before, after = (sheet[:CELL_PX, x : x + CELL_PX].astype(int) for x in (20, CELL_PX + 40))
    assert (np.abs(before - after).max(axis=2) > 25).mean() > 0.01


def test_nothing_but_the_sheet_is_left(folder, tmp_path) -> None:
    """No home, no portfolio, no protected file."""
    made = preview(folder, tmp_path, 1)
    list(made.results())
    made.write(tmp_path / "preview.jpg")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["art", "preview.jpg"]


def test_a_bad_picture_is_told_and_left_out(folder, tmp_path) -> None:
    """The others are on the sheet."""
    made = preview(folder, tmp_path, 60)
    assert len(made.chosen) == 5
    results = list(made.results())
    assert [one.error is None for one in results] == [True] * 4 + [False]
    assert made.write(tmp_path / "preview.jpg").exists()


def test_without_a_picture_there_is_no_sheet(folder, tmp_path) -> None:
    """An empty page would say that all is well."""
    for path in folder.iterdir():
        path.write_bytes(b"broken")
    made = preview(folder, tmp_path, 2)
    assert all(one.error for one in made.results())
    with pytest.raises(ValueError, match="no picture"):
        made.write(tmp_path / "preview.jpg")
    assert not (tmp_path / "preview.jpg").exists()


def test_a_frame_is_shown_in_the_close_up(folder, tmp_path) -> None:
    """The strip is what changed."""
    made = preview(folder, tmp_path, 1, visible="frame", opacity=100.0)
    list(made.results())
    sheet = np.asarray(Image.open(made.write(tmp_path / "preview.jpg")))
    closeup = sheet[20 : 20 + CELL_PX, -CELL_PX - 20 : -20].astype(int)
    strip = closeup[CELL_PX - 60 :].reshape(-1, 3)
    assert (strip.std(axis=1) < 8).mean() > 0.5


def test_protected_copies_leave_their_place_to_others(folder, tmp_path) -> None:
    """Outputs may lie in the folder; where there is nothing else, that is told."""
    (folder / "4.png").unlink()
    home = Workspace.at(tmp_path / "home")
    job, _ = prepare_protect(home, {}, lambda: "Mo")
    for name in ("0.png", "1.png"):
        assert protect_one(job, folder / name, folder / f"0 {name}").status == "protected"
        (folder / name).unlink()
    made = preview(folder, tmp_path, 2)
    assert [Path(one.input).name for one in made.results()] == ["2.png", "3.png"]
    for name in ("2.png", "3.png"):
        (folder / name).unlink()
    only = preview(folder, tmp_path, 2)
    assert ["protected copy" in (one.error or "") for one in only.results()] == [True, True]
