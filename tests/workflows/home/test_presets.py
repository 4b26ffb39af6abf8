"""Promises of ocguard.workflows.home.presets: looks kept by name, readable, shareable, checked."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import ocguard
from ocguard.errors import ConfigError
from ocguard.home import Home
from ocguard.portfolio import open_store
from ocguard.workflows.home.presets import (
    BUILT_IN,
    list_presets,
    load_preset,
    preset_toml,
    remove_preset,
    save_preset,
)

SOFT = {"visible": "band", "opacity": 20.5, "text": 'a "b" \\ 小\n{creator}', "vertical": False}


@pytest.mark.parametrize("name", sorted(BUILT_IN))
def test_every_preset_that_comes_along_works(name: str, tmp_path, drawings) -> None:
    """Without any other option, on a file."""
    path = tmp_path / "fox.png"
    from PIL import Image

    Image.fromarray(drawings.cel(500, 400)).save(path)
    result = ocguard.protect(
        path, out=tmp_path / "out", home=tmp_path / "h", preset=name, creator="Mo"
    )
    assert result.error is None
    assert result.visible["layout"] == BUILT_IN[name]["visible"]


def test_a_saved_preset_is_loaded_as_it_was(tmp_path) -> None:
    """By its name, or passed on as a file."""
    home = Home(tmp_path)
    path = save_preset(home, "soft", SOFT)
    assert load_preset(home, "soft") == SOFT
    assert load_preset(Home(tmp_path / "other"), path) == SOFT
    assert tomllib.loads(preset_toml(SOFT))["format"] == "ocguard.preset/1"


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=st.text(st.characters(exclude_categories=["Cs"], exclude_characters="{}")))
def test_any_text_survives_the_file(text: str, tmp_path) -> None:
    """Quotes, line breaks, controls, every script."""
    home = Home(tmp_path)
    save_preset(home, "x", {"text": text})
    assert load_preset(home, "x") == {"text": text}


def test_ones_own_preset_goes_before_one_that_comes_along(tmp_path) -> None:
    """And that is back when the own one is removed."""
    home = Home(tmp_path)
    save_preset(home, "light", {"visible": "tile"})
    assert list_presets(home)["light"] == {"visible": "tile"}
    assert set(list_presets(home)) == set(BUILT_IN)
    remove_preset(home, "light")
    assert load_preset(home, "light") == BUILT_IN["light"]
    with pytest.raises(ConfigError, match="of your own"):
        remove_preset(home, "light")


def test_what_a_run_says_goes_before_the_preset(tmp_path, drawings) -> None:
    """A text replaces a code or a logo, since a corner shows only one of them."""
    home = Home(tmp_path)
    save_preset(home, "code", {"visible": "corner", "qr": "https://example.org"})
    options: dict[str, Any] = {"home": tmp_path, "preset": "code", "creator": "Mo"}
    result = ocguard.protect(drawings.cel(500, 400), visible="tile", text="x", **options)
    assert result.error is None
    assert result.visible["layout"] == "tile"


def test_a_frame_keeps_the_presets_text_beside_a_code(tmp_path, drawings) -> None:
    """It has room for both."""
    result = ocguard.protect(
        drawings.cel(700, 600), home=tmp_path, preset="portfolio", title="Fox",
        qr="https://example.org", creator="Mo",
    )  # fmt: skip
    with open_store(tmp_path / "portfolio.sqlite3") as store:
        assert store.marks(result.work_id)[0].visible["text"] == "Fox · © Mo"


def test_paths_count_from_the_presets_own_folder(tmp_path) -> None:
    """A preset and its logo can be moved together."""
    folder = tmp_path / "kit"
    folder.mkdir()
    (folder / "look.toml").write_text('logo = "fox.png"\nfont = "a/b.ttf"\n')
    loaded = load_preset(Home(tmp_path), folder / "look.toml")
    assert loaded == {"logo": str(folder / "fox.png"), "font": str(folder / "a" / "b.ttf")}


@pytest.mark.parametrize(
    ("content", "match"),
    [
        ("opacty = 3", "opacity"),
        ("opacity = 'much'", "a number"),
        ("vertical = 1", "true or false"),
        ("visible = 3", "text in quotes"),
        ("text = '{nobody}'", "short_id"),
        ("format = 'ocguard.preset/9'", "reads ocguard"),
        ("[table]\nx = 1", "nearest"),
        ("= broken", "TOML"),
    ],
)
def test_bad_files_are_explained(content: str, match: str, tmp_path) -> None:
    """By the name of the file, and what would be right."""
    path = tmp_path / "bad.toml"
    path.write_text(content)
    with pytest.raises(ConfigError, match=match) as caught:
        load_preset(Home(tmp_path), path)
    assert "bad.toml" in str(caught.value)


@pytest.mark.parametrize("name", ["../x", "", "A", "a/b", "x" * 41, "ä"])
def test_names_are_never_paths(name: str, tmp_path) -> None:
    """Nothing outside the folder is ever written or read."""
    with pytest.raises(ConfigError, match="small letters"):
        save_preset(Home(tmp_path), name, {})
    assert list(tmp_path.iterdir()) == []


def test_an_unknown_name_lists_what_there_is(tmp_path) -> None:
    """The built-in ones at least."""
    with pytest.raises(ConfigError, match="light, portfolio, preview"):
        load_preset(Home(Path(tmp_path)), "nothing")
