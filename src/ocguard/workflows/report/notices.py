"""Draft a notice from a finished report: the person has read it, and it was not changed since."""

from __future__ import annotations

import datetime
import hashlib
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from ocguard.atomic import whole_folder
from ocguard.choices import NoticeKind, Sender
from ocguard.errors import BundleError, MissingExtraError, TimestampError
from ocguard.home import Home
from ocguard.report.channels import Language, find_channel
from ocguard.report.evidence import Capture
from ocguard.report.manifest import MANIFEST
from ocguard.report.notice import FINDINGS, Notice, NoticeFacts, draft_notice
from ocguard.workflows.home.workspace import Workspace
from ocguard.workflows.report.bundle import RECORD, read_intact
from ocguard.workflows.report.history import (
    MAX_EVENTS,
    WORK_RECORD,
    draft_times,
    proof_in,
    readable,
    work_times,
)
from ocguard.workflows.timestamp.proving import proven_by

__all__ = ["write_notice"]

NOTICE: Final = "notice.txt"
READ_FIRST: Final = "read-first.txt"
MAX_DRAFTS: Final = 5
"""Names of drafts in a notice; all of them are in the report."""

_MINUTE: Final = "%Y-%m-%d %H:%M"
_BEIJING: Final = datetime.timedelta(hours=8)


def write_notice(
    workspace: Workspace,
    report: Path,
    folder: Path,
    platform: str,
    sender: Sender,
    kind: NoticeKind | None = None,
) -> Notice:
    """Write a draft, and what to know before it is sent, into a new folder.

    Parameters
    ----------
    workspace : Workspace
        Where the person works; the contact of their profile is used where the report is theirs.
    report : Path
        Folder that :func:`ocguard.workflows.report.bundle.make_report` made.
    folder : Path
        The new folder: ``notice.txt`` and ``read-first.txt``.
    platform : str
        Name of a channel.
    sender : {"author", "owner", "agent"}
        Who sends it.
    kind : {"dmca", "article-14", "ai-feature"}, optional
        Which notice, if not the platform's usual one.

    Raises
    ------
    BundleError
        The report was changed, or names no work.
    PlatformError
        There is no such platform, or no such notice to it.
    OutputExistsError
        The folder exists already.
    OSError
        Something cannot be read or written.
    """
    channel = find_channel(platform)
    form = channel.form(kind)
    facts = _facts(report, workspace.home, form.language)
    notice = draft_notice(channel, form, sender, facts)
    with whole_folder(folder) as draft:
        (draft / NOTICE).write_text(notice.text, "utf-8")
        (draft / READ_FIRST).write_text(notice.read_first, "utf-8")
    return notice


def _facts(report: Path, home: Home, language: Language) -> NoticeFacts:
    """Read what a report says, if it is as it was signed."""
    files = read_intact(report)
    try:
        manifest, record = json.loads(files[MANIFEST]), json.loads(files[RECORD])
        works = (*record["found"], *record["candidates"])
        names = [one["source"] for one in works if one["work_id"] == manifest["work_id"]]
        if manifest["verdict"] not in FINDINGS["en"] or not names:
            raise BundleError(
                "{report} names no work of yours that is in the picture ({verdict}), so no "
                "notice can be drafted from it",
                report=report,
                verdict=manifest["verdict"],
            )
        stated = {name: str(text) for name, text in manifest["capture"].items()}
        stated["captured"] = _local(stated["captured"], language)
        return NoticeFacts(
            creator=str(manifest["creator"]),
            contact=_contact(home, manifest["creator"]),
            work_name=str(names[0]),
            verdict=manifest["verdict"],
            marks=_marks(record, manifest["work_id"]),
            suspect_sha256=str(manifest["files"][manifest["suspect"]]["sha256"]),
            manifest_sha256=hashlib.sha256(files[MANIFEST]).hexdigest(),
            version=str(manifest["ocguard"]),
            made=_local(str(manifest["made"]), language),
            capture=Capture(**stated),
            **_history(files, language),
        )
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise BundleError(
            "{report} is no report that this version reads: {reason!r}", report=report, reason=error
        ) from error


def _history(files: Mapping[str, bytes], language: Language) -> dict[str, Any]:
    """Return what the report has of the work's own history: first post, drafts, proofs of times."""
    work = json.loads(files[WORK_RECORD]) if WORK_RECORD in files else {}
    own = [one for one in work.get("postings", ()) if not one["imported_utc"]]
    first = min(own, key=lambda one: str(one["on_date"]), default={"on_date": "", "url": ""})
    names = dict.fromkeys(str(draft["source"]) for draft in work.get("drafts", ()))
    numbered = (name for number in range(1, MAX_EVENTS + 1) for name in draft_times(number))
    proven = {name: _proven(proof_in(files, name)) for name in (*work_times(), *numbered)}
    return {
        "posted_on": str(first["on_date"]),
        "posted_url": str(first["url"]),
        "drafts": tuple(names)[:MAX_DRAFTS],
        "times": tuple(f"{name} {_local(at, language)}" for name, at in proven.items() if at),
    }


def _proven(proof: Mapping[str, bytes]) -> str:
    """Give the time of a proof that verifies by itself; empty where it is worth little."""
    try:
        time = proven_by(proof).time if proof else None
    except (TimestampError, MissingExtraError):
        return ""
    return readable(time.at_utc) if time and not time.caveat else ""


def _local(text: str, language: Language) -> str:
    """Say a time as it is read where the notice goes: in China by Beijing's clock, and in UTC."""
    moment = text.removesuffix(" UTC")
    if language != "zh" or moment == text:
        return text
    there = datetime.datetime.strptime(moment, _MINUTE) + _BEIJING
    return f"北京时间 {there:{_MINUTE}}（{text}）"


def _contact(home: Home, creator: str) -> str:
    """Return the contact of the profile, where the report was made by the same name."""
    profile = home.load_profile() if home.has_profile() else None
    return profile.contact if profile is not None and profile.creator == creator else ""


def _marks(record: Mapping[str, Any], work_id: str) -> tuple[str, ...]:
    """Return the marks that belong to the work and were not copied from another picture."""
    mine = (one for one in record["marks"] if one["work_id"] == work_id and not one["copied"])
    return tuple(str(one["mark_id"]) for one in mine)
