"""The documentation's tables of the invisible mark."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

import neural
from docs_lines import header, line, percent
from harness import wilson

HEADS = {"A": "from 1000 px", "B": "below 1000 px"}
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
    "waifu2x: enlarged, denoised lightly, heavily": tuple(neural.NETWORKS),
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

REMOVALS = {
    "denoised (non-local means 10), bent by 1 %, JPEG 40": "denoise-10+bend+jpeg-40",
    "what a denoiser takes off, turned over": "inverted-residue-4",
    "denoised (non-local means 10), half the size, JPEG 30": "denoise-10+resize-50+jpeg-30",
}


def recovery(result: dict[str, Any]) -> list[str]:
    """Return exact recovery in percent, several distortions to a row."""
    cells = {(row["group"], row["distortion"]): row for row in result["tables"]["recovery"]}
    counts = _counts(result)
    ways = {"exact": "key alone", "listed_exact": "`detect`, blind", "informed_exact": "`check`"}
    columns = [(group, way) for group in counts for way in ways]
    names_of = [f"{HEADS[g]} ({counts[g]}), {ways[way]}" for g, way in columns]
    lines = header("distortion", *names_of)
    for label, names in ROWS.items():
        shares = [_percents([cells.get((g, name)) for name in names], way) for g, way in columns]
        if any(re.search(r"\d", share) for share in shares):
            lines.append(line(label, *shares))
    return lines


def removal(result: dict[str, Any]) -> list[str]:
    """Return what attacks on the mark leave of it, and of the picture."""
    cells = {(row["group"], row["distortion"]): row for row in result["tables"]["recovery"]}
    paid = {(row["group"], row["distortion"]): row for row in result["tables"]["removal"]}
    counts = _counts(result)
    lines = header(
        "attack", "pictures", "left of the picture", "key alone", "`detect`, blind", "`check`"
    )
    for label, name in REMOVALS.items():
        for group, count in counts.items():
            row = cells[group, name]
            ways = ("exact", "listed_exact", "informed_exact")
            shares = [percent(row[way], row["trials"]) for way in ways]
            left = f"{paid[group, name]['paid_db_mean']:.1f} dB"
            lines.append(line(label, f"{HEADS[group]} ({count})", left, *shares))
    return lines


def quality(result: dict[str, Any]) -> list[str]:
    """Return the visible change per size group."""
    lines = header(
        "pictures",
        "SSIMULACRA2: mean",
        "worst",
        "Butteraugli, 3-norm: mean",
        "worst",
        "largest: mean",
        "FLIP: mean",
        "size of the PNG, times",
        "PSNR: mean",
    )
    for row in result["tables"]["quality"]:
        lines.append(
            line(
                f"{HEADS[row['group']]} ({row['pictures']})",
                f"{row['ssimulacra2_mean']:.1f}",
                f"{row['ssimulacra2_min']:.1f}",
                f"{row['butteraugli_3_mean']:.2f}",
                f"{row['butteraugli_3_max']:.2f}",
                f"{row['butteraugli_mean']:.2f}",
                f"{row['flip_mean']:.4f}",
                f"{row['png_growth_mean']:.2f}",
                f"{row['psnr_db_mean']:.1f} dB",
            )
        )
    return lines


def clean(result: dict[str, Any]) -> list[str]:
    """Return marks found in unmarked pictures, with the upper bound of the rate."""
    lines = header(
        "unmarked pictures after",
        "readings",
        "marks found",
        "rate at most (95 %)",
        "p at most .1, .01, .001",
        "smallest p",
    )
    for row in result["tables"]["clean"]:
        trials = row["trials"]
        shares = " / ".join(f"{100 * count / trials:.2g} %" for count in row["below"].values())
        rate = f"{100 * wilson(row['found'], trials).high:.3f} %"
        smallest = f"{row['smallest_p_value']:.1g}"
        lines.append(line(row["distortion"], trials, row["found"], rate, shares, smallest))
    return lines


def _counts(result: dict[str, Any]) -> dict[str, int]:
    """Return how many pictures each size group has."""
    counts: dict[str, int] = {}
    for row in result["tables"]["recovery"]:
        counts[row["group"]] = max(counts.get(row["group"], 0), row["trials"])
    return dict(sorted(counts.items()))


def _percents(rows: Iterable[dict[str, Any] | None], column: str) -> str:
    """Return percentages divided by slashes, one for all where they are equal, a dash for none."""
    shares = [percent(row[column], row["trials"]) if row else "-" for row in rows]
    return shares[0] if len(set(shares)) == 1 else " / ".join(shares)
