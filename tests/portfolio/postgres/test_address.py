"""Promises of ocguard.portfolio.postgres.address."""

from __future__ import annotations

import pytest

from ocguard.errors import PortfolioError
from ocguard.portfolio.postgres.address import Address


@pytest.mark.parametrize(
    ("url", "server", "tenant"),
    [
        ("postgresql://studio/art?tenant=mo", "postgresql://studio/art", "mo"),
        ("PostgreSQL://studio", "postgresql://studio", "default"),
        ("postgres://mo@studio:5433/art", "postgres://mo@studio:5433/art", "default"),
        (
            "postgresql:///art?host=/run/x&tenant=Lin-1.b&sslmode=require",
            "postgresql:///art?host=/run/x&sslmode=require",
            "Lin-1.b",
        ),
    ],
)
def test_the_tenant_is_ours_and_the_rest_is_for_the_server(
    url: str, server: str, tenant: str
) -> None:
    """Written again, it is the same place."""
    address = Address.of(url)
    assert (address.server, address.tenant) == (server, tenant)
    assert Address.of(str(address)) == address


@pytest.mark.parametrize(
    "url",
    [
        "postgresql://mo:s3cret@studio/art",
        "postgresql://mo:s3cret/x@studio/art",
        "postgresql://mo:s3cret?x@studio/art",
        "postgresql://:s3cret@studio",
        "postgresql://studio/art?password=s3cret",
        "postgresql://studio/art?tenant=mo&%70assWord=s3cret",
        "postgresql://studio/art?sslpassword=s3cret",
    ],
)
def test_a_password_is_refused_and_not_repeated(url: str) -> None:
    """An address stands in command lines and reports."""
    with pytest.raises(PortfolioError, match="PGPASSFILE") as caught:
        Address.of(url)
    assert "s3cret" not in str(caught.value)


@pytest.mark.parametrize("tenant", ["", "a b", "a'b", "-a", "林", "x" * 64, "a%20b"])
def test_a_tenant_is_a_plain_name(tenant: str) -> None:
    """It is the same in every program that shows it."""
    with pytest.raises(PortfolioError, match="no name of a tenant"):
        Address.of(f"postgresql://studio/art?tenant={tenant}")
