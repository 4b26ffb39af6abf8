"""Promises of ocguard.web.page.life."""

from __future__ import annotations

from ocguard.web.page.life import CLOSED_SECONDS, SILENT_SECONDS, Life


def test_a_server_ends_a_minute_after_its_last_page() -> None:
    """One of two pages is no reason."""
    life = Life(0)
    life.open("a")
    life.open("b")
    life.close("a")
    assert not life.is_over(CLOSED_SECONDS + 1)
    life.close("b")
    assert not life.is_over(CLOSED_SECONDS - 1)
    assert life.is_over(CLOSED_SECONDS + 1)


def test_a_page_that_is_loaded_again_stays() -> None:
    """It says goodbye before it comes back."""
    life = Life(0)
    life.open("a")
    life.close("a")
    life.open("b")
    assert not life.is_over(CLOSED_SECONDS + 1)


def test_silence_alone_ends_a_server_much_later() -> None:
    """A browser without scripts, or one that sleeps, says nothing."""
    life = Life(0)
    life.ask(100)
    assert not life.is_over(100 + CLOSED_SECONDS + 1)
    assert life.is_over(100 + SILENT_SECONDS + 1)


def test_nothing_ends_a_server_at_work() -> None:
    """Neither the button nor a closed page; afterwards the time begins anew."""
    life = Life(0)
    life.open("a")
    life.close("a")
    with life.work():
        assert life.is_at_work
        assert not life.is_over(1000)
    assert not life.is_over(1000 + CLOSED_SECONDS - 1)
    assert life.is_over(1000 + CLOSED_SECONDS + 1)
    life.open("a")
    life.end()
    with life.work():
        assert not life.is_over(2000)
    assert life.is_over(2000)
