"""When a page's server ends by itself: some time after its last page was closed, never at work.

An open page says every half minute that it is there, and says goodbye when it is closed. A browser
that sleeps, or that runs no scripts, says neither; so silence alone counts much later.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

__all__ = ["Life"]

CLOSED_SECONDS: Final = 60.0
"""From the last page's goodbye to the end: a page that is loaded again says goodbye too."""

SILENT_SECONDS: Final = 1800.0
"""From the last request to the end, where no page said goodbye."""


class Life:
    """Knows which pages are open, what is at work, and whether it is over.

    Parameters
    ----------
    now_seconds : float
        Time of a clock that never goes back, as everywhere here.
    """

    def __init__(self, now_seconds: float) -> None:
        self._pages: set[str] = set()
        self._is_closed = self._is_ended = False
        self._at_work = 0
        self._last_seconds = now_seconds

    @property
    def is_at_work(self) -> bool:
        """Whether something is being done that must be finished."""
        return self._at_work > 0

    @contextmanager
    def work(self) -> Iterator[None]:
        """Keep the server alive while something is done."""
        self._at_work += 1
        try:
            yield
        finally:
            self._at_work -= 1

    def ask(self, now_seconds: float) -> None:
        """Note a request of any kind."""
        self._last_seconds = now_seconds

    def open(self, page: str) -> None:
        """Note that a page is open."""
        self._pages.add(page)
        self._is_closed = False

    def close(self, page: str) -> None:
        """Note the goodbye of a page."""
        self._pages.discard(page)
        self._is_closed = not self._pages

    def end(self) -> None:
        """End as soon as nothing is at work."""
        self._is_ended = True

    def is_over(self, now_seconds: float) -> bool:
        """Tell whether the server should end."""
        if self.is_at_work:
            self._last_seconds = now_seconds
            return False
        allowed = CLOSED_SECONDS if self._is_closed else SILENT_SECONDS
        return self._is_ended or now_seconds - self._last_seconds > allowed
