"""Promises of ocguard.workflows.home.drafts."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

import ocguard
from ocguard.errors import PortfolioError
from ocguard.imaging.files import find_pictures
from ocguard.workflows.engine.pool import LocalPool
from ocguard.workflows.home.drafts import MAX_DRAFT_FRAMES, add_drafts


@pytest.fixture
def work(drawings) -> NDArray[np.uint8]:
    """Draw a work."""
    return drawings.cel(240, 180, 1)


@pytest.fixture
def portfolio(tmp_path: Path, work: NDArray[np.uint8]) -> ocguard.Portfolio:
    """Register it."""
    made = ocguard.Portfolio(tmp_path / "p.sqlite3", home=tmp_path / "home")
    assert made.add(work).error is None
    return made


def the_work(portfolio: ocguard.Portfolio) -> str:
    """Give its id."""
    (only,) = portfolio.works()
    return only.work_id or ""


def recording(path: Path, work: NDArray[np.uint8], frames: int) -> Path:
    """Make an animation in which the work appears from above, line by line."""
    steps = [work.copy() for _ in range(frames)]
    for number, step in enumerate(steps, 1):
        step[number * len(work) // frames :] = 255
    first, *others = map(Image.fromarray, steps)
    first.save(path, save_all=True, append_images=others, duration=40)
    return path


def test_a_draft_is_no_work_of_its_own(
    portfolio: ocguard.Portfolio, work: NDArray[np.uint8], drawings
) -> None:
    """It is listed with the one that it led to, and with how much of that it shows."""
    work_id = the_work(portfolio)
    near = work.copy()
    near[:40, :40] = 255
    for picture, verdict in ((near, "near-copy"), (drawings.cel(240, 180, 9), "no-match")):
        added = portfolio.add_draft(work_id[:6], picture)
        assert (added.error, [one.verdict for one in added.drafts]) == (None, [verdict])
    (only,) = portfolio.works()
    assert [one.verdict for one in only.drafts] == ["near-copy", "no-match"]


def test_identical_is_said_of_equal_pixels_alone(
    portfolio: ocguard.Portfolio, work: NDArray[np.uint8]
) -> None:
    """Not of equal small views."""
    work_id = the_work(portfolio)
    (same,) = portfolio.add_draft(work_id, work).drafts
    large = work.repeat(4, 0).repeat(4, 1)
    (other,) = portfolio.add_draft(work_id, large).drafts
    assert (same.verdict, other.verdict) == ("identical", "near-copy")


def test_a_recording_is_kept_from_its_first_frame_to_its_last(
    portfolio: ocguard.Portfolio, work: NDArray[np.uint8], tmp_path: Path
) -> None:
    """And some between, so that its size has a bound."""
    path = recording(tmp_path / "drawing.webp", work, MAX_DRAFT_FRAMES + 5)
    added = portfolio.add_draft(the_work(portfolio), path)
    frames = [one.frame for one in added.drafts]
    assert added.error is None
    assert len(frames) == MAX_DRAFT_FRAMES
    assert (frames[0], frames[-1]) == (0, MAX_DRAFT_FRAMES + 4)
    assert len({one.file_sha256 for one in added.drafts}) == 1
    assert len({one.pixel_sha256 for one in added.drafts}) == MAX_DRAFT_FRAMES


def test_the_same_file_twice_is_one_draft(portfolio: ocguard.Portfolio, drawings) -> None:
    """It keeps its first date."""
    results = [
        portfolio.add_draft(the_work(portfolio), drawings.cel(240, 180, 9)) for _ in range(2)
    ]
    assert results[0].drafts == results[1].drafts
    assert len(portfolio.show(the_work(portfolio)).drafts) == 1


def test_a_folder_of_drafts_reports_bad_files(
    portfolio: ocguard.Portfolio, work: NDArray[np.uint8], tmp_path: Path
) -> None:
    """Several at a time, in order."""
    folder = tmp_path / "drafts"
    folder.mkdir()
    Image.fromarray(work[::2, ::2]).save(folder / "a.png")
    (folder / "b.png").write_bytes(b"broken")
    found = find_pictures([folder])
    results = list(add_drafts(portfolio.workspace, the_work(portfolio), found, LocalPool(2)))
    assert [one.status for one in results] == ["done", "failed"]
    assert "b.png" in (results[1].error or "")
    (only,) = portfolio.works()
    assert [Path(one.source).name for one in only.drafts] == ["a.png"]


def test_drafts_of_no_work_are_refused_at_once(
    portfolio: ocguard.Portfolio, tmp_path: Path
) -> None:
    """Before any file is read."""
    with pytest.raises(PortfolioError, match="no registered work"):
        next(add_drafts(portfolio.workspace, "zz", find_pictures([tmp_path]), 1))


@pytest.mark.parametrize("kind", ["backup", "export"])
def test_drafts_are_mended_from_copies(
    portfolio: ocguard.Portfolio, tmp_path: Path, drawings, kind: str
) -> None:
    """Record and rendition."""
    portfolio.add_draft(the_work(portfolio), drawings.cel(240, 180, 9))
    before, copy = portfolio.works(), tmp_path / "copy"
    portfolio.back_up(copy) if kind == "backup" else portfolio.export(copy)
    db = sqlite3.connect(portfolio.location)
    db.execute("UPDATE drafts SET source = 'x'")
    db.commit()
    db.close()
    assert [one.what.split()[4] for one in portfolio.damage()] == ["draft"]
    assert portfolio.repair([copy]) == []
    assert portfolio.works() == before
