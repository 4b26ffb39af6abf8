"""Promises of ocguard.workflows.check.missing_mark."""

from __future__ import annotations

import shutil

import pytest
from PIL import Image

from ocguard import check
from ocguard.watermark.missing import ExpectedReading
from ocguard.workflows.check import missing_mark as module


@pytest.fixture(scope="module")
def draft(gallery, tmp_path_factory):
    """A small JPEG of an original that was marked, from before it was."""
    path = tmp_path_factory.mktemp("draft") / "draft.jpg"
    with Image.open(gallery.art / "soft.jpg") as original:
        original.resize((540, 468)).save(path, quality=85)
    return path


def test_a_near_copy_without_its_mark_is_hinted_at(gallery, draft) -> None:
    """The work, both bounds, and both of what it may mean; the verdict stays what it is."""
    result = check(draft, home=gallery.home)
    hint = result.missing_mark
    assert (result.verdict, result.marks) == ("near-copy", ())
    assert (hint.work_id, hint.reason_code) == (result.work_id, "no-trace-of-mark")
    assert hint.reason_values["expected_p_value"] < module.SURE_BELOW
    assert hint.reason_values["p_value"] >= module.TRACE_BELOW
    assert "taken out" in hint.reason
    assert "before it was marked" in hint.reason
    assert result.to_dict()["missing_mark"]["reason"] == hint.reason


def test_a_copy_whose_mark_is_read_misses_none(gallery, tmp_path) -> None:
    """However small a p-value was expected."""
    output = gallery.protected("soft.jpg").output
    path = tmp_path / "copy.jpg"
    with Image.open(output) as marked:
        marked.convert("RGB").save(path, quality=70)
    result = check(path, home=gallery.home)
    assert result.marks
    assert result.missing_mark is None


def test_without_the_key_nothing_is_missed(gallery, draft, tmp_path) -> None:
    """No mark was looked for."""
    home = shutil.copytree(gallery.home, tmp_path / "home")
    (home / "secret.key").unlink()
    result = check(draft, home=home)
    assert result.verdict == "near-copy"
    assert result.missing_mark is None


def test_a_trace_of_the_mark_tells_removal_from_a_draft() -> None:
    """In an unmarked copy, one in a hundred has as much."""
    weakened = module._hint("0" * 16, ExpectedReading(1e-5, 1e-60))
    assert weakened.reason_code == "mark-weakened"
    assert "p < 1e-05" in weakened.reason


def test_a_mark_that_ordinary_processing_could_take_is_not_missed() -> None:
    """The bound on what was expected decides."""
    assert module.is_missing(ExpectedReading(0.5, module.SURE_BELOW / 2))
    assert not module.is_missing(ExpectedReading(0.5, module.SURE_BELOW))
