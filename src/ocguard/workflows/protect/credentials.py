"""Sign a protected file with Content Credentials, unless they would say what is not so."""

from __future__ import annotations

from dataclasses import replace
from importlib import metadata
from typing import Any, Final

from ocguard.errors import ImageWriteError
from ocguard.language.message import Message
from ocguard.provenance.content_credentials import manifest_store
from ocguard.provenance.credentials import manifest_of, signed_file
from ocguard.provenance.declared import declared
from ocguard.workflows.protect.encoding import ProtectedFile, UnmarkedFile
from ocguard.workflows.protect.job import ProtectJob
from ocguard.workflows.sources import Loaded

__all__ = ["reason_not_to_sign", "signed"]

WITHOUT_MARK: Final = Message(
    "no Content Credentials were written: the invisible mark leads back to them, and there is none"
)


def reason_not_to_sign(job: ProtectJob, loaded: Loaded) -> str:
    """Say why the credentials that were asked for would be wrong about a picture; empty to sign it.

    A file may declare already how it was made. What it says is never overruled: neither by new
    credentials, which would hide the old ones, nor by an answer that was given for many pictures.
    """
    if job.signing_key is None:
        return ""
    said = declared(loaded.picture.carried, loaded.data)
    reason = _contradiction(said, job.opt_out.digital_source)
    return Message("no Content Credentials were written: {reason}", reason=reason) if reason else ""


def signed(
    job: ProtectJob, made: ProtectedFile | UnmarkedFile, reason_not_to: str
) -> ProtectedFile | UnmarkedFile:
    """Return a protected file with credentials where they were asked for.

    Parameters
    ----------
    job : ProtectJob
        What was asked for.
    made : ProtectedFile or UnmarkedFile
        The file without them.
    reason_not_to : str
        From :func:`reason_not_to_sign`; becomes a warning.

    Raises
    ------
    ImageWriteError
        Its format carries none, or they are not in the signed file.
    """
    if job.signing_key is None:
        return made
    if isinstance(made, UnmarkedFile):
        return replace(made, warnings=(*made.warnings, reason_not_to or WITHOUT_MARK))
    if reason_not_to:
        return replace(made, warnings=(*made.warnings, reason_not_to))
    encoded = made.encoded
    manifest = manifest_of(
        f"{made.known.mark_id:016x}",
        job.opt_out.digital_source,
        job.opt_out.data_mining,
        metadata.version("ocguard"),
    )
    data = signed_file(encoded.data, encoded.file_format, manifest, job.signing_key)
    store = manifest_store(data)
    if not store:
        raise ImageWriteError(
            "the {file_format} just signed holds no Content Credentials",
            file_format=encoded.file_format,
        )
    return replace(made, encoded=replace(encoded, data=data), credentials=store)


def _contradiction(said: dict[str, Any], digital_source: str) -> str:
    """Say what a file declares that the credentials would contradict or hide."""
    if said.get("content_credentials"):
        return Message("the picture has some of its own, and new ones would hide what they say")
    sources = {one.rpartition("/")[2] for one in said.get("digital_source_type", ())}
    if others := sources - {digital_source}:
        return Message(
            "the file declares that it is {others}, not {digital_source}",
            others=sorted(others),
            digital_source=digital_source,
        )
    if not sources and said.get("ai_labels"):
        return Message(
            "the file carries a label of synthetic content ({place})",
            place=said["ai_labels"][0]["where"],
        )
    return ""
