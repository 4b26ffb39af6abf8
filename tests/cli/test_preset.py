"""Promises of ``ocguard preset`` and of ``ocguard protect --preset`` and ``--preview``."""

from __future__ import annotations

import pytest
from PIL import Image

from ocguard.imaging.files import read_picture


@pytest.fixture
def art(tmp_path, drawings):
    """Draw a folder with two pictures."""
    (tmp_path / "art").mkdir()
    for name in ("a", "b"):
        Image.fromarray(drawings.cel(420, 380, ord(name))).save(tmp_path / "art" / f"{name}.png")
    return tmp_path / "art"


def test_looks_are_listed_in_the_readers_language(run, tmp_path) -> None:
    """Options and their choices; what letters say stays as it is."""
    base = ("--home", tmp_path / "h", "--lang")
    assert "visible corner, size 2.2" in run(*base, "en", "preset", "list").stdout
    listed = run(*base, "zh", "preset", "list").stdout
    assert "© {creator}" in listed
    for english in ("visible", "corner", "opacity", "tile", "text "):
        assert english not in listed


def test_a_look_is_saved_listed_shown_used_and_removed(run, art, tmp_path, records) -> None:
    """The life of a preset; what is shown is the file to pass on."""
    base = ("--home", tmp_path / "h")
    saved = run(*base, "preset", "save", "net", "--visible", "tile", "--opacity", "30")
    assert saved.exit_code == 0
    assert "net " in run(*base, "preset", "list").stdout
    shown = run(*base, "preset", "show", "net").stdout
    assert shown.splitlines() == [
        'format = "ocguard.preset/1"', 'visible = "tile"', "opacity = 30.0",
    ]  # fmt: skip
    (tmp_path / "net.toml").write_text(shown)
    for name in ("net", str(tmp_path / "net.toml")):
        done = run(
            *base, "protect", art / "a.png", "--out", f"o{len(name)}", "--preset", name, "--json",
            "--creator", "Mo",
        )  # fmt: skip
        assert records(done)[0]["visible"]["layout"] == "tile"
    assert run(*base, "preset", "remove", "net").exit_code == 0
    gone = run(*base, "protect", art, "--out", "o", "--preset", "net")
    assert gone.exit_code == 2
    assert "light, portfolio, preview" in gone.stderr


def test_custom_is_the_name_of_a_look_without_one(run, tmp_path) -> None:
    """Starting from a file, with one thing changed."""
    base = ("--home", tmp_path / "h")
    (tmp_path / "their.toml").write_text('visible = "band"\nopacity = 20\n')
    run(*base, "preset", "save", "--from", tmp_path / "their.toml", "--opacity", "12")
    shown = run(*base, "preset", "show", "custom").stdout
    assert 'visible = "band"' in shown
    assert "opacity = 12.0" in shown


def test_options_go_before_the_preset_and_the_preset_before_the_file(
    run, art, tmp_path, records
) -> None:
    """Whatever was said most firmly counts."""
    (tmp_path / "ocguard.toml").write_text('[protect]\nvisible = "band"\n')
    base = ("--home", tmp_path / "h", "protect", art / "a.png", "--json", "--creator", "Mo")

    def layout(out: str, *options: str) -> str:
        return records(run(*base, "--out", out, *options))[0]["visible"]["layout"]

    assert layout("o1") == "band"
    assert layout("o2", "--preset", "preview") == "tile"
    assert layout("o3", "--preset", "preview", "--visible", "corner") == "corner"
    (tmp_path / "ocguard.toml").write_text('[protect]\npreset = "preview"\n')
    assert layout("o4") == "tile"


def test_a_preview_is_a_sheet_and_protects_nothing(run, art, tmp_path, records) -> None:
    """Figures on the terminal or as records."""
    base = ("--home", tmp_path / "h", "protect", art, "--out", tmp_path / "o", "--preview", "1")
    told = run(*base, "--creator", "Mo", "--visible", "band")
    assert told.exit_code == 0
    assert "after averaging 20 works" in told.stdout
    assert [path.name for path in (tmp_path / "o").iterdir()] == ["preview.jpg"]
    assert read_picture(tmp_path / "o" / "preview.jpg").width > 1000
    assert not (tmp_path / "h" / "portfolio.sqlite3").exists()
    (found,) = records(run(*base, "--creator", "Mo", "--json"))
    assert found["status"] == "skipped"
    assert found["visible"]["left"]["averaged"] > 0


def test_a_preview_needs_a_folder(run, art) -> None:
    """Said before any work."""
    result = run("protect", art, "--preview", "2")
    assert result.exit_code == 2
    assert "--out" in result.stderr


def test_verbose_tells_where_the_mark_lies(run, art, tmp_path) -> None:
    """And what is left of it, when asked."""
    base = ("--home", tmp_path / "h", "-v", "protect", art / "a.png", "--creator", "Mo")
    plain = run(*base, "--out", "o1", "--visible", "tile")
    assert "of the art" in plain.stdout
    assert "averaging" not in plain.stdout
    assert "averaging 20 works" in run(*base, "--out", "o2", "--removability").stdout


def test_the_portfolio_shows_how_a_visible_mark_was_made(run, art, tmp_path, records) -> None:
    """For the artist who has to show it; the seed stays with the key."""
    base = ("--home", tmp_path / "h")
    done = run(*base, "protect", art / "a.png", "--out", "o", "--visible", "band", "--json",
               "--creator", "Mo")  # fmt: skip
    work = records(done)[0]["work_id"]
    told = run(*base, "-v", "portfolio", "show", work).stdout
    assert "visible: layout band, text © Mo, method visible/1, seed_sha256 " in told
    assert records(run(*base, "portfolio", "show", work, "--json"))[0]["marks"][0]["visible"]
