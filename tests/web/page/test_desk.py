"""Promises of ocguard.web.page.desk."""

from __future__ import annotations


def test_what_cannot_be_read_is_told_by_its_name(page, drawings, png) -> None:
    """The others are there."""
    art = png(drawings.cel())
    shown = page.drop("/protect/pictures", ("notes.txt", b"text"), ("a.png", art)).text
    assert "notes.txt is not a picture" in shown
    assert "Protect 1 picture<" in shown
    assert "notes.txt" not in page.call("/protect").text


def test_a_name_brings_no_folders(page, drawings, png) -> None:
    """Neither of Linux nor of Windows; nothing that the page sends is a path."""
    art = png(drawings.cel())
    for name in ("../../../evil.png", "C:\\\\art\\\\evil.png"):
        shown = page.drop("/protect/pictures", (name, art)).text
        assert "<span>evil.png</span>" in shown


def test_a_form_without_pictures_changes_nothing(page) -> None:
    """The room is shown as it was."""
    assert "Drop pictures or a folder here" in page.drop("/protect/pictures").text
