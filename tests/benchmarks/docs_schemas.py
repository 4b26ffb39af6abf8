"""The documentation's tables of JSON records: the fields of each JSON Schema, nested ones too."""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import partial
from typing import Any

import harness
from docs_lines import line

__all__ = ["SCHEMAS", "fields", "schema_tables", "walk"]

SCHEMAS = harness.REPOSITORY / "src" / "ocguard" / "schemas"


def schema_tables() -> dict[str, partial[list[str]]]:
    """Return the maker of one table for each schema, as ``fields-check-1`` and so on."""
    return {
        f"fields-{path.stem}": partial(fields, json.loads(path.read_text(encoding="utf-8")))
        for path in sorted(SCHEMAS.glob("*.json"))
    }


def fields(schema: dict[str, Any], place: str = "") -> list[str]:
    """Return the fields of a record with their types and meanings, and a table for each part."""
    lines = [line("field", "type", "meaning"), line("---", "---", "---")]
    for name, field in schema["properties"].items():
        lines.append(line(f"`{name}`", _type(field), field.get("description", "")))
    for path, part in _parts(schema, place):
        lines += ["", f"## {path}", "", *fields(part, path)]
    return lines


def walk(schema: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Yield every field of a record, those of its parts too."""
    yield from schema["properties"].values()
    for _, part in _parts(schema, ""):
        yield from walk(part)


def _parts(schema: dict[str, Any], place: str) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield the objects in a record with their paths: ``survives.NAME``, ``marks[]``."""
    for name, field in schema["properties"].items():
        path = f"{place}.{name}" if place else name
        entries = {"": field, "[]": field.get("items"), ".NAME": field.get("additionalProperties")}
        for suffix, part in entries.items():
            if isinstance(part, dict) and "properties" in part:
                yield f"{path}{suffix}", part


def _type(field: dict[str, Any]) -> str:
    """Return the type of a field in words, or the values that it may have."""
    if "const" in field:
        return f"`{json.dumps(field['const'])}`"
    if "enum" in field:
        return ", ".join(f"`{json.dumps(value)}`" for value in field["enum"])
    if "oneOf" in field:
        return " or ".join(_type(one) for one in field["oneOf"])
    types = field.get("type", "any")
    return " or ".join(types) if isinstance(types, list) else types
