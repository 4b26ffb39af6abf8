"""What a suspect, or works, hold too little of."""

from dataclasses import dataclass
from types import SimpleNamespace

import numpy as np
import pytest

from ocguard.fingerprint.describe import describe
from ocguard.matching.identification.lacking import lacking, thin_works


@dataclass
class Shelf:
    """Works by their fingerprints."""

    described: dict

    def fingerprint(self, view_id):
        return self.described[view_id]


@pytest.fixture(scope="module")
def shelf(drawings) -> Shelf:
    """A picture, and one of two plain areas."""
    plain = np.full((400, 500, 3), 90, np.uint8)
    plain[:, 200:] = (200, 60, 60)
    pictures = {"full": drawings.cel(500, 400, 3), "plain": plain}
    return Shelf({name: describe(rgb, None) for name, rgb in pictures.items()})


def test_something_can_be_said_where_one_work_holds_enough(shelf) -> None:
    """Otherwise the reason says whether it is the suspect or the works."""
    full, plain = shelf.described["full"], shelf.described["plain"]
    assert lacking(full, ["plain", "full"], shelf) is None
    assert lacking(full, ["plain"], shelf).code.startswith("work-too-")
    assert lacking(plain, ["full"], shelf).code.startswith("suspect-too-")


def test_thin_works_are_named_with_what_they_lack(shelf) -> None:
    """The others are not."""
    compared = [SimpleNamespace(work_id=name, view_id=name) for name in ("full", "plain")]
    reasons = thin_works(compared, shelf)
    assert list(reasons) == ["plain"]
    assert reasons["plain"].code.startswith("work-too-")
