"""Content Credentials of a protected file: what they say, and their signature.

They are signed last: a single byte that changes afterwards makes them invalid. They say how the
picture came into being, as the creator answered; which training is not allowed; and, as a soft
binding, which invisible mark is in the pixels. So whoever reads the mark in a copy that lost its
credentials knows which ones to look for.

The manifest holds no thumbnail, since that would show the picture without its mark. Signing reaches
no network: there is no address in the settings, and what the library fetches by default is off.

References
----------
C2PA, "Content Credentials: C2PA Technical Specification 2.1", sections "Actions", "Soft binding".
CAWG, "Training and Data Mining Assertion 1.1", 2025.
"""

from __future__ import annotations

import io
from collections.abc import Mapping
from typing import Any, Final

from ocguard.certificate import SigningKey
from ocguard.errors import ImageWriteError, MissingExtraError

__all__ = [
    "MARK_ALGORITHM",
    "MEDIA_TYPES",
    "ROOM_BYTES",
    "manifest_of",
    "require_c2pa",
    "signed_file",
]

MARK_ALGORITHM: Final = "ocguard.invisible-mark.1"
"""Name of our invisible mark as the algorithm of a soft binding."""

MEDIA_TYPES: Final = {
    "PNG": "image/png",
    "JPEG": "image/jpeg",
    "WEBP": "image/webp",
    "AVIF": "image/avif",
    "TIFF": "image/tiff",
    "GIF": "image/gif",
}
"""Formats that carry Content Credentials."""

ROOM_BYTES: Final = 24_000
"""Most that credentials add to a file: about 6 kB were seen."""

_SOURCES: Final = "http://cv.iptc.org/newscodes/digitalsourcetype/"
_GENERATIVE: Final = ("cawg.ai_generative_training",)
_EVERY_USE: Final = ("cawg.data_mining", "cawg.ai_inference", "cawg.ai_training", *_GENERATIVE)
_ALLOWING: Final = {"": (), "DMI-UNSPECIFIED": (), "DMI-ALLOWED": ()}
_REFUSED: Final[Mapping[str, tuple[str, ...]]] = {
    **_ALLOWING,
    "DMI-PROHIBITED-GENAIMLTRAINING": _GENERATIVE,
}
"""Uses that are not allowed by the PLUS code of the opt-out; every other code refuses all."""

_OFFLINE: Final = {
    "builder": {"thumbnail": {"enabled": False}},
    "verify": {"remote_manifest_fetch": False, "ocsp_fetch": False},
}


def manifest_of(
    mark_id: str, digital_source: str, data_mining: str, version: str
) -> dict[str, Any]:
    """Return what the credentials of a protected file say, as the library wants it.

    Parameters
    ----------
    mark_id : str
        Of the invisible mark, 16 hexadecimal digits.
    digital_source : str
        IPTC code for how the picture came into being, as the creator answered.
    data_mining : str
        PLUS code of the opt-out.
    version : str
        Of ocguard.
    """
    created = {"action": "c2pa.created", "digitalSourceType": f"{_SOURCES}{digital_source}"}
    bound = {"action": "c2pa.watermarked.bound"}
    binding = {"alg": MARK_ALGORITHM, "blocks": [{"scope": {}, "value": mark_id}]}
    assertions = [
        {"label": "c2pa.actions.v2", "data": {"actions": [created, bound]}},
        {"label": "c2pa.soft-binding", "data": binding},
    ]
    refused = {use: {"use": "notAllowed"} for use in _REFUSED.get(data_mining, _EVERY_USE)}
    if refused:
        assertions.append({"label": "cawg.training-mining", "data": {"entries": refused}})
    generator = [{"name": "ocguard", "version": version}]
    return {"claim_generator_info": generator, "assertions": assertions}


def signed_file(
    data: bytes, file_format: str, manifest: Mapping[str, Any], key: SigningKey
) -> bytes:
    """Return a picture file with Content Credentials; its pixels and metadata stay.

    Parameters
    ----------
    data : bytes
        The file as it would be published without.
    file_format : str
        One of :data:`MEDIA_TYPES`.
    manifest : mapping
        From :func:`manifest_of`.
    key : SigningKey
        Who signs.

    Raises
    ------
    ImageWriteError
        The format carries none, or the certificates are not as the C2PA wants them.
    MissingExtraError
        The extra ``c2pa`` is not installed.

    Notes
    -----
    About 10 ms, and some kilobytes.
    """
    c2pa = require_c2pa()
    if file_format not in MEDIA_TYPES:
        raise ImageWriteError(
            "a {file_format} file carries no Content Credentials", file_format=file_format
        )
    info = c2pa.C2paSignerInfo(key.algorithm.encode(), key.certificates, key.private_key, None)
    made = io.BytesIO()
    try:
        with (
            c2pa.Context(c2pa.Settings.from_dict(_OFFLINE)) as context,
            c2pa.Signer.from_info(info) as signer,
            c2pa.Builder(dict(manifest), context) as builder,
        ):
            builder.sign(signer, MEDIA_TYPES[file_format], io.BytesIO(data), made)
    except c2pa.C2paError as error:
        raise ImageWriteError(
            "Content Credentials could not be signed: {reason}", reason=error
        ) from error
    return made.getvalue()


def require_c2pa() -> Any:
    """Return the library, or say how to install it."""
    try:
        import c2pa
    except ModuleNotFoundError as error:
        raise MissingExtraError("Content Credentials", "c2pa") from error
    return c2pa
