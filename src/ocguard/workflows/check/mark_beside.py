"""Read marks beside the works that a picture resembles, where reading without them finds none.

In a small picture, or after hard compression, too little of a mark is left to be found without
help. Where the portfolio is at hand, the picture is looked up among its works as a check does it,
but by its fingerprint alone: nothing is judged here, only a map onto a work is needed.
"""

from __future__ import annotations

from dataclasses import replace
from functools import cached_property
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from ocguard.fingerprint.describe import describe
from ocguard.fingerprint.normalize import Box
from ocguard.imaging.ground import on_showing_ground
from ocguard.imaging.picture import Picture
from ocguard.imaging.pixel_grid import scaling, shown_box
from ocguard.keys import SecretKey
from ocguard.matching.identification.identify import compare_fingerprints
from ocguard.matching.search.index import Index
from ocguard.watermark.invisible import Detection
from ocguard.workflows.check.mark_search import ReadBeside, read_beside
from ocguard.workflows.check.mark_survey import PlacedMark, Surveyed
from ocguard.workflows.home.index_cache import ready_index
from ocguard.workflows.home.works import StoredWorks, small_view
from ocguard.workflows.home.workspace import Workspace

__all__ = ["WAYS", "WorksBeside"]

WAYS: Final = 2
"""Ways in which marks are sought then: without works, and beside them. P-values of both are
corrected for both."""


class WorksBeside:
    """The works of a portfolio, beside which marks are read.

    Their index is brought up to date and opened when it is first needed.

    Parameters
    ----------
    workspace : Workspace
        Of the portfolio.
    key : SecretKey
        Whose marks are read.
    """

    def __init__(self, workspace: Workspace, key: SecretKey) -> None:
        self._workspace, self._key = workspace, key

    @cached_property
    def _index(self) -> Index:
        """All works of the portfolio as it is when the first picture is read."""
        place = self._workspace
        with place.open_store() as store:
            return ready_index(store, place.location, place.home.cache_folder).index

    def read(self, picture: Picture) -> Surveyed | None:
        """Read the marks of works that a picture resembles.

        Parameters
        ----------
        picture : Picture
            The suspect, of which the first frame is read.

        Returns
        -------
        Surveyed or None
            None where it resembles no work with a mark of the key. A mark lies on its work.

        Raises
        ------
        PortfolioError
            The portfolio cannot be read.
        """
        view = small_view(picture)
        fingerprint = describe(view.rgb, view.alpha)
        rgb = on_showing_ground(view.rgb, view.alpha)
        with self._workspace.open_store() as store:
            resembled = compare_fingerprints(fingerprint, self._index, StoredWorks(store)).listed
            beside = read_beside(rgb, self._key, store, resembled, WAYS)
        return None if beside is None else _placed(beside, rgb, picture.size)


def _placed(beside: ReadBeside, rgb: NDArray[np.uint8], size: tuple[int, int]) -> Surveyed:
    """Say where in a picture the marks lie that were read in its small view."""
    to_picture = scaling(size[0] / rgb.shape[1], size[1] / rgb.shape[0])
    to_marked = beside.to_marked @ np.linalg.inv(to_picture)
    left, top, width, height = shown_box(np.linalg.inv(to_marked), beside.size_px, size)
    place = Box(left, top, left + width, top + height)
    transform = _flat(to_marked, place)
    laid = [_laid(one, transform) for one in beside.detections]
    marks = [PlacedMark(one, place, rgb, to_picture, "informed") for one in laid]
    return Surveyed(laid[0], tuple(marks) if beside.is_finding else ())


def _laid(detection: Detection, transform: NDArray[np.float64]) -> Detection:
    """Say how a mark lies, unless none is named."""
    return detection if detection.mark_id is None else replace(detection, transform=transform)


def _flat(transform: NDArray[np.float64], place: Box) -> NDArray[np.float64]:
    """Return the 2 x 3 map nearest to one with perspective, over the corners of a place."""
    corners = np.array(
        [(x, y) for x in (place.left, place.right) for y in (place.top, place.bottom)], np.float64
    )
    laid = cv2.perspectiveTransform(corners[None], transform)[0]
    fitted, *_ = np.linalg.lstsq(np.column_stack([corners, np.ones(len(corners))]), laid)
    return np.asarray(fitted.T, np.float64)
