"""Promises of ocguard.workflows.protect.options."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image, features

import ocguard
from ocguard.errors import FontError, PlatformError
from ocguard.home import Home
from ocguard.workflows.home.workspace import Workspace
from ocguard.workflows.protect.options import prepare_protect

PLAIN = {"visible": "none", "creator": "Mo"}
lacks_fribidi = pytest.mark.skipif(features.check("raqm"), reason="FriBiDi is installed")


@pytest.mark.parametrize(
    ("options", "match"),
    [
        ({"visible": "none", "recipient": "a\nb"}, "recipient"),
        ({"visible": "none", "recipient": "a\udcff"}, "recipient is one line"),
        ({"visible": "corner", "text": "x", "logo": np.zeros((4, 4, 4), np.uint8)}, "not both"),
        ({"contact": "nobody"}, "contact"),
        ({"data_mining": "NEVER"}, "data_mining"),
    ],
)
def test_impossible_choices_are_refused_before_any_work(tmp_path, drawings, options, match) -> None:
    """A caller's mistake is no failed picture."""
    with pytest.raises(ValueError, match=match):
        ocguard.protect(drawings.cel(200, 150), home=tmp_path, creator="Mo", **options)


@pytest.mark.parametrize(
    ("options", "match"),
    [
        ({"c2pa": True}, "only you know that: give --digital-source"),
        ({"c2pa_key": "key.pem", "digital_source": "digitalCreation"}, "go together"),
        ({"c2pa_certificates": "a.pem", "digital_source": "digitalCreation"}, "go together"),
    ],
)
def test_credentials_need_an_answer_and_a_whole_chain(tmp_path, drawings, options, match) -> None:
    """Nothing is assumed of how a picture was made, and nothing is signed by half a chain."""
    with pytest.raises(ValueError, match=match):
        ocguard.protect(drawings.cel(200, 150), home=tmp_path, **PLAIN, **options)


CREATOR = {"creator": "Mo"}


@pytest.mark.parametrize(
    ("options", "match"),
    [
        ({"text": "{nobody}"}, "short_id"),
        ({"text": "for {recipient}"}, "--recipient"),
        ({"text": "on {platform}"}, "--platform"),
        ({"qr": "https://a.b", "visible": "tile"}, "corner or a frame"),
        ({"qr": "nowhere"}, "https"),
        ({"qr": "https://a.b", "logo": np.zeros((4, 4, 4), np.uint8)}, "not both"),
        ({"qr": "https://a.b", "text": "x", "visible": "corner"}, "not both"),
        ({"text": "A" * 10_000}, "at most 300 fit"),
        ({"color": "pink"}, "write #RRGGBB"),
        ({"color": "#ff6699", "logo": np.zeros((4, 4, 4), np.uint8)}, "keeps its colors"),
        ({"text": "\u202e\u200b"}, "nothing to draw"),
    ],
)
def test_impossible_looks_are_refused_before_any_work(tmp_path, drawings, options, match) -> None:
    """A caller's mistake is no failed picture."""
    with pytest.raises(ValueError, match=match):
        ocguard.protect(drawings.cel(200, 150), home=tmp_path, **options, **CREATOR)


@pytest.mark.parametrize(
    ("options", "match"),
    [
        ({"text": "fox \U0001f98a"}, "emoji"),
        ({"text": "\U00013000 scribe"}, "no installed font"),
        ({"font": "nowhere.ttf"}, "nowhere.ttf"),
        pytest.param({"vertical": True}, "libfribidi0", marks=lacks_fribidi),
    ],
)
def test_a_text_that_cannot_be_drawn_is_refused_once(tmp_path, drawings, options, match) -> None:
    """Not once for every picture of a folder."""
    for number in range(2):
        Image.fromarray(drawings.cel(200, 150, number)).save(tmp_path / f"{number}.png")
    with pytest.raises(FontError, match=match):
        ocguard.protect([tmp_path], out=tmp_path / "o", home=tmp_path / "h", **options, **CREATOR)


def test_a_logo_that_is_no_picture_is_named(tmp_path, drawings) -> None:
    """The message says which file is at fault."""
    path = tmp_path / "logo.png"
    path.write_text("no picture")
    with pytest.raises(ocguard.OcguardError, match=r"logo\.png is not a picture"):
        ocguard.protect(drawings.cel(200, 150), home=tmp_path, logo=path, **CREATOR)


def prepared(folder: Path, **options: Any):
    """Prepare a protection as the command does, asking for nobody's name."""
    return prepare_protect(Workspace.at(folder), options, lambda: "Asked")


def test_a_first_run_asks_for_the_name_only_when_it_was_not_said(tmp_path) -> None:
    """And keeps it with a new key."""
    _, said = prepared(tmp_path / "a", creator="Mo", visible="none")
    _, asked = prepared(tmp_path / "b", visible="none")
    _, again = prepared(tmp_path / "b", visible="none")
    assert (said.profile.creator, asked.profile.creator) == ("Mo", "Asked")
    assert asked.is_new
    assert not again.is_new
    assert again.key.key_id == asked.key.key_id


def test_how_pictures_are_made_is_asked_once_and_kept(tmp_path) -> None:
    """No answer declares nothing; a code of one run goes before the profile's and is not kept."""
    place = Workspace.at(tmp_path / "a")
    answers = (lambda: "Mo", lambda: "digitalCreation")
    asked, _ = prepare_protect(place, {"visible": "none"}, *answers)
    later, _ = prepared(tmp_path / "a", visible="none")
    said, _ = prepared(tmp_path / "a", visible="none", digital_source="print")
    silent, _ = prepared(tmp_path / "b", visible="none")
    sources = [job.opt_out.digital_source for job in (asked, later, said, silent)]
    assert sources == ["digitalCreation", "digitalCreation", "print", ""]
    first = {"visible": "none", "digital_source": "print"}
    _, identity = prepare_protect(Workspace.at(tmp_path / "c"), first, *answers)
    assert identity.profile.digital_source == ""


def test_a_dry_run_keeps_no_identity(tmp_path) -> None:
    """Neither home nor key appear."""
    job, identity = prepared(tmp_path / "home", visible="none", dry_run=True)
    assert job.is_dry_run
    assert job.secret == identity.key.to_bytes()
    assert not (tmp_path / "home").exists()


def test_what_is_said_for_a_run_goes_before_the_profile(tmp_path) -> None:
    """In the declaration and in the mark, and changes no profile."""
    prepared(tmp_path, creator="Mo", notice="© Mo", contact="mo@example.org", visible="none")
    job, _ = prepared(tmp_path, creator="Ann", notice="© Ann", constraints="No games.")
    assert (job.opt_out.creator, job.opt_out.notice) == ("Ann", "© Ann")
    assert job.opt_out.contact == "mo@example.org"
    assert job.opt_out.constraints == "No games."
    assert job.look.text == "© Ann"
    assert Home(tmp_path).load_profile().creator == "Mo"


def test_a_text_of_this_run_replaces_a_presets_logo(tmp_path) -> None:
    """But in a frame, which has room for both."""
    logo = tmp_path / "logo.png"
    Image.new("RGBA", (40, 20), (200, 0, 0, 255)).save(logo)
    preset = tmp_path / "look.toml"
    preset.write_text('visible = "corner"\nlogo = "logo.png"\nopacity = 40\n', encoding="utf-8")
    job, _ = prepared(tmp_path / "h", creator="Mo", preset=str(preset))
    assert job.look.logo_rgba is not None
    assert (job.look.text, job.look.opacity_percent) == ("", 40)
    job, _ = prepared(tmp_path / "h", preset=str(preset), text="fox")
    assert (job.look.text, job.look.logo_rgba) == ("fox", None)
    job, _ = prepared(tmp_path / "h", preset=str(preset), text="fox", visible="frame")
    assert job.look.text == "fox"
    assert job.look.logo_rgba is not None


def test_platforms_fill_in_their_field_unless_it_was_said(tmp_path) -> None:
    """An unknown platform is refused with the nearest name."""
    job, _ = prepared(tmp_path, creator="Mo", platforms=["x"], text="{platform}")
    assert job.fields["platform"] == "x"
    job, _ = prepared(tmp_path, platforms=["x"], text="{platform}", platform="Site")
    assert job.fields["platform"] == "Site"
    with pytest.raises(PlatformError, match="did you mean 'weibo'"):
        prepared(tmp_path, platforms=["wiebo"])


def test_vertical_text_stands_in_a_corner_only(tmp_path) -> None:
    """Columns across a band would be read as letters."""
    with pytest.raises(ValueError, match="--visible corner"):
        prepared(tmp_path, creator="Mo", visible="band", vertical=True)
