"""Promises of ocguard.portfolio.journal."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from dataclasses import replace

import pytest

from ocguard.identity import Signer
from ocguard.portfolio.journal import JournalRow, first_broken, next_row

CHAIN = "00112233aabbccdd"
SIGNER = Signer(bytes(32))


def chain(count: int, signer: Signer | None = SIGNER) -> list[JournalRow]:
    """Write a chain of entries."""
    rows: list[JournalRow] = []
    for number in range(count):
        last = rows[-1] if rows else None
        facts = {"work": f"{number:016x}"}
        rows.append(next_row(CHAIN, last, signer, "2026-05-01T12:00:00.000000Z", "issued", facts))
    return rows


def test_an_entry_says_what_happened() -> None:
    """Its text is JSON that anybody reads."""
    row = chain(2)[1]
    assert (row.event, row.facts, row.number) == ("issued", {"work": "0" * 15 + "1"}, 2)
    assert row.identity == SIGNER.identity.key.hex()
    assert json.loads(row.entry)["previous"] == chain(1)[0].entry_sha256


@pytest.mark.parametrize("signer", [SIGNER, None])
def test_a_chain_holds_as_it_was_written(signer: Signer | None) -> None:
    """Signed, and without a key."""
    assert first_broken(chain(5, signer)) is None


def rehashed(row: JournalRow, **changes: object) -> JournalRow:
    """Change what an entry says, and its digest with it."""
    entry = json.dumps({**row.said, **changes}, separators=(",", ":"))
    return replace(row, entry=entry, entry_sha256=hashlib.sha256(entry.encode()).hexdigest())


CHANGES: list[tuple[Callable[[list[JournalRow]], list[JournalRow]], int, str]] = [
    (lambda rows: rows[:2] + rows[3:], 3, "missing"),
    (lambda rows: rows[1:], 1, "missing"),
    (lambda rows: [rows[0], replace(rows[1], entry=rows[1].entry + " "), *rows[2:]], 2, "digest"),
    (lambda rows: [rows[0], rehashed(rows[1], event="removed"), *rows[2:]], 2, "signature"),
    (lambda rows: [rows[0], replace(rows[1], signature="00" * 64), *rows[2:]], 2, "signature"),
    (lambda rows: [rows[0], replace(rows[1], signature=""), *rows[2:]], 2, "signature"),
    (lambda rows: [rows[0], replace(rows[1], signature="no"), *rows[2:]], 2, "signature"),
    (lambda rows: [rows[0], replace(rows[1], chain_id="f" * 16), *rows[2:]], 2, "another place"),
    (lambda rows: [rows[0], replace(rows[2], number=2), *rows[2:]], 2, "another place"),
]


@pytest.mark.parametrize(("change", "number", "why"), CHANGES)
def test_the_first_broken_link_is_named(change: Callable, number: int, why: str) -> None:
    """Taken out, changed, moved or signed by nobody."""
    broken = first_broken(change(chain(5)))
    assert broken is not None
    assert broken[0] == number
    assert why in broken[1]


def test_an_entry_that_is_written_anew_no_longer_leads_to_the_next() -> None:
    """Even by who has the key: the digest in the next entry is another."""
    rows = chain(3)
    anew = next_row(CHAIN, rows[0], SIGNER, "2026-05-01T13:00:00.000000Z", "issued", {})
    assert first_broken([rows[0], anew, rows[2]]) == (3, "it does not follow the entry before it")


def test_every_flipped_byte_of_an_entry_is_found() -> None:
    """Text, digest and signature alike."""
    rows = chain(3)
    for name in ("entry", "entry_sha256", "signature"):
        text = getattr(rows[1], name)
        for place in range(0, len(text), 7):
            flipped = text[:place] + ("0" if text[place] != "0" else "1") + text[place + 1 :]
            assert first_broken([rows[0], replace(rows[1], **{name: flipped}), rows[2]])


@pytest.mark.parametrize(
    "change",
    [{"chain_id": "x"}, {"number": 0}, {"number": True}, {"entry": 3}, {"entry": "x" * 9000}],
)
def test_a_row_checks_itself(change: dict[str, object]) -> None:
    """Rows come out of files too."""
    with pytest.raises(ValueError, match=r"got|at most"):
        replace(chain(1)[0], **change)


@pytest.mark.parametrize("entry", ["", "[1]", "{" * 4000, '{"facts": 3}'])
def test_an_entry_that_is_no_json_says_nothing(entry: str) -> None:
    """It is broken, and reading it is no error."""
    row = replace(chain(1)[0], entry=entry)
    assert (row.event, dict(row.facts)) == ("", {})
    assert first_broken([row]) is not None
