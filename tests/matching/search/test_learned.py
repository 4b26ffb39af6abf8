"""Look-alikes: nearest codes, above a background."""

import numpy as np
import pytest

from ocguard.matching.identification.identify import Suspect, identify
from ocguard.matching.search.index import Index
from ocguard.matching.search.learned import BACKGROUND, PROPOSED, LookAlikes


def codes_of(count, seed=0):
    """Make codes of unrelated works."""
    random = np.random.default_rng(seed)
    codes = random.integers(-127, 128, (count, 64)).astype(np.int8)
    return LookAlikes(np.array([b"work-%06d" % row for row in range(count)]), codes)


@pytest.mark.parametrize("count", [3, 40, 40_000])
def test_the_nearest_are_those_of_a_plain_computation(count) -> None:
    """In chunks or not, best first, with the cosine."""
    works = codes_of(count)
    asked = works.codes[2].astype(float) + np.random.default_rng(1).normal(0, 40, 64)
    code = np.clip(np.rint(asked), -127, 127).astype(np.int8)
    plain = works.codes.astype(float) @ code.astype(float)
    plain /= np.linalg.norm(works.codes.astype(float), axis=1) * np.linalg.norm(code.astype(float))
    order = np.argsort(-plain)[:PROPOSED]
    found = works.nearest(code)
    assert found[0].work_id == "work-000002"
    assert [one.work_id for one in found] == [works.work_ids[row].decode() for row in order]
    assert np.allclose([one.similarity for one in found], plain[order], atol=1e-5)


def test_what_all_works_have_in_common_cancels_out() -> None:
    """Everything alike: high cosines, but nothing above the background."""
    works = codes_of(200)
    alike = LookAlikes(works.work_ids, (works.codes // 8 + 100).astype(np.int8))
    (best, *_) = alike.nearest(alike.codes[:100].mean(axis=0).astype(np.int8))
    assert best.similarity > 0.98
    assert best.normalized < 0.02


def test_without_other_works_nothing_is_normalized() -> None:
    """A background of a few works would say nothing."""
    works = codes_of(PROPOSED + BACKGROUND - 1)
    assert all(one.normalized is None for one in works.nearest(works.codes[0]))
    works = codes_of(PROPOSED + BACKGROUND)
    assert all(one.normalized is not None for one in works.nearest(works.codes[0]))


def test_no_works_give_no_look_alikes() -> None:
    """An empty portfolio is no error."""
    empty = LookAlikes(np.empty(0, "S16"), np.empty((0, 64), np.int8))
    assert empty.nearest(np.ones(64, np.int8)) == []


def test_a_work_that_the_search_misses_is_verified_when_it_is_proposed(works) -> None:
    """Whoever proposes it, evidence alone decides."""
    suspect = Suspect.of(np.ascontiguousarray(works.pictures["work-5"][40:380, 30:370]))
    others = Index.build((i, f) for i, f in works.fingerprints.items() if i != "work-5")
    assert identify(suspect, others, works).verdict == "no-match"
    assert identify(suspect, others, works, also=["work-5"]).work_id == "work-5"
    assert identify(suspect, others, works, also=["work-2"]).verdict == "no-match"
