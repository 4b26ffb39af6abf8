"""Promises of ``ocguard check --descriptor``."""

from __future__ import annotations

import pytest
from PIL import Image

from networks import described


@pytest.fixture
def home(run, tmp_path, drawings):
    """Register four works, without a key."""
    for seed in range(4):
        Image.fromarray(drawings.cel(300, 220, seed)).save(tmp_path / f"work-{seed}.png")
    home = tmp_path / "home"
    assert run("--home", home, "portfolio", "add", *tmp_path.glob("work-*.png")).exit_code == 0
    return home


def test_what_is_nearest_is_told_with_how_far_that_goes(run, home, tmp_path, drawings) -> None:
    """In parallel too, and with the descriptor from a configuration file's relative path."""
    described(tmp_path / "here" / "net")
    (tmp_path / "here" / "ocguard.toml").write_text('[check]\ndescriptor = "net/net.toml"\n')
    for seed in (1, 2):
        Image.fromarray(drawings.cel(300, 220, seed)[8:, 8:]).save(tmp_path / f"{seed}.png")
    suspects = (tmp_path / "1.png", tmp_path / "2.png")
    result = run("--home", home, "check", *suspects, "--jobs", "2")
    said = " ".join(result.stdout.split())
    assert said.count("nearest by mean colors") == 2
    assert said.count("not calibrated") == 2
    assert "4 works" in result.stderr
    assert "4 works" not in run("--home", home, "check", *suspects).stderr


def test_a_broken_descriptor_is_one_clear_error(run, home, tmp_path) -> None:
    """Before any suspect is looked at."""
    path = described(tmp_path / "net", output='"logits"')
    result = run("--home", home, "check", tmp_path / "work-1.png", "--descriptor", path)
    assert result.exit_code == 4
    assert "logits" in result.stderr
    assert not result.stdout
