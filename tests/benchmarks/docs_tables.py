"""Write the tables of README and docs, and the plot: figures from results, facts from ocguard.

``python tests/benchmarks/docs_tables.py`` rewrites what stands between the markers
``<!-- table: NAME -->`` and ``<!-- /table -->`` on every page, in the language of the page;
``--check`` only says whether all are current. No figure in a table is ever typed by hand.
"""

from __future__ import annotations

import argparse
import re
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from types import MappingProxyType
from typing import Any

import harness
from docs_capacity import (
    arithmetic,
    capacity,
    cluster,
    cluster_soak,
    code_search,
    engines,
    sharding,
    shards,
)
from docs_commands import command_details, commands
from docs_decision import bounds, measures, reasons
from docs_facts import (
    crawlers,
    formats,
    notice_channels,
    opt_out_codes,
    platforms_known,
    refusals,
    rooms,
    sizes,
)
from docs_figures import figures, losses
from docs_invisible import clean, quality, recovery, removal
from docs_matching import (
    calibration,
    copies,
    crowded,
    descriptor,
    first_sight,
    matching,
    matching_size,
    overlays,
    registering,
    reliability,
    templates,
    tiny,
    views,
)
from docs_missing import missing_bound, missing_calibration, missing_hints
from docs_peers import (
    attack_rows,
    collusion_rows,
    invisible_notes,
    invisible_rows,
    matching_notes,
    matching_rows,
)
from docs_platforms import platform_facts
from docs_repaints import agreement, kinds, repaints
from docs_schemas import schema_tables
from docs_shared import shared_told, shared_ways
from docs_speed import crowds, on_the_page, peers, speed
from docs_verdicts import verdicts
from docs_visible import platforms, visible_cost, visible_left
from docs_words import language_of, said, words_of
from reliability_plot import draw_reliability

PAGES = (
    harness.REPOSITORY / "README.md",
    *sorted(
        path for path in (harness.REPOSITORY / "docs").rglob("*.md") if "_build" not in path.parts
    ),
)
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


TABLES: dict[str, tuple[tuple[str, ...], Callable[..., list[str]]]] = {
    "figures": (
        ("invisible", "false-positives", "platforms", "matching", "repaints", "kinds", "speed"),
        figures,
    ),
    "invisible-losses": (("invisible",), losses),
    "invisible-recovery": (("invisible",), recovery),
    "invisible-quality": (("invisible",), quality),
    "invisible-removal": (("invisible",), removal),
    "invisible-clean": (("false-positives",), clean),
    "invisible-clean-origin": (("false-positives",), origin),
    "invisible-clean-earlier": (("false-positives-earlier",), clean),
    "invisible-clean-earlier-origin": (("false-positives-earlier",), origin),
    "invisible-origin": (("invisible",), origin),
    "missing-hints": (("missing",), missing_hints),
    "missing-bound": (("missing",), missing_bound),
    "missing-calibration": (("missing",), missing_calibration),
    "missing-origin": (("missing",), origin),
    "invisible-peers": (("invisible-peers",), invisible_rows),
    "invisible-peers-notes": (("invisible-peers",), invisible_notes),
    "invisible-peers-origin": (("invisible-peers",), origin),
    "attacks": (("attacks",), attack_rows),
    "attacks-collusion": (("attacks",), collusion_rows),
    "attacks-origin": (("attacks",), origin),
    "matching-peers": (("matching-peers",), matching_rows),
    "matching-peers-notes": (("matching-peers",), matching_notes),
    "matching-peers-origin": (("matching-peers",), origin),
    "matching": (("matching",), matching),
    "platforms": (("platforms",), platforms),
    "platforms-origin": (("platforms",), origin),
    "matching-overlays": (("matching",), overlays),
    "matching-templates": (("matching",), templates),
    "matching-tiny": (("matching",), tiny),
    "copies": (("copies",), copies),
    "copies-origin": (("copies",), origin),
    "crowded": (("crowded",), crowded),
    "crowded-origin": (("crowded",), origin),
    "views": (("views",), views),
    "views-origin": (("views",), origin),
    "matching-calibration": (("matching",), calibration),
    "matching-reliability": (("matching",), reliability),
    "first-sight": (("first-sight",), first_sight),
    "first-sight-origin": (("first-sight",), origin),
    "matching-size": (("matching-size",), matching_size),
    "matching-registering": (("matching-size",), registering),
    "matching-size-origin": (("matching-size",), origin),
    "capacity": (("capacity",), capacity),
    "capacity-origin": (("capacity",), origin),
    "capacity-arithmetic": (("matching-size",), arithmetic),
    "cluster": (("cluster",), cluster),
    "cluster-origin": (("cluster",), origin),
    "cluster-soak": (("cluster-soak",), cluster_soak),
    "sharding": (("sharding",), sharding),
    "shards": (("shards",), shards),
    "code-search": (("code-search",), code_search),
    "engines": (("engines",), engines),
    "descriptor": (("descriptor",), descriptor),
    "descriptor-origin": (("descriptor",), origin),
    "matching-origin": (("matching",), origin),
    "feature-agreement": (("feature-agreement",), agreement),
    "feature-agreement-origin": (("feature-agreement",), origin),
    "kinds": (("kinds",), kinds),
    "kinds-origin": (("kinds",), origin),
    "repaints": (("repaints",), repaints),
    "repaints-origin": (("repaints",), origin),
    "shared-ways": (("shared",), shared_ways),
    "shared-told": (("shared",), shared_told),
    "shared-origin": (("shared",), origin),
    "visible-left": (("visible",), visible_left),
    "visible-cost": (("visible",), visible_cost),
    "visible-origin": (("visible",), origin),
    "speed-commands": (("speed",), speed),
    "speed-peers": (("speed",), peers),
    "speed-origin": (("speed",), origin),
    "serve": (("serve",), crowds),
    "serve-origin": (("serve",), origin),
    "page": (("page",), on_the_page),
    "page-origin": (("page",), origin),
}


COMPUTED: dict[str, Callable[[], list[str]]] = {
    "bounds": bounds,
    "commands": commands,
    "command-details": command_details,
    "crawlers": crawlers,
    "formats": formats,
    "measures": measures,
    "notice-channels": notice_channels,
    "opt-out-codes": opt_out_codes,
    "platforms-known": platforms_known,
    "reasons": reasons,
    "refusals": refusals,
    "rooms": rooms,
    "sizes": sizes,
    "verdicts": verdicts,
    **platform_facts(),
    **schema_tables(),
}


def rendered(page: Path) -> str:
    """Return a page with every marked table made anew, in the language of the page."""
    return render(page.read_text(encoding="utf-8"), words=words_of(language_of(page)))


def render(
    text: str, folder: Path = harness.RESULTS, words: Mapping[str, str] = MappingProxyType({})
) -> str:
    """Return the text with every marked table made anew.

    Parameters
    ----------
    text : str
        The page.
    folder : Path
        Where the results lie.
    words : mapping of str to str
        The cells of the tables in another language, as in `docs_words`.

    Returns
    -------
    str
        The page; a cell without words stays English.

    Raises
    ------
    ValueError
        If a marker names a table that does not exist.
    """

    def replaced(block: re.Match[str]) -> str:
        body = "\n".join(said(table(block["name"], folder), words))
        return f"{block['start']}{body}\n{block['end']}"

    return BLOCK.sub(replaced, text)


def table(name: str, folder: Path = harness.RESULTS) -> list[str]:
    """Return the lines of a table by its name, in English.

    Raises
    ------
    ValueError
        If there is no such table.
    """
    if name in COMPUTED:
        return COMPUTED[name]()
    if name not in TABLES:
        raise ValueError(f"no table {name!r}; there are {', '.join([*COMPUTED, *TABLES])}")
    subjects, make = TABLES[name]
    for subject in subjects:
        if not (folder / f"{subject}.json").exists():
            return [f"*Not measured yet: run `bench_{subject.replace('-', '_')}.py`.*"]
    return make(*(harness.read_result(subject, folder) for subject in subjects))


def _is_current(path: Path, text: str) -> bool:
    """Tell whether a file holds a text already."""
    return path.exists() and path.read_text(encoding="utf-8") == text


def main(arguments: Sequence[str] | None = None) -> int:
    """Rewrite or check every page and the plot."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="change nothing; 1 when out of date")
    options = parser.parse_args(arguments)
    made = {path: rendered(path) for path in PAGES}
    made[PLOT] = draw_reliability(harness.read_result("matching"))
    stale = {path: text for path, text in made.items() if not _is_current(path, text)}
    if options.check:
        print("\n".join(f"out of date: {path}; run docs_tables.py" for path in stale) or "current")
        return int(bool(stale))
    for path, text in stale.items():
        path.write_text(text, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
