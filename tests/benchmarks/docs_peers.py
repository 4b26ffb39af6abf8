"""The documentation's tables of other tools beside ocguard, and of attacks without the key."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from docs_lines import header, line, percent

__all__ = [
    "attack_rows",
    "collusion_rows",
    "invisible_notes",
    "invisible_rows",
    "matching_notes",
    "matching_rows",
]

EQUAL_DB = 1.0  # a tool that stays further below our PSNR is named
OURS = {"ocguard": "ocguard, key alone", "ocguard listed": "ocguard, `detect`, blind"}
ROWS = {
    "no change": ("none",),
    "JPEG 75, 50, 30": ("jpeg-75", "jpeg-50", "jpeg-30"),
    "WebP 50, AVIF 50": ("webp-50", "avif-50"),
    "size 75, 50 %": ("resize-75", "resize-50"),
    "crop to 90, 50 % of the area": ("crop-90", "crop-50"),
    "rotation 2, 15, 90; mirror": ("rotate-2", "rotate-15", "rotate-90", "mirror"),
    "noise 10; median 3; blur 1": ("noise-10", "median-3", "blur-1"),
    "hue 30; grey": ("hue-30", "grey"),
    "text over 15 %": ("text-15",),
    "720 px + JPEG 75 + JPEG 70": ("fit-720+jpeg-75+jpeg-70",),
    "crop 75 + 70 % size + JPEG 60": ("crop-75+resize-70+jpeg-60",),
    "screenshot; collage at 60 %": ("screenshot", "collage-60"),
    "denoised: non-local means": ("denoise-6",),
}
GROUPS = {
    "floor": "JPEG 75, 75 % size, crop 80",
    "repost": "reposted",
    "repaint": "repainted, one step",
    "repaint low": "lightly",
    "repaint middle": "in several steps",
    "repaint high": "heavily",
    "partial": "a part",
    "redrawn": "redrawn",
}


def invisible_rows(result: dict[str, Any]) -> list[str]:
    """Return exact recovery per tool: at its default, and at the PSNR of ocguard."""
    tools = {(row["tool"], row["at"]): row for row in result["tables"]["tools"]}
    names = [tool for tool, at in tools if at == "default"]
    cells = {(r["tool"], r["at"], r["distortion"]): r for r in result["tables"]["recovery"]}
    lines = header("distortion", *[_tool_head(tools[name, "default"]) for name in names])
    for label, members in ROWS.items():
        shares = []
        for name in names:
            ways = ("default",) if name in OURS else ("default", "equal")
            pooled = [_pooled(cells.get((name, way, member)) for member in members) for way in ways]
            shares.append(" / ".join(pooled))
        lines.append(line(label, *shares))
    defaults = [tools[name, "default"] for name in names]
    lines.append(line("CPU seconds per megapixel to embed", *_seconds(defaults, "embed")))
    lines.append(line("to read", *_seconds(defaults, "extract")))
    answers = [f"{row['unmarked_with_answer']} of {row['unmarked']}" for row in defaults]
    lines.append(line("unmarked pictures that it reads a mark from", *answers))
    return lines


def _tool_head(row: dict[str, Any]) -> str:
    """Return the head of a tool's column."""
    kinds = {0: ", yes or no", 64: ""}
    kind = kinds.get(row["payload_bits"], f", {row['payload_bits']} bits")
    name = OURS.get(row["tool"], row["tool"])
    return f"{name}{kind}, {row['psnr_db_mean']:.1f} dB ({row['pictures']})"


def _pooled(rows: Iterable[dict[str, Any] | None]) -> str:
    """Return the share over several distortions, a dash where none was measured."""
    known = [row for row in rows if row]
    if not known:
        return "-"
    return percent(sum(row["exact"] for row in known), sum(row["trials"] for row in known))


def _seconds(rows: list[dict[str, Any]], step: str) -> list[str]:
    figures = [row[f"{step}_seconds_per_megapixel"] for row in rows]
    return ["" if figure is None else f"{figure:.2f}" for figure in figures]


def invisible_notes(result: dict[str, Any]) -> list[str]:
    """Say where another tool is ahead, how ours does when it is as faint, and what was not run."""
    tables = result["tables"]
    tools = {(row["tool"], row["at"]): row for row in tables["tools"]}
    faint = [at for tool, at in tools if tool == "ocguard" and at != "default"]
    lines = [_ahead(tables["behind"], "ocguard with the key alone", _recovered)]
    lines += _short_of(tools)
    lines += [_as_faint(peer, tools, tables["recovery"]) for peer in faint]
    return [f"- {told}" for told in (*lines, *_absent(tables["absent"]))]


def _short_of(tools: dict[tuple[str, str], dict[str, Any]]) -> list[str]:
    """Name the tools that cannot be turned down to the PSNR of ocguard."""
    ours = tools.get(("ocguard", "default"))
    if ours is None:
        return []
    return [
        f"Turned down, {tool} comes no nearer to the PSNR of ocguard than "
        f"{row['psnr_db_mean']:.1f} dB."
        for (tool, at), row in tools.items()
        if at == "equal"
        and row["pictures"] == ours["pictures"]
        and ours["psnr_db_mean"] - row["psnr_db_mean"] > EQUAL_DB
    ]


def _as_faint(
    peer: str, tools: dict[tuple[str, str], dict[str, Any]], recovery: list[dict[str, Any]]
) -> str:
    """Say how ours does where it is turned down to a tool that changes less."""
    ours = [row for row in recovery if (row["tool"], row["at"]) == ("ocguard", peer)]
    members = {row["distortion"] for row in ours}
    theirs = [
        row
        for row in recovery
        if (row["tool"], row["at"]) == (peer, "default") and row["distortion"] in members
    ]
    faint = tools["ocguard", peer]
    rows = "all rows" if len(members) > len(ROWS) else " and ".join(sorted(members))
    return (
        f"{peer} changes {faint['pictures']} of the pictures less than ocguard does. Turned down "
        f"to {faint['psnr_db_mean']:.1f} dB on those, ocguard reads {_pooled(ours)} % with the key "
        f"alone; {peer} reads {_pooled(theirs)} % of all its pictures ({rows})."
    )


def _recovered(row: dict[str, Any]) -> str:
    way = "at its default" if row["at"] == "default" else "at the PSNR of ocguard"
    counts = f"{row['exact']} of {row['trials']}, ocguard {row['ours']}"
    return f"{row['tool']} {way}, {row['distortion']} ({counts}; `detect` {row['ours_listed']})"


def matching_rows(result: dict[str, Any]) -> list[str]:
    """Return recall per tool and group: without a false match, and at 1 % of them."""
    cells = {(row["tool"], row["group"]): row for row in result["tables"]["recall"]}
    ours = result["tables"]["tools"][0]["tool"]
    heads = [f"{label} ({cells[ours, group]['queries']})" for group, label in GROUPS.items()]
    lines = header("tool", *heads, "CPU ms to describe", "to compare")
    for row in result["tables"]["tools"]:
        shares = []
        for group in GROUPS:
            cell = cells[row["tool"], group]
            both = cell["found_no_false"], cell["found_1_percent_false"]
            shares.append(" / ".join(percent(hits, cell["queries"]) for hits in both))
        costs = f"{row['describe_cpu_ms']:.0f}", f"{row['compare_cpu_ms']:.1f}"
        lines.append(line(row["tool"], *shares, *costs))
    return lines


def matching_notes(result: dict[str, Any]) -> list[str]:
    """Say where another tool is ahead, and what was not run."""
    tables = result["tables"]
    notes = _ahead(tables["behind"], "ocguard", _found), *_absent(tables["absent"])
    return [f"- {told}" for told in notes]


def _found(row: dict[str, Any]) -> str:
    figures = {"found_no_false": "no false match", "found_1_percent_false": "1 % false"}
    counts = f"{row['found']} of {row['queries']}, ocguard {row['ours']}"
    return f"{row['tool']}, {row['group']}, {figures[row['figure']]} ({counts})"


def _ahead(rows: list[dict[str, Any]], ours: str, told: Callable[[dict[str, Any]], str]) -> str:
    """Name the rows where another tool is ahead."""
    if not rows:
        return f"No other tool is ahead of {ours} in any row."
    return f"Ahead of {ours}: {'; '.join(told(row) for row in rows)}."


def _absent(rows: list[dict[str, Any]]) -> list[str]:
    """Say what was not run and why."""
    if not rows:
        return []
    told = "; ".join(f"{row['tool']} ({row['reason']})" for row in rows)
    return [f"Not run: {told}."]


def attack_rows(result: dict[str, Any]) -> list[str]:
    """Return what averaging and folding remove or forge."""
    rows = {(row["attack"], row["detail"]): row for row in result["tables"]["patterns"]}
    lines = header(
        "what the attacker takes for the mark",
        "subtracted: read, key alone",
        "`detect`, blind",
        "another mark named",
        "added elsewhere: forged",
    )
    for (attack, detail), row in rows.items():
        name, _, aim = attack.partition(": ")
        if aim == "remove":
            forged = rows[f"{name}: forge", detail]
            reads = [f"{row[way]} of {row['trials']}" for way in ("read", "read_listed")]
            others = (
                f"{row['wrong']} of {row['trials']}",
                f"{forged['wrong']} of {forged['trials']}",
            )
            lines.append(line(f"{name}, {detail}", *reads, *others))
    return lines


def collusion_rows(result: dict[str, Any]) -> list[str]:
    """Return how often mixed copies name a conspirator, and an innocent recipient."""
    rows = {(row["attack"], row["detail"]): row for row in result["tables"]["collusion"]}
    details = list(dict.fromkeys(detail for _, detail in rows))
    lines = header(
        "copies of one picture, mixed",
        *[
            text
            for detail in details
            for text in (
                f"{detail}: `detect`, blind, names one who took part",
                "`check` does",
                "of all who took part, either names",
            )
        ],
        "another one is named",
    )
    for attack in dict.fromkeys(attack for attack, _ in rows):
        members = [rows[attack, detail] for detail in details]
        named = [
            f"{count} of {total}"
            for row in members
            for count, total in (
                (row["read_listed"], row["trials"]),
                (row["read_informed"], row["trials"]),
                (row["named"], row["wanted"]),
            )
        ]
        lines.append(line(attack, *named, sum(row["wrong"] for row in members)))
    return lines
