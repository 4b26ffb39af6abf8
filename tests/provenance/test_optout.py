"""Promises of ocguard.provenance.optout."""

from __future__ import annotations

from typing import Any

import pytest

from ocguard.provenance.optout import DATA_MINING_CODES, OptOut


def test_training_is_prohibited_and_nothing_is_said_of_the_making_by_default() -> None:
    """How a picture was made is a claim that only the artist can make."""
    optout = OptOut(creator="狐狸")
    assert optout.data_mining == "DMI-PROHIBITED-AIMLTRAINING"
    assert optout.digital_source == ""


@pytest.mark.parametrize(
    ("contact", "email", "url"),
    [
        ("mira@example.org", "mira@example.org", ""),
        ("mailto:mira@example.org", "mira@example.org", ""),
        ("https://mira.example/ask", "", "https://mira.example/ask"),
        ("", "", ""),
    ],
)
def test_a_contact_is_an_address_or_a_page(contact: str, email: str, url: str) -> None:
    """Each goes to its own field."""
    optout = OptOut(creator="Mira", contact=contact)
    assert (optout.email, optout.url) == (email, url)


@pytest.mark.parametrize(
    "values",
    [
        {"creator": " "},
        {"contact": "call me"},
        {"contact": "javascript:alert(1)"},
        {"contact": "a@b@c.de"},
        {"terms_url": "mira.example"},
        {"data_mining": "PROHIBITED"},
        {"data_mining": "DMI-PROHIBITED-SEECONSTRAINT"},
        {"digital_source": "photo"},
        {"notice": "a\x00b"},
        {"notice": "\ud800"},
        {"constraints": "x" * 2001},
    ],
)
def test_values_of_the_wrong_kind_are_refused(values: dict[str, Any]) -> None:
    """The message names the field."""
    with pytest.raises(ValueError, match=next(iter(values)) + "|creator|SEECONSTRAINT"):
        OptOut(**{"creator": "Mira", **values})


def test_every_code_of_the_vocabulary_is_accepted() -> None:
    """All nine PLUS codes, the one that points to constraints with constraints."""
    assert len(DATA_MINING_CODES) == 9
    for code in DATA_MINING_CODES:
        assert OptOut(creator="Mira", constraints="none", data_mining=code).data_mining == code
