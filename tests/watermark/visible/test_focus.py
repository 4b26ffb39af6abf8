"""Promises of ocguard.watermark.visible.focus: lines attract a mark, eyes and faces repel it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from ocguard.watermark.visible.focus import focus_of
from ocguard.watermark.visible.mark import visible_mark


def face(center: tuple[int, int], side: int = 500) -> NDArray[np.uint8]:
    """A pale face with two dark eyes on cloth with folds."""
    art = np.full((side, side, 3), (70, 80, 95), np.uint8)
    for x in range(0, side, 22):
        cv2.line(art, (x, 0), (x + 60, side), (62, 72, 86), 2, cv2.LINE_AA)
    cv2.ellipse(art, center, (62, 78), 0, 0, 360, (242, 205, 180), -1, cv2.LINE_AA)
    for dx in (-24, 24):
        cv2.circle(art, (center[0] + dx, center[1] - 8), 11, (20, 40, 90), -1, cv2.LINE_AA)
    return art


def opaque(art: NDArray[Any]) -> NDArray[np.uint8]:
    """No hidden pixels."""
    return np.full(art.shape[:2], 255, np.uint8)


def test_eyes_and_face_are_found_and_repel() -> None:
    """Wherever the face is, it is worth less than anything else."""
    for center in ((250, 160), (150, 200), (340, 230)):
        art = face(center)
        worth = cv2.resize(focus_of(art, opaque(art)).worth, (500, 500))
        x, y = center
        assert worth[y - 20 : y + 5, x - 30 : x + 30].mean() < -0.5
        assert worth[400:, :60].mean() > -0.1


def test_lines_are_worth_more_than_flat_ground() -> None:
    """A mark across hatching cannot be painted over."""
    art = np.full((400, 400, 3), 200, np.uint8)
    for y in range(0, 400, 8):
        cv2.line(art, (0, y), (200, y), (40, 40, 40), 2)
    found = focus_of(art, opaque(art))
    half = found.worth.shape[1] // 2
    assert found.worth[:, : half - 8].mean() > 0.2 + found.worth[:, half + 8 :].mean()
    assert found.is_flat[:, half + 8 :].mean() > 0.95
    assert found.is_flat[:, : half - 8].mean() < 0.05


def test_clear_ground_is_neither() -> None:
    """Hidden color has no edges."""
    art = face((250, 250))
    alpha = np.zeros((500, 500), np.uint8)
    alpha[150:350, 150:350] = 255
    found = focus_of(art, alpha)
    assert np.abs(found.worth[:20]).max() < 0.05
    assert found.is_flat[:20].all()


def test_a_band_keeps_off_the_face_where_it_can() -> None:
    """Varied bands cross the face of a portrait far less often than steady ones."""
    art = face((215, 285), 500)
    box = np.zeros((500, 500), np.float32)
    cv2.ellipse(box, (215, 285), (62, 78), 0, 0, 360, 1, -1)

    def on_face(seed: bytes) -> float:
        mark = visible_mark(art, (500, 500), layout="band", text="© 2026 Mira Vale", seed=seed)
        ink = 0.0
        for stamp in mark.stamps:
            for (y, x), alpha in np.ndenumerate(stamp.rgba[::4, ::4, 3]):
                at = stamp.top + 4 * y, stamp.left + 4 * x
                if 0 <= at[0] < 500 and 0 <= at[1] < 500:
                    ink += float(alpha) * box[at]
        return ink

    varied = [on_face(bytes([n]) * 16) for n in range(6)]
    assert np.mean(varied) < 0.7 * on_face(b"")


def test_the_map_is_cheap_and_the_same_every_time(real_art: Path) -> None:
    """Deterministic on real art, with a focus on every picture."""
    for path in sorted(real_art.rglob("*.jpg"))[:4]:
        art = np.ascontiguousarray(cv2.imread(str(path))[..., ::-1])
        one, again = (focus_of(art, opaque(art)).worth for _ in range(2))
        assert (np.abs(one - again) > 0.1).mean() < 0.001
        assert 0.02 < (one < 0).mean() < 0.35
