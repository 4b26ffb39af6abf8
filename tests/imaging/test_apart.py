"""Promises of ocguard.imaging.apart."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from ocguard.imaging.apart import DecoderError, decode_apart

PROGRAM = """
import os, sys
from ocguard.imaging.apart import limit_process, serve_decoder

def decode(data):
    limit_process(1, 1 << 30)
    return eval(data)

sys.exit(serve_decoder(decode))
"""


@pytest.fixture
def program(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """Give a decoder that does what its file says."""
    (tmp_path / "obedient.py").write_text(PROGRAM, encoding="utf-8")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    return "obedient"


def test_what_the_decoder_makes_comes_back(program: str) -> None:
    """Byte for byte."""
    assert decode_apart(program, [], b"bytes(range(256))") == bytes(range(256))


def test_a_refusal_has_its_reason(program: str) -> None:
    """Whatever the decoder raises."""
    with pytest.raises(DecoderError, match="by zero"):
        decode_apart(program, [], b"b'%d' % (1 // 0)")


@pytest.mark.skipif(sys.platform == "win32", reason="a process has no limits there")
@pytest.mark.parametrize(
    "data", [b"os.abort()", b"os._exit(7)", b"b'1' * 2 * 10**9", b"[0 for _ in iter(int, 1)]"]
)
def test_a_crash_or_a_cost_beyond_the_limit_ends_the_decoder_alone(
    program: str, data: bytes
) -> None:
    """There is no reason then."""
    with pytest.raises(DecoderError) as refused:
        decode_apart(program, [], data)
    assert refused.value.reason == ""
