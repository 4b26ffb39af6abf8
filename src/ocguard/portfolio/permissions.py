"""Accounts and addresses that may show a work: what the creator permitted, and whom it covers.

A permission never changes what a check finds; it says what the finding means. Where a picture was
found is what somebody says, so a permission holds for that place only if the picture is there.
"""

from __future__ import annotations

import secrets
from collections.abc import Collection, Iterable
from dataclasses import asdict, dataclass
from typing import Any, Final, Literal, get_args

from ocguard.language.message import Message
from ocguard.portfolio.addresses import Account, Address
from ocguard.portfolio.postings import require_day
from ocguard.portfolio.values import ID, UTC, require, require_texts

__all__ = ["Permission", "PermittedThere", "Place", "new_id", "permitted_there"]

Kind = Literal["account", "url"]
_KINDS: Final = get_args(Kind)


@dataclass(frozen=True)
class Place:
    """Where a suspect was found, as somebody says.

    Attributes
    ----------
    url : str
        Address of the page, or empty.
    account : str
        Who shows it, ``PLATFORM:NAME``, or empty.

    Raises
    ------
    ValueError
        The address or the account is none.
    """

    url: str = ""
    account: str = ""

    def __post_init__(self) -> None:
        if self.url:
            Address.of(self.url)
        if self.account:
            Account.of(self.account)


@dataclass(frozen=True)
class Permission:
    """An account or an address may show a work.

    Attributes
    ----------
    permission_id : str
        Names it: 16 random hexadecimal digits.
    work_id : str or None
        Which work; None for all of them.
    kind : {"account", "url"}
        What `place` is.
    place : str
        ``PLATFORM:NAME``; or an address, which stands for all that lies below it. An address with
        ``?`` stands for itself alone.
    until_date : str
        Its last day, ``2026-05-01``; empty without an end.
    note : str
        Whatever the creator wants to remember of it.
    created_utc : str
        When it was written down.

    Raises
    ------
    ValueError
        A value cannot be one of a permission.
    """

    permission_id: str
    work_id: str | None
    kind: Kind
    place: str
    until_date: str
    note: str
    created_utc: str

    def __post_init__(self) -> None:
        require(ID, "permission_id", self.permission_id)
        if self.work_id is not None:
            require(ID, "work_id", self.work_id)
        if self.kind not in _KINDS:
            raise ValueError(
                Message(
                    "a permission is for {kinds}, got {kind!r:.80}",
                    kinds=list(_KINDS),
                    kind=self.kind,
                )
            )
        if self.kind == "account":
            Account.of(self.place)
        elif Address.of(self.place).fragment:
            raise ValueError(
                Message("leave out '#' and what follows it in {place!r}", place=self.place[:80])
            )
        if self.until_date:
            require_day(self.until_date)
        require_texts({"note": self.note})
        require(UTC, "created_utc", self.created_utc)

    def to_dict(self) -> dict[str, Any]:
        """Give the JSON record ``ocguard.permission/1``."""
        return {"schema": "ocguard.permission/1", **asdict(self)}

    def is_for(self, work_id: str) -> bool:
        """Tell whether it is for a work."""
        return self.work_id in (None, work_id)

    def covers(self, place: Place) -> bool:
        """Tell whether it is for a place, whatever the day."""
        if self.kind == "account":
            return bool(place.account) and Account.of(self.place) == Account.of(place.account)
        return bool(place.url) and Address.of(self.place).covers(Address.of(place.url))

    def has_ended(self, day: str) -> bool:
        """Tell whether its last day lies before a day, ``2026-05-01``."""
        return bool(self.until_date) and self.until_date < day


@dataclass(frozen=True)
class PermittedThere:
    """What permissions say of a suspect at a place.

    Attributes
    ----------
    by : tuple of Permission
        Those that hold for the place and for a work that was found.
    ended : tuple of Permission
        Those that held once.
    without : tuple of str
        The works that were found and that nobody may show there.
    """

    by: tuple[Permission, ...] = ()
    ended: tuple[Permission, ...] = ()
    without: tuple[str, ...] = ()

    @property
    def is_whole(self) -> bool:
        """Whether all that was found may be shown there."""
        return bool(self.by) and not self.without


def permitted_there(
    permissions: Iterable[Permission], works: Collection[str], place: Place, day: str
) -> PermittedThere:
    """Say which permissions hold for works that were found at a place.

    Parameters
    ----------
    permissions : iterable of Permission
        All that there are.
    works : collection of str
        Ids of the works; an empty id is a work that is not known, which needs a permission for all.
    place : Place
        Where they were found, as somebody says.
    day : str
        On which day, ``2026-05-01``.
    """
    there = [one for one in permissions if one.covers(place) and any(map(one.is_for, works))]
    by = tuple(one for one in there if not one.has_ended(day))
    ended = tuple(one for one in there if one.has_ended(day))
    without = (work for work in works if not any(one.is_for(work) for one in by))
    return PermittedThere(by, ended, tuple(sorted(without)))


def new_id() -> str:
    """Make a random name for a permission or a case."""
    return secrets.token_hex(8)
