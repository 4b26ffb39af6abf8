"""Promises of ocguard.cli.selftest."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from PIL import Image

from ocguard.imaging.files import read_picture
from ocguard.platforms.profile_toml import parse_profile

PLAIN = ("--visible", "none", "--jobs", "1", "--creator", "L")


@pytest.fixture
def downloaded(run, gallery, tmp_path) -> Path:
    """Simulate a platform for the gallery, and rename what it serves."""
    profile = tmp_path / "site.toml"
    profile.write_text(
        'schema = "ocguard.platform/1"\nname = "site"\ntitle = "Site"\nconfidence = "high"\n'
        'source = "test"\nchecked = 2026-01-31\n[[stages]]\nwhat = ""\n'
        'fit = { long_side_px = 540 }\ncodec = { format = "jpeg", quality = 80 }\n',
        encoding="utf-8",
    )
    result = run("-q", "simulate", gallery.out, "--out", tmp_path / "served", "--for", profile)
    assert result.exit_code == 0
    folder = tmp_path / "downloaded"
    folder.mkdir()
    for number, path in enumerate(sorted((tmp_path / "served").rglob("*.jpg"))):
        shutil.copy(path, folder / f"IMG_{number:04}.jpg")
    return folder


def test_selftest_measures_what_a_platform_did(run, gallery, downloaded, records) -> None:
    """Pairs by their content, and says size, quality, metadata and mark."""
    arguments = ("selftest", "--original", gallery.out, "--downloaded", downloaded, "-j1")
    result = run("--home", gallery.home, *arguments, "--json", "--out", "site.toml")
    assert result.exit_code == 0
    found = records(result)
    names = [Path(one["original"]).name for one in found]
    assert sorted(names) == ["cel.png", "cutout.png", "soft.jpg", "林.webp"]
    for one in found:
        assert (one["width"], one["height"]) != (one["width_in"], one["height_in"])
        assert (one["quality"], one["chroma"], one["kept_area"]) == (80, "4:2:0", 1.0)
        assert (one["metadata"], one["mark"]) == ([], "found")
        assert one["mark_id"] in {result.mark_id for result in gallery.results}
    profile = parse_profile(Path("site.toml").read_text("utf-8"), "site.toml")
    (stage,) = profile.stages
    assert stage.fit.long_side_px == (540, 540)
    assert stage.codec.quality == (80, 80)
    assert profile.keeps == ()


def test_a_measured_profile_is_used_by_its_name(run, gallery, downloaded, tmp_path, art) -> None:
    """It lies in the home folder, and is not overwritten unasked."""
    home = tmp_path / "own"
    arguments = ("selftest", "--original", gallery.out, "--downloaded", downloaded, "-j1")
    first = run("--home", home, *arguments, "--name", "mine")
    assert first.exit_code == 0
    assert "marks are not read" in first.stderr
    assert "medium confidence" in first.stderr
    assert "quality 80 (estimated) 4:2:0; nothing cut" in " ".join(first.stdout.split())
    assert run("--home", home, "simulate", art, "--out", "o", "--for", "mine").exit_code == 0
    assert read_picture(Path("o", "mine", "a.jpg")).size == (540, 347)
    refused = run("--home", home, *arguments, "--name", "mine")
    assert (refused.exit_code, refused.stdout) == (4, "")  # before any measuring
    assert "--overwrite" in refused.stderr
    assert run("--home", home, *arguments, "--name", "mine", "--overwrite").exit_code == 0
    assert run("--home", home, *arguments, "--name", "../mine").exit_code == 2


def test_a_stranger_among_the_downloads_is_said(run, gallery, downloaded, drawings) -> None:
    """It fails, the others are measured; what was not downloaded is counted."""
    for path in sorted(downloaded.iterdir())[1:]:
        path.unlink()
    Image.fromarray(drawings.painterly(500, 400, 99)).save(downloaded / "stranger.png")
    arguments = ("selftest", "--original", gallery.out, "--downloaded", downloaded, "-j1")
    result = run("--home", gallery.home, *arguments, "--out", "p.toml")
    assert result.exit_code == 3
    assert "stranger.png resembles none of the posted pictures" in result.stderr
    assert "3 posted pictures without a download" in result.stderr
    assert "low confidence" in result.stderr


def test_without_downloads_no_profile_is_written(run, gallery, tmp_path) -> None:
    """An empty folder is an error that says so, and leaves nothing behind."""
    (tmp_path / "none").mkdir()
    arguments = ("selftest", "--original", gallery.out, "--downloaded", tmp_path / "none")
    result = run("--home", gallery.home, *arguments, "--out", "p.toml")
    assert result.exit_code == 2
    assert f"no pictures in {tmp_path / 'none'}" in result.stderr
    assert not Path("p.toml").exists()


def test_a_cut_is_measured(run, gallery, tmp_path, records) -> None:
    """The share that is shown, to a hundredth."""
    (tmp_path / "cut").mkdir()
    with Image.open(gallery.out / "soft.jpg") as image:
        width, height = image.size
        image.crop((0, 0, width, height * 3 // 4)).save(tmp_path / "cut" / "c.jpg", quality=90)
    arguments = ("selftest", "--original", gallery.out, "--downloaded", tmp_path / "cut", "--json")
    (found,) = records(run("--home", gallery.home, *arguments, "--out", "p.toml"))
    assert found["kept_area"] == pytest.approx(0.75, abs=0.01)
    profile = parse_profile(Path("p.toml").read_text("utf-8"), "p.toml")
    assert profile.stages[0].crop.min_aspect == pytest.approx(width / (height * 3 // 4), abs=0.01)
