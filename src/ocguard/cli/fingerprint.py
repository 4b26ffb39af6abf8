"""``ocguard fingerprint``: describe pictures, for comparison where they need not go themselves."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import click

from ocguard.cli.batch import report
from ocguard.cli.options import (
    found_pictures,
    input_bytes,
    jobs_option,
    json_option,
    pictures_argument,
)
from ocguard.cli.terminal import input_name, say_line

if TYPE_CHECKING:
    from ocguard.imaging.files import Location, PassedOver
    from ocguard.workflows.check.fingerprints import FingerprintResult
    from ocguard.workflows.engine.pool import Jobs

__all__ = ["command"]


@click.command("fingerprint", short_help="Describe pictures for a comparison elsewhere.")
@pictures_argument
@jobs_option
@json_option
def command(paths: tuple[Location, ...], jobs: Jobs, as_json: bool) -> int:
    """Print what pictures are recognized by, so that they can be checked where they need not go.

    PATH is a picture, or a folder with all its subfolders; '-' alone is standard input. With
    --json the whole fingerprint is printed, about 70 kB: 'ocguard serve' checks it. It shows a gray
    thumbnail of 96 pixels and where distinct points lie, and no more of the picture.
    """
    from ocguard.workflows.check.fingerprints import fingerprint_files, fingerprint_one

    passed_over: Sequence[PassedOver] = ()
    if (data := input_bytes(paths)) is not None:
        results, total = iter([fingerprint_one(data, "-")]), 1
    else:
        found = found_pictures(paths)
        passed_over = found.passed_over
        results, total = fingerprint_files(found, jobs), len(found.pictures)
    tally = report(results, total, _show, places=paths, passed_over=passed_over, as_json=as_json)
    return tally.exit_code()


def _show(result: FingerprintResult) -> None:
    """Print the hashes of one picture."""
    say_line(f"{result.width}x{result.height}  {input_name(result.input)}")
    for name, value in result.hashes.items():
        say_line(f"  {name} {value}")
