"""The documentation's tables of speed."""

from __future__ import annotations

from typing import Any

from docs_lines import header, line


def speed(result: dict[str, Any]) -> list[str]:
    """Return CPU seconds and memory of the commands."""
    lines = header("command", "input", "CPU seconds", "per megapixel", "peak memory")
    for row in result["tables"]["commands"]:
        per_megapixel = row.get("cpu_seconds_per_megapixel")
        lines.append(
            line(
                f"`{row['command']}`",
                row["input"],
                f"{row['cpu_seconds']:.2f}",
                "" if per_megapixel is None else f"{per_megapixel:.2f}",
                f"{row['peak_mib']:.0f} MiB",
            )
        )
    return lines


def peers(result: dict[str, Any]) -> list[str]:
    """Return CPU seconds per megapixel beside those of installed peers."""
    lines = header("step", "tool", "CPU seconds per megapixel", "ocguard is")
    for row in result["tables"]["peers"]:
        ratio = row["times_ocguard"]
        verdict = "" if ratio is None else f"{ratio:.1f} x as fast"
        seconds = f"{row['cpu_seconds_per_megapixel']:.3f}"
        lines.append(line(row["step"], row["tool"], seconds, verdict))
    return lines


def crowds(result: dict[str, Any]) -> list[str]:
    """Return what clients met that asked a server at the same time."""
    lines = header(
        *("request", "clients", "answered", "lost", "CPU seconds of one alone"),
        *("median wait", "in relation to a fair share", "memory", "more than early on"),
    )
    for row in result["tables"]["crowds"]:
        lines.append(
            line(
                f"`{row['question']}`",
                row["clients"],
                row["answered"],
                row["lost"],
                f"{row['alone_cpu_seconds']:.2f}",
                f"{row['median_seconds']:.1f} s",
                f"{row['times_share']:.2f} x",
                f"{row['memory_mib']:.0f} MiB",
                f"{row['grown_mib']:.0f} MiB",
            )
        )
    return lines


def on_the_page(result: dict[str, Any]) -> list[str]:
    """Return what a person waits for on the page, and how busy the machine was meanwhile."""
    lines = header("on the page", "times", "median", "slowest", "CPU seconds")
    for row in result["tables"]["steps"]:
        seconds = (f"{row[name]:.2f} s" for name in ("seconds", "slowest_seconds"))
        lines.append(line(row["step"], row["times"], *seconds, f"{row['cpu_seconds']:.2f}"))
    before, after = result["settings"]["load"]
    cores = result["machine"]["cores"]
    busy = f"The load of the machine was {before} before and {after} after, on {cores} cores."
    return [*lines, "", busy]
