"""Promises of ocguard.web.api.choices."""

from __future__ import annotations

import pytest
from pydantic import ValidationError

from ocguard.web.api.choices import ProtectChoices
from ocguard.workflows.protect.options import ProtectOptions


def test_what_is_not_said_keeps_its_default() -> None:
    """Only what was said is passed on."""
    assert ProtectChoices().options() == {}
    said = {"for": ["x"], "format": "png", "dry-run": True, "terms-url": "https://a.b"}
    assert ProtectChoices.model_validate(said).options() == {
        "platforms": ["x"],
        "file_format": "png",
        "dry_run": True,
        "terms_url": "https://a.b",
    }


def test_every_choice_is_one_of_the_library() -> None:
    """Names never drift apart."""
    said = dict.fromkeys(ProtectChoices.model_fields)
    renamed = {"format": "file_format"}
    assert {renamed.get(name, name) for name in said} <= ProtectOptions.__annotations__.keys()


@pytest.mark.parametrize(
    "said",
    [
        {"font": "/etc/passwd"},
        {"logo": "/etc/passwd"},
        {"preset": "/etc/passwd.toml"},
        {"preset": "../../x.toml"},
        {"for": ["/etc/passwd.toml"]},
        {"for": ["../x.toml"]},
        {"on_exists": "overwrite"},
        {"recipient": " "},
        {"opacity": "101"},
        {"text": "x" * 501},
    ],
)
def test_no_path_and_no_nonsense_can_be_chosen(said) -> None:
    """A client reads no file of the server."""
    with pytest.raises(ValidationError):
        ProtectChoices.model_validate(said)
