"""Write down who may show works, and take it back."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from ocguard.errors import PortfolioError
from ocguard.language.message import Message
from ocguard.portfolio import (
    Permission,
    PermittedThere,
    Place,
    Store,
    new_id,
    permitted_there,
    utc_now,
)
from ocguard.workflows.home.works import find_work
from ocguard.workflows.home.workspace import Workspace

__all__ = ["all_permitted", "list_permissions", "permit", "permitted_at", "who_may", "withdraw"]


def permit(
    workspace: Workspace, work: str | None, place: Place, until_date: str = "", note: str = ""
) -> Permission:
    """Write down that an account or an address may show a work.

    Parameters
    ----------
    workspace : Workspace
        Whose portfolio.
    work : str or None
        Id of a registered work, or the beginning of it; None for all works.
    place : Place
        An account, or an address, which stands for all that lies below it.
    until_date : str
        Last day, ``2026-05-01``; empty without an end.
    note : str
        Anything to remember.

    Raises
    ------
    ValueError
        Not one place is given, but none or two; or the day is none.
    PortfolioError
        There is no such work, or more than one.
    """
    if bool(place.url) == bool(place.account):
        raise ValueError(Message("a permission is for one account or for one address"))
    with workspace.open_store() as store:
        permission = Permission(
            permission_id=new_id(),
            work_id=None if work is None else find_work(store, work).work_id,
            kind="url" if place.url else "account",
            place=place.url or place.account,
            until_date=until_date,
            note=note,
            created_utc=utc_now(),
        )
        store.permissions.record(permission)
    return permission


def list_permissions(workspace: Workspace, work: str = "") -> list[Permission]:
    """List all permissions, the oldest first; with a work, those that are for it."""
    with workspace.open_store() as store:
        known = store.permissions.all()
        work_id = find_work(store, work).work_id if work else ""
    return [one for one in known if not work_id or one.is_for(work_id)]


def withdraw(workspace: Workspace, permission: str) -> Permission:
    """Take a permission back, and say which it was; its id may be cut short.

    Raises
    ------
    PortfolioError
        There is no such permission, or more than one.
    """
    with workspace.open_store() as store:
        found = _find(store, permission)
        store.permissions.withdraw(found.permission_id)
    return found


def who_may(store: Store, works: Collection[str], url: str, account: str) -> PermittedThere | None:
    """Say who may show works today, where a report or a case says that they were found.

    Parameters
    ----------
    store : Store
        Open.
    works : collection of str
        Their ids.
    url, account : str
        Free words: an address, or an account that is no ``PLATFORM:NAME``, names no place.

    Returns
    -------
    PermittedThere or None
        None where no place is named.
    """
    place = _place_of(url, account)
    if place is None:
        return None
    return permitted_at(store, works, place)


def permitted_at(store: Store, works: Collection[str], place: Place) -> PermittedThere:
    """Say who may show works today, at a place.

    Parameters
    ----------
    store : Store
        Open.
    works : collection of str
        Their ids.
    place : Place
        Where they were found.
    """
    return permitted_there(store.permissions.all(), works, place, utc_now()[:10])


def all_permitted(said: Iterable[PermittedThere]) -> PermittedThere:
    """Put what several portfolios say of their own works together."""
    listed = list(said)
    return PermittedThere(
        by=tuple(one for there in listed for one in there.by),
        ended=tuple(one for there in listed for one in there.ended),
        without=tuple(sorted(work_id for there in listed for work_id in there.without)),
    )


def _place_of(url: str, account: str) -> Place | None:
    said = {"url": url, "account": account}
    known = {name: text for name, text in said.items() if text and _names_place(name, text)}
    return Place(**known) if known else None


def _names_place(name: str, text: str) -> bool:
    try:
        Place(**{name: text})
    except ValueError:
        return False
    return True


def _find(store: Store, prefix: str) -> Permission:
    known = store.permissions.all() if prefix else []
    found = [one for one in known if one.permission_id.startswith(prefix.lower())]
    if len(found) == 1:
        return found[0]
    if not found:
        raise PortfolioError(
            "no permission {prefix!r}: see 'ocguard portfolio permitted'", prefix=prefix
        )
    raise PortfolioError(
        "{count} permissions begin with {prefix!r}: give more characters",
        count=len(found),
        prefix=prefix,
    )
