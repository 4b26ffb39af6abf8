"""``ocguard sitekit``: rules for crawlers, and a gallery, for a creator's own site."""

from __future__ import annotations

from pathlib import Path

import click

from ocguard.cli.options import NamedPath
from ocguard.cli.session import Session
from ocguard.cli.terminal import note, say
from ocguard.language.message import Message

__all__ = ["command"]


@click.command("sitekit", short_help="Files for your own site: rules for AI crawlers, a gallery.")
@click.argument("paths", metavar="[PATH]...", nargs=-1, type=NamedPath(path_type=Path))
@click.option(
    "--out",
    type=NamedPath(path_type=Path, file_okay=False),
    metavar="DIR",
    required=True,
    help="New folder for the files.",
)
@click.option(
    "--title", metavar="TEXT", default="", help="Heading of the gallery  [default: your name]."
)
@click.pass_obj
def command(session: Session, /, paths: tuple[Path, ...], out: Path, title: str) -> int:
    """Write what your own site tells AI crawlers, and a gallery of protected pictures.

    PATH is a protected picture, or a folder of them, as 'ocguard protect' wrote them; without any
    there is no gallery. The new folder holds robots.txt, HTTP headers for Apache, nginx, Caddy and
    Netlify, a TDMRep file, and read-first.txt, which says where each belongs. Nothing is uploaded.
    """
    from ocguard.cli.options import found_pictures
    from ocguard.workflows.sitekit import write_sitekit

    pictures = found_pictures(paths).pictures if paths else ()
    shown = write_sitekit(session.workspace(), pictures, out, title)
    if shown:
        say(
            Message.counted(
                "site in {folder}, with a gallery of {number} picture",
                "site in {folder}, with a gallery of {number} pictures",
                shown,
                folder=out,
            )
        )
    else:
        say("site in {folder}", folder=out)
    note("Read {path}: it says where each file belongs.", path=out / "read-first.txt")
    return 0
