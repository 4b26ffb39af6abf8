"""Promises of ocguard.cli.simulate."""

from __future__ import annotations

from pathlib import Path

from ocguard.imaging.files import read_picture


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
