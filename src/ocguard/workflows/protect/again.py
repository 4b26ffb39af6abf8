"""Know a picture that was protected before in the very same way, so that nothing is done twice.

Every issued mark remembers a digest of what was asked for: the input file, the key, and all options
that shape the output. Where an output lies intact that was made of the same request, there is
nothing to do.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any, Final

from ocguard.imaging.files import Location, is_there, read_bytes
from ocguard.portfolio import Mark, Store, has_portfolio, open_store
from ocguard.watermark.visible.template import fields_of
from ocguard.workflows.home.works import is_carried
from ocguard.workflows.protect.job import ProtectJob, ProtectResult

__all__ = ["REQUEST", "issued_before", "request_sha256", "unchanged"]

REQUEST: Final = "request"
"""Name of the digest among the options of a mark."""


def request_sha256(job: ProtectJob, file_sha256: str, place: str) -> str:
    """Return the digest of everything that decides what a protected file looks like.

    Parameters
    ----------
    job : ProtectJob
        The options and the key.
    file_sha256 : str
        Digest of the input file.
    place : str
        Where the input lies: its name is a field that a visible text may use.

    Returns
    -------
    str
        64 hexadecimal digits. The date counts only where the visible text shows it.
    """
    look = replace(job.look, logo_rgba=None)
    logo = job.look.logo_rgba
    used = fields_of(look.text) if look.layout != "none" and look.text else set[str]()
    asked: dict[str, Any] = {
        "file": file_sha256,
        "key": job.key.key_id,
        "look": asdict(look),
        "logo": None if logo is None else [logo.shape, hashlib.sha256(logo.tobytes()).hexdigest()],
        "fields": {name: job.fields.get(name) or Path(place).stem for name in sorted(used)},
        "opt_out": asdict(job.opt_out),
        "strength": job.strength,
        "recipient": job.recipient,
        "form": [job.file_format, job.quality],
        "private": job.is_private,
        "platforms": [[one.name, one.revision, str(one.checked)] for one in job.platforms],
    }
    if job.signing_key is not None:
        asked["c2pa"] = hashlib.sha256(job.signing_key.certificates).hexdigest()
    return hashlib.sha256(json.dumps(asked, sort_keys=True).encode()).hexdigest()


def unchanged(
    job: ProtectJob, data: object, place: str, output: Location | None, blank: ProtectResult
) -> ProtectResult | None:
    """Return the result of a picture whose output was made before; None where it has to be made.

    Parameters
    ----------
    job : ProtectJob
        The options.
    data : object
        The input: bytes of a file; anything else is always made.
    place : str
        Where the input lies.
    output : Path, Remote or None
        Where the protected file goes; None is always made.
    blank : ProtectResult
        What is known of every result.
    """
    if output is None or job.on_exists != "error" or not isinstance(data, bytes):
        return None
    if not (is_there(output) and has_portfolio(job.location)):
        return None
    there = read_bytes(output)
    request = request_sha256(job, hashlib.sha256(data).hexdigest(), place)
    mark = _made_of(job, request, hashlib.sha256(there).hexdigest())
    if mark is None:
        return None
    return replace(
        blank,
        status="unchanged",
        work_id=mark.work_id,
        mark_id=mark.mark_id if is_carried(mark) else None,
        bytes_in=len(data),
        bytes_out=len(there),
    )


def _made_of(job: ProtectJob, request: str, output_sha256: str) -> Mark | None:
    """Find the mark that was issued into this very output for this very request."""
    with open_store(job.location) as store:
        for mark in store.marks_of_file(output_sha256):
            if mark.options.get(REQUEST) == request:
                return mark
    return None


def issued_before(store: Store, mark: Mark) -> list[str]:
    """Name older issues of the very same file at the very same place.

    They are left of runs that died between recording and publishing: their file never appeared.
    """
    same = ("mark_id", "output", "output_sha256", "recipient")
    return [
        one.issue_id
        for one in store.marks(mark.work_id)
        if one.issue_id != mark.issue_id
        and all(getattr(one, name) == getattr(mark, name) for name in same)
    ]
