"""Promises of ``ocguard sitekit``."""

from __future__ import annotations

from PIL import Image


def test_a_kit_is_made(run, drawings, tmp_path) -> None:
    """With a gallery of what was protected, under a heading of choice; told what to read."""
    Image.fromarray(drawings.cel(420, 300, 1)).save(tmp_path / "fox.png")
    home = ("--home", tmp_path / "home")
    options = ("--creator", "Mira", "--visible", "none")
    assert run(*home, "protect", tmp_path / "fox.png", "--out", "p", *options).exit_code == 0
    done = run(*home, "sitekit", "p", "--out", "kit", "--title", "My foxes")
    assert done.exit_code == 0
    assert done.stdout == "site in kit, with a gallery of 1 picture\n"
    assert "read-first.txt" in done.stderr
    page = (tmp_path / "here" / "kit" / "site" / "index.html").read_text("utf-8")
    assert "<h1>My foxes</h1>" in page


def test_rules_alone_need_no_picture(run, tmp_path) -> None:
    """But somebody whose site it is, and a folder that is new."""
    home = ("--home", tmp_path / "home")
    assert run(*home, "sitekit", "--out", "kit").exit_code == 4
    assert run(*home, "profile", "set", "--creator", "Mira").exit_code == 0
    assert run(*home, "sitekit", "--out", "kit").stdout == "site in kit\n"
    assert run(*home, "sitekit", "--out", "kit").exit_code == 4
    assert run(*home, "sitekit").exit_code == 2


def test_an_original_is_not_put_on_a_site(run, gallery) -> None:
    """The picture is named."""
    done = run("--home", gallery.home, "sitekit", gallery.art / "cel.png", "--out", "kit")
    assert done.exit_code == 4
    assert "cel.png is not a file that 'ocguard protect' wrote" in done.stderr
