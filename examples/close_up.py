"""Show five pictures and their marked copies from close by: python close_up.py [FILE]."""

import io
import sys
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

import ocguard

ART = Path(__file__).resolve().parent / "art"
SIDE, TIMES, CAPTION, STEP = 75, 4, 40, 312
DETAILS = {  # where each detail begins: paint, shaded color, transparent ground, lines, screentone
    "hill_at_dusk.jpg": (395, 240),
    "lantern_keeper.png": (455, 600),
    "moon_cat.png": (505, 520),
    "oak_ranger.png": (430, 590),
    "storm_swordsman.png": (640, 655),
}
sheet = Image.new("RGB", (len(DETAILS) * STEP, 2 * (STEP + CAPTION)), "white")
for column, (name, (x, y)) in enumerate(DETAILS.items()):
    copy = ocguard.protect(ART / name, creator="Aki Example", visible="none")
    for row, source in enumerate((ART / name, io.BytesIO(copy.data))):
        detail = Image.open(source).convert("RGBA").crop((x, y, x + SIDE, y + SIDE))
        large = detail.resize((SIDE * TIMES, SIDE * TIMES), Image.Resampling.NEAREST)
        sheet.paste(large, (column * STEP, CAPTION + row * (STEP + CAPTION)), large)
draw, font = ImageDraw.Draw(sheet), ImageFont.load_default(28)
for row, caption in enumerate(("original", "marked")):
    draw.text((0, row * (STEP + CAPTION)), caption, "black", font)
sheet.save(sys.argv[1] if len(sys.argv) > 1 else "close_up.jpg", quality=95)
