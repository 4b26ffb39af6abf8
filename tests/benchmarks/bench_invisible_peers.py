"""Measure the invisible mark beside every other tool that is installed, on the same pictures.

``python tests/benchmarks/bench_invisible_peers.py`` (about ten minutes of CPU; see
`invisible_peers` for what to install) marks ten pictures with every tool, distorts them, and counts
exact recovery of the payload without any help with geometry. Transparent pictures are laid on white
first and large ones shrunk to 1000 px, since not every tool takes what ours takes.

Each tool is run at its own default strength ("default"), and turned up or down until the picture
has the PSNR that ours gives it ("equal"). Where its default changes a picture less than ours, ours
is also turned down to that (the tool's name); where that is far down, few rows are read. Ours is
read with the key alone, and with the list of issued marks, as ``detect`` does. A picture that a
tool refuses to mark or to read counts as not recovered. Slow tools get fewer pictures: "ours" is
always counted on the pictures of its row.
"""

from __future__ import annotations

import argparse
import math
import statistics
import time
from collections import defaultdict
from collections.abc import Callable
from dataclasses import asdict, dataclass, field, replace
from functools import partial
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

import harness
from bench_invisible import benchmark_key, mark_id_of, read
from invisible_peers import ABSENT, PEERS, Peer, missing_module, scaled
from ocguard import distortions
from ocguard.imaging.blending import add_luma
from ocguard.imaging.files import read_picture
from ocguard.imaging.picture import Picture
from ocguard.imaging.quality import psnr_db, ssim
from ocguard.imaging.rendition import flatten, rendition
from ocguard.watermark.invisible import KnownMark, embed

LARGE, SMALL = 4, 6  # pictures of either kind
LONG_SIDE_PX = 1000  # of every picture at most, so that the slow tools finish
MARK_BITS = 64
MAX_TURN = 4.0  # a strength is turned up or down by at most 2**4
TURNS = 8  # halvings of that range
NEAR_DB = 0.1  # PSNR this near to ours is equal
FAR_DB = 6.0  # where a peer changes so much less than ours, only `FAR_ROWS` are read from ours
FAR_ROWS = ("none", "jpeg-75")
ALONE, LISTED = "ocguard", "ocguard listed"  # ours with the key alone, and as `detect` reads
DISTORTIONS = (
    "none", "jpeg-75", "jpeg-50", "jpeg-30", "webp-50", "avif-50", "resize-75", "resize-50",
    "crop-90", "crop-50", "rotate-2", "rotate-15", "rotate-90", "mirror", "noise-10", "median-3",
    "blur-1", "hue-30", "grey", "text-15", "fit-720+jpeg-75+jpeg-70", "crop-75+resize-70+jpeg-60",
    "screenshot", "collage-60", "denoise-6",
)  # fmt: skip

Rgb = NDArray[np.uint8]


@dataclass(frozen=True)
class Settings:
    """What one run measures; the same for every picture."""

    seed: int
    peers: tuple[Peer, ...]
    issued: tuple[KnownMark, ...]
    pictures_of: dict[str, frozenset[Path]]


@dataclass
class Measured:
    """What one tool did to one picture at one strength."""

    tool: str
    at: str
    megapixels: float
    psnr_db: float = math.nan
    ssim: float = math.nan
    embed_seconds: float = math.nan
    extract_seconds: float = math.nan
    says_marked: bool | None = None
    exact: dict[str, bool] = field(default_factory=dict)
    wrong: dict[str, bool] = field(default_factory=dict)


def measure(path: Path, settings: Settings) -> list[Measured]:
    """Mark one picture with every tool, distort it in every way, and read it back."""
    host = flat_picture(path)
    mark_id = mark_id_of(path, settings.seed)
    ours, _ = embed_ours(host, mark_id, settings.seed)
    rows = measure_ours(host, ours, mark_id, settings)
    for peer in settings.peers:
        if path in settings.pictures_of[peer.name]:
            rows += measure_peer(peer, host, mark_id, rows[0].psnr_db, settings.seed)
            default_db = rows[-2].psnr_db
            if default_db > rows[0].psnr_db:
                _, fainter = nearest_psnr(host, default_db, ours, partial(scaled, host, ours))
                names = FAR_ROWS if default_db - rows[0].psnr_db > FAR_DB else DISTORTIONS
                found = measure_ours(host, fainter, mark_id, settings, names)
                rows += [replace(row, at=peer.name, says_marked=None) for row in found]
    return rows


def flat_picture(path: Path) -> Rgb:
    """Return a picture as every tool takes it."""
    shown = rendition(read_picture(path), LONG_SIDE_PX)
    return flatten(shown.rgb, shown.alpha)


def embed_ours(host: Rgb, mark_id: int, seed: int) -> tuple[Rgb, KnownMark]:
    """Mark a picture with ocguard at its default strength; return it with what is remembered."""
    picture = Picture.from_array(host)
    key = benchmark_key(seed)
    made = embed(host, None, mark_id=mark_id, key=key, size_px=picture.size)
    marked = rendition(add_luma(picture, made.delta), max(picture.size)).rgb
    return marked, KnownMark(mark_id, picture.size, made.origin_px)


def measure_ours(
    host: Rgb,
    marked: Rgb,
    mark_id: int,
    settings: Settings,
    names: tuple[str, ...] = DISTORTIONS,
) -> list[Measured]:
    """Measure ocguard with the key alone, and with the list of issued marks."""
    key = benchmark_key(settings.seed)
    quality = psnr_db(host, marked), ssim(host, marked)
    area = megapixels(host)
    alone = Measured(ALONE, "default", area, *quality)
    listed = Measured(LISTED, "default", area, *quality)
    _, alone.embed_seconds = timed(lambda: embed_ours(host, mark_id, settings.seed))
    for row, known in ((alone, ()), (listed, settings.issued)):
        row.says_marked = read(host, key, None, known)["is_found"]
    for name in names:
        suspect = distorted(name, marked, settings.seed)
        first = read(suspect, key, mark_id, ())
        second = first if first["is_exact"] else read(suspect, key, mark_id, settings.issued)
        for row, reading in ((alone, first), (listed, second)):
            row.exact[name], row.wrong[name] = reading["is_exact"], reading["is_wrong"]
            if name == "none":
                row.extract_seconds = reading["seconds"]
    return [alone, listed]


def measure_peer(peer: Peer, host: Rgb, mark_id: int, equal_db: float, seed: int) -> list[Measured]:
    """Measure a peer at its default, and at the given PSNR."""
    bits = payload(mark_id, peer.bits or MARK_BITS)
    area = megapixels(host)
    rows = [Measured(peer.name, "default", area), Measured(peer.name, "equal", area)]
    try:
        marked, rows[0].embed_seconds = timed(lambda: peer.embed(host, bits, 1.0))
    except Exception:  # whatever a tool raises: it has not marked this picture
        for row in rows:
            row.exact = dict.fromkeys(peer.rows or DISTORTIONS, False)
        return rows
    turned = partial(scaled, host, marked) if peer.is_additive else partial(peer.embed, host, bits)
    rows[0].says_marked = extracted(peer, host, bits, 1.0) is not None
    for row, (strength, shown) in zip(
        rows, ((1.0, marked), nearest_psnr(host, equal_db, marked, turned)), strict=True
    ):
        row.psnr_db, row.ssim = psnr_db(host, shown), ssim(host, shown)
        for name in peer.rows or DISTORTIONS:
            suspect = distorted(name, shown, seed)
            answer, taken = timed(partial(extracted, peer, suspect, bits, strength))
            row.exact[name] = answer is not None and np.array_equal(answer, bits)
            row.wrong[name] = answer is not None and not row.exact[name]
            if name == "none":
                row.extract_seconds = taken
    return rows


def nearest_psnr(
    host: Rgb, wanted_db: float, marked: Rgb, turned: Callable[[float], Rgb]
) -> tuple[float, Rgb]:
    """Turn a strength until the marked picture has a PSNR, or as near as it can.

    Parameters
    ----------
    host, marked : (H, W, 3) uint8 array
        Before, and marked at strength 1.
    wanted_db : float
    turned : callable
        From a strength to the picture that is marked with it.

    Returns
    -------
    strength : float
        Factor on the default.
    marked : (H, W, 3) uint8 array
    """
    low, high = -MAX_TURN, MAX_TURN
    best = (abs(psnr_db(host, marked) - wanted_db), 1.0, marked)
    for _ in range(TURNS):
        if best[0] < NEAR_DB:
            break
        strength = 2 ** ((low + high) / 2)
        tried = turned(strength)
        over_db = psnr_db(host, tried) - wanted_db
        best = min(best, (abs(over_db), strength, tried), key=lambda one: one[0])
        low, high = ((low + high) / 2, high) if over_db > 0 else (low, (low + high) / 2)
    return best[1], best[2]


def extracted(
    peer: Peer, suspect: Rgb, bits: NDArray[np.uint8], strength: float
) -> NDArray[np.uint8] | None:
    """Return what a peer reads; None where it finds nothing or fails."""
    try:
        return peer.extract(suspect, bits, strength)
    except Exception:  # whatever a tool raises on a suspect: it has not read it
        return None


def payload(mark_id: int, count: int) -> NDArray[np.uint8]:
    """Return the first bits of a mark id."""
    return np.unpackbits(np.frombuffer(mark_id.to_bytes(8), np.uint8))[:count]


def distorted(name: str, rgb: Rgb, seed: int) -> Rgb:
    """Return a distorted picture."""
    return rgb if name == "none" else distortions.apply(name, rgb, seed)


def timed(work: Callable[[], Any]) -> tuple[Any, float]:
    """Return an answer and the CPU seconds that it took."""
    started = time.process_time()
    answer = work()
    return answer, time.process_time() - started


def megapixels(rgb: Rgb) -> float:
    """Return the size of a picture."""
    return rgb.shape[0] * rgb.shape[1] / 1e6


def recovery_rows(pictures: list[list[Measured]]) -> list[dict[str, Any]]:
    """Return exact recovery per strength, tool and distortion, beside ours on those pictures."""
    cells: dict[tuple[str, str, str], list[tuple[bool, bool, bool, bool]]] = defaultdict(list)
    for rows in pictures:
        alone, listed = rows[:2]
        for row in rows:
            for name, is_exact in row.exact.items():
                trial = is_exact, row.wrong.get(name, False), alone.exact[name], listed.exact[name]
                cells[row.at, row.tool, name].append(trial)
    return [
        {
            "at": at,
            "tool": tool,
            "distortion": name,
            "trials": len(found),
            "exact": (exact := sum(trial[0] for trial in found)),
            **asdict(harness.wilson(exact, len(found))),
            "wrong": sum(trial[1] for trial in found),
            "ours": sum(trial[2] for trial in found),
            "ours_listed": sum(trial[3] for trial in found),
        }
        for (at, tool, name), found in cells.items()
    ]


def tool_rows(pictures: list[list[Measured]], peers: tuple[Peer, ...]) -> list[dict[str, Any]]:
    """Return payload, visible change, cost and false answers of every tool."""
    bits = {peer.name: peer.bits for peer in peers}
    packages = {peer.name: peer.package for peer in peers}
    found: dict[tuple[str, str], list[Measured]] = defaultdict(list)
    for rows in pictures:
        for row in rows:
            found[row.tool, row.at].append(row)
    return [
        {
            "tool": tool,
            "at": at,
            "package": (package := packages.get(tool, ALONE)),
            "version": version(package),
            "payload_bits": bits.get(tool, MARK_BITS),
            "pictures": len(rows),
            "refused": sum(math.isnan(row.psnr_db) for row in rows),
            "psnr_db_mean": _over(statistics.fmean, [row.psnr_db for row in rows]),
            "ssim_mean": _over(statistics.fmean, [row.ssim for row in rows]),
            "embed_seconds_per_megapixel": _over(
                statistics.median, [row.embed_seconds / row.megapixels for row in rows]
            ),
            "extract_seconds_per_megapixel": _over(
                statistics.median, [row.extract_seconds / row.megapixels for row in rows]
            ),
            "unmarked": sum(row.says_marked is not None for row in rows),
            "unmarked_with_answer": sum(bool(row.says_marked) for row in rows),
        }
        for (tool, at), rows in found.items()
    ]


def _over(figure: Callable[[list[float]], float], values: list[float]) -> float | None:
    """Return a figure over the values that were measured, None where none was."""
    known = [value for value in values if not math.isnan(value)]
    return figure(known) if known else None


def behind(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return the rows where a peer recovers more than ours does with the key alone."""
    return [
        row for row in rows if row["exact"] > row["ours"] and row["tool"] not in (ALONE, LISTED)
    ]


def main() -> None:
    """Run the benchmark from the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pictures", type=int, default=10**6, help="at most so many per kind")
    parser.add_argument("--only", nargs="*", default=(), help="only these peers")
    parser.add_argument("--without", nargs="*", default=(), help="not these peers: too slow")
    parser.add_argument("--processes", type=int, default=2)
    parser.add_argument("--seed", type=int, default=0)
    arguments = parser.parse_args()
    folder = harness.art_folder()
    kinds = [
        harness.every(harness.pictures(folder, kind), min(count, arguments.pictures))
        for kind, count in (("illustrations", LARGE), ("portraits", SMALL))
    ]
    paths = [path for kind in kinds for path in kind]
    wanted = [peer for peer in PEERS if not arguments.only or peer.name in arguments.only]
    absent = {peer.name: why for peer in wanted if (why := missing_module(peer))} | ABSENT
    absent |= dict.fromkeys(arguments.without, "left out of this run: too slow")
    peers = tuple(peer for peer in wanted if peer.name not in absent)
    chosen = {
        peer.name: frozenset(
            path
            for kind, count in zip(kinds, peer.pictures, strict=True)
            for path in harness.every(kind, count)
        )
        for peer in peers
    }
    issued = tuple(
        KnownMark(mark_id_of(path, arguments.seed), flat_picture(path).shape[1::-1], (0, 0))
        for path in paths
    )
    settings = Settings(arguments.seed, peers, issued, chosen)
    measured = list(harness.spread(partial(measure, settings=settings), paths, arguments.processes))
    recovery = recovery_rows(measured)
    path = harness.write_result(
        "invisible-peers" if not arguments.only else "invisible-peers-some",
        seed=arguments.seed,
        settings={
            "long_side_px": LONG_SIDE_PX,
            "distortions": DISTORTIONS,
            "issued_marks": len(issued),
        },
        data=harness.data_facts(paths, folder),
        tables={
            "tools": tool_rows(measured, peers),
            "absent": [{"tool": name, "reason": reason} for name, reason in absent.items()],
            "recovery": recovery,
            "behind": behind(recovery),
        },
    )
    print(path)


if __name__ == "__main__":
    main()
