"""Headers of Bitcoin blocks: what a proof of OpenTimestamps leads to.

A header has 80 bytes. It names the Merkle root of its block's transactions and a time, and its hash
has to be below a target that it names too. To find such a header takes work, and how much can be
told from the header alone. So a header of the main chain cannot be made up: it costs about what the
whole network spends in ten minutes. Whether it is *in* the chain, at which height, only a source
of headers can say; its hash can be looked up anywhere.

References
----------
S. Nakamoto, "Bitcoin: A Peer-to-Peer Electronic Cash System", 2008, sections 3 and 4,
https://bitcoin.org/bitcoin.pdf
"""

from __future__ import annotations

import hashlib
import math
import re
from dataclasses import dataclass
from typing import Final

from ocguard.errors import TimestampError

__all__ = ["BlockHeader", "headers_of"]

HEADER_BYTES: Final = 80
MAX_HEADERS: Final = 1000
"""A proof names one to four blocks."""

MAIN_CHAIN_WORK_BITS: Final = 66
"""Binary logarithm of the hashes that a block takes: every block of the main chain since 2015, the
year before the first public calendars, took more; the easiest ones took 67.2."""

_LINE: Final = re.compile(r"(\d{1,9})\s+([0-9a-f]{160})")


@dataclass(frozen=True)
class BlockHeader:
    """The header of one block.

    Attributes
    ----------
    height : int
        Number of the block, as the source of the header says: it is no part of the header.
    raw : bytes
        The header itself, 80 bytes.

    Raises
    ------
    TimestampError
        It is no header: its hash is not below its own target.
    """

    height: int
    raw: bytes

    def __post_init__(self) -> None:
        if len(self.raw) != HEADER_BYTES or int(self.block_hash, 16) > self._target():
            raise TimestampError(
                "the header of block {height} was changed, or is none: it does not have the hash"
                " that it needs",
                height=self.height,
            )

    @property
    def merkle_root(self) -> bytes:
        """Root of the block's transactions, 32 bytes as they stand in the header."""
        return self.raw[36:68]

    @property
    def unix_seconds(self) -> int:
        """When the block was made, as whoever made it said; the network allows for two hours."""
        return int.from_bytes(self.raw[68:72], "little")

    @property
    def block_hash(self) -> str:
        """What the block is called everywhere: 64 hexadecimal digits, the first ones zero."""
        once = hashlib.sha256(self.raw).digest()
        return hashlib.sha256(once).digest()[::-1].hex()

    @property
    def is_costly(self) -> bool:
        """Whether finding it took the work that a block of the main chain takes."""
        return 256 - math.log2(self._target() + 1) >= MAIN_CHAIN_WORK_BITS

    @property
    def line(self) -> str:
        """The header as a line that :func:`headers_of` reads."""
        return f"{self.height} {self.raw.hex()}\n"

    def _target(self) -> int:
        """Unpack the number that the hash must not exceed; 0 where it is none of 256 bits."""
        size, digits = self.raw[75], int.from_bytes(self.raw[72:75], "little", signed=True)
        target = digits << 8 * (size - 3) if size >= 3 else digits >> 8 * (3 - size)
        return target if 0 < target < 1 << 256 else 0


def headers_of(text: str) -> dict[int, BlockHeader]:
    """Read a file of headers: a line for each, its height and its 160 hexadecimal digits.

    Returns
    -------
    dict of int to BlockHeader
        By their heights.

    Raises
    ------
    TimestampError
        A line is none of a header.
    """
    lines = [line.strip() for line in text.lower().splitlines() if line.strip()]
    found = [_LINE.fullmatch(line) for line in lines[: MAX_HEADERS + 1]]
    if not lines or len(found) > MAX_HEADERS or None in found:
        raise TimestampError(
            "these are no headers of Bitcoin blocks: each line has the height of a block, a space,"
            " and the 160 hexadecimal digits of its header"
        )
    headers = [BlockHeader(int(one[1]), bytes.fromhex(one[2])) for one in found if one]
    return {one.height: one for one in headers}
