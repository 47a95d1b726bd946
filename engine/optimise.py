"""Rewrite an exported network so that ONNX Runtime runs it faster, with the same score.

What an export leaves behind and ONNX Runtime cannot mend by itself: parts that depend on the image size alone (position
encodings), GELU spelt out, linear layers in more than two dimensions (bias and layer scale as passes of their own),
attention whose transposes are strided, normalisation of the input as separate passes. Only standard operators come out
(and `com.microsoft` GELU, part of every ONNX Runtime, for old opsets); nothing depends on the CPU that rewrites.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping, Sequence
from typing import Final

import numpy as np
import onnx
import onnxruntime as ort

from engine.onnx_graph import Array, Graph, attribute

TOLERANCE: Final = 1e-5
"""Largest difference of a score that a rewritten graph may show (of scores beyond 1, as an untrained network gives,
relative to their size)."""
_BROADCAST: Final = frozenset({"Add", "Sub", "Mul", "Div"})
_UNARY: Final = ("Gelu", "Relu", "Sigmoid", "Tanh", "HardSwish", "Erf")
log = logging.getLogger(__name__)


def _evaluate(model: onnx.ModelProto, counts: Sequence[int]) -> list[dict[str, Array]]:
    """All outputs, for so many fixed noise images."""
    options = ort.SessionOptions()
    options.log_severity_level = 4
    options.graph_optimization_level = ort.GraphOptimizationLevel.ORT_DISABLE_ALL
    session = ort.InferenceSession(model.SerializeToString(), options, providers=["CPUExecutionProvider"])
    names = [o.name for o in session.get_outputs()]
    size = session.get_inputs()[0].shape[1]
    pixels = np.random.default_rng(0).integers(0, 256, (max(counts), size, size, 3)).astype(np.uint8)
    return [dict(zip(names, session.run(names, {"image": pixels[:n]}), strict=True)) for n in counts]


# -- what depends on the size alone -------------------------------------------------------------


def _frontier(graph: Graph) -> list[str]:
    """Tensors made without looking at a pixel that nodes looking at pixels use."""
    seeing = {"image"}
    for node in graph.nodes:
        if node.op_type != "Shape" and seeing.intersection(node.input):
            seeing.update(node.output)
    looking = [n for n in graph.nodes if seeing.intersection(n.output)]
    blind = {o for n in graph.nodes if not seeing.intersection(n.output) for o in n.output}
    return sorted({name for n in looking for name in n.input if name in blind})


def _row_of_all(values: list[Array]) -> Array | None:
    """The row that every image gets, where the first axis counts images and all rows are equal."""
    first = values[0]
    if all(v.ndim and len(v) == i + 1 and all(np.array_equal(r, first[0]) for r in v) for i, v in enumerate(values)):
        return first
    return None


def fold_size(graph: Graph) -> None:
    """Position encodings and the like become weights; indices that give every element its own place go away."""
    names = _frontier(graph)
    if not names:
        return
    found = _evaluate(graph.part(names), (1, 2, 3))
    for name in names:
        values = [f[name] for f in found]
        users = graph.users[name]
        if all(np.array_equal(values[0], v) for v in values[1:]):
            graph.redirect(name, graph.add(values[0]))
        elif all(u.op_type in _BROADCAST for u in users) and (row := _row_of_all(values)) is not None:
            graph.redirect(name, graph.add(row))
        elif all(np.array_equal(v, np.arange(v.size).reshape(v.shape)) for v in values):
            for user in users:
                _drop_identity_gather(graph, user, values[0].shape)


def _drop_identity_gather(graph: Graph, node: onnx.NodeProto, index: tuple[int, ...]) -> None:
    """Flatten, then take the elements 0, 1, 2, ... in the shape `index`: nothing, where that was the shape before."""
    flat = graph.made_by(node.input[0], "Reshape")
    if node.op_type != "Gather" or attribute(node, "axis", 0) or flat is None:
        return
    if graph.inner(flat.input[0]) == index[1:]:
        graph.redirect(node.output[0], flat.input[0])


def drop_expand(graph: Graph) -> None:
    """x / Expand(y, shape of x) is x / y: broadcasting does it without a copy."""
    for node in list(graph.nodes):
        if node.op_type not in _BROADCAST:
            continue
        for i, name in enumerate(node.input):
            expand = graph.made_by(name, "Expand")
            if expand is not None and graph.shape(node.input[1 - i]) == graph.shape(name):
                node.input[i] = expand.input[0]


# -- the input -----------------------------------------------------------------------------------


def fold_normalisation(graph: Graph) -> None:
    """(pixels - mean) / std goes into the weights of the first convolution; the mean only where nothing is padded."""
    for divide in [n for n in graph.nodes if n.op_type == "Div"]:
        subtract = graph.made_by(divide.input[0], "Sub")
        conv = graph.only_user(divide.output[0], "Conv")
        if subtract is None or conv is None or graph.made_by(subtract.input[0], "Cast") is None:
            continue
        mean, std, weight = (graph.constant(n) for n in (subtract.input[1], divide.input[1], conv.input[1]))
        if mean is None or std is None or weight is None or mean.size != weight.shape[1] or std.size != mean.size:
            continue
        scaled = weight.astype(np.float64) / std.reshape(1, -1, 1, 1)
        inputs = [subtract.output[0], graph.add(scaled.astype(weight.dtype)), *conv.input[2:]]
        if not any(attribute(conv, "pads", [0])) and attribute(conv, "auto_pad", b"NOTSET") == b"NOTSET":
            offset = -(scaled * mean.reshape(1, -1, 1, 1)).sum((1, 2, 3))
            given = graph.constant(conv.input[2]) if len(conv.input) > 2 else 0.0
            if given is None:
                continue
            inputs = [subtract.input[0], inputs[1], graph.add((offset + given).astype(weight.dtype))]
        del conv.input[:]
        conv.input.extend(inputs)
        graph.refresh()


# -- activations and linear layers ------------------------------------------------------------------


def _is(graph: Graph, name: str, value: float) -> bool:
    found = graph.constant(name)
    return found is not None and found.size == 1 and bool(np.isclose(found.item(), value, rtol=1e-6))


def fuse_gelu(graph: Graph) -> None:
    """x * (erf(x / sqrt 2) + 1) / 2, in any order of its factors, as one GELU."""
    for erf in [n for n in graph.nodes if n.op_type == "Erf"]:
        scale = graph.maker.get(erf.input[0])
        root = 2**0.5 if scale is not None and scale.op_type == "Div" else 2**-0.5
        if scale is None or scale.op_type not in ("Div", "Mul") or not _is(graph, scale.input[1], root):
            continue
        x, end = scale.input[0], graph.only_user(erf.output[0], "Add")
        factors: list[str] = []
        if end is None or not any(_is(graph, n, 1.0) for n in end.input):
            continue
        while (user := graph.only_user(end.output[0], "Mul")) is not None and len(factors) < 2:
            factors.append(next(n for n in user.input if n != end.output[0]))
            end = user
            half = [n for n in factors if _is(graph, n, 0.5) or _is_half_of(graph, n, x)]
            if len(half) == 1 and (_is_half_of(graph, half[0], x) or sorted(factors) == sorted([x, half[0]])):
                graph.need("com.microsoft", 1)
                graph.replace(end, graph.node("Gelu", [x], end.output[0], domain="com.microsoft"))
                break


def _is_half_of(graph: Graph, name: str, x: str) -> bool:
    node = graph.made_by(name, "Mul")
    return node is not None and x in node.input and any(_is(graph, n, 0.5) for n in node.input)


def _per_channel(value: Array, channels: int) -> Array | None:
    return value.reshape(-1) if value.size == channels == value.shape[-1] else None


def flatten_linear(graph: Graph) -> None:
    """MatMul + bias (+ layer scale) over [N, ..., K] as one Gemm over [-1, K]: bias and scale cost no extra pass."""
    for matmul in [n for n in graph.nodes if n.op_type == "MatMul"]:
        weight, inner = graph.constant(matmul.input[1]), graph.inner(matmul.input[0])
        if weight is None or weight.ndim != 2 or not inner:
            continue
        end, wide, bias = matmul, weight.astype(np.float64), np.zeros(weight.shape[1])
        for op in ("Add", "Mul"):
            user = graph.only_user(end.output[0], op)
            pair = graph.with_constant(user) if user is not None else None
            value = None if pair is None else _per_channel(pair[1], weight.shape[1])
            if user is None or value is None:
                continue
            wide, bias = (wide, bias + value) if op == "Add" else (wide * value, bias * value)
            end = user
        if end is matmul:
            continue
        flat = graph.reshape(matmul.input[0], [-1, weight.shape[0]])
        terms = [flat.output[0], graph.add(wide.astype(weight.dtype)), graph.add(bias.astype(weight.dtype))]
        gemm = graph.node("Gemm", terms)
        back = graph.reshape(gemm.output[0], [-1, *inner[:-1], weight.shape[1]], end.output[0])
        graph.replace(end, flat, gemm, back)


def sink_reshapes(graph: Graph) -> None:
    """Move reshapes behind activations, then drop those that undo each other."""
    for node in [n for n in graph.nodes if n.op_type in _UNARY]:
        before = graph.made_by(node.input[0], "Reshape")
        if before is None or graph.only_user(before.output[0]) is None:
            continue
        output = node.output[0]
        node.input[0] = before.input[0]
        node.output[0] = f"{output}_flat"
        target = graph.constant(before.input[1])
        if target is not None:
            graph.replace(node, node, graph.reshape(node.output[0], target.tolist(), output))
    graph.refresh()
    for node in [n for n in graph.nodes if n.op_type == "Reshape"]:
        before = graph.made_by(node.input[0], "Reshape")
        target = graph.constant(node.input[1])
        if before is not None and target is not None and not (target == 0).any():
            node.input[0] = before.input[0]
            if len(target) == 2 and graph.inner(before.input[0]) == (target[1],) and target[0] == -1:
                graph.redirect(node.output[0], before.input[0])


# -- cross-covariance attention ----------------------------------------------------------------------


def _third(graph: Graph, node: onnx.NodeProto) -> tuple[int, str] | None:
    """(which of q, k, v; the tensor) where `node` takes one entry of the first axis of a stacked tensor."""
    if node.op_type == "Gather" and not attribute(node, "axis", 0):
        index = graph.constant(node.input[1])
        return None if index is None or index.ndim else (int(index), node.output[0])
    squeeze = graph.only_user(node.output[0], "Squeeze")
    bounds = [graph.constant(n) for n in node.input[1:4]]
    if node.op_type != "Slice" or squeeze is None or len(bounds) < 3 or any(b is None or b.size != 1 for b in bounds):
        return None
    start, _, axis = (int(b.item()) for b in bounds if b is not None)
    return (start, squeeze.output[0]) if axis == 0 else None


def plain_transposes(graph: Graph) -> None:
    """[N, L, 3, h, d] -> 3 x [N, h, d, L] as one plain transpose [N, L, 3hd] -> [N, 3hd, L] and a split."""
    for node in [n for n in graph.nodes if n.op_type == "Transpose" and attribute(n, "perm") == [2, 0, 3, 4, 1]]:
        reshape, stacked = graph.made_by(node.input[0], "Reshape"), graph.inner(node.input[0])
        thirds = [_third(graph, user) for user in graph.users[node.output[0]]]
        if reshape is None or stacked is None or any(t is None for t in thirds):
            continue
        length, parts, heads, depth = stacked
        if graph.inner(reshape.input[0]) != (length, parts * heads * depth):
            continue
        turned = graph.node("Transpose", reshape.input[:1], perm=[0, 2, 1])
        split = graph.node("Split", [turned.output[0], graph.add(np.full(parts, heads * depth, np.int64))], axis=1)
        pieces = [f"{split.output[0]}_{i}" for i in range(parts)]
        del split.output[:]
        split.output.extend(pieces)
        ends = [t for t in thirds if t is not None]
        views = [graph.reshape(pieces[i], [-1, heads, depth, length]) for i, _ in ends]
        graph.replace(node, turned, split, *views)
        for (_, old), view in zip(ends, views, strict=True):
            graph.redirect(old, view.output[0])


def late_division(graph: Graph) -> None:
    """(q / |q|) (k / |k|)^T = q k^T / (|q| |k|^T): divides the small matrix, not the two large ones."""
    for product in [n for n in graph.nodes if n.op_type == "MatMul"]:
        turned = graph.made_by(product.input[1], "Transpose")
        q = graph.made_by(product.input[0], "Div")
        k = graph.made_by(turned.input[0], "Div") if turned is not None else None
        if turned is None or q is None or k is None:
            continue
        perm = attribute(turned, "perm")
        norms = [graph.inner(n.input[1]) for n in (q, k)]
        if perm != [0, 1, 3, 2] or any(n is None or n[-1] != 1 or len(n) != 3 for n in norms):
            continue
        columns = graph.node("Transpose", [k.input[0]], perm=perm)
        plain = graph.node("MatMul", [q.input[0], columns.output[0]])
        across = graph.node("Transpose", [k.input[1]], perm=perm)
        norm = graph.node("Mul", [q.input[1], across.output[0]])
        divided = graph.node("Div", [plain.output[0], norm.output[0]], product.output[0])
        graph.replace(product, columns, plain, across, norm, divided)


PASSES: Final[Mapping[str, Callable[[Graph], None]]] = {
    f.__name__: f
    for f in (
        fold_size,
        drop_expand,
        fold_normalisation,
        plain_transposes,
        late_division,
        fuse_gelu,
        flatten_linear,
        sink_reshapes,
    )
}


def difference(model: onnx.ModelProto, other: onnx.ModelProto) -> float:
    """The largest difference of a score between two models, for one and for three fixed images (see `TOLERANCE`)."""
    one, two = ([found["score"] for found in _evaluate(m, (1, 3))] for m in (model, other))
    return max(float((np.abs(a - b) / np.maximum(1.0, np.abs(a))).max()) for a, b in zip(one, two, strict=True))


def optimise(model: onnx.ModelProto) -> onnx.ModelProto:
    """The same network in a form that ONNX Runtime runs faster; N stays free.

    A rewritten graph whose score differs by more than `TOLERANCE` is not used: the model comes back as it was, and the
    log says so.
    """
    graph = Graph(model)
    for rewrite in PASSES.values():
        rewrite(graph)
        graph.refresh()
    out = graph.model()
    apart = difference(model, out)
    if not apart <= TOLERANCE:
        log.warning("the rewritten graph differs by %.1e in its score; the plain export is kept", apart)
        return model
    return out
