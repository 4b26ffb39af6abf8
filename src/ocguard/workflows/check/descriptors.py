"""Find a learned descriptor by its name or file, and load it.

A name is one of those that ocguard describes itself, whose model another package carries, or one
that an installed package offers through the entry-point group ``ocguard.descriptors``: a function
without arguments that returns the path of its TOML file. None but the one that comes with ocguard
is used unless it is asked for, so that a verdict does not depend on what else is installed.
"""

from __future__ import annotations

import importlib.util
from dataclasses import dataclass
from functools import cached_property
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from ocguard.errors import EXTRAS, DescriptorError, MissingExtraError
from ocguard.fingerprint.learned import DescriptorSpec, LearnedDescriptor, parse_spec
from ocguard.language.message import Message
from ocguard.toml import bounded_bytes

if TYPE_CHECKING:
    from importlib.metadata import EntryPoints

__all__ = ["ENTRY_POINTS", "OWN", "FoundDescriptor", "descriptor_names", "find_descriptor"]

ENTRY_POINTS: Final = "ocguard.descriptors"
"""Group of entry points through which a package offers a descriptor."""

OWN: Final = "ocguard"
"""Name of the descriptor that comes with ocguard, and proposes works in every check."""

FILE_SUFFIX: Final = ".toml"

_SHIPPED: Final = resources.files("ocguard.fingerprint") / "descriptors"


@dataclass(frozen=True)
class FoundDescriptor:
    """A descriptor that can be loaded; travels to workers.

    Attributes
    ----------
    spec : DescriptorSpec
        What it is.
    source : str
        Its TOML file.
    model : Path
        Its ONNX file.
    """

    spec: DescriptorSpec
    source: str
    model: Path

    def load(self) -> LearnedDescriptor:
        """Load the network, once; see :class:`LearnedDescriptor` for what may be wrong with it."""
        return self._loaded

    @cached_property
    def _loaded(self) -> LearnedDescriptor:
        return LearnedDescriptor(self.spec, self.model.read_bytes(), self.source)

    def __getstate__(self) -> dict[str, Any]:
        """Leave the network behind: each process loads its own."""
        return {"spec": self.spec, "source": self.source, "model": self.model}


def descriptor_names() -> list[str]:
    """Name the descriptors that can be asked for by name, whether or not they can be loaded."""
    return sorted({*_shipped(), *_offered().names})


def find_descriptor(asked: str) -> FoundDescriptor:
    """Find a descriptor.

    Parameters
    ----------
    asked : str
        Path of a TOML file (it ends with ``.toml``), or a name.

    Raises
    ------
    DescriptorError
        There is none of that name, or its files are missing or malformed.
    MissingExtraError
        ocguard knows the name, but the package with the model is not installed.
    """
    if asked.lower().endswith(FILE_SUFFIX):
        return _of_file(Path(asked))
    if asked in (shipped := _shipped()):
        return _found(shipped[asked], f"descriptor {asked!r}", Path(str(_SHIPPED)))
    for point in _offered().select(name=asked):
        try:
            path = Path(point.load()())
        except Exception as error:  # foreign code: whatever it raises, the package is at fault
            raise DescriptorError(
                "descriptor {asked!r} of {package} cannot be loaded ({reason}): update or remove "
                "its package",
                asked=asked,
                package=point.value,
                reason=error,
            ) from error
        return _of_file(path)
    known = ", ".join(descriptor_names())
    raise DescriptorError(
        "there is no descriptor {asked!r}: give the path of a {suffix} file, or one of {known}",
        asked=asked,
        suffix=FILE_SUFFIX,
        known=known,
    )


def _offered() -> EntryPoints:
    """List what installed packages offer."""
    from importlib import metadata  # takes long to import, and brings the library of mail

    return metadata.entry_points(group=ENTRY_POINTS)


def _of_file(path: Path) -> FoundDescriptor:
    """Read a description from a file; its model lies beside it."""
    try:
        text = bounded_bytes(path)
    except OSError as error:
        raise DescriptorError(
            "{path} cannot be read as a descriptor's TOML file ({reason}): give its path again",
            path=path,
            reason=error,
        ) from error
    return _found(text, str(path), path.parent)


def _found(text: str | bytes, source: str, folder: Path) -> FoundDescriptor:
    """Find the model of a description, beside it or in an installed package."""
    spec = parse_spec(text, source)
    if spec.package is not None:
        folder = _package_folder(spec, source)
    model = folder / spec.model
    if not model.is_file():
        raise DescriptorError(
            "{source} describes {model}, which is not there: put the model beside its description",
            source=source,
            model=model,
        )
    return FoundDescriptor(spec, source, model)


def _package_folder(spec: DescriptorSpec, source: str) -> Path:
    """Find an installed package without importing it."""
    name = spec.package or ""
    found = importlib.util.find_spec(name) if name.isidentifier() else None
    for place in (found.submodule_search_locations or ()) if found else ():
        return Path(place)
    if spec.extra in EXTRAS:
        raise MissingExtraError(
            Message("the model of {source} and onnxruntime", source=source), spec.extra
        )
    raise DescriptorError(
        "{source} needs the package {name!r}: install it", source=source, name=name
    )


def _shipped() -> dict[str, str]:
    """Read the descriptions that ocguard ships, by name."""
    files = (one for one in _SHIPPED.iterdir() if one.name.endswith(FILE_SUFFIX))
    return {one.name.removesuffix(FILE_SUFFIX): one.read_text("utf-8") for one in files}
