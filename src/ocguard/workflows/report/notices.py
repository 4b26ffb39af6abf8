"""Draft a notice from a finished report: the person has read it, and it was not changed since."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from ocguard.atomic import whole_folder
from ocguard.choices import NoticeKind, Sender
from ocguard.errors import BundleError
from ocguard.home import Home
from ocguard.report.channels import find_channel
from ocguard.report.evidence import Capture
from ocguard.report.manifest import MANIFEST
from ocguard.report.notice import FINDINGS, Notice, NoticeFacts, draft_notice
from ocguard.workflows.home.workspace import Workspace
from ocguard.workflows.report.bundle import RECORD, read_intact

__all__ = ["write_notice"]

NOTICE: Final = "notice.txt"
READ_FIRST: Final = "read-first.txt"


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
    facts = _facts(report, workspace.home)
    notice = draft_notice(channel, form, sender, facts)
    with whole_folder(folder) as draft:
        (draft / NOTICE).write_text(notice.text, "utf-8")
        (draft / READ_FIRST).write_text(notice.read_first, "utf-8")
    return notice


def _facts(report: Path, home: Home) -> NoticeFacts:
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
        return NoticeFacts(
            creator=str(manifest["creator"]),
            contact=_contact(home, manifest["creator"]),
            work_name=str(names[0]),
            verdict=manifest["verdict"],
            marks=_marks(record, manifest["work_id"]),
            suspect_sha256=str(manifest["files"][manifest["suspect"]]["sha256"]),
            manifest_sha256=hashlib.sha256(files[MANIFEST]).hexdigest(),
            version=str(manifest["ocguard"]),
            made=str(manifest["made"]),
            capture=Capture(**{name: str(text) for name, text in manifest["capture"].items()}),
        )
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise BundleError(
            "{report} is no report that this version reads: {reason!r}", report=report, reason=error
        ) from error


def _contact(home: Home, creator: str) -> str:
    """Return the contact of the profile, where the report was made by the same name."""
    profile = home.load_profile() if home.has_profile() else None
    return profile.contact if profile is not None and profile.creator == creator else ""


def _marks(record: Mapping[str, Any], work_id: str) -> tuple[str, ...]:
    """Return the marks that belong to the work and were not copied from another picture."""
    mine = (one for one in record["marks"] if one["work_id"] == work_id and not one["copied"])
    return tuple(str(one["mark_id"]) for one in mine)
