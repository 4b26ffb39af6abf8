"""Show the layouts of the visible mark on one sheet: python layouts.py [FILE]."""

import io
import sys
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

import ocguard

ORIGINAL = Path(__file__).resolve().parent / "art" / "moon_cat.png"
LAYOUTS = ("corner", "band", "tile", "frame")
WIDTH, HEIGHT, GAP, CAPTION = 360, 450, 24, 44

with Image.open(ORIGINAL) as picture:
    picture.thumbnail((2 * WIDTH, 2 * HEIGHT), Image.Resampling.LANCZOS)
    original = picture.copy()
sheet = Image.new("RGB", (4 * WIDTH + 3 * GAP, HEIGHT + CAPTION), "white")
for place, layout in enumerate(LAYOUTS):
    copy = ocguard.protect(original, creator="Aki Example", visible=layout, size=4)
    picture = Image.open(io.BytesIO(copy.data)).convert("RGBA")
    picture.thumbnail((WIDTH, HEIGHT), Image.Resampling.LANCZOS)
    left = place * (WIDTH + GAP)
    sheet.paste(picture, (left + (WIDTH - picture.width) // 2, 0), picture)
    spot, font = (left + WIDTH // 2, HEIGHT + CAPTION // 2), ImageFont.load_default(22)
    ImageDraw.Draw(sheet).text(spot, layout, "black", font, anchor="mm")
sheet.save(sys.argv[1] if len(sys.argv) > 1 else "layouts.jpg", quality=85)
