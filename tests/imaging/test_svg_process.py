"""Promises of ocguard.imaging.svg_process."""

from __future__ import annotations

import pytest

from ocguard.imaging.apart import DecoderError, decode_apart

pytest.importorskip("resvg_py")


def test_the_program_draws_and_names_what_is_wrong() -> None:
    """A PNG comes out, or a reason."""
    disc = b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"></svg>'
    program = "ocguard.imaging.svg_process"
    assert decode_apart(program, [32, 3], disc).startswith(b"\x89PNG")
    with pytest.raises(DecoderError) as refused:
        decode_apart(program, [32, 3], b"<svg")
    assert refused.value.reason
