"""Promises of ocguard.metadata.untrusted."""

from __future__ import annotations

import json
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ocguard.metadata.untrusted import neutralized


@given(st.text(st.characters(codec=None)), st.integers(1, 60))
def test_the_result_is_short_printable_and_on_one_line(text: str, limit: int) -> None:
    """Whatever the text, surrogates and controls included."""
    safe = neutralized(text, limit)
    assert len(safe) <= limit
    assert json.dumps(safe, ensure_ascii=False).encode()
    unsafe = {c for c in safe if unicodedata.category(c) in {"Cc", "Cf", "Cs"}}
    assert unsafe <= {"\u200c", "\u200d"}
    assert "\u2028" not in safe


@pytest.mark.parametrize(
    ("text", "safe"),
    [
        ("Mira Vale", "Mira Vale"),
        ("無断転載 é ★", "無断転載 é ★"),
        ("a\x1b[2Jb", "a\ufffd[2Jb"),
        ("a\u202eb", "a\ufffdb"),
        ("a\r\n\n b", "a b"),
        ("a" * 30, "a" * 19 + "…"),
        (" " * 200 + "a", "…"),
    ],
)
def test_harmless_text_stays_and_the_rest_is_replaced(text: str, safe: str) -> None:
    """Escapes, overrides and forged lines go; cutting shows."""
    assert neutralized(text, 20) == safe
