"""Write the trained network as an ONNX file that OpenCV reads."""

from __future__ import annotations

from typing import Final

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper
from torch import Tensor

from network import CHANNELS, GRID, INNER, KERNELS, STRIDES
from redrawing import SIDE_PX

__all__ = ["CODE", "MAPS", "as_onnx"]

CODE, MAPS = "code", "maps"
"""Names of the outputs: the code, and the maps of the fifth convolution."""

OPSET: Final = 17
EPSILON: Final = 1e-5


def as_onnx(weights: dict[str, Tensor]) -> bytes:
    """Return the ONNX file of a network.

    Parameters
    ----------
    weights : dict of str to tensor
        The state of a trained :class:`network.Network`.
    """
    nodes, constants, value = [], [], "pictures"

    def constant(name: str, values: Tensor) -> str:
        constants.append(numpy_helper.from_array(np.asarray(values, np.float32), name))
        return name

    for index, (kernel, stride) in enumerate(zip(KERNELS, STRIDES, strict=True)):
        block = f"blocks.{index}"
        output = MAPS if index == INNER else f"{block}.out"
        filters = constant(f"{block}.filters", weights[f"{block}.0.weight"])
        scale = constant(f"{block}.scale", weights[f"{block}.1.weight"])
        shift = constant(f"{block}.shift", weights[f"{block}.1.bias"])
        nodes += [
            helper.make_node(
                "Conv", [value, filters], [f"{block}.raw"],
                kernel_shape=[kernel] * 2, strides=[stride] * 2, pads=[kernel // 2] * 4,
            ),
            helper.make_node(
                "InstanceNormalization", [f"{block}.raw", scale, shift], [f"{block}.even"],
                epsilon=EPSILON,
            ),
            helper.make_node("Relu", [f"{block}.even"], [output]),
        ]  # fmt: skip
        value = output
    head = constant("head", weights["head.weight"])
    nodes += [
        helper.make_node("AveragePool", [value], ["means"], kernel_shape=[2, 2], strides=[2, 2]),
        helper.make_node("Flatten", ["means"], ["flat"]),
        helper.make_node("Gemm", ["flat", head], [CODE], transB=1),
    ]
    return _serialized(nodes, constants, len(weights["head.weight"]))


def _serialized(
    nodes: list[onnx.NodeProto], constants: list[onnx.TensorProto], elements: int
) -> bytes:
    cells = 4 * GRID
    graph = helper.make_graph(
        nodes,
        "ocguard",
        [helper.make_tensor_value_info("pictures", TensorProto.FLOAT, [1, 3, SIDE_PX, SIDE_PX])],
        [
            helper.make_tensor_value_info(CODE, TensorProto.FLOAT, [1, elements]),
            helper.make_tensor_value_info(
                MAPS, TensorProto.FLOAT, [1, CHANNELS[INNER], cells, cells]
            ),
        ],
        constants,
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", OPSET)], ir_version=8)
    onnx.checker.check_model(model, full_check=True)
    return bytes(model.SerializeToString())
