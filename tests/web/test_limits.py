"""Promises of ocguard.web.limits."""

from __future__ import annotations

from ocguard.web.limits import Bucket


def test_a_bucket_allows_a_minute_at_once_and_then_its_rate() -> None:
    """Sixty a minute: the 61st waits a second, and two seconds later two more may come."""
    bucket = Bucket(60)
    assert [bucket.wait_seconds(100.0) for _ in range(61)] == [0] * 60 + [1]
    assert [bucket.wait_seconds(102.0) for _ in range(3)] == [0, 0, 1]


def test_a_bucket_never_holds_more_than_a_minute() -> None:
    """However long nobody asked."""
    bucket = Bucket(2)
    assert [bucket.wait_seconds(1e6) for _ in range(3)] == [0, 0, 30]
