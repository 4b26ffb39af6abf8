"""Promises of making works ready: all that is compared is there, and a wait is announced once."""

from __future__ import annotations

import shutil

from ocguard.workflows.check.ready_works import ready_works
from ocguard.workflows.home.workspace import Workspace


def ready(home, announce=lambda works: None):
    """Make the works of a home ready."""
    return ready_works([Workspace.at(home)], announce)


def test_every_work_is_in_the_index_and_proposed(gallery) -> None:
    """The index and the codes are of the same works."""
    works = ready(gallery.home)
    index = works.open_index()
    ids = {gallery.protected(name).work_id for name in ("cel.png", "soft.jpg")}
    assert ids <= index.work_ids
    assert [cache.works for cache in works.caches] == [len(index)]
    assert works.look_alikes is None


def test_one_wait_is_announced(gallery, tmp_path) -> None:
    """Though the index and the codes are made in it."""
    waits = []
    home = tmp_path / "home"
    shutil.copytree(gallery.home, home, ignore=shutil.ignore_patterns("cache"))
    ready(home, waits.append)
    assert len(waits) == 1
    assert waits[0] > 0
