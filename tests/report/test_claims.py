"""Promises of ocguard.report.claims."""

from __future__ import annotations

from dataclasses import replace

import pytest

from ocguard.report.claims import NONE, Side, compare_sides

DRAFT = {"file_sha256": "d" * 64, "verdict": "near-copy"}
WORK = {
    "width": 3000,
    "height": 2000,
    "file_sha256": "a" * 64,
    "created": "2026-05-01T12:00:00.000000Z",
    "drafts": [DRAFT, {**DRAFT, "verdict": "no-match"}, {**DRAFT, "file_sha256": "e" * 64}],
}
PHASH = "imagehash-phash@4.3.2"


@pytest.fixture
def mine() -> Side:
    """Show all that one can."""
    return Side(
        state="intact",
        is_intact=True,
        creator="Mo",
        identity="ab-cd",
        suspect_sha256="b" * 64,
        hashes={PHASH: {"suspect": "0" * 15 + "3", "work": "0" * 16}},
        verdict="near-copy",
        marks=("0123456789abcdef",),
        work=WORK,
        work_time="2026-05-02T12:00:00 UTC, CN=Authority",
        draft_times=("2026-05-01T12:00:00 UTC, CN=Authority",),
    )


@pytest.fixture
def theirs(mine: Side) -> Side:
    """Show nothing but another picture."""
    return replace(
        mine, creator="", marks=(), work={}, work_time="", draft_times=(), suspect_sha256="a" * 64
    )


def test_every_fact_is_shown_of_both_sides_with_its_limit(mine: Side, theirs: Side) -> None:
    """What a side lacks is said too."""
    facts = {fact.name: fact for fact in compare_sides(mine, theirs)}
    assert all(fact.a and fact.b and fact.limit for fact in facts.values())
    lacking = ("Name", "Own mark in it", "Size of the work", "Registered", "Drafts")
    for name in (*lacking, "Trusted time", "Trusted time of a draft"):
        assert facts[name].a != NONE
        assert facts[name].b == NONE
    assert facts["Size of the work"].a == "3000 x 2000"
    assert facts["Registered"].a == "2026-05-01T12:00:00 UTC"


def test_drafts_are_counted_by_their_files(mine: Side, theirs: Side) -> None:
    """Frames of one recording are one."""
    drafts = next(fact for fact in compare_sides(mine, theirs) if fact.name == "Drafts")
    assert drafts.a == "2 files, 2 like the work"


def test_whether_both_speak_of_one_picture_is_said(mine: Side, theirs: Side) -> None:
    """By the very file, or by how far its hash is from the other's."""
    other = replace(theirs, hashes={PHASH: {"suspect": "", "work": "0" * 16}})
    about = next(f for f in compare_sides(mine, other) if f.name == "Picture in question")
    assert about.a == f"another file than the other's work; 2 of 64 bits of {PHASH} differ"
    assert about.b == "the very file of the other's work"


def test_swapping_both_sides_swaps_the_columns(mine: Side, theirs: Side) -> None:
    """Neither is treated as the one who is right."""
    there = compare_sides(mine, theirs)
    back = compare_sides(theirs, mine)
    assert [(one.a, one.b) for one in there] == [(one.b, one.a) for one in back]
    assert list(there[0].to_dict()) == ["name", "a", "b", "limit"]
