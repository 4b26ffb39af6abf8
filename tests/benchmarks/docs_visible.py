"""The documentation's tables of visible marks and of platforms."""

from __future__ import annotations

import math
from typing import Any

from docs_lines import header, line, percent


def platforms(result: dict[str, Any]) -> list[str]:
    """Return marks read and works matched after simulated platforms, with 95 % intervals."""
    rows = {(r["group"], r["passes"], r["platform"]): r for r in result["tables"]["platforms"]}
    names = sorted({name for _, passes, name in rows if passes == 1 and name != "all"})
    labels = {(1, name): name for name in names}
    labels |= {
        (1, "all"): "**one of them** (without vision-model)",
        (2, "all"): "**two different ones**",
    }
    heads = {"read": "`detect` reads", "read_informed": "`check` reads", "matched": "work matched"}
    sizes = {"A": "from 1000 px", "B": "below"}
    counts = {(g, key): rows[g, 1, names[0]][key]["trials"] for g in sizes for key in heads}
    lines = header(
        "simulated platform",
        *[f"{heads[key]}, {sizes[group]} ({count})" for (group, key), count in counts.items()],
        "lost, saved by `--for`",
    )
    for (passes, name), label in labels.items():
        both = [rows[group, passes, name] for group in sizes]
        shares = [row[key] for row in both for key in heads]
        lost = sum(row["tried_with_for"] for row in both)
        saved = f"{lost}, {sum(row['saved_by_for'] for row in both)}" if lost else ""
        lines.append(line(label, *map(_with_interval, shares), saved))
    return lines


def _with_interval(share: dict[str, Any]) -> str:
    """Return a share in percent with its interval in whole percent."""
    if not share["trials"]:
        return "-"
    return (
        f"{percent(share['hits'], share['trials'])} "
        f"({math.floor(100 * share['low'])}-{math.ceil(100 * share['high'])})"
    )


def visible_left(result: dict[str, Any]) -> list[str]:
    """Return what removers leave of a plain mark and of ours, as "plain / ours" in percent."""
    found = {
        (row["group"], row["layout"], row["attack"], row["mark"]): row
        for row in result["tables"]["left"]
    }
    heads = {"A": "scenes of 1000 x 750 px", "B": "portraits of 400 x 400 px"}
    attacks = {
        "averaged": "averaged", "lined-up": "lined up", "told": "told",
        "telea": "inpainted (Telea)", "navier-stokes": "inpainted (Navier-Stokes)",
    }  # fmt: skip
    works = result["settings"]["works"]
    title = f"left in percent, plain mark / ocguard ({works} works each)"
    lines = header(title, *attacks.values(), "of the art covered", "on flat ground")
    for group, layout in dict.fromkeys((key[0], key[1]) for key in found):
        ours = found[group, layout, "averaged", "ocguard"]
        cells = [
            " / ".join(
                f"{100 * found[group, layout, attack, mark]['left']:.0f}"
                for mark in ("plain", "ocguard")
            )
            for attack in attacks
        ]
        share = f"{100 * ours['covered_mean']:.1f} %", f"{100 * ours['on_flat_mean']:.0f} %"
        lines.append(line(f"{layout}, {heads[group]}", *cells, *share))
    return lines


def visible_cost(result: dict[str, Any]) -> list[str]:
    """Return the time that `protect` takes with a visible mark beside that without."""
    lines = header("`protect`", "CPU seconds without", "with the mark", "more")
    heads = {"A": "scenes", "B": "portraits"}
    for row in result["tables"]["costs"]:
        label = f"{row['layout']}, {row['works']} {heads[row['group']]}"
        seconds = f"{row['without_seconds']:.2f}", f"{row['with_seconds']:.2f}"
        lines.append(line(label, *seconds, f"{row['more_percent']:.0f} %"))
    return lines
