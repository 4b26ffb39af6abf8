"""The signed list of everything in an evidence bundle, and its verification.

A bundle is a folder. ``manifest.json`` names every other file with its SHA-256; ``manifest.sig`` is
the signature of exactly these bytes by the identity in ``identity.pem``. So whatever is changed,
added or taken away is found, and whoever has the identity from elsewhere knows whose bundle it is.
Both steps can be done without ocguard: with ``sha256sum`` and with ``openssl pkeyutl``.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, Literal

from ocguard.errors import ProfileError
from ocguard.identity import PublicIdentity, Signer
from ocguard.language.message import Message

__all__ = ["IDENTITY", "MANIFEST", "SIGNATURE", "Verification", "signed_bundle", "verify_bundle"]

MANIFEST: Final = "manifest.json"
SIGNATURE: Final = "manifest.sig"
IDENTITY: Final = "identity.pem"

_SCHEMA: Final = "ocguard.manifest/1"
_NAME: Final = re.compile(r"[A-Za-z0-9_-][A-Za-z0-9._-]*(/[A-Za-z0-9_-][A-Za-z0-9._-]*)?")
"""Names that a bundle's files have: at most one folder, never out of the bundle."""

Signed = Literal["by-the-identity", "by-another-identity", "unverified", "not-at-all"]


@dataclass(frozen=True)
class Verification:
    """What is known of a bundle.

    Attributes
    ----------
    signed : str
        "by-the-identity" that was expected; "by-another-identity", if it was changed or is somebody
        else's; "unverified" where no identity was expected; "not-at-all" where the signature does
        not fit.
    fingerprint : str
        Of the identity in the bundle; empty where there is none.
    problems : tuple of str
        What was changed, added or taken away, one sentence each.
    """

    signed: Signed
    fingerprint: str
    problems: tuple[str, ...]

    @property
    def is_intact(self) -> bool:
        """Whether everything is as it was signed, and by whom it should be."""
        return not self.problems and self.signed in {"by-the-identity", "unverified"}


def signed_bundle(
    files: Mapping[str, bytes], facts: Mapping[str, Any], signer: Signer
) -> dict[str, bytes]:
    """Add manifest, signature and public identity to the files of a bundle.

    Parameters
    ----------
    files : mapping of str to bytes
        By name: letters, digits, dot, dash, underscore; at most one folder.
    facts : mapping
        What the manifest says beside the digests, ready for JSON.
    signer : Signer
        Who signs.

    Returns
    -------
    dict of str to bytes
        All files of the bundle.

    Raises
    ------
    ValueError
        A name is none that a bundle has.
    """
    wrong = [name for name in files if not _NAME.fullmatch(name)]
    if wrong:
        raise ValueError(Message("no names of files in a bundle: {wrong!r}", wrong=wrong))
    every = {**files, IDENTITY: signer.identity.to_pem()}
    listed = {name: {"bytes": len(data), "sha256": _sha256(data)} for name, data in every.items()}
    record = {
        "schema": _SCHEMA,
        "identity": signer.identity.fingerprint,
        **facts,
        "files": dict(sorted(listed.items())),
    }
    manifest = json.dumps(record, ensure_ascii=False, indent=1).encode()
    return {**every, MANIFEST: manifest, SIGNATURE: signer.sign(manifest)}


def verify_bundle(files: Mapping[str, bytes], expected: PublicIdentity | None) -> Verification:
    """Verify the files of a bundle.

    Parameters
    ----------
    files : mapping of str to bytes
        Everything that lies in its folder, by name with ``/``; untrusted.
    expected : PublicIdentity or None
        Whose it should be, known from elsewhere; None to verify that nothing was changed since
        somebody, whoever that was, signed it.
    """
    problems: list[str] = [
        Message("{name} is missing.", name=name)
        for name in (MANIFEST, SIGNATURE, IDENTITY)
        if name not in files
    ]
    if problems:
        return Verification("not-at-all", "", tuple(problems))
    manifest = files[MANIFEST]
    try:
        identity = PublicIdentity.from_pem(files[IDENTITY])
    except ProfileError:
        return Verification(
            "not-at-all", "", (Message("{name} is no public identity.", name=IDENTITY),)
        )
    if not identity.has_signed(manifest, files[SIGNATURE]):
        sentence = Message(
            "{signature} does not fit {manifest} and {identity}: one of them was changed.",
            signature=SIGNATURE,
            manifest=MANIFEST,
            identity=IDENTITY,
        )
        return Verification("not-at-all", identity.fingerprint, (sentence,))
    problems = _compared(_listed(manifest), files)
    if expected is None:
        return Verification("unverified", identity.fingerprint, tuple(problems))
    signed: Signed = "by-the-identity" if identity == expected else "by-another-identity"
    return Verification(signed, identity.fingerprint, tuple(problems))


def _listed(manifest: bytes) -> dict[str, str] | None:
    """Read the digests of a manifest by name; None where it is none."""
    try:
        record = json.loads(manifest)
        if record["schema"] != _SCHEMA:
            return None
        return {str(name): str(one["sha256"]) for name, one in record["files"].items()}
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return None


def _compared(listed: Mapping[str, str] | None, files: Mapping[str, bytes]) -> list[str]:
    """Compare what a manifest lists with what is there."""
    if listed is None:
        return [
            Message(
                "{manifest} is signed, but it is no list of a bundle that this version reads.",
                manifest=MANIFEST,
            )
        ]
    there = {name: data for name, data in files.items() if name not in {MANIFEST, SIGNATURE}}
    changed = [name for name in listed if name in there and _sha256(there[name]) != listed[name]]
    return [
        *(
            Message("{name} is missing.", name=name)
            for name in sorted(listed.keys() - there.keys())
        ),
        *(Message("{name} was added.", name=name) for name in sorted(there.keys() - listed.keys())),
        *(Message("{name} was changed.", name=name) for name in sorted(changed)),
    ]


def _sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()
