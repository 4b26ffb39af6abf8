"""Votes: scanning cells where they lie says what gathering them says."""

import numpy as np

from ocguard.matching.search import votes
from ocguard.matching.search.files import open_segments, save_segments
from ocguard.matching.search.votes import Asked, near_entries
from ocguard.matching.search.votes import local_votes as votes_of_all


def asked_for(fingerprint):
    """Prepare a work's own features."""
    return Asked.of(fingerprint.local, fingerprint.size)


def local_votes(segment, asked):
    """Count the votes for the works of one segment."""
    return votes_of_all([(len(segment), near_entries(segment, asked))], asked)


def test_scanned_gathered_and_read_from_a_file_the_votes_are_the_same(
    works, tmp_path, monkeypatch
) -> None:
    """Large segments are scanned, small ones gathered; the file may be gone behind its map."""
    save_segments(tmp_path / "index", works.index.segments)
    asked = asked_for(works.fingerprints["work-3"])
    (plain,) = works.index.segments
    (mapped,) = open_segments(tmp_path / "index")
    gathered = local_votes(plain, asked)
    monkeypatch.setattr(votes, "SCANNED_ENTRIES", 0)
    assert gathered.argmax() == list(plain.work_ids).index(b"work-3")
    assert np.allclose(local_votes(plain, asked), gathered)
    assert np.allclose(local_votes(mapped, asked), gathered)


def test_where_too_much_would_be_visited_the_nearest_cells_are_kept(works, monkeypatch) -> None:
    """At least one a descriptor, however large the portfolio."""
    asked = asked_for(works.fingerprints["work-3"])
    assert asked.limited(works.index.segments).cells.shape == asked.cells.shape
    monkeypatch.setattr(votes, "MAX_VISITED", 1)
    limited = asked.limited(works.index.segments)
    assert np.array_equal(limited.cells, asked.cells[:, :1])
    assert local_votes(works.index.segments[0], limited).argmax() == [
        *works.index.segments[0].work_ids
    ].index(b"work-3")
