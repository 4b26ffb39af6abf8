"""One digest for many things, and short proofs that a thing is among them.

A Merkle tree as in RFC 9162, section 2.1: leaves and inner nodes are hashed with prefixes of their
own, so that no inner node passes as a leaf. Whoever has the root, a leaf and its path of digests
(one for each doubling of the number of leaves) verifies with SHA-256 alone that the leaf was there
when the root was made; the other leaves stay unknown.

References
----------
B. Laurie, E. Messeri, R. Stradling, "Certificate Transparency Version 2.0", RFC 9162, 2021,
https://doi.org/10.17487/RFC9162
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

__all__ = ["Step", "path_of", "root_from", "root_of"]

Step = tuple[bool, bytes]
"""Whether the other digest stands on the left, and that digest, 32 bytes."""


def root_of(leaves: Sequence[bytes]) -> bytes:
    """Return the root of all leaves, in their order: 32 bytes.

    Raises
    ------
    ValueError
        There are no leaves.
    """
    return _root([_leaf(one) for one in leaves])


def path_of(leaves: Sequence[bytes], position: int) -> tuple[Step, ...]:
    """Return what leads from a leaf to the root, from the leaf upward.

    Raises
    ------
    ValueError
        There is no leaf at that position.
    """
    if not 0 <= position < len(leaves):
        raise ValueError(f"there is no leaf {position} among {len(leaves)}")
    return _path([_leaf(one) for one in leaves], position)


def root_from(leaf: bytes, path: Sequence[Step]) -> bytes:
    """Return the root that a leaf and its path lead to: 32 bytes.

    Examples
    --------
    >>> leaves = [b"a", b"b", b"c"]
    >>> root_from(b"b", path_of(leaves, 1)) == root_of(leaves)
    True
    """
    digest = _leaf(leaf)
    for is_left, other in path:
        digest = _node(other, digest) if is_left else _node(digest, other)
    return digest


def _root(digests: Sequence[bytes]) -> bytes:
    if not digests:
        raise ValueError("a tree has at least one leaf")
    if len(digests) == 1:
        return digests[0]
    middle = _middle(len(digests))
    return _node(_root(digests[:middle]), _root(digests[middle:]))


def _path(digests: Sequence[bytes], position: int) -> tuple[Step, ...]:
    if len(digests) == 1:
        return ()
    middle = _middle(len(digests))
    left, right = digests[:middle], digests[middle:]
    if position < middle:
        return (*_path(left, position), (False, _root(right)))
    return (*_path(right, position - middle), (True, _root(left)))


def _middle(count: int) -> int:
    """Return the largest power of two below a count of two or more."""
    return 1 << (count - 1).bit_length() - 1


def _leaf(data: bytes) -> bytes:
    return hashlib.sha256(b"\x00" + data).digest()


def _node(left: bytes, right: bytes) -> bytes:
    return hashlib.sha256(b"\x01" + left + right).digest()
