"""Show a picture, its marked copy, and the change, 40 times: python invisible_mark.py [FILE]."""

import io
import sys
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw, ImageFont

import ocguard

ORIGINAL = Path(__file__).resolve().parent / "art" / "storm_swordsman.png"
SIDE, GAP, CAPTION, TIMES = 440, 30, 48, 40

with Image.open(ORIGINAL) as picture:
    original = np.asarray(picture.convert("RGB"))
copy = ocguard.protect(ORIGINAL, creator="Aki Example", visible="none")
marked = np.asarray(Image.open(io.BytesIO(copy.data)).convert("RGB"))
change = np.clip(128 + TIMES * (marked.astype(int) - original), 0, 255).astype(np.uint8)
panels = {"original": original, "marked": marked, f"change, {TIMES} times": change}
sheet = Image.new("RGB", (3 * SIDE + 2 * GAP, SIDE + CAPTION), "white")
top, left = ((side - SIDE) // 3 for side in original.shape[:2])
for place, (caption, pixels) in enumerate(panels.items()):
    x = place * (SIDE + GAP)
    sheet.paste(Image.fromarray(pixels[top : top + SIDE, left : left + SIDE]), (x, 0))
    spot, font = (x + SIDE // 2, SIDE + CAPTION // 2), ImageFont.load_default(24)
    ImageDraw.Draw(sheet).text(spot, caption, "black", font, anchor="mm")
sheet.save(sys.argv[1] if len(sys.argv) > 1 else "invisible_mark.jpg", quality=85)
