"""Promises of ``protect --for``, ``simulate``, ``platforms`` and ``selftest``."""

from __future__ import annotations

from pathlib import Path

import pytest

from ocguard.choices import STRENGTHS
from ocguard.platforms.profile_toml import parse_profile

PLAIN = ("--visible", "none", "--jobs", "1", "--creator", "L")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("protect", "--for", "wiebo"), "did you mean 'weibo'"),
        (("protect", "--for", "tiktok", "--format", "png"), "tiktok takes jpeg, webp, not png"),
        (("simulate", "--for", "wiebo"), "did you mean 'weibo'"),
        (("simulate", "--for", "bad.toml"), "bad.toml: 'schema'"),
    ],
)
def test_an_impossible_platform_is_wrong_usage(run, art, tmp_path, arguments, said) -> None:
    """Before anything is written."""
    Path("bad.toml").write_text('schema = "other/1"', encoding="utf-8")
    command, *more = arguments
    result = run("--home", tmp_path / "h", command, art, "--out", "o", *more)
    assert result.exit_code == 2
    assert said in result.stderr
    assert not Path("o").exists()


def test_how_far_a_mark_is_raised_is_stated(run) -> None:
    """In the help."""
    words = " ".join(run("protect", "--help").stdout.split())
    assert f"at most to {STRENGTHS[-1]}" in words


def test_a_configuration_names_platforms(run, art, tmp_path, records) -> None:
    """By the name of the option."""
    Path("ocguard.toml").write_text('[protect]\nfor = ["x-small"]\n', encoding="utf-8")
    base = ("--home", tmp_path / "h", "protect", art / "sub", "--out", "o", "--json")
    (record,) = records(run(*base, *PLAIN))
    assert list(record["survives"]) == ["x-small"]


def test_how_sure_a_profile_is_is_said_in_the_readers_language(run, tmp_path) -> None:
    """In the list of all."""
    listed = run("--home", tmp_path / "h", "--lang", "zh", "platforms").stdout
    assert "可信度中" in listed
    assert "medium" not in listed


def test_platforms_are_listed_and_shown(run, tmp_path, records) -> None:
    """One line each; by name as a file that can be changed; as JSON."""
    listed = run("--home", tmp_path / "h", "platforms").stdout.splitlines()
    assert len(listed) == 20
    assert listed[0].split()[:2] == ["bilibili", "medium"]
    shown = run("--home", tmp_path / "h", "platforms", "weibo")
    assert parse_profile(shown.stdout, "shown").name == "weibo"
    (record,) = records(run("--home", tmp_path / "h", "platforms", "weibo", "--json"))
    assert (record["schema"], record["file"]) == ("ocguard.platform/1", None)
    assert run("--home", tmp_path / "h", "platforms", "nowhere").exit_code == 2
