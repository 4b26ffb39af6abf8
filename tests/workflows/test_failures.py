"""Promises of failures: one sentence that a person can act on."""

from __future__ import annotations

import errno

import pytest

from ocguard.errors import ImageReadError
from ocguard.workflows.failures import explain


@pytest.mark.parametrize(
    ("error", "expected"),
    [
        (ImageReadError("a.png is empty"), "a.png is empty"),
        (OSError(errno.ENOSPC, "No space left", "/out/a.png"), "/out/a.png: No space left"),
        (OSError(errno.EIO, "Input/output error"), "Input/output error"),
        (OSError("odd"), "odd"),
        (ValueError("a side has 5 px"), "a side has 5 px"),
    ],
)
def test_known_errors_speak_for_themselves(error, expected) -> None:
    """Nothing is added but the file's name."""
    assert explain(error) == expected


def test_lack_of_memory_says_what_to_do() -> None:
    """Python's own error has no words."""
    assert "--jobs" in explain(MemoryError())


def test_our_own_mistakes_ask_to_be_reported() -> None:
    """A batch of a thousand pictures goes on after them."""
    assert explain(KeyError("x")) == "unexpected KeyError: 'x'; please report this"
