"""Promises of ocguard.workflows.home.common_parts."""

from __future__ import annotations

import pytest

from ocguard.errors import PortfolioError
from ocguard.workflows.home.common_parts import find_common_parts
from ocguard.workflows.home.workspace import Workspace


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


def test_a_missing_portfolio_is_an_error(tmp_path) -> None:
    """Looking makes none."""
    with pytest.raises(PortfolioError):
        list(find_common_parts(Workspace.at(tmp_path / "home")))
    assert not (tmp_path / "home").exists()
