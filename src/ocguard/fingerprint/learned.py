"""A learned descriptor: a network that somebody trained, described by a small TOML file.

The network is an ONNX file. Its description says how a picture is put into it, so that any network
which turns one picture into one vector can be used; nothing is ever downloaded. The picture, laid
on white, is squeezed to the input's size whatever its shape. The vector is scaled to unit length
and kept as bytes; two are compared by their cosine.

Which model is the better one is for measurements to say; one recipe that is known to work is SSCD.
ocguard ships one of its own, trained against redrawing, which OpenCV runs.

References
----------
E. Pizzi, S. D. Roy, S. N. Ravindra, P. Goyal, M. Douze, A self-supervised descriptor for image copy
detection, CVPR 2022, doi:10.1109/CVPR52688.2022.01413.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from ocguard.errors import DescriptorError
from ocguard.fingerprint.networks import ENGINES, Network
from ocguard.language.message import Message
from ocguard.toml import TomlError, did_you_mean, parse_toml

__all__ = ["CODE_PEAK", "DescriptorSpec", "LearnedDescriptor", "network_input", "parse_spec"]

MIN_SIDE_PX, MAX_SIDE_PX = 16, 2048
"""Sides of a network's input; more than the upper one would describe what the portfolio lacks."""

MIN_ELEMENTS, MAX_ELEMENTS = 8, 8192
"""Elements of a vector."""

CODE_PEAK = 127
"""Largest element of a stored vector; the cosine changes by less than a hundredth."""

_EXAMPLE = np.random.default_rng(20220607).integers(0, 256, (64, 64, 3)).astype(np.uint8)


@dataclass(frozen=True)
class DescriptorSpec:
    """What the TOML file of a descriptor says.

    Attributes
    ----------
    name : str
        What to call it in reports.
    model : str
        The ONNX file: beside the TOML file, or in the installed package named by ``package``.
    sha256 : str
        Digest of the ONNX file.
    license : str
        Under which the model may be used.
    input_size : (int, int)
        Width and height of the network's input in pixels.
    color_order : str
        "RGB" or "BGR".
    mean, std : (float, float, float)
        Subtracted from, then divided into, channels scaled to 0..1, in that color order; 0 and 1
        for a network that takes bytes.
    output : str
        Name of the network's output.
    package, extra : str or None
        Installed package that holds the model, and the extra of ocguard that brings it.
    engine : str
        What runs the network, one of `ENGINES`.
    """

    name: str
    model: str
    sha256: str
    license: str
    input_size: tuple[int, int]
    color_order: str
    mean: tuple[float, float, float]
    std: tuple[float, float, float]
    output: str
    package: str | None = None
    extra: str | None = None
    engine: str = "onnxruntime"

    @property
    def descriptor_id(self) -> str:
        """Sixteen hexadecimal digits that change with the model and with what is put into it."""
        facts = asdict(self)
        for name in ("name", "model", "license", "package", "extra", "engine"):
            del facts[name]
        return hashlib.sha256(json.dumps(facts, sort_keys=True).encode()).hexdigest()[:16]


class LearnedDescriptor:
    """A network, loaded and tried once.

    Parameters
    ----------
    spec : DescriptorSpec
    model : bytes
        The ONNX file.
    source : str
        The TOML file, to name in errors.

    Raises
    ------
    MissingExtraError
        What runs it is not installed.
    DescriptorError
        The file is not the one described, or does not fit its description.
    """

    def __init__(self, spec: DescriptorSpec, model: bytes, source: str) -> None:
        self.spec, self._source = spec, source
        if hashlib.sha256(model).hexdigest() != spec.sha256:
            raise DescriptorError(
                "{model} is not the file that {source} describes (its SHA-256 differs): get "
                "that file again, or correct sha256 if the new one is meant",
                model=spec.model,
                source=source,
            )
        self._network = ENGINES[spec.engine](model, spec.model, spec.output)
        if self._network.takes_bytes and (spec.mean, spec.std) != ((0, 0, 0), (1, 1, 1)):
            raise self._wrong(Message("the network takes bytes: set mean to 0 and std to 1"))
        self.elements = len(self.describe(_EXAMPLE))

    def describe(self, rgb: NDArray[np.uint8]) -> NDArray[np.int8]:
        """Return the code of a picture.

        Parameters
        ----------
        rgb : (H, W, 3) uint8 array
            RGB picture, transparency on white.

        Returns
        -------
        (elements,) int8 array
            The network's vector, its largest element scaled to `CODE_PEAK`.

        Raises
        ------
        DescriptorError
            The network fails, or its output is no vector of finite numbers.
        """
        outputs = self._run(network_input(rgb, self.spec, self._network))
        vector = np.asarray(outputs, np.float32).reshape(-1)
        if not MIN_ELEMENTS <= len(vector) <= MAX_ELEMENTS:
            raise self._wrong(
                Message(
                    "output {output!r} has the shape {shape}: name the output that is one vector "
                    "of {least} to {most} elements",
                    output=self.spec.output,
                    shape=np.shape(outputs),
                    least=MIN_ELEMENTS,
                    most=MAX_ELEMENTS,
                )
            )
        peak = float(np.abs(vector).max())
        if not np.isfinite(peak) or peak == 0:
            raise self._wrong(Message("the network answers no finite number: check mean and std"))
        return np.asarray(np.rint(vector * (CODE_PEAK / peak)), np.int8)

    def _run(self, values: NDArray[Any]) -> Any:
        try:
            return self._network.answer(values)
        except Exception as error:  # onnxruntime has no base class for what it raises
            reason = str(error).strip().splitlines()[0]
            raise self._wrong(
                Message(
                    "{model} refuses a picture of {input_size}: check input_size ({reason})",
                    model=self.spec.model,
                    input_size=self.spec.input_size,
                    reason=reason,
                )
            ) from error

    def _wrong(self, text: str) -> DescriptorError:
        return DescriptorError("{source}: {text}", source=self._source, text=text)


def network_input(rgb: NDArray[np.uint8], spec: DescriptorSpec, network: Network) -> NDArray[Any]:
    """Lay a picture out as a network's input.

    Parameters
    ----------
    rgb : (H, W, 3) uint8 array
        RGB picture, transparency on white.
    spec : DescriptorSpec
        Says size, color order, mean and std.
    network : Network
        Takes the input.
    """
    pixels = cv2.resize(rgb, spec.input_size, interpolation=cv2.INTER_AREA)
    if spec.color_order == "BGR":
        pixels = pixels[..., ::-1]
    if network.takes_bytes:
        values: NDArray[Any] = np.asarray(pixels, np.uint8)
    else:
        mean, std = np.array([spec.mean, spec.std], np.float32)
        values = (np.asarray(pixels, np.float32) / 255 - mean) / std
    if network.is_planar:
        values = values.transpose(2, 0, 1)
    return np.ascontiguousarray(values[None])


def parse_spec(text: str | bytes, source: str) -> DescriptorSpec:
    """Read a description.

    Parameters
    ----------
    text : str or bytes
        TOML.
    source : str
        Its file, to name in errors.

    Raises
    ------
    DescriptorError
        It is no TOML, or an entry is missing, unknown or impossible.
    """
    try:
        said = parse_toml(text)
    except TomlError as error:
        raise DescriptorError(
            "{source} is not valid TOML: {reason}", source=source, reason=error
        ) from error
    known = _TEXTS | _OPTIONAL | _LISTS.keys()
    if unknown := sorted(said.keys() - known):
        hint = did_you_mean(unknown[0], sorted(known), Message("remove or correct it"))
        raise DescriptorError(
            "{source}: unknown entry {unknown!r}; {hint}",
            source=source,
            unknown=unknown[0],
            hint=hint,
        )
    texts = {name: _text(said, name, source) for name in sorted(_TEXTS | (_OPTIONAL & said.keys()))}
    lists = {name: _numbers(said, name, kind, source) for name, kind in _LISTS.items()}
    spec = DescriptorSpec(**texts, **lists)  # type: ignore[arg-type]
    problem = _problem(spec)
    if problem:
        raise DescriptorError("{source}: {problem}", source=source, problem=problem)
    return spec


_TEXTS = frozenset({"name", "model", "sha256", "license", "color_order", "output"})
_OPTIONAL = frozenset({"package", "extra", "engine"})
_CHOICES = {"color_order": ("RGB", "BGR"), "engine": tuple(ENGINES)}
_LISTS: dict[str, tuple[type, int]] = {
    "input_size": (int, 2),
    "mean": (float, 3),
    "std": (float, 3),
}


def _problem(spec: DescriptorSpec) -> Message | None:
    """Say what is impossible about a description."""
    for entry, choices in _CHOICES.items():
        if (said := getattr(spec, entry)) not in choices:
            return Message(
                "{entry} is {said!r}; it must be one of {choices}",
                entry=entry,
                said=said,
                choices=choices,
            )
    if not all(MIN_SIDE_PX <= side <= MAX_SIDE_PX for side in spec.input_size):
        return Message(
            "input_size must lie between {least} and {most} pixels",
            least=MIN_SIDE_PX,
            most=MAX_SIDE_PX,
        )
    if not all(0 < value < float("inf") for value in spec.std):
        return Message("std must be three numbers above 0")
    if len(spec.sha256) != 64 or set(spec.sha256) - set("0123456789abcdef"):
        return Message("sha256 must be the 64 lower-case hexadecimal digits of the model's SHA-256")
    if not spec.model or "/" in spec.model or "\\" in spec.model:
        return Message(
            "model is {model!r}; give the name of a file in the same folder", model=spec.model
        )
    return None


def _text(said: dict[str, Any], name: str, source: str) -> str:
    value = said.get(name)
    if not isinstance(value, str) or not value.isprintable():
        raise DescriptorError(
            '{source}: {name} is missing or no text; add {name} = "..."', source=source, name=name
        )
    return value


def _numbers(
    said: dict[str, Any], name: str, kind: tuple[type, int], source: str
) -> tuple[float, ...]:
    element, count = kind
    value = said.get(name)
    accepted = (int,) if element is int else (int, float)
    if (
        not isinstance(value, list)
        or len(value) != count
        or not all(isinstance(one, accepted) and not isinstance(one, bool) for one in value)
    ):
        raise DescriptorError(
            "{source}: {name} must be a list of {count} numbers",
            source=source,
            name=name,
            count=count,
        )
    return tuple(element(one) for one in value)
