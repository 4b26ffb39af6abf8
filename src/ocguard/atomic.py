"""Write a small private or shared file whole or not at all.

The bytes go to a temporary file in the target's own folder, reach the disk (``fsync``), and only
then get the target's name: by a hard link when the name must be new, since that fails when the
name appeared meanwhile, or by ``os.replace`` when an older file may be exchanged. Every failure
removes the temporary file. A power cut leaves the old state or the new one.

Limits: a file system without hard links (exFAT, some network shares) gets an exclusively created
copy instead; there a power cut can leave a short file, which every reader of ours refuses. POSIX
permission bits mean nothing on Windows, where the user's folder is private already.
"""

from __future__ import annotations

import contextlib
import errno
import os
import re
import secrets
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from ocguard.errors import OutputExistsError

__all__ = ["PRIVATE", "SHARED", "draft_folder", "names_place", "whole_file", "whole_folder"]

PRIVATE = 0o600
"""Permission bits of a file that only its owner may read."""

SHARED = 0o666
"""Permission bits of an ordinary file, before the person's umask."""


@contextlib.contextmanager
def whole_file(path: Path, *, overwrite: bool = False, mode: int = SHARED) -> Iterator[BinaryIO]:
    """Open a file for writing whose name appears only when the block ends without an error.

    Parameters
    ----------
    path : Path
        The name to appear. Its folder must exist.
    overwrite : bool
        Exchange an existing file; otherwise an existing name is refused.
    mode : int
        Permission bits of the new file, before the umask.

    Yields
    ------
    BinaryIO
        Write the content here.

    Raises
    ------
    OutputExistsError
        The name is taken and `overwrite` is false.
    """
    if not overwrite and os.path.lexists(path):
        raise _taken(path)
    temporary = _draft_of(path)
    with names_place(path):
        descriptor = os.open(temporary, _NEW_FILE, mode)
        try:
            with os.fdopen(descriptor, "wb") as stream:
                yield stream
                stream.flush()
                os.fsync(stream.fileno())
            if overwrite:
                temporary.replace(path)
            else:
                _claim_name(temporary, path, mode)
            sync_folder(path.parent)
        finally:
            temporary.unlink(missing_ok=True)


@contextlib.contextmanager
def whole_folder(path: Path) -> Iterator[Path]:
    """Make a folder whose name appears, with all that was put in it, only without an error.

    Parameters
    ----------
    path : Path
        The name to appear; folders above it are made.

    Yields
    ------
    Path
        Put the files here; nothing else is flushed to the disk than what lies in it and below.

    Raises
    ------
    OutputExistsError
        The name is taken.
    """
    if os.path.lexists(path):
        raise _taken(path)
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = _draft_of(path)
    with names_place(path):
        temporary.mkdir()
        try:
            yield temporary
            for one in temporary.rglob("*"):
                _sync(one)
            if os.path.lexists(path):
                raise _taken(path)
            temporary.rename(path)
            sync_folder(path.parent)
        finally:
            shutil.rmtree(temporary, ignore_errors=True)


@contextlib.contextmanager
def draft_folder(path: Path) -> Iterator[Path]:
    """Give a private folder beside a file, on its disk, that is gone afterwards with all in it.

    Parameters
    ----------
    path : Path
        What a draft is made for; its folder is made, private to its owner.

    Yields
    ------
    Path
        The folder, empty.

    Raises
    ------
    OSError
        The disk is full, or nothing can be written there; it names ``path``, not the draft.
    """
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    folder = _draft_of(path)
    with names_place(path):
        folder.mkdir(mode=0o700)
        try:
            yield folder
        finally:
            shutil.rmtree(folder, ignore_errors=True)


def _draft_of(path: Path) -> Path:
    """Return a hidden name beside a file or folder, which nobody has."""
    return path.with_name(f".{secrets.token_hex(8)}.ocguard")


_FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
_DRAFT = re.compile(r"(^|[\\/])\.[^\\/]+\.ocguard([\\/]|$)")
"""A hidden name beside the one that was asked for, or a file below it."""


@contextlib.contextmanager
def names_place(place: Path | str) -> Iterator[None]:
    """Let errors of the system name what a person knows: no draft, and no full disk without a name.

    Of a file that is open the system does not say which one it is.
    """
    try:
        yield
    except OSError as error:
        is_draft = bool(error.filename) and _DRAFT.search(str(error.filename))
        if is_draft or (not error.filename and error.errno in _FULL):
            error.filename = os.fspath(place)
        raise


_NEW_FILE = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)


def _claim_name(temporary: Path, path: Path, mode: int) -> None:
    """Give the finished file its name, unless somebody else took the name meanwhile."""
    try:
        os.link(temporary, path)
    except FileExistsError as error:
        raise _taken(path) from error
    except OSError:  # no hard links here
        try:
            descriptor = os.open(path, _NEW_FILE, mode)
        except FileExistsError as error:
            raise _taken(path) from error
        with os.fdopen(descriptor, "wb") as stream:
            stream.write(temporary.read_bytes())
            stream.flush()
            os.fsync(stream.fileno())


def _sync(path: Path) -> None:
    """Make a file, or a folder's list of names, durable."""
    if path.is_dir():
        sync_folder(path)
    else:
        with path.open("rb+") as stream:
            os.fsync(stream.fileno())


def sync_folder(folder: Path) -> None:
    """Make the folder's list of names durable, where the system can do that."""
    with contextlib.suppress(OSError):  # Windows opens no folders
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def _taken(path: Path) -> OutputExistsError:
    return OutputExistsError(
        "{path} exists already: choose another name or remove it first", path=path
    )
