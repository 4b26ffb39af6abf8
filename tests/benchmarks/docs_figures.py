"""The README's table of the figures that matter, and what the invisible mark does not survive."""

from __future__ import annotations

from typing import Any

from docs_lines import header, line, percent

__all__ = ["figures", "losses"]

Result = dict[str, Any]


def figures(
    invisible: Result,
    clean: Result,
    platforms: Result,
    matching: Result,
    repaints: Result,
    kinds: Result,
    speed: Result,
) -> list[str]:
    """Return the figures that decide whether somebody can rely on ocguard, good and bad."""
    served = _one_platform(platforms)
    unmarked = clean["tables"]["clean"]
    strangers, templates = (matching["tables"][name] for name in ("distractors", "templates"))
    commands = {(row["command"], row["input"]): row for row in speed["tables"]["commands"]}
    scenes = commands["ocguard protect", "PNG, 12 MP"]["cpu_seconds_per_megapixel"]
    check = commands["ocguard check", "1 MP against 10,000 works"]["cpu_seconds"]
    seen = min(row["ssimulacra2_min"] for row in invisible["tables"]["quality"])
    return [
        *header("question", "measured"),
        line("Is the mark read after a simulated platform?", f"{served} of the pictures"),
        line("Is it read after a simulated repaint?", f"{_repainted(invisible)} of the pictures"),
        line("Is a mark found in a picture that has none?", _of(unmarked, "found", "trials")),
        line("Is a reposted copy recognized?", _recognized(matching, "repost")),
        line("Is a heavily repainted copy recognized?", _recognized(matching, "repaint high")),
        line("Is one recognized that a real network repainted?", _by_networks(repaints)),
        line("Is a stranger's picture accused?", _of(strangers, "false_verdicts", "queries")),
        line(
            "Is one accused that only has the same title, stage, card or form?",
            _of(templates, "false_verdicts", "strangers"),
        ),
        line("Is one accused that is only of one kind, as two calendars are?", _of_one_kind(kinds)),
        line(
            "Does a marked picture look like its original? (JPEG of quality 95: 91 to 93)",
            f"SSIMULACRA2 of at least {seen:.1f}",
        ),
        line("How long does `protect` take?", f"{scenes:.2f} CPU seconds a megapixel"),
        line("How long does `check` take, with 10,000 works?", f"{check:.1f} CPU seconds"),
    ]


def _one_platform(platforms: Result) -> str:
    """Return how often `check` reads the mark after one platform, over both groups of sizes."""
    rows = platforms["tables"]["platforms"]
    shares = [r["read_informed"] for r in rows if r["passes"] == 1 and r["platform"] == "all"]
    hits, trials = (sum(share[key] for share in shares) for key in ("hits", "trials"))
    return f"{percent(hits, trials)} %"


def _repainted(invisible: Result) -> str:
    """Return how often `detect` reads the mark after a repaint, over both groups of sizes."""
    rows = [r for r in invisible["tables"]["recovery"] if r["distortion"] in REPAINTS]
    hits, trials = (sum(row[key] for row in rows) for key in ("listed_exact", "trials"))
    return f"{percent(hits, trials)} %"


REPAINTS = ("stylize", "watercolor")


def _recognized(matching: Result, group: str) -> str:
    """Return how often the right work of a group of suspects is named."""
    (row,) = (
        r
        for r in matching["tables"]["transforms"]
        if r["group"] == group and r["transform"] == "all"
    )
    return f"{100 * row['right_work']:.0f} % of {row['queries']}"


def _by_networks(repaints: Result) -> str:
    """Return how often the right work is named after all repaints by real networks."""
    return _of(
        [r for r in repaints["tables"]["repaints"] if r["repaint"] == "all"], "right", "suspects"
    )


def _of_one_kind(kinds: Result) -> str:
    """Return how often one of two pictures of a reported kind is taken for a copy of the other."""
    wanted = ("all", "reported", "one template")
    rows = kinds["tables"]["kinds"]
    chosen = [r for r in rows if (r["kind"], r["half"], r["relation"]) == wanted]
    return _of(chosen, "found", "pairs")


def _of(rows: list[dict[str, Any]], hits: str, trials: str) -> str:
    """Return a count out of all trials."""
    return f"{sum(row[hits] for row in rows):,} of {sum(row[trials] for row in rows):,}"


def losses(invisible: Result) -> list[str]:
    """Return every distortion after which a mark was not read from some picture, worst first."""
    ways = {"exact": "key alone", "listed_exact": "`detect`, blind", "informed_exact": "`check`"}
    names = list(dict.fromkeys(row["distortion"] for row in invisible["tables"]["recovery"]))
    counts = {name: _counts(invisible, name, ways) for name in names}
    lost = {name: count for name, count in counts.items() if min(count[:-1]) < count[-1]}
    lines = header("distortion", *ways.values(), "pictures")
    for name in sorted(lost, key=lambda name: (lost[name][-2], *lost[name])):
        lines.append(line(f"`{name}`", *lost[name]))
    return lines


def _counts(invisible: Result, distortion: str, ways: dict[str, str]) -> tuple[int, ...]:
    """Return how many marks each way reads after a distortion, and of how many pictures."""
    rows = [row for row in invisible["tables"]["recovery"] if row["distortion"] == distortion]
    return tuple(sum(row[way] for row in rows) for way in (*ways, "trials"))
