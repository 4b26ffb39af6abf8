"""Promises of ``ocguard portfolio``."""

from __future__ import annotations

import shutil
import sqlite3

import pytest
from PIL import Image


@pytest.fixture
def art(tmp_path, drawings):
    """Draw two pictures, and one that is none."""
    folder = tmp_path / "art"
    folder.mkdir()
    for seed in (1, 2):
        Image.fromarray(drawings.cel(200, 150, seed)).save(folder / f"{seed}.png")
    return folder


def test_works_are_added_listed_shown_and_removed(run, art, tmp_path) -> None:
    """A whole life of a portfolio."""
    base = ("--portfolio", tmp_path / "p.sqlite3", "portfolio")
    added = run(*base, "add", art, "-j1")
    assert added.exit_code == 0
    assert [line.split()[-1] for line in added.stdout.splitlines()] == [
        str(art / "1.png"), str(art / "2.png"),
    ]  # fmt: skip
    work_id = added.stdout.split()[0]
    assert run(*base, "list").stdout == added.stdout
    shown = run(*base, "show", work_id[:10])
    assert f"Work        {work_id}" in shown.stdout
    assert "200 x 150" in shown.stdout
    assert "Works       2" in run(*base, "stats").stdout
    assert run(*base, "remove", work_id).exit_code == 0
    assert work_id not in run(*base, "list").stdout
    assert run(*base, "remove", work_id).exit_code == 4


def test_a_work_is_renamed(run, art, tmp_path, records) -> None:
    """Lists and records tell its title; an empty one takes it away."""
    base = ("--portfolio", tmp_path / "p.sqlite3", "portfolio")
    work_id = run(*base, "add", art / "1.png").stdout.split()[0]
    assert run(*base, "rename", work_id[:8], "林，春").stdout == f"{work_id} is called 林，春\n"
    assert run(*base, "list").stdout.endswith(" 林，春\n")
    assert "Title       林，春" in run(*base, "show", work_id).stdout
    (record,) = records(run(*base, "rename", work_id, "Lin", "--json"))
    assert (record["work_id"], record["title"]) == (work_id, "Lin")
    assert run(*base, "rename", work_id, "two\nlines").exit_code == 2
    assert run(*base, "rename", work_id, "").stdout == f"{work_id} is called 1.png\n"
    assert run(*base, "rename", "0000", "Lin").exit_code == 4


def test_standard_input_is_a_work_too(run, art, tmp_path, records) -> None:
    """As for the other commands: '-' alone."""
    base = ("--portfolio", tmp_path / "p.sqlite3", "portfolio", "add", "--json")
    (named,) = records(run(*base, art / "1.png"))
    (piped,) = records(run(*base, "-", stdin=(art / "1.png").read_bytes()))
    assert (piped["input"], piped["work_id"]) == ("-", named["work_id"])
    assert run(*base, "-", art, stdin=b"").exit_code == 2


def test_variants_are_listed_when_asked_for(run, tmp_path, drawings) -> None:
    """A picture with another detail is a variant; another picture is not mentioned."""
    base = ("--portfolio", tmp_path / "p.sqlite3", "portfolio")
    first = drawings.cel(300, 300, 1)
    second = first.copy()
    second[120:150, 130:160] = 255 - second[120:150, 130:160]
    for name, rgb in (("a", first), ("b", second), ("c", drawings.cel(300, 300, 9))):
        Image.fromarray(rgb).save(tmp_path / f"{name}.png")
    added = run(*base, "add", *(tmp_path / f"{name}.png" for name in "abc"), "-j1").stdout
    a, b, _ = (line.split()[0] for line in added.splitlines())
    listed = run(*base, "stats", "--variants").stdout.splitlines()[4:]
    assert len(listed) == 1
    assert listed[0].startswith("Variants")
    assert {a, b, "(a.png)", "(b.png)"} < set(listed[0].replace(":", "").split())


def test_the_same_picture_under_two_names_is_told_by_each(run, tmp_path, drawings) -> None:
    """It is one work; each line speaks of its own file."""
    for name in ("a.png", "b.png"):
        Image.fromarray(drawings.cel(300, 300, 1)).save(tmp_path / name)
    base = ("--portfolio", tmp_path / "p.sqlite3", "portfolio")
    first, second = run(*base, "add", tmp_path / "a.png", tmp_path / "b.png").stdout.splitlines()
    assert first.split()[0] == second.split()[0]
    assert first.endswith("a.png")
    assert second.endswith("b.png")


def test_works_that_share_nothing_are_said_to(run, art, tmp_path) -> None:
    """An empty list would look like an interrupted one; without the option it is pointed to."""
    base = ("--portfolio", tmp_path / "p.sqlite3", "portfolio")
    run(*base, "add", art, "-j1")
    assert run(*base, "stats", "--variants").stdout.splitlines()[4:] == ["In common   nothing"]
    assert "--variants" in run(*base, "stats").stderr


def test_scripts_read_one_record_a_work(run, art, tmp_path, records) -> None:
    """The same for add, list and show."""
    (art / "3.png").write_bytes(b"broken")
    base = ("--portfolio", tmp_path / "p.sqlite3", "portfolio")
    result = run(*base, "add", art, "--json", "-j1")
    assert result.exit_code == 3
    added = records(result)
    assert [one["error"] is None for one in added] == [True, True, False]
    assert {one["schema"] for one in added} == {"ocguard.work/2"}
    listed = records(run(*base, "list", "--json"))
    assert [one["work_id"] for one in listed] == [one["work_id"] for one in added[:2]]
    shown = records(run(*base, "show", added[0]["work_id"], "--json"))
    assert shown[0]["hashes"] == added[0]["hashes"]


def test_a_work_that_holds_too_little_gets_a_note(run, tmp_path) -> None:
    """On standard error, so that lists can be read by scripts."""
    Image.new("RGB", (300, 300), "white").save(tmp_path / "blank.png")
    base = ("--portfolio", tmp_path / "p.sqlite3", "portfolio")
    added = run(*base, "add", tmp_path / "blank.png", "-j1")
    assert added.exit_code == 0
    assert "hardly recognized by their look" in added.stderr
    assert len(added.stdout.splitlines()) == 1
    assert "hardly recognized by their look" in run(*base, "show", added.stdout.split()[0]).stderr


@pytest.mark.parametrize("command", [("portfolio", "add"), ("check",), ("detect",)])
def test_a_link_beside_its_file_is_passed_over_by_name(run, gallery, tmp_path, command) -> None:
    """By every command that looks through folders, and the picture is looked at once."""
    Image.new("RGB", (300, 300), "white").save(tmp_path / "a.png")
    (tmp_path / "b.png").symlink_to("a.png")
    home = tmp_path / ".home"
    shutil.copytree(gallery.home, home)
    result = run("--home", home, *command, tmp_path, "--json", "-j1")
    assert f"b.png is a link to {tmp_path / 'a.png'} and is passed over" in result.stderr
    assert len(result.stdout.splitlines()) == 1


def test_a_portfolio_moves_in_one_file(run, gallery, tmp_path) -> None:
    """Export says that it is private and overwrites nothing unasked."""
    file = tmp_path / "all.zip"
    exported = run("--home", gallery.home, "portfolio", "export", file)
    assert "4 works written" in exported.stdout
    assert "keep it private" in exported.stderr
    assert run("--home", gallery.home, "portfolio", "export", file).exit_code == 4
    assert run("--home", gallery.home, "portfolio", "export", file, "--overwrite").exit_code == 0
    imported = run("--home", tmp_path / "h", "portfolio", "import", file)
    assert "4 works read" in imported.stdout
    here = run("--home", gallery.home, "portfolio", "list").stdout
    assert run("--home", tmp_path / "h", "portfolio", "list").stdout == here


def test_marks_are_shown_with_their_recipients(run, gallery) -> None:
    """Who got which copy, when."""
    work_id = gallery.protected("cel.png").work_id
    shown = run("--home", gallery.home, "portfolio", "show", work_id).stdout
    assert f"Mark        {gallery.protected('cel.png').mark_id} for studio" in shown
    assert str(gallery.out / "cel.png") in shown


def test_a_mark_counts_once_however_often_it_was_issued(run, art, tmp_path) -> None:
    """Protecting again gives the same work the same mark in another file."""
    base = ("--home", tmp_path / "h")
    protect = ("protect", art / "1.png", "--creator", "L", "--visible", "none", "--out")
    run(*base, *protect, "a")
    run(*base, *protect, "b")
    run(*base, *protect, "c", "--recipient", "studio")
    line = run(*base, "portfolio", "list").stdout
    assert "  2 marks " in line
    assert "with 2 marks:" in run(*base, "portfolio", "remove", line.split()[0]).stdout


def test_looking_into_no_portfolio_is_an_error(run, tmp_path) -> None:
    """Nothing is made by looking."""
    for command in (["list"], ["show", "a"], ["remove", "a"], ["stats"], ["export", "x.zip"]):
        assert run("--home", tmp_path / "h", "portfolio", *command).exit_code == 4
    assert not (tmp_path / "h").exists()


def test_an_unknown_kind_of_place_is_an_error(run, art) -> None:
    """It is named."""
    result = run("--portfolio", "postgresql://studio/art", "portfolio", "add", art, "-j1")
    assert result.exit_code == 4
    assert "postgresql://" in result.stderr


def test_damage_is_found_and_mended(run, gallery, tmp_path) -> None:
    """The exit code is 0 for a whole portfolio, 1 for damage, 4 for one that cannot be read."""
    path = tmp_path / "p.sqlite3"
    shutil.copy(gallery.home / "portfolio.sqlite3", path)
    place = ("--portfolio", path, "portfolio")
    assert run(*place, "check").exit_code == 0
    assert run(*place, "backup", tmp_path / "copy").exit_code == 0
    db = sqlite3.connect(path)
    db.execute("UPDATE fingerprints SET data = zeroblob(9) WHERE rowid = 1")
    db.commit()
    db.close()
    found = run(*place, "check")
    assert found.exit_code == 1
    assert "its fingerprint" in found.stdout
    assert "portfolio repair" in found.stderr
    mended = run(*place, "repair", tmp_path / "copy")
    assert (mended.exit_code, mended.stdout) == (0, "The portfolio is whole.\n")
    path.write_bytes(b"")
    emptied = run(*place, "check")
    assert emptied.exit_code == 4
    assert "is an empty file" in emptied.stderr


def test_an_import_names_what_it_leaves_out(run, gallery, tmp_path) -> None:
    """What is whole is taken over; some failed is the exit code 3."""
    place = ("--portfolio", gallery.home / "portfolio.sqlite3", "portfolio")
    assert run(*place, "export", tmp_path / "all.zip").exit_code == 0
    raw = bytearray((tmp_path / "all.zip").read_bytes())
    raw[raw.index(b"\xff\xd8\xff") + 500] ^= 1
    (tmp_path / "all.zip").write_bytes(raw)
    taken = run("--portfolio", tmp_path / "q.sqlite3", "portfolio", "import", tmp_path / "all.zip")
    assert taken.exit_code == 3
    assert "left out" in taken.stderr
    assert taken.stdout.startswith("3 works read")


def test_dates_out_of_a_file_are_shown_as_claims(run, gallery, tmp_path) -> None:
    """Of the work and of its marks."""
    place = ("--portfolio", gallery.home / "portfolio.sqlite3", "portfolio")
    run(*place, "export", tmp_path / "all.zip")
    other = ("--portfolio", tmp_path / "q.sqlite3", "portfolio")
    run(*other, "import", tmp_path / "all.zip")
    work_id = gallery.protected("cel.png").work_id
    assert "says a file" not in run(*place, "show", work_id).stdout
    assert run(*other, "show", work_id).stdout.count("says a file that was imported") == 2
    assert "4, 4 of them known from imported files alone" in run(*other, "stats").stdout
    assert "imported" not in run(*place, "stats").stdout


def test_drafts_are_added_shown_and_removed_with_their_work(
    run, drawings, records, tmp_path
) -> None:
    """They are no works; the work is named by the beginning of its id."""
    for name, seed in (("work", 1), ("sketch", 2)):
        Image.fromarray(drawings.cel(200, 150, seed)).save(tmp_path / f"{name}.png")
    base = ("--home", tmp_path / "home", "portfolio")
    (work,) = records(run(*base, "add", tmp_path / "work.png", "--json"))
    found = work["work_id"][:8]
    added = run(*base, "add", "--draft-of", found, tmp_path / "sketch.png")
    assert added.exit_code == 0
    assert "draft" in added.stdout
    assert "sketch.png" in added.stdout
    shown = run(*base, "show", found)
    assert "Draft " in shown.stdout
    assert "sketch.png" in shown.stdout
    assert run(*base, "list").stdout.endswith("work.png with 1 draft\n")
    assert "and 1 draft" in run(*base, "remove", found).stdout
    assert run(*base, "list").stdout == ""


def test_drafts_of_an_unknown_work_are_refused(run, drawings, tmp_path) -> None:
    """Also from standard input."""
    Image.fromarray(drawings.cel(200, 150, 1)).save(tmp_path / "work.png")
    base = ("--home", tmp_path / "home", "portfolio")
    assert run(*base, "add", tmp_path / "work.png").exit_code == 0
    data = (tmp_path / "work.png").read_bytes()
    for paths, stdin in ((tmp_path / "work.png", None), ("-", data)):
        result = run(*base, "add", "--draft-of", "zz", paths, stdin=stdin)
        assert result.exit_code == 4
        assert "no registered work 'zz'" in result.stderr


def test_a_portfolio_moves_to_a_server_and_back(run, gallery, postgres, tmp_path) -> None:
    """Every command works with it there."""
    url, back = postgres.new_url(), tmp_path / "back.sqlite3"
    copied = run("portfolio", "copy", gallery.home / "portfolio.sqlite3", url)
    assert (copied.exit_code, copied.stdout.splitlines()[-1]) == (0, "The portfolio is whole.")
    here = run("--home", gallery.home, "portfolio", "list").stdout
    assert run("--portfolio", url, "portfolio", "list").stdout == here
    found = run("--home", gallery.home, "--portfolio", url, "check", gallery.art / "cel.png")
    assert found.exit_code == 1
    assert run("portfolio", "copy", url, back).exit_code == 0
    assert run("--portfolio", back, "portfolio", "list").stdout == here


def test_a_password_in_an_address_is_refused(run, tmp_path) -> None:
    """And not repeated, in whichever place it stands."""
    url = "postgresql://mo:s3cret@studio/art"
    for arguments in (
        ("--portfolio", url, "portfolio", "list"),
        ("--portfolio", url, "profile", "show"),
        ("portfolio", "copy", tmp_path / "p.sqlite3", url),
        ("portfolio", "copy", url, tmp_path / "p.sqlite3"),
    ):
        refused = run(*arguments)
        assert refused.exit_code == 4
        assert "s3cret" not in refused.stdout + refused.stderr
