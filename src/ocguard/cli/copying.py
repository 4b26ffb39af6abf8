"""``ocguard portfolio copy``: between files and servers, whole or in shares."""

from __future__ import annotations

import re
from dataclasses import replace

import click

from ocguard.cli.session import Session
from ocguard.cli.terminal import said, say
from ocguard.cli.work_lines import tell_damage

__all__ = ["copy"]


@click.command("copy", short_help="Copy a portfolio to a file or a server.")
@click.argument("source", metavar="FROM")
@click.argument("target", metavar="TO")
@click.option(
    "--share",
    metavar="K/N",
    callback=lambda _, __, text: _share(text),
    help="Keep share K of N of the works there, such as 1/2: to spread them over several servers.",
)
@click.pass_obj
def copy(session: Session, /, source: str, target: str, share: tuple[int, int] | None) -> int:
    """Copy the portfolio FROM as it is to TO, where there is none yet; each is a path or a URL.

    All of it comes along to the last byte, its journal and trusted times too, and is compared when
    it has arrived. What was interrupted goes on when it is started again. FROM stays as it is.
    """
    from ocguard.portfolio import copy_portfolio, keep_share

    damage = copy_portfolio(source, target)
    say("copied to {path}", path=target)
    if share:
        with replace(session.workspace(), location=target).open_store() as store:
            removed = keep_share(store, *share)
            kept = store.stats().works
        say("{kept} works stay there, {removed} are of other shares", kept=kept, removed=removed)
    return tell_damage(damage)


def _share(text: str | None) -> tuple[int, int] | None:
    """Read which share of how many somebody asks for."""
    if text is None:
        return None
    said_so = re.fullmatch(r"([1-9]\d{0,3})/([1-9]\d{0,3})", text)
    share, shares = map(int, said_so.groups()) if said_so else (1, 0)
    if share > shares:
        raise click.BadParameter(said("say which share of how many, such as 1/2"))
    return share, shares
