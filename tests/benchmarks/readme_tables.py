"""Write the README's tables: figures from the result files, commands from the program itself.

``python tests/benchmarks/readme_tables.py`` rewrites what stands between the markers
``<!-- table: NAME -->`` and ``<!-- /table -->``; ``--check`` only says whether it is current. No
figure in a table is ever typed by hand.
"""

from __future__ import annotations

import argparse
import math
import re
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

import click

import harness
from ocguard.cli.app import app
from readme_lines import header, line, percent
from readme_peers import (
    attack_rows,
    collusion_rows,
    invisible_notes,
    invisible_rows,
    matching_notes,
    matching_rows,
)
from readme_verdicts import verdicts

README = harness.REPOSITORY / "README.md"
BLOCK = re.compile(
    r"(?P<start><!-- table: (?P<name>[\w-]+) -->\n)(?P<body>.*?)(?P<end><!-- /table -->)", re.DOTALL
)
ROWS = {
    "no change": ("none",),
    "JPEG 90, 75, 50, 30, 15": ("jpeg-90", "jpeg-75", "jpeg-50", "jpeg-30", "jpeg-15"),
    "WebP 80, 50, 30; AVIF 50": ("webp-80", "webp-50", "webp-30", "avif-50"),
    "size 75, 50, 35 %; fit 1080 px": ("resize-75", "resize-50", "resize-35", "fit-1080"),
    "crop to 90, 75, 50, 25, 10 % of the area": (
        "crop-90", "crop-75", "crop-50", "crop-25", "crop-10",
    ),
    "shift 1, 7, 13 px": ("shift-1", "shift-7", "shift-13"),
    "rotation 2, 7, 15, 45, 90 degrees": (
        "rotate-2", "rotate-7", "rotate-15", "rotate-45", "rotate-90",
    ),
    "mirror; upside down": ("mirror", "rotate-180"),
    "width 85, 115 %; shear 5; perspective 5 %; bending": (
        "stretch-85", "stretch-115", "shear-5", "perspective-5", "bend",
    ),
    "noise 5, 10, 20": ("noise-5", "noise-10", "noise-20"),
    "median 3, 5; blur 1, 2, 3": ("median-3", "median-5", "blur-1", "blur-2", "blur-3"),
    "brightness, contrast -30, +30 %": (
        "brightness-70", "brightness-130", "contrast-70", "contrast-130",
    ),
    "gamma .7, 1.4; hue 15, 90; saturation 0, 150 %": (
        "gamma-70", "gamma-140", "hue-15", "hue-90", "saturation-0", "saturation-150",
    ),
    "256, 32 colors; sharpened": ("colors-256", "colors-32", "sharpen"),
    "denoised: non-local means, bilateral, edge-preserving": (
        "denoise-6", "bilateral", "edge-preserving",
    ),
    "25 % erased; text, sticker over 15 %": ("erase-25", "text-15", "sticker-15"),
    "screenshot; collage at 60 %; meme": ("screenshot", "collage-60", "meme"),
    "transparency on black; on a photo": ("flatten-black", "flatten-photo"),
    "platforms: 1080 px + JPEG 75 + JPEG 70; 1440 px + WebP 75": (
        "fit-1080+jpeg-75+jpeg-70", "fit-1440+webp-75",
    ),
    "crop 75 + 70 % size + JPEG 60; rotation 5 + crop 50 + WebP 70": (
        "crop-75+resize-70+jpeg-60", "rotate-5+crop-50+webp-70",
    ),
    "repainted: stylized, watercolor": ("stylize", "watercolor"),
}  # fmt: skip
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


def recovery(result: dict[str, Any]) -> list[str]:
    """Return exact recovery in percent, several distortions to a row."""
    cells = {(row["group"], row["distortion"]): row for row in result["tables"]["recovery"]}
    counts = {
        group: max(row["trials"] for (its, _), row in cells.items() if its == group)
        for group in sorted({group for group, _ in cells})
    }
    heads = {"A": "from 1000 px", "B": "below 1000 px"}
    ways = {"exact": "key alone", "listed_exact": "`detect`", "informed_exact": "`check`"}
    columns = [(group, way) for group in counts for way in ways]
    names_of = [f"{heads[g]} ({counts[g]}), {ways[way]}" for g, way in columns]
    lines = header("distortion", *names_of)
    for label, names in ROWS.items():
        shares = [_percents([cells.get((g, name)) for name in names], way) for g, way in columns]
        if any(re.search(r"\d", share) for share in shares):
            lines.append(line(label, *shares))
    return lines


def quality(result: dict[str, Any]) -> list[str]:
    """Return the visible change per size group."""
    lines = header("pictures", "mean PSNR", "lowest PSNR", "mean SSIM", "change on flat areas, rms")
    heads = {"A": "from 1000 px", "B": "below 1000 px"}
    for row in result["tables"]["quality"]:
        lines.append(
            line(
                f"{heads[row['group']]} ({row['pictures']})",
                f"{row['psnr_db_mean']:.1f} dB",
                f"{row['psnr_db_min']:.1f} dB",
                f"{row['ssim_mean']:.4f}",
                f"{row['flat_rms_mean']:.2f} grey levels",
            )
        )
    return lines


def clean(result: dict[str, Any]) -> list[str]:
    """Return marks found in unmarked pictures, with the upper bound of the rate."""
    lines = header(
        "unmarked pictures after", "readings", "marks found", "rate at most (95 %)", "smallest p"
    )
    for row in result["tables"]["clean"]:
        rate, smallest = f"{100 * row['upper_95']:.3f} %", f"{row['smallest_p_value']:.1g}"
        lines.append(line(row["distortion"], row["trials"], row["found"], rate, smallest))
    return lines


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


def _share(share: float) -> str:
    """Return a share in percent with one digit, never rounded up to 100."""
    return "100 %" if share == 1 else f"{min(99.9, 100 * share):.1f} %"


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


def commands() -> list[str]:
    """Return every command with its arguments, purpose and options."""
    lines = [line("command", "what it does", "options"), line("---", "---", "---")]
    lines += [_command(path, command) for path, command in program_commands()]
    return lines


def program_commands(
    group: click.Group = app, path: tuple[str, ...] = ("ocguard",)
) -> Iterator[tuple[tuple[str, ...], click.Command]]:
    """Yield every command of the program with its full name; groups are left out."""
    context = click.Context(group)
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        if isinstance(command, click.Group):
            yield from program_commands(command, (*path, name))
        elif command is not None:
            yield (*path, name), command


def _command(path: tuple[str, ...], command: click.Command) -> str:
    """Return the line of one command."""
    arguments = command.collect_usage_pieces(click.Context(command))[1:]
    options = [
        f"`{max(option.opts, key=len)}`"
        for option in command.params
        if isinstance(option, click.Option)
    ]
    return line(
        f"`{' '.join([*path, *arguments])}`", command.get_short_help_str(90), " ".join(options)
    )


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


def _percents(rows: Iterable[dict[str, Any] | None], column: str) -> str:
    """Return percentages divided by slashes, a dash where nothing was measured."""
    return " / ".join(percent(row[column], row["trials"]) if row else "-" for row in rows)


def main(arguments: Sequence[str] | None = None) -> int:
    """Rewrite or check the README."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="change nothing; 1 when out of date")
    options = parser.parse_args(arguments)
    before = README.read_text(encoding="utf-8")
    after = render(before)
    if options.check:
        print("current" if after == before else "out of date: run readme_tables.py")
        return int(after != before)
    README.write_text(after, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
