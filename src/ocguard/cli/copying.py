"""``ocguard portfolio copy``: between files and servers, whole or in shares."""

from __future__ import annotations

import contextlib
import re
from dataclasses import replace

import click

from ocguard.cli.session import Session
from ocguard.cli.terminal import said, say
from ocguard.cli.work_lines import tell_damage
from ocguard.language.message import Message

__all__ = ["copy", "spread"]


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


@click.command("spread", short_help="Bring new works to the shares that they belong to.")
@click.argument("portfolios", metavar="PORTFOLIO...", nargs=-1, required=True)
@click.pass_obj
def spread(session: Session, /, portfolios: tuple[str, ...]) -> None:
    """Bring every work to its share: name the PORTFOLIOs of all shares, in their order.

    New works may be registered in any of them. The id of a work says in which share it lies, as it
    does for 'ocguard portfolio copy --share'. What was interrupted goes on when it is started
    again.
    """
    from ocguard.portfolio import spread as spread_works

    if len(set(portfolios)) < max(2, len(portfolios)):
        raise click.UsageError(said("name every share, each one once"))
    with contextlib.ExitStack() as stack:
        places = (replace(session.workspace(), location=one) for one in portfolios)
        stores = [stack.enter_context(place.open_store()) for place in places]
        brought = spread_works(stores)
    say(
        Message.counted(
            "{number} work was brought to its share",
            "{number} works were brought to their shares",
            brought,
        )
    )


def _share(text: str | None) -> tuple[int, int] | None:
    """Read which share of how many somebody asks for."""
    if text is None:
        return None
    said_so = re.fullmatch(r"([1-9]\d{0,3})/([1-9]\d{0,3})", text)
    share, shares = map(int, said_so.groups()) if said_so else (1, 0)
    if share > shares:
        raise click.BadParameter(said("say which share of how many, such as 1/2"))
    return share, shares
