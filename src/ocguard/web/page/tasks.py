"""What a worker does for the page: one workflow, and a refusal in words where it cannot."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path

from ocguard.errors import OcguardError
from ocguard.imaging.files import find_pictures, read_picture
from ocguard.imaging.pillow_arrays import at_most_pixels
from ocguard.language.choice import Language
from ocguard.language.message import Message
from ocguard.platforms.profile import PlatformProfile
from ocguard.platforms.simulation import simulate
from ocguard.portfolio import Work
from ocguard.report.evidence import Capture
from ocguard.web.api import tasks as api_tasks
from ocguard.web.api.pictures import Sent
from ocguard.web.problems import Refusal
from ocguard.workflows.cases.deciding import Find, Known, known_of
from ocguard.workflows.check.results import CheckResult
from ocguard.workflows.failures import explain
from ocguard.workflows.home.catalog import add_one
from ocguard.workflows.home.drafts import DraftResult
from ocguard.workflows.home.drafts import add_draft as add_one_draft
from ocguard.workflows.home.places import free_path
from ocguard.workflows.home.variants import VariantSearch, find_variants, look_for_variants
from ocguard.workflows.home.work_result import WorkResult
from ocguard.workflows.home.workspace import Identity, Workspace, account_name
from ocguard.workflows.platform.selftest import (
    SelftestJob,
    SelftestResult,
    describe_posted,
    measure_files,
    prepare_selftest,
)
from ocguard.workflows.platform.specimens import Specimen, write_specimen
from ocguard.workflows.platform.trial import Trial, try_out
from ocguard.workflows.protect.job import ProtectResult
from ocguard.workflows.protect.look import look, shown
from ocguard.workflows.protect.options import ProtectOptions, prepare_protect
from ocguard.workflows.protect.outputs import plan_outputs
from ocguard.workflows.protect.run import protect_one
from ocguard.workflows.report.bundle import make_report
from ocguard.workflows.report.drawing import Drawn, as_jpegs, draw_beside
from ocguard.workflows.report.gathering import Gathered, gather

__all__ = [
    "SavedReport",
    "Seen",
    "add_draft",
    "beside",
    "check",
    "evidence",
    "known",
    "look_at",
    "look_further_for_variants",
    "make_specimen",
    "measure",
    "planned",
    "preview",
    "protect",
    "register",
    "rendition",
    "save_report",
    "show",
    "show_served",
    "try_out_on",
    "variants",
    "warm_up",
]


@dataclass(frozen=True)
class Seen:
    """What is known of a picture that can be read.

    Attributes
    ----------
    width, height : int
        In pixels, upright.
    """

    width: int
    height: int


@dataclass(frozen=True)
class SavedReport:
    """A report that was written.

    Attributes
    ----------
    folder : Path
        Its folder.
    is_saved_too_early : bool
        Whether the find is said to be saved before the mark in it was made.
    """

    folder: Path
    is_saved_too_early: bool


def warm_up() -> None:
    """Have everything loaded before the first picture: importing this module has done it."""


@contextmanager
def _told(code: str = "picture-failed") -> Iterator[None]:
    """Turn what goes wrong into a refusal that says it in words."""
    try:
        yield
    except (OcguardError, OSError, ValueError, TypeError, MemoryError) as error:
        raise Refusal(code, explain(error)) from error


def look_at(path: Path, name: str, pixels: int) -> Seen:
    """Make sure that a file is a picture that can be read."""
    with _told(), at_most_pixels(pixels):
        return Seen(*read_picture(path.read_bytes(), name).size)


def show(path: Path, name: str, long_side_px: int) -> bytes:
    """Return a picture for the screen, JPEG."""
    with _told():
        return shown(read_picture(path.read_bytes(), name), long_side_px)


def preview(
    workspace: Workspace, options: ProtectOptions, path: Path, name: str, long_side_px: int
) -> bytes:
    """Return a picture as its visible mark would leave it, JPEG."""
    with _told("bad-option"):
        job, _ = prepare_protect(workspace, {**options, "dry_run": True}, account_name)
        made = look(job, path.read_bytes(), name, long_side_px)
    if made.warnings:
        raise Refusal("bad-option", "{reasons}", reasons=made.warnings)
    return made.jpeg


def planned(
    workspace: Workspace,
    options: ProtectOptions,
    folder: Path,
    pictures: Sequence[tuple[Path, str]],
) -> list[Path]:
    """Check all choices, and give every picture a name in a folder that nothing has yet.

    Parameters
    ----------
    workspace : Workspace
        Whose.
    options : ProtectOptions
        The choices.
    folder : Path
        Where protected files go; made when missing.
    pictures : sequence of (Path, str)
        Where each lies, and what it is called.
    """
    outputs: list[Path] = []
    with _told("bad-option"):
        job, _ = prepare_protect(workspace, options, account_name)
        folder.mkdir(parents=True, exist_ok=True)
        for path, name in pictures:
            (plan,) = plan_outputs([path], folder, job.file_format).outputs
            wish = folder / f"{Path(name).stem or 'picture'}{plan.output.suffix}"
            outputs.append(free_path(wish, outputs))
    return outputs


def protect(
    workspace: Workspace,
    options: ProtectOptions,
    path: Path,
    name: str,
    output: Path,
    pixels: int,
) -> ProtectResult:
    """Protect one picture into a file."""
    with _told("bad-option"):
        job, _ = prepare_protect(workspace, options, account_name)
    with _told(), at_most_pixels(pixels):
        return protect_one(job, path.read_bytes(), output, name=name, place=name)


def register(workspace: Workspace, path: Path, name: str, pixels: int) -> WorkResult:
    """Register one picture without marking it."""
    with at_most_pixels(pixels):
        result = add_one(workspace, path.read_bytes(), name, name)
    if result.error:
        raise Refusal("picture-failed", result.error)
    return result


def add_draft(
    workspace: Workspace, work_id: str, path: Path, name: str, pixels: int
) -> DraftResult:
    """Add one picture that led to a work."""
    with at_most_pixels(pixels):
        result = add_one_draft(workspace, work_id, path.read_bytes(), name, name)
    if result.error:
        raise Refusal("picture-failed", result.error)
    return result


def rendition(workspace: Workspace, sha256: str, long_side_px: int) -> bytes:
    """Return a reference rendition of the portfolio for the screen, JPEG."""
    with _told("not-found"), workspace.open_store() as store:
        return shown(read_picture(store.rendition(sha256), sha256[:16]), long_side_px)


def variants(workspace: Workspace, work_id: str) -> list[tuple[Work, str]]:
    """Find the works that are variants of one work, with what they are called."""
    with _told("not-ready"):
        return find_variants(workspace, work_id)


def look_further_for_variants(workspace: Workspace, seconds: float) -> VariantSearch:
    """Look for the variants of works that were not looked at yet, for some time."""
    with _told("not-ready"):
        return look_for_variants(workspace, seconds)


def check(workspace: Workspace, path: Path, name: str, pixels: int) -> CheckResult:
    """Check one find."""
    with _told():
        sent = Sent(name, path.read_bytes())
    return api_tasks.check(workspace, sent, pixels)


def known(workspace: Workspace, path: Path, name: str, checked: CheckResult) -> Known:
    """Look up what was decided about a checked find, and who may show what is in it."""
    with _told("not-ready"):
        return known_of(workspace, Find(name, path.read_bytes(), checked))


def evidence(workspace: Workspace, path: Path, name: str, checked: CheckResult) -> Gathered:
    """Gather what shows how a checked find relates to a work."""
    with _told():
        home = workspace.home
        identity = Identity(home.load_profile(), home.load_key(), is_new=False)
        return gather(workspace, identity, name, path.read_bytes(), Capture(), checked)


def beside(
    workspace: Workspace, path: Path, name: str, checked: CheckResult, work_id: str
) -> Drawn[bytes]:
    """Draw a checked find with one work, to be compared by hand."""
    with _told("not-found"):
        return as_jpegs(draw_beside(workspace, name, path.read_bytes(), checked, work_id))


def save_report(
    workspace: Workspace,
    path: Path,
    name: str,
    folder: Path,
    capture: Capture,
    language: Language,
) -> SavedReport:
    """Write the evidence about a find into a new folder, and say which."""
    with _told():
        folder.mkdir(parents=True, exist_ok=True)
        target = free_path(folder / f"evidence {Path(name).stem}")
        made = make_report(workspace, path, target, capture, name=name, language=language)
        return SavedReport(made.folder, made.evidence.is_saved_too_early)


def try_out_on(
    workspace: Workspace, profile: PlatformProfile, path: Path, name: str, pixels: int
) -> Trial:
    """Simulate posting a picture, and check what comes out."""
    with _told(), at_most_pixels(pixels):
        return try_out(
            path.read_bytes(),
            name,
            profile,
            lambda served: api_tasks.check(workspace, Sent(name, served), pixels),
        )


def show_served(profile: PlatformProfile, path: Path, name: str, long_side_px: int) -> bytes:
    """Return a picture as a platform would serve it for the screen, JPEG."""
    with _told():
        served = simulate(path.read_bytes(), profile, name)
        return shown(read_picture(served.data, name), long_side_px)


def make_specimen(workspace: Workspace, specimen: Specimen, folder: Path) -> Path:
    """Write a picture for a self-test."""
    with _told():
        return write_specimen(workspace, specimen, folder)


def measure(workspace: Workspace, folder: Path, path: Path, name: str) -> SelftestResult:
    """Measure a download against what lies in the folder of a self-test."""
    with _told():
        posted = tuple(
            (one, one.stat().st_mtime_ns) for one in sorted(find_pictures([folder]).files)
        )
        (result,) = measure_files(_selftest_job(workspace, posted), [path], 1)
    error = result.error and Message(result.error).renamed(str(path), name)
    return replace(result, input=name, error=error)


@lru_cache(maxsize=1)
def _selftest_job(workspace: Workspace, posted: tuple[tuple[Path, int], ...]) -> SelftestJob:
    """Describe what was posted, once for all downloads while the files stay as they are."""
    return prepare_selftest(workspace, list(describe_posted([path for path, _ in posted], 1)))
