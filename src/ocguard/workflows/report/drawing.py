"""Draw a suspect and a work so that a person sees what agrees: side by side, one on the other."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Final, Generic, TypeVar

import cv2
import numpy as np
from numpy.typing import NDArray

from ocguard.fingerprint.normalize import Box
from ocguard.imaging.files import encode_picture
from ocguard.imaging.picture import Picture
from ocguard.matching.identification.comparison import Comparison
from ocguard.matching.identification.identify import Suspect, compare_all
from ocguard.matching.identification.repaint import repaints_of
from ocguard.portfolio import Store, Work
from ocguard.report.pictures import (
    difference_map,
    fitted_to_page,
    laid_on,
    matched_points,
    outlined,
)
from ocguard.workflows.check.results import CheckResult
from ocguard.workflows.home.parts import Part, cut
from ocguard.workflows.home.works import StoredWorks, find_work, small_view
from ocguard.workflows.home.workspace import Workspace
from ocguard.workflows.sources import Loaded, load
from ocguard.workflows.threads import one_thread

__all__ = ["Drawn", "as_jpegs", "draw_beside", "draw_on_work"]

JPEG_QUALITY: Final = 85
"""Of the pictures on the page."""

SURROUNDING: Final = 0.1
"""Of the place of a work in a crowded suspect, what is taken along around it, in its own sides."""

BORDER: Final = 0.02
"""Share of a picture's side in which an outline would say nothing."""

Rgb = NDArray[np.uint8]


Shown = TypeVar("Shown", Rgb, bytes)


@dataclass(frozen=True)
class Drawn(Generic[Shown]):
    """A suspect and a work, drawn for a page.

    Attributes
    ----------
    pictures : mapping of str to (h, w, 3) uint8 array, or to bytes
        RGB, or JPEG, by what they show: suspect and work; where the map between both is known, the
        suspect laid on the work, the difference, and points; scaled, the suspect in the frame of
        the work, where `draw_beside` knows no map.
    points : int
        How many details agree.
    is_mirrored : bool
        Whether the suspect shows the work mirrored.
    is_outlined : bool
        Whether a line shows where the work lies in the suspect.
    is_cut : bool
        Whether the suspect is shown by its part alone, or its frame, that shows the work.
    """

    pictures: Mapping[str, Shown]
    points: int = 0
    is_mirrored: bool = False
    is_outlined: bool = False
    is_cut: bool = False

    @property
    def is_laid(self) -> bool:
        """Whether the map between both is known."""
        return "laid" in self.pictures


def as_jpegs(drawn: Drawn[Rgb]) -> Drawn[bytes]:
    """Return the same with its pictures as JPEG files."""
    pictures = {name: _jpeg(rgb) for name, rgb in drawn.pictures.items()}
    return Drawn(pictures, drawn.points, drawn.is_mirrored, drawn.is_outlined, drawn.is_cut)


@one_thread()
def draw_beside(
    workspace: Workspace, name: str, data: bytes, checked: CheckResult, work_id: str
) -> Drawn[Rgb]:
    """Draw a suspect with any work of the portfolio, to be compared by hand.

    Parameters
    ----------
    workspace : Workspace
        Where the creator works.
    name : str
        What the suspect's file is called.
    data : bytes
        The suspect's file.
    checked : CheckResult
        What the check gave.
    work_id : str
        The work.

    Raises
    ------
    ImageReadError
        The suspect cannot be read.
    PortfolioError
        There is no such work.

    Notes
    -----
    About half a CPU-second.
    """
    loaded = load(data, name)
    view = small_view(loaded.picture)
    suspect = Suspect.of(view.rgb, view.alpha)
    if work_id != checked.work_id:  # the reason that is told is that of another work
        checked = replace(checked, work_id=work_id, reason_code=_reason_of(checked, work_id))
    with workspace.open_store() as store:
        drawn = draw_on_work(loaded, suspect, checked, find_work(store, work_id), store)
    if drawn.is_laid:
        return drawn
    scaled = _scaled_into(drawn.pictures["suspect"], drawn.pictures["work"])
    return replace(drawn, pictures={**drawn.pictures, "scaled": scaled})


def _reason_of(checked: CheckResult, work_id: str) -> str:
    """Return why a further work was found in a suspect; nothing where it was not."""
    return next((one.reason_code for one in checked.found if one.work_id == work_id), "")


def _scaled_into(suspect: Rgb, work: Rgb) -> Rgb:
    """Scale a suspect into the middle of the frame of a work, whole."""
    size, frame = np.array(suspect.shape[1::-1]), np.array(work.shape[1::-1])
    scale = float((frame / size).min())
    left, top = (frame - scale * size) / 2
    middle = np.array([(scale, 0, left), (0, scale, top), (0, 0, 1)], np.float64)
    return laid_on(suspect, middle, (int(frame[0]), int(frame[1])))[0]


def draw_on_work(
    loaded: Loaded, suspect: Suspect, result: CheckResult, work: Work, store: Store
) -> Drawn[Rgb]:
    """Lay the suspect, or the part of it that shows the work, on the work, and draw what agrees.

    Parameters
    ----------
    loaded : Loaded
        The suspect's file.
    suspect : Suspect
        Its small view, described.
    result : CheckResult
        What the check gave about this work.
    work : Work
        The work.
    store : Store
        The portfolio that holds it.

    Returns
    -------
    Drawn
        The two pictures alone where the map between them is not known.
    """
    works = StoredWorks(store)
    whole, suspect = suspect, _looked_at(loaded, suspect, result)
    is_cut = suspect is not whole
    views = (work.work_id, *(view.view_id for view in store.views(work.work_id)))
    (one,) = compare_all(suspect, views, works, 1)
    if result.reason_code == "repaint":
        repaints = repaints_of(suspect.fingerprint, suspect.rgb, views, works, 1)
        one = repaints.get(work.work_id, one)
    reference = works.reference(one.view_id)
    pictures = {"suspect": fitted_to_page(suspect.rgb), "work": fitted_to_page(reference)}
    if one.found.method == "none":
        return Drawn(pictures, is_cut=is_cut)
    height, width = reference.shape[:2]
    laid, reached = laid_on(suspect.rgb, one.transform, (width, height))
    corners = np.array([[(0, 0), (width, 0), (width, height), (0, height)]], np.float64)
    place = cv2.perspectiveTransform(corners, np.linalg.inv(one.transform))[0]
    is_outlined = _is_inside(place, suspect.rgb)
    if is_outlined:
        pictures["suspect"] = fitted_to_page(outlined(suspect.rgb, place))
    pictures["laid"] = fitted_to_page(laid)
    pictures["difference"] = fitted_to_page(difference_map(reference, laid, reached))
    places, points = _points(one)
    if len(points):
        pictures["points"] = matched_points(suspect.rgb, reference, places, points)
    return Drawn(pictures, len(points), one.found.is_mirrored, is_outlined, is_cut)


def _is_inside(place: NDArray[np.float64], rgb: Rgb) -> bool:
    """Tell whether an outline lies within a picture, and not at its border."""
    size = np.array(rgb.shape[1::-1])
    inside = (place > BORDER * size) & (place < (1 - BORDER) * size)
    return bool(inside.all(axis=1).any())


def _looked_at(loaded: Loaded, suspect: Suspect, result: CheckResult) -> Suspect:
    """Return the part of a crowded suspect, or the frame of an animation, that shows the work."""
    found = next((one for one in result.found if one.work_id == result.work_id), None)
    if found is None or found.place is None or not (result.searched.views or found.frame):
        return suspect
    left, top, width, height = found.place
    across, down = round(width * SURROUNDING), round(height * SURROUNDING)
    box = Box(max(0, left - across), max(0, top - down), left + width + across, top + height + down)
    view = small_view(cut(loaded.picture, Part(box, found.frame)))
    return Suspect.of(view.rgb, view.alpha)


def _points(one: Comparison) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Return where agreeing details lie in the suspect and in the work; none without keypoints."""
    if one.found.correspondence is None or one.found.method != "keypoints":
        return np.empty((0, 2), np.float32), np.empty((0, 2), np.float32)
    return one.found.places, one.found.correspondence.reference_points


def _jpeg(rgb: Rgb) -> bytes:
    return encode_picture(Picture.from_array(np.ascontiguousarray(rgb)), "jpeg", JPEG_QUALITY).data
