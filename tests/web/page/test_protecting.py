"""Promises of ocguard.web.page.protecting."""

from __future__ import annotations

import io
import re
import zipfile

import pytest
from starlette.datastructures import QueryParams

from ocguard import detect
from ocguard.web.page.protecting import choices_of, options_of
from ocguard.web.problems import Refusal


def test_what_a_form_leaves_open_is_left_open() -> None:
    """An empty text, and a slider at 0, mean: as ocguard finds best."""
    said = QueryParams("visible=corner&text=&opacity=0&size=3&for=x&logo=/etc/passwd")
    assert choices_of(said) == {"visible": "corner", "size": "3", "for": "x"}
    options = options_of(choices_of(said))
    assert options == {"visible": "corner", "size": 3.0, "platforms": ["x"]}


def test_an_impossible_choice_is_named() -> None:
    """As a refusal that people can read."""
    with pytest.raises(Refusal, match="opacity"):
        options_of({"opacity": "200"})
    with pytest.raises(Refusal, match="color"):
        options_of({"color": "pink"})


def test_pictures_are_protected_without_scripts(page, drawings, png) -> None:
    """Drop, protect, take away: the files lie in the named place, and their marks are read."""
    arts = [(name, png(drawings.cel(640, 480, seed=9))) for name in ("sun.png", "sun.webp")]
    page.drop("/protect/pictures", *arts)
    first = page.send("/protect/runs", visible="none", recipient="Mo")
    run = first.url.removeprefix(page.base)
    shown = page.wait(run, gone="Your pictures are being protected")
    assert "2 pictures are protected" in shown.text
    packed = page.call(f"{run}/zip")
    assert packed.headers["Content-Type"] == "application/zip"
    with zipfile.ZipFile(io.BytesIO(packed.data)) as archive:
        names = archive.namelist()
        assert len(names) == 2
        for name in names:
            data = archive.read(name)
            assert (page.saved / name).read_bytes() == data
    found = detect(data, home=page.home)
    assert found.marks[0].recipient == "Mo"
    picture = re.search(r"/pictures/(\w+)/after", shown.text)[1]
    assert page.call(f"{run}/pictures/{picture}/after").data[:2] == b"\xff\xd8"


def test_a_look_is_shown_before_anything_is_protected(page, drawings, png) -> None:
    """The mark is in the picture after, and nothing is written."""
    before = set(page.saved.rglob("*"))
    url = page.drop("/protect/pictures", ("sea.png", png(drawings.cel(640, 480, seed=3)))).url
    picture = url.rpartition("=")[2]
    plain = page.call(f"/protect/pictures/{picture}/before").data
    none = page.call(f"/protect/pictures/{picture}/after?visible=none").data
    tiled = page.call(f"/protect/pictures/{picture}/after?visible=tile&text=Mo").data
    assert plain == none
    assert tiled != plain
    assert set(page.saved.rglob("*")) == before


def test_what_is_impossible_is_told_beside_the_form(page, drawings, png) -> None:
    """The pictures and the other choices stay."""
    page.drop("/protect/pictures", ("sea.png", png(drawings.cel(seed=4))))
    told = page.send("/protect/runs", visible="band", text="{moon}")
    assert told.status == 422
    assert 'role="alert">' in told.text
    assert "moon" in told.text
    assert re.search(r'value="band" checked', told.text)
    assert "sea.png" in told.text
    page.send("/protect/runs", visible="none")


def test_a_sample_is_there_to_try(page) -> None:
    """One press on the empty screen, and a picture that comes with ocguard shows its mark."""
    assert 'action="/protect/sample"' in page.call("/protect").text
    shown = page.send("/protect/sample")
    picture = re.search(r"/protect/pictures/(\w+)/before", shown.text)[1]
    before = page.call(f"/protect/pictures/{picture}/before").data
    assert page.call(f"/protect/pictures/{picture}/after?visible=tile&text=Mo").data != before


def test_what_is_gone_is_told(page) -> None:
    """A run of another day, or a picture that was taken off."""
    assert page.call("/protect/runs/gone").status == 404
    assert page.call("/protect/pictures/gone/before").status == 404
