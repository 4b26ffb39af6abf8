"""Promises of ocguard.workflows.home.public_hashes."""

from __future__ import annotations

import os
import re
import stat

import numpy as np
import pytest

from ocguard import Portfolio
from ocguard.errors import OutputExistsError
from ocguard.workflows.home.public_hashes import export_hashes
from ocguard.workflows.home.workspace import Workspace

PATTERNS = {"pdq": r"pdq [0-9a-f]{64}", "iscc": r"ISCC:EEA[A-Z2-7]{13}"}


@pytest.mark.parametrize("kind", PATTERNS)
def test_a_list_holds_sorted_hashes_and_nothing_else(kind, gallery, tmp_path) -> None:
    """No name, id, time or order gives anything away, and nobody else can read it yet."""
    path = tmp_path / "hashes.txt"
    written = export_hashes(Workspace.at(gallery.home), kind, path)
    lines = path.read_text(encoding="ascii").splitlines()
    assert written.count == len(lines) == 4 - len(written.left_out)
    assert lines == sorted(set(lines))
    assert all(re.fullmatch(PATTERNS[kind], line) for line in lines)
    if os.name == "posix":
        assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_a_work_that_shows_nothing_has_no_pdq_hash(tmp_path) -> None:
    """It would fit every empty page."""
    portfolio = Portfolio(home=tmp_path / "home")
    work = portfolio.add(np.full((300, 300, 3), 240, np.uint8))
    written = export_hashes(portfolio.workspace, "pdq", tmp_path / "hashes.txt")
    assert (written.count, written.left_out) == (0, (work.work_id,))
    assert (tmp_path / "hashes.txt").read_bytes() == b""


def test_an_existing_file_is_exchanged_only_when_asked(gallery, tmp_path) -> None:
    """As with every export."""
    path = tmp_path / "hashes.txt"
    path.write_text("mine", encoding="utf-8")
    with pytest.raises(OutputExistsError):
        export_hashes(Workspace.at(gallery.home), "pdq", path)
    assert path.read_text(encoding="utf-8") == "mine"
    export_hashes(Workspace.at(gallery.home), "pdq", path, overwrite=True)
    assert path.read_text(encoding="utf-8").startswith("pdq ")
