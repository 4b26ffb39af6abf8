"""Different works under one overlay: what an artist puts on everything accuses nobody.

A logo in the corner, a visible mark in tiles, an ornamented frame, an app's window and a meme's
caption are laid on works of the fitted half, which are registered so, and on works of the reported
half, which are not: whatever `check` finds in those is a false verdict. Copies of the registered
ones must still be found under their overlay.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import cv2
import numpy as np

from harness import every, spread, wilson
from matching_art import family_of
from matching_suspects import Rgb, parts, rendition
from ocguard.fingerprint.fingerprint import Fingerprint
from ocguard.imaging.distortions import apply
from ocguard.matching.identify import Suspect, identify
from ocguard.matching.index import Index

__all__ = ["OVERLAYS", "measure_overlays"]

REGISTERED = (2, 5, 20)
SUSPECTS = 20
COPIES = 6
ORNAMENT_SEED = 5
FINDINGS = ("identical", "near-copy", "shared-base", "likely-derivative")


def tiled(rgb: Rgb) -> Rgb:
    """Lay a line of text in slanted, half-transparent rows over a picture."""
    height, width = rgb.shape[:2]
    ink = np.zeros((2 * height, 2 * width), np.uint8)
    for row, y in enumerate(range(20, 2 * height, height // 7)):
        for x in range(-40 + 25 * (row % 3), 2 * width, int(width / 2.2)):
            size, pen = width / 900 + 0.1, max(1, width // 350)
            cv2.putText(ink, "(c) AKI NO AI", (x, y), 0, size, 255, pen, cv2.LINE_AA)
    turned = cv2.warpAffine(
        ink, cv2.getRotationMatrix2D((width, height), 25, 1), (2 * width, 2 * height)
    )
    place = turned[height // 2 : height // 2 + height, width // 2 : width // 2 + width]
    share = 0.55 * place[..., None] / 255
    return (rgb * (1 - share) + 60 * share).astype(np.uint8)


def logo(rgb: Rgb) -> Rgb:
    """Put a colored badge over a third of the lower side."""
    badge = np.full((200, 200, 3), 255, np.uint8)
    cv2.circle(badge, (100, 100), 90, (20, 40, 160), -1, cv2.LINE_AA)
    cv2.ellipse(badge, (100, 60), (50, 20), 20, 0, 360, (240, 200, 30), 5, cv2.LINE_AA)
    cv2.putText(badge, "AKI", (30, 120), 0, 2, (255, 255, 255), 6, cv2.LINE_AA)
    cv2.putText(badge, "studio 2026", (20, 160), 0, 0.8, (255, 240, 200), 2, cv2.LINE_AA)
    side = int(0.35 * min(rgb.shape[:2]))
    marked = rgb.copy()
    marked[-side:, :side] = cv2.resize(badge, (side, side), interpolation=cv2.INTER_AREA)
    return marked


def framed(rgb: Rgb) -> Rgb:
    """Put a broad frame with painted ornaments around a picture."""
    random = np.random.default_rng(ORNAMENT_SEED)
    height, width = rgb.shape[:2]
    across, down = width // 8, height // 8
    wood = (90, 60, 20)
    canvas = cv2.copyMakeBorder(rgb, down, down, across, across, cv2.BORDER_CONSTANT, value=wood)
    size = np.array([canvas.shape[1], canvas.shape[0]])
    for _ in range(60):
        along = random.random() * size
        side = int(random.integers(4))
        inset = np.array([across, down]) / 2
        spot = np.where(np.arange(2) == side % 2, along, inset if side < 2 else size - inset)
        axes = (random.uniform(0.1, 0.5, 2) * inset * 2).astype(int) + 4
        color = tuple(random.integers(0, 255, 3).tolist())
        center, angle = tuple(spot.astype(int).tolist()), random.uniform(0, 180)
        cv2.ellipse(canvas, center, tuple(axes.tolist()), angle, 0, 360, color, 3, cv2.LINE_AA)
    return np.asarray(canvas, np.uint8)


OVERLAYS: dict[str, Callable[[Rgb], Rgb]] = {
    "tiles": tiled,
    "logo": logo,
    "frame": framed,
    "window": lambda rgb: apply("screenshot", rgb, ORNAMENT_SEED),
    "caption": lambda rgb: apply("meme", rgb, ORNAMENT_SEED),
}


@dataclass(frozen=True)
class Marked:
    """Works that were registered with an overlay."""

    suspects: dict[str, Suspect]

    def fingerprint(self, work_id: str) -> Fingerprint:
        """Return a work's fingerprint."""
        return self.suspects[work_id].fingerprint

    def reference(self, work_id: str) -> Rgb:
        """Return a work's rendition."""
        return self.suspects[work_id].rgb


def measure_overlays(processes: int, is_quick: bool) -> list[dict[str, Any]]:
    """Return one row for every overlay and number of works that were registered with it."""
    counts = REGISTERED[1:2] if is_quick else REGISTERED
    jobs = [(name, count, is_quick) for name in OVERLAYS for count in counts]
    return list(spread(_row, jobs, processes))


def _row(job: tuple[str, int, bool]) -> dict[str, Any]:
    name, count, is_quick = job
    lay = OVERLAYS[name]
    registered = every(list(parts().fitted), count)
    works = Marked({p.as_posix(): Suspect.of(lay(rendition(p))) for p in registered})
    index = Index.build((i, one.fingerprint) for i, one in works.suspects.items())
    strangers = _strangers(registered, SUSPECTS // 4 if is_quick else SUSPECTS)
    verdicts = [identify(Suspect.of(lay(rendition(p))), index, works) for p in strangers]
    false = sum(verdict.verdict in FINDINGS for verdict in verdicts)
    copied = registered[:COPIES]
    named = [
        identify(Suspect.of(apply("crop-80+jpeg-50", lay(rendition(p)), 1)), index, works).work_id
        for p in copied
    ]
    return {
        "overlay": name,
        "registered": count,
        "strangers": len(strangers),
        "false_verdicts": false,
        "high": wilson(false, len(strangers)).high,
        "cannot_tell": sum(verdict.verdict == "cannot-tell" for verdict in verdicts),
        "copies": len(copied),
        "copies_named": sum(p.as_posix() == i for p, i in zip(copied, named, strict=True)),
    }


def _strangers(registered: Sequence[Path], count: int) -> list[Path]:
    families = {family_of(path) for path in registered}
    return every([p for p in parts().reported if family_of(p) not in families], count)
