"""Read every mark of one key in all of a picture, without the help of works.

The whole is looked at first. Where a mark fills most of it, only what that leaves unexplained is
looked at as well; otherwise the views of a crowded or long picture are (`find_views`), as for
works. What still shows a marked picture is looked at less thoroughly: some parts of most pictures
carry too little of their mark, and a picture laid over another is seldom bent. More looks find more
coincidences, so half of the chance of one goes to the first look, and the other half is shared by
all the others.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final, Literal

import numpy as np
from numpy.typing import NDArray

from ocguard.fingerprint.normalize import Box
from ocguard.imaging.ground import on_showing_ground
from ocguard.imaging.picture import Picture
from ocguard.imaging.pixel_grid import scaling
from ocguard.matching.identification.views import find_views
from ocguard.watermark.invisible import Codebook, Detection, Tries, survey
from ocguard.workflows.home.parts import Part, cut, overview
from ocguard.workflows.home.works import REFERENCE_PX, small_view

__all__ = ["PlacedMark", "Surveyed", "lies_within", "survey_picture"]

MOST_OF_IT: Final = 0.5
"""Share of the picture that a mark must show in so that no views of it are looked at."""
MARGIN: Final = 0.03
"""Share of its sides by which a part may reach beyond a marked picture and still lie within it."""
FURTHER_LOOKS: Final = 12
"""Most looks at what marks leave unexplained."""


@dataclass(frozen=True)
class PlacedMark:
    """A mark beyond doubt, and where in the picture it shows.

    Attributes
    ----------
    detection : Detection
        The mark; its transform starts from pixels of the picture.
    place : Box
        Where it shows, in pixels of the picture.
    view : (h, w, 3) uint8 array
        The part of the picture in which it was found, as it was looked at.
    to_picture : (3, 3) float array
        Pixels of that view to pixels of the picture.
    mode : {"blind", "informed"}
        Whether it was read beside its work.
    """

    detection: Detection
    place: Box
    view: NDArray[np.uint8]
    to_picture: NDArray[np.float64]
    mode: Literal["blind", "informed"] = "blind"


@dataclass(frozen=True)
class Surveyed:
    """What all looks at a picture say.

    Attributes
    ----------
    answer : Detection
        Of the whole; of the likeliest mark where one was found anywhere.
    marks : tuple of PlacedMark
        The likeliest first.
    """

    answer: Detection
    marks: tuple[PlacedMark, ...]


def survey_picture(picture: Picture, codebook: Codebook, ways: int = 1) -> Surveyed:
    """Read every mark in a picture and say where it shows.

    Parameters
    ----------
    picture : Picture
        The suspect, of which the first frame is read.
    codebook : Codebook
        Of the key whose marks are sought.
    ways : int
        Ways in which marks are sought in the suspect, this one among them: by how much more
        p-values are corrected.

    Returns
    -------
    Surveyed

    Notes
    -----
    For an ordinary picture as `detect_with`, and for every view of a crowded one, and every part of
    a marked one that shows no mark, up to a third of that: bent, stretched and blurred copies are
    not sought there.
    """
    tries = Tries(looks=2 * ways)
    whole = Box(0, 0, *picture.size)
    first, marks, rests = _look_at(picture, whole, codebook, tries, is_thorough=True)
    is_filled = any(_area(mark.place) >= MOST_OF_IT * _area(whole) for mark in marks)
    views = [] if is_filled else _views(picture)
    tries.looks = 2 * ways * (len(views) + FURTHER_LOOKS)
    left = [] if views else rests
    for view in views:
        _, found, rests = _look_at(picture, view, codebook, tries, is_thorough=False)
        marks += found
        left += rests
    for _ in range(FURTHER_LOOKS):
        if not left:
            break
        rest = left.pop(0)
        is_beyond = not any(lies_within(rest, mark.detection, codebook) for mark in marks)
        _, found, rests = _look_at(picture, rest, codebook, tries, is_thorough=is_beyond)
        known = {mark.detection.mark_id for mark in marks}
        if any(mark.detection.mark_id not in known for mark in found):
            left += rests
        marks += found
    distinct = tuple(_distinct(marks))
    return Surveyed(distinct[0].detection if distinct else first, distinct)


def lies_within(box: Box, detection: Detection, codebook: Codebook) -> bool:
    """Tell whether a part of a picture lies within what it shows of a marked one.

    Parameters
    ----------
    box : Box
        The part, in pixels of the picture.
    detection : Detection
        The mark; its transform starts from pixels of the picture.
    codebook : Codebook
        Knows the sizes of the marked pictures, if they were issued here.
    """
    if detection.mark_id is None or detection.transform is None:
        return False
    sides = (box.left, box.left + box.width), (box.top, box.top + box.height)
    corners = np.array([(x, y, 1) for x in sides[0] for y in sides[1]])
    laid = corners @ detection.transform.T
    for mark in codebook.known.get(detection.mark_id, ()):
        margin = MARGIN * np.array(mark.size_px)
        if bool(((laid >= -margin) & (laid <= mark.size_px + margin)).all()):
            return True
    return False


def _views(picture: Picture) -> list[Box]:
    """Return the parts of a picture that hold more than the whole showed.

    A single panel does only where the whole was looked at in small.
    """
    fewest = 2 if max(picture.size) <= REFERENCE_PX else 1
    boxes = find_views(overview(picture), picture.size, fewest).boxes
    return [box for box in boxes if _area(box) < MOST_OF_IT * picture.width * picture.height]


def _look_at(
    picture: Picture, box: Box, codebook: Codebook, tries: Tries, *, is_thorough: bool
) -> tuple[Detection, list[PlacedMark], list[Box]]:
    """Look at one part; return its answer, its marks, and the parts of it that these leave over."""
    view = small_view(cut(picture, Part(box)))
    rgb = on_showing_ground(view.rgb, view.alpha)
    seen = survey(rgb, codebook, tries, is_thorough=is_thorough)
    origin = np.array([box.left, box.top])
    scale = np.array([box.width, box.height]) / rgb.shape[1::-1]
    to_picture = scaling(*scale)
    to_picture[:2, 2] += origin
    to_view = np.linalg.inv(to_picture)

    def in_picture(part: tuple[int, int, int, int]) -> Box:
        left, top, width, height = part
        corners = np.array([(left, top), (left + width, top + height)]) * scale
        (west, north), (east, south) = np.rint(corners + origin).astype(int).tolist()
        return Box(west, north, min(east, box.right), min(south, box.bottom))

    def placed(detection: Detection, part: tuple[int, int, int, int]) -> PlacedMark:
        matrix = None if detection.transform is None else detection.transform @ to_view
        there = replace(detection, transform=matrix)
        return PlacedMark(there, in_picture(part), rgb, to_picture)

    marks = [placed(mark.detection, mark.box) for mark in seen.marks]
    return seen.answer, marks, [in_picture(part) for part in seen.rests]


def _distinct(marks: Sequence[PlacedMark]) -> Iterator[PlacedMark]:
    """Yield marks, the likeliest first; one mark in one place once, however often it was seen."""
    seen: dict[int | None, list[Box]] = defaultdict(list)
    for one in sorted(marks, key=lambda mark: mark.detection.p_value):
        places = seen[one.detection.mark_id]
        if not any(_overlap(place, one.place) for place in places):
            places.append(one.place)
            yield one


def _overlap(first: Box, second: Box) -> bool:
    """Tell whether two boxes have pixels in common."""
    return max(first.left, second.left) < min(first.right, second.right) and max(
        first.top, second.top
    ) < min(first.bottom, second.bottom)


def _area(box: Box) -> int:
    return box.width * box.height
