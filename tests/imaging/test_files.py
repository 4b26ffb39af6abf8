"""Tests of reading picture files."""

import os
import unicodedata
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ocguard.errors import ImageReadError
from ocguard.imaging import files
from ocguard.imaging.files import clashing_names, read_bytes, read_picture


def test_paths_and_bytes_read_alike(art):
    """A path, a string, bytes: the same picture."""
    path = art / "sub" / "deep" / "画.png"
    sizes = {read_picture(source).size for source in (path, str(path), path.read_bytes())}
    assert sizes == {(8, 6)}


def test_errors_name_the_file(art):
    """What cannot be read is named by its path, or by the name given."""
    with pytest.raises(ImageReadError, match=r"notes\.txt is not a picture"):
        read_picture(art / "notes.txt")
    with pytest.raises(ImageReadError, match="standard input is not a picture"):
        read_picture(b"no picture", "standard input")


def test_empty_files_are_refused(tmp_path):
    """An empty file says so."""
    (tmp_path / "a.png").touch()
    with pytest.raises(ImageReadError, match=r"a\.png is empty; export it again"):
        read_bytes(tmp_path / "a.png")


@pytest.mark.skipif(not Path("/dev/zero").exists(), reason="needs a device file")
def test_devices_are_refused():
    """An endless device is not read."""
    with pytest.raises(ImageReadError, match="not a regular file"):
        read_bytes("/dev/zero")


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="named pipes are POSIX")
def test_named_pipes_are_refused_without_waiting(tmp_path):
    """Nobody writes into it."""
    os.mkfifo(tmp_path / "a.png")
    with pytest.raises(ImageReadError, match="not a regular file"):
        read_bytes(tmp_path / "a.png")


def test_files_beyond_the_limit_are_refused(art, monkeypatch):
    """The size is checked before reading."""
    monkeypatch.setattr(files, "MAX_FILE_BYTES", 10)
    with pytest.raises(ImageReadError, match="larger than 10 bytes"):
        read_bytes(art / "b.png")


def test_missing_files_are_the_systems_error(tmp_path):
    """OSError passes through."""
    with pytest.raises(FileNotFoundError):
        read_picture(tmp_path / "gone.png")


def test_a_link_that_leads_nowhere_is_said_to_be_that(tmp_path):
    """The system says "no such file" of a name that one sees in the folder."""
    (tmp_path / "old.png").symlink_to("gone.png")
    with pytest.raises(ImageReadError, match=r"old\.png is a link that leads nowhere"):
        read_picture(tmp_path / "old.png")


def test_names_apart_only_by_case_or_form_clash():
    """Case, composed accents and German sharp s are one name on some systems."""
    composed, parts = "café.png", unicodedata.normalize("NFD", "café.png")
    paths = [Path(n) for n in ("a.png", "out/A.PNG", "A.png", composed, parts, "ß.png", "SS.png")]
    assert clashing_names(paths) == [
        (Path("a.png"), Path("A.png")),
        (Path(composed), Path(parts)),
        (Path("ß.png"), Path("SS.png")),
    ]


@given(st.lists(st.text("abc画é", min_size=1, max_size=4), unique=True))
def test_names_apart_do_not_clash(names):
    """Different names of lower case are left alone."""
    assert clashing_names(Path(name) for name in names) == []
