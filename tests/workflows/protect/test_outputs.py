"""Promises of the plan: mirrored, never over an input, never two outputs in one file."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from PIL import Image

from ocguard.workflows.protect.outputs import plan_outputs


def touch(*paths: Path) -> None:
    """Make files with their folders."""
    for path in paths:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(str(path).encode())


def outputs(paths: list[Path], out: Path, file_format: str = "keep") -> list[str]:
    """Name the planned outputs below the output folder."""
    planned = plan_outputs(paths, out, file_format).outputs
    assert [one.problem for one in planned] == [""] * len(planned)
    return [one.output.relative_to(out).as_posix() for one in planned]


def test_outputs_mirror_the_tree(tmp_path) -> None:
    """Same names, in the order of names."""
    touch(*(tmp_path / "art" / name for name in ("b/2.png", "b/1.JPG", "a.gif", "林/x.webp")))
    expected = ["a.gif", "b/1.JPG", "b/2.png", "林/x.webp"]
    assert outputs([tmp_path / "art"], tmp_path / "out") == expected


@pytest.mark.parametrize(
    ("name", "file_format", "expected"),
    [
        ("a.png", "keep", "a.png"),
        ("a.JPEG", "keep", "a.JPEG"),
        ("a.bmp", "keep", "a.png"),
        ("a.heic", "keep", "a.png"),
        ("a.PSD", "keep", "a.png"),
        ("a.dat", "keep", "a.dat"),
        ("a.jpeg", "jpeg", "a.jpeg"),
        ("a.b.png", "webp", "a.b.webp"),
        ("a.bmp", "png", "a.png"),
        ("a", "avif", "a.avif"),
        ("a.jxl", "keep", "a.png"),
        ("a.kra", "webp", "a.webp"),
    ],
)
def test_a_name_changes_only_where_it_would_lie(tmp_path, name, file_format, expected) -> None:
    """The suffix says what is in the file."""
    touch(tmp_path / name)
    assert outputs([tmp_path / name], tmp_path / "out", file_format) == [expected]


def test_the_output_folder_is_not_searched(tmp_path) -> None:
    """Protecting twice does not protect the protected."""
    touch(tmp_path / "a.png", tmp_path / "out" / "a.png")
    assert outputs([tmp_path], tmp_path / "out") == ["a.png"]


def test_a_missing_file_is_planned(tmp_path) -> None:
    """Reading it will say that it is missing."""
    assert outputs([tmp_path / "gone.png"], tmp_path / "out") == ["gone.png"]


@pytest.mark.parametrize("kind", ["same", "link to folder", "hard link", "link"])
def test_an_input_is_never_an_output(tmp_path, kind) -> None:
    """Whatever links lead to it."""
    touch(tmp_path / "art" / "a.png")
    out = tmp_path / "out"
    if kind == "same":
        out = tmp_path / "art"
    elif kind == "link to folder":
        out.symlink_to(tmp_path / "art")
    else:
        out.mkdir()
        make = os.link if kind == "hard link" else os.symlink
        make(tmp_path / "art" / "a.png", out / "a.png")
    (one,) = plan_outputs([tmp_path / "art" / "a.png"], out).outputs
    assert "is an input itself" in one.problem


@pytest.mark.parametrize(
    "names",
    [("A.png", "a.png"), ("caf\u00e9.png", "cafe\u0301.png"), ("Straße.png", "STRASSE.png")],
)
def test_names_that_are_one_on_other_systems_are_refused(tmp_path, names) -> None:
    """A folder made on Linux must not lose pictures on Windows or macOS."""
    touch(*(tmp_path / name for name in names))
    if len(list(tmp_path.iterdir())) < 2:
        pytest.skip("this file system holds one file of both names")
    planned = plan_outputs([tmp_path], tmp_path / "out").outputs
    assert all("rename them" in one.problem for one in planned)


def test_two_formats_of_one_picture_do_not_overwrite_each_other(tmp_path) -> None:
    """``a.png`` and ``a.jpg`` would both be ``a.webp``; ``b.png`` is in nobody's way."""
    touch(tmp_path / "a.png", tmp_path / "a.jpg", tmp_path / "b.png")
    planned = plan_outputs([tmp_path], tmp_path / "out", "webp").outputs
    assert ["suffix only" in one.problem for one in planned] == [True, True, False]


def test_two_folders_with_the_same_name_inside_are_refused(tmp_path) -> None:
    """Nothing is silently dropped."""
    touch(tmp_path / "x" / "a.png", tmp_path / "y" / "a.png")
    planned = plan_outputs([tmp_path / "x", tmp_path / "y"], tmp_path / "out").outputs
    assert all("2 inputs of one name, in different folders" in one.problem for one in planned)
    files = [tmp_path / "x" / "a.png", tmp_path / "y" / "a.png"]
    planned = plan_outputs(files, tmp_path / "out").outputs
    assert all("in different folders" in one.problem for one in planned)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("media", "media.jpg"),
        ("b.jpg_large", "b.jpg_large.jpg"),
        ("c.jpg?name=orig", "c.jpg?name=orig.jpg"),
        ("d.png", "d.png"),
        ("e.bmp", "e.jpg"),
    ],
)
def test_a_name_that_says_nothing_gains_the_suffix(tmp_path, drawings, name, expected):
    """By content; the whole name stays, and so does a picture's own, even a wrong one."""
    Image.fromarray(drawings.cel(8, 6)).save(tmp_path / name, "JPEG")
    assert outputs([tmp_path], tmp_path / "out") == [expected]


def test_a_painting_beside_its_export_gets_out_of_the_way(tmp_path) -> None:
    """Both are protected: the name that changes anyway keeps its own suffix."""
    touch(tmp_path / "a.kra", tmp_path / "a.png")
    assert outputs([tmp_path], tmp_path / "out") == ["a.kra.png", "a.png"]


def test_what_is_passed_over_is_told(tmp_path) -> None:
    """The plan knows every file."""
    touch(tmp_path / "a.png", tmp_path / "clip.mp4")
    (one,) = plan_outputs([tmp_path], tmp_path / "out").passed_over
    assert (one.path.name, one.kind) == ("clip.mp4", "a video")


def test_further_folders_are_left_out_where_that_is_asked(tmp_path) -> None:
    """A watched folder keeps its failures in itself."""
    (tmp_path / "in" / "failed").mkdir(parents=True)
    for name in ("a.png", "failed/b.png"):
        (tmp_path / "in" / name).write_bytes(b"\x89PNG\r\n\x1a\n")
    plan = plan_outputs([tmp_path / "in"], tmp_path / "out", "keep", [tmp_path / "in" / "failed"])
    assert [one.source.name for one in plan.outputs] == ["a.png"]
