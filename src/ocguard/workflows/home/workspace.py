"""Where one creator works: a home folder and the portfolio that goes with it.

A :class:`Workspace` is plain facts that travel to worker processes; files are opened on demand.
"""

from __future__ import annotations

import getpass
import os
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from pathlib import Path

from ocguard.creator import Profile
from ocguard.errors import ProfileError
from ocguard.home import Home
from ocguard.keys import SecretKey
from ocguard.portfolio import (
    Author,
    Store,
    backup_place,
    has_portfolio,
    open_store,
    portfolio_path,
    server_address,
)

__all__ = ["Identity", "StrPath", "Workspace", "account_name"]


StrPath = str | os.PathLike[str]


@dataclass(frozen=True)
class Identity:
    """Who works here.

    Attributes
    ----------
    profile : Profile
        What the creator says of themself.
    key : SecretKey
        What their marks are made with.
    is_new : bool
        Whether both were made just now.
    """

    profile: Profile
    key: SecretKey
    is_new: bool


@dataclass(frozen=True)
class Workspace:
    """A home and a portfolio.

    Attributes
    ----------
    home : Home
        Profile, key and caches.
    location : str
        Path or URL of the portfolio.
    """

    home: Home
    location: str

    @classmethod
    def at(cls, home: StrPath | None = None, portfolio: StrPath | None = None) -> Workspace:
        """Name the workspace that the arguments, the environment, or the defaults say.

        Parameters
        ----------
        home : str or Path, optional
            Home folder; else ``OCGUARD_HOME``, else the system's folder for application data.
        portfolio : str or Path, optional
            Path or URL; else ``OCGUARD_PORTFOLIO``, else the portfolio in the home folder.

        Raises
        ------
        PortfolioError
            The URL holds a password: locations are shown and logged.
        """
        folder = home or os.environ.get("OCGUARD_HOME")
        place = Home(Path(folder)) if folder else Home.default()
        location = str(portfolio or os.environ.get("OCGUARD_PORTFOLIO") or place.portfolio_file)
        server_address(location)  # refuses a password, before the location is shown anywhere
        return cls(place, location)

    def open_store(self, *, create: bool = False) -> Store:
        """Open the portfolio, with the creator as the author of its journal."""
        return open_store(self.location, create=create, author=Author(self.home))

    def and_others(self, locations: Iterable[str]) -> tuple[Workspace, ...]:
        """Name this workspace, and the same home with further portfolios, each once."""
        others = dict.fromkeys(one for one in locations if one != self.location)
        return (self, *(Workspace.at(self.home.folder, one) for one in others))

    def state(self, *, create: bool = True) -> str:
        """Name the present works and marks: a text that changes whenever they do."""
        with self.open_store(create=create) as store:
            return f"{store.state()} {store.stats().marks}"

    def backup_place(self) -> Path:
        """Name a new file for a copy: beside the portfolio's file, else in the home folder."""
        is_on_server = server_address(self.location) is not None
        file = self.home.portfolio_file if is_on_server else portfolio_path(self.location)
        return backup_place(file)

    def identity(self, make_profile: Callable[[], Profile]) -> Identity:
        """Load profile and key, or make them on first use.

        Parameters
        ----------
        make_profile : callable
            Gives the first profile when there is none yet.

        Raises
        ------
        ProfileError
            Profile or key is damaged, lost, or does not belong together; or there is neither, but
            the portfolio holds marks: they were made with a key that should come first.
        """
        is_new = not self.home.has_profile()
        if is_new:
            self._require_no_marks()
            self._create(make_profile())
        return Identity(self.home.load_profile(), self.home.load_key(), is_new)

    @property
    def is_nameless(self) -> bool:
        """Whether nobody has said what the creator is called.

        There is no profile, or one that a command made with the account's name; a notice that
        somebody gave says it, too. A profile that cannot be read is no beginning.
        """
        if not self.home.has_profile():
            return True
        try:
            profile = self.home.load_profile()
        except ProfileError:
            return False
        return profile.creator == account_name() and not profile.notice

    def introduce(self, creator: str, notice: str) -> None:
        """Say what the creator is called, and make the home if there is none.

        Parameters
        ----------
        creator, notice : str
            See `Profile`. Whose name is the account's is known by the notice to have said it.

        Raises
        ------
        ValueError
            A text cannot be used.
        ProfileError
            As for `identity`.
        """
        said = Profile(creator, notice)
        if creator == account_name():
            said = replace(said, notice=said.credit)
        known = self.identity(lambda: said)
        if not known.is_new:
            named = replace(known.profile, creator=said.creator, notice=said.notice)
            self.home.save_profile(named)

    def _require_no_marks(self) -> None:
        """Refuse to make a key in silence where marks of another key are kept."""
        if not has_portfolio(self.location):
            return
        with self.open_store() as store:
            ids = store.key_ids()
        if ids and not self.home.key_file.exists():
            raise ProfileError(
                "{location} holds marks of key {ids}, but {folder} has no key: bring it with "
                "'ocguard profile key import FILE'. To go on with a new key instead, which "
                "does not read those marks: 'ocguard profile set --creator NAME'",
                location=self.location,
                ids=ids,
                folder=self.home.folder,
            )

    def _create(self, profile: Profile) -> None:
        """Make the home, unless another process made it in the same moment."""
        try:
            self.home.create(profile)
        except ProfileError:
            if not self.home.has_profile():
                raise


def account_name() -> str:
    """Name the account that runs this process; ``"artist"`` where the system has no name for it."""
    try:
        return getpass.getuser()
    except (KeyError, ImportError, OSError):
        return "artist"
