"""Promises of ocguard.workflows.home.variants."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from ocguard import Portfolio
from ocguard.errors import PortfolioError
from ocguard.workflows.home.catalog import add_one
from ocguard.workflows.home.variants import (
    Variants,
    find_variants,
    known_variants,
    look_for_variants,
)
from ocguard.workflows.home.workspace import Workspace

LONG = 600.0
"""Seconds in which everything is looked at."""


def registered(workspace: Workspace) -> list[str]:
    """Name the works, the oldest first."""
    with workspace.open_store() as store:
        return [work.work_id for work in store.works()]


def kept_file(workspace: Workspace) -> Path:
    """Find what is kept."""
    (file,) = workspace.home.cache_folder.rglob("variants.json")
    return file


def test_works_are_grouped_over_others() -> None:
    """Also where one side alone names the other; what is not among the works leads nowhere."""
    variants = Variants({"a": ("c",), "b": (), "c": (), "d": ("c", "gone")})
    assert variants.groups("abcd") == [["a", "c", "d"], ["b"]]
    assert variants.groups("dcba") == [["d", "c", "a"], ["b"]]
    assert variants.groups("abd") == [["a"], ["b"], ["d"]]
    assert variants.groups("") == []


def test_every_work_is_looked_for_among_the_others_once(workspace) -> None:
    """The pair names each other; what was found is there without looking again."""
    work, variant, *strangers = registered(workspace)
    assert known_variants(workspace) == Variants()
    search = look_for_variants(workspace, LONG)
    assert (search.done, search.all, search.new) == (4, 4, 2)
    known = known_variants(workspace)
    assert known.found == {
        work: (variant,),
        variant: (work,),
        **dict.fromkeys(strangers, ()),
    }
    again = look_for_variants(workspace, LONG)
    assert (again.done, again.all, again.new) == (4, 4, 0)


def test_a_search_ends_in_time_and_goes_on_later(workspace) -> None:
    """The newest work comes first."""
    *_, newest = registered(workspace)
    assert look_for_variants(workspace, 0.0).done == 0
    seconds = 0.0
    while not known_variants(workspace).found:
        seconds += 0.01
        look_for_variants(workspace, seconds)
    assert newest in known_variants(workspace).found
    assert look_for_variants(workspace, LONG).done == 4


def test_new_works_alone_are_looked_for(workspace, drawings) -> None:
    """One that is gone is forgotten; another variant joins the group."""
    work, variant, stranger, _ = registered(workspace)
    look_for_variants(workspace, LONG)
    Portfolio(home=workspace.home.folder).remove(stranger)
    third = drawings.cel(500, 400, 1)
    third[350:390, 440:490] = (20, 20, 200)
    assert add_one(workspace, third).error is None
    search = look_for_variants(workspace, LONG)
    assert (search.done, search.all, search.new) == (4, 4, 1)
    *_, newest = registered(workspace)
    assert stranger not in known_variants(workspace).found
    assert set(known_variants(workspace).groups([newest, variant, work])[0]) == {
        newest,
        variant,
        work,
    }


def _other_bounds(kept: str) -> str:
    return json.dumps({**json.loads(kept), "bounds_id": "another"})


@pytest.mark.parametrize(
    "damage",
    [lambda kept: kept[:-9], lambda _: "[]", lambda _: '{"bounds_id": 3}', _other_bounds],
)
def test_what_was_kept_is_only_a_cache(workspace, damage) -> None:
    """Damaged, or found by other bounds, it counts for nothing, and is made again."""
    look_for_variants(workspace, LONG)
    known, file = known_variants(workspace), kept_file(workspace)
    file.write_text(damage(file.read_text()))
    assert known_variants(workspace) == Variants()
    look_for_variants(workspace, LONG)
    assert known_variants(workspace) == known


def test_a_work_that_is_recognized_by_something_else_is_looked_for_again(workspace) -> None:
    """What was found for its former description may no longer hold."""
    look_for_variants(workspace, LONG)
    file = kept_file(workspace)
    kept = json.loads(file.read_text())
    changed = registered(workspace)[0]
    kept["works"][changed] = {"fingerprint_sha256": "0" * 64, "variants": []}
    file.write_text(json.dumps(kept))
    assert look_for_variants(workspace, LONG).new == 1
    assert known_variants(workspace).found[changed]


def test_without_a_place_to_keep_it_nothing_is_looked_for(workspace, monkeypatch) -> None:
    """Else the search would never end."""
    monkeypatch.setattr(
        "ocguard.workflows.home.variants.writable_folder", lambda folder: folder / "other"
    )
    search = look_for_variants(workspace, LONG)
    assert search.done == search.all == 4
    assert known_variants(workspace) == Variants()


def test_a_work_is_asked_for_its_variants(workspace) -> None:
    """Each of the pair names the other; a stranger names none."""
    work, variant, *strangers = registered(workspace)
    for asked, other in ((work, variant), (variant, work)):
        ((found, name),) = find_variants(workspace, asked)
        assert found.work_id == other
        assert name == found.source
    for stranger in strangers:
        assert find_variants(workspace, stranger) == []
    with pytest.raises(PortfolioError):
        find_variants(workspace, "0" * 16)


def test_a_missing_portfolio_is_an_error(tmp_path) -> None:
    """Looking makes none; nothing is known of it."""
    workspace = Workspace.at(tmp_path / "home")
    with pytest.raises(PortfolioError):
        look_for_variants(workspace, LONG)
    assert known_variants(workspace) == Variants()
    assert not (tmp_path / "home").exists()
