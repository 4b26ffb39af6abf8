"""Promises of ocguard.errors."""

from __future__ import annotations

import pickle
import re
import shlex
import sys
import tomllib
from pathlib import Path

import pytest

from ocguard import errors
from ocguard.errors import EXTRAS, FontError, MissingExtraError, OcguardError

PROJECT = tomllib.loads((Path(__file__).parents[1] / "pyproject.toml").read_text("utf-8"))[
    "project"
]
DECLARED = PROJECT["optional-dependencies"]
RAISED = [getattr(errors, name) for name in errors.__all__]
MADE = [
    FontError("no font", scripts=("Han", "Thai")),
    MissingExtraError("HEIC pictures", "heic"),
    *(one("what happened") for one in RAISED if one not in {FontError, MissingExtraError}),
]


def test_the_tree_in_the_docstring_is_the_tree() -> None:
    """Whoever reads the first lines knows all errors."""
    drawn = re.findall(r"[├└]── (\w+)", errors.__doc__ or "")
    assert sorted([*drawn, "OcguardError"]) == errors.__all__
    assert all(issubclass(one, OcguardError) for one in RAISED)


@pytest.mark.parametrize("error", MADE, ids=lambda error: type(error).__name__)
def test_an_error_crosses_from_a_worker_process(error: OcguardError) -> None:
    """Its class, its message and its fields come back whole."""
    again = pickle.loads(pickle.dumps(error))
    assert type(again) is type(error)
    assert str(again) == str(error)
    assert vars(again) == vars(error)


def packages(extra: str) -> set[str]:
    """Return the packages of an extra in pyproject.toml, those of the extras it takes in too."""
    found: set[str] = set()
    for requirement in DECLARED[extra]:
        if inner := re.fullmatch(r"ocguard\[([\w,]+)\]", requirement):
            found |= {one for name in inner[1].split(",") for one in packages(name)}
        else:
            found.add(re.split(r"[<>=!~; ]", requirement)[0])
    return found


def test_the_named_packages_are_those_of_the_extras() -> None:
    """What a message says to install is what pyproject.toml declares."""
    declared = {
        extra: packages(extra)
        for extra in DECLARED
        if extra not in {"test", "dev", "docs", "train"}
    }
    assert {extra: set(names) for extra, names in EXTRAS.items()} == declared


@pytest.mark.parametrize("extra", EXTRAS)
def test_the_command_is_for_the_python_that_lacks_the_package(extra: str) -> None:
    """It works as it stands, also where the environment is not active."""
    *_, command = str(MissingExtraError("HEIC pictures", extra)).partition(": ")
    python, *arguments = shlex.split(command, posix=sys.platform != "win32")
    assert Path(python.strip('"')) == Path(sys.executable)
    assert arguments[:3] == ["-m", "pip", "install"]
