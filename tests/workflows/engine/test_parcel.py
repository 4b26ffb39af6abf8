"""Promises of ocguard.workflows.engine.parcel: a worker works with its own key, or not at all."""

from __future__ import annotations

import numpy as np
import pytest

import ocguard
from ocguard.errors import ClusterError
from ocguard.workflows.check.detect import prepare_detect
from ocguard.workflows.engine.parcel import Parcel
from ocguard.workflows.home.workspace import Workspace


def test_a_worker_with_another_key_does_nothing(gallery, tmp_path, monkeypatch) -> None:
    """It would lay marks that nobody here can read."""
    parcel = prepare_detect(Workspace.at(gallery.home)).parcel()
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("OCGUARD_HOME", str(tmp_path / "other"))
    with pytest.raises(ClusterError, match="no key"):
        parcel.unpacked()
    ocguard.protect(np.zeros((300, 300, 3), np.uint8), home=tmp_path / "other", creator="Mo")
    with pytest.raises(ClusterError, match="export"):
        parcel.unpacked()


def test_a_folder_that_is_not_there_is_named(tmp_path, monkeypatch) -> None:
    """All machines need the same files under the same paths."""
    monkeypatch.chdir(tmp_path)
    parcel = Parcel("p.sqlite3", str(tmp_path / "missing"), None, lambda workspace: workspace)
    with pytest.raises(ClusterError, match="missing"):
        parcel.unpacked()
