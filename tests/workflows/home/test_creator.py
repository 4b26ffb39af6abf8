"""Promises of ocguard.workflows.home.creator."""

from __future__ import annotations

import os
import stat

import pytest

from ocguard.errors import ProfileError
from ocguard.home import Home
from ocguard.workflows.home.creator import change_profile, export_key, import_key


@pytest.fixture
def home(tmp_path) -> Home:
    """Make a home with a profile and a key."""
    home = Home(tmp_path / "home")
    change_profile(home, {"creator": "Mo", "contact": "mo@example.org"})
    return home


def test_a_first_change_makes_profile_and_key(tmp_path) -> None:
    """A name is needed then."""
    home = Home(tmp_path / "home")
    with pytest.raises(ProfileError, match="creator"):
        change_profile(home, {"contact": "mo@example.org"})
    assert not home.has_profile()
    assert change_profile(home, {"creator": "Mo"}).creator == "Mo"
    assert home.load_key()


def test_only_what_was_said_changes(home) -> None:
    """The key stays, and an empty text clears a line."""
    key = home.load_key().key_id
    assert change_profile(home, {"notice": "© Mo"}).contact == "mo@example.org"
    changed = change_profile(home, {"contact": ""})
    assert (changed.creator, changed.notice, changed.contact) == ("Mo", "© Mo", "")
    assert home.load_profile() == changed
    assert home.load_key().key_id == key


def test_an_impossible_text_changes_nothing(home) -> None:
    """It is told as a mistake in the profile."""
    before = home.load_profile()
    with pytest.raises(ProfileError, match="contact"):
        change_profile(home, {"contact": "nobody"})
    assert home.load_profile() == before


def test_a_key_moves_to_another_home(home, tmp_path) -> None:
    """Through a file that only its owner can read."""
    path, other = tmp_path / "moved.key", Home(tmp_path / "other")
    assert export_key(home, path).key_id == home.load_key().key_id
    if os.name == "posix":
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert import_key(other, path.read_text()).key_id == home.load_key().key_id
    assert other.load_key().key_id == home.load_key().key_id


def test_no_key_is_overwritten(home, tmp_path) -> None:
    """Neither the file of an export nor the key of another home; the same key may come again."""
    path = tmp_path / "moved.key"
    export_key(home, path)
    with pytest.raises(ProfileError, match=r"moved\.key"):
        export_key(home, path)
    import_key(home, path.read_text())
    other = Home(tmp_path / "other")
    change_profile(other, {"creator": "Ann"})
    kept = other.load_key().key_id
    with pytest.raises(ProfileError, match="key"):
        import_key(other, path.read_text())
    assert other.load_key().key_id == kept


@pytest.mark.parametrize("text", ["", "no key", "ocguard-key"])
def test_a_text_that_is_no_key_is_refused(tmp_path, text) -> None:
    """And makes no home."""
    with pytest.raises(ProfileError):
        import_key(Home(tmp_path / "home"), text)
    assert not (tmp_path / "home").exists()


def test_a_missing_key_cannot_be_exported(tmp_path) -> None:
    """Nothing is written."""
    with pytest.raises(ProfileError):
        export_key(Home(tmp_path / "home"), tmp_path / "moved.key")
    assert not (tmp_path / "moved.key").exists()
