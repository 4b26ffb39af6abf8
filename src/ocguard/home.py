"""The home folder: where one creator's profile, secret key, portfolio and caches lie.

Everything in it belongs together and is private to its owner; the cache folder alone may be
deleted at any time.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

import platformdirs

from ocguard.creator import Profile, read_profile, write_profile
from ocguard.errors import ProfileError
from ocguard.keys import SecretKey

__all__ = ["Home"]


@dataclass(frozen=True)
class Home:
    """One creator's home folder, which need not exist yet.

    Attributes
    ----------
    folder : Path
        Any folder of the person's own; :meth:`default` names the usual one.
    """

    folder: Path

    @classmethod
    def default(cls) -> Home:
        """Name the folder that the operating system has for an application's data."""
        return cls(platformdirs.user_data_path("ocguard", appauthor=False))

    @property
    def profile_file(self) -> Path:
        """The profile, TOML."""
        return self.folder / "profile.toml"

    @property
    def key_file(self) -> Path:
        """The secret key."""
        return self.folder / "secret.key"

    @property
    def portfolio_file(self) -> Path:
        """The default portfolio."""
        return self.folder / "portfolio.sqlite3"

    @property
    def presets_folder(self) -> Path:
        """The looks of the visible mark that the creator keeps by name, TOML."""
        return self.folder / "presets"

    @property
    def platforms_folder(self) -> Path:
        """The creator's own platform profiles, TOML."""
        return self.folder / "platforms"

    @property
    def journals_folder(self) -> Path:
        """What this device wrote last into the journals of its portfolios."""
        return self.folder / "journals"

    @property
    def cache_folder(self) -> Path:
        """What can be made again at any time."""
        return self.folder / "cache"

    def has_profile(self) -> bool:
        """Tell whether somebody has used this home before; an empty profile says nothing."""
        return self.profile_file.exists() and self.profile_file.stat().st_size > 0

    def load_profile(self) -> Profile:
        """Read the profile; `ProfileError` when it is missing or damaged."""
        return read_profile(self.profile_file)

    def save_profile(self, profile: Profile) -> None:
        """Write the profile, keeping the key id that belongs to this home."""
        known = self.load_profile().key_id if self.has_profile() else ""
        self._make()
        write_profile(self.profile_file, replace(profile, key_id=profile.key_id or known))

    def load_key(self) -> SecretKey:
        """Read the secret key and make sure that it is the profile's own.

        Raises
        ------
        ProfileError
            The key file is missing, damaged, readable by other accounts, or another key than the
            one that the profile names.
        """
        wanted = self.load_profile().key_id if self.has_profile() else ""
        if wanted and not self.key_file.exists():
            raise ProfileError(
                "the secret key {key_file} is gone: bring key {wanted} back with 'ocguard "
                "profile key import FILE'. Without a copy its marks cannot be read any more; "
                "to start over with a new key, move {profile_file} away, then run 'ocguard "
                "profile set --creator NAME'",
                key_file=self.key_file,
                wanted=wanted,
                profile_file=self.profile_file,
            )
        key = SecretKey.load(self.key_file)
        if wanted and wanted != key.key_id:
            raise ProfileError(
                "{key_file} holds key {key_id}, but {profile_file} was made with key {wanted}: "
                "bring that key back with 'ocguard profile key import'",
                key_file=self.key_file,
                key_id=key.key_id,
                profile_file=self.profile_file,
                wanted=wanted,
            )
        return key

    def create(self, profile: Profile) -> SecretKey:
        """Make the home on first use: folder, secret key, profile, in this order.

        Two processes may do this at the same moment: one key wins and both use it. A home whose
        profile exists but whose key is gone is refused, not given a new key: the old marks would
        be lost without a word.

        Parameters
        ----------
        profile : Profile
            Its key id is filled in.

        Returns
        -------
        SecretKey
            The new key, or the one that lay there without a profile.

        Raises
        ------
        ProfileError
            The profile exists already, or the key file cannot be used.
        """
        if self.has_profile():
            raise ProfileError(
                "{profile_file} exists already: use 'ocguard profile set'",
                profile_file=self.profile_file,
            )
        self._make()
        if not self.key_file.exists():
            self._save_unless_taken(SecretKey.generate())
        key = SecretKey.load(self.key_file)
        write_profile(self.profile_file, replace(profile, key_id=key.key_id))
        return key

    def import_key(self, key: SecretKey) -> None:
        """Put a key from another machine into this home; the profile names it from then on.

        Raises
        ------
        ProfileError
            Another key lies there: it is never overwritten.
        """
        self._make()
        if not (self.key_file.exists() and SecretKey.load(self.key_file) == key):
            key.save(self.key_file)
        if self.has_profile():
            write_profile(self.profile_file, replace(self.load_profile(), key_id=key.key_id))

    def _save_unless_taken(self, key: SecretKey) -> None:
        """Save a first key, unless another process saved one in the same moment."""
        try:
            key.save(self.key_file)
        except ProfileError:
            if not self.key_file.exists():
                raise

    def _make(self) -> None:
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
