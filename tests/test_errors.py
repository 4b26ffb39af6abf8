"""Promises of ocguard.errors."""

from __future__ import annotations

import pickle
import re

import pytest

from ocguard import errors
from ocguard.errors import FontError, MissingExtraError, OcguardError

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


def test_a_missing_extra_says_what_to_install() -> None:
    """For the feature, in pip's words."""
    assert str(MissingExtraError("HEIC pictures", "heic")) == (
        "HEIC pictures need an optional package: pip install 'ocguard[heic]'"
    )
