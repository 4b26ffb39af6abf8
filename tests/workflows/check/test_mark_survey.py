"""Promises of ocguard.workflows.check.mark_survey."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from PIL import Image

from ocguard.fingerprint.normalize import Box
from ocguard.imaging.picture import Picture
from ocguard.keys import SecretKey
from ocguard.portfolio import open_store
from ocguard.watermark.invisible import Codebook
from ocguard.workflows.check.mark_survey import lies_within, survey_picture
from ocguard.workflows.home.works import known_marks


@pytest.fixture(scope="module")
def codebook(gallery) -> Codebook:
    """What the gallery's marks are read with."""
    key = SecretKey.load(gallery.home / "secret.key")
    with open_store(gallery.home / "portfolio.sqlite3") as store:
        return Codebook(key, known_marks(store, key))


def protected(gallery, name: str, size: tuple[int, int] | None = None) -> Image.Image:
    """Return a protected picture on white, at a size."""
    with Image.open(gallery.out / name) as image:
        rgba = image.convert("RGBA")
    flat = Image.new("RGB", rgba.size, "white")
    flat.paste(rgba, mask=rgba)
    return flat.resize(size, Image.Resampling.LANCZOS) if size else flat


def ids_in(picture: Image.Image, codebook: Codebook) -> list[tuple[str, tuple[int, ...]]]:
    """Return mark ids and places."""
    seen = survey_picture(Picture.from_array(np.asarray(picture)), codebook)
    return [
        (
            f"{mark.detection.mark_id:016x}",
            (mark.place.left, mark.place.top, mark.place.right, mark.place.bottom),
        )
        for mark in seen.marks
    ]


def test_every_mark_on_a_page_is_found_with_its_place(gallery, codebook) -> None:
    """A gallery of three works on plain ground, each within a sixth of its side."""
    page, expected = Image.new("RGB", (1500, 700), (20, 20, 24)), {}
    sizes = {"cel.png": (440, 330), "soft.jpg": (440, 381), "sub/林.webp": (440, 550)}
    for column, (name, size) in enumerate(sizes.items()):
        left = 30 + 490 * column
        page.paste(protected(gallery, name, size), (left, 80))
        expected[gallery.protected(name).mark_id] = (left, 80, left + 440, 80 + size[1])
    found = dict(ids_in(page, codebook))
    assert found.keys() == expected.keys()
    for mark_id, place in found.items():
        assert np.abs(np.subtract(place, expected[mark_id])).max() < 75


def test_a_picture_pasted_into_another_is_found_beside_it(gallery, codebook) -> None:
    """Without plain ground between them: what the first mark leaves over is looked at."""
    page = protected(gallery, "soft.jpg", (1200, 1040))
    page.paste(protected(gallery, "cel.png", (560, 420)), (600, 40))
    wanted = {gallery.protected(name).mark_id for name in ("soft.jpg", "cel.png")}
    assert {mark_id for mark_id, _ in ids_in(page, codebook)} == wanted


def test_a_part_lies_within_a_marked_picture_or_beyond_it(gallery, codebook) -> None:
    """By the transform of its mark: the ground around a pasted picture shows none of it."""
    page = Image.new("RGB", (1000, 800), "white")
    page.paste(protected(gallery, "cel.png"), (200, 100))
    seen = survey_picture(Picture.from_array(np.asarray(page)), codebook)
    found = seen.marks[0].detection
    assert lies_within(Box(240, 140, 500, 300), found, codebook)
    assert not lies_within(Box(0, 0, 500, 300), found, codebook)
    assert not lies_within(Box(240, 140, 500, 300), replace(found, transform=None), codebook)


def test_one_mark_in_one_place_is_named_once(gallery, codebook) -> None:
    """However many looks have seen it; plain ground at its sides carries none of it."""
    ((mark_id, place),) = ids_in(protected(gallery, "cel.png"), codebook)
    assert mark_id == gallery.protected("cel.png").mark_id
    left, top, right, bottom = place
    assert 0 <= left < right <= 640
    assert 0 <= top < bottom <= 480
    assert (right - left) * (bottom - top) > 0.8 * 640 * 480


def test_a_work_shown_twice_is_named_twice(gallery, codebook) -> None:
    """With both places."""
    page = Image.new("RGB", (1340, 520), "white")
    for left in (20, 680):
        page.paste(protected(gallery, "cel.png"), (left, 20))
    found = ids_in(page, codebook)
    assert [mark_id for mark_id, _ in found] == 2 * [gallery.protected("cel.png").mark_id]
    assert {place[0] // 600 for _, place in found} == {0, 1}


def test_a_transform_starts_from_pixels_of_the_whole_picture(gallery, codebook) -> None:
    """Also where the mark was found in a part of it, seen in small."""
    page = Image.new("RGB", (2000, 1400), "white")
    page.paste(protected(gallery, "cel.png", (960, 720)), (900, 500))
    seen = survey_picture(Picture.from_array(np.asarray(page)), codebook)
    (mark,) = seen.marks
    assert mark.detection.transform @ (900, 500, 1) == pytest.approx((0, 0), abs=3)
    assert mark.detection.transform @ (1860, 1220, 1) == pytest.approx((640, 480), abs=3)


def test_an_unmarked_page_has_none(gallery, codebook, drawings) -> None:
    """Looked at in parts, it is not found either."""
    page = Image.new("RGB", (1500, 600), "white")
    for column in range(3):
        page.paste(Image.fromarray(drawings.cel(440, 440, 90 + column)), (30 + 490 * column, 80))
    seen = survey_picture(Picture.from_array(np.asarray(page)), codebook)
    assert (seen.answer.verdict, seen.marks) == ("not-found", ())


def test_p_values_are_corrected_for_other_ways_to_look(gallery, codebook) -> None:
    """As many times as there are ways."""
    picture = Picture.from_array(np.asarray(protected(gallery, "cel.png")))
    one, three = (survey_picture(picture, codebook, ways).answer for ways in (1, 3))
    assert one.mark_id == three.mark_id
    assert three.p_value == pytest.approx(3 * one.p_value)
