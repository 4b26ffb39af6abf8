"""Time stamps of RFC 3161: ask an authority for one, and verify what it answered, offline.

An authority signs the digest of some bytes together with its own time. Its answer holds its
certificate; whoever trusts the root above that certificate needs nothing else, and no network. The
certificates have to be valid at the time of the stamp, not today.

References
----------
C. Adams, P. Cain, D. Pinkas, R. Zuccherato, "Internet X.509 Public Key Infrastructure Time-Stamp
Protocol (TSP)", RFC 3161, 2001, https://doi.org/10.17487/RFC3161
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from cryptography import x509

from ocguard.errors import MissingExtraError, TimestampError

if TYPE_CHECKING:
    from rfc3161_client import TimeStampResponse

__all__ = ["ANSWER_LIMIT_BYTES", "Question", "VerifiedTime", "ask", "certificates_of", "verify"]

ANSWER_LIMIT_BYTES: Final = 1 << 18
"""An answer with its certificates has 2 to 8 kB."""

_FORMAT: Final = "%Y-%m-%dT%H:%M:%S.%fZ"
_PEM: Final = re.compile(r"-----BEGIN CERTIFICATE-----.+?-----END CERTIFICATE-----", re.DOTALL)


@dataclass(frozen=True)
class Question:
    """What an authority is asked.

    Attributes
    ----------
    der : bytes
        The request, to be sent as ``application/timestamp-query``; about 60 bytes: a digest and a
        random number, nothing of the stamped bytes.
    nonce : int
        The random number, which comes back in the answer.
    """

    der: bytes
    nonce: int


@dataclass(frozen=True)
class VerifiedTime:
    """What a verified stamp says.

    Attributes
    ----------
    at_utc : str
        When the authority signed, in the format of all records.
    until_utc : str
        When the first of the certificates that it brought ends: before, it should be renewed. Empty
        where it does not end.
    authority : str
        Name in the certificate that signed, or the block that a proof of OpenTimestamps leads to.
    caveat : str
        Why it may be worth little all the same; empty when nothing is known.
    """

    at_utc: str
    until_utc: str
    authority: str
    caveat: str = ""


def ask(data: bytes) -> Question:
    """Make the request to stamp some bytes.

    Raises
    ------
    MissingExtraError
        The extra ``timestamp`` is not installed.
    """
    client = _client()
    algorithm = client.HashAlgorithm.SHA256
    request = client.TimestampRequestBuilder().data(data).hash_algorithm(algorithm).build()
    return Question(request.as_bytes(), int(request.nonce))


def certificates_of(pem: str) -> tuple[x509.Certificate, ...]:
    """Read the certificates of a PEM file.

    Raises
    ------
    TimestampError
        It holds none, or a damaged one.
    """
    try:
        found = tuple(x509.load_pem_x509_certificate(one.encode()) for one in _PEM.findall(pem))
    except ValueError as error:
        raise TimestampError("a certificate cannot be read ({reason})", reason=error) from error
    if not found:
        raise TimestampError("this is no PEM file with certificates: it says BEGIN CERTIFICATE")
    return found


def verify(
    answer: bytes, data: bytes, certificates: tuple[x509.Certificate, ...], nonce: int | None = None
) -> VerifiedTime:
    """Verify an authority's answer, without any network.

    Parameters
    ----------
    answer : bytes
        What the authority sent (``TimeStampResp``, DER); untrusted.
    data : bytes
        What was stamped.
    certificates : tuple of Certificate
        The authority's root, and perhaps certificates between; all of them are trusted.
    nonce : int, optional
        Of the question, where the answer is fresh.

    Raises
    ------
    TimestampError
        It is no stamp, an authority refused, it was changed, it is of other bytes, or its
        certificates lead to none of the given ones.
    MissingExtraError
        The extra ``timestamp`` is not installed.

    Notes
    -----
    1 CPU-ms.
    """
    client = _client()
    try:
        response: TimeStampResponse = client.decode_timestamp_response(answer)
        if response.status != client.PKIStatus.GRANTED:
            said = "; ".join(response.status_string or ()) or f"status {response.status}"
            raise TimestampError("the authority gave no time stamp: {said:.200}", said=said)
        verifier = client.VerifierBuilder(roots=list(certificates), nonce=nonce).build()
        verifier.verify(response, hashlib.sha256(data).digest())
        return _said(response)
    except (ValueError, TypeError, client.VerificationError) as error:
        raise TimestampError("the time stamp does not hold: {reason}", reason=error) from error


def _said(response: TimeStampResponse) -> VerifiedTime:
    """Read the time of a verified answer, and of its certificates the end and the signer's name."""
    brought = [x509.load_der_x509_certificate(one) for one in response.signed_data.certificates]
    (signer,) = response.signed_data.signer_infos
    named = [one for one in brought if one.serial_number == signer.serial_number]
    return VerifiedTime(
        response.tst_info.gen_time.strftime(_FORMAT),
        min(one.not_valid_after_utc for one in brought).strftime(_FORMAT),
        named[0].subject.rfc4514_string() if named else "",
    )


def _client() -> Any:
    """Import what speaks RFC 3161."""
    try:
        import rfc3161_client
    except ImportError as error:
        raise MissingExtraError("trusted times", "timestamp") from error
    return rfc3161_client
