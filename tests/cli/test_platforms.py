"""Promises of ``protect --for``, ``simulate``, ``platforms`` and ``selftest``."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from PIL import Image

from ocguard.imaging.files import read_picture
from ocguard.platforms.profile_toml import parse_profile
from ocguard.workflows.protect.survival import QUALITY_LIMIT_DB

PLAIN = ("--visible", "none", "--jobs", "1", "--creator", "L")


@pytest.fixture
def art(tmp_path, drawings) -> Path:
    """Draw a folder with two pictures, one of them in a subfolder."""
    (tmp_path / "art" / "sub").mkdir(parents=True)
    Image.fromarray(drawings.painterly(1400, 900, 1)).save(tmp_path / "art" / "a.png")
    Image.fromarray(drawings.cel(500, 420, 2)).save(tmp_path / "art" / "sub" / "b.jpg")
    return tmp_path / "art"


def test_a_person_reads_what_survives_as_a_table(run, art, tmp_path) -> None:
    """A row for each platform under each picture, and a summary on standard error."""
    result = run(
        "--home", tmp_path / "h", "protect", art, "--out", "o", "--for", "x-small", "--for",
        "pixiv-original", *PLAIN,
    )  # fmt: skip
    assert result.exit_code == 0
    rows = result.stdout.splitlines()
    assert rows[0].startswith("protected")
    assert rows[0].endswith(str(Path("o", "a.jpg")))
    assert rows[1].split() == ["simulated", "mark", "match", "metadata", "left"]
    assert rows[2].split() == ["x-small", "read", "p", "<", rows[2].split()[4], "near-copy", "none"]
    assert len(rows) == 8
    assert "marks read in 2 of 2, works matched in 2 of 2" in result.stderr


def test_scripts_read_what_survives_by_platform(run, art, tmp_path, records) -> None:
    """An object for each; empty when no platform was named."""
    base = ("--home", tmp_path / "h", "protect", art / "sub", "--json", *PLAIN, "--out")
    (proven,) = records(run(*base, "o", "--for", "x-small"))
    assert proven["survives"]["x-small"]["mark"] == "found"
    assert proven["survives"]["x-small"]["is_right_work"] is True
    (plain,) = records(run(*base, "o2"))
    assert plain["survives"] == {}


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("protect", "--for", "wiebo"), "did you mean 'weibo'"),
        (("protect", "--for", "tiktok", "--format", "png"), "tiktok takes jpeg, webp, not png"),
        (("simulate", "--for", "wiebo"), "did you mean 'weibo'"),
        (("simulate", "--for", "bad.toml"), "bad.toml: 'schema'"),
    ],
)
def test_an_impossible_platform_is_wrong_usage(run, art, tmp_path, arguments, said) -> None:
    """Before anything is written."""
    Path("bad.toml").write_text('schema = "other/1"', encoding="utf-8")
    command, *more = arguments
    result = run("--home", tmp_path / "h", command, art, "--out", "o", *more)
    assert result.exit_code == 2
    assert said in result.stderr
    assert not Path("o").exists()


def test_simulate_writes_what_each_platform_serves(run, art, tmp_path, records) -> None:
    """A folder for each platform that mirrors the tree, in the platform's format."""
    result = run(
        "--home", tmp_path / "h", "simulate", art, "--out", "o", "--for", "x-small", "--for",
        "weibo+xiaohongshu", "--json",
    )  # fmt: skip
    assert result.exit_code == 0
    found = records(result)
    assert {one["schema"] for one in found} == {"ocguard.simulate/1"}
    assert [one["output"] for one in found] == [
        str(Path("o", "x-small", "a.jpg")),
        str(Path("o", "x-small", "sub", "b.jpg")),
        str(Path("o", "weibo+xiaohongshu", "a.webp")),
        str(Path("o", "weibo+xiaohongshu", "sub", "b.webp")),
    ]
    assert (found[0]["width"], found[0]["height"]) == (1200, 771)
    for one in found:
        assert read_picture(one["output"]).size == (one["width"], one["height"])
    assert run("-q", "simulate", art, "--out", "o", "--for", "x-small").exit_code == 4
    again = ("-q", "simulate", art, "--out", "o", "--for", "x-small", "--overwrite")
    assert run(*again).exit_code == 0


def test_a_refused_upload_is_a_failed_input(run, art) -> None:
    """With the reason; the others go on."""
    result = run("simulate", art, "--out", "o", "--for", "tiktok")
    assert result.exit_code == 3
    assert "tiktok takes jpeg, webp, not png" in result.stderr
    assert [path.name for path in Path("o").rglob("*.*")] == ["b.webp"]


def test_the_quality_limit_is_stated(run) -> None:
    """In the help, as it is."""
    words = " ".join(run("protect", "--help").stdout.split())
    assert f"down to {QUALITY_LIMIT_DB:.0f} dB" in words


def test_a_configuration_names_platforms(run, art, tmp_path, records) -> None:
    """By the name of the option."""
    Path("ocguard.toml").write_text('[protect]\nfor = ["x-small"]\n', encoding="utf-8")
    base = ("--home", tmp_path / "h", "protect", art / "sub", "--out", "o", "--json")
    (record,) = records(run(*base, *PLAIN))
    assert list(record["survives"]) == ["x-small"]


def test_platforms_are_listed_and_shown(run, tmp_path, records) -> None:
    """One line each; by name as a file that can be changed; as JSON."""
    listed = run("--home", tmp_path / "h", "platforms").stdout.splitlines()
    assert len(listed) == 20
    assert listed[0].split()[:2] == ["bilibili", "medium"]
    shown = run("--home", tmp_path / "h", "platforms", "weibo")
    assert parse_profile(shown.stdout, "shown").name == "weibo"
    (record,) = records(run("--home", tmp_path / "h", "platforms", "weibo", "--json"))
    assert (record["schema"], record["file"]) == ("ocguard.platform/1", None)
    assert run("--home", tmp_path / "h", "platforms", "nowhere").exit_code == 2


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
