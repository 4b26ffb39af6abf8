"""The index: search and change."""

from itertools import pairwise

import cv2
import numpy as np
import pytest

from ocguard.fingerprint.describe import describe
from ocguard.fingerprint.view_id import view_id, work_of
from ocguard.matching.search import index as search_index
from ocguard.matching.search.index import SIZE_RATIO, Index


def found(index, query, limit=20):
    return [candidate.work_id for candidate in index.search(query, limit)]


@pytest.mark.parametrize(
    "change",
    [
        lambda a: a[60:300, 80:330],
        lambda a: a[:, ::-1],
        lambda a: 255 - a,
        lambda a: cv2.resize(a, (150, 150), interpolation=cv2.INTER_AREA),
        np.rot90,
        lambda a: cv2.GaussianBlur(a, (0, 0), 3),
    ],
    ids=["crop", "mirror", "invert", "shrink", "turn", "blur"],
)
def test_the_right_work_is_among_the_first_candidates(works, change):
    """Each kind of change leaves one of the searches its work."""
    query = describe(np.ascontiguousarray(change(works.pictures["work-5"])))
    assert "work-5" in found(works.index, query, 3)


def test_at_most_the_limit_is_returned_and_no_work_twice(works):
    """Candidates are capped and distinct."""
    listed = found(works.index, works.fingerprints["work-0"], 4)
    assert len(listed) == len(set(listed)) == 4


def test_an_empty_index_finds_nothing(works):
    """Searching before anything was registered is not an error."""
    assert Index().search(works.fingerprints["work-0"]) == []


def test_a_flat_query_and_a_flat_work_are_no_error(works):
    """Pictures without keypoints can be indexed and searched for."""
    flat = describe(np.full((50, 60, 3), 255, np.uint8))
    index = works.index.with_works([("flat", flat)])
    assert "work-3" in found(index, works.fingerprints["work-3"])
    index.search(flat)


def test_many_additions_are_joined(works):
    """The number of segments stays bounded and every work stays findable."""
    index = Index()
    for work_id, fingerprint in works.fingerprints.items():
        index = index.with_works([(work_id, fingerprint)])
    sizes = [len(segment) for segment in index.segments]
    assert all(one >= SIZE_RATIO * other for one, other in pairwise(sizes))
    assert index.work_ids == works.index.work_ids
    for work_id, fingerprint in works.fingerprints.items():
        assert found(index, fingerprint)[0] == work_id


def test_a_tiny_segment_keeps_no_others_apart(works):
    """A few works came first, then many at a time: as an artist's index begins."""
    (first, *rest), index = works.fingerprints.items(), Index()
    for batch in ([first], rest[:5], rest[5:10]):
        index = index.with_works(batch)
    sizes = [len(segment) for segment in index.segments]
    assert all(one >= SIZE_RATIO * other for one, other in pairwise(sizes))
    assert index.work_ids == {name for name, _ in (first, *rest[:10])}


def test_answers_do_not_depend_on_how_the_index_came_together(works, monkeypatch):
    """Nor on what was in it before: candidates and scores are the same to the last bit."""
    monkeypatch.setattr(search_index, "FULL_WORKS", 3)
    other = Index.build([("gone", works.fingerprints["work-5"])])
    for work_id, fingerprint in reversed(works.fingerprints.items()):
        other = other.with_works([(work_id, fingerprint)])
    other = other.without_works(["gone"])
    assert len(other.segments) > 2
    for name in ("work-0", "work-5", "work-7"):
        turned = describe(np.ascontiguousarray(np.rot90(works.pictures[name][30:, 20:])))
        for query in (works.fingerprints[name], turned):
            assert other.search(query, 8) == works.index.search(query, 8)


def test_a_full_segment_is_not_joined(works, monkeypatch):
    """To join those of a very large portfolio would take more memory than there is."""
    monkeypatch.setattr(search_index, "FULL_WORKS", 4)
    index = Index()
    for work_id, fingerprint in works.fingerprints.items():
        index = index.with_works([(work_id, fingerprint)])
    assert [len(segment) for segment in index.segments] == [4, 4, 4]


def test_a_removed_work_is_not_returned(works):
    """Removing takes effect at once, also after joining segments."""
    index = works.index.without_works(["work-2"])
    assert "work-2" not in found(index, works.fingerprints["work-2"])
    for turn in range(9):
        index = index.with_works([(f"more-{turn}", works.fingerprints["work-0"])])
    assert "work-2" not in found(index, works.fingerprints["work-2"], 100)
    assert "work-2" not in index.work_ids


def test_a_work_that_comes_back_is_replaced(works):
    """Registering a work again gives it its new fingerprint."""
    index = works.index.with_works([("work-2", works.fingerprints["work-9"])])
    assert set(found(index, works.fingerprints["work-9"], 2)) == {"work-2", "work-9"}
    assert len(index.work_ids) == len(works.index.work_ids)


def test_a_work_is_listed_by_its_nearest_view(works, drawings):
    """Many views of one work leave room for other works."""
    views = [works.fingerprints["work-3"], describe(drawings.painterly(300, 300, 1))]
    named = [(view_id("tall", number), views[number % 2]) for number in range(1, 40)]
    index = works.index.with_works(named)
    first, second = index.search(works.fingerprints["work-3"], 4)[:2]
    assert {first.work_id, second.work_id} == {"tall", "work-3"}
    assert len({one.work_id for one in index.search(works.fingerprints["work-3"], 4)}) >= 2
    listed = [one.view_id for one in index.search(works.fingerprints["work-3"])]
    assert len([one for one in listed if work_of(one) == "tall"]) <= 3
    assert len({work_of(one) for one in listed}) >= 12


def test_works_are_counted_once_and_views_by_themselves(works):
    """Each view is one more chance for a coincidence."""
    index = works.index.with_works([(view_id("work-3", 1), works.fingerprints["work-4"])])
    assert len(index) == 13
    assert index.work_ids == works.index.work_ids
    assert view_id("work-3", 1) in index
    assert view_id("work-3", 2) not in index
