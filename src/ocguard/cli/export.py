"""``ocguard portfolio export``: all works in one file, or a list of hashes that others compare."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from ocguard.choices import EXPORT_FORMATS, ExportFormat
from ocguard.cli.session import Session
from ocguard.cli.terminal import note, said, say
from ocguard.language.message import Message

if TYPE_CHECKING:
    from ocguard.workflows.home.public_hashes import HashKind

__all__ = ["export"]

_FILE = click.Path(path_type=Path, dir_okay=False)


@click.command("export", short_help="Write all works and marks to FILE; the key is not in it.")
@click.argument("file", type=_FILE)
@click.option("--format", "file_format", type=click.Choice(EXPORT_FORMATS), default="zip",
              show_default=True, help="Or a list of hashes, for others to compare.")  # fmt: skip
@click.option("--overwrite", is_flag=True, help="Exchange an existing FILE.")
@click.pass_obj
def export(session: Session, /, file: Path, file_format: ExportFormat, overwrite: bool) -> None:
    """Write all works and marks to FILE, to move or to keep them; the key is not in it.

    With --format pdq or iscc FILE is a list of one perceptual hash a line, and nothing else: PDQ as
    ThreatExchange reads it, or Image-Codes of ISO 24138. Who has such a list recognizes your works,
    also those that you never showed, and a hash tells roughly what a picture looks like.
    """
    if file == Path("-"):
        raise click.UsageError(
            said("an export is private: name a file; '-' is no standard output here")
        )
    if file_format != "zip":
        _export_hashes(session, file_format, file, overwrite=overwrite)
        return
    works = session.open_portfolio().export(file, overwrite=overwrite)
    say(
        Message.counted(
            "{number} work written to {path}", "{number} works written to {path}", works, path=file
        )
    )
    note("It holds small pictures of your art without the invisible mark: keep it private.")


def _export_hashes(session: Session, kind: HashKind, file: Path, *, overwrite: bool) -> None:
    """Write a list of hashes, and say what it gives away."""
    from ocguard.workflows.home.public_hashes import export_hashes

    written = export_hashes(session.workspace(), kind, file, overwrite=overwrite)
    say(
        Message.counted(
            "{number} hash written to {path}",
            "{number} hashes written to {path}",
            written.count,
            path=file,
        )
    )
    for work_id in written.left_out:
        note("left out, for it holds too little to be told from others: {work_id}", work_id=work_id)
    note(
        "Whoever has this list recognizes these works, also those that you never showed, can tell"
        " roughly what they look like, and can change a copy until no hash fits. It cannot be taken"
        " back: give it only to people to whom you would show the pictures."
    )
