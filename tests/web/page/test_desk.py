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


def test_who_quits_at_work_is_led_to_it(page, drawings, png) -> None:
    """The program goes on; the room of protecting leads there, too."""
    pictures = [(f"{seed}.png", png(drawings.cel(seed=seed))) for seed in (71, 72, 73)]
    page.drop("/protect/pictures", *pictures)
    run = page.send("/protect/runs").url.removeprefix(page.base)
    told = page.send("/end")
    assert told.status == 409
    assert f'href="{run}">See how far they are</a>' in told.text
    assert f'href="{run}">See how far they are</a>' in page.call("/protect").text
    assert "3 pictures are protected" in page.wait(run, gone="are being protected").text
    assert "See how far" not in page.call("/protect").text
