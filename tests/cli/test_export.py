"""Promises of ocguard.cli.export."""

from __future__ import annotations

import pytest


@pytest.mark.parametrize("kind", ["pdq", "iscc"])
def test_a_list_of_hashes_says_what_it_gives_away(kind, gallery, run, tmp_path) -> None:
    """It is written for others, so the person is told what they learn."""
    file = tmp_path / "hashes.txt"
    done = run("--home", gallery.home, "portfolio", "export", file, "--format", kind)
    assert done.exit_code == 0
    number = len(file.read_text(encoding="ascii").splitlines())
    assert done.stdout.startswith(f"{number} hash")
    assert "never showed" in done.stderr


def test_no_export_goes_to_standard_output(run, gallery) -> None:
    """It would lie in a log or on a screen before anybody thought of it."""
    for kind in ("zip", "pdq"):
        done = run("--home", gallery.home, "portfolio", "export", "-", "--format", kind)
        assert done.exit_code == 2
        assert "name a file" in done.stderr
