"""Pictures that a person dropped on the page, kept on the disk until the page's server ends."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from ocguard.language.message import Message

__all__ = ["Dropped", "Tray"]

ID_DIGITS: Final = 24
"""Of an id: enough that no two pictures share one."""


@dataclass(frozen=True)
class Dropped:
    """A picture that was dropped.

    Attributes
    ----------
    id : str
        Hexadecimal digits of its name and bytes: the same picture dropped again is the same.
    name : str
        What its file was called.
    path : Path
        Where it is kept.
    width, height : int
        In pixels, upright.
    """

    id: str
    name: str
    path: Path
    width: int = 0
    height: int = 0


class Tray:
    """Pictures by id, in the order in which they came, and what was refused.

    Parameters
    ----------
    folder : Path
        Where to keep them; private, and made by somebody else.

    Attributes
    ----------
    folder : Path
        The same.
    refused : list of str
        What could not be read, with the reason, until a person has seen it.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._pictures: dict[str, Dropped] = {}
        self.refused: list[str] = []

    def __len__(self) -> int:
        """Count the pictures."""
        return len(self._pictures)

    @property
    def pictures(self) -> list[Dropped]:
        """All pictures, oldest first."""
        return list(self._pictures.values())

    def find(self, picture_id: str) -> Dropped | None:
        """Return a picture; None for an id that is not here."""
        return self._pictures.get(picture_id)

    def keep(self, name: str, data: bytes) -> Dropped:
        """Write a picture to the disk; it is not among the others yet."""
        digest = hashlib.sha256(name.encode() + b"\0" + data).hexdigest()[:ID_DIGITS]
        path = self.folder / f"{digest}{Path(name).suffix[:10]}"
        path.write_bytes(data)
        return Dropped(digest, name, path)

    def add(self, one: Dropped) -> None:
        """Put a kept picture among the others."""
        self._pictures[one.id] = one

    def refuse(self, one: Dropped, reason: str) -> None:
        """Throw a kept file away, and remember why."""
        one.path.unlink(missing_ok=True)
        is_named = one.name in reason
        said = reason if is_named else Message("{name}: {reason}", name=one.name, reason=reason)
        self.refused.append(said)

    def take_refused(self) -> list[str]:
        """Return what was refused since the last time."""
        refused, self.refused = self.refused, []
        return refused

    def remove(self, picture_id: str) -> None:
        """Take a picture away; one that is not here is no mistake."""
        if (one := self._pictures.pop(picture_id, None)) is not None:
            one.path.unlink(missing_ok=True)

    def clear(self) -> None:
        """Take all pictures away."""
        for picture_id in list(self._pictures):
            self.remove(picture_id)
