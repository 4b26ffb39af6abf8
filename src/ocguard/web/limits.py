"""How much one client, and all clients together, may ask of a server."""

from __future__ import annotations

import math
from dataclasses import dataclass

from ocguard.imaging.picture import MAX_PIXELS

__all__ = ["Bucket", "Limits"]


@dataclass(frozen=True)
class Limits:
    """The limits of a server.

    Attributes
    ----------
    body_bytes : int
        Largest body of a request.
    bodies_bytes : int
        Most bytes of all bodies together that have arrived, and are not answered yet.
    body_seconds : float
        Longest time in which a body must have arrived.
    pixels : int
        Most pixels of a picture, all frames together.
    picture_seconds : float
        Longest time of work on one picture.
    concurrency : int
        Most requests at a time: on their way here, waiting, or at work.
    rate_per_minute : int
        Most requests of one token in a minute.
    """

    body_bytes: int = 64 << 20
    bodies_bytes: int = 256 << 20
    body_seconds: float = 60.0
    pixels: int = MAX_PIXELS // 2
    picture_seconds: float = 120.0
    concurrency: int = 128
    rate_per_minute: int = 6000


class Bucket:
    """A token bucket: allows a rate on average, and as much at once as comes in a minute.

    Parameters
    ----------
    per_minute : int
        Rate, at least 1.

    References
    ----------
    J. Turner, "New directions in communications (or which way to the information age?)", IEEE
    Communications Magazine 24 (10), 1986, doi:10.1109/MCOM.1986.1092946.
    """

    def __init__(self, per_minute: int) -> None:
        self._per_minute = per_minute
        self._left = float(per_minute)
        self._then_seconds = 0.0

    def wait_seconds(self, now_seconds: float) -> int:
        """Take one request out of the bucket; 0, or after how many seconds there is one again.

        Parameters
        ----------
        now_seconds : float
            Time of any clock that never goes back.
        """
        per_second = self._per_minute / 60
        refilled = self._left + (now_seconds - self._then_seconds) * per_second
        self._left, self._then_seconds = min(self._per_minute, refilled), now_seconds
        if self._left < 1:
            return math.ceil((1 - self._left) / per_second)
        self._left -= 1
        return 0
