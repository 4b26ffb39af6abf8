"""Send one question to the time stamp authority that the person named.

This is the only module of ocguard that opens a network connection. What goes out is a digest and a
random number; nothing of a work can be read from them. No other address is asked: an answer that
leads elsewhere is refused.
"""

from __future__ import annotations

import http.client
import urllib.error
import urllib.parse
import urllib.request
from typing import Any, Final

from ocguard.errors import TimestampError
from ocguard.provenance.trusted_time import ANSWER_LIMIT_BYTES

__all__ = ["send"]

TIMEOUT_SECONDS: Final = 30.0
"""Authorities answer within two seconds."""


def send(address: str, question: bytes) -> bytes:
    """Send a question and return the answer.

    Parameters
    ----------
    address : str
        Of the authority, with ``https://`` or ``http://``; answers are signed, so both will do.
    question : bytes
        A request of RFC 3161, DER.

    Raises
    ------
    TimestampError
        The address is none, cannot be reached, or answers with something else.
    """
    if urllib.parse.urlsplit(address).scheme not in {"http", "https"}:
        raise TimestampError(
            "{address!r:.200} is no address: it begins with https:// or http://", address=address
        )
    headers = {"Content-Type": "application/timestamp-query", "User-Agent": "ocguard"}
    request = urllib.request.Request(address, question, headers)
    opener = urllib.request.build_opener(_NoRedirect)
    try:
        with opener.open(request, timeout=TIMEOUT_SECONDS) as answer:
            data: bytes = answer.read(ANSWER_LIMIT_BYTES + 1)
    except urllib.error.HTTPError as error:
        error.close()
        raise TimestampError(
            "{address} answered {code}: is it a time stamp authority?",
            address=address,
            code=error.code,
        ) from error
    except (OSError, http.client.HTTPException, ValueError) as error:
        raise TimestampError(
            "{address} cannot be asked: {reason}", address=address, reason=error
        ) from error
    if len(data) > ANSWER_LIMIT_BYTES:
        raise TimestampError("{address} answered with far more than a time stamp", address=address)
    return data


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    """Follow no answer to another address."""

    def redirect_request(self, *_: Any) -> None:
        """Make an error of it."""
