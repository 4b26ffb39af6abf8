"""``ocguard selftest``: what a platform really did."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from ocguard.cli.batch import report
from ocguard.cli.options import jobs_option, json_option
from ocguard.cli.session import Session
from ocguard.cli.terminal import (
    complain,
    confidence_word,
    label,
    note,
    said,
    say_indented,
    say_line,
    status_word,
)
from ocguard.errors import OutputExistsError, PlatformError
from ocguard.language.message import Message, translatable

if TYPE_CHECKING:
    from ocguard.imaging.files import Found
    from ocguard.workflows.engine.pool import Jobs
    from ocguard.workflows.platform.selftest import SelftestResult

__all__ = ["command"]

INDENT: Final = 10

_FOLDER: Final = click.Path(exists=True, path_type=Path)
_FILE: Final = click.Path(dir_okay=False, path_type=Path)


@click.command("selftest", short_help="Measure what a platform did to pictures you posted.")
@click.option(
    "--original", required=True, type=_FOLDER, metavar="DIR", help="What you posted, as posted."
)
@click.option(
    "--downloaded", required=True, type=_FOLDER, metavar="DIR", help="What you downloaded again."
)
@click.option(
    "--name", default="measured", show_default=True, metavar="NAME", help="Of the profile."
)
@click.option(
    "--out",
    type=_FILE,
    metavar="FILE",
    help="Profile to write  [default: platforms/NAME.toml in the home folder].",
)
@click.option("--overwrite", is_flag=True, help="Exchange an existing profile.")
@jobs_option
@json_option
@click.pass_obj
def command(
    session: Session,
    /,
    original: Path,
    downloaded: Path,
    name: str,
    out: Path | None,
    overwrite: bool,
    jobs: Jobs,
    as_json: bool,
) -> int:
    """Pair pictures that you posted with what you downloaded again, and measure the difference.

    Size, quality, crop, metadata, and whether your mark is still read. Writes a profile that
    'simulate' and 'protect --for NAME' use from then on.
    """
    from ocguard.platforms.profile_toml import require_name
    from ocguard.workflows.platform.selftest import (
        describe_posted,
        measure_files,
        prepare_selftest,
        write_profile,
    )

    require_name(name, "--name")
    workspace = session.workspace()
    path = out or workspace.home.platforms_folder / f"{name}.toml"
    if not overwrite and path.exists():
        raise OutputExistsError(
            "{path} exists already: exchange it with --overwrite, or choose another --name",
            path=path,
        )
    sources, found = _both(original, downloaded)
    posted = list(describe_posted(sources, jobs))
    for one in posted:
        if one.error is not None:
            complain(one.error)
    job = prepare_selftest(workspace, posted)
    if not job.secret:
        note("There is no key in {folder}: marks are not read.", folder=workspace.home.folder)
    results: list[SelftestResult] = []
    measured = _collected(measure_files(job, found.files, jobs), results)
    left = found.passed_over
    places = [downloaded]
    tally = report(
        measured, len(found.files), _show, places=places, passed_over=left, as_json=as_json
    )
    if tally.done:
        profile = write_profile(path, name, results, overwrite=overwrite)
        missing = len(job.posted) - len({one.original for one in results if one.original})
        _note_profile(path, profile.confidence, missing)
    else:
        note("no profile was written: nothing could be measured")
    return tally.exit_code()


def _note_profile(path: Path, confidence: str, missing: int) -> None:
    """Say where the profile lies, how sure it is, and what it is made without."""
    if missing:
        note(
            Message.counted(
                "{number} posted picture without a download",
                "{number} posted pictures without a download",
                missing,
            )
        )
    note(
        "profile of {confidence} confidence written to {path}",
        confidence=confidence_word(confidence),
        path=path,
    )


def _both(original: Path, downloaded: Path) -> tuple[list[Path], Found]:
    """Find what was posted and what was downloaded again, refusing a folder without pictures."""
    from ocguard.imaging.files import find_pictures

    posted = find_pictures([original], leave_out=[downloaded])
    found = find_pictures([downloaded], leave_out=[original])
    for folder, there in ((original, posted), (downloaded, found)):
        if not there.pictures:
            raise PlatformError(
                "there are no pictures in {folder}: nothing can be measured", folder=folder
            )
    return posted.files, found


def _collected(
    measured: Iterable[SelftestResult], results: list[SelftestResult]
) -> Iterator[SelftestResult]:
    """Pass results on and keep them for the profile."""
    for one in measured:
        results.append(one)
        yield one


def _show(result: SelftestResult) -> None:
    """Print what became of one picture."""
    names = said("{name} of {original}", name=result.input, original=result.original)
    say_line(f"{label(result.status, 9)} {names}")
    say_indented(INDENT, "{facts}", facts=list(_facts(result)))


def _facts(result: SelftestResult) -> Iterator[Message]:
    """Yield what was measured of one picture."""
    yield Message(
        "{width_in} x {height_in} px became {width} x {height}",
        width_in=result.width_in,
        height_in=result.height_in,
        width=result.width,
        height=result.height,
    )
    yield _coded(result)
    if result.kept_area == 1:
        yield Message("nothing cut")
    else:
        yield Message("{share:.0%} of it shown", share=result.kept_area)
    if result.metadata:
        yield Message("metadata left: {kinds}", kinds=result.metadata)
    else:
        yield Message("metadata left: none")
    if result.mark == "found":
        mark_id, p_value = result.mark_id, result.p_value
        yield Message("mark {mark_id} read (p < {p_value:.0e})", mark_id=mark_id, p_value=p_value)
    elif result.mark is not None:
        yield Message("mark: {state}", state=status_word(result.mark))


def _coded(result: SelftestResult) -> Message:
    """Say in which format the platform serves it, and how well, as far as that can be told."""
    served = " ".join(filter(None, (result.file_format, result.chroma)))
    if result.quality is None:
        return Message(served)
    plain = translatable("{format} quality {quality} (estimated)")
    with_chroma = translatable("{format} quality {quality} (estimated) {chroma}")
    return Message(
        with_chroma if result.chroma else plain,
        format=result.file_format,
        quality=result.quality,
        chroma=result.chroma,
    )
