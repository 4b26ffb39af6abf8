"""Promises of ocguard.fingerprint.view_id."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from ocguard.fingerprint.view_id import view_id, work_of

WORKS = st.text("0123456789abcdef", min_size=16, max_size=16)


@given(WORKS, st.integers(1, 9999))
def test_a_view_is_of_its_work(work_id: str, number: int) -> None:
    """And a whole is of itself."""
    assert work_of(view_id(work_id, number)) == work_id
    assert work_of(work_id) == work_id


@given(WORKS, WORKS, st.integers(1, 9999))
def test_a_works_views_follow_it_in_the_order_of_ids(one: str, other: str, number: int) -> None:
    """No other work lies between."""
    assert one < view_id(one, number)
    assert one == other or (other < one) == (other < view_id(one, number))
