"""Publish a file so that its name only ever shows all of it.

A file is published in two steps, so that a caller can commit a record in between::

    with prepared(path, data, inputs=[source]) as output:  # bytes are on disk, without a name
        record(...)
        output.publish()  # the name appears, at once and whole

On Linux the bytes wait in an unnamed file, which vanishes with the process; elsewhere (and on file
systems without it) in a hidden temporary file beside the target, removed on every failure short of
a killed process. A name never appears before its bytes are complete, flushed to the disk and
compared. That the *name* survives a power cut rests on the file system's promise for fsync of a
folder; Windows gives none.
"""

from __future__ import annotations

import errno
import os
import secrets
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from ocguard.errors import ImageWriteError, OutputExistsError
from ocguard.imaging.remote import Location, PreparedObject, Remote

__all__ = ["PreparedOutput", "prepared", "publish"]

_COMPARED_BYTES = 1 << 20  # read back at a time
_NO_LINKS = {errno.EPERM, errno.ENOTSUP, errno.EOPNOTSUPP, errno.ENOSYS, errno.EMLINK, errno.EXDEV}

_PREFIX = ".ocguard-"  # of names that no person gave


class PreparedOutput:
    """Bytes that are on the disk, complete and checked, waiting for their name.

    Made by :func:`prepared`.
    """

    def __init__(self, path: Path, descriptor: int, temporary: Path | None) -> None:
        self.path = path
        self._descriptor: int | None = descriptor
        self._temporary = temporary

    def publish(self, *, overwrite: bool = False) -> None:
        """Give the file its name.

        Parameters
        ----------
        overwrite : bool
            Replace a file of that name. A symbolic link of that name is replaced itself; what it
            points to stays.

        Raises
        ------
        OutputExistsError
            If the name exists and `overwrite` is false, also if it appeared a moment ago.
        OSError
            If the file system refuses.
        """
        if overwrite:
            self._named().replace(self.path)
            self._temporary = None
        else:
            self._publish_new()
        _sync_folder(self.path.parent)

    def discard(self) -> None:
        """Close the file, and remove it unless it was published."""
        self._close()
        if self._temporary is not None:
            self._temporary.unlink(missing_ok=True)
            self._temporary = None

    def _close(self) -> None:
        """Close the file, once."""
        if self._descriptor is not None:
            os.close(self._descriptor)
            self._descriptor = None

    def _publish_new(self) -> None:
        """Link the name, which fails if it exists."""
        try:
            self._link(self.path)
        except FileExistsError as error:
            raise OutputExistsError(
                "{path} exists already; choose another folder or allow overwriting", path=self.path
            ) from error
        except OSError as error:
            if error.errno not in _NO_LINKS:
                raise
            self._reserve_and_replace()

    def _link(self, target: Path) -> None:
        """Give the bytes one more name."""
        if self._temporary is not None:
            os.link(self._temporary, target)
            return
        folder = os.open(target.parent, os.O_RDONLY)
        try:  # naming a folder makes CPython call linkat, which follows the link in /proc
            os.link(f"/proc/self/fd/{self._descriptor}", target, src_dir_fd=folder)
        finally:
            os.close(folder)

    def _reserve_and_replace(self) -> None:
        """Take the name exclusively, then move the file there; for file systems without links."""
        try:
            os.close(os.open(self.path, os.O_CREAT | os.O_EXCL | os.O_WRONLY))
        except FileExistsError as error:
            raise OutputExistsError("{path} exists already", path=self.path) from error
        try:
            self._named().replace(self.path)
        except BaseException:
            self.path.unlink()
            raise
        self._temporary = None

    def _named(self) -> Path:
        """Return the temporary name, giving one to an unnamed file."""
        if self._temporary is None:
            temporary = _temporary_name(self.path.parent)
            self._link(temporary)
            self._temporary = temporary
        self._close()  # Windows moves closed files only
        return self._temporary


@contextmanager
def prepared(
    path: str | os.PathLike[str],
    data: bytes,
    *,
    inputs: Iterable[str | os.PathLike[str]] = (),
    check: Callable[[bytes], None] | None = None,
) -> Iterator[PreparedOutput | PreparedObject]:
    """Write bytes to the disk without giving them their name yet.

    For an object store nothing is written yet: an upload is what gives the name there.

    Parameters
    ----------
    path : path or Remote
        Where the file will be; its folder is created.
    data : bytes
        The whole file.
    inputs : iterable of paths
        Files that must never be overwritten.
    check : callable, optional
        Called with the bytes after they were written and read back unchanged; raises to refuse.

    Yields
    ------
    PreparedOutput or PreparedObject
        Call its ``publish``; without that, nothing is left behind.

    Raises
    ------
    ImageWriteError
        If the output is one of the inputs, or reading back gives other bytes.
    OSError
        If the disk is full, the name too long, the folder not writable.
    """
    if isinstance(path, Remote):
        _require_not_input(path, inputs)
        if check is not None:
            check(data)
        yield PreparedObject(path, data)
        return
    target = Path(path)
    target.parent.mkdir(parents=True, exist_ok=True)
    _require_not_input(target, inputs)
    with _names(target):
        descriptor, temporary = _open_temporary(target.parent)
        output = PreparedOutput(target, descriptor, temporary)
        try:
            _write_through(descriptor, data)
            if not _holds(descriptor, data):
                raise ImageWriteError(
                    "{target} reads back other bytes than were written; check the disk",
                    target=target,
                )
            if check is not None:
                check(data)
            yield output
        finally:
            output.discard()


def publish(
    path: str | os.PathLike[str],
    data: bytes,
    *,
    overwrite: bool = False,
    inputs: Iterable[str | os.PathLike[str]] = (),
    check: Callable[[bytes], None] | None = None,
) -> None:
    """Write a file so that its name only ever shows all of it; see :func:`prepared`.

    Raises
    ------
    OutputExistsError
        If the name exists and `overwrite` is false.
    ImageWriteError
        If the output is one of the inputs, or reading back gives other bytes.
    OSError
        If the file system refuses.
    """
    with prepared(path, data, inputs=inputs, check=check) as output:
        output.publish(overwrite=overwrite)


def _require_not_input(target: Location, inputs: Iterable[str | os.PathLike[str]]) -> None:
    """Refuse to write over an input, whatever names lead to it."""
    for source in inputs:
        if isinstance(source, Remote) or isinstance(target, Remote):
            is_same = source == target
        else:
            is_same = os.path.realpath(source) == os.path.realpath(target)
            with suppress(OSError):
                is_same = is_same or Path(source).samefile(target)
        if is_same:
            raise ImageWriteError(
                "{target} is the input itself; choose another output folder", target=target
            )


def _open_temporary(folder: Path) -> tuple[int, Path | None]:
    """Open an unnamed file in a folder where the system has that, a hidden one elsewhere."""
    unnamed = getattr(os, "O_TMPFILE", None)
    if unnamed is not None and Path("/proc/self/fd").is_dir():
        with suppress(OSError):  # network and older file systems
            return os.open(folder, unnamed | os.O_RDWR, 0o666), None
    temporary = _temporary_name(folder)
    flags = os.O_CREAT | os.O_EXCL | os.O_RDWR | getattr(os, "O_BINARY", 0)
    return os.open(temporary, flags, 0o666), temporary


@contextmanager
def _names(target: Path) -> Iterator[None]:
    """Let errors of the system name the output where they name no file that a person knows."""
    try:
        yield
    except OSError as error:
        if error.strerror and (error.filename is None or _PREFIX in os.fsdecode(error.filename)):
            error.filename = str(target)
        raise


def _temporary_name(folder: Path) -> Path:
    """Return a fresh hidden name, short whatever the target's is."""
    return folder / f"{_PREFIX}{secrets.token_hex(8)}.tmp"


def _write_through(descriptor: int, data: bytes) -> None:
    """Write all bytes down to the disk."""
    rest = memoryview(data)
    while rest:
        rest = rest[os.write(descriptor, rest) :]
    os.fsync(descriptor)


def _holds(descriptor: int, data: bytes) -> bool:
    """Tell whether a file holds exactly these bytes."""
    expected = memoryview(data)
    os.lseek(descriptor, 0, os.SEEK_SET)
    at = 0
    while part := os.read(descriptor, _COMPARED_BYTES):
        if part != expected[at : at + len(part)]:
            return False
        at += len(part)
    return at == len(data)


def _sync_folder(folder: Path) -> None:
    """Flush a folder's entries, where the system can."""
    with suppress(OSError):
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
