"""Identification: which mark some soft bits show, by reading and by looking up the issued ones.

Two tests run on the same soft bits, each with a bound that holds for every picture, because the
key, not the picture, is what is random:

* **Reading**: the payload is decoded; a message passes its keyed check by chance once in 2**40.
  With `decodes` readings and `LIST_SIZE` messages each, p = decodes * LIST_SIZE / 2**40.
* **Looking up**: the soft bits are correlated with the codeword of every mark that was issued. For
  another mark than the one in the picture, or for none, the bits of its codeword are pseudo-random
  signs of the soft bits, so that the correlation exceeds z at most 3.2 times as often as a normal
  variable does [1]_, whose variance is the energy of the soft bits themselves. That energy counts
  a mark which nobody issued here, too, so that no other is named in its place. This finds marks
  some 5 dB below what can be read.

What was read is believed before what was looked up.

References
----------
.. [1] V. Bentkus, D. Dzindzalieta, "A Tight Gaussian Bound for Weighted Sums of Rademacher Random
   Variables", Bernoulli 21 (2), 2015, https://doi.org/10.3150/14-BEJ603
.. [2] J. Tropp, A. Gilbert, "Signal Recovery From Random Measurements Via Orthogonal Matching
   Pursuit", IEEE Trans. Inf. Theory 53 (12), 2007, https://doi.org/10.1109/TIT.2007.909108
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from math import erfc, sqrt
from typing import Final

import numpy as np
from numpy.typing import NDArray

from ocguard.keys import SecretKey
from ocguard.watermark.invisible.carrier import (
    CELL_PX,
    PERIOD_PX,
    Carrier,
    derive_carrier,
    early_cell_size_px,
)
from ocguard.watermark.invisible.payload import CHECK_BITS, LIST_SIZE, encode_payloads
from ocguard.watermark.invisible.reading import SoftBits

__all__ = [
    "Codebook",
    "Identified",
    "KnownMark",
    "chance",
    "find_issued_marks",
    "find_mark",
]


RANDOM_SIGNS: Final = 3.178
"""Times that a sum of random signs exceeds a score as often as a normal variable, at most [1]_."""


@dataclass(frozen=True)
class KnownMark:
    """A mark that was issued, as the portfolio remembers it.

    Attributes
    ----------
    mark_id : int
        0 to 2**64 - 1.
    size_px : tuple of int
        (width, height) of the marked picture.
    origin_px : tuple of int
        Its place on the carrier's torus, from `Embedding`.
    cell_px : float
        Side of a carrier cell in pixels of the marked picture, from `Embedding`; unless given, that
        of early releases.
    """

    mark_id: int
    size_px: tuple[int, int]
    origin_px: tuple[int, int]
    cell_px: float = 0.0

    def __post_init__(self) -> None:
        if not self.cell_px:
            object.__setattr__(self, "cell_px", early_cell_size_px(self.size_px))

    @property
    def period_px(self) -> float:
        """Pixels of the marked picture after which the carrier repeats."""
        return PERIOD_PX / CELL_PX * self.cell_px


class Codebook:
    """What marks of one key are read with: its carrier, and the codewords of the issued marks.

    Both are made when first needed, so one codebook serves for any number of suspects.

    Parameters
    ----------
    key : SecretKey
        The key whose marks are sought.
    known : sequence of KnownMark
        Marks issued under the key. Knowing them finds marks some 5 dB weaker, tells the
        transform, and is never needed.
    """

    def __init__(self, key: SecretKey, known: Sequence[KnownMark] = ()) -> None:
        self.key = key
        self.known: dict[int, list[KnownMark]] = defaultdict(list)
        for mark in known:  # one id may have been issued at several places
            self.known[mark.mark_id].append(mark)

    @cached_property
    def carrier(self) -> Carrier:
        """The key's carrier; 0.02 s."""
        return derive_carrier(self.key)

    @cached_property
    def signs(self) -> NDArray[np.float32]:
        """The (marks, 1024) codewords of the issued marks as signs; 0.01 s for a thousand."""
        words = encode_payloads(list(self.known), self.key)
        return np.asarray(np.float32(1) - np.float32(2) * words)

    def scores(self, readings: Sequence[SoftBits]) -> NDArray[np.float64]:
        """Return the (marks, readings) z-scores of the issued marks, in the order of `known`."""
        values = np.stack([reading.values for reading in readings], axis=1)
        # One product for all readings: the codewords are long to look through.
        sums = self.signs @ values.astype(np.float32)
        return np.asarray(sums / (np.sqrt(np.square(values).sum(axis=0)) + 1e-12), np.float64)

    def likeliest(self, readings: Sequence[SoftBits], count: int) -> list[int]:
        """List which readings look most like a mark: an issued one, or any where none was."""
        if self.known:
            evidence = self.scores(readings).max(axis=0)
        else:
            evidence = np.array([reading.energy for reading in readings])
        return [int(place) for place in np.argsort(-evidence, kind="stable")[:count]]


@dataclass(frozen=True)
class Identified:
    """The likeliest mark in some readings.

    Attributes
    ----------
    reading : int
        Which reading shows it.
    mark_id : int
        0 where there is none.
    p_value : float
        Corrected for the readings and messages tried; 1 where there is none.
    """

    reading: int
    mark_id: int
    p_value: float


def find_mark(
    readings: Sequence[SoftBits],
    read_ids: Sequence[int | None],
    codebook: Codebook,
    reads: int,
    decodes: int,
) -> Identified:
    """Return the mark that was read, or else the likeliest of the issued ones.

    Parameters
    ----------
    readings : sequence of SoftBits
        At least one.
    read_ids : sequence of int or None
        What each of them decodes to; none where it was not tried.
    codebook : Codebook
        The issued marks.
    reads : int
        Readings tried in all, for which the p-values of issued marks are corrected.
    decodes : int
        Readings decoded in all, for which that of a message is.
    """
    looked_up: list[Identified] = []
    if codebook.known:
        scores = codebook.scores(readings)
        mark_ids, hypotheses = list(codebook.known), reads * len(codebook.known)
        looked_up = [
            Identified(place, mark_ids[row], min(1.0, hypotheses * chance(scores[row, place])))
            for place, row in enumerate(scores.argmax(axis=0))
        ]
    by_reading = decodes * LIST_SIZE / 2.0**CHECK_BITS
    read = [
        Identified(place, mark_id, by_reading)
        for place, mark_id in enumerate(read_ids)
        if mark_id is not None
    ]
    if read:
        confirming = [one for one in looked_up if one.mark_id == read[0].mark_id]
        return min([*read, *confirming], key=lambda one: one.p_value)
    return min(looked_up, key=lambda one: one.p_value, default=Identified(0, 0, 1.0))


def find_issued_marks(
    readings: Sequence[SoftBits], codebook: Codebook, hypotheses: int, below: float
) -> Iterator[Identified]:
    """Yield the issued marks that some readings hold, one after the other.

    Codewords are not independent of each other, so a strong mark lifts others that are like it.
    What a mark explains is therefore taken away from the readings before the next one is looked
    for (orthogonal matching pursuit [2]_), and only the likeliest of each round counts.

    Parameters
    ----------
    readings, codebook
        As for `find_mark`.
    hypotheses : int
        Marks times readings tried in all, for which the p-values are corrected.
    below : float
        The p-value from which on no further mark is named.
    """
    seen = np.stack([reading.values for reading in readings], axis=1)
    signs, mark_ids = codebook.signs.astype(np.float64), list(codebook.known)
    left = seen
    found: list[int] = []
    while len(found) < len(mark_ids):
        scores = signs @ left / (np.sqrt(np.square(left).sum(axis=0)) + 1e-12)
        row, reading = np.unravel_index(scores.argmax(), scores.shape)
        p_value = min(1.0, hypotheses * chance(scores[row, reading]))
        if p_value >= below:
            return
        yield Identified(int(reading), mark_ids[row], p_value)
        found.append(int(row))
        explained, *_ = np.linalg.lstsq(signs[found].T, seen)
        left = seen - signs[found].T @ explained


def chance(score: float) -> float:
    """Bound the probability that a sum of random signs lies so many deviations above zero [1]_."""
    return min(1.0, RANDOM_SIGNS * erfc(score / sqrt(2)) / 2)
