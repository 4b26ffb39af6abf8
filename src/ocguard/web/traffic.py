"""What a server tells of its traffic: one JSON line a request, and metrics for Prometheus.

Neither ever holds a token, a query, a client's file name or a byte of a picture: requests are told
by the route that answered them, clients by the first digits of their token's digest.

References
----------
"Prometheus text-based format", version 0.0.4, https://prometheus.io/docs/instrumenting/
exposition_formats/.
"""

from __future__ import annotations

import json
import time
from collections import Counter
from collections.abc import Callable, Iterator, MutableMapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, Final
from uuid import uuid4

from ocguard.portfolio import utc_now

__all__ = ["METRICS_TYPE", "Request", "Traffic"]

METRICS_TYPE: Final = "text/plain; version=0.0.4; charset=utf-8"

BUCKETS_SECONDS: Final = (0.01, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0)
"""Upper ends of the histogram of answering times."""

NO_ROUTE: Final = "-"
"""Route of requests that none was found for."""


@dataclass
class Request:
    """One request under way.

    Attributes
    ----------
    request_id : str
        Random; the client finds it in ``X-Request-Id``.
    method : str
        HTTP method; ``OTHER`` for an unknown one.
    remote : str
        Address of the client.
    token : str
        Name of its token; empty without one.
    route : str
        The route that answers it, as it was declared.
    status : int
        HTTP status; 0 while there is no answer.
    bytes_in, bytes_out : int
        Lengths of both bodies.
    code : str
        Code of the refusal; empty for an answer.
    cause : str
        What is the matter with profile, key or portfolio, or what a mistake was, where that refused
        it.
    """

    method: str
    remote: str
    request_id: str = field(default_factory=lambda: uuid4().hex)
    token: str = ""
    route: str = NO_ROUTE
    status: int = 0
    bytes_in: int = 0
    bytes_out: int = 0
    code: str = ""
    cause: str = ""


_METHODS: Final = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})


class Traffic:
    """Counts requests and writes a line about each.

    Parameters
    ----------
    write : callable
        Takes one line of JSON, without its end.
    """

    def __init__(self, write: Callable[[str], None]) -> None:
        self._write = write
        self._requests: Counter[tuple[str, str, int]] = Counter()
        self._seconds: Counter[str] = Counter()
        self._at_most: Counter[tuple[str, float]] = Counter()
        self._bytes: Counter[str] = Counter()
        self.in_progress = 0

    @contextmanager
    def watch(self, scope: MutableMapping[str, Any]) -> Iterator[Request]:
        """Follow one request from its first byte to its last.

        Parameters
        ----------
        scope : mapping
            ASGI scope; the router leaves the route in it.
        """
        method, client = scope["method"], scope.get("client")
        known = method if method in _METHODS else "OTHER"
        request = Request(known, client[0] if client else "")
        start = time.perf_counter()
        self.in_progress += 1
        try:
            yield request
        finally:
            self.in_progress -= 1
            request.route = getattr(scope.get("route"), "path", NO_ROUTE)
            self._count(request, time.perf_counter() - start)

    def _count(self, request: Request, seconds: float) -> None:
        self._requests[request.route, request.method, request.status] += 1
        self._seconds[request.route] += round(1000 * seconds)
        for bound in BUCKETS_SECONDS:
            self._at_most[request.route, bound] += seconds <= bound
        self._bytes["in"] += request.bytes_in
        self._bytes["out"] += request.bytes_out
        told = {"time": utc_now(), **vars(request), "seconds": round(seconds, 3)}
        self._write(json.dumps(told))

    def metrics(self) -> str:
        """Give everything counted so far in Prometheus' text form."""
        totals: Counter[str] = Counter()
        lines = ["# TYPE ocguard_requests_total counter"]
        for (route, method, status), count in sorted(self._requests.items()):
            totals[route] += count
            labels = f'route="{route}",method="{method}",status="{status}"'
            lines.append(f"ocguard_requests_total{{{labels}}} {count}")
        lines.append("# TYPE ocguard_request_seconds histogram")
        for route, count in sorted(totals.items()):
            for bound in BUCKETS_SECONDS:
                labels = f'route="{route}",le="{bound:g}"'
                within = self._at_most[route, bound]
                lines.append(f"ocguard_request_seconds_bucket{{{labels}}} {within}")
            lines.append(f'ocguard_request_seconds_bucket{{route="{route}",le="+Inf"}} {count}')
            seconds = self._seconds[route] / 1000
            lines.append(f'ocguard_request_seconds_sum{{route="{route}"}} {seconds:g}')
            lines.append(f'ocguard_request_seconds_count{{route="{route}"}} {count}')
        lines.append("# TYPE ocguard_body_bytes_total counter")
        for way in ("in", "out"):
            lines += [f'ocguard_body_bytes_total{{direction="{way}"}} {self._bytes[way]}']
        lines += ["# TYPE ocguard_requests_in_progress gauge"]
        lines += [f"ocguard_requests_in_progress {self.in_progress}", ""]
        return "\n".join(lines)
