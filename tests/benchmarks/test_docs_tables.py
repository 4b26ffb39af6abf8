"""Promises of the documentation's generated tables."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

import docs_tables

ORIGIN: dict[str, Any] = {
    "subject": "invisible",
    "commit": "0123456789abcdef",
    "is_changed": False,
    "measured_utc": "2026-01-02T03:04:05+00:00",
    "seed": 3,
    "data": {"pictures": 4, "sha256": "f" * 64},
    "machine": {"processor": "a processor"},
    "versions": {"python": "3.12.1"},
}


def results(folder: Path, **tables: list[dict[str, Any]]) -> Path:
    """Write result files with the given tables."""
    for subject in ("invisible", "false-positives"):
        result = {**ORIGIN, "subject": subject, "tables": tables}
        (folder / f"{subject}.json").write_text(json.dumps(result))
    return folder


def test_only_what_stands_between_markers_changes(tmp_path: Path) -> None:
    """Text around a table stays, the old table goes."""
    row = {"distortion": "none", "trials": 40, "found": 0, "smallest_p_value": 0.0123}
    row |= {"below": {"0.1": 2, "0.01": 1, "0.001": 0}}
    text = "before\n<!-- table: invisible-clean -->\nold\n<!-- /table -->\nafter\n"
    rendered = docs_tables.render(text, results(tmp_path, clean=[row]))
    assert rendered.startswith("before\n<!-- table: invisible-clean -->\n| unmarked")
    assert rendered.endswith(
        "| none | 40 | 0 | 8.762 % | 5 % / 2.5 % / 0 % | 0.01 |\n<!-- /table -->\nafter\n"
    )
    assert "old" not in rendered


def test_rendering_twice_changes_nothing(tmp_path: Path) -> None:
    """A current page stays as it is."""
    folder = results(tmp_path)
    text = "<!-- table: invisible-origin -->\n<!-- /table -->\n"
    once = docs_tables.render(text, folder)
    assert "commit `0123456789`, seed 3, 4 pictures" in once
    assert docs_tables.render(once, folder) == once


def test_a_share_is_rounded_but_never_to_perfection(tmp_path: Path) -> None:
    """199 of 200 is not 100 percent, and a missing measurement is a dash."""

    def more(listed: int, informed: int) -> dict[str, int]:
        return {"listed_exact": listed, "informed_exact": informed}

    rows = [
        {"group": "A", "distortion": "jpeg-90", "trials": 200, "exact": 200, **more(200, 200)},
        {"group": "A", "distortion": "jpeg-75", "trials": 200, "exact": 199, **more(200, 200)},
        {"group": "A", "distortion": "jpeg-50", "trials": 200, "exact": 0, **more(100, 200)},
    ]
    text = "<!-- table: invisible-recovery -->\n<!-- /table -->"
    rendered = docs_tables.render(text, results(tmp_path, recovery=rows))
    blind, listed, informed = (
        "100 / 99 / 0 / - / -",
        "100 / 100 / 50 / - / -",
        "100 / 100 / 100 / - / -",
    )
    assert f"| JPEG 90, 75, 50, 30, 15 | {blind} | {listed} | {informed} |" in rendered
    assert "mirror" not in rendered


def test_unknown_tables_are_named() -> None:
    """A typing error in a marker does not leave an old table standing."""
    with pytest.raises(ValueError, match="no table 'invisble'"):
        docs_tables.render("<!-- table: invisble -->\n<!-- /table -->")


def test_platforms_show_intervals_and_a_dash_for_nothing(tmp_path: Path) -> None:
    """Shares are rounded outwards; what `--for` saved stands beside what was lost."""

    def row(group: str, passes: int, platform: str, hits: int, trials: int) -> dict[str, Any]:
        share = {"hits": hits, "trials": trials, "low": 0.7218, "high": 0.9101}
        return {
            "group": group, "passes": passes, "platform": platform, "pictures": trials,
            "read": share, "read_informed": share, "matched": {**share, "trials": 0},
            "tried_with_for": trials - hits, "saved_by_for": 1,
        }  # fmt: skip

    rows = [row(group, 1, name, 9, 10) for group in "AB" for name in ("x", "all")]
    rows += [row(group, 2, "all", 10, 10) for group in "AB"]
    result = {**ORIGIN, "subject": "platforms", "tables": {"platforms": rows}}
    (tmp_path / "platforms.json").write_text(json.dumps(result))
    rendered = docs_tables.render("<!-- table: platforms -->\n<!-- /table -->", tmp_path)
    assert "| x | 90 (72-92) | 90 (72-92) | - | 90 (72-92) | 90 (72-92) | - | 2, 2 |" in rendered
    assert "| **two different ones** | 100 (72-92) |" in rendered
