"""The AI crawlers that are known by name: a data file, with its source and its day.

A crawler that is not in it, or that lies about its name, is not told anything.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Final

from ocguard.toml import parse_toml

__all__ = ["USES", "Crawlers", "known_crawlers"]

USES: Final[Mapping[str, str]] = {
    "training": "They collect what models are trained with.",
    "collections": "They collect pages and pictures for others, data sets among them.",
    "answers": "They fetch pages to answer somebody's question. Who wants to be found there deletes"
    " this group.",
}
"""What crawlers do, by the name of their group in the file."""


@dataclass(frozen=True)
class Crawlers:
    """What is known of AI crawlers.

    Attributes
    ----------
    names : mapping of str to mapping of str to str
        By what they do, one of :data:`USES`: their names for robots.txt, and who runs them.
    source, checked : str
        From where this is known, and on which day it was looked up, ISO 8601.
    """

    names: Mapping[str, Mapping[str, str]]
    source: str
    checked: str


@cache
def known_crawlers() -> Crawlers:
    """Return the crawlers of this version of ocguard."""
    text = resources.files("ocguard.site").joinpath("crawlers.toml").read_text("utf-8")
    table = parse_toml(text)
    names = {use: table[use] for use in USES}
    return Crawlers(names, table["source"], table["checked"].isoformat())
