"""Promises of ocguard.cli.detect."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
from PIL import Image


def test_detect_can_look_for_missing_marks(run, gallery) -> None:
    """Before a commit: every picture must carry the mark."""
    marked, unmarked = gallery.out / "cel.png", gallery.art / "cel.png"
    assert run("--home", gallery.home, "detect", "--missing", marked).exit_code == 0
    result = run("--home", gallery.home, "-q", "detect", "--missing", marked, unmarked, "-j1")
    assert result.exit_code == 1
    assert str(unmarked) in result.stdout
    assert str(marked) not in result.stdout


def test_detect_says_what_check_tells_more(run, gallery, tmp_path) -> None:
    """Where nothing was found and there are originals to compare with; not to scripts."""
    base = ("--home", gallery.home, "detect")
    assert "'ocguard check' tells whether" in run(*base, gallery.art / "cel.png").stderr
    assert "check" not in run(*base, gallery.out / "cel.png").stderr
    assert run(*base, gallery.art / "cel.png", "--json").stderr == ""
    alone = ("--portfolio", tmp_path / "none.sqlite3")
    assert "check" not in run(*base[:2], *alone, "detect", gallery.art / "cel.png").stderr


def test_detect_without_a_key_gives_scripts_a_record_for_each_input(
    run, gallery, tmp_path, records
) -> None:
    """As with every other failure; the reason is in it."""
    for source, names in (([gallery.out / "sub"], ["林.webp"]), (["-"], ["-"])):
        result = run("--home", tmp_path / "h", "detect", "--json", *source, stdin=b"x")
        assert result.exit_code == 4
        found = records(result)
        assert [Path(one["input"]).name for one in found] == names
        assert all("no secret key" in one["error"] for one in found)


def test_a_page_with_several_marks_says_where_each_lies(run, gallery, tmp_path) -> None:
    """One line a mark, with its place."""
    page = Image.new("RGB", (1340, 600), "white")
    for left, name in ((20, "cel.png"), (690, "soft.jpg")):
        with Image.open(gallery.out / name) as image:
            page.paste(image.convert("RGB"), (left, 40))
    page.save(tmp_path / "page.png")
    result = run("--home", gallery.home, "detect", tmp_path / "page.png")
    assert result.exit_code == 1
    said = " ".join(result.stdout.split())
    assert all(f"mark {gallery.protected(one).mark_id}" in said for one in ("cel.png", "soft.jpg"))
    assert said.count(" px (p < ") == 2


def test_copied_marks_have_an_exit_code_of_their_own(run, gallery, tmp_path, drawings) -> None:
    """5, so that no script takes them for copies of a work; with --missing, it is missing."""
    with Image.open(gallery.out / "cel.png") as image:
        marked = np.asarray(image.convert("RGB"))
    left = marked.astype(float) - cv2.fastNlMeansDenoisingColored(marked, None, 4, 4, 7, 21)
    forged = np.clip(np.rint(drawings.painterly(640, 480, 60) + 4 * left), 0, 255).astype(np.uint8)
    Image.fromarray(forged).save(tmp_path / "forged.png")
    base = ("--home", gallery.home, "detect")
    result = run(*base, tmp_path / "forged.png")
    assert result.exit_code == 5
    assert result.stdout.startswith("copied")
    assert "this is not the work" in " ".join(result.stdout.split())
    assert run(*base, "--exit-zero", tmp_path / "forged.png").exit_code == 0
    assert run(*base, tmp_path / "forged.png", gallery.out / "soft.jpg", "-j1").exit_code == 1
    assert run(*base, "--missing", tmp_path / "forged.png").exit_code == 1
    checked = run("--home", gallery.home, "check", tmp_path / "forged.png")
    assert checked.exit_code == 5
    assert "may have been copied" in " ".join(checked.stdout.split())
