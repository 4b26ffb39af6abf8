"""The search index that lies in a large portfolio, so that each of its users need not make it.

It is the folder of some state in :mod:`.index_cache`, file by file. Whoever has no index begins
with it, and reads only what has changed since. It is a cache too: each part has a digest, and what
is missing, damaged or of another version is made from the fingerprints.
"""

from __future__ import annotations

import contextlib
import json
import re
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Final

from ocguard.errors import PortfolioError
from ocguard.fingerprint.fingerprint import FINGERPRINT_VERSION
from ocguard.matching.search.files import INDEX_LAYOUT, MANIFEST
from ocguard.portfolio import Store

__all__ = ["SHARED_WORKS", "SharedState", "fetch_index", "share_index", "shared_state"]

SHARED_WORKS: Final = 1000
"""Changed works and views from which on an index is shared: to index them takes 6 CPU-seconds."""

_VERSION: Final = f"{INDEX_LAYOUT}.{FINGERPRINT_VERSION}"
_FILE: Final = re.compile(r"segment-[0-9a-f]{16}/[a-z_]+\.npy")


@dataclass(frozen=True)
class SharedState:
    """What the shared index is of.

    Attributes
    ----------
    state : str
        State of the portfolio.
    unreadable : sequence of str
        Works and views that it lacks, since their fingerprints could not be read.
    index : str
        Text of the file that names its segments.
    files : sequence of str
        The other files.
    version : str
        Of the layout and of the fingerprints.
    """

    state: str
    unreadable: Sequence[str]
    index: str
    files: Sequence[str]
    version: str = _VERSION


def shared_state(store: Store) -> SharedState | None:
    """Read what a portfolio's shared index is of; None where there is none for this version."""
    try:
        found = SharedState(**json.loads(store.index.manifest()))
        is_ours = found.version == _VERSION and all(map(_FILE.fullmatch, found.files))
    except (TypeError, ValueError):
        return None
    return found if is_ours else None


def fetch_index(store: Store, shared: SharedState, folder: Path) -> None:
    """Write the files of the shared index to a folder; `PortfolioError` when they are damaged."""
    for name in shared.files:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("wb") as file:
            file.writelines(store.index.read(name))
    (folder / MANIFEST).write_text(shared.index, encoding="utf-8")


def share_index(store: Store, folder: Path, unreadable: Sequence[str]) -> None:
    """Put an index into the portfolio, unless that can only be read.

    Parameters
    ----------
    store : Store
        The portfolio, open.
    folder : Path
        The files of the index; its name is the state of the portfolio.
    unreadable : sequence of str
        Works and views that it lacks.
    """
    paths = {path.relative_to(folder).as_posix(): path for path in folder.glob("segment-*/*.npy")}
    index = (folder / MANIFEST).read_text(encoding="utf-8")
    shared = SharedState(folder.name, list(unreadable), index, sorted(paths))
    with contextlib.suppress(PortfolioError):
        store.index.publish(json.dumps(asdict(shared)), paths)
