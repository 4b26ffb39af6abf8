"""Promises of ocguard.workflows.home.workspace: where things are, and who the creator is."""

from __future__ import annotations

import shutil

import pytest

from ocguard.creator import Profile
from ocguard.errors import PortfolioError, ProfileError
from ocguard.workflows.home.creator import change_profile
from ocguard.workflows.home.workspace import Workspace, account_name


def test_arguments_go_before_the_environment(tmp_path, monkeypatch) -> None:
    """What is said here and now counts most."""
    monkeypatch.setenv("OCGUARD_HOME", str(tmp_path / "env"))
    monkeypatch.setenv("OCGUARD_PORTFOLIO", str(tmp_path / "env.sqlite3"))
    workspace = Workspace.at(tmp_path / "arg", tmp_path / "arg.sqlite3")
    assert workspace.home.folder == tmp_path / "arg"
    assert workspace.location == str(tmp_path / "arg.sqlite3")
    workspace = Workspace.at()
    assert workspace.home.folder == tmp_path / "env"
    assert workspace.location == str(tmp_path / "env.sqlite3")


def test_the_portfolio_lies_in_the_home_unless_said(tmp_path, monkeypatch) -> None:
    """One folder holds everything of a creator."""
    monkeypatch.delenv("OCGUARD_PORTFOLIO", raising=False)
    assert Workspace.at(tmp_path).location == str(tmp_path / "portfolio.sqlite3")


def test_the_system_names_the_usual_home(monkeypatch) -> None:
    """Nobody has to choose."""
    monkeypatch.delenv("OCGUARD_HOME", raising=False)
    assert "ocguard" in str(Workspace.at().home.folder)


def test_the_first_use_makes_an_identity_and_the_next_keeps_it(tmp_path) -> None:
    """The name is asked once."""
    workspace = Workspace.at(tmp_path)
    first = workspace.identity(lambda: Profile("Mo"))
    assert (first.profile.creator, first.is_new) == ("Mo", True)
    again = workspace.identity(lambda: pytest.fail("asked again"))
    assert (again.profile, again.key, again.is_new) == (first.profile, first.key, False)


def test_a_lost_key_is_an_error_not_a_new_key(tmp_path) -> None:
    """Old marks would be lost without a word."""
    workspace = Workspace.at(tmp_path)
    workspace.identity(lambda: Profile("Mo"))
    workspace.home.key_file.unlink()
    with pytest.raises(ProfileError, match="is gone"):
        workspace.identity(lambda: Profile("Mo"))


def test_no_key_is_made_in_silence_beside_marks_of_another(tmp_path, gallery) -> None:
    """Moving house in the wrong order: the message says both ways on, and both work."""
    (tmp_path / "new").mkdir()
    shutil.copy(gallery.home / "portfolio.sqlite3", tmp_path / "new")
    key = Workspace.at(gallery.home).home.load_key()
    workspace = Workspace.at(tmp_path / "new")
    with pytest.raises(ProfileError, match=f"{key.key_id}.*key import FILE.*profile set") as error:
        workspace.identity(lambda: pytest.fail("asked for a name"))
    assert not workspace.home.key_file.exists(), error
    workspace.home.import_key(key)
    assert workspace.identity(lambda: Profile("Mo")).key == key
    other = Workspace.at(tmp_path / "other", workspace.location)
    change_profile(other.home, {"creator": "Mo"})
    assert other.identity(lambda: pytest.fail("asked for a name")).key != key


def test_looking_makes_no_portfolio(tmp_path) -> None:
    """Only protecting and adding do."""
    with pytest.raises(PortfolioError, match="no portfolio"):
        Workspace.at(tmp_path).open_store()
    Workspace.at(tmp_path).open_store(create=True).close()
    assert (tmp_path / "portfolio.sqlite3").exists()


def test_every_account_has_a_name(monkeypatch) -> None:
    """Containers run accounts without one."""
    assert account_name()
    monkeypatch.setattr("getpass.getuser", lambda: {}["nobody"])
    assert account_name() == "artist"


@pytest.mark.parametrize("by", ["argument", "environment"])
def test_an_address_with_a_password_is_refused_before_it_is_shown(
    by, tmp_path, monkeypatch
) -> None:
    """`ocguard profile show` prints where the portfolio is."""
    url = "postgresql://mo:s3cret@studio/art"
    monkeypatch.setenv("OCGUARD_PORTFOLIO", url if by == "environment" else "")
    with pytest.raises(PortfolioError, match="PGPASSFILE") as caught:
        Workspace.at(tmp_path, url if by == "argument" else None)
    assert "s3cret" not in str(caught.value)


def test_a_profile_with_the_accounts_name_is_still_nameless(tmp_path) -> None:
    """A command made it; once a name was said, even the same one, nobody is asked again."""
    workspace = Workspace.at(tmp_path / "home")
    assert workspace.is_nameless
    key = workspace.identity(lambda: Profile(account_name(), contact="mo@example.org")).key
    assert workspace.is_nameless
    workspace.introduce(account_name(), "")
    assert not workspace.is_nameless
    workspace.introduce("Mo", "© Mo 2026")
    profile = workspace.home.load_profile()
    assert (profile.creator, profile.credit) == ("Mo", "© Mo 2026")
    assert profile.contact == "mo@example.org"
    assert workspace.home.load_key().to_bytes() == key.to_bytes()
