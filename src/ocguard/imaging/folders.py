"""Find the picture files under what a person named, and say what was passed over.

Every file below a folder either is a picture or is passed over by name; only hidden files and
folders are left alone. Which is which is told by content.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Final

from ocguard.errors import OcguardError
from ocguard.imaging.kinds import (
    HEAD_BYTES,
    NO_PICTURE,
    format_of,
    format_of_suffix,
    unread_kind,
)
from ocguard.imaging.remote import Location, Remote, location_of
from ocguard.language.message import Message

__all__ = ["DANGLING", "Found", "FoundPicture", "PassedOver", "find_pictures", "open_at_once"]

DANGLING: Final = Message("a link that leads nowhere: its file was moved or deleted")
"""What is said of a link without a file."""


@dataclass(frozen=True, slots=True)
class FoundPicture:
    """A picture file found under what a person named.

    Attributes
    ----------
    path : Path or Remote
        The file.
    inside : Path
        Its path within the folder that was named; the bare name for a file that was named itself.
        Joined to an output folder it mirrors the tree.
    file_format : str or None
        What its first bytes, or else its suffix, say that it is; None where neither says anything.
    links : tuple of Path
        Links to this very file that were found as well and are passed over.
    """

    path: Location
    inside: Path
    file_format: str | None = None
    links: tuple[Path, ...] = ()


@dataclass(frozen=True, slots=True)
class PassedOver:
    """A file below a named folder that is not read.

    Attributes
    ----------
    path : Path or Remote
        The file.
    kind : str
        What it is, see :func:`ocguard.imaging.kinds.unread_kind`.
    """

    path: Location
    kind: str

    @property
    def is_art(self) -> bool:
        """Whether it may hold art, in a form that is not read."""
        return self.kind != NO_PICTURE


@dataclass(frozen=True, slots=True)
class Found:
    """What lies under the paths that a person named.

    Attributes
    ----------
    pictures : tuple of FoundPicture
        Every picture once, in a stable order.
    passed_over : tuple of PassedOver
        Every other file that is not hidden, in the same order.
    """

    pictures: tuple[FoundPicture, ...]
    passed_over: tuple[PassedOver, ...] = ()

    @property
    def unread_art(self) -> list[PassedOver]:
        """Passed-over files that may hold art: these have results of their own."""
        return [one for one in self.passed_over if one.is_art]

    @property
    def paths(self) -> list[Location]:
        """Where the pictures lie."""
        return [one.path for one in self.pictures]

    @property
    def files(self) -> list[Path]:
        """Where those lie that are files of this machine."""
        return [path for path in self.paths if isinstance(path, Path)]


@dataclass
class _Walk:
    """A search under way: which real folders it has seen, and what it came upon."""

    seen: set[Location]
    linked_folders: list[tuple[Path, Path]] = field(default_factory=list)
    pictures: list[FoundPicture] = field(default_factory=list)
    passed_over: list[PassedOver] = field(default_factory=list)


def find_pictures(
    paths: Iterable[str | os.PathLike[str]], leave_out: Collection[Location] = ()
) -> Found:
    """Search files and folders for pictures.

    Parameters
    ----------
    paths : iterable of paths
        Files are given as they are, whatever they hold, even if missing, so that reading them says
        why not. Folders are searched recursively, in the order of names; hidden files and folders
        are left alone. A folder that cannot be searched is given itself, as if it were a picture;
        so is a file that cannot be opened but has the suffix of one; a link with such a suffix that
        leads nowhere is passed over. Links are followed once,
        those to folders last, and a file goes before the links to it: it is known by its own name.
    leave_out : collection of Path or Remote
        Folders that are not searched, such as the output folder.

    Returns
    -------
    Found
        Pictures, and what is none.

    Notes
    -----
    Opens every file once, for its first :data:`~.kinds.HEAD_BYTES` bytes; of an object store it
    asks for those, many at a time.
    """
    left_out = {_real(folder) for folder in leave_out}
    walk = _Walk(set(left_out))
    for path in map(location_of, paths):
        if isinstance(path, Remote):
            _search_store(walk, path)
        elif _is_folder(path):
            _search(walk, path, path)
        else:
            file_format = format_of(_head(path)) or format_of_suffix(path.suffix)
            walk.pictures.append(FoundPicture(path, Path(path.name), file_format))
    for folder, root in walk.linked_folders:  # grows while they are searched
        _search(walk, folder, root)
    real = {one.path: _real(one.path) for one in walk.pictures}
    names: dict[Location, list[FoundPicture]] = {}
    for one in walk.pictures:
        names.setdefault(real[one.path], []).append(one)
    pictures = tuple(
        _with_links(one, names[real[one.path]])
        for one in walk.pictures
        if real[one.path] not in left_out and one is _own_name(names[real[one.path]])
    )
    return Found(pictures, tuple(dict.fromkeys(walk.passed_over)))


def open_at_once(path: str, flags: int) -> int:
    """Open a file; of a named pipe, without waiting for somebody who writes into it."""
    return os.open(path, flags | getattr(os, "O_NONBLOCK", 0))


def _own_name(same: list[FoundPicture]) -> FoundPicture:
    """Choose among the names of one file: its own goes before those of links to it."""
    return min(same, key=lambda name: _is_link(name.path))


def _with_links(one: FoundPicture, same: list[FoundPicture]) -> FoundPicture:
    """Remember the links that lead to a picture."""
    links = (
        name.path
        for name in same
        if isinstance(name.path, Path) and _is_link(name.path) and name.path != one.path
    )
    return replace(one, links=tuple(dict.fromkeys(links)))


def _search(walk: _Walk, folder: Path, root: Path) -> None:
    """Search a folder, each real folder once; links to folders are only listed, with the root."""
    real = _real(folder)
    if real in walk.seen:
        return
    try:
        paths = sorted(folder.iterdir())
    except OSError:
        inside = Path(folder.name) if folder == root else folder.relative_to(root)
        walk.pictures.append(FoundPicture(folder, inside))
        return
    walk.seen.add(real)
    for path in paths:
        if path.name.startswith("."):
            continue
        if _leads_nowhere(path) and not unread_kind(b"", path.suffix):
            walk.passed_over.append(PassedOver(path, DANGLING))
        elif not _is_folder(path):
            _sort(walk, path, path.relative_to(root), _head(path))
        elif path.is_symlink():
            walk.linked_folders.append((path, root))
        else:
            _search(walk, path, root)


def _search_store(walk: _Walk, root: Remote) -> None:
    """Search an object store; one that cannot be asked is told when its picture is read."""
    try:
        files = root.files(HEAD_BYTES)
    except (OSError, OcguardError):
        files = []
    left_out = [folder for folder in walk.seen if isinstance(folder, Remote)]
    for path, head in files:
        if path != root and not any(map(path.is_in, left_out)):
            _sort(walk, path, path.inside(root), head)
    if not files or files[0][0] == root:
        head = files[0][1] if files else b""
        file_format = format_of(head) or format_of_suffix(root.suffix)
        walk.pictures.append(FoundPicture(root, Path(root.name), file_format))


def _sort(walk: _Walk, path: Location, inside: Path, head: bytes) -> None:
    """Take a file below a folder as a picture, or pass it over."""
    if kind := unread_kind(head, path.suffix):
        walk.passed_over.append(PassedOver(path, kind))
    else:
        file_format = format_of(head) or format_of_suffix(path.suffix)
        walk.pictures.append(FoundPicture(path, inside, file_format))


def _head(path: Path) -> bytes:
    """Read the first bytes; none of what cannot be opened or is no regular file."""
    try:
        with open(path, "rb", opener=open_at_once) as file:
            is_regular = stat.S_ISREG(os.fstat(file.fileno()).st_mode)
            return file.read(HEAD_BYTES) if is_regular else b""
    except OSError:
        return b""


def _real(path: Location) -> Location:
    """Return the one name of a file, whatever links lead to it; links in a circle stay as is."""
    return path if isinstance(path, Remote) else Path(os.path.realpath(path))


def _is_link(path: Location) -> bool:
    """Tell a link from a file, and from what may not be looked at."""
    return os.path.islink(path)  # noqa: PTH114  Path.is_symlink raises on what is locked


def _leads_nowhere(path: Path) -> bool:
    """Tell a link whose file is gone from one that may not be followed."""
    try:
        path.stat()
    except FileNotFoundError:
        return _is_link(path)
    except OSError:
        pass
    return False


def _is_folder(path: Path) -> bool:
    """Tell a folder from a file, and from what may not be looked at."""
    return os.path.isdir(path)  # noqa: PTH112  Path.is_dir raises on what is locked
