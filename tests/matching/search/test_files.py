"""Promises of ocguard.matching.search.files: an index that is saved and opened."""

from __future__ import annotations

import numpy as np
import pytest

from ocguard.errors import PortfolioError
from ocguard.fingerprint.describe import describe
from ocguard.matching.search.files import open_segments, save_segments
from ocguard.matching.search.index import Index


def opened(folder):
    """The index of a folder."""
    return Index(open_segments(folder))


def test_a_saved_index_answers_like_the_one_in_memory(works, tmp_path):
    """Mapped from the disk, the candidates and their scores are the same."""
    save_segments(tmp_path / "index", works.index.segments)
    mapped = opened(tmp_path / "index")
    query = describe(np.ascontiguousarray(works.pictures["work-7"][40:, 40:]))
    assert mapped.search(query) == works.index.search(query)
    assert mapped.work_ids == works.index.work_ids


def test_adding_leaves_written_segments_alone(works, tmp_path):
    """One more work writes one more segment."""
    folder = tmp_path / "index"
    save_segments(folder, works.index.segments)
    before = {p.name for p in folder.glob("segment-*")}
    more = opened(folder).with_works([("new", works.fingerprints["work-0"])])
    save_segments(folder, more.segments)
    after = {p.name for p in folder.glob("segment-*")}
    assert before < after
    assert len(after) == len(before) + 1
    assert "new" in opened(folder).work_ids


@pytest.mark.parametrize("victim", ["index.json", "signatures.npy", "work_ids.npy"])
def test_a_damaged_index_says_rebuild(works, tmp_path, victim):
    """A missing or truncated file is an error that names the cure."""
    folder = tmp_path / "index"
    save_segments(folder, works.index.segments)
    path = next(folder.rglob(victim))
    path.write_bytes(path.read_bytes()[:10])
    with pytest.raises(PortfolioError, match="rebuild"):
        opened(folder)


def test_an_index_of_another_version_is_refused(works, tmp_path):
    """Codes of another fingerprint version are not searched."""
    folder = tmp_path / "index"
    save_segments(folder, works.index.segments)
    manifest = folder / "index.json"
    manifest.write_text(manifest.read_text().replace('version": 1', 'version": 99'))
    with pytest.raises(PortfolioError, match="99"):
        opened(folder)
