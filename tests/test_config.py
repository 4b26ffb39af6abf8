"""Promises of the configuration file: nearest wins, and no name is silently ignored."""

from __future__ import annotations

from pathlib import Path

import pytest

from ocguard.config import GLOBAL, find_config
from ocguard.errors import ConfigError

KNOWN = {
    GLOBAL: {"home", "portfolio"},
    "protect": {"visible", "on_exists"},
    "portfolio-add": {"jobs"},
}


def tables(start: Path) -> dict[str, dict[str, object]]:
    """Read the configuration in force in a folder."""
    config = find_config(start)
    assert config is not None
    return config.tables(KNOWN)


def test_no_file_means_no_configuration(tmp_path: Path) -> None:
    """Nobody needs a configuration."""
    assert find_config(tmp_path) is None


def test_options_are_read_by_table(tmp_path: Path) -> None:
    """Hyphens and underscores are the same."""
    path = tmp_path / "ocguard.toml"
    path.write_text('portfolio = "p"\n[protect]\non-exists = "skip"\n[portfolio-add]\njobs = 2\n')
    assert tables(tmp_path) == {
        GLOBAL: {"portfolio": "p"},
        "protect": {"on_exists": "skip"},
        "portfolio-add": {"jobs": 2},
    }


def test_the_nearest_folder_decides_alone(tmp_path: Path) -> None:
    """Two files are never mixed."""
    inner = tmp_path / "a" / "b"
    inner.mkdir(parents=True)
    (tmp_path / "ocguard.toml").write_text('home = "far"\nportfolio = "far"\n')
    (tmp_path / "a" / "ocguard.toml").write_text('home = "near"\n')
    assert tables(inner) == {GLOBAL: {"home": "near"}}


def test_pyproject_has_a_section_for_us(tmp_path: Path) -> None:
    """A Python project keeps its settings in one file."""
    (tmp_path / "pyproject.toml").write_text('[tool.ocguard.protect]\nvisible = "band"\n')
    assert tables(tmp_path)["protect"] == {"visible": "band"}


def test_our_own_file_goes_before_pyproject(tmp_path: Path) -> None:
    """In one folder ``ocguard.toml`` wins."""
    (tmp_path / "pyproject.toml").write_text('[tool.ocguard]\nhome = "b"\n')
    (tmp_path / "ocguard.toml").write_text('home = "a"\n')
    assert tables(tmp_path)[GLOBAL] == {"home": "a"}


@pytest.mark.parametrize("content", ["[project]\nname = 'x'\n", "broken = ", 'tool = "ocguard"'])
def test_other_projects_are_passed_over(tmp_path: Path, content: str) -> None:
    """A pyproject.toml that does not speak of us is none of our business."""
    inner = tmp_path / "inner"
    inner.mkdir()
    (inner / "pyproject.toml").write_text(content)
    (tmp_path / "ocguard.toml").write_text('home = "far"\n')
    assert tables(inner)[GLOBAL] == {"home": "far"}


@pytest.mark.parametrize(
    ("content", "match"),
    [
        ("[protect]\nvisibel = 'band'", "no option 'visibel'; the nearest is 'visible'"),
        ("[protect]\non-exist = 'skip'", "the nearest is 'on-exists'"),
        ("[protct]\nvisible = 'band'", "no table 'protct'; the nearest is 'protect'"),
        ("hom = 'x'", "nearest is 'home'"),
        ("protect = 'x'", "no option 'protect'"),
        ("[home]\nx = 1", "no table 'home'"),
        ("visible = 'band'", r"the top level has no option 'visible'; it belongs under \[protect"),
        ("[protect]\njobs = 2", r"\[protect\] has no option 'jobs'.* under \[portfolio-add\]"),
        ("[protect]\non_exist = 'skip'", "no option 'on_exist'; the nearest is 'on-exists'"),
        ("[protect", "not valid TOML"),
    ],
)
def test_mistakes_name_the_file_and_the_nearest_name(
    tmp_path: Path, content: str, match: str
) -> None:
    """A default that silently does nothing would publish art unprotected."""
    path = tmp_path / "ocguard.toml"
    path.write_text(content)
    with pytest.raises(ConfigError, match=match) as caught:
        tables(tmp_path)
    assert str(path) in str(caught.value)
