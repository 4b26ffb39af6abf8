"""Refusals: what a client gets instead of an answer, as RFC 9457 problem details.

References
----------
M. Nottingham, E. Wilde, S. Dalal, "Problem Details for HTTP APIs", RFC 9457, 2023,
doi:10.17487/RFC9457.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException

from ocguard.language.message import Message

__all__ = [
    "MAX_HEADER_BYTES",
    "MEDIA_TYPE",
    "REFUSED",
    "TITLES",
    "Refusal",
    "headers_too_large",
    "mistake",
    "problem",
    "refusal_of",
    "response_of",
]

MEDIA_TYPE: Final = "application/problem+json"

TITLES: Final[Mapping[str, tuple[int, str]]] = {
    "no-token": (401, "A token is needed"),
    "token-in-url": (400, "A token must not stand in the address"),
    "bad-request": (400, "The request cannot be understood"),
    "bad-option": (422, "An option is impossible"),
    "out-of-scope": (403, "The token does not allow this"),
    "foreign-origin": (403, "Pages of other sites may not ask"),
    "foreign-host": (421, "This server does not go by that name"),
    "not-found": (404, "There is nothing here"),
    "method-not-allowed": (405, "This address takes another method"),
    "too-slow": (408, "The request did not arrive in time"),
    "already-protected": (409, "The picture is protected already"),
    "key-in-use": (409, "A request with this Idempotency-Key is being worked on"),
    "answer-gone": (410, "The answer to this Idempotency-Key was deleted"),
    "too-large": (413, "The request is too large"),
    "wrong-media-type": (415, "This kind of body is not taken"),
    "picture-failed": (422, "The picture cannot be worked on"),
    "took-too-long": (422, "The picture takes too long to work on"),
    "key-reused": (422, "This Idempotency-Key was used for another request"),
    "too-many-requests": (429, "Too many requests"),
    "not-ready": (503, "Profile, key or portfolio cannot be used"),
    "headers-too-large": (431, "The headers of the request are too large"),
    "failed": (500, "ocguard made a mistake"),
}
"""HTTP status and title of every code: the code is for programs and never changes its meaning."""


class Refusal(Exception):  # noqa: N818  it is an answer, not a mistake
    """A request that is refused.

    Parameters
    ----------
    code : str
        One of :data:`TITLES`.
    template : str
        What happened and what to do next, in one or two sentences with fields, or a message.
    retry_after_seconds : int or None
        When to try again, where that helps.
    cause : str
        What the log tells beside it: it names places of the server, which are not for clients.
    **values
        What the fields name.

    Attributes
    ----------
    detail : Message
        The sentences with their values.
    """

    def __init__(
        self,
        code: str,
        template: str,
        /,
        retry_after_seconds: int | None = None,
        cause: str = "",
        **values: object,
    ) -> None:
        self.code, self.cause = code, cause
        self.detail = detail = Message(template, **values)
        self.retry_after_seconds = retry_after_seconds
        super().__init__(code, detail, retry_after_seconds, cause)

    @property
    def status(self) -> int:
        """HTTP status."""
        return TITLES[self.code][0]


MAX_HEADER_BYTES: Final = 1 << 16
"""Longest headers of a request, names and values together; h11 takes no more either."""


def headers_too_large() -> Refusal:
    """Return the refusal of headers that are longer than all may be."""
    return Refusal("headers-too-large", "at most {limit:,} bytes are taken", limit=MAX_HEADER_BYTES)


REFUSED: Final = (Refusal, RequestValidationError, HTTPException, Exception)
"""What keeps a request from its answer: the errors that an application has to handle."""


def refusal_of(error: Exception) -> Refusal:
    """Return the refusal that tells a client of an error, whatever it is."""
    if isinstance(error, Refusal):
        return error
    if isinstance(error, RequestValidationError):
        problems = [
            Message(
                "{name}: {problem}", name=".".join(map(str, one["loc"][1:])), problem=one["msg"]
            )
            for one in error.errors()
        ]
        return Refusal("bad-option", "{problems}", problems=problems)
    if isinstance(error, HTTPException):
        return _refusal_of_http(error)
    return mistake(repr(error))


def _refusal_of_http(error: HTTPException) -> Refusal:
    """Return the refusal for what the router, or the reader of forms, does not take."""
    if error.status_code == 404:
        return Refusal("not-found", "there is nothing at this address")
    if error.status_code == 405:
        return Refusal("method-not-allowed", "this address takes another method")
    return Refusal(
        "bad-request", "the body cannot be read as a form: {reason}", reason=error.detail
    )


def mistake(cause: str) -> Refusal:
    """Return the refusal for a mistake of ocguard, whose cause may name places of the server."""
    return Refusal("failed", "this is a mistake of ocguard; please report it", cause=cause)


def problem(refusal: Refusal) -> dict[str, Any]:
    """Return the members of a problem: type, title, status, code, detail, template, values.

    The detail is in English; whoever wants to say it in another language has its template, which
    names the sentence in ocguard's catalogs, and its values.
    """
    status, title = TITLES[refusal.code]
    return {
        "type": "about:blank",
        "title": title,
        "status": status,
        "code": refusal.code,
        "detail": refusal.detail,
        "template": refusal.detail.template,
        "values": refusal.detail.values,
    }


def response_of(refusal: Refusal, detail: str = "") -> JSONResponse:
    """Return the response that tells a client of a refusal, perhaps in the words of a language."""
    headers = {"Cache-Control": "no-store"}
    if refusal.status == 401:
        headers["WWW-Authenticate"] = 'Bearer realm="ocguard"'
    if refusal.retry_after_seconds is not None:
        headers["Retry-After"] = str(refusal.retry_after_seconds)
    said = problem(refusal) | ({"detail": detail} if detail else {})
    return JSONResponse(said, refusal.status, headers, media_type=MEDIA_TYPE)
