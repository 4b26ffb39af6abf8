"""Promises of ocguard.matching.search.files: an index that is saved and opened."""

from __future__ import annotations

import shutil
from dataclasses import fields

import numpy as np
import pytest

from ocguard.errors import PortfolioError
from ocguard.fingerprint.describe import describe
from ocguard.matching.search.files import open_segments, release, runs, save_segments
from ocguard.matching.search.index import Index
from ocguard.matching.search.segment import Segment


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


def test_segments_of_another_folder_are_linked(works, tmp_path):
    """The index of the next state takes no room for what stays, and outlives the older folder."""
    save_segments(tmp_path / "before", works.index.segments)
    more = opened(tmp_path / "before").with_works([("new", works.fingerprints["work-0"])])
    save_segments(tmp_path / "after", more.segments)
    (place,) = (tmp_path / "before").glob("segment-*")
    for file in place.iterdir():
        assert file.samefile(tmp_path / "after" / place.name / file.name)
    shutil.rmtree(tmp_path / "before")
    assert opened(tmp_path / "after").work_ids == {*works.index.work_ids, "new"}


def test_segments_whose_folder_is_gone_are_written_again(works, tmp_path):
    """Another process may clear away the state that an index was opened from."""
    save_segments(tmp_path / "before", works.index.segments)
    held = opened(tmp_path / "before")
    shutil.rmtree(tmp_path / "before")
    save_segments(tmp_path / "after", held.segments)
    assert opened(tmp_path / "after").work_ids == works.index.work_ids


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


ARRAYS = [field.name for field in fields(Segment) if field.name != "dead"]


@pytest.fixture
def saved(works, tmp_path):
    """Save an index of one segment, and name that segment's folder."""
    segment = Segment.build(list(works.fingerprints.items())[:5])
    save_segments(tmp_path / "index", [segment])
    (folder,) = (tmp_path / "index").glob("segment-*")
    return segment, folder


def test_the_arrays_of_a_saved_segment_are_mapped_and_the_same(saved):
    """Also after their memory was given back."""
    segment, folder = saved
    (mapped,) = open_segments(folder.parent)
    assert isinstance(mapped.codes, np.memmap)
    release(mapped)
    for name in ARRAYS:
        assert np.array_equal(getattr(mapped, name), getattr(segment, name))


@pytest.mark.parametrize("name", ARRAYS)
@pytest.mark.parametrize("damage", ["missing", "cut", "empty", "foreign"])
def test_a_damaged_array_says_rebuild(saved, name, damage):
    """Whichever of them it is."""
    _, folder = saved
    file = folder / f"{name}.npy"
    whole = file.read_bytes()
    file.unlink()
    if damage != "missing":
        file.write_bytes({"cut": whole[:-1], "empty": b"", "foreign": b"no array"}[damage])
    with pytest.raises(PortfolioError, match=r"index is damaged .*rebuild it"):
        open_segments(folder.parent)


@pytest.mark.parametrize("name", ["codes", "layouts", "rows"])
def test_arrays_of_different_states_are_damage(works, saved, name):
    """A copy that was interrupted mixes them."""
    other = Segment.build(list(works.fingerprints.items())[:4])
    np.save(saved[1] / f"{name}.npy", getattr(other, name))
    with pytest.raises(PortfolioError, match="lengths differ"):
        open_segments(saved[1].parent)


def test_runs_of_a_mapped_array_are_those_of_the_array(saved):
    """Read from the file, or from memory where the file is gone."""
    segment, folder = saved
    (mapped,) = open_segments(folder.parent)
    for name in ("signatures", "poses"):
        expected = getattr(segment, name)[3:17]
        for array in (getattr(segment, name), getattr(mapped, name)):
            with runs(array) as read:
                assert np.array_equal(read(3, 17), expected)
                assert len(read(5, 5)) == 0
    (folder / "signatures.npy").unlink()
    with runs(mapped.signatures) as read:
        assert np.array_equal(read(0, 9), segment.signatures[:9])
