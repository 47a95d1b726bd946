"""Networks: the paper's parameter counts, normalisation inside, first weights, checkpoints that are no pickles."""

from __future__ import annotations

import pickle

import numpy as np
import pytest
import torch

from engine.recipes import Network
from engine.train import checkpoints, networks
from engine.train.checkpoints import CheckpointError
from engine.train.complexity import complexity
from engine.train.networks import NetworkError, QualityNetwork

pytestmark = pytest.mark.train
SMALL = "mobilenetv4_conv_small_050"


def pixels(n=2, size=64, seed=0):
    return torch.from_numpy(np.random.default_rng(seed).integers(0, 256, (n, size, size, 3)).astype(np.uint8))


@pytest.mark.parametrize(("size", "gmacs"), [(288, 0.3313), (336, 0.4442), (352, 0.4949)])
def test_the_student_is_the_paper_s(size, gmacs):
    found = complexity("student", size)
    assert found["params"] == 1_179_641
    assert found["gmacs"] == pytest.approx(gmacs, abs=5e-5)
    assert found["arch"] == "edgenext_xx_small"


def test_the_teacher_is_the_paper_s():
    found = complexity("teacher", 384)
    assert found["params"] == 86_874_553
    assert found["gmacs"] == pytest.approx(50.13, abs=5e-3)
    assert found["flops_g"] == pytest.approx(100.04, abs=5e-3)


@pytest.mark.parametrize(("arch", "size"), [("edgenext_xx_small", 96), (SMALL, 64), ("swin_b", 64)])
def test_multiply_adds_are_counted_as_fvcore_counts(arch, size):
    from fvcore.nn import FlopCountAnalysis

    model = QualityNetwork(arch, size=size).eval()
    analysis = FlopCountAnalysis(model, (torch.zeros(1, size, size, 3, dtype=torch.uint8),))
    analysis.unsupported_ops_warnings(False).uncalled_modules_warnings(False)
    assert complexity(arch, size)["gmacs"] == pytest.approx(analysis.total() / 1e9, rel=1e-9)


@pytest.mark.parametrize("arch", [SMALL, "edgenext_xx_small", "convnext_atto", "vit_tiny_patch16_224"])
@pytest.mark.parametrize("head", ["linear", "gelu"])
def test_any_timm_backbone_gives_one_score_an_image(arch, head):
    model = QualityNetwork(arch, head=head, size=64).eval()
    with torch.no_grad():
        assert model(pixels(3)).shape == (3,)
        assert model.features(pixels(3)).shape == (3, model.feature_count)


def test_an_unknown_architecture_is_named():
    with pytest.raises(NetworkError, match=r"no architecture 'edgenext_tiny_small'.*timm name"):
        QualityNetwork("edgenext_tiny_small")


def test_normalisation_is_inside():
    model = QualityNetwork(SMALL, size=64).eval()
    seen = []
    model.backbone.register_forward_pre_hook(lambda _, inputs: seen.append(inputs[0]))
    with torch.no_grad():
        model(pixels(1))
    plain = pixels(1).numpy()[0].astype(np.float64) / 255
    expected = (plain - networks.IMAGENET_MEAN) / networks.IMAGENET_STD
    np.testing.assert_allclose(seen[0][0].numpy().transpose(1, 2, 0), expected, atol=1e-5)


def test_the_linear_head_folds_into_one_layer():
    model = QualityNetwork("edgenext_xx_small", size=64)
    features = torch.randn(64, model.feature_count)
    folded = networks.fold_linear_head(model.head)(features).squeeze(1)
    assert (folded - model.score(features)).abs().max() < 1e-6


def test_random_weights_follow_the_seed():
    spec = Network(SMALL, size=64)
    one, same, other = (networks.build(spec, seed=s).head[0].weight for s in (1, 1, 2))
    assert torch.equal(one, same)
    assert not torch.equal(one, other)


def test_random_networks_begin_awake():
    model = networks.build(Network("edgenext_xx_small", size=64)).eval()
    with torch.no_grad():
        scores = model(pixels(4))
        steps = [block(x := torch.randn(2, 24, 16, 16)) - x for block in model.backbone.stages[0].blocks]
    assert (scores - 0.5).abs().max() < 1
    assert min(float(s.std()) for s in steps) > 0.1  # with timm's layer scale it would be 1e-8


def test_weights_of_another_size_go_on(tmp_path):
    model = QualityNetwork("edgenext_xx_small", size=96)
    checkpoints.save_network(tmp_path / "a.safetensors", model, {"epoch": 3})
    larger = networks.build(Network(size=64, init="active"), initial=tmp_path / "a.safetensors")
    assert larger.size == 64
    assert torch.equal(larger.head[0].weight, model.head[0].weight)
    by_path = networks.build(Network(size=64, init=str(tmp_path / "a.safetensors")))
    assert torch.equal(by_path.head[1].bias, model.head[1].bias)


def test_no_model_in_use_is_said_before_training():
    with pytest.raises(NetworkError, match="no model was given"):
        networks.build(Network(init="active"))


def test_only_whole_checkpoints_of_this_program_are_read(tmp_path):
    path = tmp_path / "a.safetensors"
    with pytest.raises(CheckpointError, match="no checkpoint"):
        checkpoints.read(path)
    path.write_bytes(pickle.dumps({"model_state_dict": {}}))
    with pytest.raises(CheckpointError, match="not opened, because they can run code"):
        checkpoints.read(path)
    checkpoints.save_network(path, QualityNetwork(SMALL, size=64), {})
    path.write_bytes(path.read_bytes()[:-100])
    with pytest.raises(CheckpointError):
        checkpoints.read(path)
    from safetensors.torch import save_file

    save_file({"w": torch.zeros(1)}, path)
    with pytest.raises(CheckpointError, match="not written by this program"):
        checkpoints.read(path)


def test_a_training_state_comes_back_bit_for_bit(tmp_path):
    from engine.recipes import Training
    from engine.train.criterion import Targets
    from engine.train.learner import Learner

    def learner(seed):
        torch.manual_seed(seed)
        return Learner(QualityNetwork(SMALL, size=64), Training(ema=0.9), torch.device("cpu"))

    x, y = pixels(6).numpy(), Targets(torch.linspace(0, 1, 6), (6,), (1.0,))
    one, other = learner(1), learner(2)
    one.learn(x, y)
    one.save(tmp_path / "s.safetensors", {"step": 1})
    assert other.load(tmp_path / "s.safetensors")["step"] == 1
    one.learn(x, y)
    other.learn(x, y)
    for name, tensor in one.model.state_dict().items():
        assert torch.equal(tensor, other.model.state_dict()[name]), name
