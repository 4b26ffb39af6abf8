"""Promises of ocguard.workflows.home.adding."""

from __future__ import annotations

from PIL import Image

import ocguard
from ocguard.imaging.files import find_pictures
from ocguard.workflows.engine.pool import LocalPool
from ocguard.workflows.home.adding import add_files


def test_adding_a_folder_reports_bad_files(tmp_path, drawings) -> None:
    """Several at a time, in order."""
    portfolio = ocguard.Portfolio(tmp_path / "p.sqlite3")
    Image.fromarray(drawings.cel(200, 150, 1)).save(tmp_path / "a.png")
    (tmp_path / "b.png").write_bytes(b"broken")
    Image.fromarray(drawings.cel(200, 150, 2)).save(tmp_path / "c.png")
    paths = [tmp_path / name for name in ("a.png", "b.png", "c.png")]
    results = list(add_files(portfolio.workspace, find_pictures([tmp_path]), LocalPool(2)))
    assert [one.error is None for one in results] == [True, False, True]
    assert [one.input for one in results] == [str(path) for path in paths]
    assert portfolio.stats().works == 2
