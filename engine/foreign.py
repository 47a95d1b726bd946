"""A model of somebody else as a bundle: its float NCHW graph gets our input and outputs, its preprocessing declared.

Nothing is guessed that changes a score: size, colours, range, mean and deviation, which output and which scale are told
by who brings the model. `inspect` reads what the file itself says, `wrap` adds the nodes. No torch.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from engine.bundle import MAX_BYTES, Bundle, BundleError, Card, parse, write_bundle

if TYPE_CHECKING:  # as in engine.bundle
    import onnx

_OPSET: Final = 13
"""Where Squeeze and ReduceMean take axes as inputs; older graphs are converted."""
_PREFIX: Final = "wrapped_"


@dataclass(frozen=True)
class Preprocessing:
    """How the model wants its pixels: size in pixels; value = (pixel * (1 or 1/255) - mean) / std, per channel."""

    size: int
    mean: tuple[float, float, float] = (0.485, 0.456, 0.406)
    std: tuple[float, float, float] = (0.229, 0.224, 0.225)
    unit_range: bool = True
    """Whether pixels are divided by 255 first."""
    bgr: bool = False


@dataclass(frozen=True)
class Output:
    """Which output is the score, and what its scale is called 0 and 1; `best < worst` turns it round."""

    name: str
    worst: float = 0.0
    best: float = 1.0
    features: str = ""
    """A tensor [N, F] to be the features; empty: the one before the last layer where it can be found."""


@dataclass(frozen=True)
class Foreign:
    """What a foreign file says of itself."""

    path: Path
    size: int | None
    """Of its input, None where it takes any."""
    outputs: tuple[str, ...]
    """Those that can be a score: one number per image."""
    model: Any = field(repr=False, compare=False)


def inspect(path: Path) -> Foreign:
    """What a foreign ONNX file takes and gives.

    Raises:
        BundleError: it is no ONNX file, or one that cannot be wrapped; one line says why.
    """
    import onnx

    try:
        if path.stat().st_size > MAX_BYTES:
            raise BundleError(f"{path} is larger than an ONNX file can be.")
        model = parse(path.read_bytes())
    except OSError as error:
        raise BundleError(f"Cannot read the model {path}: {error.strerror or error}.") from error
    weights = {t.name for t in model.graph.initializer}
    inputs = [v for v in model.graph.input if v.name not in weights]
    if len(inputs) != 1:
        raise BundleError(f"The model takes {len(inputs)} inputs; only models of one picture can be wrapped.")
    kind, shape = inputs[0].type.tensor_type.elem_type, _dims(inputs[0])
    if kind != onnx.TensorProto.FLOAT or len(shape) != 4 or shape[1] != 3:
        raise BundleError(f"Its input '{inputs[0].name}' is not float32 [N, 3, S, S].")
    if shape[0] not in (None, 1) or shape[2] != shape[3]:
        raise BundleError("Its pictures are not square, or it takes a fixed number of them.", "Export it anew.")
    scores = tuple(v.name for v in model.graph.output if _is_score(v))
    if not scores:
        raise BundleError("None of its outputs is one float32 number per image ([N] or [N, 1]).")
    return Foreign(path, shape[2], scores, model)


def wrap(
    found: Foreign, preprocessing: Preprocessing, output: Output, path: Path, *, name: str, licence: str = ""
) -> Bundle:
    """Write the model as a bundle.

    Raises:
        BundleError: size or output are not the model's, or the graph does not run.
    """
    if found.size not in (None, preprocessing.size):
        raise BundleError(f"The model takes {found.size} pixels, not {preprocessing.size}.")
    if output.name not in found.outputs:
        raise BundleError(f"The model has no output '{output.name}' with one number per image.")
    if output.worst == output.best:
        raise BundleError("The scale has no width: its best and its worst value are the same.")
    if min(map(abs, preprocessing.std)) == 0:
        raise BundleError("A deviation of 0 cannot divide.")
    graph = _Wrapping(found.model, preprocessing, output)
    model = graph.build()
    origin = f"the tensor `{graph.features}`" if graph.features else "the score itself (no layer before it was found)"
    card = Card(
        name=name,
        arch="foreign ONNX",
        input_size=preprocessing.size,
        licence=licence,
        label_provenance="unknown: a foreign model",
        card=_text(found, preprocessing, output, origin),
    )
    bundle = write_bundle(model, card, path)
    try:
        _try(bundle)
    except BundleError:
        path.unlink(missing_ok=True)
        raise
    return bundle


def _try(bundle: Bundle) -> None:
    """Run it once on two grey pictures: a graph that cannot run must not enter a library."""
    from engine.scoring import Scorer

    pixels = np.full((2, bundle.input_size, bundle.input_size, 3), 128, np.uint8)
    try:
        scores = Scorer(bundle, provider="CPU", workers=1).score_pixels(pixels)
    except BundleError:
        raise
    except Exception as error:  # ONNX Runtime raises many types of its own, all about the graph
        raise BundleError(f"The wrapped model does not run: {str(error).strip().splitlines()[0]}") from error
    if scores.shape != (2,) or not np.isfinite(scores).all():
        raise BundleError("The wrapped model gives no finite score for a grey picture.")


class _Wrapping:
    """One foreign graph with our nodes before and behind it."""

    def __init__(self, model: onnx.ModelProto, preprocessing: Preprocessing, output: Output) -> None:
        import onnx
        from onnx import version_converter

        opset = next((o.version for o in model.opset_import if o.domain in ("", "ai.onnx")), 0)
        if opset < _OPSET:
            try:
                model = version_converter.convert_version(model, _OPSET)
            except Exception as error:  # the converter raises RuntimeError and others of its own
                raise BundleError(f"Its operators (opset {opset}) are too old to be converted.") from error
        self._model = onnx.ModelProto()
        self._model.CopyFrom(model)
        self._p, self._output = preprocessing, output
        graph = self._model.graph
        weights = {t.name for t in graph.initializer}
        self._input = next(v for v in graph.input if v.name not in weights)
        self.features = output.features or _before_last(self._model, output.name)

    def build(self) -> onnx.ModelProto:
        from onnx import TensorProto, helper

        graph, taken = self._model.graph, self._input.name
        self._rename("image", "score", "features")
        taken = self._input.name
        before, behind = self._before(taken), self._behind()
        nodes = [*before, *graph.node, *behind]
        kept = [v for v in graph.input if v.name != taken]
        width = self._width()
        for part in (graph.node, graph.input, graph.output, graph.value_info):
            del part[:]
        graph.node.extend(nodes)
        size = self._p.size
        graph.input.extend([helper.make_tensor_value_info("image", TensorProto.UINT8, ["N", size, size, 3]), *kept])
        graph.output.extend(
            [
                helper.make_tensor_value_info("score", TensorProto.FLOAT, ["N"]),
                helper.make_tensor_value_info("features", TensorProto.FLOAT, ["N", width]),
            ]
        )
        return self._model

    def _rename(self, *names: str) -> None:
        """Tensors of the foreign graph that have our names get others."""
        graph = self._model.graph
        new = {name: f"{_PREFIX}{name}" for name in names}
        for node in graph.node:
            for part in (node.input, node.output):
                part[:] = [new.get(name, name) for name in part]
        for value in (*graph.initializer, *graph.input, *graph.output):
            value.name = new.get(value.name, value.name)
        self._score = new.get(self._output.name, self._output.name)
        self._features = new.get(self.features, self.features)

    def _constant(self, name: str, value: Any, kind: Any) -> str:
        from onnx import numpy_helper

        self._model.graph.initializer.append(numpy_helper.from_array(np.array(value, kind), _PREFIX + name))
        return _PREFIX + name

    def _before(self, taken: str) -> list[onnx.NodeProto]:
        from onnx import TensorProto, helper

        p, scale = self._p, 1.0 if self._p.unit_range else 255.0
        mean = self._constant("mean", [255.0 * m / scale for m in p.mean], np.float32)
        std = self._constant("std", [255.0 * s / scale for s in p.std], np.float32)
        names = [_PREFIX + n for n in ("float", "centred", "normal", "channels")]
        nodes = [
            helper.make_node("Cast", ["image"], [names[0]], to=TensorProto.FLOAT),
            helper.make_node("Sub", [names[0], mean], [names[1]]),
            helper.make_node("Div", [names[1], std], [names[2]]),
        ]
        if p.bgr:  # mean and deviation above are in the order of the pixels; the channels turn afterwards
            order = self._constant("bgr", [2, 1, 0], np.int64)
            nodes.append(helper.make_node("Gather", [names[2], order], [names[3]], axis=3))
            names[2] = names[3]
        return [*nodes, helper.make_node("Transpose", [names[2]], [taken], perm=[0, 3, 1, 2])]

    def _behind(self) -> list[onnx.NodeProto]:
        from onnx import helper

        worst, width = self._output.worst, self._output.best - self._output.worst
        flat = self._constant("flat", [-1], np.int64)
        nodes = [
            helper.make_node("Reshape", [self._score, flat], [_PREFIX + "flat_score"]),
            helper.make_node(
                "Sub", [_PREFIX + "flat_score", self._constant("worst", [worst], np.float32)], [_PREFIX + "above"]
            ),
            helper.make_node("Div", [_PREFIX + "above", self._constant("width", [width], np.float32)], ["score"]),
        ]
        if self.features:
            return [*nodes, helper.make_node("Flatten", [self._features], ["features"], axis=1)]
        column = self._constant("column", [-1, 1], np.int64)
        return [*nodes, helper.make_node("Reshape", ["score", column], ["features"])]

    def _width(self) -> int:
        """F of the features; `features` becomes the score where it is not known."""
        if not self.features:
            return 1
        shapes = _shapes(self._model, self._input.name, self._p.size)
        dims = shapes.get(self._features, [])
        if len(dims) < 2 or not all(isinstance(d, int) and d > 0 for d in dims[1:]):
            raise BundleError(f"The tensor '{self.features}' has no fixed width, so it cannot be the features.")
        return int(np.prod([d for d in dims[1:] if d is not None]))


def _before_last(model: onnx.ModelProto, output: str) -> str:
    """What the last Gemm or MatMul before the output sees; empty where the end of the graph is another."""
    makers = {name: node for node in model.graph.node for name in node.output}
    weights = {t.name for t in model.graph.initializer}
    name = output
    for _ in range(8):
        node = makers.get(name)
        if node is None:
            return ""
        if node.op_type in ("Gemm", "MatMul"):
            return str(node.input[0]) if node.input[1] in weights else ""
        if node.op_type not in ("Add", "Squeeze", "Reshape", "Sigmoid", "Flatten", "Identity", "Mul", "Relu", "Clip"):
            return ""
        name = next((n for n in node.input if n in makers), "")
    return ""


def _shapes(model: onnx.ModelProto, taken: str, size: int) -> dict[str, list[int | None]]:
    import onnx

    probe = onnx.ModelProto()
    probe.CopyFrom(model)
    for value in probe.graph.input:
        if value.name == taken:
            for dim, wanted in zip(value.type.tensor_type.shape.dim, (1, 3, size, size), strict=True):
                dim.dim_value = wanted
    for value in probe.graph.output:
        value.type.tensor_type.ClearField("shape")
    found = onnx.shape_inference.infer_shapes(probe, data_prop=True).graph
    return {v.name: _dims(v) for v in (*found.value_info, *found.output)}


def _dims(value: onnx.ValueInfoProto) -> list[int | None]:
    dims = value.type.tensor_type.shape.dim
    return [d.dim_value if d.HasField("dim_value") else None for d in dims]


def _is_score(value: onnx.ValueInfoProto) -> bool:
    import onnx

    shape = _dims(value)
    one = len(shape) == 1 or (len(shape) == 2 and shape[1] == 1)
    return value.type.tensor_type.elem_type == onnx.TensorProto.FLOAT and one


def _text(found: Foreign, p: Preprocessing, output: Output, features: str) -> str:
    colours, numbers = "BGR" if p.bgr else "RGB", "0 to 1" if p.unit_range else "0 to 255"
    return (
        f"# {found.path.name}\n\n"
        "A foreign model, wrapped on import. Whoever imported it declared:\n\n"
        f"- input: {p.size} px, {colours}, {numbers}, mean {list(p.mean)}, standard deviation {list(p.std)}\n"
        f"- score: output `{output.name}`, {output.worst:g} is the worst and {output.best:g} the best\n"
        f"- features: {features}\n\n"
        "What it learned from, and how well it agrees with people, is not known here.\n"
    )
