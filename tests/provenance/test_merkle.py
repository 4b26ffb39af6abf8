"""Promises of ocguard.provenance.merkle."""

from __future__ import annotations

import hashlib

import pytest

from ocguard.provenance.merkle import path_of, root_from, root_of

KNOWN = [
    b"",
    b"\x00",
    b"\x10",
    b"\x20\x21",
    b"\x30\x31",
    b"\x40\x41\x42\x43",
    b"\x50\x51\x52\x53\x54\x55\x56\x57",
    b"\x60\x61\x62\x63\x64\x65\x66\x67\x68\x69\x6a\x6b\x6c\x6d\x6e\x6f",
]
"""The leaves of Certificate Transparency's published test vectors."""

ROOT = "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328"


def test_roots_are_those_of_certificate_transparency() -> None:
    """Other programs make the same tree."""
    assert root_of(KNOWN).hex() == ROOT
    assert root_of([b""]) == hashlib.sha256(b"\0").digest()


@pytest.mark.parametrize("count", [1, 2, 3, 5, 8, 13])
def test_every_leaf_leads_to_the_root(count: int) -> None:
    """By a path that is as long as the tree is high."""
    leaves = [bytes([number]) for number in range(count)]
    for position, leaf in enumerate(leaves):
        path = path_of(leaves, position)
        assert root_from(leaf, path) == root_of(leaves)
        assert len(path) <= (count - 1).bit_length()
        assert root_from(leaf + b"x", path) != root_of(leaves)


def test_an_inner_node_is_no_leaf() -> None:
    """Nobody proves what was never stamped."""
    inner = b"".join(hashlib.sha256(b"\0" + one).digest() for one in (b"a", b"b"))
    assert root_of([inner]) != root_of([b"a", b"b"])


@pytest.mark.parametrize("position", [-1, 2])
def test_a_leaf_that_is_not_there_has_no_path(position: int) -> None:
    """And a tree without leaves no root."""
    with pytest.raises(ValueError, match="no leaf"):
        path_of([b"a", b"b"], position)
    with pytest.raises(ValueError, match="at least one"):
        root_of([])
