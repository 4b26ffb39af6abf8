"""Draw the example characters from nothing but code into examples/art, or only those named.

The pictures are original, made for this project and under its license.
"""

import sys
from importlib import import_module
from pathlib import Path

from PIL import Image

FOLDER = Path(__file__).resolve().parent / "art"
PICTURES = {
    "lantern_keeper": ".png",
    "moon_cat": ".png",
    "oak_ranger": ".png",
    "storm_swordsman": ".png",
    "hill_at_dusk": ".jpg",
}


def main(chosen: list[str], folder: Path = FOLDER) -> None:
    for name in chosen or PICTURES:
        picture = Image.fromarray(import_module(f"drawing.{name}").draw())
        picture.save(folder / f"{name}{PICTURES[name]}", optimize=True, quality=92, subsampling=0)


if __name__ == "__main__":
    main(sys.argv[1:])
