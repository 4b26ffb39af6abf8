"""Promises of ocguard.web.traffic."""

from __future__ import annotations

import json
import re
from types import SimpleNamespace
from typing import Any

from ocguard.web.traffic import Traffic

LINE = re.compile(r'# TYPE \w+ (counter|gauge|histogram)|\w+(\{\w+="[^"]*"(,\w+="[^"]*")*\})? \S+')


def asked(lines: list[str], **scope: Any) -> Traffic:
    """Follow one request that was answered with 200."""
    traffic = Traffic(lines.append)
    route = SimpleNamespace(path="/v1/check")
    full = {"method": "POST", "client": ("127.0.0.1", 5), "route": route, **scope}
    with traffic.watch(full) as request:
        request.status = 200
        assert "ocguard_requests_in_progress 1" in traffic.metrics()
    return traffic


def test_a_request_is_one_line_of_json() -> None:
    """With the route, never the path or the query as they came."""
    lines: list[str] = []
    asked(lines, path="/v1/check/secret", query_string=b"token=secret")
    told = json.loads(lines[0])
    assert (told["route"], told["status"], told["method"]) == ("/v1/check", 200, "POST")
    assert "secret" not in lines[0]


def test_metrics_keep_to_prometheus_text_form() -> None:
    """Line by line."""
    text = asked([]).metrics()
    assert [line for line in text.splitlines() if not LINE.fullmatch(line)] == []
    assert text.endswith("\n")


def test_what_a_client_makes_up_makes_no_metric_of_its_own() -> None:
    """Otherwise anybody could fill the memory."""
    traffic = asked([], method="BREW", route=None)
    assert 'method="OTHER"' in traffic.metrics()
    assert "BREW" not in traffic.metrics()


def test_the_histogram_counts_every_request_once() -> None:
    """In its last bucket are all."""
    text = asked([]).metrics()
    assert 'ocguard_request_seconds_bucket{route="/v1/check",le="+Inf"} 1' in text
    assert 'ocguard_request_seconds_count{route="/v1/check"} 1' in text
