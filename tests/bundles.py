"""A real small bundle for tests, built with `onnx.helper`: no torch, a few kilobytes, loads in milliseconds.

uint8 NHWC -> normalise -> horizontal and vertical gradients and a fixed random convolution -> pooled features [N, 8]
-> a linear head. Its score rises with sharpness, so tests can tell blurred from sharp; `gain` and `bias` make other
models.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

from engine.bundle import Bundle, Card, write_bundle

FEATURES = 8


def _kernels(seed: int) -> np.ndarray:
    """[8, 3, 3, 3]: two gradients, a Laplacian, a mean, and four random zero-mean filters."""
    rng = np.random.default_rng(seed)
    k = rng.normal(0, 0.3, (FEATURES, 3, 3, 3))
    k -= k.mean((1, 2, 3), keepdims=True)
    sobel = np.array([[-1, 0, 1], [-2, 0, 2], [-1, 0, 1]]) / 8
    k[0], k[1] = sobel, sobel.T
    k[2] = np.array([[0, 1, 0], [1, -4, 1], [0, 1, 0]]) / 4
    k[3] = 1 / 27
    return k.astype(np.float32)


def model(size: int = 64, *, gain: float = 1.0, bias: float = 0.2, seed: int = 0) -> onnx.ModelProto:
    """The graph without a card: `score` = gain * (sharpness-weighted features) + bias."""
    head = np.array([0.35, 0.35, 0.25, 0.02, 0.01, 0.01, 0.01, 0.01], np.float32)[:, None] * gain
    weights = {
        "mean": np.array([123.675, 116.28, 103.53], np.float32),
        "std": np.array([58.395, 57.12, 57.375], np.float32),
        "kernels": _kernels(seed),
        "head": head.astype(np.float32),
        "bias": np.array([bias], np.float32),
        "last": np.array([1], np.int64),
    }
    nodes = [
        helper.make_node("Cast", ["image"], ["float"], to=TensorProto.FLOAT),
        helper.make_node("Sub", ["float", "mean"], ["centred"]),
        helper.make_node("Div", ["centred", "std"], ["normal"]),
        helper.make_node("Transpose", ["normal"], ["nchw"], perm=[0, 3, 1, 2]),
        helper.make_node("Conv", ["nchw", "kernels"], ["maps"], kernel_shape=[3, 3]),
        helper.make_node("Abs", ["maps"], ["strength"]),
        helper.make_node("GlobalAveragePool", ["strength"], ["pooled"]),
        helper.make_node("Flatten", ["pooled"], ["features"], axis=1),
        helper.make_node("MatMul", ["features", "head"], ["weighed"]),
        helper.make_node("Add", ["weighed", "bias"], ["column"]),
        helper.make_node("Squeeze", ["column", "last"], ["score"]),
    ]
    graph = helper.make_graph(
        nodes,
        "test",
        [helper.make_tensor_value_info("image", TensorProto.UINT8, ["N", size, size, 3])],
        [
            helper.make_tensor_value_info("score", TensorProto.FLOAT, ["N"]),
            helper.make_tensor_value_info("features", TensorProto.FLOAT, ["N", FEATURES]),
        ],
        [numpy_helper.from_array(value, name) for name, value in weights.items()],
    )
    return helper.make_model(graph, opset_imports=[helper.make_opsetid("", 18)], ir_version=10)


def write(
    path: Path, size: int = 64, *, gain: float = 1.0, bias: float = 0.2, seed: int = 0, name: str = "test model"
) -> Bundle:
    """A verified bundle at `path`."""
    card = Card(
        name=name, arch="gradients", input_size=size, label_provenance="none: made for tests", licence="CC0-1.0"
    )
    return write_bundle(model(size, gain=gain, bias=bias, seed=seed), card, path)
