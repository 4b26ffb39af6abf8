"""The documentation's tables of the matcher."""

from __future__ import annotations

from typing import Any

from docs_lines import header, line

FLOORS = {
    "jpeg-75": "re-saved as JPEG at quality 75",
    "resize-75": "resized to 75 %",
    "crop-80": "cropped to 80 % of its area",
}
GROUPS = {
    "repost": "reposted: compressed, resized, cropped, turned, framed, recolored, covered",
    "repaint": "repainted (simulated): stylized, posterized, traced, warped, softened",
    "repaint low": "repainted lightly, several steps in a row",
    "repaint middle": "repainted, several steps in a row",
    "repaint high": "repainted heavily, several steps in a row",
    "partial": "a part, its outline, or two works in one picture",
    "redrawn": "redrawn (simulated): head and limbs turned, moved, enlarged",
}


def matching(result: dict[str, Any]) -> list[str]:
    """Return how often the right and a wrong work were named, per group of transforms."""
    rows = result["tables"]["transforms"]
    lines = header("what was done to a work", "suspects", "right work named", "wrong work named")
    lines += [
        _matched(FLOORS.get(row["transform"], row["transform"]), row)
        for row in rows
        if row["group"] == "floor" and row["transform"] != "all"
    ]
    for group, label in GROUPS.items():
        members = [row for row in rows if row["group"] == group and row["transform"] != "all"]
        total = [row for row in rows if row["group"] == group and row["transform"] == "all"]
        lines += [_matched(f"{label} ({_count(members)})", row) for row in total]
    lines += [
        line(f"nothing of mine in it: {row['group']}", row["queries"], "", row["false_verdicts"])
        for row in result["tables"]["distractors"]
    ]
    return lines


def crowded(result: dict[str, Any]) -> list[str]:
    """Return how many works are found in suspects that hold many pictures."""
    lines = header("suspect", "registered works in it", "found", "wrong works named", "CPU seconds")
    lines += [
        line(
            row["kind"],
            f"{row['works']} in {row['suspects']}",
            f"{row['found']} of {row['works']}",
            f"{row['wrong']} in {row['suspects'] + row['strangers']}",
            f"{row['cpu_seconds']:.1f}",
        )
        for row in result["tables"]["crowded"]
    ]
    return lines


def copies(result: dict[str, Any]) -> list[str]:
    """Return what is said of protected pictures that were posted and changed."""
    lines = header("change", "copies", "right work named", "mark read", "cannot tell", "wrong work")
    for row in result["tables"]["copies"]:
        what = "all" if row["family"] == "all" else f"{row['family']} ({row['ways']})"
        shown = ("copies", "right", "marked", "cannot_tell", "wrong")
        lines.append(line(what, *(str(row[name]) for name in shown)))
    return lines


def views(result: dict[str, Any]) -> list[str]:
    """Return how many parts of large works are named."""
    lines = header("suspect", "suspects", "right work named", "as near copy", "wrong works named")
    lines += [
        line(
            row["kind"],
            str(row["suspects"]),
            f"{row['named']} of {row['suspects']}" if row["named"] else "-",
            str(row["near_copies"]) if row["named"] else "-",
            f"{row['wrong']} in {row['suspects']}",
        )
        for row in result["tables"]["views"]
    ]
    return lines


def overlays(result: dict[str, Any]) -> list[str]:
    """Return what is found in other pictures under the overlay of registered works."""
    rows = result["tables"]["overlays"]
    counts = list(dict.fromkeys(row["registered"] for row in rows))
    lines = header("the same on all", *[f"{_works(count)} registered with it" for count in counts])
    for name in dict.fromkeys(row["overlay"] for row in rows):
        of_name = {row["registered"]: row for row in rows if row["overlay"] == name}
        cells = [
            f"{of_name[n]['false_verdicts']} of {of_name[n]['strangers']} wrong, "
            f"{of_name[n]['copies_named']} of {of_name[n]['copies']} copies found"
            for n in counts
        ]
        lines.append(line(name, *cells))
    return lines


def templates(result: dict[str, Any]) -> list[str]:
    """Return what is found in other pictures that were made with a registered work's template."""
    lines = header(
        "one template",
        "strangers",
        "wrong: copy",
        "wrong: derivative",
        "cannot tell",
        "copies found",
    )
    for row in result["tables"]["templates"]:
        derivative = row["false_verdicts"] - row["near_copy"]
        found = f"{row['copies_found']} of {row['copies']}"
        counts = row["strangers"], row["near_copy"], derivative, row["cannot_tell"]
        lines.append(line(row["template"], *counts, found))
    return lines


def tiny(result: dict[str, Any]) -> list[str]:
    """Return what is found in portfolios of very few works."""
    lines = header(
        "works in the portfolio", "suspects", "right work named", "without it: wrong named"
    )
    for row in result["tables"]["tiny"]:
        named, false = row["named"], row["false_verdicts"]
        lines.append(
            line(row["works"], row["suspects"], f"{_share(named / row['suspects'])}", false)
        )
    return lines


def calibration(result: dict[str, Any]) -> list[str]:
    """Return what the ratios cost in bits, by kind, and how they compare with what was seen."""
    kinds = {"edits": "edits", "repaints": "repaints, parts, redrawn", "all": "all"}
    lines = header("likelihood ratios", "right pairs", "wrong pairs", "Cllr in bits")
    for row in result["tables"]["calibration"]:
        pairs = (f"{row['right_pairs']:,}", f"{row['wrong_pairs']:,}")
        lines.append(line(kinds[row["kind"]], *pairs, f"{row['cllr_bits']:.4f}"))
    return lines


def reliability(result: dict[str, Any]) -> list[str]:
    """Return, for every span of claimed ratios, how many pairs were right and wrong."""
    lines = header("ratio claimed, powers of ten", "right pairs", "wrong pairs", "ratio seen")
    for row in result["tables"]["reliability"]:
        span = _span(row["low"], row["high"])
        pairs = (f"{row['right_pairs']:,}", f"{row['wrong_pairs']:,}")
        lines.append(line(span, *pairs, f"{row['observed']:.1f}"))
    return lines


def _span(low: float, high: float) -> str:
    """Write an interval whose outer ones are open."""
    if low < -9:
        return f"below {high:.0f}"
    return f"from {low:.0f}" if high > 9 else f"{low:.0f} to {high:.0f}"


def _works(count: int) -> str:
    return "1 work" if count == 1 else f"{count} works"


def _matched(label: str, row: dict[str, Any]) -> str:
    """Return the line of one transform or group."""
    interval = f"{_share(row['low'])} to {_share(row['high'])}"
    named = f"{_share(row['right_work'])} ({interval})"
    return line(label, row["queries"], named, row["wrong_named"])


def _count(members: list[dict[str, Any]]) -> str:
    """Return the number of transforms and the worst of them."""
    worst = min(members, key=lambda row: row["right_work"])
    if worst["right_work"] == 1:
        return f"{len(members)} kinds"
    return f"{len(members)} kinds; worst: {worst['transform']}, {_share(worst['right_work'])}"


def first_sight(result: dict[str, Any]) -> list[str]:
    """Return what the first stage throws out, per group of transforms, of the reported half."""
    shipped = result["settings"]["least_similarity"]
    rows = [row for row in result["tables"]["thrown_out"] if row["half"] == "reported"]
    labels = {"floor": "re-saved, resized or cropped a little", **GROUPS, "all": "all of these"}
    lines = header("suspects", "number", "copies lost", "at most", "thrown out as strangers")
    for row in rows:
        if row["least_similarity"] == shipped:
            lines.append(_thrown_out(labels[row["group"]], row))
    for row in rows:
        if row["group"] == "all" and row["least_similarity"] != shipped:
            other = f"all, if {row['least_similarity']} were asked instead of {shipped}"
            lines.append(_thrown_out(other, row))
    return lines


def _thrown_out(label: str, row: dict[str, Any]) -> str:
    lost, strangers, number = (
        row[name] for name in ("copies_thrown_out", "strangers_thrown_out", "suspects")
    )
    return line(label, number, lost, _share(row["high"]), _share(strangers / number))


def matching_size(result: dict[str, Any]) -> list[str]:
    """Return candidates, time and memory by the number of works."""
    lines = header(
        "works",
        "right work among 20 candidates",
        "search",
        "whole check of 1 MP, copy",
        "unknown",
        "slowest",
        "peak memory",
    )
    for row in result["tables"]["size"]:
        found = f"{_share(row['among_20_candidates'])} of {row['queries']}"
        interval = f"({_share(row['low'])} to {_share(row['high'])})"
        times = ("search", "match_copy", "match_unknown", "match_worst")
        seconds = [f"{row[f'{name}_cpu_seconds']:.2f} s" for name in times]
        lines.append(
            line(f"{row['works']:,}", f"{found} {interval}", *seconds, f"{row['peak_mib']:.0f} MiB")
        )
    return lines


def registering(result: dict[str, Any]) -> list[str]:
    """Return what registering one work costs."""
    (row,) = result["tables"]["register"]
    index = max(result["tables"]["size"], key=lambda one: one["works"])["index_bytes_a_work"]
    return [
        *header("registering a work", f"{row['works']} works"),
        line("CPU seconds, median and slowest", _pair(row, "cpu_seconds", "worst_cpu_seconds")),
        line("portfolio, without its rendition", f"{row['database_bytes'] / 1000:.0f} kB"),
        line("of that the fingerprint", f"{row['fingerprint_bytes'] / 1000:.0f} kB"),
        line("reference rendition", f"{row['rendition_bytes'] / 1000:.0f} kB"),
        line("cache of the search", f"{index / 1000:.0f} kB"),
    ]


def _pair(row: dict[str, Any], one: str, other: str) -> str:
    return f"{row[one]:.2f}, {row[other]:.2f}"


def descriptor(result: dict[str, Any]) -> list[str]:
    """Return what a learned descriptor adds to candidates and verdicts."""
    name = result["settings"]["descriptor"]
    lines = header(
        "suspects",
        "number",
        "candidates with the right work",
        f"with {name}'s",
        f"{name}'s own 6",
        "right work named",
        f"with {name}",
        "wrong, strangers too",
        f"with {name}",
        f"missed, but {name} sets it above all strangers",
    )
    for row in result["tables"]["descriptor"]:
        lines.append(
            line(
                row["group"],
                row["queries"],
                *(row[f"is_{key}"] for key in ("candidate", "candidate_with", "proposed")),
                *(row[f"is_{key}"] for key in ("named", "named_with")),
                row["is_wrong"] + row["is_stranger_named"],
                row["is_wrong_with"] + row["is_stranger_named_with"],
                row["missed_above_strangers"],
            )
        )
    return lines


def _share(share: float) -> str:
    """Return a share in percent with one digit, never rounded up to 100."""
    return "100 %" if share == 1 else f"{min(99.9, 100 * share):.1f} %"
