"""Draw the pictures of the tutorial: ``python docs/tutorial/draw_pictures.py [FOLDER]``.

Windows are drawn as SVG, with the text that the pages hold; the other pictures are made from the
example art of this project.
"""

from __future__ import annotations

import io
import re
import sys
from html import escape
from pathlib import Path

import numpy as np
from PIL import Image

import ocguard

TUTORIAL = Path(__file__).resolve().parent
EXAMPLES = TUTORIAL.parents[1] / "examples"
sys.path.insert(0, str(EXAMPLES))

from drawing.board import Board  # noqa: E402  the folder of examples is found at run time

WORK = EXAMPLES / "art" / "lantern_keeper.png"
CREATOR = "Mira"
SHOWN_COMMAND = "ocguard protect examples/art --out protected"
SHOWN_PROMPT = "(.venv) ocguard-main $ "
CHARACTER_PX, LINE_PX, TITLE_PX, PADDING_PX = 8.4, 20, 32, 14
GAP_PX = 20
STRANGER_PX = (480, 360)
PANEL = (400, 500)  # width and height of a picture in the row of before and after
CORNER = 0.2  # share of width and height that the enlarged corner takes


def window(title: str, lines: list[str]) -> str:
    """Return a window with lines of a fixed width, as SVG."""
    width = round(max(len(line) for line in lines) * CHARACTER_PX + 2 * PADDING_PX)
    height = TITLE_PX + len(lines) * LINE_PX + 2 * PADDING_PX
    first = TITLE_PX + PADDING_PX + LINE_PX * 0.7
    text = "\n".join(
        f'<text x="{PADDING_PX}" y="{first + number * LINE_PX:.0f}" xml:space="preserve" '
        f'textLength="{len(line) * CHARACTER_PX:.0f}">{escape(line)}</text>'
        for number, line in enumerate(lines)
        if line
    )
    return f"""<svg xmlns="http://www.w3.org/2000/svg"
 width="{width}" viewBox="0 0 {width} {height}">
<rect width="{width}" height="{height}" rx="8" fill="#20242c"/>
<path d="M0 {TITLE_PX}V8a8 8 0 0 1 8-8H{width - 8}a8 8 0 0 1 8 8V{TITLE_PX}z" fill="#3b414d"/>
<g fill="#8b93a3"><circle cx="18" cy="16" r="5"/><circle cx="36" cy="16" r="5"/>
<circle cx="54" cy="16" r="5"/></g>
<text x="{width / 2:.0f}" y="21" text-anchor="middle" font-family="sans-serif" font-size="13"
 fill="#e3e7ee">{escape(title)}</text>
<g font-family="ui-monospace,Consolas,Menlo,'DejaVu Sans Mono',monospace" font-size="14"
 fill="#e3e7ee">
{text}
</g>
</svg>
"""


def terminal() -> str:
    """Return the terminal after the command that protects, with what the page says it prints."""
    page = (TUTORIAL / "protect.md").read_text(encoding="utf-8")
    printed = re.search(
        rf"```sh\n{re.escape(SHOWN_COMMAND)}\n```\n\n<!-- prints -->\n```text\n(.*?)```",
        page,
        re.DOTALL,
    )
    if printed is None:
        raise ValueError(f"protect.md does not show what {SHOWN_COMMAND!r} prints")
    lines = [SHOWN_PROMPT + SHOWN_COMMAND, *printed[1].splitlines(), SHOWN_PROMPT + "\u2588"]
    return window("Terminal", lines)


def address_bar() -> str:
    """Return a window of files whose address bar holds the word to type."""
    names = ("docs", "examples", "src", "tests", "LICENSE", "README.md", "pyproject.toml")
    files = "\n".join(
        f'<g transform="translate({40 + number % 4 * 150} {120 + number // 4 * 70})">'
        f'<rect width="26" height="{20 if "." not in name and name != "LICENSE" else 30}" rx="2" '
        f'fill="{"#e9c46a" if "." not in name and name != "LICENSE" else "#b9c6d8"}"/>'
        f'<text y="46">{name}</text></g>'
        for number, name in enumerate(names)
    )
    return f"""<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 640 260" width="640">
<rect x="1" y="1" width="638" height="258" rx="8" fill="#f6f7f9" stroke="#9aa3b2"/>
<g font-family="sans-serif" font-size="14" fill="#2b303a">
<text x="20" y="26">ocguard-main</text>
<text x="20" y="66" fill="#6b7482">&#8592;  &#8594;  &#8593;</text>
<rect x="96" y="46" width="380" height="30" rx="4" fill="#ffffff" stroke="#2f6fde"
 stroke-width="2.5"/>
<text x="108" y="66">cmd</text><rect x="136" y="52" width="1.5" height="18" fill="#2b303a"/>
<path d="M600 92C560 100 510 96 484 74" fill="none" stroke="#2f6fde" stroke-width="2.5"/>
<path d="M484 74l14 3m-14-3l5 13" fill="none" stroke="#2f6fde" stroke-width="2.5"/>
{files}
</g>
</svg>
"""


def before_and_after() -> Image.Image:
    """Return the original, the protected picture, and its corner enlarged, in a row."""
    copy = ocguard.protect(WORK, creator=CREATOR)
    protected = Image.open(io.BytesIO(copy.data)).convert("RGB")
    width, height = protected.size
    corner = protected.crop(
        (round(width * (1 - CORNER)), round(height * (1 - CORNER)), width, height)
    )
    row = Image.new("RGB", (3 * PANEL[0] + 2 * GAP_PX, PANEL[1]), "white")
    for place, picture in enumerate((Image.open(WORK).convert("RGB"), protected, corner)):
        row.paste(picture.resize(PANEL, Image.Resampling.LANCZOS), (place * (PANEL[0] + GAP_PX), 0))
    return row


def stranger() -> Image.Image:
    """Return a scene that is like none of the example pictures: a lighthouse at night."""
    board = Board((720, 540), (28, 38, 74))
    board.fill(board.area([(0, 0), (720, 0), (720, 350), (0, 350)]), board.ramp(
        [(0, (20, 26, 58)), (350, (92, 84, 128))]
    ))  # fmt: skip
    generator = np.random.default_rng(4)
    for x, y in generator.uniform((10, 10), (710, 250), (40, 2)):
        board.fill(board.ellipse(x, y, 1.6, 1.6), (240, 236, 210))
    board.fill(board.area("430,120! 0,20! 0,190!"), (250, 226, 150), 0.55)
    board.fill(board.area("430,120! 720,60! 720,170!"), (250, 226, 150), 0.4)
    for number in range(6):
        top, half = 140 + number * 40, 26 + number * 4
        stripe = [
            (430 - half, top),
            (430 + half, top),
            (434 + half, top + 40),
            (426 - half, top + 40),
        ]
        board.fill(board.area(stripe), (222, 222, 226) if number % 2 else (186, 58, 52))
    board.fill(board.area("404,100! 456,100! 460,142! 400,142!"), (250, 226, 150))
    board.fill(board.area("396,104! 430,66! 464,104!"), (60, 44, 60))
    board.contour(board.area("404,100! 456,100! 460,142! 400,142!"), 3, (40, 30, 44))
    board.fill(board.area("300,400 360,366 430,372 520,360 600,400 640,440 280,440"), (52, 46, 60))
    for number in range(7):
        height = 400 + number * 22
        crest = "".join(f"{x},{height + 9 * (1 if (x // 60 + number) % 2 else -1)} "
                        for x in range(-60, 841, 60))  # fmt: skip
        board.fill(board.area(f"{crest}840,600! -60,600!"), (36 + 9 * number, 70 + 8 * number, 120))
        board.stroke(crest, 3, (150, 190, 214))
    board.fill(board.area("120,400! 250,400! 226,436! 146,436!"), (120, 70, 40))
    board.fill(board.area("180,300! 180,390! 240,390!"), (236, 230, 214))
    board.stroke([(176, 290), (176, 402)], 5, (70, 44, 30), (1, 1))
    return Image.fromarray(board.finished()[..., :3])


def save_stranger(path: Path) -> None:
    """Write the scene at the size that the tutorial shows."""
    stranger().resize(STRANGER_PX, Image.Resampling.LANCZOS).save(path, quality=82)


def main(folder: Path) -> None:
    """Write all pictures into a folder."""
    for name, drawing in (("terminal", terminal()), ("address-bar", address_bar())):
        (folder / f"{name}.svg").write_text(drawing, encoding="utf-8")
    before_and_after().save(folder / "before-and-after.jpg", quality=82)
    save_stranger(folder / "stranger.jpg")


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else TUTORIAL / "pictures")
