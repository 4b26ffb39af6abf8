"""Promises of ocguard.web.page.answers."""

from __future__ import annotations

import json


def test_people_read_what_went_wrong_and_programs_its_code(page) -> None:
    """One trouble, told to whoever asks."""
    told = page.call("/check/finds/gone")
    assert told.status == 404
    assert "this picture is no longer here: drop it again" in told.text
    told = page.call("/check/finds/gone", Accept="*/*")
    assert json.loads(told.data)["code"] == "not-found"


def test_pages_are_not_kept_and_pictures_are(page, drawings, png) -> None:
    """A page changes; the picture at an address does not."""
    url = page.drop("/protect/pictures", ("a.png", png(drawings.cel()))).url
    picture = url.rpartition("=")[2]
    assert page.call("/protect").headers["Cache-Control"] == "no-store"
    shown = page.call(f"/protect/pictures/{picture}/before")
    assert "immutable" in shown.headers["Cache-Control"]
