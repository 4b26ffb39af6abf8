"""Promises of ocguard.portfolio.opening: a portfolio is made only where one is asked for."""

from __future__ import annotations

import pytest

from ocguard.errors import PortfolioError
from ocguard.portfolio import open_store


def test_a_portfolio_is_made_only_when_asked_for(tmp_path) -> None:
    """Reading where there is none is an error, and leaves nothing behind."""
    path = tmp_path / "portfolio.db"
    with pytest.raises(PortfolioError, match="portfolio"):
        open_store(path)
    assert not list(tmp_path.iterdir())
    with open_store(path, create=True) as store:
        assert store.stats().works == 0
