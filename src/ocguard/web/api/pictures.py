"""What a request brings: one picture as its body, several as multipart, or a fingerprint alone."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from dataclasses import dataclass
from pathlib import PureWindowsPath
from typing import Final

from fastapi import Request
from starlette.datastructures import FormData, UploadFile
from starlette.formparsers import MultiPartException, MultiPartParser

from ocguard.web.problems import Refusal

__all__ = ["MAX_PARTS", "Sent", "read_fingerprint", "read_pictures"]

MAX_PARTS: Final = 1000
"""Most pictures of one request."""

BODY: Final = "body"
"""What a picture is called that came as the body itself."""

MAX_NAME: Final = 200
"""Most characters of a name that a client gives a picture."""


@dataclass(frozen=True)
class Sent:
    """A picture that a client sent.

    Attributes
    ----------
    name : str
        What the client calls it, without folders.
    data : bytes
        The file.
    """

    name: str
    data: bytes


def media_type(request: Request) -> str:
    """Return the kind of a request's body, without parameters."""
    return request.headers.get("content-type", "").partition(";")[0].strip().lower()


async def read_pictures(request: Request) -> list[Sent]:
    """Read the pictures of a request; at least one.

    Raises
    ------
    Refusal
        There is none, or they come in a way that is not taken.
    """
    if request.headers.get("content-encoding", "identity") != "identity":
        raise Refusal("wrong-media-type", "send the picture as it is, without Content-Encoding")
    if media_type(request) != "multipart/form-data":
        data = await request.body()
        if not data:
            raise Refusal("bad-request", "the body is empty: send the picture's file as the body")
        return [Sent(BODY, data)]
    form = await _read_form(request)
    try:
        parts = [part for _, part in form.multi_items() if isinstance(part, UploadFile)]
        sent = [Sent(_name(part.filename), await part.read()) for part in parts]
    finally:
        await form.close()
    if not sent:
        raise Refusal("bad-request", "no part of the body is a file: send the picture as a file")
    return sent


class _FormParser(MultiPartParser):
    """Takes a form only with its last boundary."""

    def __init__(self, request: Request) -> None:
        super().__init__(request.headers, self._whole(request), max_files=MAX_PARTS, max_fields=0)
        self._is_whole = False

    def on_end(self) -> None:
        """Note the last boundary."""
        self._is_whole = True

    async def _whole(self, request: Request) -> AsyncGenerator[bytes, None]:
        """Give the body, and end it with an error where the form has not ended."""
        async for chunk in request.stream():
            yield chunk
        if not self._is_whole:
            raise MultiPartException("It is cut off before its last boundary.")


async def _read_form(request: Request) -> FormData:
    """Read a form to its end: what is cut off would be missing without a word."""
    try:
        return await _FormParser(request).parse()
    except MultiPartException as error:
        raise Refusal(
            "bad-request", "the body cannot be read as a form: {reason}", reason=error.message
        ) from error


async def read_fingerprint(request: Request) -> str | None:
    """Read the fingerprint of a JSON request; None for a request with pictures."""
    if media_type(request) != "application/json":
        return None
    try:
        said = await request.json()
    except (ValueError, RecursionError) as error:
        raise Refusal("bad-request", "the body is no JSON") from error
    text = said.get("fingerprint") if isinstance(said, dict) else None
    if not isinstance(text, str):
        raise Refusal(
            "bad-request",
            "send {example} with what 'ocguard fingerprint --json' prints",
            example='{"fingerprint": "..."}',
        )
    return text


def _name(name: str | None) -> str:
    """Keep the last part of a name, whatever system it comes from."""
    last = PureWindowsPath(name or "").name[:MAX_NAME]
    return last.encode("utf-8", "backslashreplace").decode() or "picture"
