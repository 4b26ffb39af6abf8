"""Promises of ocguard.cli.check."""

from __future__ import annotations

import shutil

import numpy as np
import pytest
from PIL import Image

from networks import described


@pytest.fixture
def suspect(gallery, tmp_path):
    """Crop and recompress a protected picture."""
    with Image.open(gallery.out / "soft.jpg") as image:
        image.crop((30, 20, 580, 500)).save(tmp_path / "suspect.jpg", quality=75)
    return tmp_path / "suspect.jpg"


def test_a_finding_is_1_and_exit_zero_makes_it_0(run, gallery, suspect) -> None:
    """For all three commands that look for something."""
    original = gallery.art / "soft.jpg"
    for command in (("check", suspect), ("detect", suspect), ("compare", original, suspect)):
        assert run("--home", gallery.home, *command).exit_code == 1
        assert run("--home", gallery.home, *command, "--exit-zero").exit_code == 0


def test_a_work_goes_by_its_title(run, records, gallery, suspect, tmp_path) -> None:
    """In the sentence, and beside its place in the record."""
    base = ("--home", gallery.home, "--portfolio", tmp_path / "titled.sqlite3")
    source = gallery.art / "soft.jpg"
    work_id = run(*base, "portfolio", "add", source).stdout.split()[0]
    assert f"of {source} (" in " ".join(run(*base, "check", suspect).stdout.split())
    run(*base, "portfolio", "rename", work_id, "Lin, spring")
    assert "of Lin, spring (" in " ".join(run(*base, "check", suspect).stdout.split())
    (record,) = records(run(*base, "check", suspect, "--json"))
    for one in (*record["candidates"], *record["found"]):
        assert (one["source"], one["title"]) == (str(source), "Lin, spring")


def test_a_mark_is_a_finding_whatever_the_picture_resembles(run, gallery, tmp_path) -> None:
    """A portfolio that knows nothing of the work: no match, but the key's mark is in it."""
    other = ("--home", gallery.home, "--portfolio", tmp_path / "other.sqlite3")
    assert run(*other, "portfolio", "add", gallery.art / "cel.png").exit_code == 0
    result = run(*other, "check", gallery.out / "soft.jpg")
    assert "no-match" in result.stdout
    assert "your mark" in result.stdout
    assert result.exit_code == 1


def test_a_check_can_be_reduced_to_one_kind_of_evidence(run, records, gallery, suspect) -> None:
    """Works alone or marks alone; the record says what was omitted."""
    for only, omitted in (("match", "marks"), ("marks", "works")):
        result = run("--home", gallery.home, "check", suspect, "--only", only, "--json")
        (record,) = records(result)
        assert (result.exit_code, record["searched"]["omitted"]) == (1, [omitted])
        assert bool(record["marks"]) is (only == "marks")


def test_nothing_found_is_0(run, gallery, tmp_path, drawings) -> None:
    """A stranger's picture."""
    path = tmp_path / "stranger.png"
    Image.fromarray(drawings.painterly(400, 300, 70)).save(path)
    for command in (("check", path), ("detect", path), ("compare", gallery.art / "cel.png", path)):
        assert run("--home", gallery.home, *command).exit_code == 0


def test_failed_inputs_go_before_findings(run, gallery, suspect, tmp_path) -> None:
    """3 when some failed, 4 when all failed, also with --exit-zero."""
    (tmp_path / "broken.png").write_bytes(b"broken")
    for command in ("check", "detect"):
        some = run("--home", gallery.home, command, suspect, tmp_path / "broken.png", "-j1")
        assert some.exit_code == 3
        assert "broken.png" in some.stderr
        every = run("--home", gallery.home, command, tmp_path / "broken.png", "--exit-zero")
        assert every.exit_code == 4


def test_a_person_reads_which_part_and_which_frame_of_a_work_was_found(run, tmp_path, drawings):
    """A slice of a strip, and a still of an animation."""
    pictures = [drawings.cel(300, 300, seed) for seed in range(90, 96)]
    Image.fromarray(np.concatenate(pictures)).save(tmp_path / "strip.png")
    frames = [Image.fromarray(drawings.cel(300, 300, seed)) for seed in (96, 97)]
    frames[0].save(tmp_path / "loop.webp", save_all=True, append_images=frames[1:], lossless=True)
    run("--home", tmp_path, "portfolio", "add", tmp_path / "strip.png", tmp_path / "loop.webp")
    Image.fromarray(np.concatenate(pictures[2:4])).save(tmp_path / "slice.png")
    frames[1].resize((250, 250)).save(tmp_path / "still.png")
    shown = run("--home", tmp_path, "check", tmp_path / "slice.png").stdout
    assert "this work, its part at 0, " in shown
    assert shown.count("strip.png") == 1  # what is named above is not named again
    assert "its frame 2" in run("--home", tmp_path, "check", tmp_path / "still.png").stdout


def test_a_person_reads_verdict_work_reason_and_mark(run, gallery, suspect) -> None:
    """What was found, in what, how sure, and what to do next."""
    result = run("--home", gallery.home, "check", suspect)
    assert result.stdout.split()[:2] == [result.stdout.split()[0], str(suspect)]
    text = " ".join(result.stdout.split())
    assert str(gallery.art / "soft.jpg") in "".join(result.stdout.split())  # wrapped if long
    assert "times likelier in a copy" in text
    assert "your mark" in text
    assert "for studio" in text
    assert "look at both pictures" in result.stderr


def test_a_person_reads_that_a_mark_is_missing(run, gallery, tmp_path) -> None:
    """In a copy of the original as it was before it was marked."""
    with Image.open(gallery.art / "soft.jpg") as original:
        original.save(tmp_path / "draft.jpg", quality=85)
    shown = " ".join(run("--home", gallery.home, "check", tmp_path / "draft.jpg").stdout.split())
    assert "there is no trace of it" in shown
    assert "a hint, no proof" in shown


def test_verbose_shows_the_evidence(run, gallery, suspect) -> None:
    """The measurements behind the verdict, in words."""
    shown = run("--home", gallery.home, "-v", "check", suspect).stdout
    assert "compared by: matching details" in shown
    assert "_" not in shown.partition("compared by")[2].partition("declared")[0]


def test_scripts_read_one_record_a_suspect(run, gallery, suspect, tmp_path, records) -> None:
    """In the order of the names, failed ones too."""
    folder = tmp_path / "suspects"
    folder.mkdir()
    shutil.copy(suspect, folder / "b.jpg")
    (folder / "a.png").write_bytes(b"broken")
    checked = records(run("--home", gallery.home, "check", folder, "--json", "-j1"))
    assert [one["error"] is None for one in checked] == [False, True]
    assert checked[1]["work_id"] == gallery.protected("soft.jpg").work_id
    detected = records(run("--home", gallery.home, "detect", folder, "--json", "-j1"))
    assert [one["verdict"] for one in detected] == [None, "found"]
    compared = run("compare", gallery.art / "soft.jpg", suspect, "--json")
    assert records(compared)[0]["schema"] == "ocguard.check/2"


def test_standard_input_is_a_suspect_too(run, gallery, suspect) -> None:
    """For pipelines."""
    for command in ("check", "detect"):
        result = run("--home", gallery.home, command, "-", stdin=suspect.read_bytes())
        assert result.exit_code == 1
        assert "standard input" in result.stdout


def test_an_empty_portfolio_is_said_to_be_empty(run, gallery, tmp_path) -> None:
    """Nothing can match it: "no match" would comfort for nothing."""
    base = ("--home", tmp_path / "h")
    work_id = run(*base, "portfolio", "add", gallery.art / "cel.png").stdout.split()[0]
    assert "no works" not in run(*base, "check", gallery.art / "soft.jpg").stderr
    run(*base, "portfolio", "remove", work_id)
    emptied = run(*base, "check", gallery.art / "soft.jpg")
    assert emptied.exit_code == 0
    assert "There are no works in" in emptied.stderr
    assert "ocguard portfolio add" in emptied.stderr


def test_quiet_leaves_findings(run, gallery, suspect, tmp_path, drawings) -> None:
    """Strangers are not listed."""
    path = tmp_path / "stranger.png"
    Image.fromarray(drawings.painterly(400, 300, 70)).save(path)
    result = run("--home", gallery.home, "-q", "check", path, suspect, "-j1")
    assert str(path) not in result.stdout
    assert str(suspect) in result.stdout
    assert result.stderr == ""


def test_hostile_metadata_is_shown_not_obeyed(run, gallery, tmp_path, drawings) -> None:
    """What a file says of itself is somebody else's text."""
    from PIL.PngImagePlugin import PngInfo

    chunks = PngInfo()
    chunks.add_itxt("AIGC", '{"Label": "1\x1b[2J\u202e"}')
    path = tmp_path / "a.png"
    Image.fromarray(drawings.painterly(300, 200, 60)).save(path, pnginfo=chunks)
    result = run("--home", gallery.home, "-v", "check", path)
    assert "AIGC" in result.stdout
    assert not {"\x1b", "\u202e"} & set(result.stdout)


def test_a_missing_key_is_said(run, gallery, tmp_path) -> None:
    """Marks are not read; the comparison works."""
    location = gallery.home / "portfolio.sqlite3"
    path = gallery.art / "cel.png"
    result = run("--home", tmp_path / "h", "--portfolio", location, "check", path)
    assert result.exit_code == 1
    assert "marks are not read" in result.stderr


@pytest.fixture
def plain_home(run, tmp_path, drawings):
    """Register four works, without a key."""
    for seed in range(4):
        Image.fromarray(drawings.cel(300, 220, seed)).save(tmp_path / f"work-{seed}.png")
    home = tmp_path / "home"
    assert run("--home", home, "portfolio", "add", *tmp_path.glob("work-*.png")).exit_code == 0
    return home


def test_what_is_nearest_is_told_with_how_far_that_goes(
    run, plain_home, tmp_path, drawings
) -> None:
    """In parallel too, and with the descriptor from a configuration file's relative path."""
    described(tmp_path / "here" / "net")
    (tmp_path / "here" / "ocguard.toml").write_text('[check]\ndescriptor = "net/net.toml"\n')
    for seed in (1, 2):
        Image.fromarray(drawings.cel(300, 220, seed)[8:, 8:]).save(tmp_path / f"{seed}.png")
    suspects = (tmp_path / "1.png", tmp_path / "2.png")
    result = run("--home", plain_home, "check", *suspects, "--jobs", "2")
    said = " ".join(result.stdout.split())
    assert said.count("nearest by mean colors") == 2
    assert said.count("not calibrated") == 2
    assert "4 works" in result.stderr
    assert "4 works" not in run("--home", plain_home, "check", *suspects).stderr


def test_a_broken_descriptor_is_one_clear_error(run, plain_home, tmp_path) -> None:
    """Before any suspect is looked at."""
    path = described(tmp_path / "net", output='"logits"')
    result = run("--home", plain_home, "check", tmp_path / "work-1.png", "--descriptor", path)
    assert result.exit_code == 4
    assert "logits" in result.stderr
    assert not result.stdout
