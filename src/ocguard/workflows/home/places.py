"""Places on this computer that ocguard names itself, where a person did not choose one."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path

import platformdirs

__all__ = ["copies_folder", "free_path", "pictures_folder"]


def pictures_folder() -> Path:
    """Return ``ocguard`` in the account's folder for pictures; it may not be there yet."""
    return Path(platformdirs.user_pictures_dir()) / "ocguard"


def copies_folder() -> Path:
    """Return where copies of key and portfolio go; it may not be there yet.

    It lies in the account's own folder: pictures get posted, and folders of documents are often
    synchronized with servers of others.
    """
    return Path.home() / "ocguard copies"


def free_path(path: Path, taken: Collection[Path] = ()) -> Path:
    """Return a path, or the first of ``name 2``, ``name 3`` ... that is free.

    Parameters
    ----------
    path : Path
        The wish.
    taken : collection of Path
        What will be there soon.

    Examples
    --------
    >>> free_path(Path("a.png"), {Path("a.png")})
    PosixPath('a 2.png')
    """
    number, free = 1, path
    while free in taken or free.exists() or free.is_symlink():
        number += 1
        free = path.with_stem(f"{path.stem} {number}")
    return free
