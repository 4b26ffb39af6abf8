"""Keep what a learned descriptor says of every work, and find the works that look like a suspect.

Codes are made from the reference renditions that the portfolio keeps, when they are first needed,
and are stored in it; so works need not be registered again for a new descriptor, and codes of an
old one do no harm. The search reads one array of all codes, which is a cache beside the index.
"""

from __future__ import annotations

import contextlib
import shutil
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, Final
from uuid import uuid4

import numpy as np
from numpy.typing import NDArray

from ocguard.errors import DescriptorError, PortfolioError
from ocguard.fingerprint.learned import LearnedDescriptor
from ocguard.matching.search.learned import PROPOSED, LookAlike, LookAlikes
from ocguard.portfolio import Store
from ocguard.workflows.check.descriptors import FoundDescriptor
from ocguard.workflows.home.index_cache import writable_folder
from ocguard.workflows.home.works import StoredWorks

__all__ = ["LookAlikeSearch", "ready_codes"]

BATCH_WORKS: Final = 50
"""Works described before their codes are stored: an interruption loses some seconds of work."""

_IDS: Final = "work_ids.npy"
_CODES: Final = "codes.npy"


def ready_codes(
    store: Store,
    found: FoundDescriptor,
    index_folder: Path,
    announce: Callable[[int], None] = lambda _: None,
) -> Path:
    """Describe the works that the descriptor has not seen, and lay all codes out for searching.

    Parameters
    ----------
    store : Store
        The portfolio, open.
    found : FoundDescriptor
        Which descriptor.
    index_folder : Path
        The cache of the portfolio's present state; the codes are laid beside its index.
    announce : callable
        Told how many works have to be described, before that begins.

    Returns
    -------
    Path
        Folder of the codes, for :class:`LookAlikeSearch`. A portfolio that cannot be written is
        searched all the same; its codes are made again when its state or the cache is another.

    Raises
    ------
    DescriptorError, MissingExtraError
        The descriptor cannot be used.
    """
    name = f"learned-{found.spec.descriptor_id}"
    # Codes that lie in the folder of a state are those of that state: no work need be asked.
    if _open(index_folder / name) is not None:
        return index_folder / name
    folder = writable_folder(index_folder) / name
    missing = store.without_code(found.spec.descriptor_id)
    made: dict[str, bytes] = {}
    if missing:
        announce(len(missing))
        made = _describe(store, found.load(), missing)
    _lay_out(made | dict(store.learned_codes(found.spec.descriptor_id)), folder)
    return folder


@dataclass(frozen=True)
class LookAlikeSearch:
    """Finds the works that look like a suspect; travels to workers.

    Attributes
    ----------
    found : FoundDescriptor
        The descriptor.
    folders : tuple of Path
        From :func:`ready_codes`, one for each portfolio.
    with_mirror : bool
        Whether the mirror image of a suspect is asked for too: to some networks it is a stranger.
    """

    found: FoundDescriptor
    folders: tuple[Path, ...]
    with_mirror: bool = False

    def nearest(self, rgb: NDArray[np.uint8]) -> list[LookAlike]:
        """Return the works nearest to a picture (RGB, on white), nearest first."""
        views = (rgb, np.ascontiguousarray(rgb[:, ::-1])) if self.with_mirror else (rgb,)
        codes = [self.found.load().describe(view) for view in views]
        nearest = [one for opened in self._opened for one in opened.nearest(*codes)]
        return sorted(nearest, key=lambda one: -one.similarity)[:PROPOSED]

    @cached_property
    def _opened(self) -> tuple[LookAlikes, ...]:
        return tuple(map(_readable, self.folders))

    def __getstate__(self) -> dict[str, Any]:
        """Leave the codes behind: each process maps its own."""
        return {"found": self.found, "folders": self.folders, "with_mirror": self.with_mirror}


def _describe(
    store: Store, descriptor: LearnedDescriptor, missing: Sequence[tuple[str, str]]
) -> dict[str, bytes]:
    """Describe reference renditions, and store the codes in batches; return them by work."""
    works = StoredWorks(store)
    made: dict[str, bytes] = {}
    for start in range(0, len(missing), BATCH_WORKS):
        codes = [
            (work_id, digest, descriptor.describe(works.rendition(digest)).tobytes())
            for work_id, digest in missing[start : start + BATCH_WORKS]
        ]
        made |= {work_id: code for work_id, _, code in codes}
        with contextlib.suppress(PortfolioError):  # where only reading is possible
            store.record_codes(descriptor.spec.descriptor_id, codes)
    return made


def _lay_out(codes_by_id: Mapping[str, bytes], folder: Path) -> None:
    """Write ids and codes as arrays; the folder appears complete or not at all."""
    rows = sorted(codes_by_id.items())
    draft = folder.with_name(f"{folder.name}-{uuid4().hex[:8]}")
    draft.mkdir(parents=True)
    np.save(draft / _IDS, np.array([work_id.encode() for work_id, _ in rows], np.bytes_))
    codes = np.frombuffer(b"".join(code for _, code in rows), np.int8)
    np.save(draft / _CODES, codes.reshape(len(rows), -1) if rows else codes.reshape(0, 1))
    shutil.rmtree(folder, ignore_errors=True)
    try:
        draft.rename(folder)
    except OSError:  # another process was faster
        shutil.rmtree(draft, ignore_errors=True)


def _readable(folder: Path) -> LookAlikes:
    """Map the arrays, or say what to do."""
    opened = _open(folder)
    if opened is None:
        raise DescriptorError("{folder} is damaged: delete it, it is made again", folder=folder)
    return opened


def _open(folder: Path) -> LookAlikes | None:
    """Map the arrays; None if anything is wrong with them."""
    try:
        ids, codes = (np.load(folder / name, mmap_mode="r") for name in (_IDS, _CODES))
    except (OSError, ValueError, EOFError):
        return None
    return LookAlikes(ids, codes) if len(ids) == len(codes) else None
