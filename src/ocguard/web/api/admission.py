"""What a request may ask: the scopes of its token, and the options that its address takes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any, Final

from fastapi import Depends, Request

from ocguard.language.message import Message
from ocguard.web.gate import TOKEN
from ocguard.web.problems import Refusal

__all__ = ["needs"]


_UNREAD: Final = "\ufffd"
"""Stands for what is no UTF-8: all names in another encoding would be one name of these."""


def needs(*scopes: str) -> Any:
    """Require a token with one of some scopes, or with any where none is named, and known options.

    An option that an address does not take, or of two with one name, would be lost without a word.
    """

    def require(request: Request) -> None:
        if scopes and not request.scope[TOKEN].scopes & set(scopes):
            raise Refusal(
                "out-of-scope",
                "a token with the scope {scopes} is needed",
                scopes=list(scopes),
            )
        known, said = _options(request), request.query_params.multi_items()
        if any(_UNREAD in text for pair in said for text in pair):
            raise Refusal("bad-option", "write the options in UTF-8, percent-encoded")
        counts = Counter(name for name, _ in said)
        unknown = [name for name in counts if name not in known]
        _refuse_options(unknown, "Extra inputs are not permitted")
        twice = [name for name, count in counts.items() if count > 1 and not known[name]]
        _refuse_options(twice, "Input should be given once")

    return Depends(require)


def _options(request: Request) -> Mapping[str, bool]:
    """Name the options that the application says of an address, and whether each may be several."""
    route = request.app.openapi()["paths"][request.scope["route"].path][request.method.lower()]
    said = [one for one in route.get("parameters", ()) if one["in"] == "query"]
    return {one["name"]: one["schema"].get("type") == "array" for one in said}


def _refuse_options(names: Sequence[str], problem: str) -> None:
    """Refuse a request for a problem of some of its options."""
    problems = [Message("{name}: {problem}", name=name, problem=problem) for name in names]
    if problems:
        raise Refusal("bad-option", "{problems}", problems=problems)
