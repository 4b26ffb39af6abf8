"""Find platform profiles: those that come with ocguard, and the creator's own files."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from ocguard.errors import PlatformError
from ocguard.home import Home
from ocguard.language.message import Message
from ocguard.platforms.measuring import sayable
from ocguard.platforms.profile import PlatformProfile, chained
from ocguard.platforms.profile_toml import parse_profile, profile_table, profile_text
from ocguard.platforms.shipped import shipped_profiles
from ocguard.toml import bounded_bytes, did_you_mean

__all__ = ["KnownProfile", "find_profile", "find_profiles", "known_profiles"]

SUFFIX: Final = ".toml"


@dataclass(frozen=True)
class KnownProfile:
    """A profile that goes by its name.

    Attributes
    ----------
    profile : PlatformProfile
        What it says.
    file : Path or None
        The creator's own file; None for a profile that came with ocguard.
    """

    profile: PlatformProfile
    file: Path | None

    def text(self) -> str:
        """Give it as TOML."""
        return profile_text(self.profile)

    def to_dict(self) -> dict[str, Any]:
        """Give the JSON record ``ocguard.platform/1``."""
        table = profile_table(self.profile)
        file = None if self.file is None else str(self.file)
        return {**table, "checked": self.profile.checked.isoformat(), "file": file}


def known_profiles(home: Home) -> list[KnownProfile]:
    """List every profile that goes by its name; the creator's own go before the shipped ones.

    Raises
    ------
    PlatformError
        One of the creator's own files is no profile.
    """
    known = {name: KnownProfile(one, None) for name, one in shipped_profiles().items()}
    for path in sorted(home.platforms_folder.glob(f"*{SUFFIX}")):
        known[path.stem] = KnownProfile(_own(path), path)
    return [known[name] for name in sorted(known)]


def find_profiles(names: Sequence[str], home: Home) -> tuple[PlatformProfile, ...]:
    """Find several profiles, each once; see :func:`find_profile`. One name alone may be text."""
    names = (names,) if isinstance(names, str) else names
    return tuple({one.name: one for one in (find_profile(name, home) for name in names)}.values())


def find_profile(name: str, home: Home) -> PlatformProfile:
    """Find a profile.

    Parameters
    ----------
    name : str
        A name, the path of a file that ends in ``.toml``, or several of them joined by ``+``:
        posted on the first, taken from there and posted on the second, and so on.
    home : Home
        Whose own profiles count; they go before the shipped ones.

    Raises
    ------
    PlatformError
        There is no such profile; names the nearest. Or the file is none.
    """
    if "+" in name and not Path(name).exists():
        return chained(tuple(find_profile(one, home) for one in name.split("+")))
    if name.endswith(SUFFIX):
        return _read(Path(name))
    own = home.platforms_folder / f"{name}{SUFFIX}"
    if Path(name).name == name and own.is_file():
        return _own(own)
    if name not in shipped_profiles():
        hint = did_you_mean(_meant(name), shipped_profiles(), Message("see 'ocguard platforms'."))
        raise PlatformError(
            "there is no platform {name!r}: {hint} A file of your own must end in {suffix}",
            name=name,
            hint=hint,
            suffix=SUFFIX,
        )
    return shipped_profiles()[name]


def _meant(name: str) -> str:
    """Return the profile whose title has this word, as ``Twitter``; else the name in lower case."""
    low = name.casefold()
    titles = ((one.name, one.title.casefold()) for one in shipped_profiles().values())
    return next((known for known, title in titles if low in re.findall(r"\w+", title)), low)


def _own(path: Path) -> PlatformProfile:
    """Read a profile of the home folder, which goes by its file's name."""
    profile = _read(path)
    if profile.name != path.stem:
        raise PlatformError(
            "{path}: 'name' is {name!r}; here it must be the file's, {file_name!r}",
            path=path,
            name=profile.name,
            file_name=path.stem,
        )
    return profile


def _read(path: Path) -> PlatformProfile:
    try:
        return sayable(parse_profile(bounded_bytes(path), str(path)))
    except FileNotFoundError as error:
        raise PlatformError("there is no platform profile at {path}", path=path) from error
