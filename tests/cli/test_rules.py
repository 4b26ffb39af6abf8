"""Promises of ocguard.cli.rules."""

from __future__ import annotations

import re

import pytest
from PIL import Image


@pytest.fixture
def suspect(gallery, tmp_path):
    """Crop and recompress a protected picture."""
    with Image.open(gallery.out / "soft.jpg") as image:
        image.crop((30, 20, 580, 500)).save(tmp_path / "suspect.jpg", quality=75)
    return tmp_path / "suspect.jpg"


def test_rules_are_explained_in_the_readers_language(run, gallery, suspect) -> None:
    """In words, with the names of records behind them."""
    base = ("--home", gallery.home, "--lang")
    shown = "".join(run(*base, "en", "check", suspect, "--explain").stdout.split())
    assert "yes:Theworkisinitlineforline(copy);" in shown
    shown = run(*base, "zh", "check", suspect, "--explain").stdout
    rules = "".join(shown.partition("（copy）")[2].split())
    assert not re.search("[a-zA-Z]", re.sub("（[a-z0-9_-]+）", "", rules)), rules


def test_of_equal_pixels_no_rule_is_told(run, gallery) -> None:
    """None was asked, and nothing was measured for one."""
    shown = run("--home", gallery.home, "check", gallery.art / "soft.jpg", "--explain").stdout
    assert "none was asked, since both are the same" in " ".join(shown.split())
    assert "nan" not in shown.split()
