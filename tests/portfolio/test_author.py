"""Promises of ocguard.portfolio.author."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from ocguard.creator import Profile
from ocguard.home import Home
from ocguard.portfolio.author import Author, Head
from ocguard.portfolio.journal import next_row

CHAIN = "00112233aabbccdd"


@pytest.fixture
def author(tmp_path: Path) -> Author:
    """Give the author of a home that does not exist yet."""
    return Author(Home(tmp_path / "home"))


def test_what_was_written_last_is_remembered(author: Author) -> None:
    """And an older entry does not take its place."""
    first = next_row(CHAIN, None, None, "", "began", {})
    second = next_row(CHAIN, first, None, "", "issued", {})
    author.begin(CHAIN)
    assert author.remembered(CHAIN) == Head()
    author.remember(second)
    author.remember(first)
    assert author.remembered(CHAIN) == Head(2, second.entry_sha256)
    assert author.chain_ids() == [CHAIN]


def test_a_chain_of_another_device_is_not_its_own(author: Author) -> None:
    """Nor one of a home folder that was copied from another device."""
    assert author.remembered(CHAIN) is None
    author.begin(CHAIN)
    path = author.home.journals_folder / f"{CHAIN}.json"
    path.write_text(json.dumps({**json.loads(path.read_text()), "device": "another"}))
    assert author.remembered(CHAIN) is None


def test_a_torn_note_is_no_error(author: Author) -> None:
    """The chain is its own; how far it went is not known any more."""
    author.begin(CHAIN)
    (author.home.journals_folder / f"{CHAIN}.json").write_text('{"num')
    assert author.remembered(CHAIN) == Head()


def test_the_key_signs_as_far_as_it_can_be_used(author: Author) -> None:
    """Without one, or with a damaged one, nothing is signed and nothing fails."""
    assert author.key is None
    assert author.signer is None
    author.home.create(Profile("Mo"))
    fresh = Author(author.home)
    assert fresh.key == author.home.load_key()
    assert fresh.signer is not None
    author.home.key_file.write_text("no key")
    assert Author(author.home).key is None
