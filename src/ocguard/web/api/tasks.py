"""What a worker does for a request: one workflow, its record, and a refusal where it cannot."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any, Final, TypeVar

from ocguard.errors import OcguardError, PortfolioError, ProfileError
from ocguard.imaging.kinds import HEAD_BYTES, format_of
from ocguard.imaging.pillow_arrays import at_most_pixels
from ocguard.language.message import code_of, message_of
from ocguard.web.api.answers import Kept
from ocguard.web.api.pictures import Sent
from ocguard.web.problems import Refusal
from ocguard.workflows.check.by_fingerprint import check_fingerprint
from ocguard.workflows.check.detect import Detector, DetectResult, prepare_detect
from ocguard.workflows.check.fingerprints import FingerprintResult, fingerprint_one
from ocguard.workflows.check.results import CheckResult
from ocguard.workflows.check.run import Checker, CheckJob, prepare_check
from ocguard.workflows.failures import explain
from ocguard.workflows.home.catalog import Portfolio, add_one
from ocguard.workflows.home.platforms import known_profiles
from ocguard.workflows.home.work_result import WorkResult
from ocguard.workflows.home.works import UnknownWorkError
from ocguard.workflows.home.workspace import Workspace, account_name
from ocguard.workflows.protect.job import ProtectResult
from ocguard.workflows.protect.options import ProtectOptions, prepare_protect
from ocguard.workflows.protect.run import protect_one

__all__ = [
    "Protected",
    "check",
    "check_by_fingerprint",
    "detect",
    "fingerprint",
    "platforms",
    "protect",
    "register",
    "warm_up",
    "work",
    "works",
]

Record = dict[str, Any]

_Result = TypeVar("_Result", ProtectResult, CheckResult, DetectResult, WorkResult)

_OWN_TROUBLE: Final = frozenset({"portfolio", "no-tenant", "profile", "system"})
"""Codes of errors that are no client's: a database out of reach, a full disk."""

MEDIA_TYPES: Final[Mapping[str | None, str]] = {
    "PNG": "image/png",
    "JPEG": "image/jpeg",
    "WEBP": "image/webp",
    "AVIF": "image/avif",
    "GIF": "image/gif",
    "TIFF": "image/tiff",
    "JXL": "image/jxl",
}


@dataclass(frozen=True)
class Protected:
    """A protected picture on its way to the client.

    Attributes
    ----------
    record : dict
        ``ocguard.protect/2``.
    data : bytes
        The file; empty after a dry run of a picture that is not given back.
    media_type : str
        Its kind.
    """

    record: Record
    data: bytes
    media_type: str


def warm_up() -> None:
    """Have everything loaded before the first request: importing this module has done it."""


@contextmanager
def _ready() -> Iterator[None]:
    """Tell trouble of this server from an option that is impossible."""
    try:
        yield
    except UnknownWorkError:
        raise
    except (ProfileError, PortfolioError, OSError) as error:
        raise _not_ready(explain(error)) from error
    except (OcguardError, ValueError, TypeError) as error:
        raise Refusal("bad-option", message_of(error)) from error


def _not_ready(cause: str) -> Refusal:
    """Refuse for trouble of this server: where its files and databases are is for its log alone."""
    return Refusal(
        "not-ready",
        "profile, key or portfolio of this server cannot be used now; its log says why",
        cause=cause,
    )


def _done(result: _Result) -> _Result:
    """Tell trouble of this server from that of a picture."""
    if result.error is not None and code_of(result.error) in _OWN_TROUBLE:
        raise _not_ready(result.error)
    return result


def protect(
    workspace: Workspace, options: ProtectOptions, sent: Sent, pixels: int, kept: Kept | None
) -> Protected:
    """Protect one picture; with a place to keep its answer, at most once.

    Raises
    ------
    Refusal
        An option is impossible, the picture cannot be protected or is protected already, or its
        place holds the answer to another request.
    """
    with _ready():
        if kept is not None and (answer := kept.load()) is not None:
            return _protected(*answer)
        job, _ = prepare_protect(workspace, options, account_name)
        if kept is not None:
            kept.prepare()
    output = kept.picture if kept is not None and not job.is_dry_run else None
    with at_most_pixels(pixels):
        result = _done(protect_one(job, sent.data, output, name=sent.name, place=sent.name))
    if result.error is not None:
        raise Refusal("picture-failed", result.error)
    record = _without_place(result).to_dict()
    if output is not None and kept is not None and result.status != "skipped":
        with _ready():
            kept.save(record)
            return _protected(record, output.read_bytes())
    if not result.data:
        raise Refusal("already-protected", "{reasons}", reasons=result.warnings)
    return _protected(record, result.data)


def _without_place(result: ProtectResult) -> ProtectResult:
    """Leave out where the server keeps a file."""
    return replace(result, output=None)


def _protected(record: Record, data: bytes) -> Protected:
    kind = MEDIA_TYPES.get(format_of(data[:HEAD_BYTES]), "application/octet-stream")
    return Protected(record, data, kind)


def check(workspace: Workspace, sent: Sent, pixels: int) -> CheckResult:
    """Check one suspect against the portfolio as it is now."""
    with _ready():
        checker = _checker(workspace, workspace.state())
    with at_most_pixels(pixels):
        return _done(checker.check(sent.data, sent.name))


def check_by_fingerprint(workspace: Workspace, text: str) -> Record:
    """Check a suspect of which only the fingerprint came."""
    with _ready():
        job = _check_job(workspace, workspace.state())
    try:
        return check_fingerprint(job, text).to_dict()
    except PortfolioError as error:
        raise Refusal("picture-failed", message_of(error)) from error


def detect(workspace: Workspace, sent: Sent, pixels: int) -> DetectResult:
    """Read the creator's mark in one picture."""
    with _ready():
        detector = _detector(workspace, workspace.state())
    with at_most_pixels(pixels):
        return _done(detector.detect(sent.data, sent.name))


def fingerprint(sent: Sent, pixels: int) -> FingerprintResult:
    """Describe one picture."""
    with at_most_pixels(pixels):
        return fingerprint_one(sent.data, sent.name)


def register(workspace: Workspace, sent: Sent, pixels: int) -> WorkResult:
    """Register one picture without marking it."""
    with at_most_pixels(pixels):
        return _done(add_one(workspace, sent.data, sent.name, sent.name))


def works(workspace: Workspace, after: str, limit: int) -> tuple[list[Record], str | None]:
    """List works, oldest first: the records of one page, and after which work the next begins."""
    if after:
        work(workspace, after)
    with _ready():
        listed = Portfolio(workspace.location).page(after, limit + 1)
        page = [one.to_dict() for one in listed]
    is_more = len(page) > limit
    return page[:limit], page[limit - 1]["work_id"] if is_more else None


def work(workspace: Workspace, work_id: str) -> Record:
    """Show one work."""
    try:
        with _ready():
            return Portfolio(workspace.location).show(work_id).to_dict()
    except UnknownWorkError as error:
        raise Refusal("not-found", message_of(error)) from error


def platforms(workspace: Workspace) -> list[Record]:
    """List the platforms that can be simulated; where own profiles lie stays here."""
    with _ready():
        return [{**one.to_dict(), "file": None} for one in known_profiles(workspace.home)]


@lru_cache(maxsize=1)
def _check_job(workspace: Workspace, _: str) -> CheckJob:
    return prepare_check(workspace)


@lru_cache(maxsize=1)
def _checker(workspace: Workspace, state: str) -> Checker:
    return Checker(_check_job(workspace, state))


@lru_cache(maxsize=1)
def _detector(workspace: Workspace, _: str) -> Detector:
    return Detector(prepare_detect(workspace))
