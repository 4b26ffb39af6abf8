"""Give every recipient a copy with a mark of its own, then find out whose copy leaked."""

import io
from pathlib import Path

from PIL import Image

import ocguard

PICTURE = Path(__file__).resolve().parent / "art" / "storm_swordsman.png"
RECIPIENTS = ("Printer", "Magazine", "Patron 17")


def main() -> None:
    copies = {}
    for recipient in RECIPIENTS:
        copy = ocguard.protect(PICTURE, creator="Aki Example", recipient=recipient, visible="none")
        copies[recipient] = Image.open(io.BytesIO(copy.data))
        print(f"{recipient} gets mark {copy.mark_id}")
    leaked = copies["Magazine"].convert("RGB").resize((770, 1050)).transpose(Image.FLIP_LEFT_RIGHT)
    found = ocguard.detect(leaked)
    print(f"The leaked picture, smaller and mirrored: {found.verdict}, {found.recipient}")


if __name__ == "__main__":
    main()
