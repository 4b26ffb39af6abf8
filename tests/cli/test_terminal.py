"""Promises of the terminal: hostile text is shown, never obeyed."""

from __future__ import annotations

import json
import unicodedata

from hypothesis import given
from hypothesis import strategies as st

from ocguard.cli.app import app
from ocguard.cli.session import Session
from ocguard.cli.terminal import emit, note, printable, say_indented

DANGEROUS = {"Cc", "Cs", "Zl", "Zp"}
BIDI = set("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


@given(st.text())
def test_nothing_printable_can_steer_a_terminal(text) -> None:
    """No controls, line breaks, direction overrides, or surrogates are left."""
    shown = printable(text)
    assert not BIDI & set(shown)
    assert not {unicodedata.category(character) for character in shown} & DANGEROUS


def test_ordinary_text_of_every_script_stays() -> None:
    """Names look as their owners write them."""
    for text in ("Lin Qiu 林秋", "José", "Ωμέγα", "かな", "👩‍🎨", "a\u00a0b"):
        assert printable(text) == text


@given(st.dictionaries(st.text(), st.text()))
def test_json_keeps_every_character(text) -> None:
    """What is escaped on the terminal is the same text for a script."""
    import io
    from contextlib import redirect_stdout

    stream = io.TextIOWrapper(io.BytesIO(), encoding="ascii")
    with redirect_stdout(stream):
        emit(text)
    stream.flush()
    raw = stream.buffer.getvalue()
    assert raw.count(b"\n") == 1
    assert json.loads(raw) == text
    assert not BIDI & set(raw.decode("utf-8"))


def test_quiet_silences_messages(capsys) -> None:
    """Results and errors remain."""
    for quiet in (True, False):
        with app.make_context("ocguard", [], resilient_parsing=True) as context:
            context.obj = Session(None, None, quiet, verbose=False)
            note("saved")
    assert capsys.readouterr().err == "saved\n"


def test_a_path_is_not_broken_at_its_hyphens(capsys) -> None:
    """It can be copied from the terminal."""
    path = "/" + "/".join(f"folder-{number}" for number in range(20))
    say_indented(18, "of {path} (work 0123456789abcdef)", path=path)
    assert path in capsys.readouterr().out


def test_long_text_is_wrapped_and_set_in(capsys) -> None:
    """A reason does not run out of the window."""
    say_indented(10, "word " * 60)
    shown = capsys.readouterr().out.splitlines()
    assert len(shown) > 2
    assert all(line.startswith(" " * 10) and len(line) <= 100 for line in shown)
