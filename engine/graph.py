"""A small editing layer over an ONNX graph: constants, shapes, who makes and who uses a tensor."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import onnx
from onnx import helper, numpy_helper, shape_inference

Array = npt.NDArray[Any]
Shape = tuple[int | str | None, ...]


class Graph:
    """One model under edit. Node order stays topological: new nodes stand where the node that they replace stood."""

    def __init__(self, model: onnx.ModelProto) -> None:
        self.model = onnx.ModelProto()
        self.model.CopyFrom(model)
        self._fresh = 0
        self.refresh()

    def refresh(self) -> None:
        """Drop what nothing uses, then look again at who makes and uses what, and at all shapes."""
        self._prune()
        graph = self.model.graph
        self.nodes: list[onnx.NodeProto] = list(graph.node)
        self.outputs = {o.name for o in graph.output}
        self._constants: dict[str, onnx.TensorProto] = {t.name: t for t in graph.initializer}
        self.maker: dict[str, onnx.NodeProto] = {o: n for n in self.nodes for o in n.output if o}
        self.users: dict[str, list[onnx.NodeProto]] = defaultdict(list)
        for node in self.nodes:
            for name in node.input:
                self.users[name].append(node)
        del graph.value_info[:]
        known = shape_inference.infer_shapes(self.model, data_prop=True).graph
        self._shapes = {v.name: _shape(v) for v in (*known.value_info, *known.input, *known.output)}

    def _prune(self) -> None:
        graph = self.model.graph
        wanted = {o.name for o in graph.output}
        kept = []
        for node in reversed(graph.node):
            if wanted.intersection(node.output):
                kept.append(node)
                wanted.update(node.input)
        nodes = list(reversed(kept))
        weights = [t for t in graph.initializer if t.name in wanted]
        del graph.node[:], graph.initializer[:]
        graph.node.extend(nodes)
        graph.initializer.extend(weights)

    # -- questions -----------------------------------------------------------------------------

    def constant(self, name: str) -> Array | None:
        """The value of a weight, else None."""
        tensor = self._constants.get(name)
        return None if tensor is None else numpy_helper.to_array(tensor)

    def shape(self, name: str) -> Shape | None:
        """Dimensions; a name or None where they are free."""
        tensor = self._constants.get(name)
        return tuple(tensor.dims) if tensor is not None else self._shapes.get(name)

    def inner(self, name: str) -> tuple[int, ...] | None:
        """All dimensions but the first, where they are all fixed."""
        shape = self.shape(name)
        if not shape or not all(isinstance(d, int) for d in shape[1:]):
            return None
        return tuple(d for d in shape[1:] if isinstance(d, int))

    def made_by(self, name: str, op: str) -> onnx.NodeProto | None:
        """The node that makes `name`, if it is an `op`."""
        node = self.maker.get(name)
        return node if node is not None and node.op_type == op else None

    def only_user(self, name: str, op: str | None = None) -> onnx.NodeProto | None:
        """The one node that uses `name`, if there is just one (of kind `op`) and it is no output of the graph."""
        users = self.users.get(name, [])
        if len(users) != 1 or name in self.outputs or (op and users[0].op_type != op):
            return None
        return users[0]

    def with_constant(self, node: onnx.NodeProto) -> tuple[str, Array] | None:
        """(variable input, constant value) of a node of two inputs, in whichever order they stand."""
        for variable, other in (node.input, reversed(node.input)) if len(node.input) == 2 else ():
            value = self.constant(other)
            if value is not None and self.constant(variable) is None:
                return variable, value
        return None

    # -- edits (call refresh after a pass) ------------------------------------------------------

    def add(self, value: Array) -> str:
        """A new weight; its name."""
        self._fresh += 1
        name = f"folded_{self._fresh}"
        self.model.graph.initializer.append(numpy_helper.from_array(np.ascontiguousarray(value), name))
        return name

    def node(self, op: str, inputs: Sequence[str], output: str = "", *, domain: str = "", **attributes: Any) -> Any:
        """A new node with one output (named here where no name is given)."""
        self._fresh += 1
        output = output or f"edited_{self._fresh}"
        return helper.make_node(op, list(inputs), [output], f"{op}_{self._fresh}", domain=domain, **attributes)

    def replace(self, old: onnx.NodeProto, new: Iterable[onnx.NodeProto]) -> None:
        """Put `new` in the place of `old`; give the last of them the output of `old` to take over its users."""
        graph = self.model.graph
        nodes = [n for node in graph.node for n in (tuple(new) if node is old else (node,))]
        copies = [onnx.NodeProto.FromString(n.SerializeToString()) if n in self.nodes else n for n in nodes]
        del graph.node[:]
        graph.node.extend(copies)

    def redirect(self, old: str, new: str) -> None:
        """Everything that used `old` uses `new`."""
        for node in self.model.graph.node:
            for i, name in enumerate(node.input):
                if name == old:
                    node.input[i] = new


def _shape(value: onnx.ValueInfoProto) -> Shape:
    dims = value.type.tensor_type.shape.dim
    return tuple(d.dim_value if d.HasField("dim_value") else (d.dim_param or None) for d in dims)


def attribute(node: onnx.NodeProto, name: str, default: Any = None) -> Any:
    """The value of an attribute of a node."""
    return next((helper.get_attribute_value(a) for a in node.attribute if a.name == name), default)
