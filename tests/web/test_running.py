"""Promises of ocguard.web.running."""

from __future__ import annotations

import socket
import threading

import pytest

from ocguard.errors import ConfigError
from ocguard.web import running
from ocguard.web.running import Address, run


async def _nothing(scope, receive, send) -> None:
    """Answer nothing: no request comes this far."""


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.168.1.7", "art.example"])
def test_others_are_served_over_tls_or_not_at_all(host: str) -> None:
    """Tokens and pictures would cross the network in the clear."""
    with pytest.raises(ConfigError, match="--tls-cert"):
        Address(host)
    assert Address(host, is_behind_proxy=True).scheme == "https"


def test_tls_needs_both_of_its_files(tmp_path) -> None:
    """The message names the other one."""
    with pytest.raises(ConfigError, match="--tls-key"):
        Address(tls_cert=tmp_path / "a.pem")
    with pytest.raises(ConfigError, match="there is no file"):
        Address(tls_cert=tmp_path / "a.pem", tls_key=tmp_path / "b.pem")


@pytest.mark.parametrize(
    ("host", "url"), [("127.0.0.1", "http://127.0.0.1:80"), ("::1", "http://[::1]:80")]
)
def test_the_address_can_be_opened_as_it_is_printed(host: str, url: str) -> None:
    """Six groups of digits stand in brackets."""
    assert Address(host).url(80) == url


@pytest.mark.parametrize("head", [b"", b"GET / HTTP/1.1\r\nHost: a\r\nX: "])
def test_a_connection_whose_headers_do_not_come_is_closed(head: bytes, monkeypatch) -> None:
    """Bytes that trickle in do not keep it open; a request that is whole is answered before."""
    monkeypatch.setattr(running, "HEADER_SECONDS", 0.3)
    seen, over = [], threading.Event()

    def ask(url: str) -> None:
        with socket.create_connection(("127.0.0.1", int(url.rpartition(":")[2])), 10) as line:
            line.settimeout(0.1)
            line.sendall(head)
            for _ in range(50):
                try:
                    seen.append(line.recv(100))
                    break
                except TimeoutError:
                    line.sendall(head[-1:])
        over.set()

    def announce(url: str) -> None:
        threading.Thread(target=ask, args=(url,)).start()

    run(_nothing, Address(), announce, print, over.is_set)
    assert seen == [b""]
