"""A small editing layer over an ONNX graph: constants, shapes, who makes and who uses a tensor."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import onnx
from onnx import helper, numpy_helper, shape_inference

Array = npt.NDArray[Any]
Shape = tuple[int | str, ...]
"""Dimensions; "N" is the number of images, "484N" a multiple of it."""

_SMALL: Final = 1024
"""Weights up to this size may be shapes or indices, whose values decide the shapes of other tensors."""


class Graph:
    """One model under edit.

    Nodes stay in topological order: new ones stand where the node stood that they replace, and the last of them takes
    over its output. Call `refresh` after a pass: it drops what is dead and infers the shapes of new tensors.
    """

    def __init__(self, model: onnx.ModelProto) -> None:
        self._frame = onnx.ModelProto(ir_version=model.ir_version, opset_import=model.opset_import)
        self._frame.metadata_props.extend(model.metadata_props)
        self._frame.graph.name = model.graph.name
        self._frame.graph.input.extend(model.graph.input)
        self._frame.graph.output.extend(model.graph.output)
        self.nodes = [_copy(n) for n in model.graph.node]
        self._weights = {t.name: t for t in model.graph.initializer}
        self.outputs = {o.name for o in model.graph.output}
        self._fresh = 0
        self._shapes: dict[str, Shape] = {}
        self.refresh()

    def model(self) -> onnx.ModelProto:
        """The graph as it is now."""
        out = self._without_weights()
        used = {name for node in self.nodes for name in node.input}
        out.graph.initializer.extend(t for t in self._weights.values() if t.name in used)
        return out

    def part(self, names: Sequence[str]) -> onnx.ModelProto:
        """The part of the graph that makes the tensors `names`, as a model with these outputs."""
        small = Graph.__new__(Graph)
        small._frame, small._weights = onnx.ModelProto(), self._weights
        small._frame.CopyFrom(self._frame)
        del small._frame.graph.output[:]
        small._frame.graph.output.extend(onnx.ValueInfoProto(name=n) for n in names)
        small.nodes = _needed(self.nodes, names)
        return small.model()

    def _without_weights(self) -> onnx.ModelProto:
        out = onnx.ModelProto()
        out.CopyFrom(self._frame)
        out.graph.node.extend(self.nodes)
        return out

    # -- questions -----------------------------------------------------------------------------

    def constant(self, name: str) -> Array | None:
        """The value of a weight, else None."""
        tensor = self._weights.get(name)
        return None if tensor is None else numpy_helper.to_array(tensor)

    def shape(self, name: str) -> Shape | None:
        """Dimensions, or None where nothing is known."""
        tensor = self._weights.get(name)
        return tuple(tensor.dims) if tensor is not None else self._shapes.get(name)

    def inner(self, name: str) -> tuple[int, ...] | None:
        """All dimensions but the first, where they are all fixed."""
        shape = self.shape(name)
        fixed = tuple(d for d in shape[1:] if isinstance(d, int)) if shape else ()
        return fixed if shape and len(fixed) == len(shape) - 1 else None

    def made_by(self, name: str, op: str) -> onnx.NodeProto | None:
        """The node that makes `name`, if it is an `op`."""
        node = self.maker.get(name)
        return node if node is not None and node.op_type == op else None

    def only_user(self, name: str, *ops: str) -> onnx.NodeProto | None:
        """The one node that uses `name`, if there is just one (of the kinds `ops`) and the caller does not see it."""
        users = self.users.get(name, [])
        if len(users) != 1 or name in self.outputs or (ops and users[0].op_type not in ops):
            return None
        return users[0]

    def with_constant(self, node: onnx.NodeProto) -> tuple[str, Array] | None:
        """(variable input, constant value) of a node with one of each, in whichever order they stand."""
        if len(node.input) == 2:
            for variable, other in (node.input, tuple(reversed(node.input))):
                value = self.constant(other)
                if value is not None and self.constant(variable) is None:
                    return variable, value
        return None

    # -- edits ---------------------------------------------------------------------------------

    def add(self, value: Array) -> str:
        """A new weight; its name."""
        self._fresh += 1
        name = f"folded_{self._fresh}"
        self._weights[name] = numpy_helper.from_array(np.ascontiguousarray(value), name)
        return name

    def node(
        self, op: str, inputs: Sequence[str], output: str = "", *, domain: str = "", **values: Any
    ) -> onnx.NodeProto:
        """A new node with one output, named here where `output` is empty."""
        self._fresh += 1
        name = f"{op}_{self._fresh}"
        return helper.make_node(op, list(inputs), [output or f"edited_{self._fresh}"], name, domain=domain, **values)

    def reshape(self, name: str, target: Sequence[int], output: str = "") -> onnx.NodeProto:
        """A Reshape; exactly one of `target` may be -1."""
        return self.node("Reshape", [name, self.add(np.array(target, np.int64))], output)

    def replace(self, old: onnx.NodeProto, *new: onnx.NodeProto) -> None:
        """Put `new` in the place of `old`."""
        at = next(i for i, node in enumerate(self.nodes) if node is old)
        self.nodes[at : at + 1] = new
        self._index()

    def redirect(self, old: str, new: str) -> None:
        """Every node that used `old` uses `new`."""
        for node in self.users.get(old, []):
            for i, name in enumerate(node.input):
                if name == old:
                    node.input[i] = new
        self._index()

    def need(self, domain: str, version: int) -> None:
        """Declare a set of operators, or raise its version."""
        for opset in self._frame.opset_import:
            if opset.domain == domain:
                opset.version = max(opset.version, version)
                return
        self._frame.opset_import.append(helper.make_opsetid(domain, version))

    def refresh(self) -> None:
        """Drop dead nodes; index and infer anew."""
        self.nodes = _needed(self.nodes, self.outputs)
        self._index()
        two, three = (self._infer(count) for count in (2, 3))
        self._shapes = {name: _joined(two[name], three[name]) for name in two.keys() & three.keys()}

    def _infer(self, count: int) -> dict[str, tuple[int, ...]]:
        """Shapes for `count` images, where they can be inferred."""
        model = self._without_weights()
        for tensor in self._weights.values():  # of large ones the shape is enough
            if math.prod(tensor.dims) <= _SMALL:
                model.graph.initializer.append(tensor)
            elif tensor.name in self.users:
                model.graph.input.append(helper.make_tensor_value_info(tensor.name, tensor.data_type, tensor.dims))
        for value in (model.graph.input[0], *model.graph.output):
            value.type.tensor_type.shape.dim[0].dim_value = count
        for node in model.graph.node:
            if (node.domain, node.op_type) == ("com.microsoft", "Gelu"):  # onnx cannot infer it; its shape stays
                node.domain, node.op_type = "", "Identity"
        graph = shape_inference.infer_shapes(model, data_prop=True).graph
        values = (*graph.value_info, *graph.input, *graph.output)
        shapes = {
            v.name: [d.dim_value for d in v.type.tensor_type.shape.dim if d.HasField("dim_value")] for v in values
        }
        ranks = {v.name: len(v.type.tensor_type.shape.dim) for v in values}
        return {name: tuple(dims) for name, dims in shapes.items() if len(dims) == ranks[name]}

    def _index(self) -> None:
        self.maker = {o: n for n in self.nodes for o in n.output if o}
        self.users: dict[str, list[onnx.NodeProto]] = defaultdict(list)
        for node in self.nodes:
            for name in set(node.input):
                self.users[name].append(node)


def _needed(nodes: Sequence[onnx.NodeProto], names: Iterable[str]) -> list[onnx.NodeProto]:
    wanted = set(names)
    kept = []
    for node in reversed(nodes):
        if wanted.intersection(node.output):
            kept.append(node)
            wanted.update(node.input)
    return kept[::-1]


def _copy(node: onnx.NodeProto) -> onnx.NodeProto:
    out = onnx.NodeProto()
    out.CopyFrom(node)
    # An exporter leaves stack traces with paths of its machine here; they are nobody's business.
    out.ClearField("metadata_props")
    out.ClearField("doc_string")
    return out


def _joined(two: tuple[int, ...], three: tuple[int, ...]) -> Shape:
    """One shape out of those for two and for three images: "N", "484N", ... where a dimension grows with them."""
    return tuple(a if a == b else f"{b - a if b - a > 1 else ''}N" for a, b in zip(two, three, strict=True))


def attribute(node: onnx.NodeProto, name: str, default: Any = None) -> Any:
    """The value of an attribute of a node, or `default`."""
    return next((helper.get_attribute_value(a) for a in node.attribute if a.name == name), default)
