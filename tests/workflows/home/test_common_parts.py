"""Promises of ocguard.workflows.home.common_parts."""

from __future__ import annotations

import pytest

from ocguard.errors import PortfolioError
from ocguard.workflows.home.catalog import add_one
from ocguard.workflows.home.common_parts import find_common_parts, find_variants
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


def test_a_pair_of_variants_is_told_once(workspace) -> None:
    """With how much agrees; strangers are not paired."""
    announced: list[int] = []
    with workspace.open_store() as store:
        ids = {work.work_id for work in store.works()}
    (pair,) = find_common_parts(workspace, announced.append)
    assert pair.is_variant
    assert pair.work_id < pair.other_id
    assert {pair.work_id, pair.other_id} < ids
    assert 0.9 < pair.common_area < 1
    assert announced == [4]


def test_a_work_is_asked_for_its_variants(workspace) -> None:
    """Each of the pair names the other; a stranger names none."""
    with workspace.open_store() as store:
        ids = {work.work_id for work in store.works()}
    (pair,) = find_common_parts(workspace)
    for asked, other in ((pair.work_id, pair.other_id), (pair.other_id, pair.work_id)):
        ((variant, name),) = find_variants(workspace, asked)
        assert variant.work_id == other
        assert name == variant.source
    for stranger in ids - {pair.work_id, pair.other_id}:
        assert find_variants(workspace, stranger) == []
    with pytest.raises(PortfolioError):
        find_variants(workspace, "0" * 16)


def test_a_missing_portfolio_is_an_error(tmp_path) -> None:
    """Looking makes none."""
    with pytest.raises(PortfolioError):
        list(find_common_parts(Workspace.at(tmp_path / "home")))
    assert not (tmp_path / "home").exists()
