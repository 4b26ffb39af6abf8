"""Show and change who the creator is, and carry the secret key to another machine and back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from ocguard.atomic import whole_file
from ocguard.creator import Profile
from ocguard.errors import ProfileError
from ocguard.home import Home
from ocguard.identity import PublicIdentity
from ocguard.keys import SecretKey
from ocguard.language.message import message_of

__all__ = ["change_profile", "export_identity", "export_key", "import_key"]


def change_profile(home: Home, changes: Mapping[str, str]) -> Profile:
    """Change some lines of a profile, or make profile and key when there are none.

    Parameters
    ----------
    home : Home
        Where the profile lies or will lie.
    changes : Mapping[str, str]
        New texts by the names of :class:`~ocguard.creator.Profile`; an empty text clears a line.

    Returns
    -------
    Profile
        The profile as it now is.

    Raises
    ------
    ProfileError
        A text is impossible, a new profile lacks the creator's name, or the old one is damaged.
    """
    try:
        if home.has_profile():
            home.save_profile(replace(home.load_profile(), **changes))
        else:
            home.create(Profile(**{"creator": "", **changes}))
    except ValueError as error:
        raise ProfileError(message_of(error)) from error
    return home.load_profile()


def export_key(home: Home, path: Path) -> SecretKey:
    """Copy the secret key to a new file that only its owner can read.

    Raises
    ------
    ProfileError
        There is no key, or the file exists already.
    """
    key = home.load_key()
    key.save(path)
    return key


def export_identity(home: Home, path: Path) -> PublicIdentity:
    """Write the public identity to a new file.

    Raises
    ------
    ProfileError
        There is no key.
    OutputExistsError
        The file exists already.
    """
    identity = home.load_key().signer().identity
    with whole_file(path) as stream:
        stream.write(identity.to_pem())
    return identity


def import_key(home: Home, text: str) -> SecretKey:
    """Put an exported key into a home; see :meth:`ocguard.home.Home.import_key`.

    Raises
    ------
    ProfileError
        The text is no key or mistyped, or the home has another key.
    """
    key = SecretKey.from_text(text)
    home.import_key(key)
    return key
