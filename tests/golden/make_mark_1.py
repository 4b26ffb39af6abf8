"""Write the golden picture of mark format 1. Run only for a new format, never to mend a test.

    python tests/golden/make_mark_1.py

The picture is drawn here, marked with a public key, and saved once as PNG and once as JPEG 60.
"""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np

from ocguard.keys import SecretKey
from ocguard.watermark.invisible import embed

KEY = SecretKey(bytes(range(32)))
MARK_ID = 0x0C6A_12D5_FFEE_0001
SIZE_PX = (480, 400)


def draw() -> np.ndarray:
    """Draw a little face with flats, lines and a gradient."""
    width, height = SIZE_PX
    art = np.full((height, width, 3), (246, 240, 230), np.uint8)
    art[:, :, 2] = np.linspace(200, 250, height, dtype=np.uint8)[:, None]
    cv2.ellipse(art, (240, 170), (150, 150), 0, 0, 360, (70, 60, 120), -1, cv2.LINE_AA)
    cv2.ellipse(art, (240, 215), (105, 120), 0, 0, 360, (255, 224, 200), -1, cv2.LINE_AA)
    for x in (195, 285):
        cv2.ellipse(art, (x, 215), (20, 30), 0, 0, 360, (40, 110, 150), -1, cv2.LINE_AA)
        cv2.circle(art, (x - 6, 203), 7, (255, 255, 255), -1, cv2.LINE_AA)
    cv2.ellipse(art, (240, 280), (30, 12), 0, 0, 180, (180, 60, 70), 3, cv2.LINE_AA)
    for x in range(110, 380, 18):
        cv2.line(art, (x, 60), (x + 12, 120), (50, 40, 95), 2, cv2.LINE_AA)
    return art


def main() -> None:
    """Mark the drawing and write both files beside this script."""
    art = draw()
    made = embed(art, None, mark_id=MARK_ID, key=KEY, size_px=SIZE_PX)
    marked = np.clip(np.rint(art + made.delta[..., None]), 0, 255).astype(np.uint8)
    folder = Path(__file__).parent
    bgr = cv2.cvtColor(marked, cv2.COLOR_RGB2BGR)
    cv2.imwrite(str(folder / "mark-1.png"), bgr)
    cv2.imwrite(str(folder / "mark-1.jpg"), bgr, [cv2.IMWRITE_JPEG_QUALITY, 60])


if __name__ == "__main__":
    main()
