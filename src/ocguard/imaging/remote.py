"""Picture files in an object store, found, read and published by their address (extra ``remote``).

An address is ``s3://BUCKET/KEY``. The store is the one that the environment names
(``AWS_ENDPOINT_URL``, or Amazon's own), and credentials come from the environment or from the files
of the AWS tools alone: an address that holds some is refused, and no metadata service is asked.

An object appears whole or not at all, as the store promises for every upload. That none is
overwritten unasked rests on conditional writes (``If-None-Match``), which Amazon has since 2024.
"""

from __future__ import annotations

import errno
import functools
import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path, PurePath, PurePosixPath
from typing import Any, Final

from ocguard.errors import MissingExtraError, OutputExistsError, RemoteError

__all__ = ["SCHEME", "Location", "PreparedObject", "Remote", "location_of"]

ADDRESS: Final = re.compile(r"(?P<scheme>[A-Za-z][A-Za-z0-9+.-]+)://(?P<rest>.*)", re.DOTALL)
BUCKET: Final = re.compile(r"[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]")
FILE_ADDRESS: Final = re.compile(r"(?:localhost)?(/.*)", re.DOTALL)
ESCAPED: Final = re.compile(rb"%([0-9A-Fa-f]{2})")

ASKS_THE_NETWORK: Final = ("container-role", "iam-role")
"""Sources of credentials that ask an address which nobody named."""

SECRET_IN_ADDRESS: Final = re.compile(r"//[^/@\s]*@")

SCHEME: Final = "s3://"


@dataclass(frozen=True, order=True)
class Remote(os.PathLike[str]):
    """An object, or all objects whose keys begin like a folder.

    Attributes
    ----------
    url : str
        ``s3://BUCKET/KEY``, without a slash at its end.
    """

    url: str

    def __fspath__(self) -> str:
        return self.url

    def __str__(self) -> str:
        return self.url

    def __truediv__(self, inside: str | PurePath) -> Remote:
        return Remote(f"{self.url}/{PurePath(inside).as_posix()}")

    @property
    def key(self) -> str:
        """Bucket and key, as the store's client wants it."""
        return self.url.removeprefix(SCHEME)

    @property
    def name(self) -> str:
        """The last part of the key."""
        return PurePosixPath(self.key).name

    @property
    def stem(self) -> str:
        """The name without its suffix."""
        return PurePosixPath(self.key).stem

    @property
    def suffix(self) -> str:
        """The suffix of the name, with its dot."""
        return PurePosixPath(self.key).suffix

    def is_in(self, folder: Remote) -> bool:
        """Tell whether it is a folder, or lies in it."""
        return f"{self.url}/".startswith(f"{folder.url}/")

    def exists(self) -> bool:
        """Tell whether there is such an object.

        Raises
        ------
        RemoteError
            The store cannot be asked.
        """
        with self._told():
            return bool(_store().exists(self.key))

    def version(self) -> str:
        """Return what names the object's present bytes: its ETag."""
        with self._told():
            return str(_store().info(self.key)["ETag"])

    def read(self) -> bytes:
        """Read the object.

        Raises
        ------
        FileNotFoundError
            There is none.
        RemoteError
            The store cannot be asked.
        """
        with self._told():
            return bytes(_store().cat_file(self.key))

    def size_bytes(self) -> int:
        """Return the object's size."""
        with self._told():
            return int(_store().info(self.key)["size"])

    def files(self, head_bytes: int) -> list[tuple[Remote, bytes]]:
        """List objects with their first bytes, in the order of keys, of a folder or of one object.

        Parts of keys that begin with a dot are hidden.
        """
        with self._told():
            store = _store()
            found = [Remote(SCHEME + key) for key in sorted(store.find(self.key))]
            seen = [one for one in found if one == self or not _is_hidden(one.inside(self))]
            keys = [one.key for one in seen]
            heads = store.cat_ranges(keys, [0] * len(keys), [head_bytes] * len(keys))
        return [
            (one, head if isinstance(head, bytes) else b"")
            for one, head in zip(seen, heads, strict=True)
        ]

    def inside(self, folder: Remote) -> Path:
        """Return the path within a folder that it lies in; of the folder itself the name."""
        return Path(self.url[len(folder.url) + 1 :] or self.name)

    def write(self, data: bytes, *, overwrite: bool) -> None:
        """Write the object whole.

        Raises
        ------
        OutputExistsError
            There is one with other bytes, and `overwrite` is false.
        RemoteError
            The store cannot be asked.
        """
        try:
            with self._told():
                _store().pipe_file(self.key, data, mode="overwrite" if overwrite else "create")
        except FileExistsError as error:
            if self.read() == data:  # ours: its answer was lost, and it was sent once more
                return
            raise OutputExistsError(
                "{path} exists already; choose another folder or allow overwriting", path=self.url
            ) from error

    @contextmanager
    def _told(self) -> Iterator[None]:
        """Turn what the store's client raises into errors that name the address."""
        try:
            yield
        except (MissingExtraError, FileExistsError):
            raise
        except FileNotFoundError as error:
            missing = os.strerror(errno.ENOENT)
            raise FileNotFoundError(errno.ENOENT, missing, self.url) from error
        except PermissionError as error:
            raise RemoteError(
                "this account may not use {url}: check its credentials and its rights",
                url=self.url,
            ) from error
        except Exception as error:
            raise _unreached(self.url, error) from error


def location_of(path: str | os.PathLike[str]) -> Location:
    """Return where a file lies that a person named by a path, a ``file:`` or an ``s3:`` address.

    Raises
    ------
    RemoteError
        It is an address of another kind, names no bucket, or holds credentials.
    """
    if isinstance(path, Remote):
        return path
    text = os.fspath(path)
    address = ADDRESS.fullmatch(text) if isinstance(path, str) else None
    if address is None:
        return Path(text)
    scheme, rest = address["scheme"].lower(), address["rest"]
    file = FILE_ADDRESS.fullmatch(rest) if scheme == "file" else None
    if file is not None:  # RFC 8089
        plain = ESCAPED.sub(lambda code: bytes.fromhex(code[1].decode()), file[1].encode())
        return Path(os.fsdecode(plain))
    if scheme != "s3":
        raise RemoteError(
            "{scheme}:// is no address of files here: name a path, file:///PATH or s3://BUCKET/KEY",
            scheme=scheme,
        )
    bucket, _, key = rest.partition("/")
    if not BUCKET.fullmatch(bucket):  # which may hold a secret: it is not repeated
        raise RemoteError(
            "write s3://BUCKET/KEY, without credentials: they come from the environment"
            " (AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY) or from 'aws configure'"
        )
    return Remote(f"{SCHEME}{bucket}/{key.strip('/')}".rstrip("/"))


class PreparedObject:
    """Bytes that wait for being written to an object store.

    Parameters
    ----------
    target : Remote
        Where they go.
    data : bytes
        The whole file.
    """

    def __init__(self, target: Remote, data: bytes) -> None:
        self._target, self._data = target, data

    def publish(self, *, overwrite: bool = False) -> None:
        """Write them; see :meth:`Remote.write`."""
        self._target.write(self._data, overwrite=overwrite)


Location = Path | Remote


@functools.cache
def _store() -> Any:
    """Make the store's client, once in a process.

    Raises
    ------
    MissingExtraError
        s3fs is not installed.
    """
    try:
        from aiobotocore.session import AioSession
        from s3fs import S3FileSystem
    except ImportError as error:
        raise MissingExtraError("s3:// addresses", "remote") from error
    session = AioSession()
    credentials = session.get_component("credential_provider")
    for name in ASKS_THE_NETWORK:
        credentials.remove(name)
    store = S3FileSystem(session=session, use_listings_cache=False, skip_instance_cache=True)
    store.retries = 1  # botocore tries again as often as the person's AWS configuration says
    return store


def _is_hidden(inside: Path) -> bool:
    return any(part.startswith(".") for part in inside.parts)


def _unreached(url: str, error: Exception) -> RemoteError:
    """Say why a store cannot be asked."""
    if type(error).__name__ == "NoCredentialsError":
        return RemoteError(
            "{url} needs credentials: set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or run"
            " 'aws configure'",
            url=url,
        )
    reason = SECRET_IN_ADDRESS.sub("//", str(error) or type(error).__name__)
    return RemoteError(
        "{url} cannot be reached: {reason}; check AWS_ENDPOINT_URL and the network",
        url=url,
        reason=reason,
    )
