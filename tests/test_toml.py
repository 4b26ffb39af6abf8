"""Promises of ocguard.toml."""

from __future__ import annotations

import datetime
import tomllib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ocguard.toml import LIMIT_BYTES, TomlError, did_you_mean, nearest, parse_toml, read_toml, toml

TEXTS = st.text(st.characters(exclude_categories=["Cs"]))
VALUES = st.recursive(
    TEXTS | st.booleans() | st.integers(-(2**63), 2**63 - 1) | st.dates() | st.floats(-1e9, 1e9),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.from_regex(r"\A[a-z_]{1,9}\Z"), inner, max_size=3)
    ),
    max_leaves=8,
)


@given(st.dictionaries(st.from_regex(r"\A[a-z_]{1,9}\Z"), VALUES, max_size=4))
def test_what_is_written_is_read_again(table: dict[str, object]) -> None:
    """Every text, number, date, list and table, whatever is in it."""
    assert tomllib.loads(toml(table)) == table


def test_lists_of_tables_stand_behind_everything_else() -> None:
    """As a person writes them: what follows [[name]] would belong to it."""
    day = datetime.date(2026, 1, 31)
    table = {"name": "fox", "stages": [{"what": "upload"}, {"fit": {"px": [1, 2]}}], "day": day}
    assert toml(table).splitlines() == [
        'name = "fox"',
        "day = 2026-01-31",
        "",
        "[[stages]]",
        'what = "upload"',
        "",
        "[[stages]]",
        "fit = { px = [1, 2] }",
    ]
    assert parse_toml(toml(table)) == table


@pytest.mark.parametrize("data", [b"a = ", b"a = 1\na = 2", b'a = "\xff"', b"a = " + b"[" * 5000])
def test_what_is_no_toml_is_refused_with_a_reason(data: bytes) -> None:
    """Not TOML, not UTF-8, or nested without end."""
    with pytest.raises(TomlError) as caught:
        parse_toml(data)
    assert str(caught.value)


def test_a_file_that_is_too_long_is_refused_and_not_cut(tmp_path: Path) -> None:
    """A cut one would silently lack what stands at its end."""
    path = tmp_path / "long.toml"
    path.write_text("# " + "x" * (LIMIT_BYTES - 12) + "\nname = 1\n")
    assert read_toml(path) == {"name": 1}
    path.write_text("# " + "x" * LIMIT_BYTES + "\nname = 1\n")
    with pytest.raises(TomlError, match="65536"):
        read_toml(path)


def test_a_misspelled_name_is_explained_by_the_nearest() -> None:
    """Only one that is alike is offered as meant; the nearest is named however far it is."""
    known = ["creator", "notice"]
    assert did_you_mean("creater", known, "see the manual") == "did you mean 'creator'?"
    assert did_you_mean("zzz", known, "see the manual") == "see the manual"
    assert nearest("zzz", known) in known
    assert nearest("zzz", []) == ""
