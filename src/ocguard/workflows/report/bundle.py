"""Write an evidence bundle, whole or not at all, and verify one."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Final

from ocguard.atomic import whole_folder
from ocguard.errors import BundleError, ProfileError
from ocguard.identity import PEM_LIMIT_BYTES, PublicIdentity
from ocguard.imaging.files import read_bytes
from ocguard.imaging.kinds import HEAD_BYTES, SUFFIXES, format_of
from ocguard.language.choice import Language
from ocguard.portfolio import PermittedThere
from ocguard.report.evidence import Capture, Evidence
from ocguard.report.manifest import Verification, signed_bundle, verify_bundle
from ocguard.report.page import report_page
from ocguard.workflows.home.permissions import who_may
from ocguard.workflows.home.workspace import Identity, Workspace
from ocguard.workflows.report.gathering import gather
from ocguard.workflows.sources import source_name

__all__ = [
    "MAX_FILES",
    "RECORD",
    "Report",
    "make_report",
    "read_bundle",
    "read_identity",
    "read_intact",
    "verify_report",
]

RECORD: Final = "check.json"
"""What was measured, in a bundle."""

MAX_FILES: Final = 200
MAX_BUNDLE_BYTES: Final = 8 << 30
"""Most files, and bytes, that verification reads; a bundle of ocguard's has about ten files."""

PAGE_SUFFIXES: Final = (".mhtml", ".mht", ".html", ".htm", ".pdf", ".png", ".jpg", ".webp", ".txt")
"""What saved pages are called; whatever else a page is called, it is kept as ``.bin``."""


@dataclass(frozen=True)
class Report:
    """A bundle that was made.

    Attributes
    ----------
    folder : Path
        Where it lies.
    evidence : Evidence
        What it shows.
    size_bytes : int
        Length of all its files.
    permitted : PermittedThere or None
        Who may show what was found, where it was found, which is not in the bundle; None where no
        place is named.
    """

    folder: Path
    evidence: Evidence
    size_bytes: int
    permitted: PermittedThere | None


def make_report(
    workspace: Workspace,
    suspect: Path,
    folder: Path,
    capture: Capture,
    pages: Sequence[Path] = (),
    name: str = "",
    language: Language = "en",
) -> Report:
    """Check a suspect and write everything that shows what was found into a new folder.

    Parameters
    ----------
    workspace : Workspace
        Where the creator works.
    suspect : Path
        The picture in question.
    folder : Path
        The new folder.
    capture : Capture
        Where it was found.
    pages : sequence of Path
        Pages on which it was found, as a browser saved them; copied byte by byte.
    name : str
        What to call the suspect; by default its path.
    language : {"en", "zh", "ja"}
        Of the page; records are the same in every language.

    Raises
    ------
    OutputExistsError
        The folder exists already.
    ProfileError
        There is no profile or key, so nobody who could sign.
    ImageReadError, PortfolioError, OSError
        Something cannot be read.
    """
    data = read_bytes(suspect)
    saved = {_page_name(number, page): page.read_bytes() for number, page in enumerate(pages, 1)}
    identity = Identity(workspace.home.load_profile(), workspace.home.load_key(), is_new=False)
    gathered = gather(workspace, identity, name or source_name(suspect), data, capture)
    file_name = f"suspect{_suffix(data)}"
    record = json.dumps(gathered.evidence.record, ensure_ascii=False, indent=1).encode()
    kept = {file_name: data, RECORD: record, **saved}
    kept |= gathered.files
    kept |= {f"pictures/{key}.jpg": jpeg for key, jpeg in gathered.pictures.items()}
    evidence = replace(gathered.evidence, pages=_digests(saved))
    page = report_page(evidence, gathered.pictures, language)
    facts = _facts(evidence, file_name)
    files = signed_bundle({"report.html": page.encode(), **kept}, facts, identity.key.signer())
    _write(folder, files)
    with workspace.open_store() as store:
        permitted = who_may(store, gathered.works_found, capture.url, capture.account)
    return Report(folder, evidence, sum(map(len, files.values())), permitted)


def verify_report(folder: Path, expected: PublicIdentity | None) -> Verification:
    """Verify a bundle; see :func:`ocguard.report.manifest.verify_bundle`.

    Raises
    ------
    BundleError
        It is no folder, or holds far more than a bundle does.
    OSError
        A file cannot be read.
    """
    return verify_bundle(read_bundle(folder), expected)


def read_identity(path: Path) -> PublicIdentity:
    """Read a public identity file; `ProfileError` where it is none."""
    with path.open("rb") as stream:
        pem = stream.read(PEM_LIMIT_BYTES)
    try:
        return PublicIdentity.from_pem(pem)
    except ProfileError as error:
        raise ProfileError("{path}: {reason}", path=path, reason=error) from error


def _page_name(number: int, page: Path) -> str:
    """Name a saved page by its number: its own name is a stranger's."""
    suffix = page.suffix.lower()
    return f"pages/page-{number}{suffix if suffix in PAGE_SUFFIXES else '.bin'}"


def _suffix(data: bytes) -> str:
    """Give the suspect's file the suffix of what it is, not of what it was called."""
    known = format_of(data[:HEAD_BYTES])
    return SUFFIXES[known][0] if known in SUFFIXES else ".bin"


def _digests(saved: Mapping[str, bytes]) -> tuple[tuple[str, str], ...]:
    return tuple((name, hashlib.sha256(data).hexdigest()) for name, data in saved.items())


def _facts(evidence: Evidence, name: str) -> dict[str, object]:
    """Say in the manifest what the bundle is about."""
    return {
        "made": evidence.made,
        "ocguard": evidence.version,
        "creator": evidence.creator,
        "verdict": evidence.verdict,
        "work_id": evidence.record["work_id"],
        "suspect": name,
        "capture": asdict(evidence.capture),
        "hashes": {one.name: {"suspect": one.suspect, "work": one.work} for one in evidence.hashes},
    }


def _write(folder: Path, files: Mapping[str, bytes]) -> None:
    with whole_folder(folder) as draft:
        for name, data in files.items():
            path = draft / name
            path.parent.mkdir(exist_ok=True)
            path.write_bytes(data)


def read_intact(folder: Path) -> dict[str, bytes]:
    """Read every file of a bundle that is as it was signed, by whomever.

    Raises
    ------
    BundleError
        A file was changed; and as for :func:`verify_report`.
    """
    files = read_bundle(folder)
    if problems := verify_bundle(files, None).problems:
        raise BundleError(
            "{folder} is not as it was signed, so nothing is taken from it: {problem}",
            folder=folder,
            problem=problems[0],
        )
    return files


def read_bundle(folder: Path) -> dict[str, bytes]:
    """Read every file of a bundle, by its name with ``/``.

    Links, and what is no file, count as empty, so that verification finds them.

    Raises
    ------
    BundleError, OSError
        As for :func:`verify_report`.
    """
    if not folder.is_dir():
        raise BundleError(
            "{folder} is no folder: name the one that 'ocguard report' made", folder=folder
        )
    files: dict[str, bytes] = {}
    size = 0
    for place, folders, names in os.walk(folder):
        links = [one for one in folders if (Path(place) / one).is_symlink()]
        for path in (Path(place) / one for one in (*names, *links)):
            is_plain = path.is_file() and not path.is_symlink()
            size += path.stat().st_size if is_plain else 0
            if len(files) >= MAX_FILES or size > MAX_BUNDLE_BYTES:
                raise BundleError(
                    "{folder} holds far more than an evidence bundle does", folder=folder
                )
            data = path.read_bytes() if is_plain else b""
            files[source_name(path.relative_to(folder)).replace(os.sep, "/")] = data
    return files
