"""Promises of locations: a path or a URL leads to its store, or to a clear error."""

from __future__ import annotations

import pytest

from ocguard.errors import PortfolioError
from ocguard.portfolio import has_portfolio, open_store, server_address


def test_a_path_and_its_url_are_the_same_portfolio(location, make_entry) -> None:
    """Both spellings open one file."""
    with open_store(str(location), create=True) as store:
        store.record([make_entry(1)])
    with open_store(f"sqlite://{location}") as store:
        assert store.stats().works == 1


@pytest.mark.parametrize("url", ["mysql://studio/art", "https://example.org/x", "S3://b"])
def test_other_kinds_of_places_are_named(url) -> None:
    """Nobody gets a file called ``https:``."""
    with pytest.raises(PortfolioError, match="not supported"):
        open_store(url, create=True)


@pytest.mark.parametrize("scheme", ["postgresql:", "postgresql:/", "Postgres:/", "postgres:"])
def test_an_address_with_a_slash_too_few_is_no_file(scheme, tmp_path, monkeypatch) -> None:
    """Works do not go astray, and a password in it is neither said nor written."""
    monkeypatch.chdir(tmp_path)
    for use in (has_portfolio, lambda location: open_store(location, create=True)):
        with pytest.raises(PortfolioError, match="two slashes") as caught:
            use(f"{scheme}mira:hush@studio/art?tenant=mira")
        assert "hush" not in str(caught.value)
    assert not any(tmp_path.iterdir())


def test_a_windows_drive_is_a_path(tmp_path, monkeypatch) -> None:
    """``C:`` is no kind of place."""
    monkeypatch.chdir(tmp_path)
    with pytest.raises(PortfolioError, match="no portfolio at"):
        open_store("C:/art/portfolio.sqlite3")


def test_a_portfolio_is_there_or_not(location) -> None:
    """By its path or its URL."""
    assert not has_portfolio(location)
    open_store(location, create=True).close()
    assert has_portfolio(location)
    assert has_portfolio(f"sqlite://{location}")


def test_an_address_of_a_server_is_none_of_a_file(location) -> None:
    """Whatever the case of its scheme."""
    assert server_address(location) is None
    assert server_address(f"sqlite://{location}") is None
    address = server_address("PostgreSQL://studio/art?tenant=mo")
    assert address is not None
    assert address.tenant == "mo"
