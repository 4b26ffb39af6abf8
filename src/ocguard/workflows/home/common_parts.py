"""What registered works have in common: a picture, or a part such as a frame, a logo, a base.

A suspect that shows only what several works share is not pinned on one of them, so an artist may
want to know what these are.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from ocguard.matching.identification.relatives import find_relatives
from ocguard.workflows.home.index_cache import ready_index
from ocguard.workflows.home.works import StoredWorks
from ocguard.workflows.home.workspace import Workspace
from ocguard.workflows.threads import one_thread

__all__ = ["CommonPart", "find_common_parts"]


@dataclass(frozen=True)
class CommonPart:
    """What two registered works have in common.

    Attributes
    ----------
    work_id, other_id : str
        The works, in the order of their ids.
    common_area : float
        Share of the area of both that agrees, 0 to 1.
    is_variant : bool
        Whether both are one picture in the main; else they share a part.
    """

    work_id: str
    other_id: str
    common_area: float
    is_variant: bool


def find_common_parts(
    workspace: Workspace, announce: Callable[[int], None] = lambda _: None
) -> Iterator[CommonPart]:
    """Compare every work with the works of the portfolio that resemble it most.

    Parameters
    ----------
    workspace : Workspace
        Where the portfolio lies.
    announce : callable
        Told how many works have to be indexed first, before that begins.

    Yields
    ------
    CommonPart
        Every pair once, by the id of its first work.

    Raises
    ------
    PortfolioError
        There is no portfolio, or it cannot be read.

    Notes
    -----
    0.2 to 0.5 CPU-seconds a work.
    """
    with workspace.open_store() as store:
        with one_thread():
            cache = ready_index(store, workspace.location, workspace.home.cache_folder, announce)
        index, works = cache.index, StoredWorks(store)
        seen = set[frozenset[str]]()
        for work_id in sorted(index.work_ids):
            with one_thread():
                relatives = list(find_relatives(work_id, index, works))
            for one in relatives:
                pair = frozenset({work_id, one.work_id})
                if pair not in seen:
                    seen.add(pair)
                    first, second = sorted(pair)
                    yield CommonPart(first, second, one.common_area_share, one.is_variant)
