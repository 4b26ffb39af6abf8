"""Promises of ocguard.web.api.answers."""

from __future__ import annotations

import pytest

from ocguard.web.api.answers import kept_answer
from ocguard.web.problems import Refusal


def test_an_answer_is_found_by_its_key(tmp_path) -> None:
    """With its file."""
    kept = kept_answer(tmp_path, b"token", "key", {"visible": "none"})
    assert kept.load() is None
    kept.prepare()
    kept.picture.write_bytes(b"file")
    kept.save({"status": "protected"})
    again = kept_answer(tmp_path, b"token", "key", {"visible": "none"})
    assert again.load() == ({"status": "protected"}, b"file")


def test_the_first_record_stays(tmp_path) -> None:
    """A second server with the same home does not change it."""
    kept = kept_answer(tmp_path, b"token", "key", {})
    kept.prepare()
    kept.picture.write_bytes(b"file")
    kept.save({"first": 1})
    kept.save({"second": 2})
    assert kept.load() == ({"first": 1}, b"file")


def test_a_key_stands_for_one_request(tmp_path) -> None:
    """Another picture, or other options, need another key."""
    kept = kept_answer(tmp_path, b"token", "key", {"visible": "none"})
    kept.prepare()
    kept.save({})
    with pytest.raises(Refusal) as refused:
        kept_answer(tmp_path, b"token", "key", {"visible": "band"}).load()
    assert refused.value.code == "key-reused"


def test_keys_of_different_clients_never_meet(tmp_path) -> None:
    """Nobody reads another's pictures by guessing keys."""
    first, second = (kept_answer(tmp_path, one, "key", {}) for one in (b"one", b"two"))
    assert first.folder != second.folder


def test_a_deleted_file_is_not_marked_again(tmp_path) -> None:
    """The record says that the key was used."""
    kept = kept_answer(tmp_path, b"token", "key", {})
    kept.prepare()
    kept.save({})
    with pytest.raises(Refusal) as refused:
        kept.load()
    assert refused.value.code == "answer-gone"


@pytest.mark.parametrize("key", ["", "x" * 256])
def test_a_key_has_a_length(tmp_path, key: str) -> None:
    """Neither none nor endless."""
    with pytest.raises(Refusal):
        kept_answer(tmp_path, b"token", key, {})
