"""Rewritten graphs: every pass does what it says and leaves the score alone; a real EdgeNeXt gets fewer operators."""

from __future__ import annotations

from collections import Counter

import numpy as np
import onnx
import pytest
from onnx import TensorProto, helper, numpy_helper

from engine import optimise
from engine.onnx_graph import Graph
from tests import bundles

SIZE, WIDTH = 16, 6
RNG = np.random.default_rng(0)


def build(nodes: list[onnx.NodeProto], weights: dict[str, np.ndarray], opset: int = 18) -> onnx.ModelProto:
    """image -> `body` [N, 16, 16, 6] -> nodes -> `out` [N, ..., 6] -> features -> score."""
    everything = {
        "stem": RNG.normal(0, 0.5, (WIDTH, 3, 3, 3)),
        "mean": np.array([120.0, 115.0, 100.0]).reshape(1, 3, 1, 1),
        "std": np.array([58.0, 57.0, 56.0]).reshape(1, 3, 1, 1),
        "head": RNG.normal(size=(WIDTH, 1)),
        "flat": np.array([0, -1, WIDTH], np.int64),
        "one": np.array([1], np.int64),
        **weights,
    }
    first = [
        helper.make_node("Transpose", ["image"], ["planes"], perm=[0, 3, 1, 2]),
        helper.make_node("Cast", ["planes"], ["float"], to=TensorProto.FLOAT),
        helper.make_node("Sub", ["float", "mean"], ["centred"]),
        helper.make_node("Div", ["centred", "std"], ["normal"]),
        helper.make_node("Conv", ["normal", "stem"], ["maps"], kernel_shape=[3, 3], pads=[1, 1, 1, 1]),
        helper.make_node("Transpose", ["maps"], ["body"], perm=[0, 2, 3, 1]),
    ]
    last = [
        helper.make_node("Reshape", ["out", "flat"], ["tokens"]),
        helper.make_node("ReduceMean", ["tokens", "one"], ["features"], keepdims=0),
        helper.make_node("MatMul", ["features", "head"], ["column"]),
        helper.make_node("Squeeze", ["column", "one"], ["score"]),
    ]
    initializers = [
        numpy_helper.from_array(v if v.dtype == np.int64 else v.astype(np.float32), k) for k, v in everything.items()
    ]
    graph = helper.make_graph(
        [*first, *nodes, *last],
        "g",
        [helper.make_tensor_value_info("image", TensorProto.UINT8, ["N", SIZE, SIZE, 3])],
        [
            helper.make_tensor_value_info("score", TensorProto.FLOAT, ["N"]),
            helper.make_tensor_value_info("features", TensorProto.FLOAT, ["N", WIDTH]),
        ],
        initializers,
    )
    return helper.make_model(graph, opset_imports=[helper.make_opsetid("", opset)], ir_version=10)


def kinds(model: onnx.ModelProto) -> Counter:
    return Counter(n.op_type for n in model.graph.node)


def same(model: onnx.ModelProto) -> onnx.ModelProto:
    """The optimised model, after checking that it is valid and scores alike."""
    out = optimise.optimise(model)
    onnx.checker.check_model(out)
    assert out is not model
    assert optimise.difference(model, out) <= 1e-6
    assert out.graph.input == model.graph.input
    assert out.graph.output == model.graph.output
    return out


def test_linear_layer_scale_and_gelu_become_gemms_and_one_activation():
    n = helper.make_node
    nodes = [
        n("MatMul", ["body", "w1"], ["a"]),
        n("Add", ["b1", "a"], ["b"]),
        n("Div", ["b", "root"], ["c"]),
        n("Erf", ["c"], ["d"]),
        n("Add", ["d", "unit"], ["e"]),
        n("Mul", ["b", "e"], ["f"]),
        n("Mul", ["f", "half"], ["g"]),
        n("MatMul", ["g", "w2"], ["h"]),
        n("Add", ["h", "b2"], ["i"]),
        n("Mul", ["gamma", "i"], ["j"]),
        n("Add", ["j", "body"], ["out"]),
    ]
    weights = {
        "w1": RNG.normal(size=(WIDTH, 24)),
        "b1": RNG.normal(size=24),
        "root": np.array(2**0.5),
        "unit": np.array(1.0),
        "half": np.array(0.5),
        "w2": RNG.normal(size=(24, WIDTH)),
        "b2": RNG.normal(size=WIDTH),
        "gamma": RNG.normal(size=WIDTH),
    }
    found = kinds(same(build(nodes, weights)))
    assert found["Gemm"] == 2
    assert found["Gelu"] == 1
    assert found["MatMul"] == 1  # the head of this test has no bias
    assert found["Erf"] == found["Mul"] == 0
    assert found["Add"] == 1
    assert found["Reshape"] == 3  # in, out, and the one that was there


def test_an_activation_that_only_looks_like_gelu_stays():
    n = helper.make_node
    nodes = [
        n("Div", ["body", "root"], ["c"]),
        n("Erf", ["c"], ["d"]),
        n("Add", ["d", "unit"], ["e"]),
        n("Mul", ["body", "e"], ["f"]),
        n("Mul", ["f", "third"], ["out"]),
    ]
    weights = {"root": np.array(2**0.5), "unit": np.array(1.0), "third": np.array(0.3)}
    assert kinds(same(build(nodes, weights)))["Erf"] == 1


def test_what_depends_on_the_size_alone_is_computed_once():
    n = helper.make_node
    nodes = [
        n("Shape", ["image"], ["count"], start=0, end=1),
        n("Concat", ["count", "rest"], ["target"], axis=0),
        n("Expand", ["zero", "target"], ["zeros"]),
        n("Cos", ["zeros"], ["ones"]),
        n("CumSum", ["ones", "axis"], ["steps"]),
        n("Sin", ["steps"], ["position"]),
        n("Add", ["body", "position"], ["out"]),
    ]
    weights = {
        "rest": np.array([SIZE, SIZE, WIDTH], np.int64),
        "zero": np.zeros((1, 1, 1, 1)),
        "axis": np.array(1, np.int64),
    }
    found = kinds(same(build(nodes, weights)))
    assert not {"Shape", "Expand", "Cos", "CumSum", "Sin"} & set(found)


def test_normalisation_goes_into_the_convolution():
    padded = build([helper.make_node("Relu", ["body"], ["out"])], {})
    found = kinds(same(padded))
    assert found["Div"] == 0
    assert found["Sub"] == 1  # with padding the mean has to stay: the border is grey, not black
    bare = build([helper.make_node("Relu", ["body"], ["out"])], {})
    conv = next(node for node in bare.graph.node if node.op_type == "Conv")
    next(a for a in conv.attribute if a.name == "pads").ints[:] = [0, 0, 0, 0]
    found = kinds(same(bare))
    assert found["Div"] == found["Sub"] == 0


def test_a_graph_with_nothing_to_do_keeps_its_score():
    model = bundles.model()
    assert optimise.difference(model, same(model)) <= 1e-6


def test_a_rewrite_that_changes_the_score_is_not_used(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
):
    def wrong(graph: Graph) -> None:
        head = next(node for node in graph.nodes if node.op_type == "Add")
        head.input[1] = graph.add(np.array([0.3], np.float32))

    monkeypatch.setattr(optimise, "PASSES", {"wrong": wrong})
    model = bundles.model()
    assert optimise.optimise(model) is model
    assert "the plain export is kept" in caplog.text


def test_notes_with_paths_of_the_exporting_machine_are_dropped():
    model = bundles.model()
    model.graph.node[0].doc_string = "/home/somebody/secret.py"
    model.graph.node[0].metadata_props.add(key="stack_trace", value="/home/somebody/secret.py")
    assert b"somebody" not in optimise.optimise(model).SerializeToString()


@pytest.mark.train
def test_the_papers_student_loses_a_third_of_its_operators():
    pytest.importorskip("torch")
    from engine.recipes import Network
    from engine.train.export import to_onnx
    from engine.train.networks import build as network

    model = network(Network("edgenext_xx_small", size=96), seed=1)
    plain = to_onnx(model)
    found = kinds(same(plain))
    assert sum(found.values()) < 0.85 * len(plain.graph.node)
    assert not {"CumSum", "Sin", "Cos", "Range", "Expand", "Gather"} & set(found)
    assert found["MatMul"] == 6  # the two of each attention; every linear layer is a Gemm
    assert found["Gelu"] == 12
