"""Promises of ocguard.cli.restore."""

from __future__ import annotations

import json
import shutil

import pytest


@pytest.fixture
def place(gallery, tmp_path) -> tuple:
    """A home that may be changed."""
    return "--home", shutil.copytree(gallery.home, tmp_path / "home"), "portfolio"


def test_a_backup_comes_back_and_the_journal_says_so(run, place, gallery, tmp_path) -> None:
    """What was removed since is a work again."""
    run(*place, "backup", tmp_path / "copy.sqlite3")
    run(*place, "remove", gallery.protected("cel.png").work_id)
    refused = run(*place, "restore", tmp_path / "copy.sqlite3")
    assert (refused.exit_code, "--overwrite" in refused.stderr) == (4, True)
    done = run(*place, "restore", tmp_path / "copy.sqlite3", "--overwrite")
    assert (done.exit_code, "4 works" in done.stdout) == (0, True)
    assert "-before-restore" in done.stderr
    rows = [json.loads(line) for line in run(*place, "journal", "--json").stdout.splitlines()]
    facts = [row["facts"] for row in rows if row["event"] == "restored"]
    assert {"works": 4, "marks": 4} in facts
    assert run(*place, "check").exit_code == 0


def test_without_a_file_the_copies_are_listed(run, place) -> None:
    """Where each lies, and what is in it."""
    none = run(*place, "restore")
    assert (none.exit_code, none.stdout) == (0, "")
    assert "backup" in none.stderr
    run(*place, "backup")
    listed = run(*place, "restore").stdout.splitlines()
    assert len(listed) == 1
    assert "works 4, marks 4" in listed[0]


@pytest.mark.parametrize("name", ["nowhere", "picture"])
def test_what_is_no_backup_changes_nothing(run, place, gallery, tmp_path, name) -> None:
    """It is named."""
    shutil.copy(gallery.art / "cel.png", tmp_path / "picture")
    refused = run(*place, "restore", tmp_path / name, "--overwrite")
    assert (refused.exit_code, name in refused.stderr) == (4, True)
    assert run(*place, "check").exit_code == 0


def test_an_export_is_told_from_a_backup(run, place, tmp_path) -> None:
    """The message says which command reads it."""
    run(*place, "export", tmp_path / "works.ocguard")
    refused = run(*place, "restore", tmp_path / "works.ocguard", "--overwrite")
    assert "portfolio import" in refused.stderr
