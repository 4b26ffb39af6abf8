"""Neural networks from ONNX files: what goes in is one picture, what comes out is numbers.

OpenCV, which is always there, runs plain networks; onnxruntime, an extra, runs what OpenCV does not
know. Both use one thread of the processor.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any, Final, Protocol

import cv2
import numpy as np
from numpy.typing import NDArray

from ocguard.errors import DescriptorError, MissingExtraError

__all__ = ["ENGINES", "Network", "OnnxRuntimeNetwork", "OpenCvNetwork"]


class Network(Protocol):
    """A loaded network."""

    @property
    def is_planar(self) -> bool:
        """Whether the channels of its input come first."""

    @property
    def takes_bytes(self) -> bool:
        """Whether its input is uint8, not float32."""

    def answer(self, values: NDArray[Any]) -> NDArray[Any]:
        """Return the output for one picture, laid out as the network's input.

        Raises an error of the engine's own kind where the network refuses the picture.
        """


class OpenCvNetwork:
    """A network that OpenCV runs; it takes planar floats.

    Parameters
    ----------
    model : bytes
        The ONNX file.
    name : str
        The file's name, for errors.
    output : str
        Which of its outputs to give.

    Raises
    ------
    DescriptorError
        OpenCV does not read it.
    """

    is_planar: Final = True
    takes_bytes: Final = False

    def __init__(self, model: bytes, name: str, output: str) -> None:
        self._output = output
        self._lock = threading.Lock()  # a network holds the picture that it is at work on
        try:
            self._network = cv2.dnn.readNetFromONNX(np.frombuffer(model, np.uint8))
        except cv2.error as error:
            raise _unreadable(name, "OpenCV", error) from error

    def answer(self, values: NDArray[Any]) -> NDArray[Any]:
        """Return the output for one picture."""
        with self._lock:
            self._network.setInput(values)
            return np.array(self._network.forward(self._output))


class OnnxRuntimeNetwork:
    """A network that onnxruntime runs.

    Parameters
    ----------
    model : bytes
        The ONNX file.
    name : str
        The file's name, for errors.
    output : str
        Which of its outputs to give.

    Raises
    ------
    MissingExtraError
        onnxruntime is not installed.
    DescriptorError
        onnxruntime does not read it, or its inputs and outputs are others than one picture takes.
    """

    def __init__(self, model: bytes, name: str, output: str) -> None:
        self._session = _session(model, name)
        self._output = output
        outputs = [one.name for one in self._session.get_outputs()]
        if output not in outputs:
            raise DescriptorError(
                "{name}: there is no output {output!r}; there is {outputs}",
                name=name,
                output=output,
                outputs=outputs,
            )
        inputs = self._session.get_inputs()
        if len(inputs) != 1 or len(shape := inputs[0].shape) != 4 or 3 not in (shape[1], shape[3]):
            shapes = [one.shape for one in inputs]
            raise DescriptorError(
                "{name}: inputs {shapes}: ocguard can give one color picture alone",
                name=name,
                shapes=shapes,
            )
        if inputs[0].type not in {"tensor(float)", "tensor(uint8)"}:
            raise DescriptorError(
                "{name}: its input is of {type}: ocguard can give float or uint8",
                name=name,
                type=inputs[0].type,
            )
        self._input = inputs[0].name
        self.is_planar = shape[1] == 3
        self.takes_bytes = inputs[0].type == "tensor(uint8)"

    def answer(self, values: NDArray[Any]) -> NDArray[Any]:
        """Return the output for one picture."""
        return np.asarray(self._session.run([self._output], {self._input: values})[0])


ENGINES: Final[dict[str, Callable[[bytes, str, str], Network]]] = {
    "onnxruntime": OnnxRuntimeNetwork,
    "opencv": OpenCvNetwork,
}
"""What runs networks, by name."""


def _session(model: bytes, name: str) -> Any:
    """Load a network on one thread of the processor."""
    try:
        import onnxruntime
    except ImportError as error:
        raise MissingExtraError("learned descriptors", "neural") from error
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    options.log_severity_level = 4
    try:
        return onnxruntime.InferenceSession(model, options, providers=["CPUExecutionProvider"])
    except Exception as error:  # onnxruntime has no base class for what it raises
        raise _unreadable(name, "onnxruntime", error) from error


def _unreadable(name: str, engine: str, error: Exception) -> DescriptorError:
    reason = str(error).strip().splitlines()[0]
    return DescriptorError(
        "{name} is no ONNX model that this {engine} reads; update {engine} or export "
        "the model again ({reason})",
        name=name,
        engine=engine,
        reason=reason,
    )
