"""Promises of ``ocguard profile``."""

from __future__ import annotations

import os
import stat

import pytest


def test_a_profile_is_made_changed_and_shown(run, tmp_path) -> None:
    """Any script; an empty text clears a line."""
    base = ("--home", tmp_path / "h", "profile")
    made = run(*base, "set", "--creator", "Lin Qiu 林秋", "--contact", "lin@example.org")
    assert made.exit_code == 0
    assert "secret.key" in made.stderr
    changed = run(*base, "set", "--notice", "All rights: Lin", "--contact", "")
    assert "secret.key" not in changed.stderr
    shown = run(*base, "show").stdout
    assert "Creator       Lin Qiu 林秋" in shown
    assert "Notice        All rights: Lin" in shown
    assert "lin@example.org" not in shown
    assert "Made by       -" in shown
    run(*base, "set", "--digital-source", "digitalCreation")
    assert "Made by       digitalCreation" in run(*base, "show").stdout
    assert str(tmp_path / "h" / "secret.key") in shown


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (["set", "--notice", "x"], 4),
        (["set", "--creator", "a\nb"], 4),
        (["set", "--creator", "a", "--contact", "nobody"], 4),
        (["show"], 4),
        (["key", "export", "k"], 4),
        (["set"], 2),
    ],
)
def test_mistakes_are_explained(run, tmp_path, arguments, code) -> None:
    """And leave nothing behind."""
    result = run("--home", tmp_path / "h", "profile", *arguments)
    assert result.exit_code == code
    assert result.stderr
    assert not (tmp_path / "h").exists()


def test_the_key_moves_to_another_machine(run, tmp_path) -> None:
    """As a private file, or through a pipe; the name may come before or after."""
    run("--home", tmp_path / "a", "profile", "set", "--creator", "Lin")
    exported = run("--home", tmp_path / "a", "profile", "key", "export", tmp_path / "key.txt")
    assert exported.exit_code == 0
    if os.name == "posix":
        assert stat.S_IMODE((tmp_path / "key.txt").stat().st_mode) == 0o600
    run("--home", tmp_path / "b", "profile", "key", "import", tmp_path / "key.txt")
    run("--home", tmp_path / "b", "profile", "set", "--creator", "Lin")
    text = (tmp_path / "key.txt").read_text()
    assert run("--home", tmp_path / "c", "profile", "key", "import", "-", stdin=text).exit_code == 0
    keys = {(tmp_path / name / "secret.key").read_text() for name in "abc"}
    assert keys == {text}


def test_the_public_identity_is_shown_and_written(run, tmp_path) -> None:
    """The same one wherever the key is; it never overwrites a file."""
    run("--home", tmp_path / "a", "profile", "set", "--creator", "Lin")
    shown = run("--home", tmp_path / "a", "profile", "show").stdout
    written = run("--home", tmp_path / "a", "profile", "identity", "lin.pem")
    fingerprint = written.stdout.split()[2]
    assert f"Identity      {fingerprint}" in shown
    piped = run("--home", tmp_path / "a", "profile", "identity", "-").stdout
    assert piped == (tmp_path / "here" / "lin.pem").read_text()
    assert run("--home", tmp_path / "a", "profile", "identity", "lin.pem").exit_code == 4
    exported = run("--home", tmp_path / "a", "profile", "key", "export", "key.txt")
    (tmp_path / "a" / "secret.key").write_text("damaged")
    assert "Identity      -" in run("--home", tmp_path / "a", "profile", "show").stdout
    assert "It holds your identity too." in exported.stderr


def test_a_key_without_a_profile_is_said(run, tmp_path) -> None:
    """Else the next protect would make one under the account's name."""
    run("--home", tmp_path / "a", "profile", "set", "--creator", "Lin")
    text = (tmp_path / "a" / "secret.key").read_text()
    imported = run("--home", tmp_path / "b", "profile", "key", "import", "-", stdin=text)
    assert "profile set --creator NAME" in imported.stderr
    again = run("--home", tmp_path / "a", "profile", "key", "import", "-", stdin=text)
    assert "profile set" not in again.stderr


def test_the_key_is_written_to_standard_output_on_request_only(run, tmp_path) -> None:
    """``-`` is how it gets into a vault; nothing else prints it."""
    made = run("--home", tmp_path / "a", "-v", "profile", "set", "--creator", "Lin")
    text = (tmp_path / "a" / "secret.key").read_text()
    secret = text.splitlines()[2].split()[0]
    shown = run("--home", tmp_path / "a", "-v", "profile", "show")
    assert secret not in made.output + shown.output
    exported = run("--home", tmp_path / "a", "profile", "key", "export", "-")
    assert exported.stdout == text


def test_a_key_is_never_overwritten(run, tmp_path) -> None:
    """Neither by import nor by export."""
    for name in "ab":
        run("--home", tmp_path / name, "profile", "set", "--creator", "Lin")
        run("--home", tmp_path / name, "profile", "key", "export", tmp_path / f"{name}.txt")
    before = (tmp_path / "b" / "secret.key").read_text()
    assert (
        run("--home", tmp_path / "b", "profile", "key", "import", tmp_path / "a.txt").exit_code == 4
    )
    again = run("--home", tmp_path / "a", "profile", "key", "export", tmp_path / "b.txt")
    assert again.exit_code == 4
    assert (tmp_path / "b" / "secret.key").read_text() == before == (tmp_path / "b.txt").read_text()


def test_a_mistyped_key_is_refused(run, tmp_path) -> None:
    """The checksum says so."""
    run("--home", tmp_path / "a", "profile", "set", "--creator", "Lin")
    text = (tmp_path / "a" / "secret.key").read_text()
    lines = text.splitlines()
    lines[2] = ("A" if lines[2][0] != "A" else "C") + lines[2][1:]
    result = run("--home", tmp_path / "b", "profile", "key", "import", "-", stdin="\n".join(lines))
    assert result.exit_code == 4
    assert "checksum" in result.stderr
    assert not (tmp_path / "b" / "secret.key").exists()


@pytest.mark.skipif(os.name != "posix", reason="permission bits are POSIX")
def test_a_file_that_is_no_key_is_refused_in_plain_words(run, tmp_path) -> None:
    """A picture, by mistake."""
    (tmp_path / "a.jpg").write_bytes(b"\xff\xd8\xff\xe0" + bytes(range(256)))
    done = run("--home", tmp_path / "h", "profile", "key", "import", tmp_path / "a.jpg")
    assert done.exit_code == 4
    assert "Traceback" not in done.stderr
    assert "key" in done.stderr


def test_a_key_that_others_can_read_stops_everything(run, tmp_path) -> None:
    """Before anything is marked with it."""
    run("--home", tmp_path / "a", "profile", "set", "--creator", "Lin")
    (tmp_path / "a" / "secret.key").chmod(0o644)
    result = run("--home", tmp_path / "a", "detect", "x.png")
    assert result.exit_code == 4
    assert "chmod 600" in result.stderr
