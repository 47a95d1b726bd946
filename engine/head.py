"""The head of a bundle: run it on cached features, and put another one in its place. No torch.

A head is the part of the graph from `features` to `score`. What makes `features` stays node for node, so a bundle with
another head has the same backbone id, and cached features stay valid.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from engine.bundle import Bundle, BundleError, Card, backbone_hash, write_bundle
from engine.errors import UserError
from engine.ridge import Head

Floats = npt.NDArray[np.float32]
TOLERANCE: Final = 1e-4
"""Largest difference of a score between the new bundle and NumPy."""


class HeadError(UserError):
    """The head of this model cannot be taken apart, or the new one does not give the scores it should."""


class HeadRunner:
    """Scores cached features as the whole network would; no image is read."""

    def __init__(self, bundle: Bundle) -> None:
        """Raises HeadError where the score needs more than the features."""
        import onnxruntime as ort

        options = ort.SessionOptions()
        options.log_severity_level = 4
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        graph = _head_of(_load(bundle.path), bundle.path)
        self._session: Any = ort.InferenceSession(graph.SerializeToString(), options, ["CPUExecutionProvider"])

    def score(self, features: npt.NDArray[Any]) -> Floats:
        """Raw scores float32 [N] of features [N, F]."""
        if not len(features):
            return np.empty(0, dtype=np.float32)
        found: Floats = self._session.run(["score"], {"features": np.asarray(features, dtype=np.float32)})[0]
        return found


def with_head(bundle: Bundle, head: Head, card: Card, out: Path) -> Bundle:
    """Write `bundle` with `stretch * score + features @ weight + bias` as its new score.

    A linear head (as of the paper's student) is one Gemm after all that; any other keeps its nodes and gets a sum.

    Args:
        card: of the new bundle; its id is filled in, its backbone id stays that of `bundle`.

    Raises:
        HeadError, BundleError: see `HeadRunner`, `engine.bundle.write_bundle`.
    """
    model = _load(bundle.path)
    linear = _linear(model)
    if linear is None:
        _sum(model, head)
    else:
        weight, bias = linear
        _replace(model, head.stretch * weight + head.weight, head.stretch * bias + head.bias)
    if backbone_hash(model) != backbone_hash(_load(bundle.path)):
        raise HeadError("The features would change with the head; nothing was written.")
    return write_bundle(model, card.model_copy(update={"backbone_id": bundle.card.backbone_id}), out)


def require_parity(bundle: Bundle, features: npt.NDArray[Any], expected: npt.ArrayLike) -> float:
    """The largest difference between the scores of a bundle's head and those that NumPy expects.

    Raises:
        HeadError: it exceeds `TOLERANCE`.
    """
    worst = float(np.abs(HeadRunner(bundle).score(features) - np.asarray(expected)).max(initial=0.0))
    if not worst <= TOLERANCE:
        raise HeadError(f"The new model's scores differ by {worst:.2g} (allowed {TOLERANCE:g}); it is not used.")
    return worst


# -- the graph ---------------------------------------------------------------------------------------------------------


def _load(path: Path) -> Any:
    import onnx

    try:
        return onnx.load(str(path))
    except OSError as error:
        raise BundleError(f"Cannot read the model {path}: {error.strerror or error}.") from error


def _head_nodes(model: Any) -> list[Any]:
    """The nodes between `features` and `score`, in order; raises HeadError where the score needs other inputs too."""
    makers = {name: node for node in model.graph.node for name in node.output}
    weights = {t.name for t in model.graph.initializer}
    wanted, found = ["score"], []
    while wanted:
        name = wanted.pop()
        if name in ("features", "") or name in weights:
            continue
        node = makers.get(name)
        if node is None or name == "image":
            raise HeadError("The score of this model does not come from its features alone.", "Fine-tune it instead.")
        if node not in found:
            found.append(node)
            wanted.extend(node.input)
    return [node for node in model.graph.node if node in found]


def _head_of(model: Any, path: Path) -> Any:
    from onnx import helper

    nodes = _head_nodes(model)
    used = {name for node in nodes for name in node.input}
    outputs = {v.name: v for v in model.graph.output}
    graph = helper.make_graph(
        nodes,
        path.stem,
        [outputs["features"]],
        [outputs["score"]],
        [t for t in model.graph.initializer if t.name in used],
    )
    return helper.make_model(graph, opset_imports=list(model.opset_import), ir_version=model.ir_version)


def _linear(model: Any) -> tuple[npt.NDArray[np.float64], float] | None:
    """(weight [F], bias) of a head that is linear; None where it is not."""
    kinds = {node.op_type for node in _head_nodes(model)}
    if not kinds <= {"Gemm", "MatMul", "Add", "Squeeze", "Reshape", "Identity", "Flatten"}:
        return None
    size = next(v for v in model.graph.output if v.name == "features").type.tensor_type.shape.dim[1].dim_value
    probe = np.concatenate([np.zeros((1, size)), np.eye(size)]).astype(np.float32)
    import onnxruntime as ort

    session = ort.InferenceSession(
        _head_of(model, Path("head")).SerializeToString(), providers=["CPUExecutionProvider"]
    )
    found = session.run(["score"], {"features": probe})[0].astype(np.float64)
    return found[1:] - found[0], float(found[0])


def _replace(model: Any, weight: npt.NDArray[np.float64], bias: float) -> None:
    """One Gemm and a Squeeze in place of the head."""
    from onnx import helper, numpy_helper

    old = _head_nodes(model)
    kept = [node for node in model.graph.node if node not in old]
    used = {name for node in kept for name in node.input}
    tensors = [t for t in model.graph.initializer if t.name in used]
    tensors += [
        numpy_helper.from_array(value, name)
        for name, value in (
            ("head.weight", weight.astype(np.float32)[None]),
            ("head.bias", np.array([bias], np.float32)),
            ("head.axis", np.array([1], np.int64)),
        )
    ]
    kept.append(helper.make_node("Gemm", ["features", "head.weight", "head.bias"], ["head.column"], transB=1))
    kept.append(helper.make_node("Squeeze", ["head.column", "head.axis"], ["score"]))
    _set(model, kept, tensors)


def _sum(model: Any, head: Head) -> None:
    """The present score, stretched, plus a Gemm on the features."""
    from onnx import helper, numpy_helper

    number = sum(node.output[0].startswith("personal") for node in model.graph.node)
    before, prefix = f"personal{number}.before", f"personal{number}"
    nodes = list(model.graph.node)
    for node in nodes:
        for at, name in enumerate(node.output):
            if name == "score":
                node.output[at] = before
    weights = {
        "stretch": np.array([head.stretch], np.float32),
        "weight": head.weight.astype(np.float32)[None],
        "bias": np.array([head.bias], np.float32),
        "axis": np.array([1], np.int64),
    }
    tensors = [numpy_helper.from_array(value, f"{prefix}.{name}") for name, value in weights.items()]
    nodes += [
        helper.make_node("Gemm", ["features", f"{prefix}.weight", f"{prefix}.bias"], [f"{prefix}.column"], transB=1),
        helper.make_node("Squeeze", [f"{prefix}.column", f"{prefix}.axis"], [f"{prefix}.added"]),
        helper.make_node("Mul", [before, f"{prefix}.stretch"], [f"{prefix}.stretched"]),
        helper.make_node("Add", [f"{prefix}.stretched", f"{prefix}.added"], ["score"]),
    ]
    _set(model, nodes, [*model.graph.initializer, *tensors])


def _set(model: Any, nodes: list[Any], tensors: list[Any]) -> None:
    copies = [type(n).FromString(n.SerializeToString()) for n in nodes]
    weights = [type(t).FromString(t.SerializeToString()) for t in tensors]
    del model.graph.node[:]
    del model.graph.initializer[:]
    model.graph.node.extend(copies)
    model.graph.initializer.extend(weights)
