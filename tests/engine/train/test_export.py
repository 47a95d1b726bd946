"""An export gives the network's scores, or nothing is written."""

from __future__ import annotations

import json

import numpy as np
import onnx
import pytest
import torch

import resources
from engine import image
from engine.bundle import read_bundle
from engine.cli import main
from engine.scoring import Scorer
from engine.train import checkpoints, export, measure
from engine.train.export import ExportError
from engine.train.networks import QualityNetwork
from tests import pictures
from tests.engine.train.conftest import make_run
from tests.long import LONG

pytestmark = pytest.mark.train
CARD = {"name": "exported", "label_provenance": "weak:blur (3)"}


def real_pixels(size, count=6):
    return np.stack([image.preprocess(pictures.blurred(k, k * 0.5), size) for k in range(count)])


def network(arch="edgenext_xx_small", seed=0, size=64, head="linear"):
    torch.manual_seed(seed)
    model = QualityNetwork(arch, size=size, head=head)
    with torch.no_grad():
        for parameter in model.head.parameters():
            parameter.mul_(3)  # scores that differ between pictures, as trained ones do
    return model.eval()


@pytest.fixture(scope="module")
def exported(tmp_path_factory):
    """A checkpoint, and the bundle made of it."""
    folder = tmp_path_factory.mktemp("exported")
    model = network("mobilenetv4_conv_small_050", head="gelu")
    checkpoints.save_network(folder / "c.safetensors", model, {"card": CARD})
    return model, export.export_checkpoint(
        folder / "c.safetensors", folder / "m.onnx", name="Mine", note="Good for tests."
    )


def require_equal(model, bundle):
    pixels = real_pixels(model.size)
    with torch.no_grad():
        scores, features = model(torch.from_numpy(pixels)).numpy(), model.features(torch.from_numpy(pixels)).numpy()
    scorer = Scorer(read_bundle(bundle.path))
    np.testing.assert_allclose(scorer.score_pixels(pixels), scores, atol=1e-4)
    np.testing.assert_allclose(scorer.features(pixels), features, atol=1e-3)
    assert np.ptp(scores) > 1e-4
    assert (bundle.card.params, bundle.card.input_size) == (sum(p.numel() for p in model.parameters()), model.size)


@pytest.mark.parametrize("size", [64, *(pytest.param(size, marks=LONG) for size in (288, 336, 352))])
def test_the_student_s_scores_and_features_are_kept(tmp_path, size):
    model = network("edgenext_xx_small", size=size)
    bundle = export.export_network(model, tmp_path / "m.onnx", pixels=real_pixels(size), card=CARD)
    require_equal(model, bundle)
    shapes = [sorted(t.dims) for t in onnx.load(str(bundle.path)).graph.initializer]
    assert [128, 168] not in shapes, "the two linear layers were to become one"


@pytest.mark.parametrize("bundled", resources.BUNDLED.values(), ids=str)
def test_a_bundled_model_is_its_checkpoint(bundled):
    """Weights of a real training, one image at a time and all at once."""
    model = checkpoints.load_network(bundled.weights).eval()
    bundle = read_bundle(bundled.bundle)
    assert model.size == bundle.input_size
    pixels = export.probe_pixels(model.size)
    assert export.require_parity(model, onnx.load(str(bundle.path)), pixels) < 1e-4
    assert np.ptp(Scorer(bundle).score_pixels(pixels)) > 0.1


def test_a_checkpoint_alone_can_be_exported(exported):
    model, bundle = exported
    require_equal(model, bundle)
    assert bundle.card.name == "Mine"
    assert bundle.card.card.endswith("Good for tests.\n")


def test_a_graph_of_other_weights_is_refused(exported):
    other = network("mobilenetv4_conv_small_050", seed=2, head="gelu")
    with pytest.raises(ExportError, match="scores differ"):
        export.require_parity(other, onnx.load(str(exported[1].path)), real_pixels(64))


def test_results_go_into_the_card_and_the_id_stays(exported, tmp_path):
    path = tmp_path / "copy.onnx"
    path.write_bytes(exported[1].path.read_bytes())
    written = export.with_metrics(path, {"test": {"srcc": 0.5}}, split_hash="ab", text="# New")
    assert written.id == exported[1].id
    assert read_bundle(path).card.metrics == {"test": {"srcc": 0.5}}


def test_measuring_leaves_the_run_as_it_was(tmp_path, faces_and_pools):
    run = make_run(tmp_path / "run", faces_and_pools)
    before = {p.name for p in run.path.iterdir()}
    found = measure.measure(run)
    assert found["seconds_total"] > found["stages"]["student"] > 0
    assert found["images_per_s"] > 0
    assert found["memory_mb"] > 100
    assert found["disk_mb"] > 1
    assert {p.name for p in run.path.iterdir()} - before == {"estimate.json"}
    assert run.state.status == "created"


def test_latency_is_measured_in_the_runtime_that_scores(capsys):
    command = ["complexity", "--arch", "test_byobnet", "--size", "64", "--json"]
    assert main([*command, "--latency"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["latency"]["one_thread_ms"] > 0
    assert found["latency"]["all_threads_ms"] > 0
    assert (found["latency"]["runs"], found["latency"]["batch"]) == (20, 1)
    assert "ONNX Runtime" in found["latency"]["runtime"]
    assert "fvcore" in found["convention"]
    assert main(command) == 0
    assert "latency" not in json.loads(capsys.readouterr().out)
