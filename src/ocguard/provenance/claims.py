"""What the manifests in a file's Content Credentials say: by which program, made or changed how.

Statements, not facts: no signature is checked here, and nothing that a manifest points to is
fetched. Everything is bounded and neutralized.

References
----------
C2PA, "Content Credentials: C2PA Technical Specification 2.1", sections "Claims", "Actions".
CAWG, "Training and Data Mining Assertion 1.1", 2025.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, Final

from ocguard.metadata.untrusted import neutralized
from ocguard.provenance.cbor import BrokenCborError, decode_cbor
from ocguard.provenance.jumbf import Superbox, read_superboxes

__all__ = ["claims_of"]

MAX_CHARS: Final = 300
"""Longest text that is passed on, in characters."""

MAX_MANIFESTS: Final = 10
MAX_ACTIONS: Final = 20
"""Most manifests, and actions of one, that are passed on."""

MAX_JSON_BYTES: Final = 1 << 16

_MANIFESTS: Final = (b"c2ma", b"c2um", b"c2cm")
_ACTION_FIELDS: Final = {
    "action": "action",
    "digitalSourceType": "digital_source_type",
    "softwareAgent": "software_agent",
    "when": "when",
    "description": "description",
}


def claims_of(store: bytes) -> list[dict[str, Any]]:
    """Collect what the manifests of a store say.

    Parameters
    ----------
    store : bytes
        A manifest store (JUMBF); untrusted.

    Returns
    -------
    list of dict
        Ready for JSON, the manifest of this file first, then those of what it was made from; each
        with ``manifest``, its name, and what was found of ``generator``, ``title``, ``creator`` (a
        list), ``actions`` (a list) and ``training_mining`` (uses by name). Never raises.
    """
    boxes = read_superboxes(store)
    manifests = [one for box in boxes for one in box.boxes if one.kind in _MANIFESTS]
    return [_said(one) for one in manifests[::-1][:MAX_MANIFESTS]]


def _said(manifest: Superbox) -> dict[str, Any]:
    """Collect what one manifest says."""
    claim = _statement(manifest.inner("c2pa.claim"))
    assertions = manifest.inner("c2pa.assertions")
    made = assertions.boxes if assertions else ()
    said = {
        "manifest": _text(manifest.label),
        "generator": _generator(claim),
        "title": _text(claim.get("dc:title")),
        "creator": [name for one in made for name in _authors(one)][:MAX_ACTIONS],
        "actions": [action for one in made for action in _actions(one)][:MAX_ACTIONS],
        "training_mining": {name: use for one in made for name, use in _uses(one).items()},
    }
    return {name: value for name, value in said.items() if value or name == "manifest"}


def _statement(box: Superbox | None) -> Mapping[str, Any]:
    """Decode what a box states; empty where that is nothing with names."""
    if box is None:
        return {}
    try:
        if b"cbor" in box.content:
            stated = decode_cbor(box.content[b"cbor"])
        else:
            stated = json.loads(box.content.get(b"json", b"{}")[:MAX_JSON_BYTES])
    except (BrokenCborError, ValueError, RecursionError):
        return {}
    return stated if isinstance(stated, dict) else {}


def _text(value: object) -> str:
    """Show a text; names of programs may come as a map."""
    if isinstance(value, Mapping):
        parts = (value.get("name"), value.get("version"))
        value = " ".join(part for part in parts if isinstance(part, str))
    return neutralized(value, MAX_CHARS) if isinstance(value, str) else ""


def _generator(claim: Mapping[str, Any]) -> str:
    """Name the program that wrote a manifest, as either version of claims has it."""
    info = claim.get("claim_generator_info")
    first = info[0] if isinstance(info, list) and info else info
    return _text(first) or _text(claim.get("claim_generator"))


def _actions(box: Superbox) -> list[dict[str, str]]:
    """List what was done, as a box of actions says it."""
    if not box.label.startswith("c2pa.actions"):
        return []
    actions = _statement(box).get("actions")
    named = [one for one in actions if isinstance(one, dict)] if isinstance(actions, list) else []
    shown = ({ours: _text(one.get(name)) for name, ours in _ACTION_FIELDS.items()} for one in named)
    return [{name: text for name, text in one.items() if text} for one in shown]


def _uses(box: Superbox) -> dict[str, str]:
    """Tell which uses for data mining and training are allowed."""
    if not box.label.startswith(("cawg.training-mining", "c2pa.training-mining")):
        return {}
    entries = _statement(box).get("entries")
    named = list(entries.items())[:MAX_ACTIONS] if isinstance(entries, dict) else []
    return {_text(name): _text(one.get("use")) for name, one in named if isinstance(one, dict)}


def _authors(box: Superbox) -> list[str]:
    """Name the authors that a description of the work names."""
    if not box.label.startswith("stds.schema-org.CreativeWork"):
        return []
    authors = _statement(box).get("author")
    listed = authors if isinstance(authors, list) else [authors]
    return [name for name in map(_text, listed) if name]
