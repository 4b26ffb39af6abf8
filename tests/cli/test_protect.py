"""Promises of ``ocguard protect``."""

from __future__ import annotations

import contextlib
import io
import os
import re
import stat
import subprocess
import sys
from pathlib import Path

import pytest
from PIL import Image

from ocguard.imaging.files import read_picture
from ocguard.workflows.home.workspace import account_name


@pytest.fixture
def art(tmp_path, drawings):
    """Draw a folder with a picture inside a subfolder."""
    (tmp_path / "art" / "sub").mkdir(parents=True)
    Image.fromarray(drawings.cel(240, 200, 1)).save(tmp_path / "art" / "a.png")
    Image.fromarray(drawings.cel(240, 200, 2)).save(tmp_path / "art" / "sub" / "b.jpg")
    return tmp_path / "art"


PLAIN = ("--visible", "none", "--jobs", "1")


def test_the_first_run_makes_a_profile_and_explains_the_key(run, art, tmp_path) -> None:
    """Where it lies, and that losing it loses the proof."""
    result = run("--home", tmp_path / "h", "protect", art, "--out", "o", "--creator", "Lin", *PLAIN)
    assert result.exit_code == 0
    assert str(tmp_path / "h" / "secret.key") in result.stderr
    assert "Losing it loses the proof" in result.stderr
    assert 'creator = "Lin"' in (tmp_path / "h" / "profile.toml").read_text("utf-8")
    if os.name == "posix":
        assert stat.S_IMODE((tmp_path / "h" / "secret.key").stat().st_mode) == 0o600
    again = run("--home", tmp_path / "h", "protect", art, "--out", "o2", *PLAIN)
    assert "secret.key" not in again.stderr


def test_the_account_names_the_creator_where_nobody_can_be_asked(run, art, tmp_path) -> None:
    """A script is never stopped by a question, but told whose name its marks carry."""
    base = ("--home", tmp_path / "h", "protect", art, *PLAIN)
    result = run(*base, "--out", "o")
    assert result.exit_code == 0
    assert f"marks will say {account_name()}:" in result.stderr
    assert "ocguard profile set --creator NAME" in result.stderr
    assert "profile set" not in run(*base, "--out", "o2").stderr
    named = run("--home", tmp_path / "h2", *base[2:], "--out", "o3", "--creator", "Lin")
    assert "profile set" not in named.stderr


def test_a_person_reads_what_was_done_and_where(run, art, tmp_path) -> None:
    """One line a picture, and a summary on standard error."""
    result = run("--home", tmp_path / "h", "protect", art, "--out", "o", "--creator", "Lin", *PLAIN)
    assert result.stdout.splitlines() == [
        f"protected  {art / 'a.png'} -> {Path('o', 'a.png')}",
        f"protected  {art / 'sub' / 'b.jpg'} -> {Path('o', 'sub', 'b.jpg')}",
    ]
    assert "2 pictures protected in o\n" in result.stderr


def test_verbose_says_the_figures_and_quiet_nothing(run, art, tmp_path) -> None:
    """As much as one wants to read."""
    base = ("--home", tmp_path / "h")
    loud = run(*base, "-v", "protect", art / "a.png", "--out", "o", "--creator", "L", *PLAIN)
    assert "dB, SSIM" in loud.stdout
    assert "mark " in loud.stdout
    still = run(*base, "-q", "protect", art / "a.png", "--out", "o2", *PLAIN)
    assert (still.stdout, still.stderr) == ("", "")


def test_scripts_read_one_record_a_picture(run, art, tmp_path, records) -> None:
    """Failed ones too; nothing else is on standard output."""
    (art / "c.png").write_bytes(b"broken")
    result = run(
        "--home", tmp_path / "h", "protect", art, "--out", "o", "--recipient", "studio", "--json",
        *PLAIN,
    )  # fmt: skip
    assert result.exit_code == 3
    found = records(result)
    assert [one["status"] for one in found] == ["protected", "failed", "protected"]
    assert {one["schema"] for one in found} == {"ocguard.protect/2"}
    assert {one["recipient"] for one in found} == {"studio"}
    assert len(found[0]["mark_id"]) == len(found[0]["work_id"]) == 16
    assert "c.png" in found[1]["error"]


def test_the_summary_counts_failures_and_names_them_again(run, art, tmp_path) -> None:
    """Nobody reads a thousand lines for the two that failed."""
    for number in range(11):
        (art / f"broken{number:02}.png").write_bytes(b"broken")
    result = run("--home", tmp_path / "h", "protect", art, "--out", "o", "--creator", "L", *PLAIN)
    *_, first, last = result.stderr.split("failed: ", 1)
    assert "is not a picture" in first
    assert last.splitlines() == [
        str(art / "broken00.png"),
        *(f"failed: {art / f'broken{number:02}.png'}" for number in range(1, 10)),
        "failed: 1 more, see above",
        "2 pictures protected in o, 11 failed",
    ]


@pytest.mark.parametrize(("broken", "code"), [(0, 0), (1, 3), (2, 4)])
def test_exit_codes_count_failed_inputs(run, art, tmp_path, broken, code) -> None:
    """None, some, all."""
    for path in (art / "a.png", art / "sub" / "b.jpg")[:broken]:
        path.write_bytes(b"broken")
    arguments = ("protect", art, "--out", "o", "--creator", "L", *PLAIN)
    assert run("--home", tmp_path / "h", *arguments).exit_code == code


def test_what_may_not_be_read_costs_only_itself(
    run, gallery, bound_folder, drawings, records, monkeypatch
) -> None:
    """A locked file and a locked folder are two failed inputs, named, and the rest is done."""
    assert gallery.results  # made with all rights: every module has been imported by now
    monkeypatch.chdir(bound_folder)
    art = bound_folder / "art"
    (art / "locked").mkdir(parents=True)
    for name in ("a.png", "b.png", "locked/c.png"):
        Image.fromarray(drawings.cel(240, 200, 1)).save(art / name)
    (art / "b.png").chmod(0)
    (art / "locked").chmod(0)
    base = ("--home", bound_folder / "h", "protect", "--json", "--creator", "L", *PLAIN)
    inside = run(*base, art, "--out", bound_folder / "o")
    named = run(*base, art / "b.png", art / "a.png", art / "locked", "--out", bound_folder / "p")
    assert (inside.exit_code, named.exit_code) == (3, 3)
    for result in (inside, named):
        errors = {Path(one["input"]).name: one["error"] or "" for one in records(result)}
        assert {name for name, text in errors.items() if text} == {"b.png", "locked"}
        assert all("Permission denied" in text for text in errors.values() if text)


def test_a_link_beside_its_file_is_passed_over_by_name(run, art, tmp_path) -> None:
    """The file is protected under its own name, and nothing is silent."""
    (art / "0-link.png").symlink_to("a.png")
    arguments = ("protect", art, "--out", "o", "--creator", "L", *PLAIN)
    result = run("--home", tmp_path / "h", *arguments)
    written = sorted(path.name for path in Path("o").rglob("*.*"))
    assert written == ["a.png", "b.jpg"]
    assert f"{art / '0-link.png'} is a link to it and is passed over" in result.stderr


def test_an_empty_folder_is_said_to_be_empty(run, tmp_path) -> None:
    """It is no error, but not silent."""
    (tmp_path / "empty").mkdir()
    arguments = ("protect", tmp_path / "empty", "--out", "o", "--creator", "L")
    result = run("--home", tmp_path / "h", *arguments)
    assert result.exit_code == 0
    assert f"There are no pictures in {tmp_path / 'empty'}." in result.stderr


def test_a_folder_with_nothing_readable_has_failed(run, tmp_path) -> None:
    """Its files are named, and nobody believes them protected."""
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "page.clip").write_bytes(b"CSFCHUNK")
    (tmp_path / "in" / "notes.txt").write_text("no picture")
    arguments = ("protect", tmp_path / "in", "--out", "o", "--creator", "L")
    result = run("--home", tmp_path / "h", *arguments)
    assert result.exit_code == 4
    assert "page.clip: it is a file of Clip Studio Paint" in result.stderr
    assert "no pictures: 1 file (.txt 1)" in result.stderr


def test_a_pipe_takes_a_picture_and_gives_one(spawn, art, tmp_path) -> None:
    """Standard output holds the picture alone."""
    done = spawn(
        "--home", tmp_path / "h", "protect", "-", "--creator", "L", *PLAIN,
        input=(art / "a.png").read_bytes(),
    )  # fmt: skip
    assert done.returncode == 0
    assert read_picture(done.stdout).size == (240, 200)
    found = spawn("--home", tmp_path / "h", "detect", "-", input=done.stdout)
    assert found.returncode == 1
    assert found.stdout.startswith(b"found")


def test_a_broken_pipe_input_is_an_error(run, tmp_path) -> None:
    """Nothing is written to standard output."""
    result = run("--home", tmp_path / "h", "protect", "-", "--creator", "L", stdin=b"broken")
    assert result.exit_code == 4
    assert result.stdout_bytes == b""


def test_what_exists_is_made_again_only_when_told(run, art, tmp_path) -> None:
    """Left as it is where it is the same, an error where it is not; skip, overwrite."""
    base = ("--home", tmp_path / "h", "protect", art / "a.png", "--out", "o", "--creator", "L")
    assert run(*base, *PLAIN).exit_code == 0
    same = run(*base, *PLAIN)
    assert same.exit_code == 0
    assert same.stdout.startswith("unchanged")
    assert "1 picture unchanged" in same.stderr
    assert run(*base, *PLAIN, "--strength", "strong").exit_code == 4
    skipped = run(*base, *PLAIN, "--on-exists", "skip")
    assert skipped.exit_code == 0
    assert skipped.stdout.startswith("skipped")
    assert "1 picture skipped" in skipped.stderr
    assert "protected in" not in skipped.stderr
    assert run(*base, *PLAIN, "--on-exists", "overwrite").exit_code == 0


def test_options_in_vain_are_said(run, art, tmp_path) -> None:
    """Without a visible mark nobody will read its text."""
    base = ("--home", tmp_path / "h", "protect", art / "a.png", "--creator", "L", *PLAIN)
    assert "--text has no effect" in run(*base, "--out", "o", "--text", "mine").stderr
    assert "no effect" not in run(*base, "--out", "o2").stderr
    base = (*base, "--quality", "50", "--format")
    assert "--quality has no effect with --format png" in run(*base, "png", "--out", "o3").stderr
    assert "no effect" not in run(*base, "jpeg", "--out", "o4").stderr


def test_an_empty_text_is_wrong_usage(run, art, tmp_path) -> None:
    """It would be taken for the notice."""
    result = run("--home", tmp_path / "h", "protect", art / "a.png", "--out", "o", "--text", " ")
    assert result.exit_code == 2
    assert "--text: it is empty" in " ".join(result.stderr.split())


def test_an_empty_recipient_is_refused(run, tmp_path, art) -> None:
    """An empty variable of a script would mark the copy for everybody: no leak is traced."""
    words = ("protect", art / "a.png", "--out", tmp_path / "o", "--recipient", " ")
    result = run("--home", tmp_path / "h", *words)
    assert result.exit_code == 2
    assert "--recipient: it is empty" in " ".join(result.stderr.split())


def test_a_dry_run_writes_nothing(run, art, tmp_path) -> None:
    """And says what it would write, and once that it did not."""
    result = run("--home", tmp_path / "h", "protect", art, "--out", "o", "-n", *PLAIN)
    assert result.exit_code == 0
    assert result.stdout.splitlines() == [
        f"dry run    {art / 'a.png'} -> {Path('o', 'a.png')}",
        f"dry run    {art / 'sub' / 'b.jpg'} -> {Path('o', 'sub', 'b.jpg')}",
    ]
    assert result.stderr.count("dry run: nothing was written") == 1
    assert not (tmp_path / "h").exists()
    assert not (tmp_path / "here" / "o").exists()


def test_the_secret_is_never_said(run, art, tmp_path) -> None:
    """Neither in output nor in errors, however much is said."""
    result = run(
        "--home", tmp_path / "h", "-v", "protect", art, "--out", "o", "--creator", "L", *PLAIN
    )
    secret = (tmp_path / "h" / "secret.key").read_text().splitlines()[2].split()[0]
    assert secret not in result.output


def test_hostile_names_are_shown_not_obeyed(run, tmp_path, drawings, records) -> None:
    """A file name with an escape sequence; JSON keeps it exactly."""
    name = "a\x1b[2Jb.png"
    buffer = io.BytesIO()
    Image.fromarray(drawings.cel(200, 160)).save(buffer, "PNG")
    try:
        (tmp_path / name).write_bytes(buffer.getvalue())
    except OSError:
        pytest.skip("this file system refuses such names")
    arguments = ("protect", tmp_path / name, "--creator", "L", *PLAIN, "--out")
    shown = run("--home", tmp_path / "h", *arguments, "o")
    assert "\\x1b[2Jb.png" in shown.stdout
    assert "\x1b" not in shown.stdout
    found = records(run("--home", tmp_path / "h", *arguments, "o2", "--json"))
    assert found[0]["input"] == str(tmp_path / name)


@pytest.fixture
def terminal():
    """Give both ends of a pseudo-terminal."""
    pty = pytest.importorskip("pty", reason="pseudo-terminals are POSIX")
    try:
        inner, outer = pty.openpty()
    except OSError as error:
        pytest.skip(f"no pseudo-terminal can be had here: {error}")
    yield inner, outer
    os.close(inner)


def watched(command, terminal, *, stdout=None, typed=b"") -> tuple[int, str, str]:
    """Run the program at a terminal: its code, what the terminal got, and its piped output."""
    inner, outer = terminal
    process = subprocess.Popen(
        [sys.executable, "-m", "ocguard", *map(str, command)],
        stdin=outer,
        stdout=stdout or outer,
        stderr=outer,
        env={**os.environ, "TERM": "xterm", "COLUMNS": "100"},
    )
    os.close(outer)
    os.write(inner, typed)
    shown = b""
    with contextlib.suppress(OSError):  # Linux ends a terminal with an error
        while part := os.read(inner, 4096):
            shown += part
    output = process.communicate(timeout=60)[0] or b""
    return process.returncode, shown.decode(), output.decode()


def test_a_person_at_a_terminal_is_asked_and_watches(art, tmp_path, terminal) -> None:
    """Name and making are asked once; a bar with rate and time left stays off standard output."""
    command = ("--home", tmp_path / "h", "protect", art, "--out", tmp_path / "o", *PLAIN)
    typed = b"Lin Qiu\ndigitalCreation\n"
    code, shown, output = watched(command, terminal, stdout=subprocess.PIPE, typed=typed)
    assert code == 0
    assert "Your name" in shown
    assert "How do your pictures come into being?" in shown
    assert "2/2" in shown
    profile = (tmp_path / "h" / "profile.toml").read_text("utf-8")
    assert 'creator = "Lin Qiu"\ndigital_source = "digitalCreation"' in profile
    assert len(output.splitlines()) == 2
    assert "\x1b" not in output


def test_the_bar_never_mixes_with_a_result(art, tmp_path, terminal) -> None:
    """On a terminal every result stands on a line of its own, whole, whatever its length."""
    command = (
        *("--home", tmp_path / "h", "protect", art, "--out", tmp_path / "o"),
        *("--creator", "Lin", *PLAIN),
    )
    code, shown, _ = watched(command, terminal)
    assert code == 0
    assert "0/2" in shown
    seen = [line.split("\r\x1b[K")[-1] for line in shown.replace("\r\n", "\n").split("\n")]
    plain = [re.sub(r"\x1b\[[0-9;]*m", "", line) for line in seen]
    assert f"protected  {art / 'a.png'} -> {tmp_path / 'o' / 'a.png'}" in plain
    assert f"protected  {art / 'sub' / 'b.jpg'} -> {tmp_path / 'o' / 'sub' / 'b.jpg'}" in plain
    assert plain[-1] == ""
