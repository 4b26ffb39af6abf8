"""Promises of failures: one sentence that a person can act on."""

from __future__ import annotations

import errno

import pytest

from ocguard.errors import ImageReadError, MissingExtraError
from ocguard.language.message import Message
from ocguard.workflows.failures import explain, with_messages


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


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (ImageReadError("{name} is empty", name="a.png"), "image-read"),
        (MissingExtraError("HEIC pictures", "heic"), "missing-extra"),
        (FileNotFoundError(errno.ENOENT, "No such file or directory", "a.png"), "system"),
        (OSError("odd"), "system"),
        (ValueError("a side has 5 px"), "value"),
        (MemoryError(), "memory"),
        (KeyError("x"), "unexpected"),
    ],
)
def test_the_kind_of_an_error_has_a_name_for_programs(error, code) -> None:
    """That of our own error without the word, or one of four others."""
    assert explain(error).code == code


def test_a_record_lets_any_client_say_its_error_and_its_warnings() -> None:
    """Behind the English text stand the kind, the template and the values."""
    error = explain(ImageReadError("{name} is empty", name="a.png"))
    warning = Message("the mark was raised to {strength}", strength="strong")
    record = {"input": "a.png", "warnings": [warning], "error": error, "seconds": 0.1}
    assert with_messages(record, error, [warning]) == {
        "input": "a.png",
        "warnings": ["the mark was raised to strong"],
        "warning_details": [
            {"template": "the mark was raised to {strength}", "values": {"strength": "strong"}}
        ],
        "error": "a.png is empty",
        "error_code": "image-read",
        "error_template": "{name} is empty",
        "error_values": {"name": "a.png"},
        "seconds": 0.1,
    }


def test_without_an_error_there_is_no_kind() -> None:
    """Null, as everything that does not apply."""
    full = with_messages({"error": None}, None)
    assert full == {"error": None, "error_code": None, "error_template": None, "error_values": {}}
