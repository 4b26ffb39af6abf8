"""How suspects are checked: what somebody chose, whether they check a few files or a stream."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from ocguard.choices import Only
from ocguard.portfolio import Place

__all__ = ["USUAL", "CheckOptions"]


@dataclass(frozen=True)
class CheckOptions:
    """What may be chosen; travels to workers.

    Attributes
    ----------
    descriptor : str or None
        A learned descriptor to use beside everything else; see :func:`find_descriptor`.
    place : Place or None
        Where the suspects were found, as somebody says: who may show works there is told then.
    only : {"match", "marks"} or None
        Compare with works alone, or read marks alone.
    also : tuple of str
        Further portfolios that are searched: paths and URLs.
    quick_first : bool
        Whether what looks like no work at first sight is thrown out; see :mod:`.first_sight`.
    """

    descriptor: str | None = None
    place: Place | None = None
    only: Only | None = None
    also: tuple[str, ...] = ()
    quick_first: bool = False


USUAL: Final = CheckOptions()
"""What is chosen where nobody chooses: works and marks of one portfolio."""
