"""Promises of ocguard.report.evidence."""

from __future__ import annotations

import pytest

from ocguard.report.evidence import Capture


@pytest.mark.parametrize(
    ("values", "match"),
    [
        ({"url": "javascript:alert(1)"}, "https://"),
        ({"url": "https://a b"}, "https://"),
        ({"url": "https://" + "a" * 2000}, "2008 characters"),
        ({"account": "a" * 201}, "account has 201"),
        ({"note": "a" * 4001}, "note has 4001"),
    ],
)
def test_impossible_records_are_refused(values: dict[str, str], match: str) -> None:
    """Addresses that are none, and texts that are too long."""
    with pytest.raises(ValueError, match=match):
        Capture(**values)
