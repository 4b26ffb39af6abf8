"""Promises of whole files: all or nothing, never over somebody else's file."""

from __future__ import annotations

import errno
import os
from pathlib import Path

import pytest

from ocguard.atomic import PRIVATE, draft_folder, whole_file, whole_folder
from ocguard.errors import OutputExistsError


def no_links(*_: object) -> None:
    raise OSError("this file system has no hard links")


def test_the_name_appears_only_at_the_end(tmp_path: Path) -> None:
    """While the content is written, nobody sees the name."""
    path = tmp_path / "a"
    with whole_file(path) as stream:
        stream.write(b"whole")
        assert not path.exists()
    assert path.read_bytes() == b"whole"
    assert list(tmp_path.iterdir()) == [path]


def test_an_error_leaves_nothing(tmp_path: Path) -> None:
    """No half file, no temporary file, and the older file as it was."""
    path = tmp_path / "a"
    path.write_bytes(b"old")
    with pytest.raises(RuntimeError), whole_file(path, overwrite=True) as stream:
        stream.write(b"half")
        raise RuntimeError
    assert path.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [path]


def test_an_existing_name_is_refused(tmp_path: Path) -> None:
    """Nothing is overwritten without being asked for, dangling links included."""
    path = tmp_path / "a"
    path.symlink_to(tmp_path / "nowhere")
    with pytest.raises(OutputExistsError, match="exists already"), whole_file(path):
        pass


@pytest.mark.parametrize("has_links", [True, False])
def test_a_name_that_appears_meanwhile_is_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, has_links: bool
) -> None:
    """Another process that was faster wins."""
    if not has_links:
        monkeypatch.setattr(os, "link", no_links)
    path = tmp_path / "a"
    with pytest.raises(OutputExistsError), whole_file(path) as stream:
        path.write_bytes(b"faster")
        stream.write(b"late")
    assert path.read_bytes() == b"faster"
    assert list(tmp_path.iterdir()) == [path]


def test_file_systems_without_links_work_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A memory card of a tablet has no hard links."""
    monkeypatch.setattr(os, "link", no_links)
    with whole_file(tmp_path / "a", mode=PRIVATE) as stream:
        stream.write(b"whole")
    assert (tmp_path / "a").read_bytes() == b"whole"
    assert [child.name for child in tmp_path.iterdir()] == ["a"]


@pytest.mark.parametrize("whole", [whole_file, whole_folder])
def test_a_full_disk_is_told_by_the_name_that_was_asked_for(tmp_path: Path, whole) -> None:
    """The system names nothing, or a temporary file that nobody knows."""
    for hidden in (None, str(tmp_path / ".1234.ocguard" / "page.html")):
        error = OSError(errno.ENOSPC, "No space left on device", hidden)
        with pytest.raises(OSError, match="No space") as raised, whole(tmp_path / "new"):
            raise error
        assert raised.value.filename == str(tmp_path / "new")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.skipif(not Path("/proc/self").exists(), reason="needs a folder that takes nothing")
@pytest.mark.parametrize("whole", [whole_file, whole_folder])
def test_a_folder_that_takes_nothing_is_told_by_the_name_that_was_asked_for(whole) -> None:
    """Nobody knows the temporary name that the system speaks of."""
    with pytest.raises(OSError, match="/proc/new") as raised, whole(Path("/proc/new")):
        pass
    assert raised.value.filename == "/proc/new"


def test_a_folder_appears_whole(tmp_path: Path) -> None:
    """While it is filled, nobody sees its name; folders above it are made."""
    path = tmp_path / "above" / "a"
    with whole_folder(path) as draft:
        (draft / "below").mkdir()
        (draft / "below" / "file").write_bytes(b"whole")
        assert not path.exists()
    assert (path / "below" / "file").read_bytes() == b"whole"
    assert list(path.parent.iterdir()) == [path]


def test_a_folder_that_fails_leaves_nothing(tmp_path: Path) -> None:
    """And one that exists, or that appeared meanwhile, is never touched."""
    path = tmp_path / "a"
    with pytest.raises(RuntimeError), whole_folder(path) as draft:
        (draft / "file").write_bytes(b"half")
        raise RuntimeError
    assert list(tmp_path.iterdir()) == []
    with pytest.raises(OutputExistsError), whole_folder(path):
        path.mkdir()
    with pytest.raises(OutputExistsError), whole_folder(path):
        pass
    assert list(tmp_path.iterdir()) == [path]


def test_a_draft_is_private_and_gone_afterwards(tmp_path: Path) -> None:
    """Also after an error, which names what the draft was for and not the draft."""
    path = tmp_path / "copies" / "a"
    with pytest.raises(OSError, match="a directory") as caught, draft_folder(path) as folder:
        assert os.name != "posix" or folder.stat().st_mode & 0o777 == 0o700
        assert folder.parent == path.parent
        (folder / "inner").write_bytes(b"half")
        raise IsADirectoryError(errno.EISDIR, "is a directory", str(folder / "inner"))
    assert caught.value.filename == str(path)
    assert list(path.parent.iterdir()) == []
