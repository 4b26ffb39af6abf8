"""The only module that touches picture files: find them, read them, publish new ones safely.

Writing lives in :mod:`.publishing` and :mod:`.formats`; their functions are given here again, so
that other rooms need this one module for everything that is a file.
"""

from __future__ import annotations

import os
import stat
import unicodedata
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from ocguard.errors import ImageReadError
from ocguard.imaging.formats import SUFFIXES, Encoded, decode, encode_picture, written_format
from ocguard.imaging.picture import Picture
from ocguard.imaging.publishing import PreparedOutput, prepared, publish

__all__ = [
    "Encoded",
    "FoundPicture",
    "PreparedOutput",
    "clashing_names",
    "encode_picture",
    "picture_files",
    "prepared",
    "publish",
    "read_bytes",
    "read_picture",
    "written_format",
]

MAX_FILE_BYTES = 4 << 30
"""Largest input file; an uncompressed 16-bit TIFF of the pixel limit stays below."""

_SUFFIXES = frozenset(suffix for suffixes in SUFFIXES.values() for suffix in suffixes)


@dataclass(frozen=True, slots=True)
class FoundPicture:
    """A picture file found under what a person named.

    Attributes
    ----------
    path : Path
        The file.
    inside : Path
        Its path within the folder that was named; the bare name for a file that was named itself.
        Joined to an output folder it mirrors the tree.
    links : tuple of Path
        Links to this very file that were found as well and are passed over.
    """

    path: Path
    inside: Path
    links: tuple[Path, ...] = ()


def read_bytes(path: str | os.PathLike[str]) -> bytes:
    """Read a picture file whole.

    Raises
    ------
    ImageReadError
        If it is no regular file, empty, or larger than :data:`MAX_FILE_BYTES`.
    OSError
        If it cannot be opened.
    """
    with open(path, "rb", opener=_open_at_once) as file:
        state = os.fstat(file.fileno())
        if not stat.S_ISREG(state.st_mode):
            raise ImageReadError(f"{path} is not a regular file; pipe its bytes to '-' instead")
        if state.st_size > MAX_FILE_BYTES:
            raise ImageReadError(f"{path} is larger than {MAX_FILE_BYTES:,} bytes; make it smaller")
        data = file.read()
    if not data:
        raise ImageReadError(f"{path} is empty; export it again")
    return data


def read_picture(source: str | os.PathLike[str] | bytes, name: str | None = None) -> Picture:
    """Read a picture from a path or from the bytes of a file.

    Parameters
    ----------
    source : path or bytes
        PNG, JPEG, WebP, AVIF, TIFF, GIF, BMP, PSD, or HEIC with the extra ``heic``.
    name : str, optional
        What to call it in error messages; by default the path.

    Returns
    -------
    Picture
        Upright, with everything that the file carried.

    Raises
    ------
    ImageReadError
        If it is not such a picture, damaged, truncated, or over the pixel limit.
    MissingExtraError
        For HEIC without the extra ``heic``.
    OSError
        If a path cannot be opened.
    """
    if isinstance(source, bytes):
        return decode(source, name or "the picture")
    return decode(read_bytes(source), name or os.fspath(source))


def picture_files(
    paths: Iterable[str | os.PathLike[str]], leave_out: Collection[Path] = ()
) -> Iterator[FoundPicture]:
    """Walk over files and folders.

    Parameters
    ----------
    paths : iterable of paths
        Files are given as they are, whatever their suffix, even if missing, so that reading them
        says why not. Folders are searched recursively, in the order of names, for the suffixes of
        pictures; hidden files and folders are left out. A folder that cannot be searched is given
        itself, as if it were a file. Links are followed once, those to folders last, and a file
        goes before the links to it: it is known by its own name.
    leave_out : collection of Path
        Folders that are not searched, such as the output folder.

    Yields
    ------
    FoundPicture
        Every file once, in a stable order.
    """
    left_out = {folder.resolve() for folder in leave_out}
    seen, linked_folders = set(left_out), list[tuple[Path, Path]]()
    found: list[FoundPicture] = []
    for path in map(Path, paths):
        if _is_folder(path):
            found += _walk(path, path, seen, linked_folders)
        else:
            found.append(FoundPicture(path, Path(path.name)))
    for folder, root in linked_folders:  # grows while they are walked
        found += _walk(folder, root, seen, linked_folders)
    names: dict[Path, list[FoundPicture]] = {}
    reals = [one.path.resolve() for one in found]
    for one, real in zip(found, reals, strict=True):
        names.setdefault(real, []).append(one)
    for one, real in zip(found, reals, strict=True):
        same = names[real]
        if real not in left_out and one is min(same, key=lambda name: _is_link(name.path)):
            links = (name.path for name in same if _is_link(name.path) and name.path != one.path)
            yield replace(one, links=tuple(dict.fromkeys(links)))


def _open_at_once(path: str, flags: int) -> int:
    """Open a file; of a named pipe, without waiting for somebody who writes into it."""
    return os.open(path, flags | getattr(os, "O_NONBLOCK", 0))


def clashing_names(outputs: Iterable[Path]) -> list[tuple[Path, ...]]:
    """Find outputs that would be one file where case or Unicode form does not count.

    Windows and macOS fold case; macOS composes accents. What differs only in that would be
    overwritten there, so it is refused everywhere.

    Parameters
    ----------
    outputs : iterable of Path
        All outputs of one run.

    Returns
    -------
    list of tuple of Path
        Groups of at least two, in the order given; empty if all names are apart.
    """
    groups: dict[str, list[Path]] = {}
    for path in outputs:
        folded = unicodedata.normalize("NFC", str(path).casefold())
        groups.setdefault(unicodedata.normalize("NFC", folded.casefold()), []).append(path)
    return [tuple(group) for group in groups.values() if len(group) > 1]


def _walk(
    folder: Path, root: Path, seen: set[Path], linked_folders: list[tuple[Path, Path]]
) -> Iterator[FoundPicture]:
    """Search a folder, each real folder once; links to folders are only listed, with the root."""
    real = folder.resolve()
    if real in seen:
        return
    try:
        paths = sorted(folder.iterdir())
    except OSError:
        yield FoundPicture(
            folder, Path(folder.name) if folder == root else folder.relative_to(root)
        )
        return
    seen.add(real)
    for path in paths:
        if path.name.startswith("."):
            continue
        if _is_folder(path):
            if path.is_symlink():
                linked_folders.append((path, root))
            else:
                yield from _walk(path, root, seen, linked_folders)
        elif path.suffix.lower() in _SUFFIXES:
            yield FoundPicture(path, path.relative_to(root))


def _is_link(path: Path) -> bool:
    """Tell a link from a file, and from what may not be looked at."""
    return os.path.islink(path)  # noqa: PTH114  Path.is_symlink raises on what is locked


def _is_folder(path: Path) -> bool:
    """Tell a folder from a file, and from what may not be looked at."""
    return os.path.isdir(path)  # noqa: PTH112  Path.is_dir raises on what is locked
