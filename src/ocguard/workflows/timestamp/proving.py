"""A proof that one work had a trusted time: four small files that verify without any network.

``proof.json`` holds the leaf and its path to the root, ``stamped.txt`` that root as the authority
stamped it, ``token.tsr`` its answer, ``certificates.pem`` the root of its certificates. The last
three are what ``openssl ts -verify`` wants.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from ocguard.atomic import whole_folder
from ocguard.errors import MissingExtraError, TimestampError
from ocguard.language.message import Message, message_of
from ocguard.portfolio import Stamp, Store, TrustedTime, stamped_text
from ocguard.provenance.merkle import path_of, root_from
from ocguard.provenance.trusted_time import (
    ANSWER_LIMIT_BYTES,
    VerifiedTime,
    certificates_of,
    verify,
)

__all__ = [
    "Proven",
    "TimeState",
    "does_hold",
    "proof_files",
    "states",
    "verify_proof",
    "write_proof",
]

PROOF: Final = "proof.json"
STAMPED: Final = "stamped.txt"
TOKEN: Final = "token.tsr"
CERTIFICATES: Final = "certificates.pem"

_SCHEMA: Final = "ocguard.proof/1"
_MAX_STEPS: Final = 64


@dataclass(frozen=True)
class Proven:
    """What a proof shows.

    Attributes
    ----------
    time : VerifiedTime
        When the leaf was there at the latest.
    facts : mapping
        What the leaf says.
    """

    time: VerifiedTime
    facts: Mapping[str, Any]


@dataclass(frozen=True)
class TimeState:
    """A trusted time, and whether it holds.

    Attributes
    ----------
    time : TrustedTime
        As it is stored.
    leaves : int
        How many things it is for.
    fault : str
        Why it does not hold; empty when it does.
    """

    time: TrustedTime
    leaves: int
    fault: str


def proof_files(stamp: Stamp, kind: str, subject: str) -> dict[str, bytes]:
    """Make the files of a proof, with the earliest time of a tree.

    Raises
    ------
    ValueError
        The tree has no such leaf, or no time.
    """
    texts = [leaf.text.encode() for leaf in stamp.leaves]
    positions = [
        number
        for number, leaf in enumerate(stamp.leaves)
        if (leaf.kind, leaf.subject) == (kind, subject)
    ]
    if not positions or not stamp.times:
        raise ValueError(
            Message("the tree holds no {kind} {subject} with a time", kind=kind, subject=subject)
        )
    path = path_of(texts, positions[0])
    steps = [["left" if is_left else "right", digest.hex()] for is_left, digest in path]
    leaf = stamp.leaves[positions[0]].text
    time = stamp.times[0]
    said = {"leaf": leaf, "path": steps, "token_sha256": time.token_sha256}
    record = {"schema": _SCHEMA, **said}
    return {
        PROOF: json.dumps(record, ensure_ascii=False, separators=(",", ":")).encode() + b"\n",
        STAMPED: stamped_text(bytes.fromhex(time.root_sha256)),
        TOKEN: time.token,
        CERTIFICATES: time.certificates.encode(),
    }


def write_proof(store: Store, work_id: str, folder: Path) -> TrustedTime:
    """Write the proof of a work's earliest trusted time into a new folder.

    Raises
    ------
    TimestampError
        The work has no trusted time.
    OutputExistsError
        The folder exists already.
    """
    found = store.stamps.stamps_of("work", work_id)
    if not found:
        raise TimestampError(
            "work {work_id} has no trusted time yet: 'ocguard timestamp --authority URL "
            "--root FILE' asks for one",
            work_id=work_id,
        )
    files = proof_files(found[0], "work", work_id)
    with whole_folder(folder) as draft:
        for name, data in files.items():
            (draft / name).write_bytes(data)
    return found[0].times[0]


def verify_proof(folder: Path, original: Path | None = None, pem: str = "") -> Proven:
    """Verify a proof, without any network.

    Parameters
    ----------
    folder : Path
        What :func:`write_proof` wrote; untrusted.
    original : Path, optional
        The file that it should be of.
    pem : str
        The root of the authority's certificates, from elsewhere; by default the one in the folder.

    Raises
    ------
    TimestampError
        Something does not hold, or the file is another one.
    OSError
        A file cannot be read.
    """
    files = {name: _read(folder / name) for name in (PROOF, STAMPED, TOKEN, CERTIFICATES)}
    proven = proven_by(files, pem)
    if original is not None:
        digest = hashlib.sha256(original.read_bytes()).hexdigest()
        if digest != proven.facts.get("file_sha256"):
            raise TimestampError("the proof is of another file than {original}", original=original)
    return proven


def proven_by(files: Mapping[str, bytes], pem: str = "") -> Proven:
    """Verify the files of a proof, without any network.

    Parameters
    ----------
    files : mapping of str to bytes
        What :func:`proof_files` made, by name; untrusted.
    pem : str
        The root of the authority's certificates, from elsewhere; by default the one among them.

    Raises
    ------
    TimestampError
        One is missing, or something does not hold.
    """
    missing = {PROOF, STAMPED, TOKEN, CERTIFICATES} - files.keys()
    if missing:
        raise TimestampError("a proof needs {missing} too", missing=sorted(missing))
    leaf, root, token_sha256 = _followed(files[PROOF])
    if hashlib.sha256(files[TOKEN]).hexdigest() != token_sha256:
        raise TimestampError("{name} was changed", name=TOKEN)
    if stamped_text(root) != files[STAMPED]:
        raise TimestampError("{name} does not lead to what was stamped", name=PROOF)
    trusted = certificates_of(pem or files[CERTIFICATES].decode("utf-8", "replace"))
    time = verify(files[TOKEN], files[STAMPED], trusted)
    facts: dict[str, Any] = json.loads(leaf)
    return Proven(time, facts)


def states(store: Store) -> list[TimeState]:
    """Verify every trusted time of a portfolio, without any network."""
    return [
        TimeState(time, len(one.leaves), _fault(time))
        for one in store.stamps.stamps()
        for time in one.times
    ]


def does_hold(time: TrustedTime) -> bool:
    """Tell whether a trusted time verifies; false where the extra is missing, so nothing can be."""
    try:
        return not _fault(time)
    except MissingExtraError:
        return False


def _fault(time: TrustedTime) -> str:
    """Say why a trusted time does not hold; empty when it does."""
    data = stamped_text(bytes.fromhex(time.root_sha256))
    try:
        verify(time.token, data, certificates_of(time.certificates))
    except TimestampError as error:
        return message_of(error)
    return ""


def _followed(said: bytes) -> tuple[bytes, bytes, str]:
    """Read the leaf of a proof, follow its path to a root, and name the answer about that."""
    try:
        record = json.loads(said)
        if record["schema"] != _SCHEMA or len(record["path"]) > _MAX_STEPS:
            raise ValueError(Message("it is of another version"))
        path = [
            ({"left": True, "right": False}[side], bytes.fromhex(digest))
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


def _read(path: Path) -> bytes:
    with path.open("rb") as stream:
        return stream.read(ANSWER_LIMIT_BYTES)
