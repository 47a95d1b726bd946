"""One step: cut into parts, in half precision, with a moving average; its gradient stays that of the whole batch."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import torch

from engine.recipes import Network, Training
from engine.train.criterion import Targets
from engine.train.ema import Average
from engine.train.learner import Learner
from engine.train.networks import QualityNetwork, build

pytestmark = pytest.mark.train
CPU = torch.device("cpu")
SMALL = "mobilenetv4_conv_small_050"
PLAIN = Training(lr=1e-3)


def batch(count=8, size=64, seed=0):
    rng = np.random.default_rng(seed)
    pixels = rng.integers(0, 255, (count, size, size, 3)).astype(np.uint8)
    return pixels, Targets(torch.linspace(0, 1, count), (count,), (1.0,))


def learner(training=PLAIN, arch="edgenext_xx_small"):
    return Learner(build(Network(arch, size=64), seed=0), training, CPU)


def gradient(one: Learner):
    return torch.cat([p.grad.flatten() for p in one.model.parameters()])


@pytest.mark.parametrize("part", [2, 3, 8])
def test_parts_of_a_batch_give_the_gradient_of_the_whole(part):
    """EdgeNeXt has no batch norm, so that its images do not see each other."""
    pixels, targets = batch()
    whole, cut = learner(), learner(replace(PLAIN, micro_batch=part))
    one, other = whole.gradients(pixels, targets), cut.gradients(pixels, targets)
    assert float(one.total.detach()) == pytest.approx(float(other.total.detach()), abs=1e-6)
    torch.testing.assert_close(gradient(whole), gradient(cut), atol=2e-5, rtol=1e-3)


def test_the_correlation_of_each_part_alone_would_be_another_gradient():
    pixels, targets = batch()
    whole, naive = learner(), learner()
    whole.gradients(pixels, targets)
    for at in (slice(0, 4), slice(4, 8)):
        naive.gradients(pixels[at], Targets(targets.mos[at], (4,), (0.5,)))
    gap = (gradient(whole) - gradient(naive)).norm() / gradient(whole).norm()
    assert gap > 0.05


def test_looking_ahead_leaves_batch_norms_as_one_pass_does():
    pixels, targets = batch()
    whole, cut = learner(arch=SMALL), learner(replace(PLAIN, micro_batch=8), arch=SMALL)
    whole.learn(pixels, targets)
    cut.learn(pixels, targets)
    for name, tensor in whole.model.state_dict().items():
        torch.testing.assert_close(tensor, cut.model.state_dict()[name], msg=name)
    halves = learner(replace(PLAIN, micro_batch=4), arch=SMALL)
    halves.learn(pixels, targets)
    norms = [t for n, t in halves.model.state_dict().items() if n.endswith("num_batches_tracked")]
    assert {int(n) for n in norms} == {2}


@pytest.mark.parametrize("precision", ["bfloat16", "float16"])
def test_half_precision_learns_and_its_scores_keep_their_digits(precision):
    one = learner(replace(PLAIN, precision=precision, clip_norm=1.0))
    pixels, targets = batch()
    found = [float(one.learn(pixels, targets).total.detach()) for _ in range(30)]
    assert found[-1] < found[0] / 10  # on the way the loss jumps up once, in float32 too
    assert all(np.isfinite(found))
    with torch.no_grad():
        scores = one.model.eval()(torch.from_numpy(pixels), half=torch.bfloat16)
    assert scores.dtype == torch.float32


def test_the_average_follows_and_comes_back(tmp_path):
    one = learner(replace(PLAIN, ema=0.9))
    pixels, targets = batch()
    for _ in range(3):
        one.learn(pixels, targets)
    own = {n: t.clone() for n, t in one.model.state_dict().items()}
    with one.as_kept():
        kept = {n: t.clone() for n, t in one.model.state_dict().items()}
    assert all(torch.equal(own[n], t) for n, t in one.model.state_dict().items())
    assert any(not torch.equal(own[n], kept[n]) for n in own)
    one.save(tmp_path / "state.safetensors", {})
    other = learner(replace(PLAIN, ema=0.9))
    other.load(tmp_path / "state.safetensors")
    one.learn(pixels, targets)
    other.learn(pixels, targets)
    with one.as_kept(), other.as_kept():
        for name, tensor in one.model.state_dict().items():
            assert torch.equal(tensor, other.model.state_dict()[name]), name


def test_the_average_is_the_running_mean_that_it_says():
    model = torch.nn.Linear(1, 1, bias=False)
    average, expected = Average(model, 0.5), float(model.weight.detach())
    for step, value in enumerate((3.0, -1.0, 4.0, 1.0), start=1):
        with torch.no_grad():
            model.weight.fill_(value)
        average.update()
        decay = min(0.5, (1 + step) / (10 + step))
        expected = decay * expected + (1 - decay) * value
    with average.applied():
        assert float(model.weight.detach()) == pytest.approx(expected, abs=1e-6)


def test_a_network_in_float64_learns_in_float64():
    model = QualityNetwork(SMALL, size=64).double()
    one = Learner(model, PLAIN, CPU)
    pixels, targets = batch()
    one.gradients(pixels, Targets(targets.mos.double(), (8,), (1.0,)))
    assert {p.grad.dtype for p in model.parameters()} == {torch.float64}
