"""The documentation's tables of portfolios of very many works."""

from __future__ import annotations

import math
from typing import Any

from docs_lines import header, line

__all__ = [
    "arithmetic",
    "capacity",
    "cluster",
    "cluster_soak",
    "code_search",
    "engines",
    "sharding",
    "shards",
]

SIZES = (1_000_000, 100_000_000, 1_000_000_000)
UNSHARED = 1_000
"""Works up to which a portfolio holds no index to fetch."""
SHARD_WORKS = 1_000_000
QUERIES_A_SECOND = 10
CORES, LOAD = 64, 0.5
MEMORY_BYTES, HELD = 512e9, 0.8
MARK_BYTES = 4096
"""Of a codeword: 1,024 signs as float32."""


def capacity(result: dict[str, Any]) -> list[str]:
    """Return what a check and one work more cost, by works and kind of database."""
    lines = header(
        *("works, portfolio in a", "check of 1 MP, copy", "unknown", "peak memory"),
        *("ready after one work more", "written", "fetching the index"),
    )
    for row in result["tables"]["portfolios"]:
        check, ready, fetch = row["check"], row["ready_after_one"], row["fetch"]
        lines.append(
            line(
                f"{row['works']:,}, {row['kind']}",
                f"{check['copy_cpu_seconds']:.2f} s",
                f"{check['unknown_cpu_seconds']:.2f} s",
                f"{check['peak_mib']:.0f} MiB",
                f"{ready['cpu_seconds']:.2f} s",
                f"{ready['written_mib']:.1f} MiB",
                f"{fetch['cpu_seconds']:.1f} s" if fetch and row["works"] > UNSHARED else "",
            )
        )
    return lines


def arithmetic(result: dict[str, Any]) -> list[str]:
    """Return what a million, a hundred million and a billion works take, by multiplication."""
    (work,) = result["tables"]["register"]
    million = max(result["tables"]["size"], key=lambda row: row["works"])
    stored = work["database_bytes"] + work["rendition_bytes"]
    search = million["search_cpu_seconds"]
    others = million["match_copy_cpu_seconds"] - search
    shards = [size // SHARD_WORKS for size in SIZES]
    cores = [QUERIES_A_SECOND * (count * search + others) for count in shards]
    index = [size * million["index_bytes_a_work"] for size in SIZES]
    machines = [
        max(math.ceil(one / CORES / LOAD), math.ceil(held / MEMORY_BYTES / HELD))
        for one, held in zip(cores, index, strict=True)
    ]
    days = [size * work["cpu_seconds"] / 86400 for size in SIZES]
    return [
        *header("works", *(f"{size:,}" for size in SIZES)),
        line("registering, days of one core", *(f"{one:,.0f}" for one in days)),
        line("portfolio on disk", *(_bytes(size * stored) for size in SIZES)),
        line("search index", *map(_bytes, index)),
        line("shards of a million works", *(f"{count:,}" for count in shards)),
        line("CPU seconds a suspect", *(f"{count * search + others:,.1f}" for count in shards)),
        line(f"cores busy at {QUERIES_A_SECOND} suspects a second", *(f"{c:,.0f}" for c in cores)),
        line(f"machines of {CORES} cores, {MEMORY_BYTES / 1e9:.0f} GB", *map(str, machines)),
        line(
            "marks of one key held in memory, one a work",
            *(_bytes(size * MARK_BYTES) for size in SIZES),
        ),
    ]


def sharding(result: dict[str, Any]) -> list[str]:
    """Return what a fan-out does to times and to completeness, as simulated."""
    lines = header("shards", "copies of each", "median", "99 of 100", "a shard missing", "work")
    for row in result["tables"]["sharding"]:
        lines.append(
            line(
                f"{row['shards']:,}",
                row["copies"],
                f"{row['median']:.1f}",
                f"{row['p99']:.1f}",
                f"{100 * row['incomplete']:.2g} %",
                f"{row['work']:.2f}",
            )
        )
    return lines


def shards(result: dict[str, Any]) -> list[str]:
    """Return works on two servers beside the same on one."""
    lines = header(
        "works on", "check, CPU", "the same answers", "reads of a check", "all 64-bit hashes"
    )
    for row in result["tables"]["shards"]:
        has_checks = "check_cpu_seconds" in row
        lines.append(
            line(
                row["how"],
                f"{row['check_cpu_seconds']:.2f} s" if has_checks else "",
                f"{row['same_answers']} of {row['suspects']}" if "suspects" in row else "",
                f"{row['read_ms']:.0f} ms",
                f"{row['scan_ms']:.1f} ms",
            )
        )
    return lines


def code_search(result: dict[str, Any]) -> list[str]:
    """Return the scan of all codes beside faiss."""
    lines = header("codes of a million works", "our scan", "faiss", "memory of faiss")
    for row in result["tables"]["code_search"]:
        seconds = (f"{row[f'{name}_cpu_seconds']:.3f} s" for name in ("scan", "faiss"))
        lines.append(line(row["codes"], *seconds, _bytes(row["faiss_bytes"])))
    return lines


def engines(result: dict[str, Any]) -> list[str]:
    """Return how many answers are the same on every engine."""
    lines = header("index", "segments", "suspects", "the same candidates and scores")
    for row in result["tables"]["engines"]:
        shown = (row["segments"], row["queries"], row["same_answers"])
        lines.append(line(row["engine"], *shown))
    (bits,) = result["tables"]["bit_count"]
    same = bits["pairs"] - bits["different"]
    return [
        *lines,
        line("64-bit hashes by `bit_count`", "", f"{bits['pairs']:,} pairs", f"{same:,}"),
    ]


def cluster(result: dict[str, Any]) -> list[str]:
    """Return what a cluster and the local pool took for the same pictures."""
    lines = header(
        *("engine", "pictures", "workers killed", "seconds by the clock", "throughput"),
        *("CPU seconds", "CPU seconds in a minute without work"),
    )
    rows = result["tables"]["throughput"]
    pool = sum(row["wall_seconds"] for row in rows if row["engine"] == "pool")
    for engine in dict.fromkeys(row["engine"] for row in rows):
        own = [row for row in rows if row["engine"] == engine]
        names = ("pictures", "killed", "wall_seconds", "idle_cpu_seconds")
        pictures, killed, wall, idle = (sum(row[name] for row in own) for name in names)
        times = f"{wall:.0f}", f"{100 * pool / wall:.0f} %"
        cpu, used = [row["cpu_seconds"] for row in own], ("", "")
        if None not in cpu:
            used = f"{sum(cpu):.1f}", f"{60 * idle / wall:.1f}"
        lines.append(line(engine, pictures, killed, *times, *used))
    return lines


def cluster_soak(result: dict[str, Any]) -> list[str]:
    """Return what came out of a cluster whose workers were killed."""
    lines = header("pictures", "workers killed", "outputs", "lost, half, or registered twice")
    (row,) = result["tables"]["soak"]
    counts = result["settings"]["pictures"], row["kills"], row["outputs"], row["faults"]
    return [*lines, line(*(f"{count:,}" for count in counts))]


def _bytes(count: float) -> str:
    """Write a size with its unit, two digits or more."""
    for unit in ("MB", "GB", "TB"):
        count /= 1e6 if unit == "MB" else 1e3
        if count < 1000:
            break
    return f"{count:.0f} {unit}" if count >= 10 else f"{count:.1f} {unit}"
