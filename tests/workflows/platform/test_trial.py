"""Promises of ocguard.workflows.platform.trial."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from ocguard.errors import PlatformError
from ocguard.platforms.shipped import shipped_profiles
from ocguard.workflows.check.run import Checker, prepare_check
from ocguard.workflows.home.workspace import Workspace
from ocguard.workflows.platform.trial import newest_protected, try_out


@pytest.fixture(scope="module")
def check(gallery):
    """Check files against the gallery."""
    job = prepare_check(Workspace.at(gallery.home))
    checker = Checker(job)
    return lambda data: checker.check(data, "there")


def test_a_trial_says_what_is_left_of_a_protected_picture(gallery, check) -> None:
    """Its size, its metadata, its mark, and whether it is still recognized."""
    data = (gallery.out / "cel.png").read_bytes()
    done = try_out(data, "cel.png", shipped_profiles()["xiaohongshu"], check)
    assert done.has_mark
    assert done.checked.verdict == "near-copy"
    assert (done.served.file_format, done.served.metadata) == ("WEBP", ())


def test_a_picture_without_a_mark_has_none_afterwards(gallery, check) -> None:
    """Whatever the platform does."""
    data = (gallery.art / "cel.png").read_bytes()
    assert not try_out(data, "cel.png", shipped_profiles()["weibo"], check).has_mark


def test_a_refused_upload_is_told(gallery, check) -> None:
    """In words, before anything is checked."""
    data = (gallery.out / "sub" / "林.webp").read_bytes()
    with pytest.raises(PlatformError, match="林"):
        try_out(data, "林.webp", shipped_profiles()["weibo"], check)


def test_the_newest_protected_file_is_one_that_is_there(gallery, tmp_path: Path) -> None:
    """Files that were moved away are passed over; without any there is none."""
    home = shutil.copytree(gallery.home, tmp_path / "home")
    with Workspace.at(home).open_store() as store:
        newest = newest_protected(store)
        assert newest is not None
        outputs = [mark.output for work in store.works() for mark in store.marks(work.work_id)]
        assert newest.output == outputs[-1]
    with Workspace.at(tmp_path / "empty").open_store(create=True) as store:
        assert newest_protected(store) is None
