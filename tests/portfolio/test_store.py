"""Promises of ocguard.portfolio.store; those of its methods are tested where the queries are."""

from __future__ import annotations

from ocguard.portfolio import credentials_of


def test_credentials_are_listed_by_issue(store, make_entry) -> None:
    """Of the marks that have some."""
    entry, plain = make_entry(1, marks=2, is_signed=True), make_entry(2, marks=1)
    store.record([entry, plain])
    assert credentials_of(store, (*entry.marks, *plain.marks)) == entry.credentials
