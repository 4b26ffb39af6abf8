"""Promises of finding the very same work: by pixels or by file, and nothing else."""

from __future__ import annotations

import numpy as np
from PIL import Image

from ocguard.imaging.files import find_pictures
from ocguard.workflows.check.same_work import same_work
from ocguard.workflows.engine.pool import LocalPool
from ocguard.workflows.home.adding import add_files
from ocguard.workflows.home.workspace import Workspace
from ocguard.workflows.sources import load


def found(gallery, source):
    """Ask the gallery for the same work."""
    with Workspace.at(gallery.home).open_store() as store:
        work_id, reason = same_work(load(source, "it"), store, None)
    return work_id, reason and reason.code


def test_the_original_has_the_same_pixels_and_the_protected_file_is_known(gallery) -> None:
    """Each says by which it was told."""
    work_id = gallery.protected("cel.png").work_id
    assert found(gallery, gallery.art / "cel.png") == (work_id, "same-pixels")
    assert found(gallery, gallery.out / "cel.png") == (work_id, "same-file")


def test_one_pixel_apart_is_another_picture(gallery) -> None:
    """Whatever is similar is for the matcher."""
    pixels = np.array(Image.open(gallery.art / "cel.png").convert("RGB"))
    pixels[0, 0] ^= 1
    assert found(gallery, pixels) == (None, None)


def test_a_blank_picture_is_nobodys(tmp_path) -> None:
    """A canvas of one color that somebody registered accuses nobody; a single other pixel does."""
    here = Workspace.at(tmp_path / "home")
    blank = np.zeros((40, 50, 4), np.uint8)
    spot = blank.copy()
    spot[3, 5] = 255
    for number, pixels in enumerate((blank, spot)):
        Image.fromarray(pixels).save(tmp_path / f"{number}.png")
    ids = [one.work_id for one in add_files(here, find_pictures([tmp_path]), LocalPool())]
    with here.open_store() as store:
        told = [same_work(load(pixels, "it"), store, None)[0] for pixels in (blank, spot)]
    assert told == [None, ids[1]]
