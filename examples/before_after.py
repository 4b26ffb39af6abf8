"""Show an original, protected, and stolen, on one sheet: python before_after.py [FILE]."""

import io
import sys
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw, ImageFont

import ocguard
from ocguard.distortions import apply

ORIGINAL = Path(__file__).resolve().parent / "art" / "lantern_keeper.png"
THEFT = "crop-50+mirror+hue-30+resize-75+jpeg-50"
WIDTH, HEIGHT, GAP, CAPTION = 480, 600, 40, 60

copy = ocguard.protect(ORIGINAL, creator="Aki Example")
protected = Image.open(io.BytesIO(copy.data)).convert("RGB")
stolen = Image.fromarray(apply(THEFT, np.asarray(protected), seed=4))
verdict = ocguard.check(stolen).verdict
captions = ("the original", f"protected, {copy.psnr_db:.0f} dB", f"stolen: {verdict}")
sheet = Image.new("RGB", (3 * WIDTH + 2 * GAP, HEIGHT + CAPTION), "white")
for place, picture in enumerate((Image.open(ORIGINAL), protected, stolen)):
    left = place * (WIDTH + GAP)
    sheet.paste(picture.resize((WIDTH, HEIGHT), Image.Resampling.LANCZOS), (left, 0))
    spot, font = (left + WIDTH // 2, HEIGHT + CAPTION // 2), ImageFont.load_default(26)
    ImageDraw.Draw(sheet).text(spot, captions[place], "black", font, anchor="mm")
sheet.save(sys.argv[1] if len(sys.argv) > 1 else "before_after.jpg", quality=85)
