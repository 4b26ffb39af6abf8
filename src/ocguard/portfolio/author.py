"""Who writes a portfolio's journal here: the creator's key, and what this device wrote last.

What was written last is remembered in the home folder, apart from the portfolio. So a portfolio
that is an older copy, or whose journal was cut short, is told from the one that this device wrote.
"""

from __future__ import annotations

import contextlib
import json
import platform
from dataclasses import asdict, dataclass
from functools import cached_property
from pathlib import Path
from typing import Final

from ocguard.atomic import PRIVATE, whole_file
from ocguard.errors import ProfileError
from ocguard.home import Home
from ocguard.identity import Signer
from ocguard.keys import SecretKey
from ocguard.portfolio.journal import JournalRow

__all__ = ["Author", "Head"]

_HEAD_LIMIT_BYTES: Final = 4096


@dataclass(frozen=True)
class Head:
    """The last entry of a chain that this device remembers.

    Attributes
    ----------
    number : int
        Its place in the chain; 0 as long as the first entry is not on the disk.
    entry_sha256 : str
        Its digest.
    """

    number: int = 0
    entry_sha256: str = ""


@dataclass(frozen=True)
class Author:
    """One device and its creator.

    Attributes
    ----------
    home : Home
        Where key and remembered heads lie; need not exist yet.
    """

    home: Home

    @cached_property
    def key(self) -> SecretKey | None:
        """The creator's key; None where there is none that can be used, so nothing is signed."""
        if not self.home.key_file.exists():
            return None
        try:
            return self.home.load_key()
        except ProfileError:
            return None

    @cached_property
    def signer(self) -> Signer | None:
        """What signs; None without a key."""
        return self.key.signer() if self.key else None

    def chain_ids(self) -> list[str]:
        """Name the chains of this device, of whichever portfolio."""
        return sorted(path.stem for path in self.home.journals_folder.glob("*.json"))

    def remembered(self, chain_id: str) -> Head | None:
        """Read what this device wrote last into a chain; None where the chain is not its own."""
        try:
            with self._file(chain_id).open("rb") as stream:
                said = json.loads(stream.read(_HEAD_LIMIT_BYTES))
            if said["device"] != platform.node():  # the home folder was copied from another one
                return None
            return Head(int(said["number"]), str(said["entry_sha256"]))
        except FileNotFoundError:
            return None
        except (ValueError, KeyError, TypeError):  # cut short by a crash; the chain is ours
            return Head()

    def begin(self, chain_id: str) -> None:
        """Remember a chain as one of this device, before its first entry is on the disk."""
        self._write(chain_id, Head())

    def remember(self, row: JournalRow) -> None:
        """Remember the last entry of a chain; one that another process wrote later stays."""
        known = self.remembered(row.chain_id)
        if known is None or known.number < row.number:
            self._write(row.chain_id, Head(row.number, row.entry_sha256))

    def _write(self, chain_id: str, head: Head) -> None:
        path = self._file(chain_id)
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        text = json.dumps({**asdict(head), "device": platform.node()})
        # A home that cannot be written loses a warning, not what was registered.
        with (
            contextlib.suppress(OSError),
            whole_file(path, overwrite=True, mode=PRIVATE) as stream,
        ):
            stream.write(text.encode())

    def _file(self, chain_id: str) -> Path:
        return self.home.journals_folder / f"{chain_id}.json"
