"""A stolen copy, and a report about it."""

from __future__ import annotations

from pathlib import Path

import pytest
from PIL import Image

from ocguard.workflows.home.workspace import Workspace
from ocguard.workflows.report.bundle import Report, make_report
from ocguard.workflows.report.captures import capture_of

CAPTURE = capture_of("https://example.org/1", "thief", "2026-11-29T18:00+08:00", "Seen in a feed.")


@pytest.fixture(scope="session")
def stolen(gallery, tmp_path_factory) -> Path:
    """Cut, shrink and recompress a protected picture."""
    path = tmp_path_factory.mktemp("found") / "found.jpg"
    with Image.open(gallery.out / "soft.jpg") as picture:
        picture.crop((30, 20, 590, 500)).resize((420, 360)).save(path, quality=70)
    return path


@pytest.fixture(scope="session")
def report(gallery, stolen, tmp_path_factory) -> Report:
    """Report on the stolen copy, with the page that was saved."""
    folder = tmp_path_factory.mktemp("reports") / "new" / "report"
    page = stolen.with_name("Post — 2026.MHTML")
    page.write_bytes(b"From: <Saved by Blink>")
    return make_report(Workspace.at(gallery.home), stolen, folder, CAPTURE, [page])
