"""Show some pictures before and after on one sheet, with the figures; nothing is protected.

Each row has the picture before, the picture after, and a piece of it at 100 % where the mark is
strongest: what a judgement needs, whatever the size of the screen.
"""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import islice
from pathlib import Path
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw

from ocguard.atomic import whole_file
from ocguard.errors import FontError
from ocguard.imaging.files import Location, read_bytes, read_picture
from ocguard.imaging.picture import Picture
from ocguard.imaging.rendition import flatten, rendition
from ocguard.language.message import Message
from ocguard.watermark.visible.fonts import runs_of
from ocguard.workflows.protect.job import ProtectJob, ProtectResult
from ocguard.workflows.protect.run import protect_one
from ocguard.workflows.protect.visible import describe_figures
from ocguard.workflows.sources import load, source_place

__all__ = ["SHEET_NAME", "Preview"]

SHEET_NAME: Final = "preview.jpg"

CELL_PX: Final = 460
"""Side of the square that a picture is fitted into, in pixels: three fit a laptop's screen."""

_GAP_PX: Final = 20
_LINE_PX: Final = 24
_LINES: Final = 2
_TEXT_PX: Final = 15
_PAGE, _INK, _FAINT = (246, 246, 244), (40, 40, 46), (120, 120, 126)
_GROUND: Final = (255, 255, 255)
_QUALITY: Final = 92

Rgb = NDArray[np.uint8]


@dataclass(frozen=True, eq=False)
class _Row:
    """One picture of the sheet."""

    result: ProtectResult
    cells: tuple[Rgb, Rgb, Rgb]


@dataclass
class Preview:
    """A sheet in the making.

    Attributes
    ----------
    job : ProtectJob
        How the pictures would be protected.
    paths : sequence of Path or Remote
        Pictures to choose from.
    count : int
        How many to show, spread evenly over them.
    """

    job: ProtectJob
    paths: Sequence[Location]
    count: int
    _rows: list[_Row] = field(default_factory=list, init=False)

    @property
    def chosen(self) -> list[Location]:
        """The pictures that are shown."""
        wanted = min(self.count, len(self.paths))
        return [self.paths[i * len(self.paths) // wanted] for i in range(wanted)]

    def results(self) -> Iterator[ProtectResult]:
        """Protect the chosen pictures in memory and give their figures, one after another.

        Also of pictures that fail, which are left out of the sheet. Another picture takes the place
        of a protected copy, which is told only where there is nothing else.
        """
        job = replace(self.job, is_dry_run=True, tries_removal=True)
        chosen, copies = self.chosen, []
        spare = iter([path for path in self.paths if path not in chosen])
        for path in chosen:  # grows
            result = protect_one(job, path)
            if not result.data and result.error is None:
                copies.append(result)
                chosen.extend(islice(spare, 1))
                continue
            if result.data:
                before = load(read_bytes(path), str(path), source_place(path)).picture
                after = read_picture(result.data, str(path))
                self._rows.append(_Row(result, _cells(before, after)))
            yield replace(result, data=b"")
        for result in () if self._rows else copies:
            reason = Message("{reasons}", reasons=result.warnings)
            told = Message("{name}: {reason}", name=result.input, reason=reason)
            yield replace(result, error=told)

    def write(self, path: Path) -> Path:
        """Write the sheet, whole or not at all; an older sheet of this name is exchanged.

        Raises
        ------
        ValueError
            No picture could be shown.
        """
        if not self._rows:
            raise ValueError(Message("there is no picture to show"))
        path.parent.mkdir(parents=True, exist_ok=True)
        with whole_file(path, overwrite=True) as stream:
            stream.write(_sheet(self._rows))
        return path


def _cells(before: Picture, after: Picture) -> tuple[Rgb, Rgb, Rgb]:
    """Return before, after, and a piece of the picture after at 100 %."""
    small = [rendition(picture, CELL_PX) for picture in (before, after)]
    first, second = (flatten(view.rgb, view.alpha, _GROUND) for view in small)
    return first, second, _closeup(first, second, after)


def _closeup(before: Rgb, after: Rgb, picture: Picture) -> Rgb:
    """Cut out the place that changed most, or the lower right where a strip was added."""
    height, width = after.shape[:2]
    x, y = width, height
    if before.shape == after.shape:
        change = cv2.absdiff(before, after).max(axis=2).astype(np.float32)
        _, _, _, (x, y) = cv2.minMaxLoc(cv2.GaussianBlur(change, (0, 0), CELL_PX / 40))
    left = round(x * picture.width / width) - CELL_PX // 2
    top = round(y * picture.height / height) - CELL_PX // 2
    left = max(0, min(left, picture.width - CELL_PX))
    top = max(0, min(top, picture.height - CELL_PX))
    pixels = picture.frames[0].pixels[top : top + CELL_PX, left : left + CELL_PX]
    piece = replace(picture, frames=(replace(picture.frames[0], pixels=pixels),))
    view = rendition(piece, CELL_PX)
    return flatten(view.rgb, view.alpha, _GROUND)


def _sheet(rows: Sequence[_Row]) -> bytes:
    """Draw the sheet and encode it as JPEG."""
    step = CELL_PX + _LINES * _LINE_PX + 2 * _GAP_PX
    page = Image.new("RGB", (3 * CELL_PX + 4 * _GAP_PX, step * len(rows) + _GAP_PX), _PAGE)
    pen = ImageDraw.Draw(page)
    for i, row in enumerate(rows):
        top = _GAP_PX + i * step
        for j, cell in enumerate(row.cells):
            x = _GAP_PX + j * (CELL_PX + _GAP_PX) + (CELL_PX - cell.shape[1]) // 2
            page.paste(Image.fromarray(cell), (x, top + (CELL_PX - cell.shape[0]) // 2))
        for k, (line, color) in enumerate(zip(_lines(row.result), (_INK, _FAINT), strict=True)):
            _write(pen, (_GAP_PX, top + CELL_PX + 8 + k * _LINE_PX), line, color)
    stream = io.BytesIO()
    page.save(stream, "JPEG", quality=_QUALITY, subsampling=0)
    return stream.getvalue()


def _lines(result: ProtectResult) -> tuple[str, str]:
    """Say which picture it is, and its figures."""
    name = "".join(c if c.isprintable() else "?" for c in Path(result.input).name)
    change = "unchanged" if result.psnr_db is None else f"{result.psnr_db} dB"
    quality = f"invisible mark: {change}, SSIM {result.ssim}"
    growth = f"{result.bytes_in or 0:,} to {result.bytes_out or 0:,} bytes"
    lies = "no visible mark" if result.visible is None else describe_figures(result.visible)
    return f"{name} · before, after, 100 % · {quality} · {growth}", lies


def _write(
    pen: ImageDraw.ImageDraw, at: tuple[int, int], line: str, color: tuple[int, int, int]
) -> None:
    """Write a line in fonts that have its characters; others come out as question marks."""
    try:
        runs = runs_of(line)
    except FontError:
        runs = runs_of(line.encode("ascii", "replace").decode())
    x = float(at[0])
    for face, text in runs:
        font = face.at(_TEXT_PX)
        pen.text((x, at[1] + _TEXT_PX), text, fill=color, font=font, anchor="ls")
        x += font.getlength(text)
