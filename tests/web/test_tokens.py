"""Promises of ocguard.web.tokens."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from ocguard.errors import ConfigError
from ocguard.web.tokens import read_tokens

LONG = "0123456789abcdef0123456789abcdef"


def written(folder: Path, text: str, mode: int = 0o600) -> Path:
    """Write a token file."""
    path = folder / "tokens"
    path.write_text(text, encoding="utf-8")
    path.chmod(mode)
    return path


def test_a_line_is_a_token_and_its_scopes(tmp_path) -> None:
    """Empty lines and comments are passed over."""
    tokens = read_tokens(written(tmp_path, f"# mine\n\n{LONG} check,protect\nb{LONG} check\n"))
    scopes = [sorted(one.scopes) for one in tokens.known]
    assert (scopes, tokens.warnings) == ([["check", "protect"], ["check"]], ())


@pytest.mark.parametrize("header", ["", LONG, f"Basic {LONG}", "Bearer ", f"Bearer {LONG}x"])
def test_only_the_very_token_is_found(tmp_path, header: str) -> None:
    """And only with its scheme."""
    tokens = read_tokens(written(tmp_path, f"{LONG} check\n"))
    assert tokens.find(header) is None
    assert tokens.find(f"bearer {LONG}") == tokens.known[0]


def test_no_text_of_a_token_is_kept(tmp_path) -> None:
    """What is not in memory can stand in no log."""
    tokens = read_tokens(written(tmp_path, f"{LONG} check\n"))
    assert LONG not in repr(tokens) + tokens.known[0].name


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "holds no token"),
        (f"{LONG}\n", "line 1: write TOKEN SCOPE"),
        (f"{LONG} all\n", "line 1: there is no such scope"),
        (f"{LONG} check\n{LONG} protect\n", "line 2: the same token"),
    ],
)
def test_what_is_wrong_is_said_without_the_token(tmp_path, text: str, said: str) -> None:
    """By the number of the line."""
    with pytest.raises(ConfigError, match=said) as raised:
        read_tokens(written(tmp_path, text))
    assert LONG not in str(raised.value)


def test_a_file_that_is_no_text_is_refused(tmp_path) -> None:
    """Such as the key itself."""
    path = written(tmp_path, "")
    path.write_bytes(b"\xff\xfe\x00")
    with pytest.raises(ConfigError, match="is no text"):
        read_tokens(path)


def test_a_short_token_is_told_of(tmp_path) -> None:
    """It can be guessed."""
    (warning,) = read_tokens(written(tmp_path, "secret check\n")).warnings
    assert "line 1: the token is short" in warning
    assert "secret" not in warning.replace(str(tmp_path), "")


@pytest.mark.skipif(os.name != "posix", reason="permission bits are POSIX")
def test_a_file_that_others_can_read_is_told_of(tmp_path) -> None:
    """With the command that changes it."""
    (warning,) = read_tokens(written(tmp_path, f"{LONG} check\n", 0o644)).warnings
    assert "chmod 600" in warning
