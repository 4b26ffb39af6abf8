"""Promises of the home folder: one key, noticed when lost, never replaced without a word."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from ocguard.creator import Profile
from ocguard.errors import ProfileError
from ocguard.home import Home
from ocguard.keys import SecretKey

CREATE = """
import sys
from pathlib import Path
from ocguard.errors import ProfileError
from ocguard.home import Home
from ocguard.creator import Profile
home = Home(Path(sys.argv[1]))
try:
    print(home.create(Profile("Mo")).key_id)
except ProfileError:
    print(home.load_key().key_id)
"""


def test_first_use_makes_profile_and_key(tmp_path: Path) -> None:
    """The profile names its key."""
    home = Home(tmp_path / "deep" / "home")
    key = home.create(Profile("Mo"))
    assert home.load_key() == key
    assert home.load_profile() == Profile("Mo", key_id=key.key_id)


@pytest.mark.skipif(os.name != "posix", reason="permission bits are POSIX")
def test_the_home_is_private(tmp_path: Path) -> None:
    """Other accounts do not even see the names in it."""
    home = Home(tmp_path / "home")
    home.create(Profile("Mo"))
    assert stat.S_IMODE(home.folder.stat().st_mode) == 0o700


def test_processes_that_start_together_share_one_key(tmp_path: Path) -> None:
    """First use by several processes at once never leaves two keys."""
    command = [sys.executable, "-c", CREATE, str(tmp_path / "home")]
    processes = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True) for _ in range(4)]
    ids = {process.communicate(timeout=60)[0].strip() for process in processes}
    assert ids == {Home(tmp_path / "home").load_key().key_id}


def test_a_home_is_not_made_twice(tmp_path: Path) -> None:
    """An existing profile is changed on purpose only."""
    home = Home(tmp_path)
    home.create(Profile("Mo"))
    with pytest.raises(ProfileError, match="profile set"):
        home.create(Profile("Other"))


def test_a_key_without_profile_is_used_again(tmp_path: Path) -> None:
    """Somebody deleted the profile; the key is still the creator's."""
    home = Home(tmp_path)
    key = home.create(Profile("Mo"))
    home.profile_file.unlink()
    assert home.create(Profile("Mo")) == key


def test_a_lost_key_is_noticed(tmp_path: Path) -> None:
    """No new key takes the place of the old one in silence; both ways on are said, and work."""
    home = Home(tmp_path)
    key = home.create(Profile("Mo"))
    home.key_file.unlink()
    with pytest.raises(ProfileError, match=f"{key.key_id}.*key import FILE.*start over.*away"):
        home.load_key()
    home.import_key(key)
    assert home.load_key() == key
    home.key_file.unlink()
    home.profile_file.rename(tmp_path / "old.toml")
    assert home.create(Profile("Mo")) != key


def test_an_exchanged_key_is_noticed(tmp_path: Path) -> None:
    """Marks are never made with a key that the profile does not know."""
    home = Home(tmp_path)
    home.create(Profile("Mo"))
    home.key_file.unlink()
    SecretKey.generate().save(home.key_file)
    with pytest.raises(ProfileError, match="key import"):
        home.load_key()


def test_changing_the_profile_keeps_the_key_id(tmp_path: Path) -> None:
    """A new notice does not lose the key."""
    home = Home(tmp_path)
    key = home.create(Profile("Mo"))
    home.save_profile(Profile("Mo", notice="mine"))
    assert home.load_profile() == Profile("Mo", notice="mine", key_id=key.key_id)


def test_an_imported_key_becomes_the_profiles_own(tmp_path: Path) -> None:
    """Moving to a new machine: key first or profile first, both work."""
    key = SecretKey.generate()
    for name in ("key-first", "profile-first"):
        home = Home(tmp_path / name)
        if name == "key-first":
            home.import_key(key)
            home.create(Profile("Mo"))
        else:
            home.save_profile(Profile("Mo"))
            home.import_key(key)
        assert home.load_key() == key
        assert home.load_profile().key_id == key.key_id


def test_importing_the_same_key_again_changes_nothing(tmp_path: Path) -> None:
    """Doing it twice is no error."""
    home = Home(tmp_path)
    key = home.create(Profile("Mo"))
    home.import_key(key)
    assert home.load_key() == key


def test_importing_never_overwrites_another_key(tmp_path: Path) -> None:
    """The old key may be the only proof of a hundred marks."""
    home = Home(tmp_path)
    key = home.create(Profile("Mo"))
    with pytest.raises(ProfileError, match="never overwritten"):
        home.import_key(SecretKey.generate())
    assert home.load_key() == key


def test_an_empty_profile_beside_a_valid_key_is_made_again(tmp_path) -> None:
    """The key stays."""
    home = Home(tmp_path / "home")
    key = home.create(Profile("Mira"))
    home.profile_file.write_text("")
    assert home.create(Profile("Mira")) == key
    assert home.load_profile().key_id == key.key_id
