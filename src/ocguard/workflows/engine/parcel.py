"""Settings on their way to another machine: without the key, and without what lies here alone."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Protocol

from ocguard.errors import ClusterError
from ocguard.language.message import Message
from ocguard.workflows.home.workspace import Workspace

__all__ = ["Parcel", "Travelling"]


@dataclass(frozen=True)
class Parcel:
    """What makes a task's settings anew on a worker, with the key of the worker's own home.

    Attributes
    ----------
    location : str
        Path or URL of the portfolio, the same for all.
    folder : str
        What relative paths begin with.
    key_id : str or None
        Which key the worker must have; empty for none, None where it does not matter.
    make_settings : callable
        Makes the settings in a workspace; picklable, and holds no secret.
    """

    location: str
    folder: str
    key_id: str | None
    make_settings: Callable[[Workspace], Any]

    def unpacked(self) -> Any:
        """Make the settings here, in a worker.

        Raises
        ------
        ClusterError
            The home of this worker has another key, or the folder is not on this machine.
        """
        try:
            os.chdir(self.folder)
        except OSError as error:
            raise ClusterError(
                "a worker of the cluster has no folder {folder}: all of them need the same files"
                " under the same paths",
                folder=self.folder,
            ) from error
        workspace = Workspace.at(None, self.location)
        if self.key_id is not None and (theirs := _key_id(workspace)) != self.key_id:
            nothing = Message("no key")
            raise ClusterError(
                "a worker of the cluster has {theirs} in {folder}, here it is {ours}: bring the key"
                " there with 'ocguard profile key export' and 'import'",
                theirs=theirs or nothing,
                folder=workspace.home.folder,
                ours=self.key_id or nothing,
            )
        return self.make_settings(workspace)


def _key_id(workspace: Workspace) -> str:
    """Name the key of a home; empty where there is none."""
    has_key = workspace.home.key_file.exists()
    return workspace.home.load_key().key_id if has_key else ""


class Travelling(Protocol):
    """Settings that can go to other machines."""

    def parcel(self) -> Parcel:
        """Pack what makes them anew there."""
