"""``ocguard simulate``: what a platform would serve."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from ocguard.cli.batch import report
from ocguard.cli.options import NamedPath, jobs_option, json_option, pictures_argument
from ocguard.cli.session import Session
from ocguard.cli.terminal import label, note, printable, say_indented, say_line
from ocguard.language.message import Message

if TYPE_CHECKING:
    from ocguard.imaging.files import Location
    from ocguard.workflows.engine.pool import Jobs
    from ocguard.workflows.platform.simulate import SimulateResult

__all__ = ["command"]

INDENT: Final = 11


@click.command("simulate", short_help="Write what a platform would serve of pictures.")
@pictures_argument
@click.option(
    "--for",
    "platforms",
    multiple=True,
    required=True,
    metavar="PLATFORM",
    help="Name, or a profile's path; A+B is posted on A, then on B. Can be repeated.",
)
@click.option(
    "--out",
    required=True,
    type=NamedPath(file_okay=False, path_type=Path),
    metavar="DIR",
    help="Folder for the simulations: DIR/PLATFORM/...",
)
@click.option("--overwrite", is_flag=True, help="Exchange existing files.")
@jobs_option
@json_option
@click.pass_obj
def command(
    session: Session,
    /,
    paths: tuple[Location, ...],
    platforms: tuple[str, ...],
    out: Path,
    overwrite: bool,
    jobs: Jobs,
    as_json: bool,
) -> int:
    """Write what a platform would serve of pictures, as far as its profile knows.

    PATH is a picture, or a folder with all its subfolders. Simulations show what to expect; the
    platform itself may do something else today. Nothing is uploaded.
    """
    from ocguard.imaging.files import find_pictures
    from ocguard.workflows.home.platforms import find_profiles
    from ocguard.workflows.platform.simulate import plan_uploads, simulate_files

    profiles = find_profiles(platforms, session.workspace().home)
    uploads = plan_uploads(paths, out, profiles)
    results = simulate_files(uploads, jobs, overwrite=overwrite)
    shown = partial(_show, verbose=session.verbose)
    left = find_pictures(paths, leave_out=[out]).passed_over
    tally = report(results, len(uploads), shown, places=paths, passed_over=left, as_json=as_json)
    if tally.done:
        done = Message.counted(
            "{number} simulation done, in {folder}",
            "{number} simulations done, in {folder}",
            tally.done,
            folder=out,
        )
        unsure = [one.name for one in profiles if one.confidence == "low"]
        if unsure:
            done = Message("{done}; low confidence: {platforms}", done=done, platforms=unsure)
        note(done)
    return tally.exit_code()


def _show(result: SimulateResult, *, verbose: bool) -> None:
    """Print what became of one picture."""
    say_line(f"{label(result.status, 10)} {printable(result.input)} -> {printable(result.output)}")
    say_indented(
        INDENT,
        "{platform}: {width} x {height} px, {bytes_out} bytes",
        platform=result.platform,
        width=result.width,
        height=result.height,
        bytes_out=result.bytes_out,
    )
    for happened in result.happened if verbose else ():
        say_indented(INDENT, happened)
