"""Networks: what engine runs one, it gives the same; what it cannot read is a clear error."""

from __future__ import annotations

import threading

import numpy as np
import pytest

from networks import mean_colors
from ocguard.errors import DescriptorError
from ocguard.fingerprint.networks import OnnxRuntimeNetwork, OpenCvNetwork


@pytest.fixture
def planes() -> np.ndarray:
    """Return one random picture as planar floats."""
    return np.random.default_rng(1).normal(0, 1, (1, 3, 32, 32)).astype(np.float32)


def test_both_engines_answer_alike(planes) -> None:
    """What a network says does not hang on what runs it."""
    pytest.importorskip("onnxruntime")
    answers = [
        engine(mean_colors(), "net.onnx", "embedding").answer(planes).ravel()
        for engine in (OpenCvNetwork, OnnxRuntimeNetwork)
    ]
    np.testing.assert_allclose(answers[0], answers[1], atol=1e-5)


@pytest.mark.parametrize("engine", [OpenCvNetwork, OnnxRuntimeNetwork])
def test_what_is_no_network_is_refused(engine) -> None:
    """The error names the file and says what to do."""
    if engine is OnnxRuntimeNetwork:
        pytest.importorskip("onnxruntime")
    with pytest.raises(DescriptorError, match=r"net\.onnx is no ONNX model.*export"):
        engine(b"no model", "net.onnx", "embedding")


def test_threads_may_ask_one_network_at_once(planes) -> None:
    """Each gets the answer to its own picture."""
    network = OpenCvNetwork(mean_colors(), "net.onnx", "embedding")
    pictures = [planes * factor for factor in range(1, 9)]
    expected = [network.answer(picture).copy() for picture in pictures]
    answers: dict[int, np.ndarray] = {}

    def ask(number: int) -> None:
        for _ in range(20):
            answers[number] = network.answer(pictures[number])

    threads = [threading.Thread(target=ask, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for number, answer in answers.items():
        np.testing.assert_array_equal(answer, expected[number])
