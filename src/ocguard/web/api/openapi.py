"""The routes in OpenAPI's words: what each takes, what it answers, and how it refuses.

A record is described by the JSON Schema that the command line's records keep to, so that programs
that are made from the description know every field.

References
----------
"OpenAPI Specification", version 3.1.1, 2024, https://spec.openapis.org/oas/v3.1.1.html.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from functools import cache
from importlib import resources
from typing import Any, Final

from fastapi import FastAPI

from ocguard.web.api.answers import MAX_KEY
from ocguard.web.api.pictures import MAX_PARTS
from ocguard.web.problems import MEDIA_TYPE, TITLES
from ocguard.web.traffic import METRICS_TYPE

__all__ = [
    "FINGERPRINT",
    "IDEMPOTENCY_KEY",
    "LINES",
    "ONE_PICTURE",
    "PICTURES",
    "describe_records",
    "described",
    "health_answer",
    "list_answer",
    "metrics_answer",
    "protect_answer",
    "record_answer",
]

LINES: Final = "application/x-ndjson"
"""JSON objects, one a line: the answer to several pictures."""

RECORDS: Final = ("check-2", "detect-2", "fingerprint-1", "platform-1", "protect-2", "work-2")
"""The records that the routes answer with."""

Described = dict[str, Any]

_BINARY: Final[Described] = {"schema": {"type": "string", "format": "binary"}}


def _bodies(most: int) -> Described:
    """Return the bodies that bring pictures: one as it is, or at most so many in a form."""
    picture = {"type": "string", "format": "binary", "minLength": 1}
    pictures = {"type": "array", "items": picture, "minItems": 1, "maxItems": most}
    form = {
        "type": "object",
        "properties": {"picture": pictures},
        "required": ["picture"],
        "additionalProperties": False,
    }
    return {"image/*": {"schema": picture}, "multipart/form-data": {"schema": form}}


ONE_PICTURE: Final = _bodies(1)
PICTURES: Final = _bodies(MAX_PARTS)
"""The bodies that bring one picture, or several."""

FINGERPRINT: Final[Described] = {
    "application/json": {
        "schema": {
            "type": "object",
            "properties": {
                "fingerprint": {"type": "string", "pattern": "^ocguard-fingerprint@[0-9]+:"}
            },
            "required": ["fingerprint"],
        }
    }
}
"""The body that brings a fingerprint alone."""

IDEMPOTENCY_KEY: Final[Described] = {
    "name": "Idempotency-Key",
    "in": "header",
    "description": "Names the request: sent again with it, the picture is marked once.",
    "schema": {"type": "string", "minLength": 1, "maxLength": MAX_KEY},
}

_PROBLEM: Final[Described] = {
    "type": "object",
    "description": "Why a request was refused (RFC 9457).",
    "properties": {
        "type": {"const": "about:blank"},
        "title": {"type": "string"},
        "status": {"type": "integer", "minimum": 400, "maximum": 599},
        "code": {"enum": sorted(TITLES), "description": "The refusal for programs."},
        "detail": {"type": "string", "description": "What happened, and what to do next."},
        "template": {"type": "string", "description": "The sentence with fields for its values."},
        "values": {"type": "object", "description": "What the fields name."},
    },
    "required": ["type", "title", "status", "code", "detail", "template", "values"],
}


def described(*parts: Described, body: Mapping[str, Any] | None = None) -> Described:
    """Return what FastAPI cannot know of a route: its parameters, and the body that it needs."""
    said: Described = {"parameters": list(parts)} if parts else {}
    return said | ({"requestBody": {"required": True, "content": dict(body)}} if body else {})


def record_answer(record: str, *, is_for_each: bool = False) -> dict[int | str, Described]:
    """Return the answers of a route that tells one record, or one for each of several pictures.

    Parameters
    ----------
    record : str
        One of :data:`RECORDS`.
    is_for_each : bool
        Whether several pictures may be sent.
    """
    content: Described = {"application/json": {"schema": _referred(record)}}
    if is_for_each:
        content[LINES] = {"schema": {"type": "string", "description": f"{record}, one a line."}}
    return _answers("The record.", content)


def list_answer(name: str, record: str, **more: Described) -> dict[int | str, Described]:
    """Return the answers of a route that lists records under a name, with further members."""
    listed = {"type": "array", "items": _referred(record)}
    return _answers("The list.", {"application/json": _object({name: listed, **more})})


def protect_answer() -> dict[int | str, Described]:
    """Return the answers of a protection: the picture with its record, in one way or the other."""
    record = {"description": "The record, protect-2, as JSON.", "schema": {"type": "string"}}
    content = {"image/*": _BINARY, "multipart/mixed": _BINARY}
    answers = _answers("The protected picture.", content)
    answers[200]["headers"] = {"Ocguard-Record": record}
    return answers


def health_answer() -> dict[int | str, Described]:
    """Return the answers of a route that says whether the server is there."""
    members = {"status": {"const": "ok"}, "version": {"type": "string"}}
    return _answers("It is.", {"application/json": _object(members)})


def metrics_answer() -> dict[int | str, Described]:
    """Return the answers of a route that tells counts and times."""
    return _answers("Counts and times.", {METRICS_TYPE: {"schema": {"type": "string"}}})


def describe_records(app: FastAPI) -> None:
    """Let an application's description hold the records and refusals that its answers name."""
    make: Callable[[], Described] = app.openapi

    def openapi() -> Described:
        said = make()
        schemas = said.setdefault("components", {}).setdefault("schemas", {})
        schemas.update({name: _schema(name) for name in RECORDS}, problem=_PROBLEM)
        return said

    app.openapi = cache(openapi)  # type: ignore[method-assign]  # FastAPI's documented way


def _answers(said: str, content: Described) -> dict[int | str, Described]:
    """Return a good answer, and the refusals that every route may give."""
    refused = {MEDIA_TYPE: {"schema": _referred("problem")}}
    return {
        200: {"description": said, "content": content},
        "4XX": {"description": "It was refused.", "content": refused},
        "5XX": {"description": "It cannot be answered.", "content": refused},
    }


def _object(members: Described) -> Described:
    schema = {"type": "object", "properties": members, "required": list(members)}
    return {"schema": schema}


def _referred(name: str) -> Described:
    return {"$ref": f"#/components/schemas/{name}"}


def _schema(record: str) -> Described:
    """Read the JSON Schema of a record; as a part of a description it has no name of its own."""
    file = resources.files("ocguard") / "schemas" / f"{record}.json"
    schema: Described = json.loads(file.read_text("utf-8"))
    return {name: value for name, value in schema.items() if name not in {"$schema", "$id"}}
