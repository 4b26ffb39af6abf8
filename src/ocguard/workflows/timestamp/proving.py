"""A proof that one work had a trusted time: four small files that verify without any network.

``proof.json`` holds the leaf and its path to the root, ``stamped.txt`` that root as it was stamped.
Of an authority's time ``token.tsr`` is its answer, and ``certificates.pem`` the root of its
certificates: what ``openssl ts -verify`` wants. Of a proof of OpenTimestamps ``stamped.txt.ots`` is
the proof, which ``ots verify`` wants, and ``headers.txt`` the header of the block.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from ocguard.atomic import whole_folder
from ocguard.errors import MissingExtraError, TimestampError
from ocguard.language.message import Message, message_of
from ocguard.portfolio import Stamp, Store, TimeKind, TrustedTime, stamped_text
from ocguard.provenance.merkle import path_of, root_from
from ocguard.provenance.trusted_time import ANSWER_LIMIT_BYTES, VerifiedTime
from ocguard.workflows.timestamp.verifying import verified, verified_time

__all__ = [
    "Anchors",
    "Proven",
    "TimeState",
    "first_times",
    "held",
    "proof_files",
    "proven_by",
    "states",
    "verify_proof",
    "write_proof",
]

PROOF: Final = "proof.json"
STAMPED: Final = "stamped.txt"

_TOKENS: Final[dict[TimeKind, str]] = {
    "rfc3161": "token.tsr",
    "opentimestamps": f"{STAMPED}.ots",
}
_ANCHORS: Final[dict[TimeKind, str]] = {
    "rfc3161": "certificates.pem",
    "opentimestamps": "headers.txt",
}

_SCHEMA: Final = "ocguard.proof/1"
_MAX_STEPS: Final = 64


@dataclass(frozen=True)
class Anchors:
    """What whoever verifies trusts; where it is empty, what lies beside a proof counts.

    Attributes
    ----------
    certificates : str
        Roots of time stamp authorities, PEM.
    headers : str
        Headers of Bitcoin blocks; see :func:`ocguard.provenance.block_header.headers_of`.
    """

    certificates: str = ""
    headers: str = ""


@dataclass(frozen=True)
class Proven:
    """What a proof shows.

    Attributes
    ----------
    time : VerifiedTime
        When the leaf was there at the latest.
    facts : mapping
        What the leaf says.
    kind : {"rfc3161", "opentimestamps"}
        Who says when.
    """

    time: VerifiedTime
    facts: Mapping[str, Any]
    kind: TimeKind


@dataclass(frozen=True)
class TimeState:
    """A trusted time, and whether it holds; a pending one has no fault.

    Attributes
    ----------
    time : TrustedTime
        As it is stored.
    leaves : int
        How many things it is for.
    fault : str
        Why it does not hold; empty when it does.
    caveat : str
        Why it may be worth little all the same; empty when nothing is known.
    """

    time: TrustedTime
    leaves: int
    fault: str
    caveat: str = ""


def first_times(store: Store, kind: str, subject: str) -> dict[TimeKind, tuple[Stamp, TrustedTime]]:
    """Give the earliest time of each kind that something has, with its tree; none is pending.

    Those that were asked for here come before those out of files.
    """
    found = [
        (one.imported_utc, one.at_utc, stamp, one)
        for stamp in store.stamps.stamps_of(kind, subject)
        for one in stamp.times
        if not one.is_pending
    ]
    first: dict[TimeKind, tuple[Stamp, TrustedTime]] = {}
    for _, _, stamp, time in sorted(found, key=lambda one: one[:2]):
        first.setdefault(time.kind, (stamp, time))
    return first


def proof_files(stamp: Stamp, time: TrustedTime, kind: str, subject: str) -> dict[str, bytes]:
    """Make the files of a proof with one time of a tree.

    Raises
    ------
    ValueError
        The tree has no such leaf.
    """
    texts = [leaf.text.encode() for leaf in stamp.leaves]
    positions = [
        number
        for number, leaf in enumerate(stamp.leaves)
        if (leaf.kind, leaf.subject) == (kind, subject)
    ]
    if not positions:
        raise ValueError(
            Message("the tree holds no {kind} {subject} with a time", kind=kind, subject=subject)
        )
    path = path_of(texts, positions[0])
    steps = [["left" if is_left else "right", digest.hex()] for is_left, digest in path]
    leaf = stamp.leaves[positions[0]].text
    said = {"leaf": leaf, "path": steps, "token_sha256": time.token_sha256}
    record = {"schema": _SCHEMA, **said}
    return {
        PROOF: json.dumps(record, ensure_ascii=False, separators=(",", ":")).encode() + b"\n",
        STAMPED: stamped_text(time.root_sha256),
        _TOKENS[time.kind]: time.token,
        _ANCHORS[time.kind]: time.certificates.encode(),
    }


def write_proof(
    store: Store, work_id: str, folder: Path, by: TimeKind | None = None
) -> TrustedTime:
    """Write the proof of a work's earliest trusted time, of one kind or any, into a new folder.

    Raises
    ------
    TimestampError
        The work has no trusted time.
    OutputExistsError
        The folder exists already.
    """
    found = first_times(store, "work", work_id)
    kind = by or next(iter(found), None)
    if kind is None or kind not in found:
        raise TimestampError(
            "work {work_id} has no trusted time yet: 'ocguard timestamp --authority URL "
            "--root FILE' asks for one",
            work_id=work_id,
        )
    stamp, time = found[kind]
    files = proof_files(stamp, time, "work", work_id)
    with whole_folder(folder) as draft:
        for name, data in files.items():
            (draft / name).write_bytes(data)
    return time


def verify_proof(
    folder: Path, original: Path | None = None, anchors: Anchors | None = None
) -> Proven:
    """Verify a proof, without any network.

    Parameters
    ----------
    folder : Path
        What :func:`write_proof` wrote; untrusted.
    original : Path, optional
        The file that it should be of.
    anchors : Anchors, optional
        What is trusted, from elsewhere; by default what lies in the folder.

    Raises
    ------
    TimestampError
        Something does not hold, or the file is another one.
    OSError
        A file cannot be read.
    """
    kind = _kind_of({path.name for path in folder.iterdir()})
    files = {name: _read(folder / name) for name in _names(kind)}
    proven = proven_by(files, anchors)
    if original is not None:
        digest = hashlib.sha256(original.read_bytes()).hexdigest()
        if digest != proven.facts.get("file_sha256"):
            raise TimestampError("the proof is of another file than {original}", original=original)
    return proven


def _kind_of(names: Collection[str]) -> TimeKind:
    """Tell of which kind a proof is by the names of its files."""
    return "opentimestamps" if _TOKENS["opentimestamps"] in names else "rfc3161"


def proven_by(files: Mapping[str, bytes], anchors: Anchors | None = None) -> Proven:
    """Verify the files of a proof, without any network.

    Parameters
    ----------
    files : mapping of str to bytes
        What :func:`proof_files` made, by name; untrusted.
    anchors : Anchors, optional
        What is trusted, from elsewhere; by default what is among them.

    Raises
    ------
    TimestampError
        One is missing, or something does not hold.
    """
    kind = _kind_of(files)
    token, anchor = _TOKENS[kind], _ANCHORS[kind]
    missing = set(_names(kind)) - files.keys()
    if missing:
        raise TimestampError("a proof needs {missing} too", missing=sorted(missing))
    leaf, root, token_sha256 = _followed(files[PROOF])
    if hashlib.sha256(files[token]).hexdigest() != token_sha256:
        raise TimestampError("{name} was changed", name=token)
    if stamped_text(root.hex()) != files[STAMPED]:
        raise TimestampError("{name} does not lead to what was stamped", name=PROOF)
    given = anchors or Anchors()
    trusted = given.certificates if kind == "rfc3161" else given.headers
    beside = files[anchor].decode("utf-8", "replace")
    time = verified(kind, files[token], files[STAMPED], trusted or beside)
    facts: dict[str, Any] = json.loads(leaf)
    return Proven(time, facts, kind)


def states(store: Store) -> list[TimeState]:
    """Verify every trusted time of a portfolio, without any network."""
    return [_state(time, len(one.leaves)) for one in store.stamps.stamps() for time in one.times]


def held(time: TrustedTime) -> VerifiedTime | None:
    """Verify a time; None where it does not hold, or its extra is missing, so nothing can be."""
    try:
        return verified_time(time)
    except (TimestampError, MissingExtraError):
        return None


def _state(time: TrustedTime, leaves: int) -> TimeState:
    """Say why a trusted time does not hold, or may be worth little."""
    if time.is_pending:
        return TimeState(time, leaves, "")
    try:
        return TimeState(time, leaves, "", verified_time(time).caveat)
    except TimestampError as error:
        return TimeState(time, leaves, message_of(error))


def _names(kind: TimeKind) -> tuple[str, ...]:
    """Name the files of a proof."""
    return PROOF, STAMPED, _TOKENS[kind], _ANCHORS[kind]


def _followed(said: bytes) -> tuple[bytes, bytes, str]:
    """Read the leaf of a proof, follow its path to a root, and name the answer about that."""
    try:
        record = json.loads(said)
        if record["schema"] != _SCHEMA or len(record["path"]) > _MAX_STEPS:
            raise ValueError(Message("it is of another version"))
        path = [
            ({"left": True, "right": False}[side], _bytes_of(digest))
            for side, digest in record["path"]
        ]
        leaf = record["leaf"].encode()
        json.loads(leaf)["kind"]
        token_sha256 = str(record["token_sha256"])
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise TimestampError(
            "{name} is no proof of ocguard's: {reason}", name=PROOF, reason=error
        ) from error
    return leaf, root_from(leaf, path), token_sha256


def _bytes_of(digest: str) -> bytes:
    """Read a digest that is written as proofs write it; `ValueError` for any other way."""
    raw = bytes.fromhex(digest)
    if raw.hex() != digest:
        raise ValueError(digest)
    return raw


def _read(path: Path) -> bytes:
    with path.open("rb") as stream:
        return stream.read(ANSWER_LIMIT_BYTES)
