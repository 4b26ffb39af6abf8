"""Promises of ocguard.web.hosts."""

from __future__ import annotations

import pytest

from ocguard.web.hosts import is_loopback, require_own_host, require_own_origin
from ocguard.web.problems import Refusal


@pytest.mark.parametrize(
    "host", ["127.0.0.1:80", "localhost", "[::1]:8000", "192.168.1.7", "Own:1"]
)
def test_a_server_goes_by_addresses_and_its_names(host: str) -> None:
    """With any port."""
    require_own_host({b"host": host.encode()}, {"own"})


@pytest.mark.parametrize("host", ["", "evil.example", "localhost.evil.example", "127.0.0.1.nip.io"])
def test_a_name_that_was_made_to_lead_here_is_refused(host: str) -> None:
    """DNS rebinding: a page's own name suddenly is this machine."""
    with pytest.raises(Refusal) as refused:
        require_own_host({b"host": host.encode()}, {"own"})
    assert refused.value.code == "foreign-host"


@pytest.mark.parametrize(
    "headers",
    [
        {b"origin": b"https://evil.example"},
        {b"origin": b"null"},
        {b"origin": b"http://localhost:9999"},
        {b"sec-fetch-site": b"cross-site"},
        {b"sec-fetch-site": b"same-site"},
    ],
)
def test_pages_of_other_sites_may_not_ask(headers: dict[bytes, bytes]) -> None:
    """Another port of this machine is another site."""
    with pytest.raises(Refusal) as refused:
        require_own_origin({b"host": b"localhost:8000", **headers}, "http")
    assert refused.value.code == "foreign-origin"


def test_own_pages_and_programs_may_ask() -> None:
    """A program sends no origin."""
    require_own_origin({b"host": b"localhost:8000"}, "http")
    own = {b"origin": b"http://localhost:8000", b"sec-fetch-site": b"same-origin"}
    require_own_origin({b"host": b"localhost:8000", **own}, "http")


@pytest.mark.parametrize(
    ("host", "is_own"),
    [("127.0.0.1", True), ("::1", True), ("localhost", True), ("0.0.0.0", False), ("a.b", False)],
)
def test_loopback_is_this_machine_alone(host: str, is_own: bool) -> None:
    """Everything else can be reached by others."""
    assert is_loopback(host) is is_own
