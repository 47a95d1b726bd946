"""An export gives the network's scores, or nothing is written."""

from __future__ import annotations

import numpy as np
import onnx
import pytest
import torch

from engine import image
from engine.bundle import read_bundle
from engine.scoring import Scorer
from engine.train import checkpoints, export, measure
from engine.train.export import ExportError
from engine.train.networks import QualityNetwork
from tests import pictures
from tests.engine.train.conftest import make_run

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
    pixels = real_pixels(64)
    with torch.no_grad():
        scores, features = model(torch.from_numpy(pixels)).numpy(), model.features(torch.from_numpy(pixels)).numpy()
    scorer = Scorer(read_bundle(bundle.path))
    np.testing.assert_allclose(scorer.score_pixels(pixels), scores, atol=1e-4)
    np.testing.assert_allclose(scorer.features(pixels), features, atol=1e-3)
    assert np.ptp(scores) > 1e-4
    assert (bundle.card.params, bundle.card.input_size) == (sum(p.numel() for p in model.parameters()), 64)


def test_the_student_s_scores_and_features_are_kept(tmp_path):
    model = network("edgenext_xx_small")
    require_equal(model, export.export_network(model, tmp_path / "m.onnx", pixels=real_pixels(64), card=CARD))


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
