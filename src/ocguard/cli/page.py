"""``ocguard app``: the artist's page in a browser on this computer."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any, Final

import click

from ocguard.cli.options import jobs_option
from ocguard.cli.serve import announce, log_line, require_app
from ocguard.cli.session import Session
from ocguard.cli.terminal import say

if TYPE_CHECKING:
    from ocguard.web.page.door import Door
    from ocguard.web.page.life import Life
    from ocguard.workflows.engine.pool import Jobs

__all__ = ["command"]

GRACE_SECONDS: Final = 1
"""How long a request may take after Ctrl-C: a person waits in front of it."""


@click.command("app", short_help="Open the page: protect and check in your browser.")
@click.option("--port", type=click.IntRange(0, 65535), default=0,
              help="Port to listen on  [default: any that is free].")  # fmt: skip
@click.option("--no-browser", is_flag=True, help="Print the address, and open no browser.")
@click.option("--add-to-menu", is_flag=True,
              help="Add the page to the desktop's menu of programs (Linux), and end.")  # fmt: skip
@jobs_option
@click.pass_obj
def command(
    session: Session, /, *, port: int, no_browser: bool, add_to_menu: bool, jobs: Jobs
) -> int:
    """Open a page in your browser where you protect pictures and check finds.

    Everything stays on this computer. The address stands on the first line of standard output; it
    holds a token, so give it to nobody. The program ends by the page's button Quit, or a minute
    after its last page was closed; never while pictures are at work. Ctrl-C ends it within two
    seconds: a picture that takes longer is then not protected, and no file is half written.
    """
    require_app()
    if add_to_menu:
        return _add_to_menu()
    from ocguard.web.page.door import Door
    from ocguard.web.page.life import Life
    from ocguard.web.running import Address, run

    life, door = Life(time.monotonic()), Door()
    app = _application(session, door, life, jobs)

    def tell(url: str) -> None:
        announce(door.address(url))
        if not no_browser:
            import webbrowser

            webbrowser.open(door.address_once(url))

    def is_over() -> bool:
        return life.is_over(time.monotonic())

    run(app, Address(port=port), tell, log_line, is_over, GRACE_SECONDS)
    return 0


def _add_to_menu() -> int:
    """Make the entry, and say where it lies."""
    from ocguard.cli.menu import add_to_menu

    say("ocguard is in the menu of programs: {path}", path=add_to_menu())
    return 0


def _application(session: Session, door: Door, life: Life, jobs: Jobs) -> Any:
    """Put the page behind its gate, and that behind its door."""
    from ocguard.web.gate import Gate
    from ocguard.web.limits import Limits
    from ocguard.web.page.application import make_page
    from ocguard.web.traffic import Traffic
    from ocguard.workflows.engine.pool import MAX_WORKERS, worker_count
    from ocguard.workflows.home.places import pictures_folder

    limits = Limits(
        body_bytes=1 << 29, bodies_bytes=1 << 30, body_seconds=600.0, picture_seconds=600.0
    )
    width = worker_count(jobs, MAX_WORKERS)
    traffic = Traffic(log_line if session.verbose else lambda _: None)
    page = make_page(session.workspace(), limits, life, width, pictures_folder())
    return door.before(Gate(page, door.tokens, limits, traffic))
