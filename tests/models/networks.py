"""Tiny real ONNX models for tests, and TOML files that describe them."""

from __future__ import annotations

import hashlib
from pathlib import Path

import numpy as np
import pytest

SIDE_PX = 32

TOML = """
name = "mean colors"
model = "{model}"
sha256 = "{sha256}"
license = "CC0"
input_size = [{side}, {side}]
color_order = "RGB"
mean = [0.5, 0.5, 0.5]
std = [0.5, 0.5, 0.5]
output = "embedding"
"""


def mean_colors(kind: str = "planar") -> bytes:
    """Make a network that answers the mean colors of 8 x 8 tiles, less those of the picture.

    ``kind`` says how it takes a picture: "planar" and "interleaved" floats, or "bytes".
    """
    onnx = pytest.importorskip("onnx")
    helper, types = onnx.helper, onnx.TensorProto
    shape = [1, 3, SIDE_PX, SIDE_PX] if kind == "planar" else [1, SIDE_PX, SIDE_PX, 3]
    nodes, name = [], "image"
    if kind == "bytes":
        nodes.append(helper.make_node("Cast", [name], ["floats"], to=types.FLOAT))
        nodes.append(helper.make_node("Div", ["floats", "half"], ["scaled"]))
        nodes.append(helper.make_node("Sub", ["scaled", "one"], ["centered"]))
        name = "centered"
    if kind != "planar":
        nodes.append(helper.make_node("Transpose", [name], ["planes"], perm=[0, 3, 1, 2]))
        name = "planes"
    nodes += [
        helper.make_node("AveragePool", [name], ["tiles"], kernel_shape=[4, 4], strides=[4, 4]),
        helper.make_node("GlobalAveragePool", ["tiles"], ["mean"]),
        helper.make_node("Sub", ["tiles", "mean"], ["differences"]),
        helper.make_node("Flatten", ["differences"], ["embedding"]),
    ]
    kinds = {"bytes": types.UINT8}
    graph = helper.make_graph(
        nodes,
        "mean_colors",
        [helper.make_tensor_value_info("image", kinds.get(kind, types.FLOAT), shape)],
        [
            helper.make_tensor_value_info("embedding", types.FLOAT, [1, 192]),
            helper.make_tensor_value_info("mean", types.FLOAT, [1, 3, 1, 1]),
        ],
        [
            onnx.numpy_helper.from_array(np.float32(127.5), "half"),
            onnx.numpy_helper.from_array(np.float32(1.0), "one"),
        ],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)
    onnx.checker.check_model(model)
    return bytes(model.SerializeToString())


def described(folder: Path, kind: str = "planar", **changes: str) -> Path:
    """Write a model with its description, some entries of it changed, and return the TOML file."""
    pytest.importorskip("onnxruntime")
    model = mean_colors(kind)
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "net.onnx").write_bytes(model)
    digest = hashlib.sha256(model).hexdigest()
    text = TOML.format(model="net.onnx", sha256=digest, side=SIDE_PX)
    if kind == "bytes":
        changes = {"mean": "[0, 0, 0]", "std": "[1, 1, 1]", **changes}
    lines = [line for line in text.splitlines() if line.split(" =")[0] not in changes]
    lines += [f"{name} = {value}" for name, value in changes.items() if value]
    path = folder / "net.toml"
    path.write_text("\n".join(lines), encoding="utf-8")
    return path
