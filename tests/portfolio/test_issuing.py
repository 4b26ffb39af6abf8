"""Promises of ocguard.portfolio.issuing: no published file without its record."""

from __future__ import annotations

import pytest

from ocguard.portfolio import issuing


def test_issuing_withdraws_when_publishing_fails(store, make_entry) -> None:
    """No record stays for a file that could not be written."""
    with pytest.raises(OSError, match="disk"), issuing(store, make_entry(1, marks=1)):
        assert store.stats().works == 1
        raise OSError("disk full")
    assert store.stats().works == 0


def test_issuing_keeps_the_record_when_interrupted(store, make_entry) -> None:
    """The file may be there already, and a file without its record is the worse case."""
    with pytest.raises(KeyboardInterrupt), issuing(store, make_entry(1, marks=1)):
        raise KeyboardInterrupt
    assert store.stats().works == 1
