"""Read two zipped evidence bundles, verify what can be verified, and lay it side by side."""

from __future__ import annotations

import hashlib
import json
import re
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from ocguard.errors import BundleError, MissingExtraError, TimestampError
from ocguard.language.message import Message, translatable
from ocguard.report.claims import Fact, Side, compare_sides
from ocguard.report.manifest import MANIFEST, Verification, verify_bundle
from ocguard.workflows.report.bundle import MAX_FILES, RECORD
from ocguard.workflows.report.history import WORK_RECORD, draft_times, proof_in, work_times
from ocguard.workflows.timestamp.proving import Anchors, proven_by
from ocguard.workflows.timestamp.verifying import with_caveat

__all__ = ["Claims", "compare_claims", "read_zipped"]

MAX_ZIPPED_BYTES: Final = 512 << 20
"""What a zipped bundle may hold, all files together; one of ocguard's has some megabytes."""

_SHA256: Final = re.compile(r"[0-9a-f]{64}")
_DATE: Final = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d[0-9.]*Z")
_HASH: Final = re.compile(r"[0-9a-f]{1,4096}")
_BAD_FILE: Final = (zipfile.BadZipFile, zlib.error, EOFError, RuntimeError, ValueError)


@dataclass(frozen=True)
class Claims:
    """What two sides can show.

    Attributes
    ----------
    a, b : str
        Names of both files.
    is_intact : bool
        Whether both bundles are as they were signed.
    facts : tuple of Fact
        The table.
    """

    a: str
    b: str
    is_intact: bool
    facts: tuple[Fact, ...]

    def to_dict(self) -> dict[str, Any]:
        """Give the JSON record ``ocguard.claims/1``."""
        facts = [fact.to_dict() for fact in self.facts]
        record = {"a": self.a, "b": self.b, "is_intact": self.is_intact, "facts": facts}
        return {"schema": "ocguard.claims/1", **record}


def compare_claims(a: Path, b: Path, anchors: Anchors | None = None) -> Claims:
    """Compare two zipped evidence bundles.

    Parameters
    ----------
    a, b : Path
        ZIP files of folders that ``ocguard report`` made; untrusted.
    anchors : Anchors, optional
        What trusted times are verified by, from elsewhere; by default what is in the bundles.

    Raises
    ------
    BundleError
        A file is no zipped bundle, or holds far more than one.
    OSError
        A file cannot be read.
    """
    sides = tuple(_side(path, anchors) for path in (a, b))
    is_intact = all(side.is_intact for side in sides)
    return Claims(a.name, b.name, is_intact, compare_sides(*sides))


def read_zipped(path: Path) -> dict[str, bytes]:
    """Read a zipped bundle, by names in it; a folder around all of it is left out.

    Raises
    ------
    BundleError, OSError
        As for :func:`compare_claims`.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            members = [one for one in archive.infolist() if not one.is_dir()]
            size = sum(one.file_size for one in members)
            if len(members) > MAX_FILES or size > MAX_ZIPPED_BYTES:
                raise BundleError("{path} holds far more than an evidence bundle does", path=path)
            names = [one.filename for one in members]
            if len(set(names)) < len(names):
                raise BundleError("{path} holds two files of one name", path=path)
            files = {one.filename: archive.read(one) for one in members}
    except _BAD_FILE as error:
        raise BundleError(
            "{path} is no zipped evidence bundle ({reason}): zip the folder that 'ocguard "
            "report' made",
            path=path,
            reason=error,
        ) from error
    around = min((name for name in files if Path(name).name == MANIFEST), key=len, default="")
    folder = around.removesuffix(MANIFEST)
    if not around or not all(name.startswith(folder) for name in files):
        raise BundleError(
            "{path} is no zipped evidence bundle: it holds no {name}",
            path=path,
            name=MANIFEST,
        )
    return {name.removeprefix(folder): data for name, data in files.items()}


def _side(path: Path, anchors: Anchors | None) -> Side:
    """Read one side."""
    files = read_zipped(path)
    verification = verify_bundle(files, None)
    try:
        manifest, check = (json.loads(files[name]) for name in (MANIFEST, RECORD))
        work = json.loads(files[WORK_RECORD]) if WORK_RECORD in files else {}
        if work:
            _require_record(work)
        suspect = hashlib.sha256(files[manifest["suspect"]]).hexdigest()
        own = {str(work.get("file_sha256"))}
        return Side(
            state=_state(verification),
            is_intact=verification.is_intact,
            creator=str(manifest["creator"]),
            identity=verification.fingerprint,
            suspect_sha256=suspect,
            hashes=_hashes(manifest["hashes"]),
            verdict=str(check["verdict"]),
            marks=tuple(_mark(mark) for mark in check["marks"]),
            work=work,
            work_time=_joined(_times(files, work_times(), own, anchors)),
            draft_times=tuple(sorted(_draft_times(files, work, anchors))),
        )
    except (KeyError, TypeError, ValueError, AttributeError, RecursionError) as error:
        raise BundleError(
            "{path} is no evidence bundle of this version: {reason!r}", path=path, reason=error
        ) from error


def _state(verification: Verification) -> str:
    if verification.is_intact:
        return "intact"
    return f"CHANGED: {' '.join(verification.problems[:3])}"


def _require_record(work: Any) -> None:
    """Refuse a record whose values are not what a table shows; `ValueError`."""
    sizes = work["width"], work["height"]
    digests = [work["file_sha256"], *(draft["file_sha256"] for draft in work["drafts"])]
    if not all(isinstance(draft["verdict"], str) for draft in work["drafts"]):
        raise ValueError(Message("{file} names no verdict", file=WORK_RECORD))
    if not all(type(side) is int and side > 0 for side in sizes):
        raise ValueError(Message("{file} names no size", file=WORK_RECORD))
    if not all(_SHA256.fullmatch(digest) for digest in digests):
        raise ValueError(Message("{file} names no digest", file=WORK_RECORD))
    if not _DATE.fullmatch(work["created"]):
        raise ValueError(Message("{file} names no date", file=WORK_RECORD))


def _hashes(said: Mapping[str, Mapping[str, str]]) -> dict[str, dict[str, str]]:
    """Take the hashes that are some."""
    return {
        str(name): {which: text for which, text in pair.items() if _HASH.fullmatch(text)}
        for name, pair in said.items()
    }


def _mark(mark: Mapping[str, Any]) -> str:
    """Say which own mark was read, and how sure that is."""
    own = translatable("{mark_id} (by chance at most {chance:.0e})")
    copied = translatable("{mark_id} (by chance at most {chance:.0e}), copied from another work")
    return Message(
        copied if mark["copied"] else own, mark_id=mark["mark_id"], chance=float(mark["p_value"])
    )


def _draft_times(
    files: Mapping[str, bytes], work: Mapping[str, Any], anchors: Anchors | None
) -> Iterator[str]:
    """Yield what is known of the trusted times of drafts."""
    digests = {draft["file_sha256"] for draft in work["drafts"]} if work else set()
    for number in range(1, MAX_FILES):
        yield from _times(files, draft_times(number), digests, anchors)


def _times(
    files: Mapping[str, bytes], folders: list[str], digests: set[str], anchors: Anchors | None
) -> Iterator[str]:
    """Yield which trusted times the proofs in some folders show for one of some files."""
    for folder in folders:
        if said := _time(files, folder, digests, anchors):
            yield said


def _joined(times: Iterator[str]) -> str:
    """Say several times as one; empty without any."""
    found = list(times)
    return Message("{times}", times=found) if found else ""


def _time(
    files: Mapping[str, bytes], folder: str, digests: set[str], anchors: Anchors | None
) -> str:
    """Say which trusted time a proof in a bundle shows for one of some files."""
    proof = proof_in(files, folder)
    if not proof:
        return ""
    try:
        proven = proven_by(proof, anchors)
    except TimestampError as error:
        return Message("none that holds: {reason}", reason=error)
    except MissingExtraError as error:
        return Message("not verified: {reason}", reason=error)
    if proven.facts.get("file_sha256") not in digests:
        return Message("none that holds: the proof is of another file")
    at, authority = proven.time.at_utc[:19], proven.time.authority
    told = Message("{time} UTC, {authority}", time=at, authority=authority)
    return with_caveat(told, proven.time)
