"""Write the README's tables and its plot: figures from the result files, commands from ocguard.

``python tests/benchmarks/readme_tables.py`` rewrites what stands between the markers
``<!-- table: NAME -->`` and ``<!-- /table -->``; ``--check`` only says whether it is current. No
figure in a table is ever typed by hand.
"""

from __future__ import annotations

import argparse
import re
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import harness
from readme_commands import commands
from readme_invisible import clean, quality, recovery
from readme_matching import (
    calibration,
    descriptor,
    matching,
    matching_size,
    overlays,
    registering,
    reliability,
    templates,
    tiny,
)
from readme_peers import (
    attack_rows,
    collusion_rows,
    invisible_notes,
    invisible_rows,
    matching_notes,
    matching_rows,
)
from readme_speed import peers, speed
from readme_verdicts import verdicts
from readme_visible import platforms, visible_cost, visible_left
from reliability_plot import draw_reliability

README = harness.REPOSITORY / "README.md"
PLOT = harness.RESULTS / "reliability.svg"
BLOCK = re.compile(
    r"(?P<start><!-- table: (?P<name>[\w-]+) -->\n)(?P<body>.*?)(?P<end><!-- /table -->)", re.DOTALL
)


def origin(result: dict[str, Any]) -> list[str]:
    """Return one sentence that says where the figures come from."""
    machine, versions = result["machine"], result["versions"]
    changed = " with changes" if result["is_changed"] else ""
    return [
        f"Measured {result['measured_utc'][:10]} at commit `{result['commit'][:10]}`{changed}, "
        f"seed {result['seed']}, {result['data']['pictures']} pictures "
        f"(`{result['data']['sha256'][:12]}`), {machine['processor']}, Python "
        f"{versions['python']}; file `tests/benchmarks/results/{result['subject']}.json`."
    ]


TABLES: dict[str, tuple[str, Callable[[dict[str, Any]], list[str]]]] = {
    "invisible-recovery": ("invisible", recovery),
    "invisible-quality": ("invisible", quality),
    "invisible-clean": ("false-positives", clean),
    "invisible-clean-origin": ("false-positives", origin),
    "invisible-origin": ("invisible", origin),
    "invisible-peers": ("invisible-peers", invisible_rows),
    "invisible-peers-notes": ("invisible-peers", invisible_notes),
    "invisible-peers-origin": ("invisible-peers", origin),
    "attacks": ("attacks", attack_rows),
    "attacks-collusion": ("attacks", collusion_rows),
    "attacks-origin": ("attacks", origin),
    "matching-peers": ("matching-peers", matching_rows),
    "matching-peers-notes": ("matching-peers", matching_notes),
    "matching-peers-origin": ("matching-peers", origin),
    "matching": ("matching", matching),
    "platforms": ("platforms", platforms),
    "platforms-origin": ("platforms", origin),
    "matching-overlays": ("matching", overlays),
    "matching-templates": ("matching", templates),
    "matching-tiny": ("matching", tiny),
    "matching-calibration": ("matching", calibration),
    "matching-reliability": ("matching", reliability),
    "matching-size": ("matching-size", matching_size),
    "matching-registering": ("matching-size", registering),
    "matching-size-origin": ("matching-size", origin),
    "descriptor": ("descriptor", descriptor),
    "descriptor-origin": ("descriptor", origin),
    "matching-origin": ("matching", origin),
    "visible-left": ("visible", visible_left),
    "visible-cost": ("visible", visible_cost),
    "visible-origin": ("visible", origin),
    "speed-commands": ("speed", speed),
    "speed-peers": ("speed", peers),
    "speed-origin": ("speed", origin),
}


COMPUTED: dict[str, Callable[[], list[str]]] = {"commands": commands, "verdicts": verdicts}


def render(text: str, folder: Path = harness.RESULTS) -> str:
    """Return the text with every marked table made anew.

    Raises
    ------
    ValueError
        If a marker names a table that does not exist.
    """

    def replaced(block: re.Match[str]) -> str:
        body = "\n".join(_table(block["name"], folder))
        return f"{block['start']}{body}\n{block['end']}"

    return BLOCK.sub(replaced, text)


def _table(name: str, folder: Path) -> list[str]:
    """Return the lines of a table by its name."""
    if name in COMPUTED:
        return COMPUTED[name]()
    if name not in TABLES:
        raise ValueError(f"no table {name!r}; there are {', '.join([*COMPUTED, *TABLES])}")
    subject, make = TABLES[name]
    if not (folder / f"{subject}.json").exists():
        return [f"*Not measured yet: run `bench_{subject.replace('-', '_')}.py`.*"]
    return make(harness.read_result(subject, folder))


def _is_current(path: Path, text: str) -> bool:
    """Tell whether a file holds a text already."""
    return path.exists() and path.read_text(encoding="utf-8") == text


def main(arguments: Sequence[str] | None = None) -> int:
    """Rewrite or check the README and its plot."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="change nothing; 1 when out of date")
    options = parser.parse_args(arguments)
    made = {
        README: render(README.read_text(encoding="utf-8")),
        PLOT: draw_reliability(harness.read_result("matching")),
    }
    if options.check:
        is_current = all(_is_current(path, text) for path, text in made.items())
        print("current" if is_current else "out of date: run readme_tables.py")
        return int(not is_current)
    for path, text in made.items():
        path.write_text(text, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
