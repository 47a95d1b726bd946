"""A foreign graph gives the same numbers after it was wrapped, and what does not fit is refused in one line."""

from __future__ import annotations

import numpy as np
import onnx
import onnxruntime as ort
import pytest
from onnx import TensorProto, helper, numpy_helper

from engine import foreign
from engine.bundle import BundleError
from engine.foreign import Output, Preprocessing
from engine.scoring import Scorer

SIZE = 32


def graph(*, size=SIZE, batch="N", opset=17, head=True, outputs=1):
    """Float NCHW -> a convolution that tells channels apart -> pooled -> Gemm -> `image`, an awkward name."""
    rng = np.random.default_rng(1)
    weights = {
        "kernel": rng.normal(0, 0.5, (6, 3, 3, 3)).astype(np.float32),
        "w": rng.normal(0, 1, (6, outputs)).astype(np.float32),
        "b": np.full(outputs, 3.0, np.float32),
    }
    nodes = [
        helper.make_node("Conv", ["pixels", "kernel"], ["maps"], kernel_shape=[3, 3]),
        helper.make_node("Relu", ["maps"], ["rough"]),
        helper.make_node("GlobalAveragePool", ["rough"], ["pooled"]),
        helper.make_node("Flatten", ["pooled"], ["flat"], axis=1),
        helper.make_node("Gemm", ["flat", "w", "b"], ["image"]),
    ]
    if not head:
        nodes[-1:] = [helper.make_node("ReduceMean", ["flat"], ["image"], axes=[1], keepdims=1)]
    made = helper.make_graph(
        nodes,
        "foreign",
        [helper.make_tensor_value_info("pixels", TensorProto.FLOAT, [batch, 3, size, size])],
        [helper.make_tensor_value_info("image", TensorProto.FLOAT, [batch, outputs])],
        [numpy_helper.from_array(v, k) for k, v in weights.items()],
    )
    return helper.make_model(made, opset_imports=[helper.make_opsetid("", opset)], ir_version=8)


@pytest.fixture
def save(tmp_path):
    def write(model):
        onnx.save(model, tmp_path / "theirs.onnx")
        return tmp_path / "theirs.onnx"

    return write


@pytest.mark.parametrize("bgr", [False, True])
@pytest.mark.parametrize("unit_range", [False, True])
@pytest.mark.parametrize("opset", [11, 17])
def test_the_same_numbers_as_by_hand(save, tmp_path, bgr, unit_range, opset):
    file = save(graph(opset=opset))
    p = Preprocessing(SIZE, mean=(0.1, 0.2, 0.3), std=(0.5, 0.6, 0.7), unit_range=unit_range, bgr=bgr)
    bundle = foreign.wrap(foreign.inspect(file), p, Output("image", 1.0, 5.0), tmp_path / "ours.onnx", name="theirs")
    pixels = np.random.default_rng(0).integers(0, 256, (3, SIZE, SIZE, 3), dtype=np.uint8)
    by_hand = (pixels.astype(np.float32) / (255 if unit_range else 1) - np.float32(p.mean)) / np.float32(p.std)
    by_hand = np.ascontiguousarray((by_hand[..., ::-1] if bgr else by_hand).transpose(0, 3, 1, 2))
    raw = ort.InferenceSession(str(file), providers=["CPUExecutionProvider"]).run(None, {"pixels": by_hand})[0][:, 0]
    scorer = Scorer(bundle, provider="CPU")
    np.testing.assert_allclose(scorer.score_pixels(pixels), (raw - 1) / 4, rtol=1e-4, atol=1e-4)
    assert scorer.features(pixels).shape == (3, 6)  # what the last layer sees
    assert "1 is the worst and 5 the best" in bundle.card.card
    assert "`flat`" in bundle.card.card


def test_without_a_layer_before_it_the_score_is_the_feature_and_the_card_says_so(save, tmp_path):
    bundle = foreign.wrap(
        foreign.inspect(save(graph(head=False))), Preprocessing(SIZE), Output("image"), tmp_path / "o.onnx", name="x"
    )
    pixels = np.random.default_rng(0).integers(0, 256, (2, SIZE, SIZE, 3), dtype=np.uint8)
    scorer = Scorer(bundle, provider="CPU")
    np.testing.assert_array_equal(scorer.features(pixels)[:, 0], scorer.score_pixels(pixels))
    assert "the score itself" in bundle.card.card


def test_a_free_size_is_declared(save, tmp_path):
    found = foreign.inspect(save(graph(size="S")))
    assert found.size is None
    assert foreign.wrap(found, Preprocessing(48), Output("image"), tmp_path / "o.onnx", name="x").input_size == 48


@pytest.mark.parametrize(
    ("made", "words"),
    [
        (graph(outputs=5), "one float32 number per image"),
        (graph(batch=4), "a fixed number of them"),
    ],
)
def test_what_does_not_fit_is_refused(save, made, words):
    with pytest.raises(BundleError, match=words):
        foreign.inspect(save(made))


def test_a_wrong_declaration_is_refused_and_leaves_no_file(save, tmp_path):
    found, out = foreign.inspect(save(graph())), tmp_path / "o.onnx"
    for p, o, words in (
        (Preprocessing(64), Output("image"), "takes 32 pixels"),
        (Preprocessing(SIZE), Output("other"), "no output 'other'"),
        (Preprocessing(SIZE), Output("image", 1, 1), "no width"),
        (Preprocessing(SIZE, std=(0, 1, 1)), Output("image"), "cannot divide"),
        (Preprocessing(SIZE), Output("image", features="kernel"), "features"),
    ):
        with pytest.raises(BundleError, match=words):
            foreign.wrap(found, p, o, out, name="x")
        assert not out.exists()


def test_no_onnx_is_refused(tmp_path):
    (tmp_path / "x.onnx").write_bytes(b"no model")
    with pytest.raises(BundleError):
        foreign.inspect(tmp_path / "x.onnx")
