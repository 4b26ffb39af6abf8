"""The documentation's tables of JSON records: the fields of each JSON Schema, nested ones too."""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import partial
from typing import Any

import harness
from docs_lines import line

__all__ = ["SCHEMAS", "fields", "schema_tables", "walk"]

SCHEMAS = harness.REPOSITORY / "docs" / "reference" / "schemas"


def schema_tables() -> dict[str, partial[list[str]]]:
    """Return the maker of one table for each schema, as ``fields-check-1`` and so on."""
    return {
        f"fields-{path.stem}": partial(fields, json.loads(path.read_text(encoding="utf-8")))
        for path in sorted(SCHEMAS.glob("*.json"))
    }


def fields(schema: dict[str, Any]) -> list[str]:
    """Return every field of a record with its type and its meaning."""
    lines = [line("field", "type", "meaning"), line("---", "---", "---")]
    return lines + [
        line(f"`{path}`", _type(field), field.get("description", ""))
        for path, field in walk(schema)
    ]


def walk(schema: dict[str, Any], place: str = "") -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield the fields below a place with their paths: ``survives.NAME.mark``, ``marks[].mode``."""
    for name, field in schema.get("properties", {}).items():
        path = f"{place}{name}"
        yield path, field
        yield from walk(field, f"{path}.")
        yield from walk(field.get("items", {}), f"{path}[].")
        more = field.get("additionalProperties")
        if isinstance(more, dict):
            yield from walk(more, f"{path}.NAME.")


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
