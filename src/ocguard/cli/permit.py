"""``ocguard portfolio permit``, ``permitted`` and ``withdraw``: who may show works."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import click

from ocguard.cli.options import json_option, wrong_usage
from ocguard.cli.session import Session
from ocguard.cli.terminal import emit, note, said, say
from ocguard.language.message import Message, translatable

if TYPE_CHECKING:
    from ocguard.portfolio import Permission, PermittedThere, Place

__all__ = ["permission_lines", "permit", "permitted", "stated_place", "withdraw"]


@click.command("permit", short_help="Write down who may show a work.")
@click.argument("work", required=False)
@click.option("--all", "is_for_all", is_flag=True, help="For all works, instead of one WORK.")
@click.option("--account", metavar="PLATFORM:NAME", default="", help="An account, as x:friend.")
@click.option("--url", metavar="URL", default="", help="An address, and all that lies below it.")
@click.option("--until", metavar="DATE", default="", help="Last day, as 2026-12-31.")
@click.option("--note", "text", metavar="TEXT", default="", help="Anything to remember.")
@click.pass_obj
def permit(
    session: Session,
    /,
    work: str | None,
    is_for_all: bool,
    account: str,
    url: str,
    until: str,
    text: str,
) -> None:
    """Write down that an account or an address may show WORK; WORK is its id, or the beginning.

    'ocguard check --account' and '--url' say then that the place is permitted, instead of
    reporting a finding. An address stands for all that lies below it; with a '?' in it, for itself
    alone. It stays in this portfolio: exports do not carry it.
    """
    from ocguard.workflows.home import permissions

    if (work is None) is not is_for_all:
        raise click.UsageError(said("say for which WORK, or --all"))
    place = stated_place(url, account)
    if place is None or (url and account):
        raise click.UsageError(said("say who: --account PLATFORM:NAME, or --url URL"))
    with wrong_usage():
        made = permissions.permit(session.workspace(), work, place, until, text)
    say("permitted {permission}", permission=_line(made))
    if url and not _is_below_host(url):
        note("That is every page of the site: {url}", url=url)


@click.command("permitted", short_help="List who may show works.")
@click.argument("work", required=False, default="")
@json_option
@click.pass_obj
def permitted(session: Session, /, work: str, as_json: bool) -> None:
    """List who may show works, the oldest permission first; with WORK, who may show that one."""
    from ocguard.workflows.home.permissions import list_permissions

    for one in list_permissions(session.workspace(), work):
        if as_json:
            emit(one.to_dict())
        else:
            say(_line(one))


@click.command("withdraw", short_help="Take a permission back.")
@click.argument("permission")
@click.pass_obj
def withdraw(session: Session, /, permission: str) -> None:
    """Take PERMISSION back; that is its id, or the beginning of it."""
    from ocguard.workflows.home import permissions

    withdrawn = permissions.withdraw(session.workspace(), permission)
    say("withdrawn {permission}", permission=_line(withdrawn))


def stated_place(url: str, account: str) -> Place | None:
    """Read where something was found, as the person says; None when they say nothing."""
    from ocguard.portfolio import Place

    with wrong_usage():
        return Place(url, account) if url or account else None


def permission_lines(there: PermittedThere | None) -> Iterator[Message]:
    """Say who may show what was found, where it was found; nothing where no place is named."""
    if there is None:
        return
    for one in there.by:
        yield Message("permitted: {permission}", permission=_line(one))
    for one in there.ended:
        yield Message("no longer permitted: {permission}", permission=_line(one))
    if there.by and there.without:
        works = [work_id or Message("one that is not known") for work_id in there.without]
        yield Message("not permitted there: work {works}", works=works)
    if there.is_whole:
        yield Message("that is no finding, if the picture is there")


def _line(one: Permission) -> Message:
    """Say who may show what, until when."""
    all_works, one_work = (
        translatable("{permission_id}  all works for {place}"),
        translatable("{permission_id}  work {work_id} for {place}"),
    )
    line = Message(
        one_work if one.work_id else all_works,
        permission_id=one.permission_id,
        work_id=one.work_id,
        place=str(one.place),
    )
    if one.until_date:
        line = Message("{permission} until {day}", permission=line, day=one.until_date)
    return Message("{permission} ({note})", permission=line, note=one.note) if one.note else line


def _is_below_host(url: str) -> bool:
    """Tell whether an address names more than a host."""
    from ocguard.portfolio.addresses import Address

    address = Address.of(url)
    return bool(address.segments or address.query)
