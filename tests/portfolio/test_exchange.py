"""Promises of export and import: lossless, mergeable, and safe against hostile files."""

from __future__ import annotations

import json
import os
import sqlite3
import stat
import zipfile
from dataclasses import asdict
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from ocguard.errors import OutputExistsError, PortfolioError
from ocguard.home import Home
from ocguard.portfolio import (
    Author,
    Store,
    credentials_of,
    exchange,
    export_entries,
    export_file,
    import_entries,
    open_store,
)
from ocguard.portfolio.journal import next_row

recipes = st.lists(
    st.fixed_dictionaries(
        {
            "seed": st.integers(0, 3),
            "second": st.integers(0, 600),
            "marks": st.integers(0, 2),
            "views": st.integers(0, 2),
            "is_signed": st.booleans(),
            "recipient": st.text(st.characters(exclude_categories=["Cs"]), max_size=8),
        }
    ),
    max_size=5,
    unique_by=lambda recipe: (recipe["seed"], recipe["second"]),
)


def content(store) -> tuple:
    """Everything that a store holds."""
    works = tuple(store.works())
    return (
        works,
        tuple(store.marks(work.work_id) for work in works),
        tuple(store.views(work.work_id) for work in works),
        tuple(store.fingerprint(view_id) for view_id in store.fingerprint_digests()),
        tuple(store.rendition(work.reference_sha256) for work in works),
        tuple(credentials_of(store, store.marks(work.work_id)) for work in works),
    )


def exported(folder: Path, name: str, entries: list) -> Path:
    """Make a portfolio of entries and export it."""
    with open_store(folder / f"{name}.sqlite3", create=True) as store:
        store.record(entries)
        export_entries(store, folder / f"{name}.zip")
    return folder / f"{name}.zip"


def rewritten(source: Path, change) -> Path:
    """Copy an archive, changing its members: a mapping of names to bytes."""
    with zipfile.ZipFile(source) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    target = source.with_name("hostile.zip")
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in change(members).items():
            archive.writestr(name, data)
    return target


def unsealed(members: dict[str, bytes]) -> dict:
    """Read the first work as older versions wrote it, without a digest of its own."""
    record = json.loads(members["works.jsonl"])
    del record["sha256"]
    return record


def edited(field: str, value: object, part: str = "work"):
    """Change one field of the first work or its first mark."""

    def change(members: dict[str, bytes]) -> dict[str, bytes]:
        record = unsealed(members)
        (record["work"] if part == "work" else record["marks"][0])[field] = value
        return {**members, "works.jsonl": json.dumps(record).encode()}

    return change


def added(name: str, value: object):
    """State something more of the first work."""

    def change(members: dict[str, bytes]) -> dict[str, bytes]:
        record = {**unsealed(members), name: value}
        return {**members, "works.jsonl": json.dumps(record).encode()}

    return change


def replaced(prefix: str, data: bytes):
    """Change the content of the members whose names begin with a prefix."""
    return lambda members: {
        name: data if name.startswith(prefix) else old for name, old in members.items()
    }


def without(prefix: str):
    """Leave out the members whose names begin with a prefix."""
    return lambda members: {n: data for n, data in members.items() if not n.startswith(prefix)}


@given(recipes=recipes)
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_a_portfolio_moves_without_loss(tmp_path_factory, make_entry, recipes) -> None:
    """Export and import give the same works, marks, fingerprints and renditions."""
    folder = tmp_path_factory.mktemp("move")
    path = exported(folder, "old", [make_entry(**recipe) for recipe in recipes])
    with (
        open_store(folder / "old.sqlite3") as old,
        open_store(folder / "new.sqlite3", create=True) as new,
    ):
        import_entries(new, path)
        import_entries(new, path)
        assert content(new) == content(old)


@given(first=recipes, second=recipes)
@example(
    first=[
        {"seed": 0, "second": second, "marks": 0, "views": 0, "is_signed": False, "recipient": ""}
        for second in (0, 1)
    ],
    second=[{"seed": 0, "second": 1, "marks": 0, "views": 1, "is_signed": False, "recipient": ""}],
)
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_two_machines_merge_to_the_same_portfolio(
    tmp_path_factory, make_entry, first, second
) -> None:
    """Whichever file is imported first, the union comes out."""
    folder = tmp_path_factory.mktemp("merge")
    paths = [
        exported(folder, name, [make_entry(**recipe) for recipe in recipes])
        for name, recipes in (("a", first), ("b", second))
    ]
    merged = []
    for order in (paths, paths[::-1]):
        with open_store(folder / f"merged{len(merged)}.sqlite3", create=True) as store:
            for path in order:
                import_entries(store, path)
            merged.append(content(store))
    assert merged[0] == merged[1]


def test_an_export_is_private_and_overwrites_nothing(tmp_path, make_entry) -> None:
    """It holds renditions of unmarked art."""
    path = exported(tmp_path, "a", [make_entry(1)])
    if os.name == "posix":
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
    before = path.read_bytes()
    with open_store(tmp_path / "a.sqlite3") as store, pytest.raises(OutputExistsError):
        export_entries(store, path)
    assert path.read_bytes() == before


@pytest.mark.parametrize(
    ("change", "match"),
    [
        (without("manifest"), "manifest"),
        (without("works"), "works"),
        (without("fingerprints"), "fingerprints"),
        (without("renditions"), "renditions"),
        (replaced("manifest", b'{"format": "ocguard.portfolio/2"}'), "this version"),
        (replaced("manifest", b"[]"), "this version"),
        (replaced("manifest", b"["), "not imported"),
        (replaced("manifest", b"[" * 60_000), "not imported"),
        (replaced("manifest", b" " * 70_000), "more than"),
        (replaced("works", b"[]\n"), "not imported"),
        (replaced("works", b"{}\n"), "not imported"),
        (replaced("works", b"\xff\xfe\n"), "not imported"),
        (replaced("works", b'{"work": {"work_id": 5}, "marks": []}'), "not imported"),
        (replaced("renditions", b"another picture"), "damaged"),
        (replaced("credentials", b"another manifest"), "Content Credentials are damaged"),
        (without("credentials"), "credentials"),
        (added("credentials", {"../../x": "0" * 64}), "not imported"),
        (added("credentials", 5), "not imported"),
        (added("credentials", ["0" * 32]), "not imported"),
        (edited("work_id", "../../../../etc/x"), "does not begin"),
        (edited("reference_sha256", "../secret.key"), "must look like"),
        (edited("width", -1), "pixels"),
        (edited("surprise", 1), "surprise"),
        (edited("hashes", {"a": None}), "text"),
        (edited("hashes", [1, 2]), "named texts"),
        (edited("mark_id", 5, "mark"), "must look like"),
        (edited("work_id", "0" * 16, "mark"), "another work"),
        (edited("options", None, "mark"), "named texts"),
        (edited("described_utc", "9999-01-01T00:00:00.000000Z"), "dated in the future"),
        (edited("created_utc", "2999-01-01T00:00:00.000000Z", "mark"), "dated in the future"),
        (edited("imported_utc", "never"), "must look like"),
    ],
)
def test_a_hostile_file_is_refused_and_changes_nothing(tmp_path, make_entry, change, match) -> None:
    """Every kind of lie ends in one clear error; the portfolio stays as it was."""
    path = rewritten(exported(tmp_path, "a", [make_entry(1, marks=1, is_signed=True)]), change)
    with open_store(tmp_path / "b.sqlite3", create=True) as store:
        store.record([make_entry(2)])
        before = content(store)
        with pytest.raises(PortfolioError, match=match) as caught:
            import_entries(store, path)
        assert content(store) == before
    assert str(path) in str(caught.value)


def test_a_late_mistake_imports_nothing(tmp_path, make_entry) -> None:
    """One transaction takes all or nothing."""
    path = rewritten(
        exported(tmp_path, "a", [make_entry(seed) for seed in range(5)]),
        lambda members: {**members, "works.jsonl": members["works.jsonl"] + b"oops\n"},
    )
    with open_store(tmp_path / "b.sqlite3", create=True) as store:
        with pytest.raises(PortfolioError):
            import_entries(store, path)
        assert store.stats().works == 0


@pytest.mark.parametrize("part", ["works", "fingerprints", "renditions"])
def test_a_decompression_bomb_is_stopped(tmp_path, make_entry, monkeypatch, part) -> None:
    """No part is read beyond its limit."""
    monkeypatch.setattr(exchange, "LINE_LIMIT_BYTES", 10_000)
    monkeypatch.setattr(export_file, "BLOB_LIMIT_BYTES", 10_000)
    path = rewritten(exported(tmp_path, "a", [make_entry(1)]), replaced(part, b" " * 10_000_000))
    with (
        open_store(tmp_path / "b.sqlite3", create=True) as store,
        pytest.raises(PortfolioError, match="more than"),
    ):
        import_entries(store, path)


@given(data=st.data())
@settings(max_examples=60, deadline=None)
def test_flipped_bytes_are_noticed_or_harmless(tmp_path_factory, make_entry, data) -> None:
    """A damaged file never imports a damaged work."""
    folder = tmp_path_factory.mktemp("damage")
    entry = make_entry(1, marks=1)
    path = exported(folder, "a", [entry])
    raw = bytearray(path.read_bytes())
    raw[data.draw(st.integers(0, len(raw) - 1))] ^= data.draw(st.integers(1, 255))
    path.write_bytes(raw)
    with open_store(folder / "b.sqlite3", create=True) as store:
        try:
            import_entries(store, path)
        except PortfolioError:
            assert store.stats().works == 0
        else:
            assert list(store.works()) == [entry.work]
            assert store.fingerprint(entry.work.work_id) == entry.fingerprint


@pytest.mark.parametrize("raw", [b"", b"PK", b"\x89PNG\r\n\x1a\n", b"x" * 100_000])
def test_another_file_is_no_export(tmp_path, raw) -> None:
    """The message names the file."""
    path = tmp_path / "a.zip"
    path.write_bytes(raw)
    with (
        open_store(tmp_path / "b.sqlite3", create=True) as store,
        pytest.raises(PortfolioError, match="no portfolio export"),
    ):
        import_entries(store, path)


def test_an_export_of_the_first_layout_is_imported(tmp_path, make_entry) -> None:
    """Marks that were written down before visible marks were come in with nothing made up."""
    path = exported(tmp_path, "old", [make_entry(1, marks=1)])

    def without_visible(members: dict[str, bytes]) -> dict[str, bytes]:
        record = unsealed(members)
        assert record["marks"][0].pop("visible")["layout"] == "band"
        return {**members, "works.jsonl": json.dumps(record).encode()}

    with open_store(tmp_path / "new.sqlite3", create=True) as store:
        import_entries(store, rewritten(path, without_visible))
        (mark,) = store.marks(make_entry(1).work.work_id)
    assert mark.visible == {}


def test_one_bad_byte_costs_one_work(tmp_path, make_entry) -> None:
    """What is whole of a damaged file is taken where that is wanted, and the rest is named."""
    path = exported(tmp_path, "a", [make_entry(seed, second=seed, marks=1) for seed in range(6)])
    raw = path.read_bytes()
    for place in (b"art/2.png", b"jpeg 4 4"):
        damaged = bytearray(raw)
        damaged[raw.index(place)] ^= 1
        path.write_bytes(damaged)
        refused: list[str] = []
        with open_store(tmp_path / f"{len(place)}.sqlite3", create=True) as store:
            assert import_entries(store, path, on_refused=refused.append) == 5
            assert store.stats().works == 5
        (told,) = refused
        assert told.startswith(f"work {3 if b'art' in place else 5} of it was left out")


def test_a_file_of_which_nothing_is_whole_is_an_error(tmp_path, make_entry) -> None:
    """Also where everything whole would be taken."""
    path = rewritten(exported(tmp_path, "a", [make_entry(1)]), replaced("renditions", b"x"))
    with (
        open_store(tmp_path / "b.sqlite3", create=True) as store,
        pytest.raises(PortfolioError, match="none of its works is whole"),
    ):
        import_entries(store, path, on_refused=lambda _: None)


def test_a_file_never_changes_what_was_registered_here(tmp_path, make_entry) -> None:
    """Neither by a later description nor by an earlier date; its marks are added as claims."""
    mine, theirs = make_entry(1, second=100), make_entry(1, second=500, marks=1, text="forged")
    path = exported(tmp_path, "a", [theirs, make_entry(1, second=1, text="old")])
    with open_store(tmp_path / "b.sqlite3", create=True) as store:
        store.record([mine])
        import_entries(store, path)
        (work,) = store.works()
        assert (work, work.imported_utc) == (mine.work, "")
        assert store.fingerprint(work.work_id) == mine.fingerprint
        (mark,) = store.marks(work.work_id)
        assert mark.imported_utc


def test_what_is_seen_here_counts_more_than_what_a_file_said(tmp_path, make_entry) -> None:
    """A file that came first neither keeps its description nor makes its date one of ours."""
    path = exported(tmp_path, "a", [make_entry(1, second=599, text="forged")])
    with open_store(tmp_path / "b.sqlite3", create=True) as store:
        import_entries(store, path)
        mine = make_entry(1, second=9)
        store.record([mine])
        (work,) = store.works()
        assert store.fingerprint(work.work_id) == mine.fingerprint
        assert work.source == mine.work.source
        assert work.imported_utc > work.created_utc  # a claim, and since when it is known here
        import_entries(store, path)
        assert store.fingerprint(work.work_id) == mine.fingerprint


def test_works_of_other_keys_are_told_apart(tmp_path, make_entry) -> None:
    """Only files make works of others; who registers one too makes it their own."""
    path = exported(tmp_path, "a", [make_entry(1, marks=1), make_entry(2)])
    ids = [make_entry(seed).work.work_id for seed in (1, 2)]
    with open_store(tmp_path / "b.sqlite3", create=True) as store:
        import_entries(store, path)
        assert [store.is_of_others(one, "f" * 16) for one in ids] == [True, False]
        assert not store.is_of_others(ids[0], "0123456789abcdef")
        assert not store.is_of_others("0" * 16, "f" * 16)
        store.record([make_entry(1)])
        assert not store.is_of_others(ids[0], "f" * 16)


def test_the_renditions_of_a_work_have_a_bound_together(tmp_path, make_entry, monkeypatch) -> None:
    """They are held in memory at once."""
    path = exported(tmp_path, "a", [make_entry(1)])
    monkeypatch.setattr(exchange, "ENTRY_LIMIT_BYTES", 3)
    with (
        open_store(tmp_path / "b.sqlite3", create=True) as store,
        pytest.raises(PortfolioError, match="renditions have more than 3 bytes"),
    ):
        import_entries(store, path)


def test_a_damaged_portfolio_makes_no_export(tmp_path, make_entry) -> None:
    """What goes out is whole; the message says what to do."""
    with open_store(tmp_path / "a.sqlite3", create=True) as store:
        store.record([make_entry(1)])
    with sqlite3.connect(tmp_path / "a.sqlite3") as db:
        db.execute("UPDATE renditions SET jpeg = x'00'")
    db.close()
    with (
        open_store(tmp_path / "a.sqlite3") as store,
        pytest.raises(PortfolioError, match="portfolio repair"),
    ):
        export_entries(store, tmp_path / "a.zip")
    assert not (tmp_path / "a.zip").exists()


def journaled(folder: Path, name: str, entries: list) -> Path:
    """Make a portfolio with a journal and export it."""
    author = Author(Home(folder / name))
    with open_store(folder / f"{name}.sqlite3", create=True, author=author) as store:
        store.record(entries)
        export_entries(store, folder / f"{name}.zip", overwrite=True)
    return folder / f"{name}.zip"


def journals(store: Store) -> dict[str, list[str]]:
    """List what happened, by chain."""
    chains = [head.chain_id for head in store.journal.chains()]
    return {chain: [row.event for row in store.journal.rows(chain)] for chain in chains}


def test_a_journal_is_imported_as_that_of_its_device(tmp_path, make_entry) -> None:
    """Importing twice adds nothing, and importing later adds what is new."""
    there = journaled(tmp_path, "there", [make_entry(1)])
    author = Author(Home(tmp_path / "here"))
    with open_store(tmp_path / "here.sqlite3", create=True, author=author) as store:
        import_entries(store, there)
        import_entries(store, there)
        import_entries(store, journaled(tmp_path, "there", [make_entry(2)]))
        chains = sorted(journals(store).values())
        assert chains == [
            ["began", "imported", "imported", "imported"],
            ["began", "registered", "registered"],
        ]
        assert list(store.damage()) == []


def test_a_broken_journal_is_left_out(tmp_path, make_entry) -> None:
    """The works come in where what is whole is wanted; else nothing does."""

    def cut(members: dict[str, bytes]) -> dict[str, bytes]:
        lines = members["journal.jsonl"].splitlines(keepends=True)
        return {**members, "journal.jsonl": lines[0] + lines[2]}

    path = rewritten(journaled(tmp_path, "a", [make_entry(1), make_entry(2)]), cut)
    refused: list[str] = []
    with open_store(tmp_path / "new.sqlite3", create=True) as store:
        with pytest.raises(PortfolioError, match="entry 2 of its journal"):
            import_entries(store, path)
        assert import_entries(store, path, on_refused=refused.append) == 2
        assert journals(store) == {}
    (told,) = refused
    assert "it is missing" in told


@pytest.mark.parametrize("line", [b"[]", b"{", b'{"number": 1}', b"\xff", b"9" * 70_000])
def test_a_journal_that_is_none_is_left_out(tmp_path, make_entry, line) -> None:
    """Whatever stands in its place."""
    path = rewritten(
        journaled(tmp_path, "a", [make_entry(1)]),
        lambda members: {**members, "journal.jsonl": line},
    )
    refused: list[str] = []
    with open_store(tmp_path / "new.sqlite3", create=True) as store:
        assert import_entries(store, path, on_refused=refused.append) == 1
        assert len(refused) == 1
        assert journals(store) == {}


def test_a_journal_that_went_another_way_is_left_out(tmp_path, make_entry) -> None:
    """The entries that are here stay, and the person is told."""
    path = journaled(tmp_path, "a", [make_entry(1)])
    refused: list[str] = []
    with open_store(tmp_path / "here.sqlite3", create=True) as store:
        import_entries(store, path)
        (head,) = store.journal.chains()
        other = next_row(head.chain_id, None, None, "", "began", {"works": 9})

        def forked(members: dict[str, bytes]) -> dict[str, bytes]:
            return {**members, "journal.jsonl": json.dumps(asdict(other)).encode()}

        import_entries(store, rewritten(path, forked), on_refused=refused.append)
        assert store.journal.chains() == [head]
        assert next(store.journal.rows(head.chain_id)) != other
    assert "differs from the one of that name" in refused[0]
