"""Promises of ocguard.workflows.watch.aside."""

from __future__ import annotations

from ocguard.workflows.watch.aside import move_aside


def test_a_failure_lies_aside_with_its_reason(tmp_path) -> None:
    """In the folder that it had."""
    (tmp_path / "sub").mkdir()
    (tmp_path / "sub" / "a.png").write_bytes(b"broken")
    moved = move_aside(tmp_path / "sub" / "a.png", tmp_path, "it is broken")
    assert moved == tmp_path / "failed" / "sub" / "a.png"
    assert moved.read_bytes() == b"broken"
    assert (tmp_path / "failed" / "sub" / "a.png.txt").read_text() == "it is broken\n"
    assert not (tmp_path / "sub" / "a.png").exists()


def test_nothing_that_lies_aside_is_overwritten(tmp_path) -> None:
    """The second of a name gets a number."""
    for content in (b"first", b"second", b"third"):
        (tmp_path / "a.png").write_bytes(content)
        move_aside(tmp_path / "a.png", tmp_path, "why")
    kept = {path.name: path.read_bytes() for path in (tmp_path / "failed").glob("*.png")}
    assert kept == {"a.png": b"first", "a (2).png": b"second", "a (3).png": b"third"}
