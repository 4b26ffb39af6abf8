"""Promises of ocguard.cli.defaults."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest


def test_configured_defaults_are_used_and_overruled(
    run, gallery, records, tmp_path, monkeypatch
) -> None:
    """The command line goes before the file; paths are relative to the file."""
    folder = gallery.home
    config = f'home = "{folder.as_posix()}"\n[protect]\nout = "out"\nformat = "png"\n'
    assert run("portfolio", "list").exit_code == 4
    Path("ocguard.toml").write_text(config, encoding="utf-8")
    monkeypatch.delenv("OCGUARD_HOME")
    assert len(run("portfolio", "list", "--json").stdout.splitlines()) == 4
    soft = gallery.art / "soft.jpg"
    result = run("protect", soft, "-n", "--json", "--visible", "none")
    assert records(result)[0]["output"] == str(tmp_path / "here" / "out" / "soft.png")
    result = run("protect", soft, "-n", "--json", "--visible", "none", "--format", "webp")
    assert records(result)[0]["output"].endswith("soft.webp")


def test_the_environment_goes_before_the_file(run, gallery, monkeypatch) -> None:
    """As everywhere."""
    Path("ocguard.toml").write_text('portfolio = "nowhere.sqlite3"\n', encoding="utf-8")
    monkeypatch.setenv("OCGUARD_PORTFOLIO", str(gallery.home / "portfolio.sqlite3"))
    assert run("portfolio", "list").exit_code == 0


def test_a_configured_portfolio_lies_beside_the_file(run, gallery, tmp_path, monkeypatch) -> None:
    """From whatever folder below it the program is started."""
    shutil.copy(gallery.home / "portfolio.sqlite3", tmp_path / "here" / "studio.sqlite3")
    Path("ocguard.toml").write_text('portfolio = "studio.sqlite3"\n', encoding="utf-8")
    below = tmp_path / "here" / "a" / "b"
    below.mkdir(parents=True)
    monkeypatch.chdir(below)
    assert len(run("portfolio", "list").stdout.splitlines()) == 4


@pytest.mark.parametrize(
    ("content", "match"),
    [
        ("[protect]\nvisibel = 'band'", "nearest is 'visible'"),
        ("[protect]\nvisible = 'everywhere'", "[protect] visible: "),
        ("[protect]\nquality = 'best'", "[protect] quality: "),
        ("[portfolio-add]\njob = 2", "nearest is 'jobs'"),
        ("[portfolio]\njobs = 2", "no table 'portfolio'"),
        ("[protect", "not valid TOML"),
    ],
)
def test_a_mistake_in_the_configuration_is_wrong_usage(run, gallery, content, match) -> None:
    """Whatever command runs: a default that does nothing would publish art unprotected."""
    Path("ocguard.toml").write_text(content, encoding="utf-8")
    result = run("--home", gallery.home, "portfolio", "list")
    assert result.exit_code == 2
    assert match in result.stderr
    assert "ocguard.toml" in result.stderr
