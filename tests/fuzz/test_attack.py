"""A sample of what ``python tests/fuzz/attack.py 10000`` sends to a server."""

from __future__ import annotations

import random
import sys
from collections.abc import Iterator

import pytest

import attack
from hostile_requests import KINDS
from serving import memory_bytes, started


@pytest.fixture(scope="module")
def attacked(tmp_path_factory) -> Iterator[tuple]:
    """Start a server of its own."""
    home = tmp_path_factory.mktemp("attacked")
    attack.make_home(home)
    process, server = started(home, *attack.LIMITS)
    yield process, server
    process.kill()
    process.communicate()


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_a_hostile_request_is_refused(kind: str, attacked) -> None:
    """Whatever is wrong with it: 4xx."""
    _, server = attacked
    place = random.Random(kind)
    requests = [KINDS[kind](place) for _ in range(4)]
    sent = [attack.Outcome(kind, one, attack.sent(server, one)) for one in requests]
    assert [one for one in sent if one.is_fault] == []


@pytest.mark.skipif(sys.platform != "linux", reason="memory is read from /proc")
def test_memory_stays_as_it_is(attacked) -> None:
    """Server and worker grow by no more than a picture, once they are warm."""
    process, server = attacked
    list(attack.outcomes(server, 20, 3))
    before = memory_bytes(process)
    assert not [one for one in attack.outcomes(server, 80, 4) if one.is_fault]
    assert memory_bytes(process) - before < attack.MAX_GROWTH_BYTES


def test_nothing_secret_is_in_the_log(attacked) -> None:
    """Every line is JSON, and none holds what was sent."""
    _, server = attacked
    attack.sent(server, KINDS["token"](random.Random(1)))
    log = server.log.read_text()
    assert log
    assert attack.log_faults(log) == []


def test_the_harness_sees_what_it_is_for() -> None:
    """An answer that is no refusal, no answer, and a log that tells too much."""
    answers = (
        b"HTTP/1.1 200 OK\r\n",
        b"HTTP/1.1 500 Oh\r\n",
        b"",
        b"hello",
        b"HTTP/1.1 413 No\r\n",
    )
    assert [attack.Outcome("", b"", one).is_fault for one in answers] == [True] * 4 + [False]
    assert len(attack.log_faults(f'{{"token": "{attack.SECRETS[0]}"}}\nhello')) == 2
