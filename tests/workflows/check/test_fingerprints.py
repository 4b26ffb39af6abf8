"""Promises of ocguard.workflows.check.fingerprints."""

from __future__ import annotations

from ocguard.fingerprint.fingerprint import Fingerprint
from ocguard.imaging.files import find_pictures
from ocguard.portfolio import open_store
from ocguard.workflows.check.fingerprints import fingerprint_files, fingerprint_one
from ocguard.workflows.home.workspace import Workspace


def test_a_fingerprint_is_the_one_that_the_portfolio_keeps(gallery) -> None:
    """So that either can be compared with either."""
    made = fingerprint_one(gallery.art / "cel.png")
    with open_store(Workspace.at(gallery.home).location) as store:
        kept = store.fingerprint(gallery.protected("cel.png").work_id)
    assert made.fingerprint is not None
    assert Fingerprint.from_text(made.fingerprint).to_bytes() == kept


def test_a_picture_that_fails_stops_no_other(gallery, tmp_path) -> None:
    """Its result says why."""
    (tmp_path / "broken.png").write_bytes(b"broken")
    found = find_pictures([tmp_path / "broken.png", gallery.art / "soft.jpg"])
    assert [one.status for one in fingerprint_files(found, 1)] == ["failed", "done"]
