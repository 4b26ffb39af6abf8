"""Pictures to post for a self-test: drawn by ocguard, so that nobody has to post art for it.

Their shapes tell limits apart: a platform that limits the long side treats a wide and a tall one
alike, one that limits the width does not. They carry the creator's invisible mark and declaration
as protected pictures do. They are no works, so the portfolio does not learn of them.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from ocguard.atomic import whole_file
from ocguard.distortions.scenery import scene
from ocguard.imaging.picture import Picture
from ocguard.workflows.home.works import mark_id_of
from ocguard.workflows.home.workspace import Workspace, account_name
from ocguard.workflows.protect.encoding import OutputForm, make_protected_file
from ocguard.workflows.protect.options import prepare_protect
from ocguard.workflows.threads import one_thread

__all__ = ["SPECIMENS", "Specimen", "draw", "write_specimen"]

QUALITY: Final = 90
"""Of the JPEG files: better than platforms serve."""

LABEL_SHARE: Final = 0.06
"""Height of the number in the corner, share of the short side."""

HERSHEY_PX: Final = 22.0
"""Height of a capital of OpenCV's font at scale 1."""


@dataclass(frozen=True)
class Specimen:
    """A picture to post.

    Attributes
    ----------
    number : int
        From 1; decides what is drawn, and stands in the corner.
    width, height : int
        In pixels.
    file_format : {"jpeg", "png"}
        What is written.
    """

    number: int
    width: int
    height: int
    file_format: str

    @property
    def file_name(self) -> str:
        """Name of the file: ``test-1.jpg``."""
        return f"test-{self.number}.{'jpg' if self.file_format == 'jpeg' else 'png'}"


SPECIMENS: Final = (
    Specimen(1, 3600, 2400, "jpeg"),
    Specimen(2, 2400, 3600, "jpeg"),
    Specimen(3, 1500, 1500, "png"),
    Specimen(4, 1000, 3000, "jpeg"),
    Specimen(5, 900, 1200, "png"),
)
"""Wide, tall and square, one very tall, one smaller than most limits. Five make a profile certain;
larger ones are refused by some platforms."""


def draw(specimen: Specimen) -> NDArray[np.uint8]:
    """Draw a picture: the same one on every run.

    Returns
    -------
    (H, W, 3) uint8 array
        RGB: clouds of color and shaded shapes, with the number in the corner at the top left.
    """
    size = specimen.width, specimen.height
    rgb = scene(size, np.random.default_rng(specimen.number))
    label_px = round(LABEL_SHARE * min(size))
    scale, stroke = label_px / HERSHEY_PX, max(2, label_px // 10)
    place = (label_px, 2 * label_px)
    for color, width in (((20, 20, 20), 3 * stroke), ((245, 245, 245), stroke)):
        text = f"ocguard {specimen.number}"
        cv2.putText(rgb, text, place, cv2.FONT_HERSHEY_SIMPLEX, scale, color, width, cv2.LINE_AA)
    return rgb


@one_thread()
def write_specimen(workspace: Workspace, specimen: Specimen, folder: Path) -> Path:
    """Draw a picture, mark it, and write it into a folder; one that is there stays as it is.

    Parameters
    ----------
    workspace : Workspace
        Whose key and declaration.
    specimen : Specimen
        Which.
    folder : Path
        Made when missing.

    Raises
    ------
    ProfileError, PortfolioError, OSError
        Profile, key or portfolio cannot be used, or nothing can be written.

    Notes
    -----
    About 0.7 CPU-seconds a megapixel.
    """
    path = folder / specimen.file_name
    if path.exists():
        return path
    job, _ = prepare_protect(workspace, {"visible": "none"}, account_name)
    picture = Picture.from_array(draw(specimen))
    mark_id = mark_id_of(job.key, f"selftest/{specimen.number}", "")
    form = OutputForm(
        specimen.file_format, QUALITY if specimen.file_format == "jpeg" else None, None
    )
    made = make_protected_file(picture, mark_id, job.key, "normal", job.opt_out, form)
    folder.mkdir(parents=True, exist_ok=True)
    with whole_file(path) as stream:
        stream.write(made.encoded.data)
    return path
